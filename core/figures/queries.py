"""The selects of measures, grouped, and the sums that they give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.domain.indicator import APART, Count, CountDistinct, Measure, Median, Source, Sum
from core.figures import lines
from core.figures.sources import Branch, Branches, totals_of
from core.figures.window import NO_PLACE, Window
from core.storage.schema import month_of

Subject = tuple[str | None, str | None]
"""An experiment (None: the programme) and a place (None: everywhere)."""


class Summed:
    """Numbers by experiment, place and month, ready to be added up.

    ``numbers`` of a subject are in the order of the group's measures, after the number of rows.
    """

    def __init__(self, rows: Iterable[Sequence[Any]], undated: bool) -> None:
        self._undated = undated
        self._totals: dict[Subject, dict[str, list[Any]]] = {}
        self.places: dict[str | None, set[str]] = {}
        for marker, place, month, *numbers in rows:
            self._add(marker, place or NO_PLACE, month, [one or 0 for one in numbers])

    def _add(self, marker: str | None, place: str, month: str, numbers: list[Any]) -> None:
        for experiment in totals_of(marker):
            self.places.setdefault(experiment, set()).add(place)
            for subject in ((experiment, None), (experiment, place)):
                months = self._totals.setdefault(subject, {})
                known = months.get(month)
                months[month] = numbers if known is None else [a + b for a, b in zip(known, numbers, strict=True)]

    @property
    def apart(self) -> tuple[str, ...]:
        """In place of an experiment, what rows bear that the programme alone counts."""
        return tuple(one for one in self.places if one is not None and one.startswith(APART))

    def number(self, rank: int, subject: Subject, window: Window) -> Any:
        """The sum of one number (0: rows, then the measures) over the window; 0 when there is no row."""
        months = self._totals.get(subject, {})
        if self._undated:
            return sum(numbers[rank] for numbers in months.values())
        first, last = window.first_month, window.last_month
        return sum(numbers[rank] for month, numbers in months.items() if first <= month <= last)

    def first_month(self, subject: Subject) -> str | None:
        """The month of the subject's first dated row."""
        return min(filter(None, self._totals.get(subject, {})), default=None)


class Repeated:
    """The values that several rows bear, so that a distinct count takes each of them once."""

    def __init__(self, rows: Iterable[Sequence[Any]], undated: bool) -> None:
        self._undated = undated
        self._rows: dict[Subject, list[tuple[str, Any, list[int]]]] = {}
        for marker, place, month, value, *numbers in rows:
            for experiment in totals_of(marker):
                for subject in ((experiment, None), (experiment, place or NO_PLACE)):
                    self._rows.setdefault(subject, []).append((month, value, numbers))

    def excess(self, rank: int, subject: Subject, window: Window) -> int:
        """How many rows to take off a count of rows, to count each value once."""
        first, last = window.first_month, window.last_month
        seen: Counter[Any] = Counter()
        for month, value, numbers in self._rows.get(subject, ()):
            if numbers[rank] and (self._undated or first <= month <= last):
                seen[value] += numbers[rank]
        return seen.total() - len(seen)


class Histogram:
    """How many times each value occurs, by subject and month."""

    def __init__(self, rows: Iterable[Sequence[Any]], *, placed: bool) -> None:
        self._counts: dict[Subject, dict[str, Counter[Any]]] = {}
        for marker, place, month, value, times in rows:
            for experiment in totals_of(marker):
                subject = (experiment, (place or NO_PLACE) if placed else None)
                self._counts.setdefault(subject, {}).setdefault(month, Counter())[value] += times

    def median(self, subject: Subject, window: Window) -> float | None:
        """The middle value, the mean of the two middle ones for an even number; None without rows."""
        first, last = window.first_month, window.last_month
        counts: Counter[Any] = Counter()
        for month, found in self._counts.get(subject, {}).items():
            if not month or first <= month <= last:
                counts.update(found)
        return middle(counts)


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
# Each returns short rows (marker of experiments, place, month, …); everything else — totals,
# places, months, periods — is summed up from them without asking the database again.


@dataclass(frozen=True, eq=False, slots=True)
class MeasureGroup:
    """The measures that read one source by one date column. Compared by identity."""

    source: Source
    date: str | None
    measures: tuple[Measure, ...]

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
    """Rows (experiments, place, month, rows, one number per measure) of one branch.

    A distinct count is here the number of rows that have a value; see ``repeated``. A median
    is null; see ``histogram``.
    """
    groups = _groups(group, branch)
    numbers = [_number(measure, branch).label(f"m{rank}") for rank, measure in enumerate(group.measures)]
    return (
        sa.select(*groups, sa.func.count().label("rows"), *numbers)
        .select_from(branch.clause)
        .where(*dated(group.date, branch))
        .group_by(*_by(groups, group))
    )


def repeated_values(expression: Any, branches: Branches) -> sa.Select[Any]:
    """The values of ``expression`` that more than one row of the source bears."""
    values = sa.union_all(
        *(sa.select(branch.bind(expression).label("value")).select_from(branch.clause) for branch in branches)
    ).subquery()
    return (
        sa.select(values.c.value)
        .where(values.c.value.is_not(None))
        .group_by(values.c.value)
        .having(sa.func.count() > 1)
    )


def repeated(
    group: MeasureGroup, measures: Sequence[CountDistinct], branch: Branch, among: Callable[[Any], Any]
) -> sa.Select[Any]:
    """Rows (experiments, place, month, value, one number of rows per measure), for the values ``among`` some.

    The measures share one expression.
    """
    groups = _groups(group, branch)
    value = branch.bind(measures[0].expression)
    numbers = [_number(measure, branch).label(f"m{rank}") for rank, measure in enumerate(measures)]
    return (
        sa.select(*groups, value.label("value"), *numbers)
        .select_from(branch.clause)
        .where(*dated(group.date, branch), among(value))
        .group_by(*_by(groups, group), value)
    )


def histogram(group: MeasureGroup, measure: Median, branch: Branch, *, placed: bool) -> sa.Select[Any]:
    """Rows (experiments, place, month, value, number): how many times each value occurs.

    The place is null unless ``placed``.
    """
    experiments, place, when = _groups(group, branch)
    value = branch.bind(measure.expression)
    shown = place if placed else sa.cast(sa.null(), sa.Text).label("place")
    by = [column for column in _by([experiments, place, when], group) if placed or column is not place.element]
    return (
        sa.select(experiments, shown, when, value.label("value"), sa.func.count().label("rows"))
        .select_from(branch.clause)
        .where(*dated(group.date, branch), kept(measure, branch))
        .group_by(*by, value)
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


def month(column: str | None, branch: Branch) -> sa.ColumnElement[Any]:
    """The month of a row; an empty text when the measure is undated."""
    return sa.literal("", sa.Text) if column is None else month_of(branch.bind(sa.column(column)))


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
        month(group.date, branch).label("month"),
    ]


def _by(groups: list[Any], group: MeasureGroup) -> list[Any]:
    """What to group by: a constant month is no group."""
    named = groups if group.date else groups[:2]
    return [label.element for label in named]
