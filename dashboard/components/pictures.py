"""Small drawings as pictures: SVG carried in an ``img`` address, with its words in ``alt``.

The framework lets HTML pass but not SVG elements; a picture prints, scales and follows the dark theme.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from urllib.parse import quote

from core.domain import french
from core.domain.palette import DARK, LIGHT
from core.figures.park import SOURCE, Park, ParkPart
from dashboard.components.figures import figure_link, with_marks
from dashboard.components.html import Html, tag
from dashboard.components.tables import table
from dashboard.components.text import fold, link, note, take_chart

Point = tuple[date, float | None]

_STYLE = (
    "<style>:root{%s}@media (prefers-color-scheme:dark){:root{%s}}"
    "path{fill:none;vector-effect:non-scaling-stroke;stroke-linejoin:round;stroke-linecap:round}</style>"
)


def picture(body: str, width: float, height: float, alt: str, *, class_: str, stretched: bool = True) -> Html:
    """An ``img`` of the SVG ``body``; ``stretched`` lets it fill its box without keeping its ratio."""
    keep = ' preserveAspectRatio="none"' if stretched else ""
    whole = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}"{keep}>{body}</svg>'
    return tag("img", src="data:image/svg+xml," + quote(whole, safe=" =:/,;()"), alt=alt, class_=class_)


@cache
def themed(*names: str) -> str:
    """The colours ``names`` of the palette as a style element for inside a picture, light and dark."""
    return _STYLE % tuple(
        "".join(f"--{name.replace('_', '-')}:{getattr(palette, name)};" for name in names) for palette in (LIGHT, DARK)
    )


def sparkline(points: Sequence[Point], alt: str) -> Html:
    """One small line of ``points``; unknown values interrupt it."""
    path = line_path(points, 100, 30, top=_room(points))
    body = f'{themed("ink_soft")}<path d="{path}" style="stroke:var(--ink-soft);stroke-width:2"/>'
    return picture(body, 100, 30, alt, class_="spark")


def _room(points: Sequence[Point]) -> float:
    """The top of the scale: the largest value, with room for the thickness of the line."""
    return 1.08 * max((value or 0 for _, value in points), default=0) or 1.0


def line_path(
    points: Sequence[Point],
    width: float,
    height: float,
    *,
    span: tuple[date, date] | None = None,
    top: float | None = None,
) -> str:
    """The ``d`` of a line through ``points`` in a box; ``span`` and ``top`` share a scale between lines."""
    known = [(day, value) for day, value in points if value is not None]
    if not known:
        return ""
    first, last = span or (points[0][0], points[-1][0])
    days = max(1, (last - first).days)
    highest = top or max(value for _, value in known) or 1
    pen, steps = "M", []
    for day, value in points:
        if value is None:
            pen = "M"
            continue
        x = width * (day - first).days / days
        y = height - height * value / highest
        steps.append(f"{pen}{x:.1f} {y:.1f}")
        pen = "L"
    return "".join(steps)


# --- Small multiples: one panel per experiment, one scale for all, the others grey behind ----------


_WIDTH, _HEIGHT = 240.0, 100.0


@dataclass(frozen=True, slots=True)
class Panel:
    """One line: whose, its points in time order, the value to reach if any, why it is empty if so.

    ``lacking``: what its last number does not hold, or the older day that it speaks of.
    """

    name: str
    points: tuple[Point, ...]
    target: float | None = None
    address: str | None = None
    empty: str = "Non renseigné"
    lacking: str = ""


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
    """The panels under their conclusion, read month by month by who points at them or goes there by the keys.

    ``hue``: axis1, axis2, axis3 or accent.
    """
    span, top = _scale(panels)
    days = _days(panels)
    return tag(
        "figure",
        tag("figcaption", tag(f"h{level}", conclusion, class_="chart__title"), tag("p", unit, class_="chart__unit")),
        tag(
            "div",
            [_panel(panel, panels, span, top, hue) for panel in panels],
            class_="panels",
            style=f"--panels:{min(6, max(3, len(panels)))}",
        ),
        _months(days),
        tag(
            "div",
            tag("p", f"Source : {source}", class_="note") if source else None,
            take_chart(conclusion),
            fold("Lire les données de ce graphique", tag("p", alternative), _data(panels, conclusion)),
            class_="chart__foot",
        ),
        class_="multiples",
        data_days=" ".join(day.isoformat() for day in days) if len(days) > 1 else None,
    )


def _days(panels: Sequence[Panel]) -> list[date]:
    return sorted({day for panel in panels for day, _ in panel.points})


def _months(days: Sequence[date]) -> Html | None:
    """One stop of the keyboard for the whole chart: its arrows go from month to month (``pointing.js``)."""
    if len(days) < 2:
        return None
    last = len(days) - 1
    choice = tag("input", type="range", min=0, max=last, value=last, aria_valuetext=french.month(days[last]))
    return tag("label", tag("span", "Lire mois par mois"), choice, class_="chart__months")


def _scale(panels: Sequence[Panel]) -> tuple[tuple[date, date] | None, float]:
    days = _days(panels)
    values = [value for panel in panels for _, value in panel.points if value is not None]
    targets = [panel.target for panel in panels if panel.target is not None]
    return ((days[0], days[-1]) if days else None), max([*values, *targets, 1.0]) * 1.05


def _panel(panel: Panel, others: Sequence[Panel], span: tuple[date, date] | None, top: float, hue: str) -> Html:
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
        tag("span", panel.lacking, class_="panel__wait cell__wait") if last and panel.lacking else None,
        class_="panel__head",
    )
    return tag("div", head, _plot(panel, others, span, top, hue), class_="panel")


def _plot(panel: Panel, others: Sequence[Panel], span: tuple[date, date] | None, top: float, hue: str) -> Html:
    tick = _round(top)
    grey = "".join(line_path(other.points, _WIDTH, _HEIGHT, span=span, top=top) for other in others if other != panel)
    own = line_path(panel.points, _WIDTH, _HEIGHT, span=span, top=top)
    goal = ""
    if panel.target is not None:
        y = _HEIGHT - _HEIGHT * panel.target / top
        goal = f'<path d="M0 {y:.1f}H{_WIDTH:g}" style="stroke:var(--ink-soft);stroke-width:1.5;stroke-dasharray:4 4"/>'
    body = (
        themed("line", "line_strong", "ink_soft", hue)
        + f'<path d="M0 {_HEIGHT:g}H{_WIDTH:g}" style="stroke:var(--line-strong);stroke-width:1"/>'
        + f'<path d="M0 {_HEIGHT - _HEIGHT * tick / top:.1f}H{_WIDTH:g}" style="stroke:var(--line);stroke-width:1"/>'
        + f'<path d="{grey}" style="stroke:var(--line);stroke-width:1.5"/>'
        + goal
        + f'<path d="{own}" style="stroke:var(--{hue});stroke-width:3"/>'
    )
    drawn = picture(body, _WIDTH, _HEIGHT, _alt(panel), class_="panel__plot")
    ends = tag("p", *(tag("span", french.short_month(day)) for day in span), class_="panel__ends") if span else None
    # Two ticks, the same for all: the foot of the scale, and a round number near its top.
    ticks = [
        tag("span", french.number(value), class_="panel__tick", style=f"top:{100 - 100 * value / top:.1f}%")
        for value in (0, tick)
    ]
    return tag("div", tag("div", drawn, ticks, class_="panel__box"), ends)


def _round(top: float) -> float:
    """The largest 1, 2 or 5 followed by zeros under the top of a scale."""
    power = 10 ** math.floor(math.log10(top))
    return float(max(step * power for step in (1, 2, 5) if step * power <= top))


def _alt(panel: Panel) -> str:
    known = [(day, value) for day, value in panel.points if value is not None]
    if not known:
        return f"{panel.name} : {panel.empty}."
    (first, start), (last, end) = known[0], known[-1]
    return (
        f"{panel.name} : {french.number(start or 0, 1)} en {french.month(first)}, "
        f"{french.number(end or 0, 1)} en {french.month(last)}{f', {panel.lacking}' if panel.lacking else ''}."
    )


def _data(panels: Sequence[Panel], caption: str) -> Html:
    days = _days(panels)
    values = [dict(panel.points) for panel in panels]
    rows = [[french.month(day), *(_written(found.get(day)) for found in values)] for day in days]
    headings = ["Mois", *(panel.name for panel in panels)]
    return table(caption, headings, rows, numeric=range(1, len(headings)), stacked=False)


def _written(value: float | None) -> str:
    return "○" if value is None else french.number(value, 1)


# --- The computers voted as one bar: each at the one place where it is, the six parts under it with their marks --


_NARROW = 0.035
"""The share under which a number has no room within its part; it stands in the list under the bar all the same."""


def park_bar(found: Park, address: Callable[[str], str | None], *, level: int = 3) -> Html:
    """The bar under its conclusion; ``address`` gives the rows behind an indicator."""
    names = [tag("li", _named(one, rank, address)) for rank, one in enumerate(found.parts, 1)]
    return tag(
        "figure",
        tag("figcaption", tag(f"h{level}", found.conclusion, class_="chart__title")),
        park_marks(found),
        tag("ul", names, class_="park__key"),
        note(f"Source : {SOURCE}. ", "Une machine ne compte qu’à un endroit. ", found.beyond),
        take_chart(found.conclusion),
        class_="park",
    )


def park_marks(found: Park) -> Html:
    """The bar alone; the list or the legend beside it says the same in words."""
    whole = max(1, found.whole)
    parts = [
        tag(
            "span",
            french.number(one.number) if one.number / whole >= _NARROW else None,
            class_=f"park__part park__part--{rank}",
            style=f"--share:{one.number / whole:.4f}",
        )
        for rank, one in enumerate(found.parts, 1)
        if one.number
    ]
    return tag("div", parts, class_="park__bar", aria_hidden="true")


def park_swatch(rank: int) -> Html:
    """The dress of a part, beside its name."""
    return tag("span", class_=f"park__swatch park__part--{rank}", aria_hidden="true")


def _named(part: ParkPart, rank: int, address: Callable[[str], str | None]) -> Html:
    number = french.number(part.number)
    to = address(part.indicator) if part.indicator and part.number else None
    shown = tag("strong", number)
    return tag(
        "span",
        park_swatch(rank),
        figure_link(shown, number, to, f"ordinateurs {part.name}") if to else shown,
        " ",
        tag("span", with_marks(part.name, part.seen), data_name=""),
    )
