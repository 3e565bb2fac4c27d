"""What is put on a slide: text, tables, bars, each with a name and a text for who cannot see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Inches, Pt

from core.domain.palette import FONT, LIGHT


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


def colour(text: str) -> RGBColor:
    """« #25679F » as the library wants it."""
    return RGBColor.from_string(text.removeprefix("#"))


def named(shape: Any, name: str, alternative: str) -> Any:
    """Give ``shape`` its name in the selection pane and its alternative text."""
    shape.name = name
    shape._element.xpath(".//p:cNvPr")[0].set("descr", alternative)
    return shape


def text(slide: Any, area: Area, lines: Lines, *, name: str, after: float = 2, middle: bool = False) -> Any:
    """A box of text, one paragraph for each line."""
    box = slide.shapes.add_textbox(*_emu(area))
    frame = box.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    if middle:
        frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    for rank, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if rank == 0 else frame.add_paragraph()
        paragraph.space_after = Pt(after)
        _write(paragraph, line)
    said = " ".join("".join(run.text for run in line) for line in lines)
    return named(box, name, said)


def rectangle(slide: Any, area: Area, fill: str, *, name: str, alternative: str) -> Any:
    """A plain coloured rectangle, without edge or shadow."""
    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *_emu(area))
    shape.fill.solid()
    shape.fill.fore_color.rgb = colour(fill)
    shape.line.fill.background()
    shape.shadow.inherit = False
    return named(shape, name, alternative)


def target_bar(
    slide: Any, area: Area, done: float | None, expected: float | None, hue: str, alternative: str
) -> None:  # fmt: skip
    """How much of the target, and a tick where it should be today; nothing without a target."""
    if done is None:
        return
    rectangle(slide, area, LIGHT.line, name="Objectif", alternative=alternative)
    share = min(1.0, max(0.0, done))
    if share:
        rectangle(
            slide, Area(area.left, area.top, area.width * share, area.height), hue, name="Fait", alternative=alternative
        )
    if expected is not None:
        at = area.left + area.width * min(1.0, expected)
        tick = Area(at - 0.012, area.top - 0.03, 0.024, area.height + 0.06)
        rectangle(slide, tick, LIGHT.ink, name="Attendu à cette date", alternative=alternative)


def table(
    slide: Any, area: Area, headings: Sequence[str], rows: Sequence[Sequence[str]], *,
    name: str, alternative: str, widths: Sequence[float] = (), numeric: Sequence[int] = (), size: float = 12,
) -> Any:  # fmt: skip
    """A native table, its first row being its headings, dressed as those of the screen."""
    frame = slide.shapes.add_table(len(rows) + 1, len(headings), *_emu(area))
    made = frame.table
    made.horz_banding = False
    made.first_row = True
    shares = widths or [1] * len(headings)
    for at, share in enumerate(shares):
        made.columns[at].width = Inches(area.width * share / sum(shares))
    for rank, row in enumerate([headings, *rows]):
        made.rows[rank].height = Inches(area.height / (len(rows) + 1))
        for at, words in enumerate(row):
            _cell(made.cell(rank, at), words, size, head=rank == 0, right=at in numeric)
    return named(frame, name, alternative)


def _cell(cell: Any, words: str, size: float, *, head: bool, right: bool) -> None:
    cell.fill.solid()
    cell.fill.fore_color.rgb = colour(LIGHT.sunken if head else LIGHT.ground)
    cell.margin_left = cell.margin_right = Inches(0.05)
    cell.margin_top = cell.margin_bottom = Inches(0.02)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    paragraph = cell.text_frame.paragraphs[0]
    if right:
        paragraph.alignment = PP_ALIGN.RIGHT
    _write(paragraph, [Run(words, size, head, LIGHT.ink_soft if head else LIGHT.ink)])


def _write(paragraph: Any, line: Sequence[Run]) -> None:
    for one in line:
        run = paragraph.add_run()
        run.text = one.text
        run.font.size, run.font.bold, run.font.name = Pt(one.size), one.bold, FONT
        run.font.color.rgb = colour(one.colour)
        run._r.get_or_add_rPr().set("lang", "fr-FR")


def _emu(area: Area) -> tuple[Any, ...]:
    return tuple(Inches(one) for one in (area.left, area.top, area.width, area.height))
