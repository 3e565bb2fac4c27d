"""The selects of measures, grouped, and the sums that they give."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import visitors

from core.domain.indicator import APART, Count, CountDistinct, Measure, Median, Source, Sum
from core.figures import lines
from core.figures.ownership import totals_of
from core.figures.sources import Branch, Branches
from core.figures.window import NO_PLACE, Window
from core.storage.schema import text_of_day

Subject = tuple[str | None, str | None]
"""An experiment (None: the programme) and a place (None: everywhere)."""


class Summed:
    """Numbers by experiment, place and day, ready to be added up.

    ``numbers`` of a subject are in the order of the group's measures, after the number of rows.
    """

    def __init__(self, rows: Iterable[Sequence[Any]], undated: bool) -> None:
        self._undated = undated
        self._totals: dict[Subject, dict[str, list[Any]]] = {}
        self._lines: dict[Subject, _Line] = {}
        self._first: dict[str | None, dict[str, str]] = {}
        for marker, place, day, *numbers in rows:
            self._add(marker, place or NO_PLACE, day, [one or 0 for one in numbers])

    def _add(self, marker: str | None, place: str, day: str, numbers: list[object]) -> None:
        for experiment in totals_of(marker):
            first = self._first.setdefault(experiment, {})
            first[place] = min(day, first.get(place, day))
            for subject in ((experiment, None), (experiment, place)):
                days = self._totals.setdefault(subject, {})
                known = days.get(day)
                days[day] = numbers if known is None else [a + b for a, b in zip(known, numbers, strict=True)]

    def places(self, experiment: str | None, until: date) -> set[str]:
        """The places that rows dated up to ``until`` name."""
        last = until.isoformat()
        return {place for place, first in self._first.get(experiment, {}).items() if first <= last}

    def apart(self, until: date) -> tuple[str, ...]:
        """In place of an experiment, what rows dated up to ``until`` bear that the programme alone counts."""
        names = (one for one in self._first if one is not None and one.startswith(APART))
        return tuple(sorted(one for one in names if self.places(one, until)))

    def number(self, rank: int, subject: Subject, window: Window) -> Any:
        """The sum of one number (0: rows, then the measures) over the window; 0 when there is no row."""
        line = self._line(subject)
        return line.total(rank) if self._undated else line.between(rank, window)

    def first_month(self, subject: Subject, until: date) -> str | None:
        """The month of the subject's first row dated up to ``until``, « 2021-07 »."""
        days = self._line(subject).days
        return days[0][:7] if days and "" < days[0] <= until.isoformat() else None

    def _line(self, subject: Subject) -> _Line:
        if subject not in self._lines:
            self._lines[subject] = _Line(self._totals.get(subject, {}))
        return self._lines[subject]


class _Line:
    """The numbers of one subject, day after day and since the start."""

    def __init__(self, by_day: Mapping[str, list[object]]) -> None:
        self.days = sorted(by_day)
        self._each = [by_day[day] for day in self.days]
        self._since_start = list(accumulate(self._each, lambda a, b: [x + y for x, y in zip(a, b, strict=True)]))

    def total(self, rank: int) -> Any:
        return self._since_start[-1][rank] if self.days else 0

    def between(self, rank: int, window: Window) -> Any:
        end = bisect_right(self.days, window.end.isoformat())
        if window.start is None:
            return self._since_start[end - 1][rank] if end else 0
        # Not the difference of two totals: hours and other decimals would keep its rounding.
        start = bisect_left(self.days, window.start.isoformat(), 0, end)
        return sum(numbers[rank] for numbers in self._each[start:end])


class Repeated:
    """The values that several rows bear, so that a distinct count takes each of them once."""

    def __init__(self, rows: Iterable[Sequence[Any]], undated: bool) -> None:
        self._undated = undated
        self._rows: dict[Subject, list[tuple[str, Any, list[int]]]] = {}
        for marker, place, day, value, *numbers in rows:
            for experiment in totals_of(marker):
                for subject in ((experiment, None), (experiment, place or NO_PLACE)):
                    self._rows.setdefault(subject, []).append((day, value, numbers))

    def excess(self, rank: int, subject: Subject, window: Window) -> int:
        """How many rows to take off a count of rows, to count each value once."""
        first, last = _bounds(window)
        seen: Counter[Any] = Counter()
        for day, value, numbers in self._rows.get(subject, ()):
            if numbers[rank] and (self._undated or first <= day <= last):
                seen[value] += numbers[rank]
        return seen.total() - len(seen)


class Histogram:
    """How many times each value occurs, by subject and day, added up by month when a month is first asked."""

    def __init__(self, rows: Iterable[Sequence[Any]]) -> None:
        self._days: dict[Subject, dict[str, list[tuple[str, Any, int]]]] = {}
        self._months: dict[tuple[Subject, str], Counter[Any]] = {}
        for marker, place, day, value, times in rows:
            for experiment in totals_of(marker):
                for subject in ((experiment, None), (experiment, place or NO_PLACE)):
                    self._days.setdefault(subject, {}).setdefault(day[:7], []).append((day, value, times))

    def median(self, subject: Subject, window: Window) -> float | None:
        """The middle value, the mean of the two middle ones for an even number; None without rows."""
        first, last = window.first_month, window.last_month
        counts: Counter[object] = Counter()
        for month in self._days.get(subject, ()):
            if month == last and window.cuts_a_month:
                counts.update(self._counted(subject, month, window.end.isoformat()))
            elif not month or first <= month <= last:
                counts.update(self._whole(subject, month))
        return middle(counts)

    def _whole(self, subject: Subject, month: str) -> Counter[Any]:
        if (subject, month) not in self._months:
            self._months[subject, month] = self._counted(subject, month)
        return self._months[subject, month]

    def _counted(self, subject: Subject, month: str, until: str | None = None) -> Counter[Any]:
        counts: Counter[Any] = Counter()
        for day, value, times in self._days[subject][month]:
            if until is None or day <= until:
                counts[value] += times
        return counts


def _bounds(window: Window) -> tuple[str, str]:
    return window.start.isoformat() if window.start else "", window.end.isoformat()


def middle(counts: Mapping[Any, int]) -> float | None:
    """The median of values given with the number of times that each occurs."""
    number = sum(counts.values())
    if not number:
        return None
    low, high = (number - 1) // 2, number // 2
    found: list[Any] = []
    passed = 0
    for value in sorted(counts):
        passed += counts[value]
        while len(found) < 2 and (low, high)[len(found)] < passed:
            found.append(value)
        if len(found) == 2:
            break
    return (found[0] + found[1]) / 2


# --- The selects: all the measures of one (source, date column) in one, grouped as fine as breakdowns need ----
# Each returns short rows (marker of experiments, place, day, …); everything else — totals,
# places, months, periods, whatever the day looked at — is summed up from them without asking again.


@dataclass(frozen=True, eq=False, slots=True)
class MeasureGroup:
    """The measures that read one source by one date column. Compared by identity.

    ``number`` is its rank in the catalogue, the same at each start; empty for what no catalogue holds.
    """

    source: Source
    date: str | None
    measures: tuple[Measure, ...]
    number: str = ""

    def named(self, asked: str) -> str:
        """What is asked of it, as it is kept from one start to the next; empty when it is not."""
        return f"{self.number}/{asked}" if self.number else ""

    @property
    def uses_day(self) -> bool:
        """Whether one of its expressions reads the day of the figure."""
        parts = (part for one in self.measures for part in (one.where, getattr(one, "expression", None)))
        return any(lines.uses_day(part) for part in parts if part is not None)

    def rank(self, measure: Measure) -> int:
        """Its place among the measures."""
        return next(rank for rank, one in enumerate(self.measures) if one is measure)

    def alike(self, measure: CountDistinct) -> tuple[CountDistinct, ...]:
        """The distinct counts of the same expression, in their order."""
        counts = (one for one in self.measures if isinstance(one, CountDistinct))
        return tuple(one for one in counts if one.expression.compare(measure.expression))


def summed(group: MeasureGroup, branch: Branch) -> sa.Select[Any]:
    """Rows (experiments, place, day, rows, one number per measure) of one branch.

    A distinct count is here the number of rows that have a value; see ``repeated``. A median
    is null; see ``histogram``.
    """
    groups = _groups(group, branch)
    numbers = [_number(measure, branch).label(f"m{rank}") for rank, measure in enumerate(group.measures)]
    return (
        sa.select(*groups, sa.func.count().label("rows"), *numbers)
        .select_from(branch.clause)
        .where(*_has_day(group, branch))
        .group_by(*_by(groups, group))
    )


def columns_of(expression: Any) -> frozenset[str]:
    """The names of the columns that an expression reads."""
    return frozenset(
        part.name for part in visitors.iterate(expression) if isinstance(part, sa.ColumnClause) and not part.is_literal
    )


def repeated_values(expression: object, branches: Branches) -> sa.Select[object]:
    """The values of ``expression`` that more than one row of the source bears."""
    return _repeated(expression, branches)[1]


def counted_values(expression: object, branches: Branches) -> sa.Select[object]:
    """Rows (value, key, number): the same, with the key of one of the rows that bear it and how many they are."""
    values, found = _repeated(expression, branches)
    return found.add_columns(sa.func.min(values.c.key).label("key"), sa.func.count().label("rows"))


def _repeated(expression: object, branches: Branches) -> tuple[sa.Subquery, sa.Select[Any]]:
    values = sa.union_all(
        *(
            sa.select(branch.bind(expression).label("value"), branch.columns["_key"].label("key")).select_from(
                branch.clause
            )
            for branch in branches
        )
    ).subquery()
    several = sa.select(values.c.value).where(values.c.value.is_not(None)).group_by(values.c.value)
    return values, several.having(sa.func.count() > 1)


def repeated(
    group: MeasureGroup, measures: Sequence[CountDistinct], branch: Branch, among: Callable[[Any], Any]
) -> sa.Select[Any]:
    """Rows (experiments, place, day, value, one number of rows per measure), for the values ``among`` some.

    The measures share one expression.
    """
    groups = _groups(group, branch)
    value = branch.bind(measures[0].expression)
    numbers = [_number(measure, branch).label(f"m{rank}") for rank, measure in enumerate(measures)]
    return (
        sa.select(*groups, value.label("value"), *numbers)
        .select_from(branch.clause)
        .where(*_has_day(group, branch), among(value))
        .group_by(*_by(groups, group), value)
    )


def histogram(group: MeasureGroup, measure: Median, branch: Branch) -> sa.Select[Any]:
    """Rows (experiments, place, day, value, number): how many times each value occurs."""
    groups, value = _groups(group, branch), branch.bind(measure.expression)
    return (
        sa.select(*groups, value.label("value"), sa.func.count().label("rows"))
        .select_from(branch.clause)
        .where(*_has_day(group, branch), kept(measure, branch))
        .group_by(*_by(groups, group), value)
    )


def kept(measure: Measure, branch: Branch) -> sa.ColumnElement[bool]:
    """The condition that a row of ``branch`` is counted by ``measure``, whatever its date."""
    conditions = _asked(measure, branch)
    if isinstance(measure, CountDistinct | Median):
        conditions.append(branch.bind(measure.expression).is_not(None))
    return sa.and_(sa.true(), *conditions)


def dated(column: str | None, branch: Branch, start: date | None = None) -> list[sa.ColumnElement[bool]]:
    """The conditions that a row is dated up to the day of the figure (bound as ``until``)."""
    if column is None:
        return []
    day = branch.bind(sa.column(column))
    conditions = [day <= sa.bindparam("until", type_=sa.Date)]
    return conditions if start is None else [*conditions, day >= start]


def _has_day(group: MeasureGroup, branch: Branch) -> list[sa.ColumnElement[bool]]:
    return [] if group.date is None else [branch.bind(sa.column(group.date)).is_not(None)]


def _day(group: MeasureGroup, branch: Branch) -> sa.ColumnElement[Any]:
    """The day of a row, as a text; an empty one when the measures are undated."""
    return sa.literal("", sa.Text) if group.date is None else text_of_day(branch.bind(sa.column(group.date)))


def _number(measure: Measure, branch: Branch) -> sa.ColumnElement[Any]:
    if isinstance(measure, Median):
        return sa.cast(sa.null(), sa.Integer)
    if isinstance(measure, Sum):
        amount, asked = branch.bind(measure.expression), _asked(measure, branch)
        return sa.func.sum(sa.case((sa.and_(*asked), amount)) if asked else amount)
    if isinstance(measure, Count) and not _asked(measure, branch):
        return sa.func.count()
    return sa.func.count(sa.case((kept(measure, branch), 1)))


def _asked(measure: Measure, branch: Branch) -> list[sa.ColumnElement[bool]]:
    return [] if measure.where is None else [branch.bind(measure.where)]


def _groups(group: MeasureGroup, branch: Branch) -> list[Any]:
    return [
        branch.columns["_experiment"].label("experiments"),
        branch.columns["_place"].label("place"),
        _day(group, branch).label("day"),
    ]


def _by(groups: list[Any], group: MeasureGroup) -> list[Any]:
    """What to group by: a constant day is no group."""
    named = groups if group.date else groups[:2]
    return [label.element for label in named]
