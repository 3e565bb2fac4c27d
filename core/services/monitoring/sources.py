"""The FROM clauses of a source, as of the revision that is bound when a statement runs.

A source is made of branches, one per association: each is summed up apart, which is much
quicker than summing up their union. A derived dataset needs the union itself. They are
built once, and serve every revision.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import visitors

from core.domain.dataset import Dataset
from core.domain.experiment import METROPOLE
from core.domain.indicator import Derived, Source
from core.errors import PluginProblem, UnknownName
from core.services.monitoring import descriptions, lines
from core.services.monitoring.belonging import Belonging
from core.services.monitoring.descriptions import Described, Descriptions, Pair, has_line

REVISION: sa.BindParameter[int] = sa.bindparam("revision", type_=sa.BigInteger)
"""The revision as of which rows are read, a parameter of every statement."""
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

    def _replacement(self, element: Any, **_options: Any) -> Any:
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
    """

    def __init__(self, known: Descriptions, store: Any, belonging: Belonging, keys: lines.Keys) -> None:
        self._known, self._store = known, store
        self._belonging, self._keys = belonging, keys
        self._made: dict[Source, Branches] = {}
        self.holders = known.holders
        self.statements: dict[Hashable, Any] = {}

    def described(self, source: Source) -> Described:
        """What is true of it at every revision; raises UnknownName when nothing bears that name."""
        return self._known.of(source)

    def branches(self, source: Source) -> Branches:
        """Its FROM clauses. Raises UnknownName, or PluginProblem when a derived dataset cannot be built."""
        if source not in self._made:
            self._made[source] = self._make(source)
        return self._made[source]

    def layout(self, source: Source) -> tuple[frozenset[Pair], ...]:
        """The tables that each branch reads, branch by branch."""
        layouts = self._known.layouts
        if source not in layouts:
            layouts[source] = tuple(branch.reads for branch in self.branches(source))
        return layouts[source]

    def uses_day(self, source: Source) -> bool:
        """Whether its rows depend on the day of the figure."""
        readers = self._known.day_readers
        if source not in readers:
            readers[source] = any(lines.uses_day(branch.clause) for branch in self.branches(source))
        return readers[source]

    def union(self, code: str) -> sa.FromClause:
        """The rows of one source over all its associations, as one FROM clause."""
        return sa.union_all(*(_whole(branch) for branch in self.branches(code))).subquery(code)

    def _make(self, source: Source) -> Branches:
        reads = self._known.of(source).reads
        if isinstance(source, Derived):
            return self._derived(source)
        if source == descriptions.LINES:
            return (_branch(lines.voted(self._keys), reads),)
        if source == descriptions.PAYMENTS:
            return (_branch(lines.payments(self._keys, self.union("versements")), reads),)
        if source == descriptions.SPENDING:
            return (_branch(lines.spending(self._keys, self.union("depenses_a_date")), reads),)
        holders = self._known.of(source).datasets
        return _same_columns([self._rows(association, dataset) for association, dataset in holders.items()])

    def _rows(self, association: str, dataset: Dataset) -> Branch:
        rows = self._store.visible(association, dataset.code, REVISION)
        columns = {column.key: column for column in rows.c}
        columns["_association"] = sa.literal(association, sa.Text)
        if dataset.place_through:
            return self._placed_through(association, dataset, rows, columns)
        if association == METROPOLE or has_line(dataset):
            columns.update(self._belonging.of_rows(dataset.code, columns))
        return Branch(rows, columns, frozenset({(association, dataset.code)}))

    def _placed_through(
        self, association: str, dataset: Dataset, rows: sa.FromClause, columns: dict[str, Any]
    ) -> Branch:
        through = dataset.place_through
        assert through is not None
        target = self._store.visible(association, through.dataset, REVISION)
        columns |= {"_place": target.c["_place"], "_experiment": target.c["_experiment"]}
        reads = frozenset({(association, dataset.code), (association, through.dataset)})
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
    def _built(source: Derived, unions: Mapping[str, sa.FromClause]) -> Any:
        try:
            return source.build(unions)
        except Exception as problem:
            raise PluginProblem(
                f"Le jeu de données dérivé «\u00a0{source.code}\u00a0» ne se construit pas\u202f: {problem!r}.",
                stage="run",
                remedy="Corrigez sa fonction «\u00a0build\u00a0».",
            ) from problem


def _whole(branch: Branch) -> sa.Select[Any]:
    columns = (column.label(name) for name, column in sorted(branch.columns.items()))
    return sa.select(*columns).select_from(branch.clause)


def _pieces(statement: Any) -> tuple[Any, ...]:
    """The SELECTs that a statement is the plain union of; itself when it is none."""
    plain = isinstance(statement, sa.CompoundSelect) and statement.keyword.name == "UNION_ALL"
    return tuple(statement.selects) if plain else (statement,)


def _branch(statement: Any, reads: frozenset[Pair], name: str | None = None) -> Branch:
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
