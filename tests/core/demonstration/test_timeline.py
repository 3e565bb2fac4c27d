"""Who handed in what, when: late, returned, corrected, as the story tells."""

from __future__ import annotations

import re
from datetime import date

import pytest

from core.demonstration import filling, story
from core.demonstration.live import LIVE_FILE
from core.demonstration.people import LeadEntry, Nothing, Step, StoryDeposit
from core.demonstration.receivers import holdings
from core.demonstration.story import ANONYMAL, ARSENIC, DUE_DATES, IFAC, POINT_FORMATION, QUARTERS


def steps() -> list[Step]:
    return filling.timeline(filling.year())


def statements(association: str, quarter: int) -> list[date]:
    """The days on which a statement was handed in, corrections included."""
    code = QUARTERS[quarter - 1].code
    handed = (s for s in steps() if isinstance(s, StoryDeposit | Nothing) and s.association == association)
    return sorted({step.at.date() for step in handed if step.period == code})


def lateness(association: str, quarter: int) -> int:
    return (statements(association, quarter)[0] - DUE_DATES[quarter - 1]).days


def test_the_same_seed_tells_the_same_year() -> None:
    assert filling.timeline(holdings(story.SEED)) == filling.timeline(holdings(story.SEED))


def test_another_seed_tells_other_days() -> None:
    assert filling.timeline(holdings(1)) != steps()


def test_nothing_happens_after_today() -> None:
    assert max(step.at.date() for step in steps()) <= story.TODAY
    assert min(step.at.date() for step in steps()) >= story.START


@pytest.mark.parametrize("quarter", [1, 2, 3, 4])
@pytest.mark.parametrize("association", [ANONYMAL, ARSENIC])
def test_two_associations_are_always_in_time(association: str, quarter: int) -> None:
    assert lateness(association, quarter) <= 0


def test_ifac_is_eleven_days_late_once() -> None:
    assert [max(0, lateness(IFAC, quarter)) for quarter in (1, 2, 3, 4)] == [0, 11, 0, 0]


def test_point_formation_is_late_then_silent() -> None:
    assert statements(POINT_FORMATION, 1) == []
    assert statements(POINT_FORMATION, 2) == [DUE_DATES[1], date(2022, 1, 24)]
    assert lateness(POINT_FORMATION, 3) == 12
    assert statements(POINT_FORMATION, 4) == []


def test_the_slip_of_february_is_mended_on_the_12th_of_april() -> None:
    (mended,) = (s for s in steps() if isinstance(s, StoryDeposit) and s.removed)
    assert (mended.association, mended.dataset, mended.at.date()) == (IFAC, "materiel", date(2022, 4, 12))
    assert mended.rows[0]["lieu"] == "frais-vallon"
    assert (mended.rows[0]["date_remise"].year, mended.rows[0]["date_remise"].month) == (2022, 2)


def test_what_the_lead_holds_is_dated_as_told() -> None:
    days: dict[str, list[date]] = {}
    for step in steps():
        if isinstance(step, LeadEntry):
            days.setdefault(step.dataset, []).append(step.at.date())
    assert days["objectifs"] == [date(2021, 10, 14), date(2022, 1, 20)]
    assert days["cles"] == [date(2022, 1, 20)]
    assert days["lots_cession"] == [delivery.day for delivery in story.DELIVERIES]
    assert days["versements"] == [date(2021, 8, 30), date(2021, 9, 22), date(2021, 11, 18), date(2021, 11, 29)]
    assert days["pieces"][-1] == date(2022, 6, 20)


def test_a_file_is_named_after_the_civil_quarter_that_it_tells() -> None:
    """« Dépenses T4 » told of the second quarter of 2022."""
    told = [(s.title, s.period) for s in steps() if isinstance(s, StoryDeposit) and s.period]
    named = [(title, period) for title, period in told if re.search(r" T\d", title)]
    assert named and all(title.endswith(f"{period[5:]} {period[:4]}") for title, period in named)
    assert "2022-T2" in LIVE_FILE


def test_nobody_is_named() -> None:
    titles = {step.title for step in steps() if isinstance(step, StoryDeposit)}
    assert all(name not in title for title in titles for name in ("M.", "Mme", "@"))
