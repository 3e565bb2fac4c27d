"""Where a measure reads: the rows of a dataset over its associations, of a core table, of a derived dataset.

A source is made of branches, one per association: each is summed up apart, which is much
quicker than summing up their union. A derived dataset needs the union itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import visitors

from core.domain.dataset import Dataset
from core.domain.experiment import METROPOLE
from core.domain.indicator import Derived, Source
from core.errors import PluginProblem, UnknownName
from core.services.monitoring import lines
from core.services.monitoring.belonging import Belonging

HIDDEN = ("_key", "_association", "_experiment", "_place")
Pair = tuple[str, str]
"""An association and a dataset's code."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One FROM clause, and its columns under the names that measures use."""

    clause: sa.FromClause
    columns: Mapping[str, sa.ColumnElement[Any]]

    def bind(self, expression: Any) -> Any:
        """``expression`` with its unbound columns replaced by those of this branch.

        Raises UnknownName when it uses a column that the source does not have.
        """
        return visitors.replacement_traverse(expression, {}, self._replacement)

    def _replacement(self, element: Any, **_options: Any) -> Any:
        if not isinstance(element, sa.ColumnClause) or element.is_literal or element.table is not None:
            return None
        if element.name not in self.columns:
            raise UnknownName(f"La colonne « {element.name} » n’existe pas dans la source de cet indicateur.")
        return self.columns[element.name]


@dataclass(frozen=True, slots=True)
class Resolved:
    """A source as of a revision.

    ``reads`` are the tables that decide its content; ``told`` the datasets that must have been
    handed in for the figure to be known; ``datasets`` who hands it in, for a plain dataset;
    ``money`` the columns in cents; ``placed`` whether its rows can be told by place;
    ``by_line`` whether it holds sums of subsidy lines; ``uses_day`` whether its rows depend
    on the day of the figure.
    """

    branches: tuple[Branch, ...]
    reads: frozenset[Pair]
    told: tuple[str, ...]
    datasets: Mapping[str, Dataset] = field(default_factory=dict)
    money: frozenset[str] = frozenset()
    placed: bool = True
    by_line: bool = False
    uses_day: bool = False


class Sources:
    """The sources as of one revision."""

    def __init__(self, registry: Any, store: Any, revision: int, belonging: Belonging, keys: lines.Keys) -> None:
        self._registry, self._store, self._revision = registry, store, revision
        self._belonging, self._keys = belonging, keys
        self._made: dict[Source, Resolved] = {}

    def of(self, source: Source) -> Resolved:
        """The source; raises UnknownName when nothing bears that name."""
        if source not in self._made:
            self._made[source] = self._make(source)
        return self._made[source]

    def _make(self, source: Source) -> Resolved:
        if isinstance(source, Derived):
            return self._derived(source)
        if source == "lignes":
            return self._lines(lines.voted(self._keys), (), frozenset())
        if source == "versements_ventiles":
            return self._payments()
        if source == "depenses_ventilees":
            return self._spending()
        return self._dataset(source)

    # --- datasets -------------------------------------------------------------------------

    def holders(self, code: str) -> dict[str, Dataset]:
        """The associations that hand in dataset ``code`` (``metropole`` included), with their declaration."""
        found: dict[str, Dataset] = {}
        for association in (*(a.code for a in self._registry.associations), METROPOLE):
            for dataset in self._registry.datasets(association):
                if dataset.code == code:
                    found[association] = dataset
        return found

    def _dataset(self, code: str) -> Resolved:
        holders = self.holders(code)
        if not holders:
            raise UnknownName(f"Le jeu de données « {code} » n’existe pas.")
        branches = [self._branch(association, dataset) for association, dataset in holders.items()]
        reads = {(association, code) for association in holders}
        for association, dataset in holders.items():
            if dataset.place_through:
                reads.add((association, dataset.place_through.dataset))
        return Resolved(
            branches=_same_columns(branches),
            reads=frozenset(reads),
            told=(code,),
            datasets=holders,
            money=frozenset().union(*(_money_columns(dataset) for dataset in holders.values())),
            placed=any(dataset.place or dataset.place_through for dataset in holders.values()),
            by_line=any(_line_column(dataset) for dataset in holders.values()),
        )

    def _branch(self, association: str, dataset: Dataset) -> Branch:
        rows = self._store.visible(association, dataset.code, self._revision)
        columns = {column.key: column for column in rows.c}
        columns["_association"] = sa.literal(association, sa.Text)
        if dataset.place_through:
            return self._placed_through(association, dataset, rows, columns)
        if association == METROPOLE or _line_column(dataset):
            columns.update(self._belonging.of_rows(dataset.code, columns))
        return Branch(rows, columns)

    def _placed_through(
        self, association: str, dataset: Dataset, rows: sa.FromClause, columns: dict[str, Any]
    ) -> Branch:
        through = dataset.place_through
        assert through is not None
        target = self._store.visible(association, through.dataset, self._revision)
        columns |= {"_place": target.c["_place"], "_experiment": target.c["_experiment"]}
        return Branch(rows.outerjoin(target, target.c["_key"] == rows.c[through.column]), columns)

    # --- what the core makes --------------------------------------------------------------

    def _lines(self, made: sa.Select[Any], told: tuple[str, ...], reads: Iterable[Pair]) -> Resolved:
        rows = made.subquery()
        return Resolved(
            branches=(Branch(rows, {column.key: column for column in rows.c}),),
            reads=frozenset({*reads, (METROPOLE, "cles")}),
            told=told,
            money=frozenset({"montant"}),
            placed=False,
            by_line=True,
            uses_day=lines.uses_day(made),
        )

    def _payments(self) -> Resolved:
        rows = self.union("versements")
        return self._lines(lines.payments(self._keys, rows), ("versements",), {(METROPOLE, "versements")})

    def _spending(self) -> Resolved:
        code = "depenses_a_date"
        reads = {(association, code) for association in self.holders(code)}
        return self._lines(lines.spending(self._keys, self.union(code)), (code,), reads)

    # --- derived datasets -----------------------------------------------------------------

    def union(self, code: str) -> sa.FromClause:
        """The rows of one source over all its associations, as one FROM clause."""
        resolved = self.of(code)
        selects = [
            sa.select(*(column.label(name) for name, column in sorted(branch.columns.items()))).select_from(
                branch.clause
            )
            for branch in resolved.branches
        ]
        return sa.union_all(*selects).subquery(code)

    def _derived(self, source: Derived) -> Resolved:
        parts = {code: self.of(code) for code in source.datasets}
        made = self._built(source)
        rows = made.subquery(source.code)
        columns = {column.key: column for column in rows.c}
        for name in HIDDEN:
            columns.setdefault(name, sa.cast(sa.null(), sa.Text))
        return Resolved(
            branches=(Branch(rows, columns),),
            reads=frozenset().union(*(part.reads for part in parts.values())),
            told=tuple(dict.fromkeys(code for part in parts.values() for code in part.told)),
            money=frozenset().union(*(part.money for part in parts.values())),
            placed=any(part.placed for part in parts.values()),
            by_line=all(part.by_line for part in parts.values()),
            uses_day=lines.uses_day(made) or any(part.uses_day for part in parts.values()),
        )

    def _built(self, source: Derived) -> Any:
        try:
            return source.build({code: self.union(code) for code in source.datasets})
        except Exception as problem:
            raise PluginProblem(
                f"Le jeu de données dérivé « {source.code} » ne se construit pas : {problem!r}.",
                stage="run",
                remedy="Corrigez sa fonction « build ».",
            ) from problem


def _same_columns(branches: list[Branch]) -> tuple[Branch, ...]:
    """The branches with the same names: what one association does not have is null there."""
    types = {name: column.type for branch in branches for name, column in branch.columns.items()}
    return tuple(
        Branch(
            branch.clause,
            {name: branch.columns.get(name, sa.cast(sa.null(), kind)) for name, kind in types.items()},
        )
        for branch in branches
    )


def _line_column(dataset: Dataset) -> bool:
    return dataset.programme_wide and any(word.startswith("ligne") for word in dataset.key)


def _money_columns(dataset: Dataset) -> frozenset[str]:
    if dataset.schema is None:
        return frozenset()
    return frozenset(column.name for column in dataset.columns if getattr(column.kind, "name", "") == "montant")
