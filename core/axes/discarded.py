"""Figures that were considered and are not built, with the reason, for the definitions page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Discarded:
    """A figure that the programme does not compute."""

    code: str
    label: str
    reason: str


_HOMES = "Il faudrait suivre des foyers dans le temps ; le programme ne compte que des nombres par lieu et par mois."
_PEOPLE = (
    "Il faudrait suivre des personnes dans le temps ; le programme ne compte que des nombres par lieu et par mois."
)

DISCARDED = (
    Discarded("CO8", "Maintien de la connexion", _HOMES),
    Discarded("CO9", "Délai entre l’accord et la mise en service", _HOMES),
    Discarded("AC5", "Aidants actifs", _PEOPLE),
    Discarded("AC9", "Progression d’autonomie", _PEOPLE),
)
