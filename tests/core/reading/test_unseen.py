"""What is written in a workbook and not seen, in its ground’s colour or by a conditional format: read, and told."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import xlwt

from core.reading import Reading
from core.reading.biff_conditions import may_hide
from tests.core.reading.factories import changed, ods, reading, values
from tests.core.reading.test_shown import told
from tests.support.office import Convert

TITLES = ("numero_inventaire", "type", "nombre")


def xlsx_with(rule: dict[str, Any] | None = None, over: str = "C2:C3", **dress: Any) -> Reading:
    """Two rows, the number of the first one in this dress, or a conditional format."""
    return reading(_xlsx_with(rule, over, **dress), "f.xlsx")


def _xlsx_with(rule: dict[str, Any] | None = None, over: str = "C2:C3", **dress: Any) -> bytes:
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, TITLES)
    sheet.write_row(1, 0, ("A1", "écran"))
    sheet.write_number(1, 2, 3, book.add_format(dress) if dress else None)
    sheet.write_row(2, 0, ("A2", "écran", 4))
    if rule:
        sheet.conditional_format(over, {"type": "cell", "criteria": ">", "value": 1, "format": book.add_format(rule)})
    book.close()
    return data.getvalue()


@pytest.mark.parametrize(
    ("dress", "said"),
    [
        ({"font_color": "#FFFFFF"}, ["cases_invisibles"]),
        ({"font_color": "#FFFFFF", "bg_color": "#FFFFFF"}, ["cases_invisibles"]),
        ({"font_color": "#FF0000", "bg_color": "#FF0000"}, ["cases_invisibles"]),
        ({"font_color": "#FFFFFF", "bg_color": "#003366"}, []),
        ({"font_color": "#000000"}, []),
    ],
)
def test_words_of_the_colour_of_their_ground_are_told(dress: dict[str, str], said: list[str]) -> None:
    found = xlsx_with(**dress)
    assert told(found) == said and values(found, "nombre") == [(3,), (4,)]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"font_strikeout": True}, ["format_conditionnel"]),
        ({"num_format": ";;;"}, ["format_conditionnel"]),
        ({"font_color": "#FFFFFF"}, ["format_conditionnel"]),
        ({"font_color": "#FFFFFF", "bg_color": "#FFFFFF"}, ["format_conditionnel"]),
        ({"font_color": "#9C0006", "bg_color": "#FFC7CE"}, []),
        ({"bold": True}, []),
    ],
)
def test_a_conditional_format_that_strikes_or_hides_is_told(rule: dict[str, Any], said: list[str]) -> None:
    found = xlsx_with(rule)
    assert told(found) == said and values(found, "nombre") == [(3,), (4,)]


OLD: dict[str, tuple[dict[str, Any], list[str]]] = {
    "struck": ({"font_strikeout": True}, ["format_conditionnel"]),
    "white": ({"font_color": "#FFFFFF"}, ["format_conditionnel"]),
    "red-on-red": ({"font_color": "#FF0000", "bg_color": "#FF0000"}, ["format_conditionnel"]),
    "dark-on-light": ({"font_color": "#9C0006", "bg_color": "#FFC7CE"}, []),
    "bold": ({"bold": True}, []),
}


def test_in_an_old_excel_file_too(soffice: Convert, tmp_path: Path) -> None:
    """Saved by LibreOffice, which writes no number format there: that one is seen as it is."""
    files = [tmp_path / f"{name}.xlsx" for name in OLD]
    for file, (rule, _) in zip(files, OLD.values(), strict=True):
        file.write_bytes(_xlsx_with(rule))
    soffice(files[0], "xls", outdir=tmp_path, also=files[1:])
    for name, (_, said) in OLD.items():
        found = reading((tmp_path / f"{name}.xls").read_bytes(), "f.xls")
        assert told(found) == said and values(found, "nombre") == [(3,), (4,)], name


def test_a_number_format_that_shows_nothing_in_the_record_that_excel_added() -> None:
    dress = (1 << 25).to_bytes(4, "little") + b"\x01\x00" + bytes([8, 0, 3, 0, 0]) + b";;;"
    assert may_hide(dress)
    assert not may_hide(dress.replace(b";;;", b"0,0"))


def test_a_conditional_format_beside_the_table_says_nothing() -> None:
    assert told(xlsx_with({"num_format": ";;;"}, over="F2:G9")) == []


@pytest.mark.parametrize(
    ("ink", "ground", "said"),
    [("white", None, True), ("white", "white", True), ("red", "red", True), ("white", "red", False)],
)
def test_words_of_the_colour_of_their_ground_are_told_in_an_old_workbook(
    ink: str, ground: str | None, said: bool
) -> None:
    data, book = io.BytesIO(), xlwt.Workbook()
    sheet = book.add_sheet("Feuil1")
    for row, cells in enumerate((TITLES, ("A1", "écran", 3))):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    pattern = f"; pattern: pattern solid, fore_colour {ground}" if ground else ""
    sheet.write(2, 0, "A2")
    sheet.write(2, 1, "écran")
    sheet.write(2, 2, 4, xlwt.easyxf(f"font: color {ink}{pattern}"))
    book.save(data)
    assert told(reading(data.getvalue(), "f.xls")) == ["cases_invisibles"] * said


STYLE = (
    '<office:automatic-styles xmlns:fo="fo" xmlns:style="style" xmlns:number="number">'
    '<style:style style:name="ce1" style:family="table-cell">{}</style:style>'
    '<number:number-style style:name="N9"><number:text/></number:number-style></office:automatic-styles>'
)
CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
WHITE = '<style:text-properties fo:color="#ffffff"/>'
RED = '<style:table-cell-properties fo:background-color="#cc0000"/>'
STRUCK = '<style:text-properties style:text-line-through-style="solid"/>'


def libreoffice(style: str, cell: str, after: str = "") -> Reading:
    data = ods(TITLES, ("A1", "écran", 3))
    data = changed(data, "content.xml", "<office:automatic-styles/>", STYLE.format(style))
    data = changed(data, "content.xml", 'office:value-type="float"', f'office:value-type="float" {cell}')
    return reading(changed(data, "content.xml", "</table:table>", f"{after}</table:table>"), "f.ods")


@pytest.mark.parametrize(("style", "said"), [(WHITE, ["cases_invisibles"]), (WHITE + RED, [])])
def test_words_of_the_colour_of_their_ground_are_told_in_libreoffice(style: str, said: list[str]) -> None:
    assert told(libreoffice(style, 'table:style-name="ce1"')) == said


@pytest.mark.parametrize(
    ("style", "said"), [(STRUCK, ["format_conditionnel"]), (WHITE, ["format_conditionnel"]), (RED, [])]
)
def test_a_conditional_format_of_libreoffice_that_strikes_or_hides_is_told(style: str, said: list[str]) -> None:
    rule = (
        f'<calcext:conditional-formats xmlns:calcext="{CALC}">'
        '<calcext:conditional-format calcext:target-range-address="Feuil1.C2:Feuil1.C9">'
        '<calcext:condition calcext:apply-style-name="ce1" calcext:value="&gt;1"/></calcext:conditional-format>'
        "</calcext:conditional-formats>"
    )
    assert told(libreoffice(style, "", rule)) == said
