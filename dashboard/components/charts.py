"""A report's chart drawn by plotly: its conclusion as a heading, its data one click away.

The engine draws marks only; title, unit, source, summary and table are real text around it.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.domain.report import Chart, Series
from dashboard.components.drawing import figure, value_text
from dashboard.components.html import Html, show, tag
from dashboard.components.tables import table
from dashboard.components.text import fold

CONFIG = {
    "displayModeBar": False,
    "displaylogo": False,
    "scrollZoom": False,
    "doubleClick": False,
    "locale": "fr",
    "toImageButtonOptions": {"format": "svg", "filename": "graphique"},
}
"""How plotly behaves: no bar of English buttons, no zoom by accident in front of thirty people."""


def show_chart(chart: Chart, *, key: str, level: int = 3) -> None:
    """Put ``chart`` on the page; ``key`` names it among the page's elements."""
    with st.container(key=f"graphique-{key}", gap=None):
        show(chart_head(chart, level))
        dark = st.context.theme.type == "dark"
        st.plotly_chart(
            figure(chart, dark), theme=None, config=CONFIG, key=f"trace-{key}", alt=chart.alternative, width="stretch"
        )
        show(chart_foot(chart))


def chart_head(chart: Chart, level: int = 3) -> Html:
    """The conclusion as a heading, the unit under it, and the key of the colours when there are several."""
    names = [series for series in chart.series if series.role != "target"]
    keyed = len(names) > 1 and chart.kind not in ("line", "steps")
    return tag(
        "header",
        tag(f"h{level}", chart.conclusion, class_="chart__title"),
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
        fold("Lire les données de ce graphique", tag("p", chart.alternative), data_table(chart)),
        class_="chart__foot",
    )


def data_table(chart: Chart) -> Html:
    """The values of the chart as a table."""
    rows = [
        [name, *(value_text(series.values[at], chart.unit) for series in chart.series)]
        for at, name in enumerate(chart.categories)
    ]
    headings = ["Libellé", *(series.name for series in chart.series)]
    return table(chart.conclusion, headings, rows, numeric=range(1, len(headings)), hide_caption=True)


def _colour_key(series: Sequence[Series]) -> Html:
    items = [
        tag("li", tag("span", class_=f"swatch swatch--{_swatch(one.role, rank)}", aria_hidden="true"), one.name)
        for rank, one in enumerate(series)
        if one.role != "target"
    ]
    return tag("ul", items, class_="chart__key")


def _swatch(role: str, rank: int) -> str:
    return role if role.startswith("axis") or role == "muted" else str(rank % 10 + 1)
