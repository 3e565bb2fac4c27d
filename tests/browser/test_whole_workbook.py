"""A workbook of four sheets handed in at once, in a browser, from the sign-in to the store, counted in clicks.

The live deposit of the demonstration, and the workbooks of IFAC and of Anonymal, of its making.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from core.contract import schema_setup
from core.demonstration.live import PRIVATE, SHEETS, corrections, write_live_file
from core.settings import sqlite_url
from core.storage import Store
from tests.browser.conftest import new_context
from tests.browser.looking import settled
from tests.browser.serving import serving
from tests.browser.test_deposit import edited, spaced
from tests.support.filled import NOW, copied, registry, served_url

pytestmark = pytest.mark.browser

MOST = 6
"""Clicks, from the sign-in page to the rows stored."""


class Hand:
    """A person at the screen: each click is counted, the choice of a file too."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address, self.clicks = page, address, 0

    def sign_in(self, who: str) -> None:
        self.page.goto(f"{self.address}/connexion")
        self.click(self.page.get_by_role("button", name=re.compile(who)).first)
        self.reads("Mes données")

    def click(self, what: Any) -> None:
        what.click()
        self.clicks += 1

    def press(self, name: str) -> None:
        self.click(self.page.get_by_role("button", name=spaced(name)).first)

    def follow(self, name: str) -> None:
        self.click(self.page.get_by_role("link", name=name, exact=True).first)

    def give(self, file: Path) -> None:
        settled(self.page)  # the place for a file that was there before takes none any more
        self.page.locator('input[type="file"]').set_input_files(file)
        self.clicks += 1

    def reads(self, words: str) -> None:
        expect(self.page.get_by_text(spaced(words)).first).to_be_visible()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """A copy of the demonstration, and the address of its pages."""
    copy = tmp_path_factory.mktemp("classeur") / "demonstration.sqlite3"
    copied(served_url(), copy)
    with serving(sqlite_url(copy)) as address:
        yield sqlite_url(copy), address


@pytest.fixture
def hand(browser: Browser, shared: tuple[str, str]) -> Iterator[Hand]:
    context = new_context(browser)
    yield Hand(context.new_page(), shared[1])
    context.close()


def book(into: Path, **sheets: list[list[Any]]) -> Path:
    made, data = openpyxl.Workbook(), io.BytesIO()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(data)
    into.write_bytes(data.getvalue())
    return into


def hand_in(hand: Hand, who: str, file: Path, button: str) -> None:
    hand.sign_in(who)
    hand.follow("Déposer un fichier")
    hand.give(file)
    hand.reads("Rien n’est encore enregistré.")
    hand.press(button)
    hand.reads("lignes sont enregistrées dans 4 tableaux")
    assert hand.clicks <= MOST, f"{hand.clicks} clicks"


def revisions(url: str, association: str) -> set[int | None]:
    with Store.open(url) as store:
        return {one.revision for one in store.deposits(association=association)[-4:]}


def test_the_live_deposit_in_one_go(hand: Hand, shared: tuple[str, str], tmp_path: Path) -> None:
    """The file of the story: refused for one sheet, then with three rows to correct, then whole."""
    file = write_live_file(tmp_path)
    hand.sign_in("Point Formation")
    hand.reads("9 sont attendus depuis le 4 juillet 2022")
    hand.follow("Déposer un fichier")
    hand.give(file)
    hand.reads("1 onglet est refusé.")
    hand.reads(f"une colonne qui ressemble à des téléphones (« {PRIVATE} »). Il n’a pas été conservé.")
    expect(hand.page.get_by_role("button", name=spaced("Enregistrer 13 lignes"))).to_be_disabled()

    hand.press("Choisir un autre fichier")
    hand.give(edited(file, tmp_path / "sans.xlsx", without=PRIVATE, mended=False))
    hand.reads("38 lignes sont prêtes dans 4 tableaux, 3 sont à corriger.")
    hand.reads("nous lisons « 31/06/2022 ». Ce jour n’existe pas. Corrigez la date, par exemple 30/06/2022.")
    hand.click(hand.page.get_by_text(spaced("Garder 38 lignes valides")))
    hand.press("Enregistrer 38 lignes dans 4 tableaux")
    hand.reads("38 lignes sont enregistrées dans 4 tableaux.")
    hand.reads("3 lignes attendent d’être corrigées")
    assert len(revisions(shared[0], "point-formation")) == 1, "one revision for the four tables"

    hand.page.goto(f"{hand.address}/mes-donnees")
    hand.reads("3 lignes attendent d’être corrigées")
    hand.follow("Déposer un fichier")
    hand.give(edited(file, tmp_path / "corrige.xlsx", without=PRIVATE, mended=True))
    hand.reads("41 lignes sont prêtes dans 4 tableaux, aucune n’est à corriger.")
    hand.press("Enregistrer 41 lignes dans 4 tableaux")
    hand.reads("41 lignes sont enregistrées dans 4 tableaux.")
    row = hand.page.get_by_role("row").filter(has_text="Ordinateurs remis")
    expect(row.filter(has_text="Programme")).to_contain_text(re.compile(r"191 sur"))
    hand.page.goto(f"{hand.address}/mes-donnees")
    hand.reads("4 tableaux sur 9 sont reçus")
    expect(hand.page.get_by_text(spaced("attendent d’être corrigées"))).to_have_count(0)
    assert len(SHEETS) == 4 and len(corrections()) == 3


# Days of July: what happened before may belong to a relevé that is sent, and is locked.
IFAC = {
    "Immeubles": [
        ["Code immeuble", "Lieu", "Bailleur", "Nombre de logements"],
        ["FV-ESSAI", "Frais Vallon", "bailleur A", 60],
    ],
    "Concertations": [
        ["Code de la réunion", "Date", "Lieu", "Code immeuble", "Participants"],
        ["R-ESSAI-1", "04/07/2022", "Frais Vallon", "FV-ESSAI", 18],
    ],
    "Accords": [
        ["Code immeuble", "Mois", "Accords", "Mises en service"],
        ["FV-ESSAI", "07/2022", 7, 2],
    ],
    "Diagnostics": [
        [
            "Lieu",
            "Mois",
            "Diagnostics",
            "Besoin d’équipement",
            "Besoin de connexion",
            "Besoin d’accompagnement",
            "Structure",
        ],
        ["Frais Vallon", "07/2022", 6, 4, 2, 3, "essai"],
    ],
}

ANONYMAL = {
    "Matériel": [
        ["Numéro d’inventaire", "Type", "Statut", "Date de réception", "Provenance"],
        ["ESSAI-0001", "ordinateur fixe", "reçu", "04/07/2022", "Métropole"],
        ["ESSAI-0002", "ordinateur portable", "reçu", "04/07/2022", "Métropole"],
    ],
    "Communication": [["Code de l’action", "Date", "Lieu", "Canal"], ["C-ESSAI", "04/07/2022", "Salon", "affichage"]],
    "Diagnostics": [
        [
            "Lieu",
            "Mois",
            "Diagnostics",
            "Besoin d’équipement",
            "Besoin de connexion",
            "Besoin d’accompagnement",
            "Structure",
        ],
        ["Salon de Provence", "07/2022", 5, 4, 2, 3, "essai"],
    ],
    "Formations": [
        ["Code de la session", "Date", "Durée en jours", "Commune", "Inscrits", None, "Terminé", None],
        [None, None, None, None, "Professionnels", "Bénévoles", "Professionnels", "Bénévoles"],
        ["F-ESSAI", "04/07/2022", 1, "Salon-de-Provence", 5, 3, 4, 3],
    ],
    "Notice": [["Ce classeur se remplit chaque trimestre."]],
}


def test_a_workbook_of_ifac(hand: Hand, shared: tuple[str, str], tmp_path: Path) -> None:
    hand_in(hand, "IFAC", book(tmp_path / "ifac.xlsx", **IFAC), "Enregistrer 4 lignes dans 4 tableaux")
    assert hand.clicks == 4 and len(revisions(shared[0], "ifac")) == 1
    hand.press("Annuler ce dépôt")
    hand.reads("Ce dépôt est annulé. Toutes vos données sont comme avant")
    with Store.open(shared[0]) as store:
        schema_setup.prepare(registry(), store, at=NOW)
        assert "FV-ESSAI" not in store.rows("ifac", "immeubles")["_key"].to_list()
        assert "R-ESSAI-1" not in store.rows("ifac", "concertations")["_key"].to_list()
        store.journal.verify()


def test_a_workbook_of_anonymal(hand: Hand, shared: tuple[str, str], tmp_path: Path) -> None:
    """Headings on two lines, and a sheet that holds no table."""
    hand_in(hand, "Anonymal", book(tmp_path / "anonymal.xlsx", **ANONYMAL), "Enregistrer 5 lignes dans 4 tableaux")
    assert hand.clicks == 4 and len(revisions(shared[0], "anonymal")) == 1
