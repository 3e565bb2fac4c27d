"""XLSX, XLS and ODS give the same rows as the CSV of the same content."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from core.errors import FileRefused
from core.reading import sheets
from tests.core.reading.factories import HEADINGS, ROW, codes, csv_text, ods, reading, values, xls, xlsx
from tests.support.office import CSV_CP1252_FR, Convert

TYPED = ("A1", "écran", 12.5, date(2021, 9, 14), "Aix-en-Provence", "oui")
EXPECTED = [("A1", "écran", 1250, date(2021, 9, 14), "aix", True)]

STORY = """Association Untel;;;;;
Relevé du 4e trimestre 2021;;;;;
;;;;;
N° inventaire;Type;Valeur unitaire;Date réception;Lieu;En QPV
AMP-0001;Écran;12,5;14/09/2021;Aix-en-Provence;oui
AMP-0002;ordinateur portable;1 234,56;01/10/2021;Port de Bouc;non
AMP-0003;Ordinateurs portables;300;2021-11-30;PERTUIS;x
1234;écran;0,29;3/2/2022;;OUI
TOTAL;;1 547,35;;;
"""


@pytest.mark.parametrize(("make", "name"), [(xlsx, "f.xlsx"), (xls, "f.xls"), (ods, "f.ods")])
def test_typed_cells_give_the_rows(make: object, name: str) -> None:
    found = reading(make(HEADINGS, TYPED), name)
    assert values(found, *HEADINGS) == EXPECTED
    assert not found.errors and not found.repairs
    assert found.sheet == "Feuil1"


@pytest.mark.parametrize(("make", "name"), [(xlsx, "f.xlsx"), (xls, "f.xls"), (ods, "f.ods")])
def test_what_is_kept_reads_the_same_again(make: object, name: str) -> None:
    found = reading(make(("Untel",), HEADINGS, TYPED, ("A2", "écran", 1e-7, "x", "", "")), name)
    again = reading(found.kept, "gardé.csv")
    assert again.rows.equals(found.rows)
    assert list(again.errors) == list(found.errors)


@pytest.mark.parametrize("name", ["f.csv", "f.txt", "f.xlsx", "sans-extension"])
def test_the_content_says_the_format_not_the_name(name: str) -> None:
    assert values(reading(xlsx(HEADINGS, TYPED), name), *HEADINGS) == EXPECTED
    assert values(reading(csv_text(HEADINGS, ROW), name), *HEADINGS) == EXPECTED


@pytest.mark.parametrize("format", ["xlsx", "xls:MS Excel 97", "ods"])
def test_libreoffice_saves_give_the_rows_of_the_csv(soffice: Convert, tmp_path: Path, format: str) -> None:
    source = tmp_path / "releve.csv"
    source.write_bytes(STORY.encode("cp1252"))
    from_csv = reading(source.read_bytes(), source.name)
    saved = soffice(source, format, infilter=CSV_CP1252_FR, outdir=tmp_path)
    from_book = reading(saved.read_bytes(), saved.name)
    assert not from_csv.errors
    assert from_csv.total_rows == 4
    assert from_book.rows.equals(from_csv.rows)


def test_an_old_excel_file_asks_to_check_dates() -> None:
    warnings = reading(xls(HEADINGS, TYPED), "f.xls").warnings
    assert [(p.line, p.code) for p in warnings] == [(None, "format_xls")]


def test_several_sheets_are_listed_and_one_is_asked() -> None:
    data = xlsx(HEADINGS, TYPED, sheet="T4", others={"Notes": [["Réunion"]], "Vide": [], "T3": [HEADINGS]})
    assert sheets(data, "f.xlsx") == ("T4", "Notes", "T3")
    with pytest.raises(
        FileRefused,
        match="trois onglets.*« T4 », « Notes » et « T3 »".replace(" »", "\u00a0»").replace("« ", "«\u00a0"),
    ):
        reading(data, "f.xlsx")
    found = reading(data, "f.xlsx", sheet="T4")
    assert values(found, *HEADINGS) == EXPECTED
    assert "Réunion".encode() not in found.kept
    with pytest.raises(FileRefused, match="n’a pas d’onglet"):
        reading(data, "f.xlsx", sheet="T5")


def test_a_hidden_sheet_is_not_offered(tmp_path: Path) -> None:
    path = tmp_path / "f.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Saisie").write_row(0, 0, HEADINGS)
        book.get_worksheet_by_name("Saisie").write_row(1, 0, ROW)
        lists = book.add_worksheet("Listes")
        lists.write(0, 0, "écran")
        lists.hide()
    assert reading(path.read_bytes(), path.name).sheet == "Saisie"


def test_a_sheet_that_starts_lower_keeps_its_line_numbers() -> None:
    found = reading(xlsx((), (), HEADINGS, (), ("A1", "machin")), "f.xlsx")
    assert codes(found) == [(5, "type", "liste_inconnu")]


def test_dates_with_a_time_and_serials_are_days(tmp_path: Path) -> None:
    rows = [("A1", "écran", None, datetime(2021, 9, 14, 10, 30)), ("A2", "écran", None, 44453)]
    found = reading(xlsx(HEADINGS[:4], *rows), "f.xlsx")
    assert values(found, "date_reception") == [(date(2021, 9, 14),)] * 2
    assert [r.found for r in found.repairs] == ["14/09/2021 10:30:00", "44453"]


@pytest.mark.parametrize(("make", "name"), [(xlsx, "f.xlsx"), (xls, "f.xls")])
def test_whole_numbers_lose_their_point(make: object, name: str) -> None:
    found = reading(make(HEADINGS[:2], (1234, "écran"), (22040001600040, "écran")), name)
    assert values(found, "numero_inventaire") == [("1234",), ("22040001600040",)]


def test_a_number_beyond_fifteen_digits_is_refused() -> None:
    found = reading(xlsx(HEADINGS[:2], (2.2e16, "écran")), "f.xlsx")
    assert codes(found) == [(2, "numero_inventaire", "nombre_arrondi")]


def test_cells_merged_downwards_stand_for_each_line(soffice: Convert, tmp_path: Path) -> None:
    path = tmp_path / "f.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.merge_range(0, 0, 0, 2, "Relevé")
        page.write_row(1, 0, ("numero_inventaire", "type", "lieu"))
        for line in range(3):
            page.write_row(2 + line, 0, (f"A{line}", "écran"))
        page.merge_range(2, 2, 4, 2, "Pertuis")
    saved = [path, *(soffice(path, kind, outdir=tmp_path / "autres") for kind in ("ods", "xls:MS Excel 97"))]
    for file in saved:
        found = reading(file.read_bytes(), file.name)
        assert values(found, "lieu") == [("pertuis",)] * 3, file
        assert [(r.line, r.column) for r in found.repairs if "fusionnées" in r.found] == [(4, "lieu"), (5, "lieu")]


def test_formulas_are_read_by_their_last_value_and_errors_are_problems(soffice: Convert, tmp_path: Path) -> None:
    # Until 29 November 2026 any formula stopped its row, although the workbook holds its value.
    path = tmp_path / "f.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ("numero_inventaire", "type", "valeur_unitaire", "remarque", "Autre"))
        page.write_row(1, 0, ("A1", "écran", 3, "bien"))
        page.write_row(2, 0, ("A2", "écran"))
        page.write_formula(2, 2, "=1+2", None, 3)
        page.write_formula(1, 4, "=1+2", None, 3)
        page.write_row(3, 0, ("A3", "écran"))
        page.write_formula(3, 3, "=NA()", None, "#N/A")
        page.write_row(4, 0, ("Total", None))
        page.write_formula(4, 2, "=SUM(C2:C4)", None, 6)
    saved = [path, *(soffice(path, kind, outdir=tmp_path / "autres") for kind in ("ods", "xls:MS Excel 97"))]
    for file in saved:
        found = reading(file.read_bytes(), file.name)
        assert codes(found) == [(4, "remarque", "erreur_tableur")], file
        assert found.rows["valeur_unitaire"].to_list()[:2] == [300, 300]
        assert "formules_lues" in [one.code for one in found.warnings], file
        assert found.total_rows == 3


def test_booleans_of_the_spreadsheet_are_yes_and_no(soffice: Convert, tmp_path: Path) -> None:
    path = tmp_path / "f.xlsx"
    path.write_bytes(xlsx(("numero_inventaire", "type", "en_qpv"), ("A1", "écran", True), ("A2", "écran", False)))
    for file in [path, *(soffice(path, kind, outdir=tmp_path / "autres") for kind in ("ods", "xls:MS Excel 97"))]:
        assert values(reading(file.read_bytes(), file.name), "en_qpv") == [(True,), (False,)], file


def test_the_frame_of_rows_has_the_types_of_the_schema() -> None:
    rows = reading(xlsx(HEADINGS, TYPED), "f.xlsx").rows
    assert rows.schema == pl.Schema(
        {
            "_line": pl.Int64,
            "numero_inventaire": pl.String,
            "type": pl.String,
            "valeur_unitaire": pl.Int64,
            "date_reception": pl.Date,
            "date_remise": pl.Date,
            "lieu": pl.String,
            "en_qpv": pl.Boolean,
            "nombre": pl.Int64,
            "remarque": pl.String,
        }
    )


BESIDE = {"Lisez-moi": [("Comment remplir",)], "EXEMPLE": [HEADINGS, ROW], "listes": [("écran",)]}


def test_help_sheets_of_our_template_are_not_asked_about() -> None:
    data = xlsx(HEADINGS, ROW, sheet="Matériel", others=BESIDE)
    assert sheets(data, "f.xlsx") == ("Matériel",)
    assert reading(data, "f.xlsx").sheet == "Matériel"


def test_a_second_sheet_of_data_is_still_asked_about() -> None:
    data = xlsx(HEADINGS, ROW, sheet="Matériel", others={**BESIDE, "Brouillon": [HEADINGS, ROW]})
    with pytest.raises(FileRefused, match="deux onglets"):
        reading(data, "f.xlsx")


def test_the_example_is_never_taken_for_data() -> None:
    data = xlsx(sheet="Matériel", others=BESIDE)
    assert sheets(data, "f.xlsx") == ()
    with pytest.raises(FileRefused, match="vide"):
        reading(data, "f.xlsx")


def test_a_lone_sheet_is_read_whatever_its_name() -> None:
    assert reading(xlsx(HEADINGS, ROW, sheet="Exemple"), "f.xlsx").total_rows == 1
