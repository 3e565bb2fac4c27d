"""A report's chart as a native one: its numbers stay in it, and whoever receives the deck may change them."""

from __future__ import annotations

from typing import Any

from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI

from core.domain.french import typeset
from core.domain.palette import LIGHT
from core.domain.report import Chart, Series
from core.exports.dossier.drawing import colour_of, top_of
from core.exports.slides.drawn import Drawn, Line, chart_space
from core.exports.slides.numbers import workbook
from core.exports.slides.placing import Area, chart_frame


def chart(slide: Any, area: Area, block: Chart, *, size: float = 12) -> None:
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
        series.append(Line(typeset(name), [value] * len(block.categories), LIGHT.ink, 1.25, dashed=True))
    names = [typeset(one) for one in _names(block)]
    return Drawn(block.kind, names, series, _format(block.unit), top_of(block) * 1.15, size)


def _line(block: Chart, one: Series, rank: int) -> Line:
    known = [at for at, value in enumerate(one.values) if value is not None]
    return Line(typeset(one.name), one.values, colour_of(one, rank), 2.5, end=known[-1] if known else None)


def _part(slide: Any, drawn: Drawn) -> Part:
    """The chart and the workbook of its numbers, named after the slide and their rank in it."""
    number = 100 * slide.partname.idx + len(slide.rels)
    made = Part(
        PackURI(f"/ppt/charts/chart{number}.xml"), CONTENT_TYPE.DML_CHART, slide.package, chart_space(drawn)
    )  # fmt: skip
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
