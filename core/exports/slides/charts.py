"""A report's chart as a native one: its numbers stay in it, and whoever receives the deck may change them."""

from __future__ import annotations

from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.util import Inches, Pt

from core.domain.french import typeset
from core.domain.palette import FONT, LIGHT
from core.domain.report import Chart
from core.exports.dossier.drawing import colour_of, top_of
from core.exports.slides.placing import Area, colour, named

_KINDS = {
    "bars": XL_CHART_TYPE.BAR_CLUSTERED,
    "columns": XL_CHART_TYPE.COLUMN_CLUSTERED,
    "stacked": XL_CHART_TYPE.BAR_STACKED,
    "line": XL_CHART_TYPE.LINE,
    "steps": XL_CHART_TYPE.LINE,
}


def chart(slide: Any, area: Area, block: Chart, *, size: float = 12) -> Any:
    """Draw ``block`` in ``area``; the value to reach is one more series, drawn as a line of its own where it can be."""
    frame = slide.shapes.add_chart(
        _KINDS[block.kind],
        *(Inches(one) for one in (area.left, area.top, area.width, area.height)),
        _data(block),
    )
    made = frame.chart
    made.has_title = False
    made.font.size, made.font.name = Pt(size), FONT
    made.font.color.rgb = colour(LIGHT.ink)
    _legend(made, block)
    _axes(made, block)
    _series(made, block)
    return named(frame, "Graphique", typeset(f"{block.conclusion}. {block.alternative}"))


def _data(block: Chart) -> CategoryChartData:
    data = CategoryChartData(number_format=_format(block.unit))
    data.categories = [typeset(one) for one in _names(block)]
    for one in block.series:
        data.add_series(typeset(one.name), one.values)
    if block.reference and block.kind in ("line", "steps"):
        name, value = block.reference
        data.add_series(typeset(name), [value] * len(block.categories))
    return data


def _names(block: Chart) -> list[str]:
    """The categories; where a value is hidden there is no bar, and the name says so."""
    said = [one.said for one in block.series if one.said]
    hidden = [next((words[at] for words in said if words[at]), "") for at in range(len(block.categories))]
    return [f"{name} ({words})" if words else name for name, words in zip(block.categories, hidden, strict=True)]


def _format(unit: str) -> str:
    if unit.startswith("%"):
        return '0"\u202f%"'
    return '#,##0"\u00a0€"' if unit.startswith("€") else "#,##0.##" if unit == "jours" else "#,##0"


def _legend(made: Any, block: Chart) -> None:
    made.has_legend = len(made.plots[0].series) > 1
    if made.has_legend:
        made.legend.position, made.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False


def _axes(made: Any, block: Chart) -> None:
    values, names = made.value_axis, made.category_axis
    values.has_major_gridlines = False
    values.visible = False
    values.minimum_scale = 0
    values.maximum_scale = top_of(block) * 1.15
    names.format.line.color.rgb = colour(LIGHT.line_strong)
    names.has_major_gridlines = False
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    if block.kind in ("bars", "stacked"):
        names.reverse_order = True


def _series(made: Any, block: Chart) -> None:
    plot = made.plots[0]
    if block.kind in ("line", "steps"):
        _lines(plot, block)
        return
    plot.gap_width = 45
    plot.overlap = 100 if block.kind == "stacked" else 0
    for rank, (drawn, told) in enumerate(zip(plot.series, block.series, strict=True)):
        drawn.format.fill.solid()
        drawn.format.fill.fore_color.rgb = colour(colour_of(told, rank))
    plot.has_data_labels = True
    labels = plot.data_labels
    labels.number_format, labels.number_format_is_linked = _format(block.unit), False
    labels.show_value = True
    labels.position = XL_LABEL_POSITION.CENTER if block.kind == "stacked" else XL_LABEL_POSITION.OUTSIDE_END


def _lines(plot: Any, block: Chart) -> None:
    for rank, drawn in enumerate(plot.series):
        drawn.smooth = False
        reference = rank >= len(block.series)
        line = drawn.format.line
        line.color.rgb = colour(LIGHT.ink if reference else colour_of(block.series[rank], rank))
        line.width = Pt(1.25 if reference else 2.5)
        _without_marker(drawn)
        if reference:
            line.dash_style = 4  # MSO_LINE.DASH
        elif block.series[rank].values:
            _label_last(drawn, block.series[rank].values)


def _without_marker(drawn: Any) -> None:
    from pptx.enum.chart import XL_MARKER_STYLE

    drawn.marker.style = XL_MARKER_STYLE.NONE


def _label_last(drawn: Any, values: tuple[float | None, ...]) -> None:
    """The last known value, beside its point."""
    known = [at for at, value in enumerate(values) if value is not None]
    if known:
        label = drawn.points[known[-1]].data_label
        label.position = XL_LABEL_POSITION.ABOVE
        frame = label.text_frame
        frame.text = f"{values[known[-1]]:,.0f}".replace(",", "\u202f")
        frame.paragraphs[0].runs[0].font.bold = True
