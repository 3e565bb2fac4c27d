"""The project lead decides, and what everybody sees follows: in a real browser, on a base of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from core.settings import sqlite_url
from tests.browser.conftest import new_context
from tests.browser.looking import look, settled, sized
from tests.browser.serving import serving
from tests.browser.signing import cookie
from tests.browser.test_every_reader import violations
from tests.support.filled import copied, served_url

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(browser: Browser, tmp_path: Path) -> Iterator[tuple[Page, str]]:
    """The project lead before a copy of the demonstration, and its address."""
    url = sqlite_url(copied(served_url(), tmp_path / "demonstration.sqlite3"))
    with serving(url) as address:
        context = new_context(browser)
        context.add_cookies([cookie(url)])
        yield context.new_page(), address
        context.close()


def test_a_threshold_and_a_target_change_what_everybody_sees(desk: tuple[Page, str]) -> None:
    page, address = desk
    # What is decided today counts from today on: the figures of 30 June keep what held then.
    today = f"{address}/?periode=aujourd-hui"
    look(page, today)
    card = page.locator(".card", has_text="Pays de Martigues")
    expect(card.get_by_text(re.compile(r"objectif\s25\b"))).to_be_visible()

    look(page, f"{address}/registres?registre=seuils")
    page.get_by_label("Nombre de logements", exact=False).fill("9")
    page.get_by_label("Décision", exact=True).fill("Comité n° 4")
    page.get_by_role("button", name="Fixer le seuil de 2 immeubles").click()
    expect(page.get_by_test_id("stMain").get_by_text("2 seuils sont fixés.")).to_be_visible()
    settled(page)
    for width in (1280, 390):
        sized(page, width, 844)
        assert violations(page) == []
    sized(page, 1280, 844)  # a phone folds what a figure is a part of

    look(page, f"{address}/registres?registre=objectifs")
    martigues = page.get_by_role("link", name="l’objectif de Ordinateurs remis, Pays de Martigues")
    martigues.click()
    expect(page.get_by_role("heading", name="Modifier :")).to_be_visible()
    page.get_by_label("Valeur à atteindre").fill("8")
    page.get_by_role("button", name="Enregistrer cet objectif").click()
    expect(page.get_by_test_id("stMain").get_by_text("Cet objectif est modifié.")).to_be_visible()

    expect(page.get_by_test_id("stMain").get_by_text(re.compile(r"8 au lieu de 25"))).to_be_visible()

    look(page, today)
    expect(card.get_by_text(re.compile(r"objectif\s8\b"))).to_be_visible()
    expect(card.get_by_text(re.compile(r"sur\s2\s\(50"))).to_be_visible()


def choose(page: Page, label: str, words: str) -> None:
    """Type words in a list, as people do, and take what it finds first."""
    page.get_by_label(label).click()
    page.keyboard.type(words)
    expect(page.get_by_role("option").first).to_contain_text(words)
    page.keyboard.press("Enter")


def pay(page: Page, reference: str, line: str, amount: str) -> None:
    """Type one payment and add it; its line is found by the words that people know."""
    page.get_by_label("Référence").fill(reference)
    choose(page, "Ligne de subvention", line)
    page.get_by_label("Date", exact=True).fill("04/07/2022")
    page.get_by_label("Montant").fill(amount)
    choose(page, "Nature", "acompte")
    page.get_by_role("button", name="Ajouter ce versement").click()


def left_of(page: Page, line: str) -> str:
    """« 20 400 € »: what is paid on one line, as the register tells it."""
    table = page.get_by_role("table", name="Reste à verser, ligne par ligne")
    return table.get_by_role("row", name=line).get_by_role("cell").nth(1).inner_text()


def test_a_payment_is_never_replaced_it_is_changed_and_taken_back(desk: tuple[Page, str]) -> None:
    page, address = desk
    ct2, ct3 = "redistribution sur le CT2", "redistribution sur le CT3"
    look(page, f"{address}/registres?registre=versements")
    before = {line: left_of(page, line) for line in (ct2, ct3)}
    pay(page, "M-1", ct2, "600")
    expect(page.get_by_test_id("stMain").get_by_text("Ce versement est ajouté.")).to_be_in_viewport()
    settled(page)
    after = left_of(page, ct2)
    assert after != before[ct2]

    pay(page, "M-1", ct3, "500")
    offer = page.get_by_role("button", name="Modifier « M-1 »")
    expect(offer).to_be_visible()
    expect(page.get_by_test_id("stMain").get_by_text("« M-1 » existe déjà")).to_be_visible()
    settled(page)
    assert (left_of(page, ct2), left_of(page, ct3)) == (after, before[ct3]), "nothing was replaced"
    for width in (1280, 390):
        sized(page, width, 844)
        assert violations(page) == []

    offer.click()
    expect(page.get_by_role("heading", name="Modifier : M-1")).to_be_visible()
    expect(page.get_by_label("Montant")).to_have_value("600,00")
    page.get_by_label("Montant").fill("700")
    page.get_by_role("button", name="Enregistrer ce versement").click()
    expect(page.get_by_test_id("stMain").get_by_text("Ce versement est modifié.")).to_be_in_viewport()
    expect(page.get_by_test_id("stMain").get_by_text("700 € au lieu de 600 €")).to_be_visible()
    page.get_by_role("button", name="Annuler", exact=True).click()
    expect(page.get_by_test_id("stMain").get_by_text("C’est annulé")).to_be_visible()
    expect(page.get_by_test_id("stMain").get_by_text("600 € au lieu de 700 €")).to_be_visible()
    settled(page)
    assert left_of(page, ct2) == after
