"""The value of a measure for somebody, somewhere, over some days: read once, then added up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, TypeVar

from core.domain.indicator import AnyMeasure, Computed, Constant, CountDistinct, Indicator, Measure, Median
from core.errors import FabriqueError
from core.services.monitoring.descriptions import Described
from core.services.monitoring.frames import Repeated, Subject, Summed
from core.services.monitoring.queries import Group
from core.services.monitoring.reader import Reader
from core.services.monitoring.sources import Sources
from core.services.monitoring.window import Window

T = TypeVar("T")


class BrokenMeasure(FabriqueError):
    """A measure cannot be computed: its own fault, and no other figure's."""


class Groups:
    """The measures of a catalogue, gathered by what they read. One lasts as long as its registry."""

    def __init__(self, indicators: Iterable[Indicator]) -> None:
        gathered: dict[Any, dict[int, Measure]] = {}
        for indicator in indicators:
            for measure in measures_of(indicator):
                gathered.setdefault(_what_it_reads(measure), {})[id(measure)] = measure
        self._of: dict[int, Group] = {}
        self._alone: dict[int, Group] = {}
        for measures in gathered.values():
            one, *_ = measures.values()
            self._of.update(dict.fromkeys(measures, Group(one.source, one.date, tuple(measures.values()))))

    def of(self, measure: Measure) -> Group:
        """The group of a measure; a measure of no indicator makes its own."""
        if id(measure) not in self._of:
            self._of[id(measure)] = Group(measure.source, measure.date, (measure,))
        return self._of[id(measure)]

    def alone(self, measure: Measure) -> Group:
        """The measure by itself, when another one of its group breaks."""
        if id(measure) not in self._alone:
            self._alone[id(measure)] = Group(measure.source, measure.date, (measure,))
        return self._alone[id(measure)]


class Figures:
    """The measures as of one revision, up to one day."""

    def __init__(self, reader: Reader, sources: Sources, groups: Groups, until: date) -> None:
        self._reader, self._sources, self._groups, self._until = reader, sources, groups, until
        # What was asked already; the cache, which outlives this, is asked once for each.
        self._frames: dict[tuple[int, date], tuple[Group, Summed]] = {}
        self._days: dict[Group, bool] = {}
        self._repetitions: dict[tuple[Group, int, date], Repeated | None] = {}

    def number(self, measure: AnyMeasure, subject: Subject, window: Window) -> float | int | None:
        """Its value; None for the median of nothing, and for a constant that is the programme's alone.

        Raises BrokenMeasure when it cannot be computed.
        """
        if isinstance(measure, Constant):
            return None if measure.programme_only and subject != (None, None) else measure.value
        group, frame = self._frame(measure, window)
        if isinstance(measure, Median):
            day, placed = self.day_of(measure, window), subject[1] is not None
            found = _guarded(lambda: self._reader.histogram(group, measure, day, placed=placed))
            return found.median(subject, window)
        number = frame.number(group.rank(measure) + 1, subject, window)
        if isinstance(measure, CountDistinct) and number:
            number -= self._excess(group, measure, subject, window)
        return number

    def rows(self, measure: Measure, subject: Subject, window: Window) -> int:
        """How many rows of the measure's source are dated in the window, whatever its condition."""
        return self._frame(measure, window)[1].number(0, subject, window)

    def places(self, measure: Measure, experiment: str | None, window: Window) -> set[str]:
        """The places that rows name."""
        return self._frame(measure, window)[1].places.get(experiment, set())

    def first_month(self, measure: Measure, subject: Subject, window: Window) -> str | None:
        """The month of the first dated row, « 2021-07 »."""
        return self._frame(measure, window)[1].first_month(subject)

    def described(self, measure: Measure) -> Described:
        """What the measure reads. Raises BrokenMeasure."""
        return _guarded(lambda: self._sources.described(measure.source))

    def lines_kept(self, measure: Measure) -> frozenset[str]:
        """The subsidy lines that the measure's condition lets through, as far as it speaks of lines."""
        return _guarded(lambda: self._reader.lines_kept(self._groups.of(measure), measure))

    def day_of(self, measure: Measure, window: Window) -> date:
        """The day bound as the day of the figure: the window's when the rows read it, else one for all windows."""
        group = self._groups.of(measure)
        if group not in self._days:
            self._days[group] = _guarded(lambda: self._reader.reads_day(group))
        return min(window.end, self._until) if self._days[group] else self._until

    def _frame(self, measure: Measure, window: Window) -> tuple[Group, Summed]:
        """The group that was summed up with this measure in it: its own when another one breaks it."""
        day = self.day_of(measure, window)
        asked = (id(measure), day)
        if asked not in self._frames:
            self._frames[asked] = self._summed(measure, day)
        return self._frames[asked]

    def _summed(self, measure: Measure, day: date) -> tuple[Group, Summed]:
        group = self._groups.of(measure)
        try:
            return group, _guarded(lambda: self._reader.summed(group, day))
        except BrokenMeasure:
            if len(group.measures) == 1:
                raise
        alone = self._groups.alone(measure)
        return alone, _guarded(lambda: self._reader.summed(alone, day))

    def _excess(self, group: Group, measure: CountDistinct, subject: Subject, window: Window) -> int:
        """How many rows to take off, for the values that several rows bear."""
        day, alike = self.day_of(measure, window), group.alike(measure)
        asked = (group, id(alike[0]), day)
        if asked not in self._repetitions:
            self._repetitions[asked] = _guarded(lambda: self._reader.repeated(group, alike, day))
        found = self._repetitions[asked]
        if found is None:
            return 0
        return found.excess(next(rank for rank, one in enumerate(alike) if one is measure), subject, window)


def measures_of(indicator: Indicator) -> tuple[Measure, ...]:
    """What the indicator reads of the store: neither constants nor what is computed from other figures."""
    parts = (indicator.numerator, indicator.denominator)
    return tuple(part for part in parts if isinstance(part, Measure) and not isinstance(part, Computed))


def _what_it_reads(measure: Measure) -> Any:
    """Source and date column; a measure whose source is ill made stays alone, and breaks alone."""
    try:
        hash(measure.source)
    except TypeError:
        return id(measure)
    return measure.source, measure.date


def reason(problem: Exception) -> str:
    """One French sentence for the person in front."""
    if isinstance(problem, FabriqueError):
        return str(problem)
    cause = getattr(problem, "orig", None) or problem
    first = str(cause).strip().splitlines()[0] if str(cause).strip() else type(cause).__name__
    return f"La base de données refuse ce calcul\u202f: {first}"


def _guarded(make: Callable[[], T]) -> T:
    try:
        return make()
    except BrokenMeasure:
        raise
    except Exception as problem:
        raise BrokenMeasure(reason(problem)) from problem
