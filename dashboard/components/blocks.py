"""The blocks of a plugin's page, on screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from core.domain.report import Block, Callout, Chart, Heading, KeyFigures, Prose, Table
from dashboard.components.charts import show_chart
from dashboard.components.html import Html, show
from dashboard.components.keyfigures import KeyFigure, key_figures
from dashboard.components.tables import table_of
from dashboard.components.text import callout, heading, prose

FigureOf = Callable[[str], KeyFigure]


def show_blocks(blocks: Sequence[Block], figure: FigureOf, *, key: str) -> None:
    """Draw ``blocks`` in order; ``figure`` gives what a code of ``KeyFigures`` shows.

    Blocks of text that follow one another are one element of the page.
    """
    waiting: list[Html] = []
    for rank, block in enumerate(blocks):
        if isinstance(block, Chart):
            show(waiting)
            waiting = []
            show_chart(block, key=f"{key}-{rank}")
        else:
            waiting.append(_text(block, figure))
    show(waiting)


def _text(block: Block, figure: FigureOf) -> Html:
    match block:
        case Heading():
            return heading(block.text, 2)
        case Prose():
            return prose(block.text)
        case Callout():
            return callout(block.text, block.tone)
        case Table():
            return table_of(block)
        case KeyFigures():
            return key_figures([figure(code) for code in block.codes])
        case _:
            raise TypeError(f"no drawing for a block {type(block).__name__}")
