"""Figures side by side: a label, a large number with its parts, its bar, its standing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.figures import NOT_FINAL
from core.domain.observation import Cell, Progress
from dashboard.components.bars import expected_text, target_bar
from dashboard.components.figures import change_text, freshness_text, shown, target_text, wait_text
from dashboard.components.html import Html, classes, tag
from dashboard.components.marks import mark
from dashboard.components.text import link


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A figure and what goes with it; ``address`` leads to the rows behind, ``hint`` is its definition."""

    label: str
    cell: Cell
    axis: int | None = None
    headline: str = "value"
    parts: str = ""
    address: str | None = None
    hint: str = ""
    since: str = ""


def key_figures(found: Sequence[KeyFigure], *, level: int = 3) -> Html:
    """The figures as a list that wraps."""
    return tag("ul", [tag("li", _figure(figure), class_="keyfigure") for figure in found], class_="keyfigures")


def _figure(figure: KeyFigure) -> Html:
    what = shown(figure.cell.observation, headline=figure.headline, unit=True, parts=figure.parts)
    standing = figure.cell.standing
    number = tag("span", what.main, class_="keyfigure__main") if what.missing is None else mark(what.missing)
    goal = target_text(figure.cell, headline=figure.headline)
    change = change_text(figure.cell, headline=figure.headline) if what.missing is None else ""
    facts = [what.rest, goal, f"{change} {figure.since}".strip() if change else ""]
    small = " · ".join(part for part in facts if part)
    return tag(
        "div",
        tag("p", figure.label, class_="keyfigure__label", title=figure.hint or None),
        tag("p", link(number, figure.address, quiet=True) if figure.address else number),
        tag("p", small, class_="keyfigure__rest") if small else None,
        target_bar(standing, hue=f"axis{figure.axis}" if figure.axis else "ink"),
        tag("p", mark(standing.progress), _gap(figure.cell)) if standing.progress is not Progress.NO_TARGET else None,
        tag("p", what.reason, class_="keyfigure__reason") if what.reason else None,
        _late(figure.cell),
        class_=classes("keyfigure__in", f"keyfigure__in--{figure.axis}" if figure.axis else None),
    )


def _gap(cell: Cell) -> Html | None:
    text = expected_text(cell.standing)
    return tag("span", text, class_="keyfigure__gap") if text else None


def _late(cell: Cell) -> Html | None:
    text = wait_text(cell.observation)
    told = freshness_text(cell.observation.freshness)
    late = None if text == NOT_FINAL else "fresh--late"
    return tag("p", text, class_=classes("fresh", late), title=told) if text else None
