"""The blocks of a plugin's page, on screen."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from itertools import groupby

import streamlit as st

from core.domain.plugin_phrases import plain
from core.domain.report import Block, Callout, Chart, Heading, KeyFigures, Prose, Table
from dashboard.components.charts import show_chart
from dashboard.components.figures import KeyFigure, key_figures
from dashboard.components.html import Html, show
from dashboard.components.tables import table_of
from dashboard.components.text import callout, heading, prose

FigureOf = Callable[[str], KeyFigure]


def without_figures(blocks: Sequence[Block], shown: Collection[str]) -> list[Block]:
    """The blocks without the key figures that the page has ``shown`` already."""
    found: list[Block] = []
    for block in blocks:
        if isinstance(block, KeyFigures):
            left = tuple(code for code in block.codes if code not in shown)
            found += [KeyFigures(left)] if left else []
        else:
            found.append(block)
    return found


def show_blocks(blocks: Sequence[Block], figure: FigureOf, *, key: str) -> None:
    """Draw ``blocks`` in order; ``figure`` gives what a code of ``KeyFigures`` shows.

    A long page is read in two columns, one after the other; blocks of text that follow one another are one element.
    """
    first, second = _halves(blocks)
    with st.container(key=f"recit-{key}"):
        if not second:
            _show_column(first, figure, key)
            return
        for at, (place, half) in enumerate(zip(st.columns(2, gap="large"), (first, second), strict=True)):
            with place:
                _show_column(half, figure, f"{key}-{at}")


def _show_column(blocks: Sequence[Block], figure: FigureOf, key: str) -> None:
    for rank, (charts, group) in enumerate(groupby(blocks, lambda block: isinstance(block, Chart))):
        if charts:
            for at, chart in enumerate(one for one in group if isinstance(one, Chart)):
                show_chart(chart, key=f"{key}-{rank}-{at}")
        else:
            show([_text(block, figure) for block in group])


_SHORT = 500
"""The height, in pixels about, under which blocks stand in one column."""


def _halves(blocks: Sequence[Block]) -> tuple[Sequence[Block], Sequence[Block]]:
    """The blocks cut where both columns are nearest in height; a title is never the last of the first one."""
    heights = [_height(block) for block in blocks]
    if sum(heights) < _SHORT:
        return blocks, ()
    cuts = [at for at in range(1, len(blocks)) if not isinstance(blocks[at - 1], Heading)]
    cut = min(cuts, key=lambda at: max(sum(heights[:at]), sum(heights[at:])), default=len(blocks))
    return blocks[:cut], blocks[cut:]


def _height(block: Block) -> int:
    """How high a block stands in half a screen, about."""
    match block:
        case Chart():
            return 390 if block.kind not in ("bars", "stacked") else 160 + 34 * len(block.categories)
        case Table():
            return 80 + (64 if len(block.headings) > 5 else 40) * len(block.rows)
        case KeyFigures():
            return 150 * -(-len(block.codes) // 3)
        case Callout():
            return 120
        case _:
            return 60


def _text(block: Block, figure: FigureOf) -> Html:
    match block:
        case Heading():
            return heading(block.text, 2)
        case Prose():
            return prose(plain(block.text))
        case Callout():
            return callout(plain(block.text), block.tone)
        case Table():
            return table_of(block)
        case KeyFigures():
            return key_figures([figure(code) for code in block.codes])
        case _:
            raise TypeError(f"no drawing for a block {type(block).__name__}")
