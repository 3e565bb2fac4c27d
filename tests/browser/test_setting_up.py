"""A programme set up in one evening: from nothing to a committee with its agenda, by one spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from core.deliberation import EXPERIMENTS
from core.settings import sqlite_url
from tests.browser.conftest import new_context
from tests.browser.looking import look, settled
from tests.browser.serving import serving
from tests.browser.signing import cookie
from tests.support.filled import copied, empty_url

pytestmark = pytest.mark.browser

DECIDED = "Comité n° 1"
ROWS = {
    "Début et fin": [(code, date(2022, 1, 1), date(2023, 6, 30)) for code in EXPERIMENTS],
    "Périodes et échéances": [("2022-T1", date(2022, 1, 1), date(2022, 3, 31), date(2022, 4, 11))],
    "Objectifs": [
        {"Expérimentation": code, "Indicateur": "EQ5a", "Valeur à atteindre": 30, "Échéance": date(2023, 6, 30)}
        for code in EXPERIMENTS
        if code != "recherche-action"
    ],
}


class Screens:
    """The project lead's page, which counts the screens that were opened."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address, self.count = page, address, 0

    def open(self, path: str) -> Page:
        self.count += 1
        return look(self.page, f"{self.address}/{path}")


@pytest.fixture
def screens(browser: Browser, tmp_path: Path) -> Iterator[Screens]:
    url = sqlite_url(copied(empty_url(), tmp_path / "vide.sqlite3"))
    with serving(url) as address:
        context = new_context(browser)
        context.add_cookies([cookie(url)])
        yield Screens(context.new_page(), address)
        context.close()


def fill(workbook: Path) -> Path:
    """Type the rows under the headings of their sheets, as a person would."""
    book = openpyxl.load_workbook(workbook)
    for name, rows in ROWS.items():
        sheet = book[name]
        titles = [cell.value for cell in sheet[1]]
        for at, row in enumerate(rows, start=2):
            cells = row if isinstance(row, dict) else dict(zip(titles, row, strict=False))
            if "Décision" in titles:
                cells = {**cells, "Décision": DECIDED}
            for title, value in cells.items():
                sheet.cell(at, titles.index(title) + 1, value)
    filled = workbook.with_name("registres-remplis.xlsx")
    book.save(filled)
    return filled


def test_from_nothing_to_a_committee_by_one_spreadsheet(screens: Screens, tmp_path: Path) -> None:
    desk = screens
    page = desk.open("avant-le-comite")
    expect(page.get_by_role("link", name="Fixer le jour du prochain comité")).to_be_visible()

    page = desk.open("registres")
    with page.expect_download() as waited:
        page.get_by_role("button", name="Télécharger les registres").click()
    workbook = tmp_path / "registres.xlsx"
    waited.value.save_as(workbook)

    page = desk.open("deposer?association=metropole")
    page.locator('input[type="file"]').set_input_files(fill(workbook))
    expect(
        page.locator(".lead").get_by_text("12 lignes sont prêtes dans 3 tableaux, aucune n’est à corriger.")
    ).to_be_visible()
    desk.count += 1  # what will change
    page.get_by_role("button", name="Enregistrer 12 lignes dans 3 tableaux").click()
    expect(page.locator(".lead")).to_contain_text("12 lignes sont enregistrées dans 3 tableaux.")
    desk.count += 1  # what was stored, with the button that takes it back

    page = desk.open("comites")
    page.get_by_role("button", name="Préparer ce comité").click()
    settled(page)
    desk.count += 1

    page = desk.open("avant-le-comite")
    done = page.locator("details")
    expect(done.get_by_text("Début et fin des expérimentations")).to_be_attached()
    assert desk.count <= 15
