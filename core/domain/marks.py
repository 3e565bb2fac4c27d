"""The states of a figure in words and shapes, as the glossary writes them: on screen, on paper, on slides."""

from __future__ import annotations

from core.domain.observation import Missing, Progress

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


def plain_mark(state: Progress | Missing) -> str:
    """The same in plain text, « ▼ En retard », for a table's cell or a file."""
    shape, word = PROGRESS_MARKS[state] if isinstance(state, Progress) else MISSING_MARKS[state]
    return f"{shape} {word}".strip()
