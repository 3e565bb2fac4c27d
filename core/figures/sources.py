"""Where a measure reads: the rows of each table, and the experiment to which each belongs."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.sql import visitors

from core.contract import Registry
from core.domain.dataset import Dataset, RowDict
from core.domain.indicator import Derived, Source, au
from core.domain.programme import METROPOLE
from core.errors import PluginProblem, UnknownName
from core.figures import lines
from core.figures.ownership import OwnershipSql
from core.figures.stays import as_stays, changing_on
from core.storage import Store

# --- What is true of a source at every revision: which tables it reads, who hands it in, what it holds ----
# Worked out once per registry, without building any statement: what is in the cache is found
# again by these alone.


Pair = tuple[str, str]
"""An association and a dataset's code."""

SUBSIDY_LINES, PAYMENTS, SPENDING = "lignes", "versements_ventiles", "depenses_ventilees"
_OF_LINES = {SUBSIDY_LINES: None, PAYMENTS: "versements", SPENDING: "depenses_a_date"}


@dataclass(frozen=True, slots=True)
class SourceDescription:
    """A source.

    ``reads`` are the tables that decide its content; ``told`` the datasets that must have been
    handed in for a figure to be known; ``datasets`` who hands it in, for a plain dataset;
    ``money`` the columns in cents; ``placed`` whether its rows can be told by place;
    ``by_line`` whether it holds sums of subsidy lines.
    """

    reads: frozenset[Pair]
    told: tuple[str, ...] = ()
    datasets: Mapping[str, Dataset] = field(default_factory=dict)
    money: frozenset[str] = frozenset()
    placed: bool = True
    by_line: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    """One SELECT of a derived dataset: of which datasets, and whether it reads the day of the figure by itself."""

    used: frozenset[str]
    uses_day: bool


class Descriptions:
    """The sources of one registry."""

    def __init__(self, registry: Registry) -> None:
        self._holders: dict[str, dict[str, Dataset]] = {}
        for association in (*(one.code for one in registry.associations), METROPOLE):
            for dataset in registry.datasets(association):
                self._holders.setdefault(dataset.code, {})[association] = dataset
        self._made: dict[Source, SourceDescription] = {}
        self.day_readers: dict[Hashable, bool] = {}
        self.layouts: dict[Source, tuple[frozenset[Pair], ...]] = {}
        self.outlines: dict[Derived, tuple[Outline, ...]] = {}

    def holders(self, code: str) -> Mapping[str, Dataset]:
        """The associations that hand in dataset ``code`` (``metropole`` included), with their declaration."""
        return self._holders.get(code, {})

    def of(self, source: Source) -> SourceDescription:
        """The source; raises UnknownName when nothing bears that name."""
        if source not in self._made:
            self._made[source] = self._make(source)
        return self._made[source]

    def _make(self, source: Source) -> SourceDescription:
        if isinstance(source, Derived):
            return self._derived(source)
        if source in _OF_LINES:
            return self._lines(_OF_LINES[source])
        return self._dataset(source)

    def _dataset(self, code: str) -> SourceDescription:
        holders = self.holders(code)
        if not holders:
            raise UnknownName(f"Le jeu de données «\u00a0{code}\u00a0» n’existe pas.")
        return SourceDescription(
            reads=frozenset().union(*(_read_with(*one) for one in holders.items())),
            told=(code,),
            datasets=holders,
            money=frozenset().union(*(_money(dataset) for dataset in holders.values())),
            placed=any(dataset.place or dataset.place_through for dataset in holders.values()),
            by_line=any(has_line(dataset) for dataset in holders.values()),
        )

    def _lines(self, code: str | None) -> SourceDescription:
        reads = {(association, code) for association in self.holders(code)} if code else set()
        return SourceDescription(
            reads=frozenset({*reads, (METROPOLE, "cles")}),
            told=(code,) if code else (),
            money=frozenset({"montant"}),
            placed=False,
            by_line=True,
        )

    def _derived(self, source: Derived) -> SourceDescription:
        parts = [self.of(code) for code in source.datasets]
        return SourceDescription(
            reads=frozenset().union(*(part.reads for part in parts)),
            told=tuple(dict.fromkeys(code for part in parts for code in part.told)),
            money=frozenset().union(*(part.money for part in parts)),
            placed=any(part.placed for part in parts),
            by_line=all(part.by_line for part in parts),
        )


def has_line(dataset: Dataset) -> bool:
    """Whether the rows speak of a subsidy line, which says to which experiment they belong."""
    return dataset.programme_wide and any(word.startswith("ligne") for word in dataset.key)


def _money(dataset: Dataset) -> frozenset[str]:
    if dataset.schema is None:
        return frozenset()
    return frozenset(column.name for column in dataset.columns if getattr(column.kind, "name", "") == "montant")


# --- The FROM clauses of a source, as of the revision that is bound when a statement runs ----------
# A source is made of branches, one per association: each is summed up apart, which is much
# quicker than summing up their union. A derived dataset needs the union itself. They are
# built once, and serve every revision.


REVISION: sa.BindParameter[int] = sa.bindparam("revision", type_=sa.BigInteger)
"""The revision as of which rows are read, a parameter of every statement."""
_DECIDED_LATER, _ON = frozenset({"seuils"}), "decide_le"
DECIDED: sa.BindParameter[int] = sa.bindparam("decided", type_=sa.BigInteger)
"""The last revision of the day that is looked at: what bears no date of decision was decided when it was entered."""
CHANGED = "changed"
"""The keys to which ``Sources`` that are ``changing`` bound the rows of every table."""
HIDDEN = ("_key", "_association", "_experiment", "_place")


@dataclass(frozen=True, slots=True)
class Branch:
    """One FROM clause, its columns under the names that measures use, and the tables that decide its rows."""

    clause: sa.FromClause
    columns: Mapping[str, sa.ColumnElement[Any]]
    reads: frozenset[Pair]

    def bind(self, expression: Any) -> Any:
        """``expression`` with its unbound columns replaced by those of this branch.

        Raises UnknownName when it uses a column that the source does not have.
        """
        return visitors.replacement_traverse(expression, {}, self._replacement)

    def _replacement(self, element: object, **_options: object) -> object:
        if not isinstance(element, sa.ColumnClause) or element.is_literal or element.table is not None:
            return None
        if element.name not in self.columns:
            raise UnknownName(
                f"La colonne «\u00a0{element.name}\u00a0» n’existe pas dans les données de cet indicateur."
            )
        return self.columns[element.name]


Branches = tuple[Branch, ...]


class Sources:
    """The sources of a registry in a store, with the sums of lines divided by ``keys``.

    Statements are built when they are first needed; ``statements`` keeps those made from them.
    Sources that are ``changing`` hold no row but those of the keys bound as ``CHANGED``.
    """

    def __init__(
        self,
        known: Descriptions,
        store: Store,
        belonging: OwnershipSql,
        keys: lines.Keys,
        *,
        changing: bool = False,
    ) -> None:
        self._known, self._store, self.changing = known, store, changing
        self._belonging, self._keys = belonging, keys
        self._made: dict[Source, Branches] = {}
        self._stays: dict[Derived, Branch] = {}
        self.holders = known.holders
        self.statements: dict[Hashable, Any] = {}

    def by_key(self, source: Source, reads: frozenset[Pair]) -> bool:
        """Whether what is read of ``reads`` for a source depends, row by row, on the rows of one key."""
        if isinstance(source, Derived):
            return (source.by_row or source.by_key) and all(self.by_key(code, reads) for code in source.datasets)
        if source in _OF_LINES or source in _DECIDED_LATER:
            return False
        return not any(one.place_through for pair, one in self._declared(source) if pair in reads)

    def is_looked_up(self, source: Source) -> bool:
        """Whether its rows of some keys are found among the rows of those keys: a table, or one row for each key."""
        return source.by_key if isinstance(source, Derived) else source not in _OF_LINES

    def _declared(self, code: str) -> Iterator[tuple[Pair, Dataset]]:
        return (((association, code), dataset) for association, dataset in self.holders(code).items())

    def described(self, source: Source) -> SourceDescription:
        """What is true of it at every revision; raises UnknownName when nothing bears that name."""
        return self._known.of(source)

    def branches(self, source: Source) -> Branches:
        """Its FROM clauses. Raises UnknownName, or PluginProblem when a derived dataset cannot be built."""
        if source not in self._made:
            self._made[source] = tuple(map(self._beside, self._make(source)))
        return self._made[source]

    def stays(self, source: Derived) -> Branch:
        """The rows of a derived dataset that names its ``changes``, as stays: see ``as_stays``."""
        if source not in self._stays:
            made = self._built(source, {code: self.union(code) for code in source.datasets})
            rows = as_stays(cast("sa.Select[Any]", made), source.changes, self._store.dialect)
            self._stays[source] = self._beside(_branch(rows, self._known.of(source).reads, "sejours"))
        return self._stays[source]

    def _beside(self, branch: Branch) -> Branch:
        return replace(branch, columns={**branch.columns, "_experiment": self._belonging.beside(branch.columns)})

    def layout(self, source: Source) -> tuple[frozenset[Pair], ...]:
        """The tables that each branch reads, branch by branch."""
        layouts = self._known.layouts
        if source not in layouts:
            layouts[source] = tuple(self._layout(source))
        return layouts[source]

    def uses_day(self, source: Source) -> bool:
        """Whether its rows depend on the day of the figure."""
        readers = self._known.day_readers
        if source not in readers:
            readers[source] = self._uses_day(source)
        return readers[source]

    def group_uses_day(self, group: Hashable, source: Source, found: Callable[[], bool]) -> bool:
        """The same of measures of a source, whose expressions, looked at once, may read the day as well."""
        readers = self._known.day_readers
        if group not in readers:
            readers[group] = found() or self.uses_day(source)
        return readers[group]

    def moments(self, source: Derived) -> sa.Select[Any]:
        """Rows (day, revision, number): by which days its rows are ``compared``, or at which revision one decides."""
        asked = []
        for code in source.datasets:
            for association in self.holders(code) if code in source.compared or code in _DECIDED_LATER else ():
                rows = self._visible(association, code)
                day = rows.c[source.compared.get(code, _ON)]
                asked.append(changing_on(rows, day, rows.c["_since"] if code in _DECIDED_LATER else None))
        return sa.select(sa.union_all(*asked).subquery("moments"))

    def union(self, code: str) -> sa.FromClause:
        """The rows of one source over all its associations, as one FROM clause."""
        return sa.union_all(*(_whole(branch) for branch in self.branches(code))).subquery(code)

    # What is asked of every source at each start, told without the statements: those of a table of which the answers
    # are kept are then never made. tests/core/figures/test_sources.py compares it with them.

    def _layout(self, source: Source) -> Iterator[frozenset[Pair]]:
        whole = self._known.of(source)
        if not isinstance(source, Derived):
            own = [_read_with(association, dataset) for association, dataset in whole.datasets.items()]
            yield from own or [whole.reads]
        elif not source.by_row:
            yield whole.reads
        else:
            for association in dict.fromkeys(one for code in source.datasets for one in self.holders(code)):
                for piece in self._outlines(source):
                    held = ((code, self.holders(code).get(association)) for code in piece.used)
                    reads = [_read_with(association, dataset) for _, dataset in held if dataset is not None]
                    if reads:
                        yield frozenset().union(*reads)

    def _uses_day(self, source: Source) -> bool:
        if isinstance(source, Derived):
            return any(one.uses_day or any(map(self.uses_day, one.used)) for one in self._outlines(source))
        return source == SPENDING or source in _DECIDED_LATER

    def _outlines(self, source: Derived) -> tuple[Outline, ...]:
        """What a derived dataset makes, of tables with nothing behind them."""
        known = self._known.outlines
        if source not in known:
            tables = {code: self._bare(code) for code in source.datasets}
            known[source] = tuple(_outline(piece, tables) for piece in _pieces(self._built(source, tables)))
        return known[source]

    def _bare(self, code: str) -> sa.FromClause:
        """A table with the columns of a source alone."""
        if code in _OF_LINES:
            return self.union(code)
        columns = [one for association in self.holders(code) for one in self._store.data(association, code).selected]
        types = {**dict.fromkeys(HIDDEN, sa.Text()), **{one.key: one.type for one in columns}}
        return sa.table(code, *(sa.column(name, kind) for name, kind in sorted(types.items())))

    def _make(self, source: Source) -> Branches:
        reads = self._known.of(source).reads
        if isinstance(source, Derived):
            return self._derived(source)
        if source == SUBSIDY_LINES:
            return (_branch(lines.voted(self._keys), reads),)
        if source == PAYMENTS:
            return (_branch(lines.payments(self._keys, self.union("versements")), reads),)
        if source == SPENDING:
            return (_branch(lines.spending(self._keys, self.union("depenses_a_date")), reads),)
        holders = self._known.of(source).datasets
        return _same_columns([self._rows(association, dataset) for association, dataset in holders.items()])

    def _rows(self, association: str, dataset: Dataset) -> Branch:
        rows = self._visible(association, dataset.code)
        if dataset.code in _DECIDED_LATER:
            rows = _decided(rows)
        columns = {column.key: column for column in rows.c}
        columns["_association"] = sa.literal(association, sa.Text)
        if dataset.place_through:
            return self._placed_through(association, dataset, rows, columns)
        if association == METROPOLE or has_line(dataset):
            columns.update(self._belonging.of_rows(dataset.code, columns))
        return Branch(rows, columns, _read_with(association, dataset))

    def _visible(self, association: str, code: str) -> sa.Subquery:
        if self.changing:
            return self._store.visible_among(association, code, REVISION, CHANGED)
        return self._store.visible(association, code, REVISION)

    def _placed_through(self, association: str, dataset: Dataset, rows: sa.FromClause, columns: RowDict) -> Branch:
        through = dataset.place_through
        assert through is not None
        target = self._store.visible(association, through.dataset, REVISION)
        columns |= {"_place": target.c["_place"], "_experiment": target.c["_experiment"]}
        reads = _read_with(association, dataset)
        return Branch(rows.outerjoin(target, target.c["_key"] == rows.c[through.column]), columns, reads)

    def _derived(self, source: Derived) -> Branches:
        """One branch; one per association and SELECT for a derived dataset made row by row."""
        if source.by_row:
            associations = dict.fromkeys(one for code in source.datasets for one in self.holders(code))
            return tuple(branch for association in associations for branch in self._by_row(source, association))
        made = self._built(source, {code: self.union(code) for code in source.datasets})
        return (_branch(made, self._known.of(source).reads, source.code),)

    def _by_row(self, source: Derived, association: str) -> Iterator[Branch]:
        """What a derived dataset makes of the rows of one association."""
        own = {code: self._branch_of(code, association) for code in source.datasets}
        tables = {
            # A dataset that the association does not hand in has its columns there, and no row.
            code: (_whole(branch) if branch else _whole(self.branches(code)[0]).where(sa.false())).subquery(code)
            for code, branch in own.items()
        }
        for piece in _pieces(self._built(source, tables)):
            inside = {id(part) for part in visitors.iterate(piece)}
            used = [code for code, table in tables.items() if id(table) in inside]
            reads = [branch.reads for code in used if (branch := own[code]) is not None]
            if reads:
                yield _branch(piece, frozenset().union(*reads), source.code)

    def _branch_of(self, code: str, association: str) -> Branch | None:
        return dict(zip(self.holders(code), self.branches(code), strict=True)).get(association)

    @staticmethod
    def _built(source: Derived, unions: Mapping[str, sa.FromClause]) -> sa.SelectBase:
        try:
            return source.build(unions)
        except Exception as problem:
            raise PluginProblem(
                f"Le jeu de données dérivé «\u00a0{source.code}\u00a0» ne se construit pas\u202f: {problem!r}.",
                stage="run",
                remedy="Corrigez sa fonction «\u00a0build\u00a0».",
            ) from problem


def _read_with(association: str, dataset: Dataset) -> frozenset[Pair]:
    """The tables that decide the rows of one."""
    through = dataset.place_through
    return frozenset({(association, dataset.code), *([(association, through.dataset)] if through else ())})


def _outline(piece: sa.SelectBase, tables: Mapping[str, sa.FromClause]) -> Outline:
    inside = {id(part) for part in visitors.iterate(piece)}
    return Outline(frozenset(code for code, table in tables.items() if id(table) in inside), lines.uses_day(piece))


def _decided(rows: sa.FromClause) -> sa.Subquery:
    """The rows decided on or before the day of the figure: what was decided later judges nothing before."""
    entered = sa.and_(rows.c[_ON].is_(None), rows.c["_since"] <= DECIDED)
    return sa.select(rows).where(sa.or_(rows.c[_ON] <= au, entered)).subquery()


def _whole(branch: Branch) -> sa.Select[object]:
    columns = (column.label(name) for name, column in sorted(branch.columns.items()))
    return sa.select(*columns).select_from(branch.clause)


def _pieces(statement: sa.SelectBase) -> tuple[sa.SelectBase, ...]:
    """The SELECTs that a statement is the plain union of; itself when it is none."""
    if isinstance(statement, sa.CompoundSelect) and statement.keyword.name == "UNION_ALL":
        return tuple(statement.selects)
    return (statement,)


def _branch(statement: sa.SelectBase, reads: frozenset[Pair], name: str | None = None) -> Branch:
    rows = statement.subquery(name)
    columns: dict[str, sa.ColumnElement[Any]] = {column.key: column for column in rows.c}
    for hidden in HIDDEN:
        columns.setdefault(hidden, sa.cast(sa.null(), sa.Text))
    return Branch(rows, columns, reads)


def _same_columns(branches: list[Branch]) -> Branches:
    """The branches with the same names: what one association does not have is null there."""
    types = {name: column.type for branch in branches for name, column in branch.columns.items()}
    return tuple(
        Branch(
            branch.clause,
            {name: branch.columns.get(name, sa.cast(sa.null(), kind)) for name, kind in types.items()},
            branch.reads,
        )
        for branch in branches
    )
