"""The two figures that are made from other figures: TR4 and TR5b."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from core.domain.local_time import day_in_france
from core.domain.observation import Cell, Freshness, Progress

_FINE = frozenset({Progress.AHEAD, Progress.ON_TIME})

Parts = tuple[float | None, float | None]
"""Numerator and denominator; a denominator of None for a plain number."""


def on_time(cells: Mapping[str, Cell], _freshness: Freshness, _until: date) -> Parts:
    """How many figures are on time or ahead, among those that have a target."""
    judged = [cell.standing for cell in cells.values() if cell.standing.target is not None]
    fine = [standing for standing in judged if standing.progress in _FINE]
    return float(len(fine)), float(len(judged))


def days_since_deposit(_cells: Mapping[str, Cell], freshness: Freshness, today: date) -> Parts:
    """Days from the last deposit to the day from which it is looked at; None when nothing was ever deposited."""
    if freshness.deposited is None:
        return None, None
    return float(max(0, (today - day_in_france(freshness.deposited)).days)), None
