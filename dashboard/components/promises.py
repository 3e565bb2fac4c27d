"""What the associations promised: one mark per commitment, and the number of rows that show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.domain import french
from core.services.commitments import PROMISE_MARKS, Kept, Standing
from dashboard.components.html import Html, classes, tag
from dashboard.components.text import link

PROMISE_MEANINGS = {
    Kept.SHOWN: "Des lignes déposées le montrent ; leur nombre est écrit.",
    Kept.NOTHING_YET: "L’association a transmis ces données, et aucune ligne ne le montre encore.",
    Kept.NOT_REPORTED: "Rien n’a encore été transmis à ce sujet. Ce n’est pas zéro.",
    Kept.NOT_APPLICABLE: "La délibération ne le demande pas ici (axe non prévu).",
}


@dataclass(frozen=True, slots=True)
class Promise:
    """One commitment of one experiment; ``address`` leads to the rows that show it."""

    standing: Standing
    address: str | None = None


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
