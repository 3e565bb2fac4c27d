"""Small drawings as pictures: SVG carried in an ``img`` address, with its words in ``alt``.

The framework lets HTML pass but not SVG elements; a picture prints, scales and follows the dark theme.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from urllib.parse import quote

from dashboard.components.html import Html, tag
from dashboard.theme import DARK, LIGHT

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
