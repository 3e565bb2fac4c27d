"""Runs the selects as of one revision, and keeps what they gave under the revisions that they read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

import sqlalchemy as sa

from core.deliberation import LINES
from core.domain.indicator import CountDistinct, Derived, Measure, Median, Source
from core.services.monitoring import descriptions, lines, queries
from core.services.monitoring.cache import Cache
from core.services.monitoring.descriptions import Described, Pair
from core.services.monitoring.frames import Histogram, Repeated, Summed
from core.services.monitoring.queries import Group
from core.services.monitoring.sources import Branch, Sources
from core.storage.frames import among

# Beyond, the database finds the repeated values by itself again rather than be told them.
_TEXTS_AT_MOST = 200_000  # one parameter, whatever their number
_OTHERS_AT_MOST = 2_000  # one parameter each


class Reader:
    """What the database says of groups of measures. Nothing is built nor read for what is kept."""

    def __init__(self, store: Any, cache: Cache, sources: Sources, revision: int, marks: Mapping[Pair, int]) -> None:
        self._store, self._cache, self._sources = store, cache, sources
        self._revision, self._revisions = revision, marks

    def rows(self, statement: Any, until: date, day: date | None = None) -> list[Any]:
        """What a statement over the sources gives: rows dated up to ``until``, seen on ``day`` (else ``until``)."""
        with self._store.connect() as connection:
            bound = {"revision": self._revision, "until": until, "au": day or until}
            return connection.execute(statement, bound).all()

    def summed(self, group: Group, day: date) -> Summed:
        """The sums of all its measures."""

        def read() -> Summed:
            rows = self._each(group, day, ("sums",), lambda branch: queries.summed(group, branch))
            return Summed(rows, group.date is None)

        return self._cache.get(("summed", group, *self._mark(group, day)), read)

    def histogram(self, group: Group, measure: Median, day: date, *, placed: bool) -> Histogram:
        """The values of a median, with how many times each occurs."""
        asked = ("histogram", id(measure), placed)

        def read() -> Histogram:
            rows = self._each(
                group, day, asked, lambda branch: queries.histogram(group, measure, branch, placed=placed)
            )
            return Histogram(rows, placed=placed)

        return self._cache.get((*asked, group, *self._mark(group, day)), read)

    def repeated(self, group: Group, alike: Sequence[CountDistinct], day: date) -> Repeated | None:
        """The values that several rows bear, for distinct counts of one expression; None when there are none."""
        values = self._values(alike[0], day)
        if not values:
            return None

        def read() -> Repeated:
            return Repeated(self._bearing(group, alike, day, values), group.date is None)

        return self._cache.get(("repeated", group, id(alike[0]), *self._mark(group, day)), read)

    def lines_kept(self, group: Group, measure: Measure) -> frozenset[str]:
        """The subsidy lines that the measure's condition lets through, as far as it speaks of lines."""
        if measure.where is None or not lines.speaks_of_lines(measure.where):
            return frozenset(LINES)
        condition = measure.where

        def read() -> frozenset[str]:
            (branch,) = self._sources.branches(descriptions.LINES)
            kept = sa.select(branch.columns["ligne"]).select_from(branch.clause).where(branch.bind(condition))
            return frozenset(row[0] for row in self.rows(kept, date.min))

        return self._cache.get(("lines", group, id(measure)), read)

    def reads_day(self, group: Group) -> bool:
        """Whether its figures depend on the day on which they are looked at."""
        return group.uses_day or self._sources.uses_day(group.source)

    # --- helpers ------------------------------------------------------------------------

    def _bearing(
        self, group: Group, alike: Sequence[CountDistinct], day: date, values: frozenset[Any]
    ) -> Iterator[Any]:
        """The rows of every branch that bear one of ``values``; read again where rows, or the values, changed."""
        when = day if group.date or self.reads_day(group) else None
        for rank, reads in enumerate(self._sources.layout(group.source)):
            yield from self._cache.get(
                ("bearing", group, id(alike[0]), rank, values, self._marks(reads), when),
                partial(self._bearing_in, group, alike, rank, day, values),
            )

    def _bearing_in(
        self, group: Group, alike: Sequence[CountDistinct], rank: int, day: date, values: frozenset[Any]
    ) -> list[Any]:
        branches, expression = self._sources.branches(group.source), alike[0].expression
        with self._store.connect() as connection:
            told = partial(_among, connection, values, queries.repeated_values(expression, branches))
            statement = queries.repeated(group, alike, branches[rank], told)
        return self.rows(statement, day)

    def _values(self, measure: CountDistinct, day: date) -> frozenset[Any]:
        source = self._where_repeated(measure)
        described = self._sources.described(source)
        if _is_only_key(measure, described):
            return frozenset()

        def read() -> frozenset[Any]:
            statement = queries.repeated_values(measure.expression, self._sources.branches(source))
            found = frozenset(row[0] for row in self.rows(statement, day))
            return self._cache.get(("the same values", found), lambda: found)

        when = day if self._sources.uses_day(source) else None
        asked = ("values", source, _written(measure.expression), self._marks(described.reads), when)
        return self._cache.get(asked, read)

    def _where_repeated(self, measure: CountDistinct) -> Source:
        """Where to look for repeated values: a row by row view of one dataset repeats no key that it does not."""
        source = measure.source
        if isinstance(source, Derived) and source.by_row and len(source.datasets) == 1:
            holders = self._sources.holders(source.datasets[0])
            if all(dataset.key == (_name(measure),) for dataset in holders.values()):
                return source.datasets[0]
        return source

    def _each(self, group: Group, day: date, asked: tuple[Any, ...], select: Callable[[Branch], Any]) -> Iterator[Any]:
        """The rows of every branch; a branch whose tables did not change is not read again."""
        when = day if group.date or self.reads_day(group) else None
        for rank, reads in enumerate(self._sources.layout(group.source)):
            yield from self._cache.get(
                (*asked, group, rank, self._marks(reads), when), partial(self._branch, group, rank, day, asked, select)
            )

    def _branch(
        self, group: Group, rank: int, day: date, asked: tuple[Any, ...], select: Callable[[Branch], Any]
    ) -> list[Any]:
        kept, key = self._sources.statements, (*asked, group, rank)
        if key not in kept:
            kept[key] = select(self._sources.branches(group.source)[rank])
        return self.rows(kept[key], day)

    def _mark(self, group: Group, day: date) -> tuple[Any, ...]:
        described = self._sources.described(group.source)
        return self._marks(described.reads), day if group.date or self.reads_day(group) else None

    def _marks(self, reads: frozenset[Pair]) -> tuple[Any, ...]:
        return tuple((pair, self._revisions.get(pair, 0)) for pair in sorted(reads))


def _among(connection: sa.Connection, values: frozenset[Any], found_again: sa.Select[Any], column: Any) -> Any:
    """The condition that ``column`` is one of ``values``."""
    texts = all(isinstance(value, str) for value in values)
    if len(values) > (_TEXTS_AT_MOST if texts else _OTHERS_AT_MOST):
        return column.in_(found_again)
    listed = sorted(values)
    return among(connection, column, listed) if texts else column.in_(listed)


def _written(expression: Any) -> tuple[Any, ...]:
    """An expression as a key: its text, and the constants that its text only names."""
    compiled = expression.compile()
    return str(compiled), *sorted((name, repr(value)) for name, value in compiled.params.items())


def _is_only_key(measure: CountDistinct, described: Described) -> bool:
    """Whether no two rows can bear one value: one table, of which it is the whole key."""
    return len(described.datasets) == 1 and all(one.key == (_name(measure),) for one in described.datasets.values())


def _name(measure: CountDistinct) -> str | None:
    """The column that is counted, when it is one."""
    return measure.expression.name if isinstance(measure.expression, sa.ColumnClause) else None
