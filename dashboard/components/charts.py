"""Charts with their words: the conclusion as title, the numbers as a table, the drawing without a word of its own."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from html import escape
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import streamlit as st

from core.domain import french
from core.domain.figure_text import value_text
from core.domain.palette import DARK, LIGHT, Palette
from core.domain.plugin_phrases import plain
from core.domain.report import Chart, Series, plain_values
from dashboard.components.html import Html, show, tag
from dashboard.components.tables import table
from dashboard.components.text import fold, take_chart
from dashboard.theme import FONT_STACK, text_on

if TYPE_CHECKING:  # half a second of the processor: it is loaded by the first page that draws, or beside the others
    import plotly.graph_objects as go
    from plotly.basedatatypes import BaseTraceType

Layout = dict[str, Any]
"""What plotly is told of a drawing, or of a part of it, in its own words: it checks them itself."""
_TEXT = 15
_ROW = 34
_LINE_HEIGHT, _LABEL = 260, 22  # of a drawing with lines, and of a line of text beside it
_ROOM = 0.2  # of the scale: what a number takes after its bar, on a phone


@lru_cache(maxsize=512)
def figure(chart: Chart, dark: bool = False) -> go.Figure:
    """The marks of ``chart``, made once for equal charts; never changed after."""
    # What draws looks whether pandas is there, and takes what another thread has half loaded: it is waited for here.
    import pandas  # noqa: F401
    import plotly.graph_objects as go

    palette = DARK if dark else LIGHT
    traces, layout = _DRAWINGS[chart.kind](chart, palette)
    base = _layout(palette)
    for name in ("xaxis", "yaxis"):
        layout[name] = {**base[name], **layout[name]}
    return go.Figure(data=traces, layout={**base, **layout})


def _layout(palette: Palette) -> Layout:
    axis = {
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "ticks": "",
        "title": None,
        "automargin": True,
        "linecolor": palette.line_strong,
        "gridcolor": palette.line,
    }
    return {
        "font": {"family": FONT_STACK, "size": _TEXT, "color": palette.ink},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 0, "r": 8, "t": 8, "b": 4, "pad": 6},
        "separators": f",{french.NARROW}",
        "showlegend": False,
        "hoverlabel": {"font": {"family": FONT_STACK, "size": _TEXT}, "bgcolor": palette.surface},
        "bargap": 0.32,
        "xaxis": dict(axis),
        "yaxis": dict(axis),
    }


def _colour(role: str, rank: int, palette: Palette) -> str:
    named = {
        "main": palette.series[0] if rank == 0 else palette.series[rank % 10],
        "muted": palette.muted,
        "target": palette.ink,
    }
    other: str = getattr(palette, role, palette.series[rank % 10])
    return named.get(role) or other


def _bars(chart: Chart, palette: Palette, *, mode: str = "group") -> tuple[list[BaseTraceType], Layout]:
    """Horizontal bars, first category at the top, each value written at its end, clear of the value to reach."""
    inside = mode == "stack"
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "y": chart.categories,
            "x": plain_values(series),
            "name": series.name,
            "marker": {"color": _colour(series.role, rank, palette), "line": {"color": palette.ground, "width": 1}},
            "text": [value_text(value, chart.unit) if value or not inside else "" for value in plain_values(series)],
            "insidetextfont": {"color": text_on(_colour(series.role, rank, palette))},
            "outsidetextfont": {"color": palette.ink},
            "textposition": "inside" if inside else [_where(value, chart, mode) for value in plain_values(series)],
            "insidetextanchor": "middle" if inside else "end",
            "cliponaxis": False,
            "textangle": 0,
            "hovertemplate": "%{y} : %{text}<extra>" + series.name + "</extra>",
        }
        for rank, series in enumerate(chart.series)
    ]
    groups = 1 if inside else max(1, len(chart.series))
    height = 24 + len(chart.categories) * max(_ROW, 22 * groups + 12)
    layout: Layout = {
        "barmode": mode,
        "height": height + (26 if chart.reference else 0),
        "xaxis": {"visible": False, "fixedrange": True, "rangemode": "tozero", "range": [0, _reach(chart, mode)]},
        "yaxis": {"autorange": "reversed", "fixedrange": True, "ticks": "", "automargin": True, "showgrid": False},
    }
    layout |= _reference(chart, palette, vertical=True)
    return traces, layout


def _stacked(chart: Chart, palette: Palette) -> tuple[list[BaseTraceType], Layout]:
    return _bars(chart, palette, mode="stack")


def _columns(chart: Chart, palette: Palette) -> tuple[list[BaseTraceType], Layout]:
    """Upright bars, each value written above it."""
    traces = [
        {
            "type": "bar",
            "x": chart.categories,
            "y": plain_values(series),
            "name": series.name,
            "marker": {"color": _colour(series.role, rank, palette)},
            "text": [value_text(value, chart.unit) if value is not None else "" for value in plain_values(series)],
            "textposition": "outside",
            "cliponaxis": False,
            "textangle": 0,
            "hovertemplate": "%{x} : %{text}<extra>" + series.name + "</extra>",
        }
        for rank, series in enumerate(chart.series)
    ]
    layout: Layout = {
        "barmode": "group",
        "height": 260,
        "yaxis": {"visible": False, "fixedrange": True, "rangemode": "tozero", "range": [0, _reach(chart, "group")]},
        "xaxis": {"showgrid": False, "fixedrange": True, "linecolor": palette.line_strong, "type": "category"},
    }
    return traces, layout | _reference(chart, palette, vertical=False)


def _line(chart: Chart, palette: Palette, *, shape: str = "linear") -> tuple[list[BaseTraceType], Layout]:
    """Lines over time, each named at its end instead of in a legend."""
    traces = [
        {
            "type": "scatter",
            "x": chart.categories,
            "y": plain_values(series),
            "name": series.name,
            "mode": "lines",
            "line": {
                "color": _colour(series.role, rank, palette),
                "shape": shape,
                "width": 2 if series.role in ("muted", "target") else 3,
                "dash": "dash" if series.role == "target" else "solid",
            },
            "hovertemplate": "%{x} : %{y:,.0f}<extra>" + series.name + "</extra>",
        }
        for rank, series in enumerate(chart.series)
    ]
    longest = max((len(line) for series in chart.series for line in _broken(series.name)), default=0)
    layout: Layout = {
        "height": _LINE_HEIGHT,
        "annotations": _end_labels(chart, palette),
        "margin": {"l": 0, "r": 20 + 8 * longest, "t": 12, "b": 4, "pad": 6},
        "yaxis": {
            "rangemode": "tozero",
            "showgrid": True,
            "gridcolor": palette.line,
            "fixedrange": True,
            "zeroline": False,
            "nticks": 5,
            "tickformat": ",",
            "range": [0, _reach(chart, "group")],
        },
        "xaxis": {
            "type": "category",
            "tickmode": "array",
            "tickvals": _few(chart.categories),
            "fixedrange": True,
            "showgrid": False,
            "tickangle": 0,
            "linecolor": palette.line_strong,
            "range": [0, max(1, len(chart.categories) - 1)],
        },
    }
    reference = _reference(chart, palette, vertical=False)
    reference["annotations"] = [*layout["annotations"], *reference.get("annotations", [])]
    return traces, layout | reference


def _steps(chart: Chart, palette: Palette) -> tuple[list[BaseTraceType], Layout]:
    return _line(chart, palette, shape="hv")


_DRAWINGS = {"bars": _bars, "columns": _columns, "stacked": _stacked, "line": _line, "steps": _steps}


def _end_labels(chart: Chart, palette: Palette) -> list[Layout]:
    """The name of each line beside its last known value, pushed apart when they would overlap."""
    ends = [
        (value, chart.categories[at], series, rank)
        for rank, series in enumerate(chart.series)
        for at, value in [_last(series)]
        if value is not None
    ]
    line = _LABEL / _LINE_HEIGHT * _reach(chart, "group")  # the height of one line of text, on the scale
    top, labels = float("-inf"), []
    for value, category, series, rank in sorted(ends, key=lambda end: end[0]):
        half = line * len(_broken(series.name)) / 2
        middle = max(value, top + half)
        top = middle + half
        labels.append(
            {
                "x": category,
                "y": middle,
                "text": "<br>".join(map(escape, _broken(series.name))),
                "align": "left",
                "xanchor": "left",
                "xshift": 8,
                "showarrow": False,
                "font": {"color": _readable(series, rank, palette), "size": _TEXT},
            }
        )
    return labels


def _few(categories: Sequence[str]) -> list[str]:
    """The first, the middle and the last name of the axis: what fits on a phone without running together."""
    if len(categories) <= 4 and max(map(len, categories), default=0) <= 8:
        return list(categories)
    last = len(categories) - 1
    middle = [last // 2] if max(map(len, categories), default=0) <= 10 else []
    return [categories[at] for at in sorted({0, *middle, last})]


def _broken(name: str) -> list[str]:
    """A name in short lines, so that it leaves room for its line."""
    return wrap(name, 15) or [""]


def _readable(series: Series, rank: int, palette: Palette) -> str:
    """Names are ink unless their line's colour is dark enough to be read (ochre and grey are not)."""
    colour = _colour(series.role, rank, palette)
    return palette.ink_soft if colour in (palette.axis2, palette.muted) else colour


def _last(series: Series) -> tuple[int, float | None]:
    known = [(at, value) for at, value in enumerate(plain_values(series)) if value is not None]
    return known[-1] if known else (0, None)


def _reach(chart: Chart, mode: str) -> float:
    """The end of the scale: the largest value, and room for what is written after it."""
    if mode == "stack":
        values = [plain_values(series) for series in chart.series]
        sums = (sum(one[at] or 0 for one in values) for at in range(len(chart.categories)))
        largest = max(sums, default=0.0)
    else:
        largest = max((value or 0 for series in chart.series for value in plain_values(series)), default=0.0)
    if chart.reference:
        largest = max(largest, chart.reference[1])
    return (largest or 1) * 1.15


def _where(value: float | None, chart: Chart, mode: str) -> str:
    """After the bar, or within its end where the line of the value to reach would strike the number."""
    short = chart.reference[1] - (value or 0) if chart.reference else -1
    return "inside" if 0 < short < _reach(chart, mode) * _ROOM else "outside"


def _reference(chart: Chart, palette: Palette, *, vertical: bool) -> Layout:
    """The value to reach: a dashed line with its name."""
    if chart.reference is None:
        return {}
    name, value = chart.reference
    line = {"color": palette.ink, "width": 1.5, "dash": "dash"}
    text = {"text": name, "showarrow": False, "font": {"color": palette.ink, "size": _TEXT}}
    if vertical:
        shape = {"type": "line", "x0": value, "x1": value, "y0": 0, "y1": 1, "yref": "paper", "line": line}
        label = {**text, "x": value, "y": 0, "yref": "paper", "yanchor": "top", "yshift": -2}
        return {"shapes": [shape], "annotations": [label], "margin": {"l": 0, "r": 8, "t": 8, "b": 28, "pad": 6}}
    shape = {"type": "line", "y0": value, "y1": value, "x0": 0, "x1": 1, "xref": "paper", "line": line}
    label = {**text, "x": 0, "xref": "paper", "xanchor": "left", "y": value, "yanchor": "bottom"}
    return {"shapes": [shape], "annotations": [label]}


# --- A report's chart drawn by plotly: its conclusion as a heading, its data one click away --------
# The engine draws marks only; title, unit, source, summary and table are real text around it.


CONFIG = {
    "displayModeBar": False,
    "displaylogo": False,
    "scrollZoom": False,
    "doubleClick": False,
    "locale": "fr",
    "toImageButtonOptions": {"format": "svg", "filename": "graphique"},
}
"""How plotly behaves: no bar of English buttons, no zoom by accident in front of thirty people."""


def show_chart(chart: Chart, *, key: str) -> None:
    """Put ``chart`` on the page; ``key`` names it among the page's elements."""
    with st.container(key=f"graphique-{key}", gap=None):
        show(chart_head(chart))
        dark = st.context.theme.type == "dark"
        alt = plain(chart.alternative)
        st.plotly_chart(figure(chart, dark), theme=None, config=CONFIG, key=f"trace-{key}", alt=alt, width="stretch")
        show(chart_foot(chart))


def chart_head(chart: Chart) -> Html:
    """The conclusion as a heading, the unit under it, and the key of the colours when there are several."""
    names = [series for series in chart.series if series.role != "target"]
    keyed = len(names) > 1 and chart.kind not in ("line", "steps")
    return tag(
        "header",
        tag("h3", plain(chart.conclusion), class_="chart__title"),
        tag("p", chart.unit, class_="chart__unit") if chart.unit else None,
        _colour_key(chart.series) if keyed else None,
        class_="chart__head",
    )


def chart_foot(chart: Chart) -> Html:
    """The source, the summary in words, and the data as a table."""
    source = tag("p", f"Source : {chart.source}", class_="note") if chart.source else None
    return tag(
        "div",
        source,
        take_chart(plain(chart.conclusion)),
        fold("Lire les données de ce graphique", tag("p", plain(chart.alternative)), data_table(chart)),
        class_="chart__foot",
    )


def data_table(chart: Chart) -> Html:
    """The values of the chart as a table."""
    values = [plain_values(series) for series in chart.series]
    rows = [[name, *(value_text(one[at], chart.unit) for one in values)] for at, name in enumerate(chart.categories)]
    headings = ["Libellé", *(series.name for series in chart.series)]
    return table(plain(chart.conclusion), headings, rows, numeric=range(1, len(headings)))


def _colour_key(series: Sequence[Series]) -> Html:
    items = [
        tag("li", tag("span", class_=f"swatch swatch--{_swatch(one.role, rank)}", aria_hidden="true"), one.name)
        for rank, one in enumerate(series)
        if one.role != "target"
    ]
    return tag("ul", items, class_="chart__key")


def _swatch(role: str, rank: int) -> str:
    return role if role.startswith("axis") or role == "muted" else str(rank % 10 + 1)
