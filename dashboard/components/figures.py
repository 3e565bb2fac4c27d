"""A figure on the page: its text, its bar to the target, its place among key figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.domain.change import change_text, since_text
from core.domain.figure_text import (
    DRAFT_NOTE,
    DRAFT_SIGN,
    NOT_FINAL,
    cause_text,
    expected_text,
    freshness_text,
    is_draft,
    lacking_text,
    shown_cell,
    target_text,
    wait_text,
)
from core.domain.observation import Cell, Observation, Standing
from dashboard.components.html import Child, Html, classes, tag
from dashboard.components.text import link, mark, note

# --- What stands beside a figure: the sign of data not accepted, an older day, that it is incomplete ----


def draft_sign(found: Observation) -> Html | None:
    """The sign of a figure that counts data not accepted yet; its words are read out, and stand under the table."""
    if not is_draft(found):
        return None
    words = tag("span", f" {NOT_FINAL}", class_="visually-hidden")
    sign = tag("span", DRAFT_SIGN, aria_hidden="true")
    return tag("span", sign, words, class_="cell__draft", title=freshness_text(found.freshness))


def with_marks(said: Child, found: Observation) -> Html:
    """A figure in a cell with the marks that it has everywhere: « 24 ° », « 179 incomplet », « 6 au 31 mars 2022 »."""
    return tag("span", tag("span", said, class_="whole"), marks_of(found))


def marks_of(found: Observation) -> list[Html]:
    """The marks alone: the sign of data not accepted, an older day, that it is incomplete."""
    sign, lacking = draft_sign(found), lacking_text(found)
    wait = tag("span", f" {lacking}", class_="cell__wait", title=freshness_text(found.freshness)) if lacking else None
    return [one for one in (sign, wait) if one is not None]


def draft_note(found: Iterable[Observation]) -> Html | None:
    """What the sign means, when one of the figures bears it."""
    return note(DRAFT_NOTE) if any(is_draft(one) for one in found) else None


# --- The small bar that goes with a figure: how much of the target, and where it should be today ----


def bar(done: float, expected: float | None = None, *, hue: str = "ink") -> Html:
    """A bar of ``done`` (1 = the whole), with a tick at ``expected``; ``hue``: axis1…3, ink.

    It repeats what the text beside it says, and is silent for screen readers.
    """
    style = f"--done:{_share(done)}"
    if expected is not None:
        style += f";--expected:{_share(expected)}"
    return tag(
        "span",
        tag("span", class_="bar__fill"),
        tag("span", class_="bar__tick") if expected is not None else None,
        class_=f"bar bar--{hue}",
        style=style,
        aria_hidden="true",
    )


def target_bar(standing: Standing, *, hue: str = "ink") -> Html | None:
    """The bar of a figure that has a target, else None."""
    if standing.target is None or standing.done is None:
        return None
    return bar(standing.done, standing.expected, hue=hue)


def figure_link(shown: Html, number: str, address: str, about: str, *, class_: str | None = None) -> Html:
    """A number that leads to its rows; it is called by what it counts, for who reads the links one after the other."""
    name = f"{number}, {about}" if about else None
    return tag("a", shown, href=address, target="_self", class_=class_, aria_label=name)


def expected_aside(standing: Standing) -> Html | None:
    """The words of the bar, where they are not written beside it: for who does not see its tick."""
    text = expected_text(standing)
    return tag("span", f" {text}", class_="visually-hidden") if text else None


def _share(value: float) -> str:
    return f"{min(1.0, max(0.0, value)):.4f}"


# --- Figures side by side: a label, a large number with its parts, its bar, its standing -----------


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


def key_figures(found: Sequence[KeyFigure], *, one_line: bool = False, small: bool = False) -> Html:
    """The figures as a list that wraps; up to six in one line of a wide screen, ``small`` as what comes second."""
    dress = classes("keyfigures", "keyfigures--line" if one_line else None, "keyfigures--small" if small else None)
    return tag("ul", [tag("li", _figure(figure, one_line), class_="keyfigure") for figure in found], class_=dress)


def _figure(figure: KeyFigure, short: bool = False) -> Html:
    what = shown_cell(figure.cell, headline=figure.headline, unit=True, parts=figure.parts)
    standing = figure.cell.standing
    cause = cause_text(standing)
    number = tag("span", what.main, class_="keyfigure__main") if what.missing is None else mark(what.missing)
    goal = target_text(figure.cell, headline=figure.headline)
    change = change_text(figure.cell, headline=figure.headline) if what.missing is None else ""
    since = since_text(figure.cell, headline=figure.headline)
    facts = [what.rest, goal, f"{change} {since}".strip() if change else ""]
    small = " · ".join(part for part in facts if part)
    return tag(
        "div",
        tag("p", figure.label, class_="keyfigure__label", title=figure.hint or None),
        tag(
            "p",
            link(number, figure.address, quiet=True) if figure.address else number,
            draft_sign(figure.cell.observation) if short else None,
        ),
        tag("p", small, class_="keyfigure__rest") if small else None,
        target_bar(standing, hue=f"axis{figure.axis}" if figure.axis else "ink"),
        _stands(figure.cell, short),
        tag("p", cause, class_=_cause_dress(short), title=cause if short else None) if cause else None,
        tag("p", what.reason, class_="keyfigure__reason") if what.reason else None,
        _late(figure.cell, short),
        class_=classes("keyfigure__in", f"keyfigure__in--{figure.axis}" if figure.axis else None),
    )


def _cause_dress(short: bool) -> str:
    """In a line of six a cause is cut after two lines, whole for who points at it or hears it."""
    return "cell__cause" if short else "keyfigure__reason"


def _stands(cell: Cell, short: bool) -> Html | None:
    """The word of its advancement, and on which clock; the clock alone for an experiment that is over.

    In a line of six the tick of the bar and the words read out say the clock, and who points at the word sees it.
    """
    text = expected_text(cell.standing)
    dress = "visually-hidden" if short and cell.standing.progress.judged else "keyfigure__gap"
    gap = tag("span", f" {text}" if short else text, class_=dress) if text else None
    word = mark(cell.standing.progress) if cell.standing.progress.judged else None
    return tag("p", word, gap, title=text or None) if word or gap else None


def _late(cell: Cell, short: bool) -> Html | None:
    """What a figure lacks; in a line of six its sign says that it is not final."""
    text = wait_text(cell.observation)
    if short and text == NOT_FINAL:
        return None
    told = freshness_text(cell.observation.freshness)
    late = None if text == NOT_FINAL else "fresh--late"
    return tag("p", text, class_=classes("fresh", late), title=told) if text else None
