"""Which day a page speaks of."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from core.domain.calendar import Period, quarters_between
from dashboard.views import shared
from dashboard.views.shared import ReportingDate, moment_chooser

TODAY = date(2022, 7, 5)
YEAR = tuple(Period.quarter(*one) for one in ((2021, 3), (2021, 4), (2022, 1), (2022, 2), (2022, 3)))


@pytest.mark.parametrize(
    ("asked", "periods", "expected"),
    [
        (None, YEAR, "2022-T2"),
        (None, (), None),
        (None, YEAR[-1:], None),
        ("2021-T4", YEAR, "2021-T4"),
        ("2021-09", YEAR, "2021-09"),
        ("aujourd-hui", YEAR, None),
    ],
)
def test_period_is_the_asked_one_else_the_last_over(asked: str | None, periods: Any, expected: str | None) -> None:
    found = shared._chosen(asked, periods, TODAY)
    assert (found.code if found else None) == expected


@pytest.mark.parametrize(
    ("period", "until", "before"),
    [
        (YEAR[3], date(2022, 6, 30), date(2022, 3, 31)),
        (YEAR[4], TODAY, date(2022, 3, 31)),
        (None, TODAY, date(2022, 3, 31)),
        (YEAR[0], date(2021, 9, 30), date(2021, 6, 30)),
    ],
)
def test_figures_are_compared_with_the_quarter_before(period: Period | None, until: date, before: date) -> None:
    found = ReportingDate(TODAY, YEAR, period)
    assert (found.until, found.before) == (until, before)


def test_address_keeps_the_moment_and_the_revision() -> None:
    assert ReportingDate(TODAY, YEAR, YEAR[3], 41).keep == {"periode": "2022-T2", "revision": "41"}
    assert ReportingDate(TODAY, YEAR, None).keep == {"periode": "aujourd-hui", "revision": None}
    assert ReportingDate(TODAY, (), None).keep == {"periode": None, "revision": None}


@pytest.mark.parametrize(("code", "label"), [("2022-T2", "T2 2022"), ("2021-09", "septembre 2021")])
def test_choice_has_a_short_name(code: str, label: str) -> None:
    assert shared.label_of(Period.parse(code)) == label


def test_after_ten_years_the_last_four_periods_stand_first_and_the_others_by_year() -> None:
    quarters = quarters_between(date(2021, 7, 1), date(2031, 6, 30))
    today = date(2031, 7, 5)
    shown, _, folded = str(moment_chooser("", ReportingDate(today, quarters, quarters[-1]))).partition("<details")
    assert re.findall(r">(T\d \d{4})<", shown) == ["T3 2030", "T4 2030", "T1 2031", "T2 2031"]
    years = re.findall(r'class="choices__name">(\d{4})<', folded)
    assert years == [str(year) for year in range(2030, 2020, -1)]
    assert len(re.findall(r">T\d \d{4}<", folded)) == 36


def test_an_older_period_that_is_shown_stands_among_the_first() -> None:
    quarters = quarters_between(date(2021, 7, 1), date(2031, 6, 30))
    shown, _, _ = str(moment_chooser("", ReportingDate(date(2031, 7, 5), quarters, quarters[2]))).partition("<details")
    assert 'aria-current="true"' in shown
    assert re.findall(r">(T\d \d{4})<", shown)[0] == "T1 2022"
