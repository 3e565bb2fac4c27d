"""The coordinator's pages: where she lands, a whole workbook, what waits, what a table expects."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from core.checking import waiting
from core.contract import schema_setup
from core.contract.scope import Scope
from core.demonstration import people
from core.depositing import submit
from core.settings import sqlite_url
from core.storage import Store
from dashboard.context import Context, install
from tests.dashboard.views.opening import opened, plain, said
from tests.support.filled import NOW, TODAY, copied, empty_url, registry

CODE, TABLE = "point-formation", "concertations"
MIXED = "code_reunion;date;lieu;participants\nR1;03/05/2022;Martigues;40\nR2;31/02/2022;Martigues;6\n"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty programme of its own, at which Point Formation sits."""
    copy = tmp_path / "vide.sqlite3"
    copied(empty_url(), copy)
    with Store.open(sqlite_url(copy)) as found:
        schema_setup.prepare(registry(), found, at=NOW)
        install(Context(registry(), found, lambda: TODAY, visitors=lambda: people.PEOPLE[CODE]))
        yield found


def hand_in(store: Store) -> None:
    submit.submit(
        Scope(registry(), store, people.PEOPLE[CODE], NOW), MIXED.encode(), "reunions.csv", CODE, TABLE, keep_valid=True
    )


def press(page: AppTest, label: str) -> AppTest:
    next(one for one in page.button if plain(one.label).replace("\\", "").startswith(label)).click().run()
    assert not page.exception
    return page


def test_what_waits_is_on_every_page_until_it_is_dropped(store: Store) -> None:
    hand_in(store)
    assert "1 ligne attend d’être corrigée" in said(opened("mes-donnees"))
    assert "1 ligne attend d’être corrigée (ligne 3 du fichier)" in said(
        opened("historique", association=CODE, jeu=TABLE, depot="1")
    )
    page = opened("lignes", association=CODE, jeu=TABLE, facon="attente")
    assert "nous lisons « 31/02/2022 »" in said(page) and "Ligne 3 de « reunions.csv », déposé le" in said(page)
    press(page, "Laisser tomber cette ligne")
    assert "Dites pourquoi" in said(page)
    page.text_input(key=next(one.key for one in page.text_input if one.label == "Pourquoi")).input("annulée").run()
    press(page, "Laisser tomber cette ligne")
    assert waiting.waiting(store, CODE) == ()
    assert "attend d’être corrigée" not in said(opened("mes-donnees"))


def test_the_metropole_sees_what_waits(store: Store) -> None:
    hand_in(store)
    install(Context(registry(), store, lambda: TODAY, visitors=lambda: people.LEAD))
    assert "Point Formation : 1 ligne de « Concertations » à corriger" in said(opened("points"))
    assert "1 ligne déposée attend d’être corrigée" in said(
        opened("chiffre", indicateur="TR5a", experience="ct6-pays-de-martigues")
    )


def test_a_table_says_what_it_expects(store: Store) -> None:
    page = opened("deposer", association=CODE, jeu=TABLE)
    assert "Titres attendus : « Code de la réunion », « Date », « Lieu » et « Participants »" in said(page)
    assert "Le dictionnaire de ce tableau" in said(page)
    assert "Télécharger le modèle" in {one.proto.label for one in page.get("download_button")}
    assert "Ajouter une ligne" in said(opened("mes-donnees")), "an empty table has a way to type its first row"


def test_sheets_that_are_not_sure_are_asked_with_the_likeliest_chosen(store: Store) -> None:
    made, data = openpyxl.Workbook(), io.BytesIO()
    made.active.title = "Réunions"
    for row in (["Code de la réunion", "Date", "Lieu"], ["R1", "03/05/2022", "Martigues"]):
        made.active.append(row)
    actions = made.create_sheet("Actions")
    for row in (["Code de l’action", "Date", "Lieu", "Canal"], ["C1", "03/05/2022", "Martigues", "affichage"]):
        actions.append(row)
    made.save(data)
    page = opened("deposer", association=CODE)
    page.file_uploader[0].upload("classeur.xlsx", data.getvalue(), "application/octet-stream").run()
    (asked,) = page.selectbox
    assert plain(asked.label) == "Onglet « Réunions »" and asked.value == TABLE
    press(page, "Vérifier ces onglets")
    assert "1 onglet est refusé." in said(page) and "Il manque la colonne « Participants" in said(page)
    press(page, "Ne pas lire cet onglet")
    assert "1 ligne est prête dans 1 tableau, aucune n’est à corriger." in said(page)
    press(page, "Enregistrer 1 ligne dans 1 tableau")
    assert "1 ligne est enregistrée dans 1 tableau." in said(page)
    assert {one.dataset for one in store.deposits()} == {"communication"}


def workbook(**sheets: list[list[Any]]) -> bytes:
    made, data = openpyxl.Workbook(), io.BytesIO()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(data)
    return data.getvalue()


MEETINGS = [["Code de la réunion", "Date", "Lieu", "Participants"], ["R1", "03/05/2022", "Martigues", 40]]
ACTIONS = [["Code de l’action", "Date", "Lieu", "Canal"], ["C1", "03/05/2022", "Martigues", "affichage"]]


def test_two_sheets_of_one_table_are_told_with_what_to_do(store: Store) -> None:
    page = opened("deposer", association=CODE)
    second = [MEETINGS[0], ["R2", "04/05/2022", "Martigues", 12]]
    page.file_uploader[0].upload("c.xlsx", workbook(T1=MEETINGS, T2=second), "application/octet-stream").run()
    assert "Dites où vont deux onglets." in said(page)
    assert "Les onglets « T1 » et « T2 » iraient tous dans « Concertations »" in said(page)
    assert "Copiez leurs lignes les unes sous les autres" in said(page)
    page.selectbox[1].select("")  # « Ne pas lire cet onglet »
    press(page, "Vérifier ces onglets")
    assert "1 ligne est prête dans 1 tableau, aucune n’est à corriger." in said(page)


def test_what_is_left_aside_of_a_workbook_is_listed_and_read_after_all(store: Store) -> None:
    page = opened("deposer", association=CODE)
    meetings = [*MEETINGS, ["* dont 3 prêtés"]]
    page.file_uploader[0].upload("c.xlsx", workbook(T1=meetings, T2=ACTIONS), "application/octet-stream").run()
    assert "1 ligne laissée de côté" in {plain(one.label) for one in page.expander}
    assert "Ligne 3 : « * dont 3 prêtés », note sous le tableau, laissée de côté" in said(page)
    page.multiselect[0].set_value([3]).run()
    press(page, "Relire le fichier")
    assert "2 lignes sont prêtes dans 2 tableaux, 1 est à corriger." in said(page)
    page.multiselect[0].set_value([]).run()
    press(page, "Relire le fichier")
    assert "2 lignes sont prêtes dans 2 tableaux, aucune n’est à corriger." in said(page)


def test_a_file_of_one_table_goes_to_its_own_page(store: Store) -> None:
    page = opened("deposer", association=CODE)
    page.file_uploader[0].upload("reunions.csv", MIXED.encode(), "text/csv").run()
    assert "1 ligne est prête, 1 est à corriger." in said(page)
    assert "Ce qui sera conservé du fichier" in said(page)
