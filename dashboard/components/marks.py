"""The five families of states: a shape and a word, always both; colour only repeats them."""

from __future__ import annotations

from core.domain.observation import Missing, Progress
from dashboard.components.html import Html, classes, tag
from dashboard.theme import AXIS_NAMES

PROGRESS_MARKS = {
    Progress.AHEAD: ("▲", "En avance"),
    Progress.ON_TIME: ("●", "Dans les temps"),
    Progress.LATE: ("▼", "En retard"),
    Progress.BLOCKED: ("■", "Bloqué"),
    Progress.NO_TARGET: ("", "Sans objectif"),
}
"""Shape and word of the advancement, as the glossary writes them."""

MISSING_MARKS = {
    Missing.NOT_REPORTED: ("○", "Non renseigné"),
    Missing.NOT_APPLICABLE: ("—", "Sans objet"),
    Missing.ERROR: ("", "Calcul impossible"),
}
"""Shape and word of a value that is not there."""

MEANINGS = {
    Progress.AHEAD: "Au-dessus de ce qui est attendu à cette date.",
    Progress.ON_TIME: "À moins de dix points de ce qui est attendu à cette date.",
    Progress.LATE: "Plus de dix points sous ce qui est attendu à cette date.",
    Progress.BLOCKED: "Arrêté par une cause extérieure ; la cause et la prochaine action sont écrites.",
    Progress.NO_TARGET: "Le chiffre existe, mais le comité n’a pas fixé de nombre à atteindre.",
    Missing.NOT_REPORTED: "On ne sait pas encore. Ce n’est pas zéro.",
    Missing.NOT_APPLICABLE: "La question ne se pose pas ici (axe non prévu à ce lieu).",
    Missing.ERROR: "Des données existent mais ne permettent pas le calcul ; la raison est donnée.",
}
"""What each word means, as the glossary says it."""


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


def plain_mark(state: Progress | Missing) -> str:
    """The same in plain text, « ▼ En retard », for a table's cell or a file."""
    shape, word = PROGRESS_MARKS[state] if isinstance(state, Progress) else MISSING_MARKS[state]
    return f"{shape} {word}".strip()


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
