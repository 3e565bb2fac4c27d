"""The value of a measure for somebody, somewhere, over some days: read once, then added up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.deliberation import LINES
from core.domain.indicator import AnyMeasure, Computed, Constant, CountDistinct, Derived, Indicator, Measure, Median
from core.errors import FabriqueError
from core.services.monitoring import lines, queries
from core.services.monitoring.cache import Cache
from core.services.monitoring.frames import Histogram, Repeated, Subject, Summed
from core.services.monitoring.queries import Group
from core.services.monitoring.sources import Pair, Resolved, Sources
from core.services.monitoring.window import Window

# Beyond, the database finds the repeated values by itself again rather than be told them.
_TOLD_AT_MOST = 2_000


class BrokenMeasure(FabriqueError):
    """A measure cannot be computed: its own fault, and no other figure's."""


class Groups:
    """The measures of a catalogue, gathered by what they read. One lasts as long as its registry."""

    def __init__(self, indicators: Iterable[Indicator]) -> None:
        gathered: dict[Any, dict[int, Measure]] = {}
        for indicator in indicators:
            for measure in (indicator.numerator, indicator.denominator):
                if isinstance(measure, Measure):
                    gathered.setdefault((measure.source, measure.date), {})[id(measure)] = measure
        self._of: dict[int, Group] = {}
        for (source, column), measures in gathered.items():
            group = Group(source, column, tuple(measures.values()))
            self._of.update(dict.fromkeys(measures, group))

    def of(self, measure: Measure) -> Group:
        """The group of a measure; a measure of no indicator makes its own."""
        if id(measure) not in self._of:
            self._of[id(measure)] = Group(measure.source, measure.date, (measure,))
        return self._of[id(measure)]


class Figures:
    """The measures as of one revision, up to one day."""

    def __init__(
        self,
        store: Any,
        cache: Cache,
        sources: Sources,
        groups: Groups,
        revisions: Mapping[Pair, int],
        until: date,
    ) -> None:
        self._store, self._cache, self._sources = store, cache, sources
        self._groups, self._revisions, self._until = groups, revisions, until

    def number(self, measure: AnyMeasure, subject: Subject, window: Window) -> float | int | None:
        """Its value; None for the median of nothing, and for a constant that is the programme's alone.

        Raises BrokenMeasure when it cannot be computed.
        """
        if isinstance(measure, Constant):
            return None if measure.programme_only and subject != (None, None) else measure.value
        group, frame = self._frame(measure, window)
        if isinstance(measure, Median):
            return self._histogram(group, measure, window, placed=subject[1] is not None).median(subject, window)
        rank = _rank(group, measure)
        found = frame.number(rank + 1, subject, window)
        if isinstance(measure, CountDistinct) and found:
            found -= self._excess(group, measure, subject, window)
        return found

    def rows(self, measure: Measure, subject: Subject, window: Window) -> int:
        """How many rows of the measure's source are dated in the window, whatever its condition."""
        return self._frame(measure, window)[1].number(0, subject, window)

    def places(self, measure: Measure, experiment: str | None, window: Window) -> set[str]:
        """The places that rows name."""
        return self._frame(measure, window)[1].places.get(experiment, set())

    def first_month(self, measure: Measure, subject: Subject, window: Window) -> str | None:
        """The month of the first dated row, « 2021-07 »."""
        return self._frame(measure, window)[1].first_month(subject)

    def resolved(self, measure: Measure) -> Resolved:
        """What the measure reads. Raises BrokenMeasure."""
        return self._guarded(measure, lambda: self._sources.of(measure.source))

    def day_of(self, measure: Measure, window: Window) -> date:
        """The day bound as the day of the figure when the measure is read over ``window``."""
        return self._day(self._groups.of(measure), window)

    def lines_kept(self, measure: Measure) -> frozenset[str]:
        """The subsidy lines that the measure's condition lets through, as far as it speaks of lines."""
        return self._cache.get(("lines", self._groups.of(measure), id(measure)), lambda: self._lines_kept(measure))

    def _lines_kept(self, measure: Measure) -> frozenset[str]:
        if measure.where is None or not lines.speaks_of_lines(measure.where):
            return frozenset(LINES)
        (branch,) = self._sources.of("lignes").branches
        kept = sa.select(branch.columns["ligne"]).select_from(branch.clause).where(branch.bind(measure.where))
        return frozenset(row[0] for row in self._read(kept, self._until))

    # --- reading, each thing once -------------------------------------------------------

    def _frame(self, measure: Measure, window: Window) -> tuple[Group, Summed]:
        """The group that was summed up with this measure in it: its own when another one breaks it."""
        group = self._groups.of(measure)
        day = self._day(group, window)
        try:
            return group, self._summed(group, day)
        except (FabriqueError, sa.exc.SQLAlchemyError, ArithmeticError, TypeError, ValueError) as problem:
            if len(group.measures) == 1:
                raise BrokenMeasure(reason(problem)) from problem
        alone = self._cache.get(("alone", group, id(measure)), lambda: group.only(measure))
        return alone, self._guarded(measure, lambda: self._summed(alone, day))

    def _summed(self, group: Group, day: date) -> Summed:
        resolved = self._sources.of(group.source)
        return self._cache.get(
            ("summed", group, *self._mark(group, resolved, day)),
            lambda: Summed(self._read(queries.summed(group, resolved), day), group.date is None),
        )

    def _histogram(self, group: Group, measure: Median, window: Window, *, placed: bool) -> Histogram:
        resolved, day = self._sources.of(group.source), self._day(group, window)
        return self._cache.get(
            ("histogram", group, id(measure), placed, *self._mark(group, resolved, day)),
            lambda: Histogram(
                self._read(queries.histogram(group, measure, resolved, placed=placed), day), placed=placed
            ),
        )

    def _excess(self, group: Group, measure: CountDistinct, subject: Subject, window: Window) -> int:
        resolved, day = self._sources.of(group.source), self._day(group, window)
        alike = [
            one
            for one in group.measures
            if isinstance(one, CountDistinct) and one.expression.compare(measure.expression)
        ]
        values = self._values(measure, resolved, day)
        if not values:
            return 0
        told = values if len(values) <= _TOLD_AT_MOST else queries.repeated_values(measure.expression, resolved)
        found = self._cache.get(
            ("repeated", group, id(alike[0]), *self._mark(group, resolved, day)),
            lambda: Repeated(self._read(queries.repeated(group, alike, resolved, told), day), group.date is None),
        )
        return found.excess(next(rank for rank, one in enumerate(alike) if one is measure), subject, window)

    def _values(self, measure: CountDistinct, resolved: Resolved, day: date) -> list[Any]:
        """The values that several rows bear."""
        if _is_only_key(measure, resolved):
            return []
        marks = self._marks(resolved), day if resolved.uses_day else None
        return self._cache.get(
            ("values", measure.source, str(measure.expression), marks),
            lambda: [row[0] for row in self._read(queries.repeated_values(measure.expression, resolved), day)],
        )

    def _read(self, statement: Any, day: date) -> list[Any]:
        with self._store.connect() as connection:
            return connection.execute(statement, {"until": day, "au": day}).all()

    # --- under which marks --------------------------------------------------------------

    def _day(self, group: Group, window: Window) -> date:
        """The day of the figure: that of the window when the measures read it, else one for all windows."""
        return min(window.end, self._until) if self._reads_day(group) else self._until

    def _reads_day(self, group: Group) -> bool:
        def look() -> bool:
            parts = [
                part
                for measure in group.measures
                for part in (measure.where, getattr(measure, "expression", None))
                if part is not None
            ]
            return any(map(lines.uses_day, parts))

        try:
            return self._cache.get(("reads day", group), look) or self._sources.of(group.source).uses_day
        except FabriqueError:
            return False

    def _mark(self, group: Group, resolved: Resolved, day: date) -> tuple[Any, ...]:
        return self._marks(resolved), day if group.date or self._reads_day(group) else None

    def _marks(self, resolved: Resolved) -> tuple[Any, ...]:
        return tuple((pair, self._revisions.get(pair, 0)) for pair in sorted(resolved.reads))

    @staticmethod
    def _guarded(measure: Measure, make: Callable[[], Any]) -> Any:
        try:
            return make()
        except BrokenMeasure:
            raise
        except (FabriqueError, sa.exc.SQLAlchemyError, ArithmeticError, TypeError, ValueError) as problem:
            raise BrokenMeasure(reason(problem)) from problem


def reason(problem: Exception) -> str:
    """One French sentence for the person in front."""
    if isinstance(problem, FabriqueError):
        return str(problem)
    cause = getattr(problem, "orig", None) or problem
    first = str(cause).strip().splitlines()[0] if str(cause).strip() else type(cause).__name__
    return f"La base de données refuse ce calcul : {first}"


def measures_of(indicator: Indicator) -> tuple[Measure, ...]:
    """What the indicator reads of the store: neither constants nor what is computed from other figures."""
    parts = (indicator.numerator, indicator.denominator)
    return tuple(part for part in parts if isinstance(part, Measure) and not isinstance(part, Computed))


def _is_only_key(measure: CountDistinct, resolved: Resolved) -> bool:
    """Whether no two rows can bear one value: one table, of which it is the whole key."""
    if isinstance(measure.source, Derived) or len(resolved.branches) != 1 or not resolved.datasets:
        return False
    (dataset,) = resolved.datasets.values()
    return dataset.key == (getattr(measure.expression, "name", None),)


def _rank(group: Group, measure: Measure) -> int:
    return next(rank for rank, one in enumerate(group.measures) if one is measure)
