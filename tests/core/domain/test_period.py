"""Quarters and months as people type them."""

from __future__ import annotations

from datetime import date

import pytest

from core.domain.calendar import Period, quarters_between
from core.errors import UnknownName


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2021-T3", date(2021, 7, 1), date(2021, 9, 30)),
        (" 2021t3 ", date(2021, 7, 1), date(2021, 9, 30)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2100-02", date(2100, 2, 1), date(2100, 2, 28)),
        ("2021-12", date(2021, 12, 1), date(2021, 12, 31)),
    ],
)
def test_a_period_has_its_first_and_last_day(text: str, start: date, end: date) -> None:
    found = Period.parse(text)
    assert (found.start, found.end) == (start, end)


@pytest.mark.parametrize("text", ["", "2021", "2021-T5", "2021-13", "0000-T1", "0001-01", "9999-T4", "T3-2021"])
def test_what_is_no_period_is_said_in_french(text: str) -> None:
    with pytest.raises(UnknownName, match="inconnue"):
        Period.parse(text)


def test_quarters_follow_each_other_over_the_year() -> None:
    found = quarters_between(date(2021, 11, 30), date(2022, 1, 1))
    assert [one.code for one in found] == ["2021-T4", "2022-T1"]
    assert found[0].next == found[1] and found[1].previous == found[0]
