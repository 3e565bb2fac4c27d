"""What slides are made of: places on the page, texts that stay in them, numbers, the template."""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, TypeVar
from xml.sax.saxutils import escape, quoteattr

from pptx.oxml import parse_xml

from core.domain.palette import FONT, LIGHT

if TYPE_CHECKING:
    from pptx.presentation import Presentation
    from pptx.shapes.base import BaseShape
    from pptx.slide import Slide, SlideLayout, SlideMaster

CUT = "… (texte entier dans les notes)"
"""What ends a text that was cut."""
LEAST = 9.0
"""The smallest size of text, in points."""
_WIDE, _BOLD, _TALL = 0.56, 0.62, 1.22
"""Of the size: the width of a character, of a bold one, the height of a line."""
_SCALES = (1.0, 0.92, 0.85, 0.78, 0.72, 0.66, 0.6)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TextRun:
    """Words of one size and colour."""

    text: str
    size: float = 14
    bold: bool = False
    colour: str = LIGHT.ink


Lines = Sequence[Sequence[TextRun]]


def height_of(lines: Lines, width: float, after: float) -> float:
    """The height in inches that ``lines`` take in ``width`` inches, with ``after`` points between paragraphs."""
    points = sum(_lines_of(line, width) * _TALL * _size(line) + after for line in lines)
    return points / 72


def fitted(lines: Lines, width: float, height: float, after: float = 2) -> Lines:
    """The lines at the first size at which they take no more than ``height``; cut at the end when none is enough."""
    for scale in _SCALES:
        smaller = [[replace(run, size=_scaled(run.size, scale)) for run in line] for line in lines]
        if height_of(smaller, width, after) <= height:
            return smaller
    return _cut(smaller, width, height, after)


def _cut(lines: Lines, width: float, height: float, after: float) -> Lines:
    """The longest text shortened until all fits; then without the last paragraphs."""
    kept = [list(line) for line in lines]
    while height_of(kept, width, after) > height:
        at, rank, run = max(
            ((at, rank, run) for at, line in enumerate(kept) for rank, run in enumerate(line)),
            key=lambda one: len(one[2].text),
        )
        bare = run.text.removesuffix(CUT)
        if len(bare) <= 2 * len(CUT):
            if len(kept) == 1:
                break  # a few words stay, rather than none
            kept.pop()
            continue
        kept[at][rank] = replace(run, text=bare[: max(len(CUT), int(len(bare) * 0.9))].rstrip(" ,;:.") + CUT)
    return kept


def _scaled(size: float, scale: float) -> float:
    return min(size, max(LEAST, size * scale))


def _size(line: Sequence[TextRun]) -> float:
    return max((run.size for run in line), default=12)


def _lines_of(line: Sequence[TextRun], width: float) -> int:
    taken = sum(len(run.text) * run.size * (_BOLD if run.bold else _WIDE) for run in line)
    return max(1, math.ceil(taken / (72 * width)))


# --- What is put on a slide: text, tables, bars, each with a name and a text for who cannot see it ----
# The shapes are written as the format has them and read at once: built piece by piece, a deck takes ten times as long.


_NAMES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TABLE = "http://schemas.openxmlformats.org/drawingml/2006/table"
# What XML has no writing for.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_EMU = 914_400  # in an inch


@dataclass(frozen=True, slots=True)
class Area:
    """A place on the slide, in inches."""

    left: float
    top: float
    width: float
    height: float


def text(slide: Slide, area: Area, lines: Lines, *, name: str, after: float = 2) -> None:
    """A box of text, one paragraph for each line, ``after`` points between them; set smaller where it would run out."""
    lines = fitted(lines, area.width, area.height, after)
    said = " ".join("".join(run.text for run in line) for line in lines)
    words = "".join(_paragraph(line, after) for line in lines) or "<a:p/>"
    _add(
        slide,
        f'<p:sp {_NAMES}><p:nvSpPr>{_identity(slide, name, said)}<p:cNvSpPr txBox="1"/><p:nvPr/></p:nvSpPr>'
        f'<p:spPr>{_place("a", area)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/></p:spPr>'
        '<p:txBody><a:bodyPr wrap="square" lIns="0" rIns="0" tIns="0" bIns="0"/><a:lstStyle/>'
        f"{words}</p:txBody></p:sp>",
    )


def rectangle(slide: Slide, area: Area, hue: str, *, name: str, alternative: str) -> None:
    """A plain coloured rectangle, without edge or shadow."""
    _add(
        slide,
        f"<p:sp {_NAMES}><p:nvSpPr>{_identity(slide, name, alternative)}<p:cNvSpPr/><p:nvPr/></p:nvSpPr>"
        f'<p:spPr>{_place("a", area)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>{fill(hue)}'
        "<a:ln><a:noFill/></a:ln></p:spPr></p:sp>",
    )


def target_bar(
    slide: Slide, area: Area, done: float | None, expected: float | None, hue: str, alternative: str
) -> None:
    """How much of the target, and a tick where it should be today; nothing without a target."""
    if done is None:
        return
    rectangle(slide, area, LIGHT.line, name="Objectif", alternative=alternative)
    share = min(1.0, max(0.0, done))
    if share:
        filled = Area(area.left, area.top, area.width * share, area.height)
        rectangle(slide, filled, hue, name="Fait", alternative=alternative)
    if expected is not None:
        at = area.left + area.width * min(1.0, expected)
        tick = Area(at - 0.012, area.top - 0.03, 0.024, area.height + 0.06)
        rectangle(slide, tick, LIGHT.ink, name="Attendu à cette date", alternative=alternative)


def table(
    slide: Slide,
    area: Area,
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    name: str,
    alternative: str,
    widths: Sequence[float] = (),
    numeric: Collection[int] = (),
    size: float = 12,
) -> None:
    """A native table, its first row being its headings, dressed as those of the screen."""
    shares = widths or [1] * len(headings)
    columns = "".join(f'<a:gridCol w="{_emu(area.width * share / sum(shares))}"/>' for share in shares)
    height = _emu(area.height / (len(rows) + 1))
    body = "".join(
        f'<a:tr h="{height}">'
        + "".join(_cell(words, size, head=rank == 0, right=at in numeric) for at, words in enumerate(row))
        + "</a:tr>"
        for rank, row in enumerate([headings, *rows])
    )
    _add(
        slide,
        f"<p:graphicFrame {_NAMES}><p:nvGraphicFramePr>{_identity(slide, name, alternative)}"
        '<p:cNvGraphicFramePr><a:graphicFrameLocks noGrp="1"/></p:cNvGraphicFramePr><p:nvPr/></p:nvGraphicFramePr>'
        f'{_place("p", area)}<a:graphic><a:graphicData uri="{_TABLE}"><a:tbl><a:tblPr firstRow="1"/>'
        f"<a:tblGrid>{columns}</a:tblGrid>{body}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>",
    )


def _cell(words: str, size: float, *, head: bool, right: bool) -> str:
    run = TextRun(words, size, head, LIGHT.ink_soft if head else LIGHT.ink)
    edge = LIGHT.line_strong if head else LIGHT.line
    return (
        f"<a:tc><a:txBody><a:bodyPr/><a:lstStyle/>{_paragraph([run], 0, right=right)}</a:txBody>"
        f'<a:tcPr marL="45720" marR="45720" marT="18288" marB="18288" anchor="ctr">'
        f'<a:lnB w="6350">{fill(edge)}</a:lnB>{fill(LIGHT.sunken if head else LIGHT.ground)}</a:tcPr></a:tc>'
    )


def _paragraph(line: Sequence[TextRun], after: float, *, right: bool = False) -> str:
    side = ' algn="r"' if right else ""
    runs = "".join(
        f'<a:r><a:rPr lang="fr-FR" sz="{round(100 * one.size)}" b="{int(one.bold)}">{fill(one.colour)}</a:rPr>'
        f"<a:t>{escape(clean(one.text))}</a:t></a:r>"
        for one in line
    )
    return f'<a:p><a:pPr{side}><a:spcAft><a:spcPts val="{round(100 * after)}"/></a:spcAft></a:pPr>{runs}</a:p>'


def fill(text: str) -> str:
    """« #25679F » as the colour of what is filled."""
    return f'<a:solidFill><a:srgbClr val="{text.removeprefix("#")}"/></a:solidFill>'


def _place(prefix: str, area: Area) -> str:
    off = f'<a:off x="{_emu(area.left)}" y="{_emu(area.top)}"/>'
    return f'<{prefix}:xfrm>{off}<a:ext cx="{_emu(area.width)}" cy="{_emu(area.height)}"/></{prefix}:xfrm>'


def _identity(slide: Slide, name: str, alternative: str) -> str:
    """The number, name and alternative text of the next shape."""
    number = 100 + len(slide.shapes._spTree)
    return f'<p:cNvPr id="{number}" name={quoteattr(clean(name))} descr={quoteattr(clean(alternative))}/>'


def chart_frame(slide: Slide, area: Area, chart: str, *, name: str, alternative: str) -> None:
    """The place of a chart, which is the part that the slide knows as ``chart``."""
    _add(
        slide,
        f"<p:graphicFrame {_NAMES}><p:nvGraphicFramePr>{_identity(slide, name, alternative)}"
        '<p:cNvGraphicFramePr><a:graphicFrameLocks noGrp="1"/></p:cNvGraphicFramePr><p:nvPr/></p:nvGraphicFramePr>'
        f'{_place("p", area)}<a:graphic><a:graphicData uri="{_CHART}"><c:chart xmlns:c="{_CHART}" '
        f'xmlns:r="{_RELATIONS}" r:id="{chart}"/></a:graphicData></a:graphic></p:graphicFrame>',
    )


def _add(slide: Slide, written: str) -> None:
    slide.shapes._spTree.append(parse_xml(written))


def clean(words: str) -> str:
    """``words`` without what XML cannot write."""
    return _UNWRITABLE.sub("", words)


def _emu(inches: float) -> int:
    return round(inches * _EMU)


# --- The empty deck: 16:9, our palette and our font as its theme, one master, one layout -----------


WIDTH, HEIGHT = 13.333, 7.5
"""Inches."""
MARGIN = 0.55
LAYOUT = "Fabrique – titre et place libre"
_TITLE = (MARGIN, 0.62, WIDTH - 2 * MARGIN, 0.95)


def empty_deck() -> Presentation:
    """A presentation without a slide, ready for ``deck``."""
    from pptx import Presentation as opened

    return opened(io.BytesIO(_template()))


@cache
def _template() -> bytes:
    """The deck as a file, made once."""
    from pptx import Presentation as opened
    from pptx.util import Inches

    made = opened()
    made.slide_width, made.slide_height = Inches(WIDTH), Inches(HEIGHT)
    _keep_one_layout(made)
    _dress_theme(made.slide_master)
    _dress_master(made.slide_master)
    _dress_layout(made.slide_layouts[0])
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


def _keep_one_layout(made: Presentation) -> None:
    """The one with a title alone; the others are of another shape and another look."""
    wanted = made.slide_layouts.get_by_name("Title Only")
    for layout in list(made.slide_layouts):
        if layout is not wanted:
            made.slide_layouts.remove(layout)


def _dress_theme(master: SlideMaster) -> None:
    theme = next(one.target_part for one in master.part.rels.values() if one.reltype.endswith("/theme"))
    text = theme.blob.decode("utf-8")
    text = text.replace('name="Office Theme"', 'name="Fabrique"')
    for name, colour in _scheme().items():
        text = re.sub(
            rf"(<a:{name}>).*?(</a:{name}>)", rf'\g<1><a:srgbClr val="{colour.removeprefix("#")}"/>\g<2>', text, count=1
        )
    text = re.sub(r'<a:latin typeface="[^"]*"', f'<a:latin typeface="{FONT}"', text)
    theme._blob = text.encode("utf-8")


def _scheme() -> Mapping[str, str]:
    """The palette under the names of a theme: what « accent 1 » is in the menus of the reader."""
    return {
        "dk1": LIGHT.ink,
        "lt1": LIGHT.surface,
        "dk2": LIGHT.ink_soft,
        "lt2": LIGHT.sunken,
        "accent1": LIGHT.axis1,
        "accent2": LIGHT.axis2,
        "accent3": LIGHT.axis3,
        "accent4": LIGHT.accent,
        "accent5": LIGHT.muted,
        "accent6": LIGHT.late,
        "hlink": LIGHT.accent,
        "folHlink": LIGHT.axis3,
    }


def _dress_master(master: SlideMaster) -> None:
    """The ground, the place of the title; dates, feet and numbers are written on each slide."""
    from pptx.dml.color import RGBColor

    fill = master.background.fill
    fill.solid()
    fill.fore_color.rgb = RGBColor.from_string(LIGHT.ground.removeprefix("#"))
    for shape in list(master.placeholders):
        if shape.placeholder_format.idx > 1:
            shape._element.getparent().remove(shape._element)
    _template_place(master.placeholders[0], *_TITLE)
    _template_place(master.placeholders[1], MARGIN, 1.75, WIDTH - 2 * MARGIN, 4.9)
    _style_title(master)


def _style_title(master: SlideMaster) -> None:
    style = master._element.find(".//{*}titleStyle/{*}lvl1pPr")
    style.set("algn", "l")
    run = style.find("{*}defRPr")
    run.set("sz", "2400")
    run.set("b", "1")


def _dress_layout(layout: SlideLayout) -> None:
    layout.name = LAYOUT
    for shape in list(layout.placeholders):
        if shape.placeholder_format.idx != 0:
            shape._element.getparent().remove(shape._element)
    title = layout.placeholders[0]
    title.name = "Titre"
    _template_place(title, *_TITLE)
    body = title._element.find(".//{*}bodyPr")
    body.set("anchor", "t")
    for side in ("lIns", "rIns", "tIns", "bIns"):
        body.set(side, "0")


def _template_place(shape: BaseShape, left: float, top: float, width: float, height: float) -> None:
    from pptx.util import Inches

    shape.left, shape.top, shape.width, shape.height = (Inches(one) for one in (left, top, width, height))


# --- The workbook inside a native chart: the numbers that open when its reader asks to edit them ----
# All but its sheet is made once for each format of numbers; the sheet is then written into a copy.


_SHEET = "xl/worksheets/sheet1.xml"
_BEFORE_DATED = (1980, 1, 1, 0, 0, 0)


def workbook(names: Sequence[str], series: Sequence[tuple[str, Sequence[float | None]]], form: str) -> bytes:
    """A spreadsheet of ``names`` down its first column, then one column for each of ``series``, in ``form``."""
    kept = io.BytesIO()
    kept.write(_all_but_sheet(form))
    with zipfile.ZipFile(kept, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(zipfile.ZipInfo(_SHEET, _BEFORE_DATED), _sheet(names, series), zipfile.ZIP_DEFLATED)
    return kept.getvalue()


@cache
def _all_but_sheet(form: str) -> bytes:
    """A workbook whose style 1 writes numbers in ``form``, without its sheet."""
    import xlsxwriter

    full, kept = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(full, {"in_memory": True}) as made:
        made.set_properties({"created": datetime(*_BEFORE_DATED)})
        made.add_worksheet().write_number(0, 0, 0, made.add_format({"num_format": form}))
    with zipfile.ZipFile(full) as read, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as packed:
        for one in read.infolist():
            if one.filename != _SHEET:
                packed.writestr(zipfile.ZipInfo(one.filename, _BEFORE_DATED), read.read(one), zipfile.ZIP_DEFLATED)
    return kept.getvalue()


def _sheet(names: Sequence[str], series: Sequence[tuple[str, Sequence[float | None]]]) -> str:
    columns = [chr(ord("B") + rank) for rank in range(len(series))]
    head = "".join(_words(f"{column}1", name) for column, (name, _) in zip(columns, series, strict=True))
    rows = "".join(
        f'<row r="{at}">{_words(f"A{at}", name)}'
        + "".join(_number(f"{column}{at}", values[at - 2]) for column, (_, values) in zip(columns, series, strict=True))
        + "</row>"
        for at, name in enumerate(names, start=2)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<cols><col min="1" max="1" width="10.7109375" customWidth="1"/></cols>'
        f'<sheetData><row r="1">{head}</row>{rows}</sheetData></worksheet>'
    )


def _words(where: str, words: str) -> str:
    return f'<c r="{where}" t="inlineStr"><is><t xml:space="preserve">{escape(clean(words))}</t></is></c>'


def _number(where: str, value: float | None) -> str:
    return f'<c r="{where}" s="1"/>' if value is None else f'<c r="{where}" s="1"><v>{value!r}</v></c>'
