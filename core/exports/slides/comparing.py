"""The slides that compare: one figure over the experiments beside its target, and the money; native charts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from core.domain import french
from core.domain.figures import counted
from core.domain.indicator import Indicator
from core.domain.observation import Cell
from core.domain.report import Chart, Series
from core.exports.dossier.figure import Figure
from core.exports.dossier.material import Material
from core.exports.dossier.sheets import MoneyRow
from core.exports.slides.charts import chart
from core.exports.slides.placing import Area, Run, text
from core.exports.slides.template import MARGIN, WIDTH
from core.services.groups import axis_of

COMPARED = ("EQ5a", "AC6")
"""What is handed over and what is asked: the two figures that most experiments share."""


def slides(material: Material) -> Iterator[tuple[str, Callable[[Any], None], str]]:
    """One slide for each figure that two experiments at least share."""
    for code in COMPARED:
        indicator = material.snapshot.indicator.get(code)
        if indicator is not None and (block := comparison(material, indicator)) is not None:
            yield block.conclusion, _drawing(block), f"{indicator.label} : {indicator.definition}"


def comparison(material: Material, indicator: Indicator) -> Chart | None:
    """The figure of each experiment, and its target; None when fewer than two know it."""
    snapshot = material.snapshot
    found = [
        (one.short_title, cell)
        for one in snapshot.experiments
        if (cell := snapshot.cells.get((indicator.code, one.code))) is not None and _told(indicator, cell)
    ]
    if sum(_number(indicator, cell) is not None for _, cell in found) < 2:
        return None
    said = tuple(cell.observation.hidden for _, cell in found)
    values = tuple(_number(indicator, cell) for _, cell in found)
    targets = tuple(cell.standing.target.value if cell.standing.target else None for _, cell in found)
    axis = axis_of(indicator)
    series = [Series(indicator.label, values, f"axis{axis}" if axis else "main", said if any(said) else ())]
    if any(one is not None for one in targets):
        series.append(Series("Objectif", targets, "muted"))
    names = tuple(name for name, _ in found)
    return Chart(
        "bars", names, tuple(series), _says(indicator, names, values), _alternative(names, values, targets, said),
        unit=indicator.unit,
    )  # fmt: skip


def money_chart(slide: Any, area: Area, rows: Sequence[MoneyRow]) -> None:
    """Voted, paid and spent, line by line, in euros."""
    names = tuple(f"{one.association}, {one.serves}" for one in rows)
    series = tuple(
        Series(name, tuple(None if cents is None else cents / 100 for cents in found), role)
        for name, role, found in (
            ("Voté", "muted", [one.voted for one in rows]),
            ("Versé", "axis2", [one.paid for one in rows]),
            ("Dépensé", "axis1", [one.spent for one in rows]),
        )
    )
    said = "; ".join(f"{name} : {', '.join(one.words)}" for name, one in zip(names, rows, strict=True))
    block = Chart("bars", names, series, "Voté, versé, dépensé, ligne par ligne", said, unit="€")
    chart(slide, area, block, size=10)


def cell_text(one: Figure | None) -> str:
    """A cell of the matrix in one line: « ▲ 84 / 100 », « — »."""
    if one is None:
        return "—"
    if one.missing is not None:
        return "—" if one.missing.tone == "not_applicable" else f"{one.missing.shape} {one.missing.word}".strip()
    mark = f"{one.standing.shape} " if one.standing else ""
    goal = f" ({one.goal.replace('objectif', 'obj.')})" if one.goal else ""
    return f"{mark}{one.main}{goal}"


def _drawing(block: Chart) -> Callable[[Any], None]:
    def draw(slide: Any) -> None:
        chart(slide, Area(MARGIN, 1.6, WIDTH - 2 * MARGIN, 4.85), block, size=16)
        area = Area(MARGIN, 6.5, WIDTH - 2 * MARGIN, 0.3)
        text(slide, area, [[Run(f"Unité : {block.unit}. Une même échelle pour toutes.", 12)]], name="Unité")

    return draw


def _told(indicator: Indicator, cell: Cell) -> bool:
    """Whether there is a number, or the words that hide it."""
    return bool(cell.observation.hidden) or _number(indicator, cell) is not None


def _number(indicator: Indicator, cell: Cell) -> float | None:
    """The number that is shown large, None when it is not known."""
    return counted(cell.observation, headline=indicator.headline)


def _says(indicator: Indicator, names: Sequence[str], values: Sequence[float | None]) -> str:
    """« Ordinateurs remis : 84 pour Pays d’Aix, 6 pour Pays de Martigues »."""
    known = [(value, name) for name, value in zip(names, values, strict=True) if value is not None]
    (most, first), (least, last) = max(known, key=lambda one: one[0]), min(known, key=lambda one: one[0])
    return french.typeset(
        f"{indicator.label} : de {french.number(least, 1)} ({last}) à {french.number(most, 1)} ({first})"
    )


def _alternative(
    names: Sequence[str], values: Sequence[float | None], targets: Sequence[float | None], said: Sequence[str]
) -> str:  # fmt: skip
    parts = [
        f"{name} : {instead or french.number(value or 0, 1)}"
        + (f", objectif {french.number(target, 1)}" if target else "")
        for name, value, target, instead in zip(names, values, targets, said, strict=True)
    ]
    return " ; ".join(parts)
