"""The blocks of a plugin's page, on screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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


def show_blocks(blocks: Sequence[Block], figure: FigureOf, *, key: str) -> None:
    """Draw ``blocks`` in order; ``figure`` gives what a code of ``KeyFigures`` shows.

    Blocks of text that follow one another are one element of the page, charts stand two by two.
    """
    for rank, (charts, group) in enumerate(groupby(blocks, lambda block: isinstance(block, Chart))):
        if charts:
            _show_charts([one for one in group if isinstance(one, Chart)], key=f"{key}-{rank}")
        else:
            show([_text(block, figure) for block in group])


def _show_charts(charts: Sequence[Chart], *, key: str) -> None:
    """Charts that follow one another stand two by two, to be compared."""
    for start in range(0, len(charts), 2):
        pair = charts[start : start + 2]
        for at, (place, chart) in enumerate(zip(st.columns(len(pair), gap="large"), pair, strict=True), start):
            with place:
                show_chart(chart, key=f"{key}-{at}")


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
