"""Ahead, on time or late: ten points are a tolerance, whatever the rounding of the computer."""

from __future__ import annotations

from datetime import date

import pytest

from core.domain.indicator import Direction
from core.domain.observation import Progress, Target, elapsed, standing

END = date(2022, 12, 31)


@pytest.mark.parametrize(
    ("value", "share", "progress"),
    [
        (40, 0.30, Progress.ON_TIME),  # 10 points exactly, 10.000000000000004 for the computer
        (77, 0.67, Progress.ON_TIME),
        (41, 0.30, Progress.AHEAD),
        (57, 0.67, Progress.ON_TIME),
        (56, 0.67, Progress.LATE),
        (100, 1.0, Progress.ON_TIME),
    ],
)
def test_ten_points_exactly_are_on_time(value: float, share: float, progress: Progress) -> None:
    assert standing(value, Target(100, END), share).progress is progress


@pytest.mark.parametrize(("value", "progress"), [(3, Progress.ON_TIME), (4, Progress.LATE)])
def test_a_number_to_stay_under_is_met_until_exceeded(value: float, progress: Progress) -> None:
    assert standing(value, Target(3, END), 0.5, direction=Direction.DOWN).progress is progress


@pytest.mark.parametrize(
    ("today", "share"),
    [(date(2021, 6, 30), 0.0), (date(2021, 7, 1), 1 / 549), (END, 1.0), (date(2023, 1, 1), 1.0)],
)
def test_the_last_day_belongs_to_the_time_given(today: date, share: float) -> None:
    assert elapsed(date(2021, 7, 1), END, today) == pytest.approx(share)
