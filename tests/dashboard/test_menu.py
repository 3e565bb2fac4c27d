"""The menu of each role: what somebody comes for stands in the bar, and no two entries have one word."""

from __future__ import annotations

import pytest

from core.demonstration.people import COMMITTEE, LEAD, PEOPLE
from core.domain.access import Actor
from dashboard.addresses import FOLLOW_UP, VIEWS
from dashboard.navigation import account_title, section_of

MEETINGS = next(view for view in VIEWS if view.module == "meetings")


@pytest.mark.parametrize(
    ("visitor", "section"), [(COMMITTEE, ""), (LEAD, FOLLOW_UP), (PEOPLE["ifac"], FOLLOW_UP)], ids=str
)
def test_a_member_of_the_committee_finds_the_meetings_in_the_bar(visitor: Actor, section: str) -> None:
    assert section_of(MEETINGS, visitor) == section


@pytest.mark.parametrize("visitor", [COMMITTEE, LEAD, PEOPLE["ifac"]], ids=str)
def test_the_menu_of_the_account_says_who_one_is_and_is_called_like_no_page(visitor: Actor) -> None:
    title = account_title(visitor)
    assert title and title.lower() not in {"comité", *(view.title.lower() for view in VIEWS)}
