"""Sharing totals over days and months, so that the parts always add up to what the story says."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta

from core.domain.period import Period


def shares(total: int, weights: Sequence[float]) -> list[int]:
    """``total`` cut into whole parts in proportion to ``weights`` (largest remainders first)."""
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    parts = [int(value) for value in exact]
    by_remainder = sorted(range(len(parts)), key=lambda i: parts[i] - exact[i])
    for index in by_remainder[: total - sum(parts)]:
        parts[index] += 1
    return parts


def weekday(day: date) -> date:
    """``day``, or the Friday before when it falls on a week-end."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def days_over(rng: random.Random, number: int, first: date, last: date) -> list[date]:
    """``number`` working days from ``first`` to ``last``, regularly spread with a little chance."""
    length = (last - first).days
    step = length / max(number, 1)
    places = ((index + rng.uniform(0.1, 0.9)) * step for index in range(number))
    return [max(first, weekday(first + timedelta(days=int(place)))) for place in places]


def months_of(quarter: Period) -> tuple[date, date, date]:
    """The first days of the three months of a quarter."""
    year, first = quarter.start.year, quarter.start.month
    return date(year, first, 1), date(year, first + 1, 1), date(year, first + 2, 1)


def month_end(month: date) -> date:
    """The last day of the month that begins on ``month``."""
    return Period.month(month.year, month.month).end
