"""A telephone turns the slides of the room, and follows its keyboard: two browsers of one account."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from core.demonstration import people
from core.settings import sqlite_url
from tests.browser.conftest import new_context
from tests.browser.looking import holds, look, sized
from tests.browser.serving import serving
from tests.browser.signing import cookie
from tests.support.filled import copied, served_url

pytestmark = pytest.mark.browser


@pytest.fixture
def both(browser: Browser, tmp_path: Path) -> Iterator[tuple[Page, Page, Page, str]]:
    """The room, the telephone of the same account, and somebody else who projects the same committee."""
    url = sqlite_url(copied(served_url(), tmp_path / "demonstration.sqlite3"))
    with serving(url) as address:
        pages = []
        for actor in (people.COMMITTEE, people.COMMITTEE, people.LEAD):
            context = new_context(browser)
            context.add_cookies([cookie(url, actor)])
            pages.append(context.new_page())
        sized(pages[1], 390, 844)
        yield pages[0], pages[1], pages[2], address
        for page in pages:
            page.context.close()


def shows(room: Page, rank: int) -> None:
    expect(room.locator(".slide")).to_have_attribute("data-rank", str(rank))


def test_the_room_follows_the_telephone_and_the_telephone_the_room(
    browser: Browser, both: tuple[Page, Page, Page, str]
) -> None:
    room, hand, other, address = both
    look(room, f"{address}/projection?comite=3&diapo=5")
    look(other, f"{address}/projection?comite=3&diapo=2")
    look(hand, f"{address}/telecommande?comite=3")
    expect(hand.get_by_text(re.compile(r"Diapositive 5 sur 18"))).to_be_visible()
    shows(room, 5)
    hand.get_by_role("button", name="Suivante").click()
    shows(room, 6)
    expect(hand.get_by_text(re.compile(r"Diapositive 6 sur 18"))).to_be_visible()
    room.keyboard.press("End")
    expect(hand.get_by_text(re.compile(r"Diapositive 18 sur 18"))).to_be_visible()
    expect(hand.get_by_role("button", name="Suivante")).to_be_disabled()
    hand.get_by_role("button", name=re.compile(r"^1\. ")).click()
    shows(room, 1)
    expect(hand.get_by_role("button", name="Précédente")).to_be_disabled()
    for _ in range(2):  # what it was answered first is followed by the time that it asks again
        with other.expect_response("**/telecommande.json*"):
            pass
    assert other.evaluate("location.search") == "?comite=3&diapo=2"
    shows(other, 2)
    assert holds(hand, "document.documentElement.scrollWidth <= innerWidth")
    stranger = new_context(browser)
    answer = stranger.request.get(f"{address}/telecommande.json", max_redirects=0)
    assert answer.status == 303, "who is not signed in learns nothing"
    stranger.close()
    room.keyboard.press("ArrowRight")
    shows(room, 2)
    expect(hand.get_by_text(re.compile(r"Diapositive 2 sur 18"))).to_be_visible()
