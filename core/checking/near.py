"""What holds, asked as narrowly as rows handed in need: those of their keys, and of keys written nearly as they are.

Of a table, its keys and its numbers are kept in memory as of its last revision, and moved by the rows that
changed since: what a preview costs depends on the file, not on what is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from core.catalogue.equiper import COMPUTERS, SCREEN
from core.catalogue.equiper import METROPOLE as FROM_METROPOLE
from core.catalogue.keys import KEY, bare, folded, with_key
from core.catalogue.numbers import Entier, Montant
from core.contract import Registry
from core.contract.scope import Scope
from core.domain.dataset import Dataset, Reference
from core.domain.programme import METROPOLE
from core.storage import Store
from core.storage.rows import Diff, RowsWanted
from core.storage.writing import Writing

StoredRows = Callable[[str, str], pl.DataFrame]
"""The rows that hold now, by association and dataset code."""
Pair = tuple[str, str]
"""An association and a dataset's code."""
ANNEX, MACHINES = "annexe_materiel", "materiel"
NUMBER = "numero_inventaire"
CEDED = "_ceded"
"""The type of a machine that the Métropole ceded and that arrived, null for any other."""
_ALIKE, _BARE = "_alike", "_bare"
_MANY = 20_000  # rows or keys; beyond, the whole table is read quicker
_PART = 20  # when more than one row in so many changed, what is kept is read again


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgementScope(Scope):
    """Where a deposit is treated: whose data, which table."""

    association: str
    dataset: Dataset


def numbers(dataset: Dataset) -> list[str]:
    """The columns of numbers that are no part of the key."""
    return [c.name for c in dataset.columns if isinstance(c.kind, Entier | Montant) and c.name not in dataset.key]


def ceded() -> pl.Expr:
    """The type of a machine that the Métropole ceded and that arrived, as ``CEDED``."""
    arrived = (pl.col("provenance") == FROM_METROPOLE) & (pl.col("statut") != "cédé")
    return pl.when(arrived & pl.col("type").is_in([*COMPUTERS, SCREEN])).then(pl.col("type")).alias(CEDED)


def of(dataset: Dataset) -> tuple[Reference, ...]:
    """Every reference of a dataset, that through which its place is known included."""
    through = (dataset.place_through,) if dataset.place_through else ()
    return tuple(dict.fromkeys((*dataset.references, *through)))


class Held:
    """The rows that hold, of the store or of a transaction; nothing is stored meanwhile."""

    def __init__(self, source: Store | Writing, registry: Registry) -> None:
        self._source, self._registry = source, registry
        self._whole: dict[Pair, pl.DataFrame] = {}
        self._glances: dict[Pair, pl.DataFrame] = {}

    def __call__(self, association: str, code: str) -> pl.DataFrame:
        """Every row of a table, read once."""
        if (association, code) not in self._whole:
            self._whole[association, code] = self._source.rows(association, code)
        return self._whole[association, code]

    def among(self, association: str, code: str, keys: Sequence[str]) -> pl.DataFrame:
        """The rows of a table among which all those of ``keys`` are."""
        if (association, code) in self._whole or len(keys) > _MANY:
            return self(association, code)
        return self._source.rows(association, code, wanted=RowsWanted(keys=keys))

    def glance(self, association: str, code: str) -> pl.DataFrame:
        """The keys of a table, prints of their writings, and its numbers."""
        if (association, code) not in self._glances:
            self._glances[association, code] = self._glance((association, code))
        return self._glances[association, code]

    def _glance(self, pair: Pair) -> pl.DataFrame:
        dataset = self._registry.dataset(*pair)
        if isinstance(self._source, Store):
            return self._source.memory.of(_Glances, _Glances).of(self._source, pair, dataset, self._marks.get(pair, 0))
        return _glance(self._source, pair, dataset)

    @cached_property
    def _marks(self) -> Mapping[Pair, int]:
        return self._source.last_revisions() if isinstance(self._source, Store) else {}


class Foreseen(Held):
    """The rows as they would hold once the tables looked at so far are stored: each file of several sees the others."""

    def __init__(self, source: Store | Writing, registry: Registry) -> None:
        super().__init__(source, registry)
        self._added: dict[Pair, pl.DataFrame] = {}

    def __call__(self, association: str, code: str) -> pl.DataFrame:
        """Every row of a table."""
        return self._with_added(association, code, super().__call__(association, code))

    def among(self, association: str, code: str, keys: Sequence[str]) -> pl.DataFrame:
        """The rows of a table among which all those of ``keys`` are."""
        return self._with_added(association, code, super().among(association, code, keys))

    def add(self, desk: JudgementScope, diff: Diff | None) -> None:
        """Count the rows that a table would gain or change."""
        if diff is not None:
            columns = [name for name in diff.added.columns if name in diff.changed.columns]
            both = [frame.select(columns) for frame in (diff.added, diff.changed)]
            pair = desk.association, desk.dataset.code
            self._added[pair] = pl.concat(both)
            self._glances.pop(pair, None)

    def _glance(self, pair: Pair) -> pl.DataFrame:
        held, added = super()._glance(pair), self._added.get(pair)
        return held if added is None else replaced(held, _prints(added, self._registry.dataset(*pair)))

    def _with_added(self, association: str, code: str, held: pl.DataFrame) -> pl.DataFrame:
        added = self._added.get((association, code))
        return held if added is None else replaced(held, added)


def replaced(held: pl.DataFrame, given: pl.DataFrame) -> pl.DataFrame:
    """The rows that hold once those ``given`` are stored over them, in the columns that both have."""
    kept = held.join(given.select(KEY), on=KEY, how="anti")
    columns = [name for name in held.columns if name in given.columns]
    return pl.concat([kept.select(columns), given.select(columns)])


# --- What is kept in memory of each table: as many rows as it has, and a few numbers for each -------


class _Glances:
    """The last glance at each table of a store, as of its last revision."""

    def __init__(self) -> None:
        self._kept: dict[Pair, tuple[int, pl.DataFrame]] = {}

    def of(self, store: Store, pair: Pair, dataset: Dataset, revision: int) -> pl.DataFrame:
        """What is kept, moved by what changed since; ``revision`` was asked before anything is read."""
        last, glance = self._kept.get(pair, (0, None))
        if glance is None or last != revision:
            glance = self._moved(store, pair, dataset, glance, last, revision)
            self._kept[pair] = revision, glance
        return glance

    @staticmethod
    def _moved(
        store: Store, pair: Pair, dataset: Dataset, glance: pl.DataFrame | None, last: int, revision: int
    ) -> pl.DataFrame:
        if glance is None or not {*_columns(dataset)} <= {*glance.columns} or last > revision:
            return _glance(store, pair, dataset)
        changed = store.changed_keys(*pair, last, revision, at_most=max(glance.height // _PART, 1))
        if changed is None:
            return _glance(store, pair, dataset)
        keys = pl.DataFrame({KEY: sorted(changed)}, schema={KEY: pl.String})
        there = _glance(store, pair, dataset, keys[KEY].to_list())
        return pl.concat([glance.join(keys, on=KEY, how="anti"), there]).sort(KEY)


def _columns(dataset: Dataset) -> list[str]:
    return [*numbers(dataset), *((CEDED,) if dataset.code == MACHINES else ())]


def _glance(source: Store | Writing, pair: Pair, dataset: Dataset, keys: Sequence[str] | None = None) -> pl.DataFrame:
    of_machines = ("type", "provenance", "statut") if dataset.code == MACHINES else ()
    wanted = RowsWanted(keys=keys, columns=[*numbers(dataset), *of_machines])
    return _prints(source.rows(*pair, wanted=wanted), dataset)


def _prints(rows: pl.DataFrame, dataset: Dataset) -> pl.DataFrame:
    told = [pl.col(name) for name in numbers(dataset)]
    if dataset.code == MACHINES:
        told.append(ceded().cast(pl.Categorical))
    return rows.select(pl.col(KEY), *_writings(), *told)


def _writings() -> Iterator[pl.Expr]:
    """What keys that could be taken for each other have in common; others may have it too."""
    yield folded(pl.col(KEY)).hash().alias(_ALIKE)
    yield bare(pl.col(KEY)).hash().alias(_BARE)


# --- The rows that a file may speak of ------------------------------------------------------------


class RowsNear:
    """The rows that hold and that rows ``handed`` in may speak of; every row of a table of which they name none.

    What is judged on them is the same as on every row: their keys are kept with all those that a judgement
    could take for one of them.
    """

    def __init__(self, desk: JudgementScope, held: Held, *handed: pl.DataFrame) -> None:
        self._desk, self.every = desk, held
        # What the project lead holds is judged as a whole: its tables are short. So is a long file.
        whole = desk.association == METROPOLE or any(frame.height > _MANY for frame in handed)
        self._named = {} if whole else _named(desk, handed)
        self._near: dict[Pair, pl.DataFrame] = {}

    def __call__(self, association: str, code: str) -> pl.DataFrame:
        """The rows of a table that they may speak of."""
        pair = (association, code)
        if pair not in self._named:
            return self.every(*pair)
        if pair not in self._near:
            self._near[pair] = self._read(pair)
        return self._near[pair]

    def absent(self, present: pl.Series) -> pl.DataFrame:
        """The keys of the rows of the table itself that are none of ``present``."""
        there = pl.DataFrame({KEY: present.cast(pl.String)})
        return self._glance().select(KEY).join(there, on=KEY, how="anti", maintain_order="left")

    def others(self, keys: pl.Series) -> pl.DataFrame:
        """The numbers of the rows of the table itself that are none of ``keys``."""
        there = pl.DataFrame({KEY: keys.cast(pl.String)})
        return self._glance().join(there, on=KEY, how="anti")

    def ceded(self, associations: Iterable[str]) -> pl.DataFrame:
        """The machines that the Métropole ceded and that arrived, with their type, over associations."""
        held = (
            self.every.glance(one, MACHINES).select(pl.col(KEY), pl.col(CEDED).cast(pl.String)) for one in associations
        )
        return pl.concat(list(held)).drop_nulls(CEDED)

    def _glance(self) -> pl.DataFrame:
        return self.every.glance(self._desk.association, self._desk.dataset.code)

    def _read(self, pair: Pair) -> pl.DataFrame:
        texts = pl.DataFrame({KEY: self._named[pair]}).select(*_writings())
        close = pl.any_horizontal(pl.col(name).is_in(texts[name].implode()) for name in (_ALIKE, _BARE))
        return self.every.among(*pair, self.every.glance(*pair).filter(close)[KEY].to_list())


def _named(desk: JudgementScope, handed: Iterable[pl.DataFrame]) -> dict[Pair, pl.Series]:
    """The keys that rows give or name, in their own writings, by table."""
    found: dict[Pair, list[pl.Series]] = {}
    for frame in handed:
        for association, code, column in _naming(desk):
            if column is None:
                texts = with_key(frame, desk.dataset)[KEY]
            elif column in frame.columns:
                texts = frame[column].cast(pl.String)
            else:
                continue
            found.setdefault((association, code), []).append(texts.rename(KEY))
    return {pair: pl.concat(texts).drop_nulls().unique() for pair, texts in found.items()}


def _naming(desk: JudgementScope) -> Iterator[tuple[str, str, str | None]]:
    """The tables that rows speak of, each with the column that gives its key (None: their own key)."""
    dataset = desk.dataset
    yield desk.association, dataset.code, None
    for reference in of(dataset):
        yield desk.association, reference.dataset, reference.column
    if dataset.code == MACHINES and NUMBER in dataset.by_name:
        for other, code in tables_of_machines(desk.registry, desk.association):
            if desk.registry.dataset(other, code).key == (NUMBER,):
                yield other, code, NUMBER


def tables_of_machines(registry: Registry, association: str) -> Iterator[Pair]:
    """The tables of others that name the same machines: the annex of the Métropole, and the other associations'."""
    for other in (METROPOLE, *(one.code for one in registry.associations if one.code != association)):
        code = ANNEX if other == METROPOLE else MACHINES
        if any(one.code == code for one in registry.datasets(other)):
            yield other, code
