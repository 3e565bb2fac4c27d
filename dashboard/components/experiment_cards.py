"""One column per experiment on the first screen; their lines fall level with one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain.experiment import Experiment
from core.domain.observation import Cell, Freshness, Progress
from dashboard.components.bars import target_bar
from dashboard.components.figures import freshness_text, shown, target_text
from dashboard.components.html import Child, Html, classes, tag
from dashboard.components.marks import axis_chip, mark
from dashboard.components.pictures import Point, sparkline
from dashboard.components.text import link


@dataclass(frozen=True, slots=True)
class CardFigure:
    """A figure of the card: a short label and its cell; ``axis`` gives its hue."""

    label: str
    cell: Cell
    axis: int | None = None
    headline: str = "value"
    parts: str = ""
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Trend:
    """What changed: a sentence, and the points of a small line, if any."""

    text: str
    points: tuple[Point, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """All that stands in the column of one experiment.

    ``states`` are the marks to show with what each is about: ``((Progress.LATE, "immeubles"), …)``.
    """

    experiment: Experiment
    address: str
    states: tuple[tuple[Progress, str], ...]
    figures: tuple[CardFigure, ...]
    freshness: Freshness
    trend: Trend | None = None
    warning: str = ""


def cards(found: Sequence[Card]) -> Html:
    """The columns, in the given order; a list on a phone."""
    return tag("ul", [tag("li", _card(card), class_="card") for card in found], class_="cards")


def places_with_axes(experiment: Experiment) -> Html:
    """Each place with the signs of the axes tried there."""
    return tag(
        "ul",
        [
            tag("li", tag("span", place.name), [axis_chip(axis, quiet=True) for axis in place.axes])
            for place in experiment.places
        ],
        class_="places",
    )


def _card(card: Card) -> Html:
    states = [tag("li", mark(state, about=about)) for state, about in card.states]
    return tag(
        "article",
        _head(card.experiment, card.address),
        places_with_axes(card.experiment),
        tag("ul", states or tag("li", mark(Progress.NO_TARGET)), class_="card__states"),
        tag("div", [_figure(figure) for figure in card.figures], class_="card__figures"),
        _trend(card.trend),
        _freshness(card),
        class_="card__in",
    )


def _head(experiment: Experiment, address: str) -> Html:
    return tag(
        "header",
        tag("p", experiment.territory, class_="kicker"),
        tag("h3", link(experiment.short_title, address, quiet=True), class_="card__name"),
        tag("p", experiment.association.name, class_="card__association"),
    )


def _figure(figure: CardFigure) -> Html:
    what = shown(figure.cell.observation, headline=figure.headline, parts=figure.parts)
    if what.missing is not None:
        value: Child = mark(what.missing)
    else:
        number = tag("span", what.main, class_="card__number")
        value = tag("a", number, href=figure.address, target="_self") if figure.address else number
    goal = target_text(figure.cell, headline=figure.headline)
    small = " · ".join(part for part in (what.rest, goal) if part)
    return tag(
        "div",
        tag("p", figure.label, class_="card__label"),
        tag("p", value, tag("span", small, class_="card__rest") if small else None, class_="card__value"),
        target_bar(figure.cell.standing, hue=f"axis{figure.axis}" if figure.axis else "ink"),
        class_="card__figure",
    )


def _trend(trend: Trend | None) -> Html:
    if trend is None:
        return tag("div", class_="card__trend")
    line = sparkline(trend.points, trend.name or trend.text) if len(trend.points) > 1 else None
    return tag("div", line, tag("p", trend.text), class_="card__trend")


def _freshness(card: Card) -> Html:
    late = card.freshness.late
    return tag(
        "footer",
        tag("p", freshness_text(card.freshness), class_=classes("fresh", "fresh--late" if late else None)),
        tag("p", card.warning, class_="card__warning") if card.warning else None,
        class_="card__foot",
    )
