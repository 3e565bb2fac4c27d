"""A text document of ours (DOCX): our font and colours as its styles, real headings, tables with a repeated head."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from core.domain.palette import FONT, LIGHT

# name: size, bold, colour, space before and after (points)
_STYLES = {
    "Normal": (11, False, LIGHT.ink, 0, 6),
    "Title": (22, True, LIGHT.ink, 0, 2),
    "Subtitle": (14, False, LIGHT.ink_soft, 0, 10),
    "Heading 1": (15, True, LIGHT.accent, 16, 6),
    "Heading 2": (12, True, LIGHT.ink, 10, 3),
    "List Bullet": (11, False, LIGHT.ink, 0, 3),
    "List Number": (11, False, LIGHT.ink, 0, 3),
}
_OWN = {
    "Renseignement": (11, False, LIGHT.ink, 0, 2),
    "Décision": (12, False, LIGHT.ink, 4, 3),
    "Avertissement": (11, True, LIGHT.late, 0, 8),
}


def document(title: str, at: datetime) -> Any:
    """An empty A4 document with our styles; ``at`` dates it."""
    made = Document()
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(1.5)
    section.top_margin = section.bottom_margin = Cm(1.8)
    for name in _OWN:
        made.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = made.styles["Normal"]
    for name, told in (_STYLES | _OWN).items():
        _dress(made.styles[name], *told)
    _speak_french(made)
    properties = made.core_properties
    properties.title, properties.author, properties.language = title, "Fabrique", "fr-FR"
    properties.created = properties.modified = at.replace(tzinfo=None)
    return made


def table(made: Any, headings: Sequence[str], rows: Sequence[Sequence[str]], *, widths: Sequence[float]) -> Any:
    """A table whose first row is its head, repeated on each page and told as such; ``widths`` in centimetres."""
    drawn = made.add_table(rows=1, cols=len(headings), style="Table Grid")
    drawn.autofit = False
    _repeat(drawn.rows[0])
    for at, words in enumerate(headings):
        _fill(drawn.rows[0].cells[at], words, head=True)
    for row in rows:
        cells = drawn.add_row().cells
        for at, words in enumerate(row):
            _fill(cells[at], words)
    for column, width in zip(drawn.columns, widths, strict=True):
        column.width = Cm(width)
    for row in drawn.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)
    return drawn


def foot(made: Any, text: str) -> None:
    """The same words at the foot of each page, and its number."""
    paragraph = made.sections[0].footer.paragraphs[0]
    run = paragraph.add_run(f"{text} · page ")
    _small(run)
    counted = paragraph.add_run()
    _small(counted)
    for kind, words in (("begin", ""), ("", "PAGE"), ("end", "")):
        counted._r.append(_field(kind) if kind else _instruction(words))


def _dress(style: Any, size: float, bold: bool, colour: str, before: float, after: float) -> None:
    font = style.font
    font.name, font.size, font.bold, font.italic = FONT, Pt(size), bold, False
    font.color.rgb = RGBColor.from_string(colour.removeprefix("#"))
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for kind in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(kind), FONT)
    for kind in ("w:asciiTheme", "w:hAnsiTheme", "w:cstheme", "w:eastAsiaTheme"):
        fonts.attrib.pop(qn(kind), None)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    for edge in style.element.findall(f".//{qn('w:pBdr')}"):
        edge.getparent().remove(edge)


def _speak_french(made: Any) -> None:
    properties = made.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    told = properties.find(qn("w:lang"))
    if told is None:
        told = OxmlElement("w:lang")
        properties.append(told)
    told.set(qn("w:val"), "fr-FR")


def _repeat(row: Any) -> None:
    head = OxmlElement("w:tblHeader")
    head.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(head)


def _fill(cell: Any, words: str, *, head: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(words)
    run.font.size, run.bold = Pt(9.5), head
    paragraph.paragraph_format.space_after = Pt(2)
    if head:
        shade = OxmlElement("w:shd")
        shade.set(qn("w:val"), "clear")
        shade.set(qn("w:fill"), LIGHT.sunken.removeprefix("#"))
        cell._tc.get_or_add_tcPr().append(shade)


def _small(run: Any) -> None:
    run.font.size = Pt(8.5)
    run.font.color.rgb = RGBColor.from_string(LIGHT.ink_soft.removeprefix("#"))


def _field(kind: str) -> Any:
    made = OxmlElement("w:fldChar")
    made.set(qn("w:fldCharType"), kind)
    return made


def _instruction(words: str) -> Any:
    made = OxmlElement("w:instrText")
    made.text = words
    return made
