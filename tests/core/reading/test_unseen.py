"""What is written in a workbook and not seen, in its ground’s colour or by a conditional format: read, and told."""

from __future__ import annotations

import io
import struct
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import xlwt

from core.reading import Reading, biff_conditions
from tests.core.reading.factories import changed, ods, reading, values
from tests.core.reading.test_shown import told
from tests.support.office import Convert

TITLES = ("numero_inventaire", "type", "nombre")


def xlsx_with(rule: dict[str, Any] | None = None, over: str = "C2:C3", **dress: Any) -> Reading:
    """Two rows, the number of the first one in this dress, or a conditional format, as they are read."""
    return reading(xlsx_bytes(rule, over, **dress), "f.xlsx")


def xlsx_bytes(rule: dict[str, Any] | None = None, over: str = "C2:C3", **dress: Any) -> bytes:
    """The same, as a file."""
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


def test_a_conditional_format_beside_the_table_says_nothing() -> None:
    assert told(xlsx_with({"num_format": ";;;"}, over="F2:G9")) == []


OLD: dict[str, tuple[dict[str, Any], bool]] = {
    "barre": ({"font_strikeout": True}, True),
    "blanc": ({"font_color": "#FFFFFF"}, True),
    "blanc_sur_blanc": ({"font_color": "#FFFFFF", "bg_color": "#FFFFFF"}, True),
    "rouge_sur_rouge": ({"font_color": "#FF0000", "bg_color": "#FF0000"}, True),
    "rouge_sur_rose": ({"font_color": "#9C0006", "bg_color": "#FFC7CE"}, False),
    "gras": ({"bold": True}, False),
    "fond": ({"bg_color": "#FFC7CE"}, False),
}
"""Conditional formats, and whether they may strike or hide."""


def test_a_conditional_format_of_an_old_workbook_that_strikes_or_hides_is_told(
    soffice: Convert, tmp_path: Path
) -> None:
    files = [tmp_path / f"{name}.xlsx" for name in OLD]
    for file in files:
        file.write_bytes(xlsx_bytes(OLD[file.stem][0]))
    aside = tmp_path / "a_cote.xlsx"
    aside.write_bytes(xlsx_bytes({"font_strikeout": True}, over="F2:G9"))
    soffice(files[0], "xls:MS Excel 97", outdir=tmp_path, also=[*files[1:], aside])
    found = {name: told(reading((tmp_path / f"{name}.xls").read_bytes(), "f.xls")) for name in (*OLD, aside.stem)}
    assert found == {name: ["format_conditionnel"] * hides for name, (_, hides) in OLD.items()} | {aside.stem: []}


@pytest.mark.parametrize(("code", "hides"), [(";;;", True), ("0.00", False)])
def test_a_conditional_number_format_of_excel_in_an_old_workbook_is_told(code: str, hides: bool) -> None:
    """LibreOffice writes none in this format: the records are those that Excel 2007 describes."""
    number = struct.pack("<2HB", 5 + len(code), len(code), 0) + code.encode()
    dress = struct.pack("<IH", 1 << 25, 1) + number
    ranges = bytes(12) + struct.pack("<2H", 1, 0) + struct.pack("<4H", 1, 9, 2, 2) + struct.pack("<5H", 1, 1, 9, 2, 2)
    rule = bytes(12) + struct.pack("<2B2HI", 1, 5, 3, 0, len(dress)) + dress + bytes(3)
    conditions = biff_conditions.Conditions()
    conditions.look(0x0879, ranges)
    conditions.look(0x087A, rule)
    assert conditions.found == [((1, 2), (9, 2))] * hides


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
