"""A programme set up in one evening: from an empty base to its first committee, the registers by one spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from core.accounts import Office, accounts
from core.contract import schema_setup
from core.domain.programme import METROPOLE
from core.exports.template import filled_registers
from core.settings import sqlite_url
from core.storage import Store
from tests.browser.conftest import new_context
from tests.browser.looking import look, settled
from tests.browser.serving import serving
from tests.browser.test_deposit import spaced
from tests.support.filled import NOW, registry, served_url

pytestmark = pytest.mark.browser

MOST = 15
"""Screens, from the first link to the list of what is left to do: every page opened, every answer that replaces one."""
PEOPLE = {**{name: name for name in ("Anonymal", "ARSENIC", "IFAC", "Point Formation")}, "Élue": ""}
"""Who is invited, and of which association; the last one is of the committee."""


class Screens:
    """The page of somebody who has no account yet; the screens that are shown are counted."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address, self.count = page, address, 0

    def open(self, path: str) -> Page:
        self.count += 1
        return look(self.page, f"{self.address}/{path}")

    @contextmanager
    def answer(self) -> Iterator[None]:
        """What is pressed inside is answered by one screen."""
        yield
        settled(self.page)
        self.count += 1


@pytest.fixture
def first(browser: Browser, tmp_path: Path) -> Iterator[tuple[Screens, str]]:
    """Somebody in front of an empty base, with the link that the server prints at its first start."""
    url = sqlite_url(tmp_path / "vide.sqlite3")
    with Store.open(url) as store:
        schema_setup.prepare(registry(), store, at=NOW)
        secret = accounts.set_up(Office(store), at=datetime.now(UTC))
    assert secret
    with serving(url) as address:
        context = new_context(browser)
        yield Screens(context.new_page(), address), secret
        context.close()


def filled(workbook: Path) -> tuple[Path, int, int]:
    """The registers with the rows of the fictitious year typed under their headings: how many rows, in how many."""
    with Store.open(served_url()) as store:
        schema_setup.prepare(registry(), store, at=NOW)
        told = workbook.with_name("a-recopier.xlsx")
        told.write_bytes(filled_registers(registry(), store, created=NOW))
        counts = [len(store.rows(METROPOLE, one.code)) for one in registry().datasets(METROPOLE)]
    book, source = openpyxl.load_workbook(workbook), openpyxl.load_workbook(told)
    for name in book.sheetnames:
        for row in source[name].iter_rows(min_row=2):
            for cell in row:
                if cell.value is not None:
                    book[name][cell.coordinate].value = cell.value
    made = workbook.with_name("registres-remplis.xlsx")
    book.save(made)
    return made, sum(counts), sum(1 for one in counts if one)


def invite(desk: Screens, name: str, association: str) -> None:
    page = desk.page
    form = page.locator(".st-key-formulaire-invitation")
    form.get_by_label("Courriel").fill(f"{name.split()[0].lower()}@exemple.fr".replace("é", "e"))
    form.get_by_label(re.compile("^Nom que")).fill(name)
    for label, value in (("Rôle", "" if association else "Comité"), ("Association", association)):
        if value:
            form.get_by_label(label).last.click()
            page.keyboard.type(value)
            page.get_by_role("option", name=spaced(value)).first.click()
    with desk.answer():
        form.get_by_role("button", name="Créer l’invitation").click()
        expect(page.get_by_text("L’invitation est prête.")).to_be_visible()
        expect(page.get_by_role("table", name="Comptes", exact=True).get_by_text(name).first).to_be_visible()


def test_from_nothing_to_the_first_committee_by_one_spreadsheet(first: tuple[Screens, str], tmp_path: Path) -> None:
    desk, secret = first
    page = desk.page
    page.goto(f"{desk.address}/invitation/{secret}")
    desk.count += 1
    page.get_by_label("Courriel").fill("cheffe@exemple.fr")
    page.get_by_label(re.compile("^Nom")).fill("Cheffe de projet")
    page.get_by_label("Nouveau mot de passe").fill("un chapeau de paille")
    page.get_by_label("Le même, encore une fois").fill("un chapeau de paille")
    with desk.answer():
        page.get_by_role("button", name="Ouvrir mon accès").click()
        expect(page.get_by_role("link", name="Fixer le jour du prochain comité")).to_be_visible()

    desk.open("comptes")
    for name, association in PEOPLE.items():
        invite(desk, name, association)

    page = desk.open("registres")
    with page.expect_download() as waited:
        page.get_by_role("button", name="Télécharger les registres").click()
    workbook = tmp_path / "registres.xlsx"
    waited.value.save_as(workbook)
    file, rows, tables = filled(workbook)

    desk.open("deposer?association=metropole")
    with desk.answer():
        page.locator('input[type="file"]').set_input_files(file)
        ready = f"{rows} lignes sont prêtes dans {tables} tableaux, aucune n’est à corriger."
        expect(page.locator(".lead").get_by_text(spaced(ready))).to_be_visible()
    with desk.answer():
        page.get_by_role("button", name=spaced(f"Enregistrer {rows} lignes dans {tables} tableaux")).click()
        stored = f"{rows} lignes sont enregistrées dans {tables} tableaux."
        expect(page.locator(".lead")).to_contain_text(spaced(stored))

    desk.open("comites")
    with desk.answer():
        page.get_by_role("button", name="Préparer ce comité").click()
        expect(page.get_by_text(spaced("Le comité n° 1 est inscrit")).first).to_be_visible()

    desk.open("avant-le-comite")
    left = page.locator(".tasks").filter(visible=True)
    expect(left.get_by_role("link", name="Écrire l’ordre du jour")).to_be_visible()
    for done in ("Début et fin des expérimentations", "Objectifs", "Versements", "Annexe du matériel"):
        expect(page.locator("details").get_by_role("link", name=done, include_hidden=True)).to_be_attached()
    assert desk.count <= MOST
