"""Small multiples: one panel per experiment, one scale for all, the others grey behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.domain import french
from dashboard.components.html import Html, tag
from dashboard.components.pictures import Point, line_path, picture, themed
from dashboard.components.tables import table
from dashboard.components.text import fold, link

_WIDTH, _HEIGHT = 240.0, 100.0


@dataclass(frozen=True, slots=True)
class Panel:
    """One line: whose, its points in time order, the value to reach if any, why it is empty if so."""

    name: str
    points: tuple[Point, ...]
    target: float | None = None
    address: str | None = None
    empty: str = "Non renseigné"


def multiples(
    panels: Sequence[Panel],
    *,
    conclusion: str,
    unit: str,
    alternative: str,
    source: str = "",
    hue: str = "axis1",
    level: int = 3,
) -> Html:
    """The panels under their conclusion. ``hue``: axis1, axis2, axis3 or accent."""
    span, top = _scale(panels)
    return tag(
        "figure",
        tag("figcaption", tag(f"h{level}", conclusion, class_="chart__title"), tag("p", unit, class_="chart__unit")),
        tag("div", [_panel(panel, panels, span, top, hue) for panel in panels], class_="panels"),
        tag("p", f"Source : {source}", class_="note") if source else None,
        fold("Lire les données de ce graphique", tag("p", alternative), _data(panels, conclusion)),
        class_="multiples",
    )


def _scale(panels: Sequence[Panel]) -> tuple[tuple[date, date] | None, float]:
    days = [day for panel in panels for day, _ in panel.points]
    values = [value for panel in panels for _, value in panel.points if value is not None]
    targets = [panel.target for panel in panels if panel.target is not None]
    return ((min(days), max(days)) if days else None), max([*values, *targets, 1.0]) * 1.05


def _panel(
    panel: Panel, others: Sequence[Panel], span: tuple[date, date] | None, top: float, hue: str
) -> Html:  # fmt: skip
    known = [(day, value) for day, value in panel.points if value is not None]
    last = known[-1] if known else None
    name = link(panel.name, panel.address, quiet=True) if panel.address else panel.name
    value = french.number(last[1] or 0, 1) if last else panel.empty
    goal = f"objectif {french.number(panel.target, 1)}" if panel.target is not None else None
    head = tag(
        "p",
        tag("span", name, class_="panel__name"),
        tag("span", value, class_="panel__value" if last else "panel__value panel__value--none"),
        tag("span", goal, class_="panel__goal") if goal else None,
        class_="panel__head",
    )
    return tag("div", head, _plot(panel, others, span, top, hue), class_="panel")


def _plot(panel: Panel, others: Sequence[Panel], span: tuple[date, date] | None, top: float, hue: str) -> Html:
    grey = "".join(line_path(other.points, _WIDTH, _HEIGHT, span=span, top=top) for other in others if other != panel)
    own = line_path(panel.points, _WIDTH, _HEIGHT, span=span, top=top)
    goal = ""
    if panel.target is not None:
        y = _HEIGHT - _HEIGHT * panel.target / top
        goal = f'<path d="M0 {y:.1f}H{_WIDTH:g}" style="stroke:var(--ink-soft);stroke-width:1.5;stroke-dasharray:4 4"/>'
    body = (
        themed("line", "line_strong", "ink_soft", hue)
        + f'<path d="M0 {_HEIGHT:g}H{_WIDTH:g}" style="stroke:var(--line-strong);stroke-width:1"/>'
        + f'<path d="{grey}" style="stroke:var(--line);stroke-width:1.5"/>'
        + goal
        + f'<path d="{own}" style="stroke:var(--{hue});stroke-width:3"/>'
    )
    drawn = picture(body, _WIDTH, _HEIGHT, _alt(panel), class_="panel__plot")
    ends = tag("p", *(tag("span", french.short_month(day)) for day in span), class_="panel__ends") if span else None
    return tag("div", drawn, ends)


def _alt(panel: Panel) -> str:
    known = [(day, value) for day, value in panel.points if value is not None]
    if not known:
        return f"{panel.name} : {panel.empty}."
    (first, start), (last, end) = known[0], known[-1]
    return (
        f"{panel.name} : {french.number(start or 0, 1)} en {french.month(first)}, "
        f"{french.number(end or 0, 1)} en {french.month(last)}."
    )


def _data(panels: Sequence[Panel], caption: str) -> Html:
    days = sorted({day for panel in panels for day, _ in panel.points})
    values = [dict(panel.points) for panel in panels]
    rows = [
        [french.month(day), *(_written(found.get(day)) for found in values)]
        for day in days
    ]  # fmt: skip
    headings = ["Mois", *(panel.name for panel in panels)]
    return table(caption, headings, rows, numeric=range(1, len(headings)), hide_caption=True, stacked=False)


def _written(value: float | None) -> str:
    return "○" if value is None else french.number(value, 1)
