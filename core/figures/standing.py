"""What stands on a day (a stock), from stays read once for all days: what began by then without what ended by then."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.domain.indicator import Count, CountDistinct
from core.figures import queries
from core.figures.ownership import totals_of
from core.figures.queries import MeasureGroup, Subject, Summed
from core.figures.sources import Branch
from core.figures.stays import FROM, NEVER, TO
from core.figures.window import NO_PLACE, Window
from core.storage.schema import text_of_day


def counts_stays(group: MeasureGroup) -> bool:
    """Whether its measures count what stands on a day, by conditions that are true of a whole stay."""
    changes = getattr(group.source, "changes", ())
    counted = all(isinstance(one, Count | CountDistinct) for one in group.measures)
    return bool(changes) and counted and group.date is None and not group.uses_day


# --- The selects ---------------------------------------------------------------------------------


def moves(group: MeasureGroup, branch: Branch) -> sa.Select[Any]:
    """Rows (experiments, place, day, rows, one number per measure): what begins on a day, less what ends."""
    alike = _alike(group, branch)
    begun = _moved(group, alike, FROM, 1)
    ended = _moved(group, alike, TO, -1).where(alike.columns[TO] != sa.literal(NEVER, sa.Date))
    both = sa.union_all(begun, ended).subquery("mouvements")
    by = (both.c.experiments, both.c.place, both.c.day)
    numbers = [column for column in both.c if column.key not in ("experiments", "place", "day")]
    return sa.select(
        both.c.experiments,
        both.c.place,
        text_of_day(both.c.day).label("day"),
        *(_whole(sa.func.sum(one)).label(one.key) for one in numbers),
    ).group_by(*by)


def _alike(group: MeasureGroup, branch: Branch) -> Branch:
    """The stays that no measure tells apart, added up: conditions are then looked at once for many rows."""
    names = {name for one in group.measures if one.where is not None for name in queries.columns_of(one.where)}
    known = {f"known{rank}": one for rank, one in enumerate(group.measures) if isinstance(one, CountDistinct)}
    bound = {name: branch.bind(one.expression) for name, one in known.items()}
    first = {name: next(other for other in bound if bound[other].compare(one)) for name, one in bound.items()}
    # The days come first: they tell most stays apart, and SQLite sorts by comparing column after column.
    by = {name: branch.columns[name] for name in (FROM, TO, *sorted(names), "_place", "_experiment")}
    by |= {name: sa.case((bound[name].is_not(None), 1), else_=0) for name in set(first.values())}
    rows = (
        sa.select(*(one.label(name) for name, one in by.items()), sa.func.count().label("rows"))
        .select_from(branch.clause)
        .group_by(*by.values())
        .cte("sejours_semblables")
    )
    return Branch(rows, {**{one.key: one for one in rows.c}, **{a: rows.c[b] for a, b in first.items()}}, branch.reads)


def _moved(group: MeasureGroup, alike: Branch, when: str, sign: int) -> sa.Select[Any]:
    columns = alike.columns

    def number(rank: int, measure: Count | CountDistinct) -> sa.ColumnElement[Any]:
        asked = [] if measure.where is None else [alike.bind(measure.where)]
        if isinstance(measure, CountDistinct):
            asked.append(columns[f"known{rank}"] == 1)
        counted = sa.case((sa.and_(*asked), columns["rows"]), else_=0) if asked else columns["rows"]
        return _whole(sa.func.sum(counted) * sign).label(f"m{rank}")

    by = (columns["_experiment"], columns["_place"], columns[when])
    return sa.select(
        by[0].label("experiments"),
        by[1].label("place"),
        by[2].label("day"),
        _whole(sa.func.sum(columns["rows"]) * sign).label("rows"),
        *(number(rank, one) for rank, one in enumerate(group.measures) if isinstance(one, Count | CountDistinct)),
    ).group_by(*by)


def _whole(number: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """A sum of integers is an integer: PostgreSQL makes a decimal of it."""
    return sa.cast(number, sa.BigInteger)


def bearing(
    group: MeasureGroup, measures: Sequence[CountDistinct], branch: Branch, among: Callable[[Any], Any]
) -> sa.Select[Any]:
    """Rows (experiments, place, from, to, value, one number of rows per measure), for the values ``among`` some."""
    value = branch.bind(measures[0].expression)
    by = [branch.columns[name] for name in ("_experiment", "_place", FROM, TO)]
    numbers = [sa.func.count(sa.case((queries.kept(one, branch), 1))) for one in measures]
    return (
        sa.select(
            by[0].label("experiments"),
            by[1].label("place"),
            text_of_day(by[2]).label(FROM),
            text_of_day(by[3]).label(TO),
            value.label("value"),
            *(one.label(f"m{rank}") for rank, one in enumerate(numbers)),
        )
        .select_from(branch.clause)
        .where(among(value))
        .group_by(*by, value)
    )


# --- What stands on one day, from what they gave ------------------------------------------------------


class DayStock:
    """The numbers of one day, asked like those of rows without a date: whatever the window."""

    def __init__(self, moved: Summed, day: date) -> None:
        self._moved, self._window = moved, Window(None, day)

    def number(self, rank: int, subject: Subject, _window: Window) -> Any:
        """How many rows (0), or what a measure counts, stand there."""
        return self._moved.number(rank, subject, self._window)

    def places(self, experiment: str | None, _until: date) -> set[str]:
        """The places where something stands."""
        named = self._moved.places(experiment, self._window.end)
        return {place for place in named if self.number(0, (experiment, place), self._window)}

    def apart(self, until: date) -> tuple[str, ...]:
        """In place of an experiment, what rows bear that the programme alone counts."""
        return tuple(one for one in self._moved.apart(self._window.end) if self.places(one, until))

    def first_month(self, _subject: Subject, _until: date) -> str | None:
        """What stands has no month."""
        return None


class Stays:
    """The stays of the values that several rows bear, so that a distinct count takes each of them once."""

    def __init__(self, rows: Iterable[Sequence[Any]]) -> None:
        self._rows: dict[Subject, list[tuple[str, str, Any, list[int]]]] = {}
        for marker, place, since, until, value, *numbers in rows:
            for experiment in totals_of(marker):
                for subject in ((experiment, None), (experiment, place or NO_PLACE)):
                    self._rows.setdefault(subject, []).append((since, until, value, numbers))
        for found in self._rows.values():
            found.sort(key=lambda one: one[0])

    def on(self, day: date) -> DayRepeated:
        """Those of one day."""
        return DayRepeated(self._rows, day.isoformat())


class DayRepeated:
    """The values that several rows bear on one day."""

    def __init__(self, rows: dict[Subject, list[tuple[str, str, Any, list[int]]]], day: str) -> None:
        self._rows, self._day = rows, day
        self._excess: dict[Subject, list[int]] = {}

    def excess(self, rank: int, subject: Subject, _window: Window) -> int:
        """How many rows to take off a count of rows, to count each value once."""
        if subject not in self._excess:
            self._excess[subject] = self._of(self._rows.get(subject, []))
        found = self._excess[subject]
        return found[rank] if found else 0

    def _of(self, rows: list[tuple[str, str, Any, list[int]]]) -> list[int]:
        begun = rows[: bisect_right(rows, self._day, key=lambda one: one[0])]
        seen: dict[Any, list[int]] = {}
        for _since_day, until, value, numbers in begun:
            if self._day < until:
                known = seen.get(value)
                seen[value] = numbers if known is None else [a + b for a, b in zip(known, numbers, strict=True)]
        found: Counter[int] = Counter()
        for numbers in seen.values():
            for rank, number in enumerate(numbers):
                found[rank] += max(0, number - 1)
        return [found[rank] for rank in range(max(found, default=-1) + 1)]
