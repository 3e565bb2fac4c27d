"""A seventh experiment, installed by pip, is a seventh column like the others: cards, map, matrix, page, dictionary."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from core.contract import Registry, schema_setup
from core.contract.scope import Scope
from core.depositing import submit
from core.domain.access import Actor, Role
from core.settings import sqlite_url
from core.storage import Store
from tests.browser.conftest import new_context
from tests.browser.looking import look, sized
from tests.browser.serving import serving
from tests.browser.signing import cookie, header
from tests.support.filled import NOW, copied, served_url
from tests.support.installing import SEVENTH, pip_install, there

pytestmark = pytest.mark.browser
RELAY = Actor("relais@exemple.fr", Role.LEAD, on_behalf_of="relais-numerique")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Where the seventh is installed, and a copy of the demonstration with four of its sessions."""
    folder = tmp_path_factory.mktemp("seventh")
    site, url = pip_install(SEVENTH, folder / "site"), sqlite_url(folder / "seven.sqlite3")
    copied(served_url(), folder / "seven.sqlite3")
    with there(site), Store.open(url) as store:
        registry = Registry.load(strict=True)
        schema_setup.prepare(registry, store, at=NOW)
        rows = [session(rank, place) for rank, place in enumerate(("13047", "13047", "13063", "13039"), 1)]
        submit.save_rows(Scope(registry, store, RELAY, NOW), "relais-numerique", "permanences", rows)
    return site, url


def session(rank: int, place: str) -> dict[str, object]:
    """One session of the autumn."""
    return {
        "code_permanence": f"P{rank:03}",
        "lieu": place,
        "demandee_le": date(2021, 9, 6),
        "tenue_le": date(2021, 9 + rank % 3, 20),
        "ouverture": "09 h 00",
        "fermeture": "12 h 00",
        "duree_minutes": 180,
        "themes": "démarches",
        "passages": 10 + rank,
        "autonomes": 2 * rank,
        "cout": None,
        "accessible": True,
        "remarque": None,
    }


@pytest.fixture(scope="module")
def seven(installed: tuple[Path, str]) -> Iterator[str]:
    """The address of the pages of that store."""
    site, url = installed
    with serving(url, beside=site) as address:
        yield address


@pytest.fixture(scope="module")
def visitor(browser: Browser, installed: tuple[Path, str]) -> Iterator[Page]:
    """A page of the project lead, on a wide screen."""
    context = new_context(browser)
    context.add_cookies([cookie(installed[1])])
    page = context.new_page()
    sized(page, 1440, 900)
    yield page
    context.close()


def test_the_overview_has_seven_cards_on_one_line_and_its_communes_on_the_map(visitor: Page, seven: str) -> None:
    look(visitor, seven)
    cards = visitor.locator(".card")
    expect(cards).to_have_count(7)
    tops = {round(cards.nth(rank).bounding_box()["y"]) for rank in range(7)}  # type: ignore[index]
    assert len(tops) == 1, "no card is alone on a second line"
    names = visitor.locator(".pin__name").all_text_contents()
    assert {"Istres", "Miramas", "Fos-sur-Mer"} <= set(names)
    assert "Istres" in visitor.locator(".matrix__table thead").first.inner_text()
    card = cards.nth(6).inner_text()
    assert "Repartis autonomes" in card and "Non suivi" not in card and "Rien n’a encore été déposé" not in card
    expect(visitor.get_by_text("179 ordinateurs remis (objectif 250, incomplet)")).to_be_visible()
    sized(visitor, 1000, 900)
    rows = [round(cards.nth(rank).bounding_box()["y"]) for rank in range(7)]  # type: ignore[index]
    assert rows.count(max(rows)) > 1, "nor on a middling screen"
    sized(visitor, 1440, 900)


def test_its_page_tells_its_sessions_and_what_nobody_voted(visitor: Page, seven: str) -> None:
    look(visitor, f"{seven}/experimentation-ct5-istres")
    expect(visitor.get_by_text("Aucune ligne votée pour cette expérimentation.")).to_be_visible()
    expect(visitor.get_by_role("heading", name="Les permanences")).to_be_visible()
    expect(visitor.get_by_text("3 lieux servis par 4 permanences").first).to_be_visible()
    assert "délibération" not in visitor.locator(".lead").first.inner_text()


def test_its_columns_are_in_the_dictionary_and_its_figures_in_the_api(
    visitor: Page, seven: str, installed: tuple[Path, str]
) -> None:
    look(visitor, f"{seven}/dictionnaire?jeu=permanences&association=relais-numerique")
    expect(visitor.get_by_text("Repartis autonomes").first).to_be_visible()
    asked = urllib.request.Request(f"{seven}/api/v1/experiments", headers=header(installed[1]))
    with urllib.request.urlopen(asked, timeout=60) as answer:
        codes = {one["code"] for one in json.load(answer)["experiments"]}
    assert "ct5-istres" in codes
