from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from core.catalogue.transverse import days_since_deposit, on_time
from core.domain.observation import Cell, Freshness, Observation, Progress, Standing, Target

TODAY = date(2022, 7, 5)
TARGET = Target(100, date(2022, 12, 31))


def cell(progress: Progress) -> Cell:
    target = None if progress is Progress.NO_TARGET else TARGET
    return Cell(Observation("EQ5a", "Ordinateurs remis", "ordinateurs"), Standing(progress, target))


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ((), (0, 0)),
        ((Progress.NO_TARGET,), (0, 0)),
        ((Progress.AHEAD, Progress.ON_TIME, Progress.LATE, Progress.BLOCKED, Progress.NO_TARGET), (2, 4)),
    ],
)
def test_only_figures_with_a_target_are_judged(states: tuple[Progress, ...], expected: tuple[int, int]) -> None:
    cells = {str(rank): cell(progress) for rank, progress in enumerate(states)}
    assert on_time(cells, Freshness(), TODAY) == expected


@pytest.mark.parametrize(
    ("deposited", "days"),
    [
        (None, None),
        (datetime(2022, 7, 5, 9, tzinfo=UTC), 0),
        (datetime(2022, 7, 1, 9, tzinfo=UTC), 4),
        (datetime(2022, 7, 4, 22, 30, tzinfo=UTC), 0),
    ],  # half past midnight in France
)
def test_freshness_counts_days_since_the_last_deposit(deposited: datetime | None, days: int | None) -> None:
    assert days_since_deposit({}, Freshness(deposited=deposited), TODAY) == (days, None)
