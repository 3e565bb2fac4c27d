"""Actors of mediation handed in with their position: a point each on the map, by the mouse and by the keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from core.demonstration import people
from core.domain.access import Actor
from core.settings import sqlite_url
from tests.browser.conftest import new_context
from tests.browser.looking import holds, look, settled
from tests.browser.serving import serving
from tests.browser.signing import cookie
from tests.browser.test_deposit import spaced
from tests.browser.test_every_reader import violations
from tests.support.filled import copied, served_url

pytestmark = pytest.mark.browser

# Of this quarter: the relevés of those before are sent. The last two give no point of this map: one says nothing of its
# position, the other is far from here.
CARDS = """\
id;nom;commune;code_insee;adresse;latitude;longitude;date_maj;type_acteur;relais
essai-1;Médiathèque d’essai;Aubagne;13005;1 rue Inventée;43,2927;5,5708;01/07/2022;service public;oui
essai-2;Atelier d’essai;La Ciotat;13028;2 rue Inventée;43,1748;5,6045;02/07/2022;association;non
essai-3;Lieu sans position;Istres;13047;3 rue Inventée;;;03/07/2022;association;non
essai-4;Lieu trop lointain;Istres;13047;4 rue Inventée;48,8566;2,3522;03/07/2022;association;non
"""
UNDER = """one => {
    const { left, top, width, height } = one.getBoundingClientRect();
    return document.elementsFromPoint(left + width / 2, top + height / 2).map((each) => each.title).filter(Boolean);
}"""


@pytest.fixture
def address(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """A copy of the demonstration to write in: its store, the address of its pages."""
    url = sqlite_url(copied(served_url(), tmp_path / "demonstration.sqlite3"))
    with serving(url) as pages:
        yield url, pages


def page_of(browser: Browser, url: str, who: Actor) -> Page:
    context = new_context(browser)
    context.add_cookies([cookie(url, who)])
    return context.new_page()


def alone(page: Page, shown: str) -> bool:
    """Whether one actor is told, and no other: the one of this name; « » for none of them."""
    told = "[...document.querySelectorAll('.dot__told')]"
    seen = f"{told}.filter((one) => getComputedStyle(one).clipPath === 'none' && one.offsetWidth > 40)"
    right = "true" if shown else ""
    return holds(page, f"{seen}.map((one) => one.textContent.includes({shown!r})).join() === '{right}'")


def test_actors_that_give_their_position_are_points_of_the_map(
    browser: Browser, address: tuple[str, str], tmp_path: Path
) -> None:
    url, pages = address
    file = tmp_path / "acteurs.csv"
    file.write_text(CARDS, encoding="utf-8")
    desk = page_of(browser, url, people.PEOPLE["arsenic"])
    look(desk, f"{pages}/deposer?association=arsenic&jeu=acteurs")
    desk.locator('input[type="file"]').set_input_files(file)
    desk.get_by_role("button", name=spaced("Enregistrer 4 lignes")).click()
    expect(desk.get_by_text(spaced("4 lignes sont enregistrées")).first).to_be_visible()
    desk.context.close()

    page = look(page_of(browser, url, people.COMMITTEE), f"{pages}/lieux?periode=aujourd-hui")
    points = page.get_by_role("group", name="Les acteurs recensés qui donnent leur position")
    expect(points.get_by_role("radio")).to_have_count(2)
    expect(page.get_by_text(spaced("2 acteurs ont leur point sur la carte, sur 168 recensés"))).to_be_visible()
    library = points.get_by_role(
        "radio", name=re.compile(r"^Médiathèque d’essai, service public, acteur relais, fiche du 1er\sjuillet\s2022$")
    )
    workshop = points.get_by_role(
        "radio", name=re.compile(r"^Atelier d’essai, association, fiche du 2\sjuillet\s2022$")
    )
    points.locator(".dot", has_text="Médiathèque").scroll_into_view_if_needed()
    under = points.locator(".dot", has_text="Médiathèque").evaluate(UNDER)
    assert any(one.startswith("Aubagne") for one in under), "the point stands over its commune"

    assert alone(page, "")
    page.get_by_role("link", name="Ordinateurs remis", exact=True).first.focus()
    page.keyboard.press("Tab")
    expect(workshop).to_be_focused()
    assert alone(page, "Atelier d’essai")
    page.keyboard.press("ArrowDown")
    expect(library).to_be_focused()
    assert alone(page, "Médiathèque d’essai")
    points.locator(".dot", has_text="Atelier").hover()
    assert alone(page, "Atelier d’essai"), "what is pointed at is told alone"
    points.locator(".dot", has_text="Atelier").click()
    expect(workshop).to_be_checked()
    assert not violations(page)

    page.get_by_role("link", name="Ordinateurs remis", exact=True).first.click()
    expect(points).to_have_count(0)
    settled(page)
    page.context.close()
