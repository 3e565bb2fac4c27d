"""The empty deck: 16:9, our palette and our font as its theme, one master, one layout."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from core.domain.palette import FONT, LIGHT

WIDTH, HEIGHT = 13.333, 7.5
"""Inches."""
MARGIN = 0.55
LAYOUT = "Fabrique – titre et place libre"
_TITLE = (MARGIN, 0.62, WIDTH - 2 * MARGIN, 0.95)


def empty_deck() -> Any:
    """A presentation without a slide, ready for ``deck``."""
    from pptx import Presentation

    return Presentation(io.BytesIO(_template()))


@cache
def _template() -> bytes:
    """The deck as a file, made once."""
    from pptx import Presentation
    from pptx.util import Inches

    made = Presentation()
    made.slide_width, made.slide_height = Inches(WIDTH), Inches(HEIGHT)
    _keep_one_layout(made)
    _dress_theme(made.slide_master)
    _dress_master(made.slide_master)
    _dress_layout(made.slide_layouts[0])
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


def _keep_one_layout(made: Any) -> None:
    """The one with a title alone; the others are of another shape and another look."""
    wanted = made.slide_layouts.get_by_name("Title Only")
    for layout in list(made.slide_layouts):
        if layout is not wanted:
            made.slide_layouts.remove(layout)


def _dress_theme(master: Any) -> None:
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
        "dk1": LIGHT.ink, "lt1": LIGHT.surface, "dk2": LIGHT.ink_soft, "lt2": LIGHT.sunken,
        "accent1": LIGHT.axis1, "accent2": LIGHT.axis2, "accent3": LIGHT.axis3,
        "accent4": LIGHT.accent, "accent5": LIGHT.muted, "accent6": LIGHT.late,
        "hlink": LIGHT.accent, "folHlink": LIGHT.axis3,
    }  # fmt: skip


def _dress_master(master: Any) -> None:
    """The ground, the place of the title; dates, feet and numbers are written on each slide."""
    from pptx.dml.color import RGBColor

    fill = master.background.fill
    fill.solid()
    fill.fore_color.rgb = RGBColor.from_string(LIGHT.ground.removeprefix("#"))
    for shape in list(master.placeholders):
        if shape.placeholder_format.idx > 1:
            shape._element.getparent().remove(shape._element)
    _place(master.placeholders[0], *_TITLE)
    _place(master.placeholders[1], MARGIN, 1.75, WIDTH - 2 * MARGIN, 4.9)
    _style_title(master)


def _style_title(master: Any) -> None:
    style = master._element.find(".//{*}titleStyle/{*}lvl1pPr")
    style.set("algn", "l")
    run = style.find("{*}defRPr")
    run.set("sz", "2400")
    run.set("b", "1")


def _dress_layout(layout: Any) -> None:
    layout.name = LAYOUT
    for shape in list(layout.placeholders):
        if shape.placeholder_format.idx != 0:
            shape._element.getparent().remove(shape._element)
    title = layout.placeholders[0]
    title.name = "Titre"
    _place(title, *_TITLE)
    body = title.text_frame._txBody.find("{*}bodyPr")
    body.set("anchor", "t")
    for side in ("lIns", "rIns", "tIns", "bIns"):
        body.set(side, "0")


def _place(shape: Any, left: float, top: float, width: float, height: float) -> None:
    from pptx.util import Inches

    shape.left, shape.top, shape.width, shape.height = (Inches(one) for one in (left, top, width, height))
