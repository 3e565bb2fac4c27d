"""The first screen’s columns, one for each experiment, level line by line; and what was promised."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from core.domain import french
from core.domain.figure_text import freshness_text, lacking_text, shown_cell, target_text
from core.domain.observation import Cell, Freshness, Observation, Progress
from core.domain.programme import Experiment, Place
from core.figures.commitments import PROMISE_MARKS, CommitmentStatus, Kept
from dashboard.components.figures import draft_sign, expected_aside, figure_link, marks_of, target_bar
from dashboard.components.html import Child, Html, classes, tag
from dashboard.components.pictures import Point, sparkline
from dashboard.components.text import axis_chip, link, mark, opener


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
class CardTrend:
    """What changed: a sentence, and the points of a small line, if any."""

    text: str
    points: tuple[Point, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """All that stands in the column of one experiment.

    ``states`` are the marks to show with what each is about: ``((Progress.LATE, "immeubles"), …)``;
    ``delays`` what is said of those that are late or stopped, by what they are about: the share expected,
    its clock, the cause; ``places`` the page of each place that has one.
    """

    experiment: Experiment
    address: str
    states: tuple[tuple[Progress, str], ...]
    figures: tuple[CardFigure, ...]
    freshness: Freshness
    trend: CardTrend | None = None
    warning: str = ""
    delays: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)


def cards(found: Sequence[Card]) -> Html:
    """The columns, in the given order; on a phone rows of a few words, each unfolded by its button."""
    return tag(
        "ul",
        [tag("li", _card(card), class_=_dress(card), data_folds="closed") for card in found],
        class_="cards",
        style=_grid(len(found)),
    )


def _dress(card: Card) -> str | None:
    """What is late or stopped stands out: by its edge and its ground, before anybody reads the word."""
    states = {state for state, _ in card.states}
    return classes("card", "card--late" if states & {Progress.LATE, Progress.BLOCKED} else None)


def places_with_axes(experiment: Experiment, addresses: Mapping[str, str]) -> Html:
    """Each place, which leads to its page where ``addresses`` has one, with the signs of the axes tried there."""
    return tag("ul", [tag("li", _place(one, addresses.get(one.code))) for one in experiment.places], class_="places")


def _place(place: Place, address: str | None) -> list[Html]:
    name = link(place.name, address, quiet=True) if address else tag("span", place.name)
    return [name, *(axis_chip(axis, quiet=True) for axis in place.axes)]


def _grid(count: int) -> str:
    """How many cards stand beside each other, on a wide and on a middling screen: none alone on a last row."""
    wide = count if count <= 7 else math.ceil(count / 2)
    middling = math.ceil(count / math.ceil(count / 4)) if count else 1
    return f"--wide:{max(6, wide)};--middling:{max(3, middling)}"


def _card(card: Card) -> Html:
    states = [child for state, about in card.states for child in _state(state, about, card.delays)]
    return tag(
        "article",
        _head(card.experiment, card.address),
        places_with_axes(card.experiment, card.places),
        tag("ul", states or tag("li", mark(Progress.NO_TARGET)), class_="card__states"),
        tag("div", [_figure(figure, card.experiment.short_title) for figure in card.figures], class_="card__figures"),
        _trend(card.trend),
        _freshness(card),
        opener(card.experiment.short_title),
        class_="card__in",
    )


def _state(state: Progress, about: str, delays: Mapping[str, str]) -> Iterator[Html]:
    yield tag("li", mark(state, about=about))
    if about in delays:
        yield tag("li", delays[about], class_="card__delay")


def _head(experiment: Experiment, address: str) -> Html:
    return tag(
        "header",
        tag("p", experiment.territory, class_="kicker"),
        tag("h3", link(experiment.short_title, address, quiet=True), class_="card__name"),
        tag("p", experiment.association.name, class_="card__association"),
    )


def _figure(figure: CardFigure, whose: str) -> Html:
    what = shown_cell(figure.cell, headline=figure.headline, parts=figure.parts)
    if what.missing is not None:
        value: Child = mark(what.missing)
    else:
        number = tag("span", what.main, class_="card__number")
        about = f"{figure.label}, {whose}"
        value = figure_link(number, what.main, figure.address, about) if figure.address else number
    goal = target_text(figure.cell, headline=figure.headline)
    small = " · ".join(part for part in (what.rest, goal) if part)
    wait = lacking_text(figure.cell.observation)
    return tag(
        "div",
        tag("p", figure.label, class_="card__label"),
        tag(
            "p",
            value,
            draft_sign(figure.cell.observation),
            tag("span", small, class_="card__rest") if small else None,
            class_="card__value",
        ),
        target_bar(figure.cell.standing, hue=f"axis{figure.axis}" if figure.axis else "ink"),
        expected_aside(figure.cell.standing),
        tag("p", wait, class_="cell__wait") if wait else None,
        class_="card__figure",
    )


def _trend(trend: CardTrend | None) -> Html:
    if trend is None:
        return tag("div", class_="card__trend")
    line = sparkline(trend.points, trend.name or trend.text) if len(_known(trend.points)) > 1 else None
    return tag("div", line, _ends(trend.points) if line else None, tag("p", trend.text), class_="card__trend")


def _ends(points: Sequence[Point]) -> Html:
    """The scale of a small line: its first and last months, with their values."""
    known = _known(points)
    told = [f"{french.number(value, 1)} en {french.short_month(day)}" for day, value in (known[0], known[-1])]
    return tag("p", [tag("span", one) for one in dict.fromkeys(told)], class_="spark__ends")


def _known(points: Sequence[Point]) -> list[tuple[date, float]]:
    return [(day, value) for day, value in points if value is not None]


def _freshness(card: Card) -> Html:
    late = card.freshness.late
    return tag(
        "footer",
        tag("p", freshness_text(card.freshness), class_=classes("fresh", "fresh--late" if late else None)),
        tag("p", card.warning, class_="card__warning") if card.warning else None,
        class_="card__foot",
    )


# --- What the associations promised: one mark per commitment, and the number of rows that show it ----


PROMISE_MEANINGS = {
    Kept.SHOWN: "Des lignes déposées le montrent ; leur nombre est écrit.",
    Kept.NOTHING_YET: "L’association a transmis ces données, et aucune ligne ne le montre encore.",
    Kept.NOT_REPORTED: "Rien n’a encore été transmis à ce sujet. Ce n’est pas zéro.",
    Kept.NOT_APPLICABLE: "La délibération ne le demande pas ici (axe non prévu).",
}


@dataclass(frozen=True, slots=True)
class Promise:
    """One commitment of one experiment; ``address`` leads to the rows that show it, ``seen`` is their count."""

    standing: CommitmentStatus
    address: str | None = None
    seen: Observation | None = None


def promise_mark(found: Promise) -> Html:
    """« ✓ 84 lignes », « ○ Non renseigné »: shape and word, the number when there are rows."""
    shape, word = PROMISE_MARKS[found.standing.state]
    rows = french.count(found.standing.evidence, "ligne") if found.standing.state is Kept.SHOWN else ""
    said = tag("span", rows or word, class_="promise__word")
    return tag(
        "span",
        tag("span", shape, class_="mark__shape", aria_hidden="true") if shape else None,
        tag("span", f"{word} : ", class_="visually-hidden") if rows else None,
        link(said, found.address, quiet=True) if found.address and rows else said,
        marks_of(found.seen) if found.seen is not None else None,
        class_=classes("promise__mark", f"promise__mark--{found.standing.state.value}"),
    )


def promise_strip(found: Sequence[Promise], *, name: str) -> Html:
    """The marks side by side, each under its short title, the text in full as a tooltip."""
    items = [
        tag(
            "li",
            tag("span", one.standing.commitment.title, class_="promise__title"),
            promise_mark(one),
            class_=f"promise promise--{one.standing.state.value}",
            title=one.standing.commitment.text,
        )
        for one in found
    ]
    return tag("ol", items, class_="promises", aria_label=name)


def promise_legend() -> Html:
    """How to read the marks."""
    pairs = [
        tag("div", tag("dt", f"{PROMISE_MARKS[state][0]} {PROMISE_MARKS[state][1]}"), tag("dd", meaning))
        for state, meaning in PROMISE_MEANINGS.items()
    ]
    return tag("dl", pairs, class_="legend")
