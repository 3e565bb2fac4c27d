"""An association hands in its quarter, in a real browser: the demonstration’s story, and a file of twelve problems."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from core.demonstration import people
from core.demonstration.live import LIVE_FILE, PRIVATE, SHEETS, corrections, write_live_file
from core.settings import sqlite_url
from tests.browser.conftest import new_context
from tests.browser.looking import look, picked, settled
from tests.browser.serving import serving
from tests.browser.signing import cookie
from tests.support.filled import copied, served_url
from tests.support.office import Convert

pytestmark = pytest.mark.browser

ASSOCIATION = "point-formation"
EXPERIMENT = "ct6-pays-de-martigues"


@dataclass
class Desk:
    """Point Formation's own screen, on a store that nobody else writes in."""

    page: Page
    address: str

    def open(self, dataset: str) -> None:
        look(self.page, f"{self.address}/deposer?association={ASSOCIATION}&jeu={dataset}")

    def give(self, file: Path) -> None:
        settled(self.page)  # the place for a file that was there before takes none any more
        self.page.locator('input[type="file"]').set_input_files(file)

    def read(self, sheet: str) -> None:
        picked(self.page, sheet)
        self.page.get_by_role("button", name="Lire cet onglet").click()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=spaced(name)).click()

    def says(self, words: str) -> Locator:
        found = self.page.get_by_text(spaced(words)).first
        expect(found).to_be_visible()
        return found

    def deposit(self, dataset: str, file: Path, sheet: str, button: str) -> None:
        self.open(dataset)
        self.give(file)
        self.read(sheet)
        self.press(button)
        self.says("enregistrées")

    def download(self, name: str, into: Path) -> Path:
        with self.page.expect_download() as waited:
            self.press(name)
        waited.value.save_as(into)
        return into

    def figure(self, code: str, experiment: str) -> str:
        """What « Lignes derrière un chiffre » counts."""
        look(self.page, f"{self.address}/chiffre?indicateur={code}&experience={experiment}")
        return self.page.locator(".equal").inner_text()


def spaced(words: str) -> re.Pattern[str]:
    """The words, whatever spaces of French typography stand between them."""
    return re.compile(r"\s".join(map(re.escape, words.split(" "))))


@pytest.fixture(scope="module")
def store_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The demonstration copied, so that what is handed in here is seen nowhere else: its address, its pages'."""
    copy = tmp_path_factory.mktemp("depot") / "demonstration.sqlite3"
    copied(served_url(), copy)
    with serving(sqlite_url(copy)) as address:
        yield sqlite_url(copy), address


@pytest.fixture
def desk(browser: Browser, store_address: tuple[str, str]) -> Iterator[Desk]:
    url, address = store_address
    context = new_context(browser)
    context.add_cookies([cookie(url, people.PEOPLE[ASSOCIATION])])
    yield Desk(context.new_page(), address)
    context.close()


def edited(file: Path, into: Path, *, without: str, mended: bool) -> Path:
    """The live file after its owner's hand: the column that speaks of people gone, perhaps the slips corrected."""
    book = openpyxl.load_workbook(file)
    sheet = book[SHEETS["materiel"]]
    places = {str(cell.value): cell.column for row in sheet.iter_rows(max_row=6) for cell in row if cell.value}
    for one in corrections() if mended else ():
        cell = sheet.cell(one.line, places[one.heading])
        assert cell.value == one.found
        cell.value = one.right
    sheet.delete_cols(places[without])
    book.save(into)
    return into


def test_live_deposit_as_the_story_tells_it(desk: Desk, tmp_path: Path) -> None:
    """Before: 6 computers of 25, 24 needs; after: 18, 46, and the programme from 179 to 191."""
    file = write_live_file(tmp_path)
    assert "6 lignes = 6" in plain(desk.figure("EQ5a", EXPERIMENT))
    look(desk.page, f"{desk.address}/mes-donnees")
    desk.says("9 sont attendus depuis le 4 juillet 2022")

    desk.open("materiel")
    desk.give(file)
    desk.says("Votre fichier a quatre onglets. Lequel faut-il lire ? Les autres ne sont pas conservés.")
    desk.read("Matériel")
    desk.says(f"une colonne qui ressemble à des téléphones (« {PRIVATE} »). Il n’a pas été conservé.")

    desk.give(edited(file, tmp_path / "sans-colonne.xlsx", without=PRIVATE, mended=False))
    desk.read("Matériel")
    desk.says("Rien n’est encore enregistré. 25 lignes sont prêtes, 3 sont à corriger.")
    desk.says("nous lisons « 31/06/2022 ». Ce jour n’existe pas. Corrigez la date, par exemple 30/06/2022.")
    desk.says("Une machine n’est remise qu’une fois, toutes associations confondues.")
    expect(desk.page.get_by_role("button", name=spaced("Enregistrer 25 lignes"))).to_be_disabled()

    desk.press("Choisir un autre fichier")
    desk.give(edited(file, tmp_path / LIVE_FILE, without=PRIVATE, mended=True))
    desk.read("Matériel")
    desk.says("28 lignes sont prêtes, aucune n’est à corriger.")
    desk.press("Enregistrer 28 lignes")
    desk.says("28 lignes sont enregistrées")
    row = desk.page.get_by_role("row").filter(has_text="Ordinateurs remis")
    expect(row.filter(has_text="Martigues")).to_contain_text(re.compile(r"6 sur 10.*18 sur 2"))
    expect(row.filter(has_text="Programme")).to_contain_text(re.compile(r"179 sur.*191 sur"))

    desk.deposit("diagnostics", file, "Diagnostics", "Enregistrer 6 lignes")
    row = desk.page.get_by_role("row").filter(has_text="Diagnostics réalisés").filter(has_text="Martigues")
    expect(row).to_contain_text(re.compile(r"24.*46"))
    desk.deposit("raccordements", file, "Accords", "Enregistrer ")
    desk.deposit("depenses_a_date", file, "Dépenses", "Enregistrer 1 ligne")
    look(desk.page, desk.address)
    desk.says("191 ordinateurs remis (objectif 250, incomplet)")
    assert "18 lignes = 18" in plain(desk.figure("EQ5a", EXPERIMENT))


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text)


HEADINGS = (
    "Numéro d’inventaire",
    "Type",
    "Provenance",
    "Affectation",
    "Date de réception",
    "Preuve d’effacement",
    "Statut",
    "Date de remise",
    "Lieu",
    "Type de bénéficiaire",
    "En QPV",
)
RIGHT = (
    "ESSAI",
    "ordinateur portable",
    "Métropole",
    EXPERIMENT,
    "19/05/2022",
    "oui",
    "remis",
    "20/06/2022",
    "Martigues",
    "famille",
    "oui",
)
WRONG = (
    ("Date de remise", "31/02/2022"),
    ("Date de remise", "bientôt"),
    ("Date de remise", ""),
    ("Lieu", "Martig"),
    ("Lieu", "Atlantide"),
    ("Type", "grille-pain"),
    ("Statut", "vendu"),
    ("Date de réception", "=cmd|'/C calc'!A1"),
    ("Date de réception", "12/2022/05"),
    ("Type de bénéficiaire", "<b>entreprise</b>"),
    ("En QPV", "peut-être"),
    ("Numéro d’inventaire", ""),
)


def cells(number: int, heading: str = "", wrong: str = "") -> list[str]:
    right = dict(zip(HEADINGS, RIGHT, strict=True)) | {"Numéro d’inventaire": f"ESSAI-{number:02d}"}
    return [wrong if name == heading else right[name] for name in HEADINGS]


def mixed() -> bytes:
    """Two good lines and twelve, each with a problem of its own."""
    lines = [cells(1), cells(2), *(cells(3 + at, *one) for at, one in enumerate(WRONG))]
    return "\n".join(";".join(line) for line in (HEADINGS, *lines)).encode()


def corrected(rejects: Path, into: Path) -> Path:
    """The rejected rows after their owner's hand: she writes in the cells to correct, and in no other."""
    book = openpyxl.load_workbook(rejects)
    sheet = book.worksheets[0]
    places = {sheet.cell(1, at).value: at for at in range(1, sheet.max_column + 1)}
    assert list(places)[-1] == "À corriger"
    for at, (heading, wrong) in enumerate(WRONG):
        cell = sheet.cell(2 + at, places[heading])
        assert (cell.value or "") == wrong and cell.data_type != "f"
        cell.value = dict(zip(HEADINGS, cells(3 + at), strict=True))[heading]
    book.save(into)
    return into


def test_twelve_problems_come_back_corrected_and_can_be_taken_back(
    desk: Desk, tmp_path: Path, soffice: Convert
) -> None:
    page = desk.page
    before = handed_over(desk)
    (tmp_path / "douze.csv").write_bytes(mixed())
    desk.open("materiel")
    desk.give(tmp_path / "douze.csv")
    desk.says("Rien n’est encore enregistré. 2 lignes sont prêtes, 12 sont à corriger.")
    desk.says("nous lisons « <b>entreprise</b> »")
    rejects = desk.download("Télécharger les 12 lignes à corriger (XLSX)", tmp_path / "a-corriger.xlsx")
    remarks = desk.download("Télécharger la liste des remarques (CSV)", tmp_path / "remarques.csv")
    assert len(remarks.read_text("utf-8-sig").splitlines()) >= 13
    assert "'=cmd|" in remarks.read_text("utf-8-sig")
    page.get_by_text(spaced("Garder les 2 lignes valides")).click()
    desk.press("Enregistrer 2 lignes")
    desk.says("2 lignes sont enregistrées")

    fixed = soffice(corrected(rejects, tmp_path / "corrige.xlsx"), "ods", outdir=tmp_path)
    desk.press("Déposer un autre fichier")
    desk.give(fixed)
    desk.says("12 lignes sont prêtes, aucune n’est à corriger.")
    desk.says("Sans réponse, elles sont gardées.")
    desk.press("Enregistrer 12 lignes")
    desk.says("12 lignes sont enregistrées")
    page.get_by_role("link", name="Les expérimentations côte à côte").click()
    desk.says(f"{before + 14} ordinateurs remis")
    settled(page)
    page.go_back()
    desk.press("Annuler ce dépôt")
    desk.says("Ce dépôt est annulé. Vos données sont comme avant")
    assert handed_over(desk) == before + 2

    desk.open("materiel")
    (tmp_path / "douze-et-une-note.csv").write_bytes(mixed() + b"\n\nSource : notre inventaire\n")
    desk.give(tmp_path / "douze-et-une-note.csv")
    desk.says("2 lignes sont prêtes")
    desk.says("Lignes laissées de côté")
    aside = page.get_by_text(spaced("Ligne 17 : « Source : notre inventaire », note sous le tableau, laissée de côté"))
    expect(aside.last).to_be_visible()
    expect(page.get_by_text("Lignes à lire comme des données").last).to_be_visible()
    page.get_by_text(spaced("Garder les 2 lignes valides")).click()
    desk.press("Confirmer 2 lignes, sans changement")
    desk.says("Rien n’a changé : toutes ces lignes étaient déjà enregistrées.")


def handed_over(desk: Desk) -> int:
    """How many computers the first page says were handed over."""
    look(desk.page, desk.address)
    said = desk.page.get_by_text(re.compile(r"\d+\sordinateurs remis \(objectif")).first.inner_text()
    found = re.search(r"(\d+)\sordinateurs remis", said)
    assert found
    return int(found[1])
