"""Workbooks as other programs write them: Google, Numbers, R, hand-made XML. What one sees is read, or it is told."""

from __future__ import annotations

import io
import zipfile

import pytest
import xlsxwriter

from core.errors import FileRefused
from tests.core.reading.factories import MENSUEL, changed, codes, ods, reading, values, xlsx
from tests.core.reading.test_shown import WRITERS, Write, page, told
from tests.dialects.writing import xlsx_page

TITLES = ("numero_inventaire", "type", "nombre")
SHEET = "xl/worksheets/sheet1.xml"


def shrunk() -> bytes:
    """3 150 shown « 3 » by its format, without a word of it."""
    return xlsx_page(page(list(TITLES), ["A1", "écran", 3150], formats={(1, 2): "#,##0,"}))


SPELLINGS: dict[str, tuple[str, str]] = {
    "single quotes": (' s="1"', " s='1'"),
    "a line break": (' s="1"', '\ns="1"'),
    "a zero in front": (' s="1"', ' s="01"'),
    "spaces around the sign": (' s="1"', ' s = "1"'),
}


@pytest.mark.parametrize("name", SPELLINGS)
def test_the_style_of_a_cell_is_known_however_the_file_spells_it(name: str) -> None:
    found = reading(changed(shrunk(), SHEET, *SPELLINGS[name]), "f.xlsx")
    assert "nombre_en_milliers" in {code for _, _, code in codes(found)}


def test_a_cell_that_names_no_style_bears_the_first_one() -> None:
    data = changed(shrunk(), SHEET, ' s="1"', "")
    styles = zipfile.ZipFile(io.BytesIO(data)).read("xl/styles.xml").decode()
    number = styles.partition('numFmtId="')[2].partition('"')[0]
    data = changed(
        data, "xl/styles.xml", '<cellXfs count="2"><xf numFmtId="0"', f'<cellXfs count="2"><xf numFmtId="{number}"'
    )
    assert "nombre_en_milliers" in {code for _, _, code in codes(reading(data, "f.xlsx"))}


UNSEEN: dict[str, tuple[str, str, str]] = {
    "a row of no height": ('<row r="2"', '<row r="2" ht="0" customHeight="1"', "lignes_cachees"),
    "rows hidden by default": ("<sheetFormatPr ", '<sheetFormatPr zeroHeight="1" ', "lignes_cachees"),
    "a column of no width": (
        "<sheetData>",
        '<cols><col min="3" max="3" width="0" customWidth="1"/></cols><sheetData>',
        "colonnes_cachees",
    ),
}


@pytest.mark.parametrize("name", UNSEEN)
def test_what_has_no_size_is_hidden_and_told(name: str) -> None:
    old, new, code = UNSEEN[name]
    found = reading(changed(xlsx(TITLES, ("A1", "écran", 3)), SHEET, old, new), "f.xlsx")
    assert values(found, "nombre") == [(3,)] and told(found) == [code]


@pytest.mark.parametrize("inside", ["1<!-- x -->2", "<![CDATA[12]]>"])
def test_a_value_cut_by_a_comment_is_refused(inside: str) -> None:
    data = changed(xlsx(TITLES, ("A1", "écran", 12)), SHEET, "<v>12</v>", f"<v>{inside}</v>")
    with pytest.raises(FileRefused, match="abîmé"):
        reading(data, "f.xlsx")


TEXTS: dict[str, tuple[str, str]] = {
    "a tab": ("12<text:tab/>34", "12\t34"),
    "a line break": ("12<text:line-break/>34", "12\n34"),
    "a foot note": ("12 <text:note><text:note-citation>1</text:note-citation></text:note>34", "12 34"),
    "words over words": (
        "<text:ruby><text:ruby-base>12</text:ruby-base><text:ruby-text>a</text:ruby-text></text:ruby> 34",
        "12 34",
    ),
    "a raw section": ("<![CDATA[12 34]]>", "12 34"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_of_libreoffice_is_read_as_it_is_shown(name: str) -> None:
    inside, shown = TEXTS[name]
    data = ods(("numero_inventaire", "type", "remarque"), ("A1", "écran", "12 34"))
    found = reading(changed(data, "content.xml", "12 34", inside), "f.ods")
    assert values(found, "remarque") == [(shown,)]


def test_a_number_written_on_two_lines_is_not_one_number() -> None:
    data = ods(TITLES, ("A1", "écran", "12 34"))
    found = reading(changed(data, "content.xml", "12 34", "12<text:line-break/>34"), "f.ods")
    assert [code for _, _, code in codes(found)] == ["nombre"]


def test_a_text_with_another_hidden_under_it_is_the_one_that_is_shown() -> None:
    data = ods(("numero_inventaire", "type", "remarque"), ("A1", "écran", "vu"))
    data = changed(data, "content.xml", "><text:p>vu", ' office:string-value="caché"><text:p>vu')
    assert values(reading(data, "f.ods"), "remarque") == [("vu",)]


@WRITERS
def test_a_title_merged_over_the_first_row_fills_nothing(write: Write, name: str) -> None:
    sheet = page(["numero_inventaire", "type", "remarque"], ["A1", "écran", ""], ["A2", "écran", "x"], merged=(0, 1, 2))
    found = reading(write(sheet), name)
    assert codes(found) == [(2, "remarque", "case_sous_un_titre")]
    assert values(found, "remarque") == [(None,), ("x",)]


def test_the_row_of_totals_of_a_table_is_left_aside() -> None:
    found = reading(_table_with_totals(), "f.xlsx", dataset=MENSUEL)
    assert found.rows.height == 2 and [one.line for one in found.left_aside] == [4] and not found.errors


def _table_with_totals() -> bytes:
    """A table whose row of totals has an average, no label, and looks like data."""
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data)
    sheet = book.add_worksheet()
    columns = [{"header": "Lieu", "total_string": "Gardanne"}, {"header": "Mois", "total_string": "12/2021"}]
    options = {"data": [["Aix", "09/2021", 3], ["Pertuis", "10/2021", 5]], "total_row": True}
    sheet.add_table("A1:C4", options | {"columns": [*columns, {"header": "Nombre", "total_value": 4}]})
    sheet.write("C4", 4)
    book.close()
    return data.getvalue()


@pytest.mark.parametrize("formula", ["=AVERAGE(C2:C3)", "=SUBTOTAL(103,C2:C3)", "=SUM(C$2:C$3)"])
def test_a_row_computed_from_those_above_is_left_aside(formula: str) -> None:
    rows = (("Lieu", "Mois", "Nombre"), ("Aix", "09/2021", 3), ("Pertuis", "10/2021", 5))
    data = changed(xlsx(*rows, ("Gardanne", "11/2021", formula)), SHEET, "</f><v>0</v>", "</f><v>4</v>")
    found = reading(data, "f.xlsx", dataset=MENSUEL)
    assert found.rows.height == 2 and [one.line for one in found.left_aside] == [4]


def test_a_row_computed_from_those_above_is_left_aside_in_libreoffice_too() -> None:
    data = ods(("Lieu", "Mois", "Nombre"), ("Aix", "09/2021", 3), ("Pertuis", "10/2021", 5), ("Gardanne", "11/2021", 4))
    data = changed(data, "content.xml", 'office:value="4"', 'office:value="4" table:formula="of:=AVERAGE([.C2:.C3])"')
    found = reading(data, "f.ods", dataset=MENSUEL)
    assert found.rows.height == 2 and [one.line for one in found.left_aside] == [4]


def test_a_sum_of_other_columns_is_data() -> None:
    data = xlsx(
        ("Lieu", "Mois", "Nombre", "a", "b"), ("Aix", "09/2021", "=SUM(D2:E2)", 1, 2), ("Aix", "10/2021", 3, 1, 2)
    )
    found = reading(changed(data, SHEET, "</f><v>0</v>", "</f><v>3</v>"), "f.xlsx", dataset=MENSUEL)
    assert found.rows["nombre"].to_list() == [3, 3]


NUMBER = '<table:table-cell office:value-type="float" office:value="12"/>'


@pytest.mark.parametrize("kind", ["", ' office:value-type="void"', ' table:style-name="ce1"'])
def test_a_cell_that_does_not_say_what_it_holds_is_what_it_shows(kind: str) -> None:
    data = changed(
        ods(TITLES, ("A1", "écran", 12)),
        "content.xml",
        NUMBER,
        f"<table:table-cell{kind}><text:p>15</text:p></table:table-cell>",
    )
    assert values(reading(data, "f.ods"), "nombre") == [(15,)]


def test_an_amount_in_another_currency_is_no_amount_in_euros() -> None:
    dollars = (
        'office:value-type="currency" office:currency="USD" office:value="12"><text:p>12 $</text:p></table:table-cell>'
    )
    data = ods(("numero_inventaire", "type", "valeur_unitaire"), ("A1", "écran", 12))
    found = reading(changed(data, "content.xml", NUMBER, f"<table:table-cell {dollars}"), "f.ods")
    assert codes(found) == [(2, "valeur_unitaire", "nombre")]


def test_every_cell_that_one_formula_fills_is_said_to_be_computed() -> None:
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data)
    sheet = book.add_worksheet()
    for row, cells in enumerate((TITLES, ("A1", "écran"), ("A2", "écran"))):
        sheet.write_row(row, 0, cells)
    sheet.write_array_formula("C2:C3", "{=E2:E3*2}", None, 6)
    sheet.write("C3", 8)
    book.close()
    found = reading(data.getvalue(), "f.xlsx")
    assert values(found, "nombre") == [(6,), (8,)] and found.warnings[0].expected.startswith("2 cellules")
