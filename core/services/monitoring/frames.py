"""What the selects gave, and the sums that every figure is made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from core.services.monitoring.belonging import experiments_of
from core.services.monitoring.places import NO_PLACE
from core.services.monitoring.window import Window

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
            self._add(marker, place or NO_PLACE, month, [_number(one) for one in numbers])

    def _add(self, marker: str | None, place: str, month: str, numbers: list[Any]) -> None:
        for experiment in (None, *experiments_of(marker)):
            self.places.setdefault(experiment, set()).add(place)
            for subject in ((experiment, None), (experiment, place)):
                months = self._totals.setdefault(subject, {})
                known = months.get(month)
                months[month] = numbers if known is None else [a + b for a, b in zip(known, numbers, strict=True)]

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
            for experiment in (None, *experiments_of(marker)):
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
            for experiment in (None, *experiments_of(marker)):
                subject = (experiment, (place or NO_PLACE) if placed else None)
                self._counts.setdefault(subject, {}).setdefault(month, Counter())[_number(value)] += times

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
    found, passed = [], 0
    for value in sorted(counts):
        passed += counts[value]
        while len(found) < 2 and (low, high)[len(found)] < passed:
            found.append(value)
        if len(found) == 2:
            break
    return (found[0] + found[1]) / 2


def _number(value: Any) -> Any:
    """Whole where the database gives a decimal; 0 for a sum over nothing."""
    if value is None:
        return 0
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
