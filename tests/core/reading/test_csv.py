"""CSV files of French offices are read as they are."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from core.catalogue.columns import Schema, texte
from core.domain.dataset import Dataset
from tests.core.reading.factories import (
    HEADINGS,
    MACHINES,
    MENSUEL,
    ROW,
    codes,
    csv_bytes,
    csv_text,
    reading,
    values,
)

EXPECTED = [("A1", "écran", 1250, date(2021, 9, 14), "aix", True)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_each_encoding_and_separator_gives_the_rows(encoding: str, separator: str) -> None:
    row = [f'"{cell}"' if separator in cell else cell for cell in ROW]
    data = csv_text(HEADINGS, row, separator=separator).encode(encoding)
    data = b"\xff\xfe" + data if encoding == "utf-16-le" else data
    found = reading(data)
    assert values(found, *HEADINGS) == EXPECTED
    assert not found.errors and found.kept == data and found.sheet is None


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_each_line_ending_gives_the_rows(ending: str) -> None:
    assert values(reading(csv_text(HEADINGS, ROW).replace("\n", ending)), *HEADINGS) == EXPECTED


def test_a_last_line_without_ending_is_read() -> None:
    assert values(reading(csv_text(HEADINGS, ROW).rstrip("\n")), *HEADINGS) == EXPECTED


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\u2009"])
def test_no_break_spaces_count_as_spaces(space: str) -> None:
    found = reading(csv_text(HEADINGS, ("A1", "écran", f"1{space}234,5{space}€", "", f"Aix en{space}Provence", "")))
    assert values(found, "valeur_unitaire", "lieu") == [(123_450, "aix")]


def test_accents_of_a_macintosh_are_made_whole() -> None:
    assert values(reading(csv_text(HEADINGS, ROW).replace("é", "e\u0301")), "type") == [("écran",)]


@pytest.mark.parametrize(
    "headings",
    [
        ("N° inventaire", "TYPE", "Valeur unitaire (€)", "Date réception", "LIEU", "En quartier prioritaire"),
        ("Numéro d'inventaire", "Types", "valeur_unitaire", "Date de reception (jj/mm/aaaa)", "Lieu *", "EN QPV"),
        ("num. inventaire", "type", "Valeurs unitaires", "reception (date)", "lieu", "en_QPV"),
        ("NUMERO INVENTAIRE", "type", "valeur unitaire", "Date de la réception", "lieu :", "en qpv ?"),
        ("Numero_inventare", "Type", "Valeur unitaire", "Date de récéption", "Lieu", "En quartier prioritaires"),
    ],
)
def test_heading_variants_are_recognised(headings: tuple[str, ...]) -> None:
    assert values(reading(csv_text(headings, ROW)), *HEADINGS) == EXPECTED


def test_columns_may_come_in_any_order() -> None:
    assert values(reading(csv_text(HEADINGS[::-1], ROW[::-1])), *HEADINGS) == EXPECTED


def test_a_close_spelling_is_shown_as_understood() -> None:
    found = reading(csv_text(("numero_inventare", *HEADINGS[1:]), ROW))
    assert [(r.line, r.column, r.found) for r in found.repairs] == [(1, "numero_inventaire", "numero_inventare")]


def test_a_remembered_heading_is_followed() -> None:
    found = reading(csv_text(("Étiquette", *HEADINGS[1:]), ROW), matching={"Étiquette": "numero_inventaire"})
    assert found.headings["Étiquette"] == "numero_inventaire"


def test_junk_lines_above_are_passed_and_lines_counted() -> None:
    junk = "Association Untel;;\n\nRelevé du 4e trimestre;;\n"
    found = reading(junk + csv_text(HEADINGS, ROW, ("A2", "écran", "cher", "31/02/2021", "", "")))
    assert codes(found) == [(6, "valeur_unitaire", "nombre"), (6, "date_reception", "date_impossible")]
    assert found.rows["_line"].to_list() == [5]
    assert (found.total_rows, found.refused_lines.to_list()) == (2, [6])


def test_lines_are_those_of_the_spreadsheet_despite_inner_newlines() -> None:
    text = 'numero_inventaire;type;remarque\nA1;écran;"deux\nlignes"\n\nA2;machin;\n'
    found = reading(text)
    assert codes(found) == [(4, "type", "liste_inconnu")]
    assert values(found, "remarque") == [("deux\nlignes",)]


def test_a_stray_inch_mark_is_only_a_mark() -> None:
    found = reading('numero_inventaire;type;remarque\nA1;écran;dalle 22"\nA2;écran;24" large\n')
    assert values(found, "remarque") == [('dalle 22"',), ('24" large',)]


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ('"A1";"écran";"bien"', ("A1", "écran", "bien")),
        ('"A1";écran;"a;b"', ("A1", "écran", "a;b")),
        ('A1;écran;"dit ""oui"""', ("A1", "écran", 'dit "oui"')),
        ('A1;écran;"""oui"" dit-il"', ("A1", "écran", '"oui" dit-il')),
        ('A1;écran;""', ("A1", "écran", None)),
        ('A1;écran;"22"""', ("A1", "écran", '22"')),
        ('A1;écran;"a\nb"', ("A1", "écran", "a\nb")),
        ('A1;écran;"a\n"', ("A1", "écran", "a")),
        ('A1;écran;le "grand"', ("A1", "écran", 'le "grand"')),
    ],
)
def test_quotes_are_read_as_spreadsheets_write_them(line: str, cells: tuple[str, ...]) -> None:
    found = reading(f"numero_inventaire;type;remarque\n{line}\n\nA2;écran;\n")
    assert values(found, "numero_inventaire", "type", "remarque")[0] == cells
    assert found.rows["_line"].to_list() == [2, 4]


def test_cells_of_spaces_are_blank() -> None:
    found = reading("numero_inventaire;type;remarque\nA1;écran;  \n   ; ;  \nA2; écran ;bien\n")
    assert values(found, "type", "remarque") == [("écran", None), ("écran", "bien")]
    assert not found.errors


def test_blank_rows_and_totals_are_left_aside() -> None:
    rows = [
        ROW,
        ("", "", "", "", "", ""),
        ("A2", "écran", "7,5", "", "", ""),
        ("TOTAL", "", "20", "", "", ""),
        ("", "Sous-total écrans", "20", "", "", ""),
        ("Total général :", "", "", "", "", ""),
    ]
    found = reading(csv_text(HEADINGS, *rows))
    assert found.rows["_line"].to_list() == [2, 4]
    assert [(r.line, r.text) for r in found.left_aside] == [
        (5, "TOTAL"),
        (6, "Sous-total écrans"),
        (7, "Total général :"),
    ]
    assert not found.errors


def test_a_sum_without_label_is_left_aside() -> None:
    rows = [ROW, ("A2", "écran", "7,5", "", "", ""), ("", "", "20", "", "", "")]
    assert reading(csv_text(HEADINGS, *rows)).total_rows == 2


def test_a_last_row_that_is_no_sum_is_judged() -> None:
    rows = [ROW, ("A2", "écran", "7,5", "", "", ""), ("", "", "21", "", "", "")]
    assert {line for line, _, _ in codes(reading(csv_text(HEADINGS, *rows)))} == {4}


def test_headings_written_again_are_left_aside() -> None:
    assert reading(csv_text(HEADINGS, ROW, HEADINGS, ("A2", *ROW[1:]))).total_rows == 2


def test_a_building_called_total_is_kept_when_complete() -> None:
    assert reading(csv_text(HEADINGS, ("Totalis", *ROW[1:]))).total_rows == 1


def test_an_unknown_column_is_a_warning_not_an_error() -> None:
    found = reading(csv_text((*HEADINGS, "Couleur"), (*ROW, "noir")))
    assert [(p.line, p.found, p.code) for p in found.warnings] == [(None, "Couleur", "colonne_inconnue")]
    assert not found.errors


def test_an_absent_optional_column_gives_blanks() -> None:
    found = reading("numero_inventaire;type\nA1;écran\n")
    assert set(found.rows.columns) == {"_line", *MACHINES.by_name}
    assert values(found, "valeur_unitaire", "date_remise") == [(None, None)]
    assert found.headings == {"numero_inventaire": "numero_inventaire", "type": "type"}


def test_a_dash_stands_for_a_blank_and_is_shown() -> None:
    found = reading(csv_text(HEADINGS, ("A1", "écran", "-", "NC", "", "")))
    assert values(found, "valeur_unitaire", "date_reception") == [(None, None)]
    assert [r.understood for r in found.repairs] == ["cellule vide", "cellule vide"]


def test_a_row_longer_than_the_headings_is_refused() -> None:
    found = reading("numero_inventaire,type,valeur_unitaire\nA1,écran,12,50\nA2,écran,12\n")
    assert codes(found) == [(2, None, "trop_de_cellules")]
    assert found.refused_lines.to_list() == [2]


def test_trailing_separators_do_no_harm() -> None:
    assert values(reading(csv_text((*HEADINGS, "", ""), (*ROW, "", ""))), *HEADINGS) == EXPECTED


def test_duplicate_keys_name_both_lines() -> None:
    found = reading(csv_text(HEADINGS, ROW, ("A2", *ROW[1:]), ROW))
    assert codes(found) == [(2, "numero_inventaire", "doublon"), (4, "numero_inventaire", "doublon")]
    assert "ligne 4" in found.errors[0].remedy and "ligne 2" in found.errors[1].remedy


def test_a_key_of_two_columns_repeats_only_as_a_whole() -> None:
    rows = [("Aix", "09/2021", "3"), ("Aix", "10/2021", "3"), ("aix", "sept-21", "4")]
    found = reading(csv_text(("lieu", "mois", "nombre"), *rows), dataset=MENSUEL)
    assert [line for line, _, code in codes(found) if code == "doublon"] == [2, 4]


def test_a_single_column_of_figures_needs_no_separator() -> None:
    found = reading(csv_bytes(("lieu", "mois", "nombre"), ("Aix", "09/2021", "3"), separator=","), dataset=MENSUEL)
    assert values(found, "lieu", "nombre") == [("aix", 3)]


AMOUNTS = "numero_inventaire,type,valeur_unitaire,remarque\n"


@pytest.mark.parametrize("row", ["A1,écran,12,5", "A1,écran,12,5,", "A1,écran,1 200,50"])
def test_a_decimal_comma_that_cuts_a_cell_is_asked(row: str) -> None:
    found = reading(AMOUNTS + row + "\n")
    assert [(line, column, code) for line, column, code in codes(found)] == [(2, "valeur_unitaire", "une_case_ou_deux")]
    assert ",5" in found.errors[0].found


def test_the_question_stands_for_the_errors_of_the_cells_that_moved() -> None:
    found = reading("numero_inventaire,type,valeur_unitaire,date_reception,lieu\nA1,écran,12,5,14/09/2021\n")
    assert codes(found) == [(2, "valeur_unitaire", "une_case_ou_deux")]


@pytest.mark.parametrize(
    "rows",
    [
        'A1,écran,"12,5",7\nA2,écran,150,8\n',
        "A1,écran,12.50,7\nA2,écran,150,8\n",
        "A1,écran,150,posé\nA2,écran,12,2021-A\n",
        "A1,écran,150,\n",
    ],
)
def test_a_file_that_shows_its_decimals_keeps_its_cells(rows: str) -> None:
    found = reading(AMOUNTS + rows)
    assert not found.errors and found.rows.height == rows.count("\n")


@pytest.mark.parametrize("separator", [",", ";"])
def test_a_sentence_cut_at_its_comma_is_asked(separator: str) -> None:
    class Lines(Schema):
        code: pl.String = texte("Code")
        libelle: pl.String = texte("Libellé")
        remarque: pl.String = texte("Remarque", optional=True)

    lines = Dataset("lignes", "Lignes", Lines, ("code",), place=None)
    head = separator.join(("Code", "Libellé", "Remarque"))
    found = reading(f"{head}\nA{separator}Réunion{separator} quartier\n", dataset=lines)
    assert codes(found) == [(2, "libelle", "une_case_ou_deux")]
    spaced = f"{separator} "
    found = reading(f"{head.replace(separator, spaced)}\nA{spaced}Réunion{spaced}quartier\n", dataset=lines)
    assert values(found, "libelle", "remarque") == [("Réunion", "quartier")]


def test_a_file_whose_author_puts_a_space_after_each_separator_is_read() -> None:
    found = reading("numero_inventaire;type;remarque\nA1; écran; posé\nA2; écran; rendu\n")
    assert not found.errors and values(found, "remarque") == [("posé",), ("rendu",)]


@pytest.mark.parametrize("mark", "\u200b\u200c\u200d\u200e\u200f\u2060\u2066\u2069\u061c\u180e\u034f\u00ad\ufeff")
def test_a_mark_that_nobody_sees_makes_no_other_key(mark: str) -> None:
    found = reading(csv_text(HEADINGS, (f"A{mark}1", *ROW[1:]), ROW))
    assert {code for _, _, code in codes(found)} == {"doublon"}


@pytest.mark.parametrize("mark", ["\u2028", "\u2029"])
def test_what_ends_a_line_inside_a_cell_joins_no_figures(mark: str) -> None:
    found = reading(f"numero_inventaire;type;nombre\nA1;écran;1{mark}2\n")
    assert codes(found) == [(2, "nombre", "nombre")]


@pytest.mark.parametrize("name", ["?", "NSP", "à venir", ".", "//?", "En cours", "XXX"])
def test_a_key_that_names_nothing_is_asked(name: str) -> None:
    found = reading(csv_text(HEADINGS, (name, *ROW[1:]), ROW))
    assert [code for _, _, code in codes(found)] == ["sans_nom"]
