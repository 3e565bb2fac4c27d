"""A moment is kept in UTC; its day is that of the people in front."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from core.domain.calendar import day_in_france


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2022, 7, 4, 22, 30, tzinfo=UTC), date(2022, 7, 5)),  # half past midnight, in summer
        (datetime(2022, 7, 4, 21, 59, tzinfo=UTC), date(2022, 7, 4)),
        (datetime(2022, 1, 4, 23, 0, tzinfo=UTC), date(2022, 1, 5)),  # midnight, in winter
        (datetime(2022, 1, 4, 22, 59, tzinfo=UTC), date(2022, 1, 4)),
        (datetime(2021, 12, 31, 23, 30, tzinfo=UTC), date(2022, 1, 1)),
    ],
)
def test_the_day_of_a_moment_is_that_of_france(moment: datetime, day: date) -> None:
    assert day_in_france(moment) == day
