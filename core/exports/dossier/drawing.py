"""The blocks of a plugin's page as plain data that a sheet of paper or a slide draws: same numbers, same words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from core.domain.figures import value_text
from core.domain.french import typeset
from core.domain.palette import LIGHT
from core.domain.report import Block, Callout, Chart, Heading, KeyFigures, Prose, Series, Table
from core.exports.dossier.figure import Figure


def drawn(blocks: Sequence[Block], figures: Mapping[str, Figure]) -> list[dict[str, Any]]:
    """Each block as data; those whose figures are not known say nothing."""
    return [found for block in blocks if (found := _drawn(block, figures)) is not None]


def units(blocks: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """The blocks that may not be parted: a heading stays with what follows it."""
    return list(_units(blocks))


def colour_of(series: Series, rank: int) -> str:
    """The colour of a series, by its role, as on screen."""
    named = {"main": LIGHT.series[rank % 10], "muted": LIGHT.muted, "target": LIGHT.ink}
    return named.get(series.role) or str(getattr(LIGHT, series.role, LIGHT.series[rank % 10]))


def top_of(chart: Chart) -> float:
    """The largest value that the scale has to hold, the one to reach included."""
    if chart.kind == "stacked":
        sums = (sum(series.values[at] or 0 for series in chart.series) for at in range(len(chart.categories)))
        largest = max(sums, default=0)
    else:
        largest = max((value or 0 for series in chart.series for value in series.values), default=0)
    return max(largest, chart.reference[1] if chart.reference else 0) or 1


def _drawn(block: Block, figures: Mapping[str, Figure]) -> dict[str, Any] | None:
    match block:
        case Heading():
            return {"kind": "heading", "text": typeset(block.text)}
        case Prose():
            return {"kind": "prose", "text": typeset(block.text)}
        case Callout():
            return {"kind": "callout", "text": typeset(block.text), "tone": block.tone}
        case KeyFigures():
            found = [asdict(figures[code]) for code in block.codes if code in figures]
            return {"kind": "figures", "figures": found} if found else None
        case Table():
            return _table(block)
        case Chart():
            return _chart(block)


def _table(block: Table) -> dict[str, Any]:
    return {
        "kind": "table",
        "caption": typeset(block.caption),
        "headings": [typeset(one) for one in block.headings],
        "rows": [[typeset(one) for one in row] for row in block.rows],
        "note": typeset(block.note),
        "numeric": list(block.numeric),
    }


def _chart(block: Chart) -> dict[str, Any]:
    return {
        "kind": "chart",
        "drawing": block.kind,
        "categories": [typeset(one) for one in block.categories],
        "series": [_series(block, one, rank) for rank, one in enumerate(block.series)],
        "conclusion": typeset(block.conclusion),
        "alternative": typeset(block.alternative),
        "unit": typeset(block.unit),
        "source": typeset(block.source),
        "reference": {"name": typeset(block.reference[0]), "value": block.reference[1]} if block.reference else None,
        "top": top_of(block),
    }


def _series(chart: Chart, series: Series, rank: int) -> dict[str, Any]:
    return {
        "name": typeset(series.name),
        "values": list(series.values),
        "texts": [typeset(text) for text in _texts(chart, series)],
        "colour": colour_of(series, rank),
    }


def _texts(chart: Chart, series: Series) -> Iterator[str]:
    """The values in words; those that are hidden, by what stands in their place."""
    said = series.said or ("",) * len(series.values)
    for value, instead in zip(series.values, said, strict=True):
        yield instead or value_text(value, chart.unit)


def _units(blocks: Sequence[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    waiting: list[dict[str, Any]] = []
    for block in blocks:
        waiting.append(block)
        if block["kind"] != "heading":
            yield waiting
            waiting = []
    if waiting:
        yield waiting
