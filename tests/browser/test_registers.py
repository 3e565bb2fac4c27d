"""The project lead decides, and what everybody sees follows: in a real browser, on a base of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from core.settings import sqlite_url
from tests.browser.conftest import new_context
from tests.browser.looking import look, settled
from tests.browser.serving import serving
from tests.browser.signing import cookie
from tests.browser.test_every_reader import violations
from tests.support.filled import copied, demonstration_url

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(browser: Browser, tmp_path: Path) -> Iterator[tuple[Page, str]]:
    """The project lead before a copy of the demonstration, and its address."""
    url = sqlite_url(copied(demonstration_url(), tmp_path / "demonstration.sqlite3"))
    with serving(url) as address:
        context = new_context(browser)
        context.add_cookies([cookie(url)])
        yield context.new_page(), address
        context.close()


def test_a_threshold_and_a_target_change_what_everybody_sees(desk: tuple[Page, str]) -> None:
    page, address = desk
    look(page, f"{address}/experimentation-ct6-pays-de-martigues")
    expect(page.get_by_text("6 sur 25").or_(page.get_by_text("objectif 25")).first).to_be_visible()

    look(page, f"{address}/registres?registre=seuils")
    page.get_by_label("Nombre de logements", exact=False).fill("9")
    page.get_by_label("Décision", exact=True).fill("Comité n° 4")
    page.get_by_role("button", name="Fixer le seuil de 2 immeubles").click()
    expect(page.get_by_text("2 seuils sont fixés.")).to_be_visible(timeout=20_000)
    settled(page)
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert violations(page) == []

    look(page, f"{address}/registres?registre=objectifs")
    martigues = page.get_by_role("link", name="l’objectif de Ordinateurs remis, Pays de Martigues")
    martigues.click()
    page.get_by_label("Valeur à atteindre").fill("8")
    page.get_by_role("button", name="Enregistrer cet objectif").click()
    expect(page.get_by_text("Cet objectif est inscrit.")).to_be_visible(timeout=20_000)

    look(page, f"{address}/registres")
    expect(page.get_by_text("seuils à fixer")).to_have_count(0)
    look(page, f"{address}/experimentation-ct6-pays-de-martigues")
    expect(page.get_by_text("sur 25")).to_have_count(0)
    look(page, address)
    card = page.locator(".card", has_text="Pays de Martigues")
    expect(card.get_by_text("objectif 8", exact=False).first).to_be_visible()
    expect(card.get_by_text("sur 2 (50", exact=False)).to_be_visible()
