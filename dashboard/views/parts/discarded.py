"""The indicators that were thought of and set aside, with the reason: they would follow persons."""

from __future__ import annotations

from dataclasses import dataclass

PERSONS = "Demanderait de suivre des personnes : la Métropole ne collecte que des nombres."
HOUSEHOLDS = "Demanderait de suivre des foyers : la Métropole ne collecte que des nombres."


@dataclass(frozen=True, slots=True)
class Discarded:
    """One indicator that is not computed."""

    code: str
    label: str
    reason: str


DISCARDED = (
    Discarded("CO8", "Maintien de la connexion", HOUSEHOLDS),
    Discarded("CO9", "Délai entre accord et mise en service", HOUSEHOLDS),
    Discarded("AC5", "Aidants actifs", PERSONS),
    Discarded("AC9", "Progression d’autonomie", PERSONS),
)
