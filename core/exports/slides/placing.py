"""What is put on a slide: text, tables, bars, each with a name and a text for who cannot see it.

The shapes are written as the format has them and read at once: built piece by piece, a deck takes ten times as long.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from pptx.oxml import parse_xml

from core.domain.palette import LIGHT

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


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one size and colour."""

    text: str
    size: float = 14
    bold: bool = False
    colour: str = LIGHT.ink


Lines = Sequence[Sequence[Run]]


def text(slide: Any, area: Area, lines: Lines, *, name: str, after: float = 2) -> None:
    """A box of text, one paragraph for each line, ``after`` points between them."""
    said = " ".join("".join(run.text for run in line) for line in lines)
    words = "".join(_paragraph(line, after) for line in lines) or "<a:p/>"
    _add(
        slide,
        f'<p:sp {_NAMES}><p:nvSpPr>{_identity(slide, name, said)}<p:cNvSpPr txBox="1"/><p:nvPr/></p:nvSpPr>'
        f'<p:spPr>{_place("a", area)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/></p:spPr>'
        '<p:txBody><a:bodyPr wrap="square" lIns="0" rIns="0" tIns="0" bIns="0"/><a:lstStyle/>'
        f"{words}</p:txBody></p:sp>",
    )


def rectangle(slide: Any, area: Area, hue: str, *, name: str, alternative: str) -> None:
    """A plain coloured rectangle, without edge or shadow."""
    _add(
        slide,
        f"<p:sp {_NAMES}><p:nvSpPr>{_identity(slide, name, alternative)}<p:cNvSpPr/><p:nvPr/></p:nvSpPr>"
        f'<p:spPr>{_place("a", area)}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>{fill(hue)}'
        "<a:ln><a:noFill/></a:ln></p:spPr></p:sp>",
    )


def target_bar(
    slide: Any, area: Area, done: float | None, expected: float | None, hue: str, alternative: str
) -> None:  # fmt: skip
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
    slide: Any, area: Area, headings: Sequence[str], rows: Sequence[Sequence[str]], *,
    name: str, alternative: str, widths: Sequence[float] = (), numeric: Collection[int] = (), size: float = 12,
) -> None:  # fmt: skip
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
    run = Run(words, size, head, LIGHT.ink_soft if head else LIGHT.ink)
    edge = LIGHT.line_strong if head else LIGHT.line
    return (
        f"<a:tc><a:txBody><a:bodyPr/><a:lstStyle/>{_paragraph([run], 0, right=right)}</a:txBody>"
        f'<a:tcPr marL="45720" marR="45720" marT="18288" marB="18288" anchor="ctr">'
        f'<a:lnB w="6350">{fill(edge)}</a:lnB>{fill(LIGHT.sunken if head else LIGHT.ground)}</a:tcPr></a:tc>'
    )


def _paragraph(line: Sequence[Run], after: float, *, right: bool = False) -> str:
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


def _identity(slide: Any, name: str, alternative: str) -> str:
    """The number, name and alternative text of the next shape."""
    number = 100 + len(slide.shapes._spTree)
    return f'<p:cNvPr id="{number}" name={quoteattr(clean(name))} descr={quoteattr(clean(alternative))}/>'


def chart_frame(slide: Any, area: Area, chart: str, *, name: str, alternative: str) -> None:
    """The place of a chart, which is the part that the slide knows as ``chart``."""
    _add(
        slide,
        f"<p:graphicFrame {_NAMES}><p:nvGraphicFramePr>{_identity(slide, name, alternative)}"
        '<p:cNvGraphicFramePr><a:graphicFrameLocks noGrp="1"/></p:cNvGraphicFramePr><p:nvPr/></p:nvGraphicFramePr>'
        f'{_place("p", area)}<a:graphic><a:graphicData uri="{_CHART}"><c:chart xmlns:c="{_CHART}" '
        f'xmlns:r="{_RELATIONS}" r:id="{chart}"/></a:graphicData></a:graphic></p:graphicFrame>',
    )


def _add(slide: Any, written: str) -> None:
    slide.shapes._spTree.append(parse_xml(written))


def clean(words: str) -> str:
    """``words`` without what XML cannot write."""
    return _UNWRITABLE.sub("", words)


def _emu(inches: float) -> int:
    return round(inches * _EMU)
