"""The chart that the library builds piece by piece from the same report: what ours has to be, element by element."""

from __future__ import annotations

from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_MARKER_STYLE
from pptx.enum.chart import XL_TICK_LABEL_POSITION as TICKS
from pptx.enum.dml import MSO_LINE
from pptx.util import Inches, Pt

from core.domain.palette import FONT, LIGHT
from core.exports.slides_pictures import Drawn

KINDS = {
    "bars": XL_CHART_TYPE.BAR_CLUSTERED,
    "columns": XL_CHART_TYPE.COLUMN_CLUSTERED,
    "stacked": XL_CHART_TYPE.BAR_STACKED,
    "line": XL_CHART_TYPE.LINE,
    "steps": XL_CHART_TYPE.LINE,
}


def built(slide: Any, drawn: Drawn) -> Any:
    """The chart of ``drawn`` added to ``slide`` by the library alone."""
    data = CategoryChartData(number_format=drawn.form)
    data.categories = list(drawn.names)
    for one in drawn.series:
        data.add_series(one.name, one.values)
    made = slide.shapes.add_chart(KINDS[drawn.kind], *(Inches(one) for one in (1, 1, 4, 3)), data).chart
    made.has_title = False
    made.font.size, made.font.name = Pt(drawn.size), FONT
    made.font.color.rgb = _rgb(LIGHT.ink)
    made.has_legend = len(drawn.series) > 1
    if made.has_legend:
        made.legend.position, made.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    _axes(made, drawn)
    (_lines if drawn.lines else _bars)(made.plots[0], drawn)
    return made


def _axes(made: Any, drawn: Drawn) -> None:
    values, names = made.value_axis, made.category_axis
    values.has_major_gridlines = names.has_major_gridlines = False
    values.visible = False
    values.minimum_scale, values.maximum_scale = 0, drawn.top
    names.format.line.color.rgb = _rgb(LIGHT.line_strong)
    names.tick_label_position = TICKS.LOW
    if drawn.kind in ("bars", "stacked"):
        names.reverse_order = True


def _bars(plot: Any, drawn: Drawn) -> None:
    plot.gap_width, plot.overlap = 45, 100 if drawn.kind == "stacked" else 0
    for made, one in zip(plot.series, drawn.series, strict=True):
        made.format.fill.solid()
        made.format.fill.fore_color.rgb = _rgb(one.colour)
    plot.has_data_labels = True
    labels = plot.data_labels
    labels.number_format, labels.number_format_is_linked, labels.show_value = drawn.form, False, True
    labels.position = XL_LABEL_POSITION.CENTER if drawn.kind == "stacked" else XL_LABEL_POSITION.OUTSIDE_END


def _lines(plot: Any, drawn: Drawn) -> None:
    for made, one in zip(plot.series, drawn.series, strict=True):
        made.smooth = False
        line = made.format.line
        line.color.rgb, line.width = _rgb(one.colour), Pt(one.width)
        made.marker.style = XL_MARKER_STYLE.NONE
        if one.dashed:
            line.dash_style = MSO_LINE.DASH
        elif one.end is not None:
            label = made.points[one.end].data_label
            label.position = XL_LABEL_POSITION.ABOVE
            label.text_frame.text = f"{one.values[one.end]:,.0f}".replace(",", "\u202f")
            label.text_frame.paragraphs[0].runs[0].font.bold = True


def _rgb(colour: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(colour.removeprefix("#"))
