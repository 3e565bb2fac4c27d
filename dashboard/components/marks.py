"""The five families of states: a shape and a word, always both; colour only repeats them."""

from __future__ import annotations

from core.domain.marks import MEANINGS as MEANINGS
from core.domain.marks import MISSING_MARKS, PROGRESS_MARKS
from core.domain.marks import plain_mark as plain_mark
from core.domain.observation import Missing, Progress
from dashboard.components.html import Html, classes, tag
from dashboard.theme import AXIS_NAMES


def mark(state: Progress | Missing, *, about: str = "", size: str = "") -> Html:
    """« ▼ En retard », with ``about`` after it (« matériel »). ``size``: « large » for a heading."""
    shape, word = PROGRESS_MARKS[state] if isinstance(state, Progress) else MISSING_MARKS[state]
    return tag(
        "span",
        tag("span", shape, class_="mark__shape", aria_hidden="true") if shape else None,
        tag("span", word, class_="mark__word"),
        tag("span", f" {about}", class_="mark__about") if about else None,
        class_=classes("mark", f"mark--{state.value}", f"mark--{size}" if size else None),
    )


def axis_chip(number: int, *, quiet: bool = False) -> Html:
    """An axis: its sign and its name; ``quiet`` keeps the name for screen readers and tooltips only."""
    name = AXIS_NAMES[number]
    return tag(
        "span",
        tag("span", class_=f"axis__sign axis__sign--{number}", aria_hidden="true"),
        tag("span", name, class_="visually-hidden" if quiet else "axis__name"),
        class_=classes("axis", f"axis--{number}"),
        title=f"Axe {number}, {name}" if quiet else None,
    )


def legend() -> Html:
    """How to read the marks: each shape, its word and its meaning."""
    return tag(
        "dl",
        [
            tag("div", tag("dt", mark(state)), tag("dd", meaning))
            for state, meaning in MEANINGS.items()
            if state is not Missing.ERROR
        ],
        class_="legend",
    )
