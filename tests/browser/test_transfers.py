"""What is on its way is acknowledged at once, all but what did not come: in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from core.settings import sqlite_url
from core.storage import Store
from tests.browser.conftest import new_context
from tests.browser.looking import look, settled
from tests.browser.serving import serving
from tests.browser.signing import cookie
from tests.support.filled import copied, served_url

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(browser: Browser, tmp_path: Path) -> Iterator[tuple[Page, str, str]]:
    """The project lead before a copy of the demonstration: her page, its address, the store."""
    url = sqlite_url(copied(served_url(), tmp_path / "demonstration.sqlite3"))
    with serving(url) as address:
        context = new_context(browser)
        context.add_cookies([cookie(url)])
        yield context.new_page(), address, url
        context.close()


def test_a_parcel_is_acknowledged_but_for_what_did_not_come(desk: tuple[Page, str, str]) -> None:
    page, address, url = desk
    look(page, f"{address}/transferts")
    page.get_by_role("button", name=re.compile("^Accuser réception de 23")).click()
    expect(page.get_by_test_id("stMain").get_by_text("il est obligatoire")).to_be_visible()
    settled(page)

    day = page.get_by_label("Arrivées le")
    day.fill("12/05/2022")
    page.get_by_role("button", name=re.compile("^Accuser réception de 23")).click()
    expect(page.get_by_text(re.compile(r"il n’a pas pu arriver le 12\smai"))).to_be_visible()
    settled(page)

    absent = page.get_by_label("Machines qui ne sont pas arrivées")
    absent.click()
    page.keyboard.type("MET-EC-0103")
    page.get_by_role("option", name=re.compile("MET-EC-0103")).click()
    day.fill("24/05/2022")
    day.press("Tab")
    page.get_by_role("button", name=re.compile("^Accuser réception de 22")).click()
    expect(page.get_by_text(re.compile(r"22\smachines sont reçues par Point Formation"))).to_be_visible()
    expect(page.get_by_text(re.compile(r"^1\sécran$")).first).to_be_visible()
    with Store.open(url) as store:
        assert len([one for one in store.deposits() if one.action == "accusé de réception"]) == 1, "one deposit for 22"
