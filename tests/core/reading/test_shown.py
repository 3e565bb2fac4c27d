"""What the workbook shows is what is read, or it is said, or it is refused: XLSX, ODS and XLS alike."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from core.catalogue.columns import Schema, decimal, entier, texte
from core.domain.dataset import Dataset
from core.errors import FileRefused
from core.reading import Reading
from tests.core.reading.factories import HEADINGS, MENSUEL, changed, codes, ods, reading, values, xls, xlsx
from tests.dialects.writing import Page, ods_page, xls_page, xlsx_page


class Parts(Schema):
    code: pl.String = texte("Code")
    part: pl.Float64 = decimal("Part", at_least=0, at_most=100)
    nombre: pl.Int64 = entier("Nombre", optional=True)


TITLES = ["numero_inventaire", "type", "nombre"]
WRITERS = pytest.mark.parametrize(
    ("write", "name"), [(xlsx_page, "f.xlsx"), (ods_page, "f.ods"), (xls_page, "f.xls")], ids=["xlsx", "ods", "xls"]
)
Write = Callable[[Page], bytes]


def page(*rows: Sequence[Any], **more: Any) -> Page:
    return Page([list(row) for row in rows], 0, **more)


def told(found: Reading) -> list[str]:
    return [one.code for one in found.warnings if one.code != "format_xls"]


@WRITERS
def test_zeros_of_the_format_are_part_of_the_number(write: Write, name: str) -> None:
    sheet = page(TITLES, [42, "écran", 3], [7, "écran", 3], formats={(1, 0): "0000", (2, 0): "0000"})
    assert values(reading(write(sheet), name), "numero_inventaire") == [("0042",), ("0007",)]


@WRITERS
def test_a_count_shown_in_per_cent_is_refused(write: Write, name: str) -> None:
    sheet = page(TITLES, ["A1", "écran", 0.6], ["A2", "écran", 4], formats={(1, 2): "0%"})
    assert codes(reading(write(sheet), name)) == [(2, "nombre", "pourcentage")]


@WRITERS
def test_a_number_shown_in_thousands_is_read_as_shown(write: Write, name: str) -> None:
    titles = ["numero_inventaire", "type", "valeur_unitaire"]
    sheet = page(titles, ["A1", "écran", 150], formats={(1, 2): '#,##0," k€"'})
    found = reading(write(sheet), name)
    assert values(found, "valeur_unitaire") == [(15_000,)]
    assert [one.understood.replace("\u00a0", " ").replace("\u202f", " ") for one in found.repairs] == ["150 €"]


@WRITERS
def test_yes_and_no_shown_by_a_format_are_read_as_shown(write: Write, name: str) -> None:
    formats = {(row, 2): '"oui";"oui";"non"' for row in (1, 2)}
    sheet = page(["numero_inventaire", "type", "en_qpv"], ["A1", "écran", 1], ["A2", "écran", 0], formats=formats)
    assert values(reading(write(sheet), name), "en_qpv") == [(True,), (False,)]


@WRITERS
def test_a_unit_beside_a_general_number_is_read(write: Write, name: str) -> None:
    titles = ["numero_inventaire", "type", "valeur_unitaire"]
    found = reading(write(page(titles, ["A1", "écran", 0.15], formats={(1, 2): 'General" k€"'})), name)
    assert values(found, "valeur_unitaire") == [(15_000,)]


@WRITERS
def test_a_zero_that_its_format_hides_is_read_and_said(write: Write, name: str) -> None:
    titles = ["numero_inventaire", "type", "valeur_unitaire"]
    found = reading(write(page(titles, ["A1", "écran", 0], ["A2", "écran", 3], formats={(1, 2): "0;-0;"})), name)
    assert values(found, "valeur_unitaire") == [(0,), (300,)]
    assert told(found) == ["zeros_caches"]


@pytest.mark.parametrize(("write", "name"), [(xlsx_page, "f.xlsx"), (xls_page, "f.xls")])
def test_a_number_that_its_format_hides_is_refused(write: Write, name: str) -> None:
    sheet = page(TITLES, ["A1", "écran", 3], formats={(1, 2): ";;;"})
    assert codes(reading(write(sheet), name)) == [(2, "nombre", "case_cachee")]


@WRITERS
def test_a_day_shown_without_its_year_or_its_day_is_refused(write: Write, name: str) -> None:
    titles = ["numero_inventaire", "type", "date_reception"]
    rows = (["A1", "écran", date(2021, 9, 14)], ["A2", "écran", date(2021, 9, 1)], ["A3", "écran", date(2021, 9, 3)])
    found = reading(write(page(titles, *rows, formats={(1, 2): "d-mmm", (2, 2): "mmm-yy"})), name)
    assert codes(found) == [(2, "date_reception", "date_sans_annee"), (3, "date_reception", "date_sans_jour")]
    assert values(found, "date_reception") == [(date(2021, 9, 3),)]


@WRITERS
def test_a_month_shown_without_its_day_is_that_month(write: Write, name: str) -> None:
    sheet = page(["Lieu", "Mois", "Nombre"], ["aix", date(2021, 9, 1), 3], formats={(1, 1): "mmm-yy"})
    found = reading(write(sheet), name, MENSUEL)
    assert values(found, "mois") == [(date(2021, 9, 1),)] and not found.repairs


@pytest.mark.parametrize(("write", "name"), [(xlsx_page, "f.xlsx"), (xls_page, "f.xls")])
@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (42, "0###", "0042"),
        (612, '0#" "##', "06 12"),
        (42, '"MET-"0000', "MET-0042"),
        ("12", '"MET-"@', "MET-12"),
        (1, '[=1]"un";[=2]"deux"', "un"),
        (3, '[=1]"un";[=2]"deux"', "3"),
        (-5, "0;[Red]-0", "-5"),
        (7, '_-* #,##0 _€_-;-* #,##0 _€_-;_-* "-"?? _€_-;_-@_-', "7"),
        (0, '_-* #,##0 _€_-;-* #,##0 _€_-;_-* "-"?? _€_-;_-@_-', "0"),
    ],
)
def test_a_number_in_a_text_is_the_one_that_is_shown(
    write: Write, name: str, value: object, code: str, shown: str
) -> None:
    sheet = page(["numero_inventaire", "type"], [value, "écran"], formats={(1, 0): code})
    assert values(reading(write(sheet), name), "numero_inventaire") == [(shown,)]


@pytest.mark.parametrize(
    ("style", "value", "shown"),
    [
        (
            'number:min-integer-digits="4"><number:embedded-text number:position="2">-</number:embedded-text>',
            7,
            "00-07",
        ),
        (
            'number:min-integer-digits="1"><number:embedded-text number:position="2">/</number:embedded-text>',
            442,
            "4/42",
        ),
    ],
)
def test_the_signs_among_the_digits_of_a_number_are_read(style: str, value: int, shown: str) -> None:
    sheet = page(["numero_inventaire", "type"], [value, "écran"], formats={(1, 0): "0000"})
    data = changed(ods_page(sheet), "content.xml", 'number:min-integer-digits="4"/>', f"{style}</number:number>")
    assert values(reading(data, "f.ods"), "numero_inventaire") == [(shown,)]


@pytest.mark.parametrize("column", ["nombre", "en_qpv"])
def test_a_boolean_of_libreoffice_is_no_number(column: str) -> None:
    sheet = page(["numero_inventaire", "type", column], ["A1", "écran", 1], formula=(1, 2, True))
    data = changed(ods_page(sheet), "content.xml", "of:=1+1", "of:=TRUE()")
    found = reading(data, "f.ods")
    assert [code for _, _, code in codes(found)] == (["nombre"] if column == "nombre" else [])
    assert column == "nombre" or values(found, "en_qpv") == [(True,)]


@WRITERS
def test_a_title_over_two_filled_columns_is_asked(write: Write, name: str) -> None:
    sheet = page([*TITLES, ""], ["A1", "écran", 3, 4], shared=2)
    assert [one.code for one in reading(write(sheet), name).errors] == ["titre_partage"]


@WRITERS
def test_numbers_beside_numbers_without_a_title_are_asked(write: Write, name: str) -> None:
    found = reading(write(page([*TITLES, ""], ["A1", "écran", 3, 4])), name)
    assert [one.code for one in found.errors] == ["colonne_sans_titre"]
    found = reading(write(page([*TITLES, ""], ["A1", "écran", 3, "vu"])), name)
    assert not found.errors and told(found) == ["colonne_sans_titre"]


def test_more_merged_cells_than_are_looked_at_are_refused() -> None:
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["numero_inventaire", "type"])
    for row in range(1, 2 * 5_001, 2):
        sheet.merge_range(row, 1, row + 1, 1, "écran")
    book.close()
    with pytest.raises(FileRefused, match="trop de cellules fusionnées"):
        reading(data.getvalue(), "f.xlsx")


def test_a_cell_under_a_merged_one_shows_nothing_whatever_it_holds() -> None:
    data = changed(
        xlsx(TITLES, ["A1", "écran", 3], ["A2", "écran", 4]),
        "xl/worksheets/sheet1.xml",
        "</sheetData>",
        '</sheetData><mergeCells count="1"><mergeCell ref="B2:C2"/></mergeCells>',
    )
    found = reading(data, "f.xlsx")
    assert codes(found) == [(2, "nombre", "nombre_fusionne")] or values(found, "nombre")[0] == (None,)


@WRITERS
@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"hidden_row": 1}, "lignes_cachees"),
        ({"struck": 1}, "lignes_barrees"),
        ({"hidden_column": 2}, "colonnes_cachees"),
    ],
)
def test_what_is_not_in_sight_is_read_and_said(write: Write, name: str, more: dict[str, int], code: str) -> None:
    found = reading(write(page(TITLES, ["A1", "écran", 3], ["A2", "écran", 4], **more)), name)
    assert found.rows.height == 2
    assert told(found) == [code]


@WRITERS
def test_a_number_merged_over_lines_is_refused_on_each(write: Write, name: str) -> None:
    sheet = page(TITLES, ["A1", "écran", 3], ["A2", "écran", ""], ["A3", "écran", 4], merged=(1, 2, 2))
    found = reading(write(sheet), name)
    assert codes(found) == [(2, "nombre", "nombre_fusionne"), (3, "nombre", "nombre_fusionne")]


def test_a_text_merged_over_two_columns_is_asked() -> None:
    data = changed(
        xlsx(["numero_inventaire", "type", "date_reception", "date_remise"], ["A1", "écran", date(2021, 9, 14), None]),
        "xl/worksheets/sheet1.xml",
        "</sheetData>",
        '</sheetData><mergeCells count="1"><mergeCell ref="C2:D2"/></mergeCells>',
    )
    found = reading(data, "f.xlsx")
    assert codes(found) == [(2, "date_reception", "cases_fusionnees")]


@WRITERS
def test_a_word_merged_over_lines_stands_for_each_of_them(write: Write, name: str) -> None:
    sheet = page(TITLES, ["A1", "écran", 3], ["A2", "", 4], merged=(1, 2, 1), comment=(1, 1))
    found = reading(write(sheet), name)
    assert values(found, "type") == [("écran",), ("écran",)]
    assert len(found.repairs) == 1


@pytest.mark.parametrize(("write", "name"), [(xlsx_page, "f.xlsx"), (ods_page, "f.ods")])
def test_a_formula_is_read_by_its_value_and_said(write: Write, name: str) -> None:
    found = reading(write(page(TITLES, ["A1", "écran", 3], formula=(1, 2, True))), name)
    assert values(found, "nombre") == [(3,)]
    assert told(found) == ["formules_lues"]


@WRITERS
def test_a_formula_without_value_is_refused(write: Write, name: str) -> None:
    found = reading(write(page(TITLES, ["A1", "écran", 3], formula=(1, 2, False))), name)
    assert codes(found) == [(2, "nombre", "formule")]


def test_the_age_of_the_values_of_formulas_is_told() -> None:
    data = xlsx_page(page(TITLES, ["A1", "écran", 3], formula=(1, 2, True)))
    said = next(one for one in reading(data, "f.xlsx").warnings if one.code == "formules_lues").expected
    assert "enregistrée le" in said and "demande à être recalculé" in said


@pytest.mark.parametrize(("write", "name"), [(xlsx_page, "f.xlsx"), (xls_page, "f.xls")])
def test_days_of_1904_are_read_as_dates_and_refused_as_numbers(write: Write, name: str) -> None:
    titles = ["numero_inventaire", "type", "date_reception"]
    found = reading(
        write(page(titles, ["A1", "écran", date(2021, 9, 14)], ["A2", "écran", 42991], from_1904=True)), name
    )
    assert values(found, "date_reception") == [(date(2021, 9, 14),)]
    assert codes(found) == [(3, "date_reception", "jour_1904")]


def test_a_duration_is_no_number_and_speaks_no_english() -> None:
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, TITLES)
    sheet.write_row(1, 0, ["A1", "écran"])
    sheet.write_number(1, 2, 1.5, book.add_format({"num_format": "[h]:mm"}))
    book.close()
    (problem,) = reading(data.getvalue(), "f.xlsx").errors
    assert problem.found == "36:00:00"


def test_an_empty_coloured_cell_far_away_is_empty() -> None:
    assert reading(xlsx_page(page(TITLES, ["A1", "écran", 3], far=True)), "f.xlsx").rows.height == 1
    data = changed(
        xlsx(TITLES, ["A1", "écran", 3]),
        "xl/worksheets/sheet1.xml",
        "</row></sheetData>",
        '</row><row r="3"><c r="GR3" s="0"></c></row></sheetData>',
    )
    assert reading(data, "f.xlsx").rows.height == 1


def test_protected_workbooks_say_so() -> None:
    data = changed(
        ods(HEADINGS),
        "META-INF/manifest.xml",
        "</manifest:manifest>",
        '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/>'
        "</manifest:file-entry></manifest:manifest>",
    )
    with pytest.raises(FileRefused, match="mot de passe"):
        reading(data, "f.ods")
    old = bytearray(xls(HEADINGS))
    at = old.find(b"\x42\x00\x02\x00")  # CODEPAGE, among the first records, becomes FILEPASS
    old[at : at + 2] = b"\x2f\x00"
    with pytest.raises(FileRefused, match="mot de passe"):
        reading(bytes(old), "f.xls")


@pytest.mark.parametrize("name", ["protege.ods", "protege.xls"])
def test_workbooks_that_libreoffice_protected_say_so(name: str) -> None:
    with pytest.raises(FileRefused, match="mot de passe"):  # saved by LibreOffice itself, with a password
        reading((Path(__file__).parent / name).read_bytes(), name)


def test_a_workbook_of_2003_in_xml_is_no_page() -> None:
    data = b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
    with pytest.raises(FileRefused, match="Excel 2003"):
        reading(data, "f.xls")


def test_a_share_shown_in_per_cent_is_that_share() -> None:
    shares = Dataset("parts", "Parts", Parts, ("code",), place=None)
    for write, name in ((xlsx_page, "f.xlsx"), (ods_page, "f.ods"), (xls_page, "f.xls")):
        sheet = page(["Code", "Part"], ["A", 0.6], ["B", 12.5], formats={(1, 1): "0%"})
        assert values(reading(write(sheet), name, shares), "part") == [(60.0,), (12.5,)], name


def test_the_remedy_of_an_error_of_the_spreadsheet_asks_for_no_free_text() -> None:
    (problem,) = reading("numero_inventaire;type\n#REF!;écran\n").errors
    assert "texte libre" not in problem.remedy


FACES = [
    (3.1, "0.00", "3,10"),
    (3.14159, "0.00", "3,14"),
    (1234.5, "#,##0.00", "1 234,50"),
    (12000, "#,##0", "12 000"),
    (3.1, "0000.0", "0003,1"),
    (0.125, "0.00%", "12,50 %"),
    (12, '0" m"', "12 m"),
    (0.3, "General", "0,3"),
    (date(2021, 9, 14), "yyyy-mm-dd", "2021-09-14"),
    (date(2021, 9, 4), "d mmmm yyyy", "4 septembre 2021"),
    (date(2021, 9, 14), "dd/mm/yyyy", "14/09/2021"),
    (date(2021, 9, 14), "mmm-yy", "sept.-21"),
]


@pytest.mark.parametrize(("write", "name"), [(xlsx_page, "f.xlsx"), (xls_page, "f.xls")])
@pytest.mark.parametrize(("value", "code", "shown"), FACES)
def test_a_number_or_a_day_in_a_column_of_texts_is_what_it_shows(
    write: Write, name: str, value: object, code: str, shown: str
) -> None:
    titles = ["numero_inventaire", "type", "remarque"]
    sheet = page(titles, [value, "écran", value], formats={(1, 0): code, (1, 2): code})
    found = reading(write(sheet), name)
    assert values(found, "numero_inventaire", "remarque") == [(shown, shown)] and not found.errors
    assert found.kept.decode().count(shown) == 2


@WRITERS
def test_a_number_that_its_format_shows_otherwise_is_asked_in_a_column_of_texts(write: Write, name: str) -> None:
    sheet = page(["numero_inventaire", "type", "remarque"], ["A1", "écran", 0.5], formats={(1, 2): "# ?/?"})
    data = write(sheet)
    if name == "f.ods":
        data = changed(
            data, "content.xml", 'office:value="0.5"><text:p>0</text:p>', 'office:value="0.5"><text:p>1/2</text:p>'
        )
        assert values(reading(data, name), "remarque") == [("1/2",)]
    else:
        assert codes(reading(data, name)) == [(2, "remarque", "case_formatee")]


def test_what_libreoffice_writes_of_a_number_is_its_text_whatever_its_style() -> None:
    data = ods(["numero_inventaire", "type", "remarque"], ["A1", "écran", 3.1])
    data = changed(
        data, "content.xml", 'office:value="3.1"/>', 'office:value="3.1"><text:p>3,10</text:p></table:table-cell>'
    )
    assert values(reading(data, "f.ods"), "remarque") == [("3,10",)]


@pytest.mark.parametrize(
    ("style", "shown"),
    [
        ('<number:number number:decimal-places="2" number:min-integer-digits="1"/>', "3,10"),
        ('<number:number number:decimal-places="1" number:min-integer-digits="3"/>', "003,1"),
        ('<number:number number:decimal-places="0" number:min-integer-digits="1" number:grouping="true"/>', "3"),
    ],
)
def test_a_style_of_libreoffice_says_what_a_number_shows(style: str, shown: str) -> None:
    data = ods_page(page(["numero_inventaire", "type", "remarque"], ["A1", "écran", 3.1], formats={(1, 2): "0000"}))
    data = changed(data, "content.xml", '<number:number number:min-integer-digits="4"/>', style)
    data = changed(data, "content.xml", "<text:p>3</text:p>", "")
    assert values(reading(data, "f.ods"), "remarque") == [(shown,)]
