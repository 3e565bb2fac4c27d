"""The deposit on screen: what is asked, what is bounded, what every bad file answers, in French and kept nowhere."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from core import depositing
from core.contract import schema_setup
from core.contract.scope import Scope
from core.demonstration import people
from core.domain.access import Actor
from core.storage import Store
from dashboard.context import Context, install
from tests.dashboard.views.opening import html, opened, plain, said
from tests.support.filled import NOW, TODAY, empty_copy, registry

HEAD = "Lieu;Mois;Diagnostics;Besoin d’équipement;Besoin de connexion;Besoin d’accompagnement"
GOOD = f"{HEAD}\nMartigues;06/2022;6;4;2;4\nPort-de-Bouc;06/2022;3;2;1;2\n"
CODE = "point-formation"
ENGLISH = re.compile(r"\b(Traceback|Error|Exception|File must|not allowed|error)\b")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty programme of its own."""
    with Store.open(empty_copy(tmp_path)) as found:
        schema_setup.prepare(registry(), found, at=NOW)
        yield found


def sit(store: Store, visitor: Actor = people.PEOPLE[CODE]) -> None:
    install(Context(registry(), store, lambda: TODAY, visitors=lambda: visitor))


@pytest.fixture
def desk(store: Store) -> AppTest:
    """Point Formation in front of its table of diagnostics."""
    sit(store)
    return opened("deposer", association=CODE, jeu="diagnostics")


def give(page: AppTest, data: bytes | str, name: str = "releve.csv") -> AppTest:
    content = data.encode() if isinstance(data, str) else data
    page.file_uploader[0].upload(name, content, "application/octet-stream").run()
    assert not page.exception
    return page


def press(page: AppTest, label: str) -> AppTest:
    button = next(one for one in page.button if plain(one.label).replace("\\", "").startswith(label))
    button.click().run()
    assert not page.exception
    return page


def labels(page: AppTest) -> list[str]:
    return [plain(one.label).replace("\\", "") for one in page.button]


def test_what_is_looked_at_is_not_stored_until_confirmed(desk: AppTest, store: Store) -> None:
    give(desk, GOOD)
    assert "Rien n’est encore enregistré. 2 lignes sont prêtes, aucune n’est à corriger." in said(desk)
    assert store.deposits() == []
    press(desk, "Enregistrer 2 lignes")
    assert "2 lignes sont enregistrées" in said(desk)
    assert "Diagnostics réalisés" in said(desk)
    (deposit,) = store.deposits()
    assert (deposit.actor, deposit.file_name) == (people.PEOPLE[CODE].name, "releve.csv")


BESIDE = (
    f"{GOOD}Total;;9;6;3;6\n\nSource : nos services au 30/06/2022\n\nPrévisions\n{HEAD}\nMartigues;07/2022;8;1;1;1\n"
)


def test_what_is_left_aside_is_listed_with_its_lines_and_can_be_read_after_all(desk: AppTest, store: Store) -> None:
    give(desk, BESIDE)
    assert "2 lignes sont prêtes, aucune n’est à corriger." in said(desk)
    assert "5 lignes ne sont pas lues : notes, totaux, titres répétés ou autre tableau." in said(desk)
    for line in (
        "Ligne 4 : « Total », ligne de total, laissée de côté",
        "Ligne 6 : « Source : nos services au 30/06/2022 », sous la fin du tableau, laissée de côté",
        "Ligne 10 : « Martigues », sous la fin du tableau, laissée de côté",
    ):
        assert line in said(desk)
    assert plain(desk.multiselect[0].options[0]) == "Ligne 4 : « Total », ligne de total, laissée de côté"
    desk.multiselect[0].set_value([10]).run()
    press(desk, "Relire le fichier")
    assert "3 lignes sont prêtes, aucune n’est à corriger." in said(desk)
    press(desk, "Enregistrer 3 lignes")
    assert "3 lignes sont enregistrées" in said(desk)
    assert store.rows(CODE, "diagnostics").height == 3


def test_cells_pasted_from_a_spreadsheet_are_read(desk: AppTest, store: Store) -> None:
    desk.text_area[0].input(GOOD.replace(";", "\t"))
    press(desk, "Vérifier ces lignes")
    assert "2 lignes sont prêtes" in said(desk)
    press(desk, "Choisir un autre fichier")
    press(desk, "Vérifier ces lignes")
    assert "Rien n’est collé" in said(desk)
    assert store.deposits() == []


def test_what_was_pasted_and_refused_stays_to_be_mended(desk: AppTest, store: Store) -> None:
    desk.text_area[0].input(HEAD.replace(";", "\t"))
    press(desk, "Vérifier ces lignes")
    assert "n’a pas été conservé" in said(desk)
    assert desk.text_area[0].value == HEAD.replace(";", "\t") and desk.expander[0].proto.expanded
    desk.text_area[0].input(GOOD.replace(";", "\t"))
    press(desk, "Vérifier ces lignes")
    assert "2 lignes sont prêtes" in said(desk)


def test_rows_that_the_file_lacks_are_kept_unless_chosen(desk: AppTest, store: Store) -> None:
    press(give(desk, GOOD), "Enregistrer 2 lignes")
    press(desk, "Déposer un autre fichier")
    one = f"{HEAD}\nMartigues;06/2022;7;4;2;4\n"
    give(desk, one)
    assert "1 ligne déjà enregistrée manque dans ce fichier. Faut-il la supprimer ?" in said(desk)
    assert "6 7" in said(desk), "before and after"
    assert labels(desk)[0] == "Enregistrer 1 ligne"
    (key,) = desk.multiselect[0].options
    desk.multiselect[0].select(key).run()
    press(desk, "Enregistrer 1 ligne et supprimer 1 ligne")
    assert store.rows(CODE, "diagnostics")["diagnostics"].to_list() == [7]


def test_a_base_that_changed_meanwhile_is_shown_again(desk: AppTest, store: Store) -> None:
    give(desk, GOOD)
    file = depositing.FileHandedIn.of(GOOD.replace("06/2022;6", "06/2022;9").encode(), "autre.csv")
    looked = depositing.preview(Scope(registry(), store, people.PEOPLE[CODE], NOW), file, CODE, "diagnostics")
    depositing.confirm(Scope(registry(), store, people.PEOPLE[CODE], NOW), looked, CODE, "diagnostics")
    press(desk, "Enregistrer 2 lignes")
    assert "Les données ont changé depuis la vérification. Rien n’est enregistré" in said(desk)
    assert "9 6" in said(desk), "what is there now, and what the file says"
    press(desk, "Enregistrer 2 lignes")
    assert "2 lignes sont enregistrées" in said(desk)


def test_a_heading_not_understood_is_asked_and_remembered(desk: AppTest, store: Store) -> None:
    give(desk, GOOD.replace("Diagnostics;", "Échanges faits;"))
    assert "Des titres de colonnes manquent ou ne sont pas reconnus." in said(desk)
    (question,) = desk.selectbox
    assert "« Échanges faits » n’est pas reconnue" in plain(question.label)
    question.select("diagnostics")
    press(desk, "Retenir ces réponses")
    assert "2 lignes sont prêtes, aucune n’est à corriger." in said(desk)
    assert depositing.remembered(store, CODE, "diagnostics") == {"Échanges faits": "diagnostics"}
    press(desk, "Choisir un autre fichier")
    press(desk, "Oublier « Échanges faits »")
    assert depositing.remembered(store, CODE, "diagnostics") == {}


def test_nothing_to_declare_is_asked_once_more(desk: AppTest, store: Store) -> None:
    press(desk, "Rien à déclarer ce trimestre")
    assert "un vrai zéro, à la date du jour et à votre nom" in said(desk)
    assert store.deposits() == []
    press(desk, "Déclarer qu’il n’y a rien pour le 2e trimestre 2022")
    (deposit,) = store.deposits()
    assert (deposit.declares_nothing, deposit.period) == (True, "2022-T2")
    assert "Rien à déclarer" in said(opened("mes-donnees"))


def test_a_deposit_is_taken_back(desk: AppTest, store: Store) -> None:
    press(give(desk, GOOD), "Enregistrer 2 lignes")
    press(desk, "Annuler ce dépôt")
    assert "Ce dépôt est annulé." in said(desk)
    assert store.rows(CODE, "diagnostics").is_empty()


def test_the_lead_types_for_an_association_and_others_do_not(store: Store) -> None:
    sit(store, people.LEAD)
    page = opened("deposer", association=CODE, jeu="diagnostics")
    press(give(page, GOOD), "Enregistrer 2 lignes")
    assert store.deposits()[0].on_behalf_of == CODE
    sit(store, people.PEOPLE["ifac"])
    for path in ("deposer", "mes-donnees"):
        assert "Accès refusé" in said(opened(path, association=CODE, jeu="diagnostics"))


def test_hundreds_of_problems_are_grouped_and_the_screen_stays_short(desk: AppTest) -> None:
    bad = "\n".join(f"Atlantide {at};13/2022;x;1;1;1" for at in range(2000))
    give(desk, f"{HEAD}\nMartigues;06/2022;6;4;2;4\n{bad}\n")
    assert "1 ligne est prête, 2 000 sont à corriger." in said(desk)
    assert len(html(desk)) < 60_000
    assert any("2 000" in plain(one.proto.label) for one in desk.get("download_button"))


# --- bad files --------------------------------------------------------------------------------


def bomb() -> bytes:
    """A workbook whose sheet unfolds to a gigabyte."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(700):
                sheet.write(b" " * 1_000_000)
    return data.getvalue()


def xxe() -> bytes:
    book, data, spoilt = openpyxl.Workbook(), io.BytesIO(), io.BytesIO()
    book.active.append(HEAD.split(";"))
    book.save(data)
    with zipfile.ZipFile(data) as archive, zipfile.ZipFile(spoilt, "w") as copy:
        for name in archive.namelist():
            text = archive.read(name)
            if name == "xl/workbook.xml":
                text = b'<!DOCTYPE w [<!ENTITY e SYSTEM "file:///etc/hostname">]>' + text
            copy.writestr(name, text)
    return spoilt.getvalue()


def endless() -> bytes:
    """A sheet whose last cell stands on the last line that a spreadsheet has."""
    book, data = openpyxl.Workbook(), io.BytesIO()
    book.active.append(HEAD.split(";"))
    book.active.cell(1_048_576, 1).value = "fin"
    book.save(data)
    return data.getvalue()


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "bombe.xlsx": (bomb, "n’a pas été conservé"),
    "entites.xlsx": (xxe, "n’a pas été conservé"),
    "vide.csv": (lambda: b"", "Ce fichier est vide"),
    "image.png": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(200), "n’est pas un tableau lisible"),
    "releve.pdf": (lambda: b"%PDF-1.7 ...", "Ce fichier est un PDF"),
    "page.xls": (lambda: b"<html><table></table></html>", "Ce fichier est une page web"),
    "casse.xlsx": (lambda: b"PK\x03\x04" + bytes(300), "n’a pas été conservé"),
    "titres.csv": (lambda: f"{HEAD}\n".encode(), "que des titres"),
    "noms.csv": (lambda: f"{HEAD};Prénom\nMartigues;06/2022;1;1;1;1;Zoé\n".encode(), "n’a pas été conservé"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_one_french_sentence_and_is_not_kept(desk: AppTest, store: Store, name: str) -> None:
    make, words = BAD[name]
    give(desk, make(), name)
    text = said(desk)
    assert words in text and "conservé" in text
    assert not ENGLISH.search(text) and not desk.error
    assert "Télécharger le modèle" in {one.proto.label for one in desk.get("download_button")}, "one may start again"
    assert store.deposits() == []


def test_a_sheet_of_a_million_blank_lines_is_read(desk: AppTest) -> None:
    give(desk, endless(), "longue.xlsx")
    assert "conservé" in said(desk) or "à corriger" in said(desk)
    assert not desk.exception


def test_a_path_or_a_tag_in_a_name_is_only_a_name(desk: AppTest, store: Store) -> None:
    give(desk, GOOD, "../../etc/<b>releve.csv")
    assert "<b>releve" not in html(desk) and "&lt;b&gt;releve.csv" in html(desk)
    press(desk, "Enregistrer 2 lignes")
    assert store.deposits()[0].file_name == "<b>releve.csv"


def test_tags_and_formulas_in_cells_are_shown_as_text(desk: AppTest) -> None:
    give(desk, f'{HEAD}\n"<img src=x onerror=alert(1)>";06/2022;"=cmd|\'/C calc\'!A1";1;1;1\n')
    assert "<img src=x" not in html(desk)
    assert "&lt;img src=x" in html(desk)
    assert "C’est une formule" in said(desk)
