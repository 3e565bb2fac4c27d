"""Charts of a slide in the format’s own drawing: series, colours, labels, axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI

from core.domain.french import typeset
from core.domain.palette import FONT, LIGHT
from core.domain.report import Chart, Series, plain_values
from core.exports.dossier_paper import colour_of, top_of
from core.exports.slides_kit import Area, chart_frame, clean, fill, workbook

if TYPE_CHECKING:
    from pptx.parts.slide import SlidePart
    from pptx.slide import Slide

_NAMES = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_BARS, _LINES = ("-2068027336", "-2113994440"), ("2118791784", "2140495176")
"""The numbers of the axes of names and of values: any two that differ."""
_EMU = 12_700  # in a point


@dataclass(frozen=True, slots=True)
class ChartSeries:
    """One series: its name, its values (None: unknown), its colour, and for a line its look.

    ``width`` is in points; ``end`` is the rank of the point that is labelled, None for none.
    """

    name: str
    values: Sequence[float | None]
    colour: str
    width: float = 0
    dashed: bool = False
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart: ``kind`` as in a report, its names, its series, the format of its numbers, the top of its scale."""

    kind: str
    names: Sequence[str]
    series: Sequence[ChartSeries]
    form: str
    top: float
    size: float

    @property
    def lines(self) -> bool:
        """Whether values are joined by lines, not drawn as bars."""
        return self.kind in ("line", "steps")


def chart_space(drawn: Drawn) -> bytes:
    """The whole part, whose numbers are those of the workbook that its first relation names."""
    plot = _lines(drawn) if drawn.lines else _bars(drawn)
    after = '<c:plotVisOnly val="1"/>' if drawn.lines else ""
    last = '<c:showDLblsOverMax val="0"/>' if drawn.lines else ""
    return (
        "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
        f'<c:chartSpace {_NAMES}><c:date1904 val="0"/><c:chart><c:autoTitleDeleted val="1"/>'
        f"<c:plotArea>{plot}{_axes(drawn)}</c:plotArea>{_legend(drawn)}{after}"
        f'<c:dispBlanksAs val="gap"/>{last}</c:chart>'
        f'<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="{round(100 * drawn.size)}">{fill(LIGHT.ink)}'
        f'<a:latin typeface="{FONT}"/></a:defRPr></a:pPr><a:endParaRPr lang="fr-FR"/></a:p></c:txPr>'
        '<c:externalData r:id="rId1"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>'
    ).encode()


def _bars(drawn: Drawn) -> str:
    stacked = drawn.kind == "stacked"
    return (
        f'<c:barChart><c:barDir val="{"col" if drawn.kind == "columns" else "bar"}"/>'
        f'<c:grouping val="{"stacked" if stacked else "clustered"}"/>{_series(drawn)}'
        f'<c:dLbls><c:numFmt formatCode={quoteattr(drawn.form)} sourceLinked="0"/>'
        f'<c:dLblPos val="{"ctr" if stacked else "outEnd"}"/>{_shown(1)}<c:showLeaderLines val="1"/></c:dLbls>'
        f'<c:gapWidth val="45"/>{"<c:overlap val=" + quoteattr("100") + "/>" if stacked else ""}'
        f"{_crossed(_BARS)}</c:barChart>"
    )


def _lines(drawn: Drawn) -> str:
    return (
        f'<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>{_series(drawn)}'
        f'<c:marker val="1"/><c:smooth val="0"/>{_crossed(_LINES)}</c:lineChart>'
    )


def _series(drawn: Drawn) -> str:
    names = _cached("str", f"Sheet1!$A$2:$A${len(drawn.names) + 1}", drawn.names)
    return "".join(_one(drawn, rank, one, names) for rank, one in enumerate(drawn.series))


def _one(drawn: Drawn, rank: int, one: ChartSeries, names: str) -> str:
    column = chr(ord("B") + rank)
    values = _cached("num", f"Sheet1!${column}$2:${column}${len(one.values) + 1}", one.values, drawn.form)
    look = _line_look(one) if drawn.lines else f"<c:spPr>{fill(one.colour)}</c:spPr>"
    return (
        f'<c:ser><c:idx val="{rank}"/><c:order val="{rank}"/>'
        f"<c:tx>{_cached('str', f'Sheet1!${column}$1', [one.name])}</c:tx>{look}"
        f"<c:cat>{names}</c:cat><c:val>{values}</c:val>"
        f"{'<c:smooth val=' + quoteattr('0') + '/>' if drawn.lines else ''}</c:ser>"
    )


def _line_look(one: ChartSeries) -> str:
    dash = '<a:prstDash val="dash"/>' if one.dashed else ""
    return (
        f'<c:spPr><a:ln w="{round(_EMU * one.width)}">{fill(one.colour)}{dash}</a:ln></c:spPr>'
        f'<c:marker><c:symbol val="none"/></c:marker>{_end(one)}'
    )


def _end(one: ChartSeries) -> str:
    """The last known value, beside its point."""
    value = None if one.end is None else one.values[one.end]
    if value is None:
        return ""
    said = f"{value:,.0f}".replace(",", "\u202f")
    return (
        f'<c:dLbls><c:dLbl><c:idx val="{one.end}"/><c:tx><c:rich><a:bodyPr/><a:lstStyle/><a:p><a:r><a:rPr b="1"/>'
        f'<a:t>{said}</a:t></a:r></a:p></c:rich></c:tx><c:dLblPos val="t"/>{_shown(1)}</c:dLbl>'
        f'{_shown(0)}<c:showLeaderLines val="1"/></c:dLbls>'
    )


def _cached(kind: str, where: str, values: Sequence[object], form: str = "") -> str:
    """What the workbook holds at ``where``, so that a reader draws it without opening the workbook."""
    code = f"<c:formatCode>{escape(form)}</c:formatCode>" if form else ""
    points = "".join(
        f'<c:pt idx="{at}"><c:v>{escape(clean(str(value)))}</c:v></c:pt>'
        for at, value in enumerate(values)
        if value is not None
    )
    return (
        f"<c:{kind}Ref><c:f>{where}</c:f><c:{kind}Cache>{code}"
        f'<c:ptCount val="{len(values)}"/>{points}</c:{kind}Cache></c:{kind}Ref>'
    )


def _axes(drawn: Drawn) -> str:
    names, values = _LINES if drawn.lines else _BARS
    lying = drawn.kind in ("bars", "stacked")
    ticks = '<c:majorTickMark val="out"/><c:minorTickMark val="none"/>'
    return (
        f'<c:catAx><c:axId val="{names}"/><c:scaling><c:orientation val="{"maxMin" if lying else "minMax"}"/>'
        f'</c:scaling><c:delete val="0"/><c:axPos val="{"l" if lying else "b"}"/>{ticks}<c:tickLblPos val="low"/>'
        f'<c:spPr><a:ln>{fill(LIGHT.line_strong)}</a:ln></c:spPr><c:crossAx val="{values}"/>'
        '<c:crosses val="autoZero"/><c:auto val="1"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/>'
        f'<c:noMultiLvlLbl val="0"/></c:catAx><c:valAx><c:axId val="{values}"/>'
        f'<c:scaling><c:max val="{drawn.top}"/><c:min val="0.0"/></c:scaling><c:delete/>'
        f'<c:axPos val="{"b" if lying else "l"}"/>{ticks}<c:tickLblPos val="nextTo"/>'
        f'<c:crossAx val="{names}"/><c:crosses val="autoZero"/></c:valAx>'
    )


def _crossed(axes: tuple[str, str]) -> str:
    return "".join(f'<c:axId val="{one}"/>' for one in axes)


def _legend(drawn: Drawn) -> str:
    if len(drawn.series) < 2:
        return ""
    return f'<c:legend><c:legendPos val="b"/>{"<c:layout/>" if drawn.lines else ""}<c:overlay val="0"/></c:legend>'


def _shown(value: int) -> str:
    return (
        f'<c:showLegendKey val="0"/><c:showVal val="{value}"/><c:showCatName val="0"/><c:showSerName val="0"/>'
        '<c:showPercent val="0"/><c:showBubbleSize val="0"/>'
    )


# --- A report's chart as a native one: its numbers stay in it, and whoever receives the deck may change them ----


def chart(slide: Slide, area: Area, block: Chart, *, size: float = 12) -> None:
    """Draw ``block`` in ``area``; the value to reach is one more series, drawn as a line of its own where it can be."""
    drawn = drawing(block, size)
    known = slide.part.relate_to(_part(slide.part, drawn), RELATIONSHIP_TYPE.CHART)
    said = typeset(f"{block.conclusion}. {block.alternative}")
    chart_frame(slide, area, known, name="Graphique", alternative=said)


def drawing(block: Chart, size: float) -> Drawn:
    """What is to be drawn for ``block``, in letters of ``size`` points."""
    series = [_line(block, one, rank) for rank, one in enumerate(block.series)]
    if block.reference and block.kind in ("line", "steps"):
        name, value = block.reference
        series.append(ChartSeries(typeset(name), [value] * len(block.categories), LIGHT.ink, 1.25, dashed=True))
    names = [typeset(one) for one in _names(block)]
    return Drawn(block.kind, names, series, _format(block.unit), top_of(block) * 1.15, size)


def _line(block: Chart, one: Series, rank: int) -> ChartSeries:
    values = plain_values(one)
    known = [at for at, value in enumerate(values) if value is not None]
    return ChartSeries(typeset(one.name), values, colour_of(one, rank), 2.5, end=known[-1] if known else None)


def _part(slide: SlidePart, drawn: Drawn) -> Part:
    """The chart and the workbook of its numbers, named after the slide and their rank in it."""
    number = 100 * (slide.partname.idx or 0) + len(slide.rels)
    made = Part(PackURI(f"/ppt/charts/chart{number}.xml"), CONTENT_TYPE.DML_CHART, slide.package, chart_space(drawn))
    numbers = workbook(drawn.names, [(one.name, one.values) for one in drawn.series], drawn.form)
    name = PackURI(f"/ppt/embeddings/Microsoft_Excel_Sheet{number}.xlsx")
    made.relate_to(Part(name, CONTENT_TYPE.SML_SHEET, slide.package, numbers), RELATIONSHIP_TYPE.PACKAGE)
    return made


def _names(block: Chart) -> list[str]:
    """The categories; where a value is hidden there is no bar, and the name says so."""
    said = [one.said for one in block.series if one.said]
    hidden = [next((words[at] for words in said if words[at]), "") for at in range(len(block.categories))]
    return [f"{name} ({words})" if words else name for name, words in zip(block.categories, hidden, strict=True)]


def _format(unit: str) -> str:
    if unit.startswith("%"):
        return '0"\u202f%"'
    return '#,##0"\u00a0€"' if unit.startswith("€") else "#,##0.##" if unit == "jours" else "#,##0"
