"""The first sentence of a page about one experiment or one place, written from its figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.domain import french
from core.domain.observation import Missing, Observation
from core.services.sentences import NOUNS, counted, experiment_sentence, leading

__all__ = ["NOUNS", "at", "counted", "experiment_sentence", "leading", "place_sentence"]


def at(name: str) -> str:
    """« à Pertuis », « aux Pennes-Mirabeau », « au Puy »: a name that begins with its article."""
    if name.startswith("Les "):
        return f"aux {name[4:]}"
    return f"au {name[3:]}" if name.startswith("Le ") else f"à {name}"


def place_sentence(name: str, until: str, found: Mapping[str, Observation], order: Sequence[str]) -> str:
    """« Au 30 juin 2022, à Port-de-Bouc : 7 ordinateurs remis, 12 diagnostics réalisés. »."""
    said = [text for code in order if code in found and (text := _at(code, found[code], first=code == order[0]))]
    if said:
        return french.sentence(f"Au {until}, {at(name)} : {french.listing(said)}")
    if any(one.missing_because is Missing.NOT_REPORTED for one in found.values()):
        return f"Au {until}, aucun chiffre n’est encore renseigné {at(name)}."
    return f"Au {until}, aucune ligne ne nomme {name}."


def _at(code: str, observation: Observation, *, first: bool) -> str:
    """What is known at a place; a zero is told of the first figure only, so that the sentence stays short."""
    value = observation.numerator if observation.missing_because is not Missing.NOT_APPLICABLE else None
    if value is None or not (value or first):
        return ""
    one, several = NOUNS[code]
    return french.count(value, one, several)
