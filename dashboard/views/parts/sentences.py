"""The first sentence of a page about one experiment or one place, written from its figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.domain import french
from core.domain.experiment import Experiment
from core.domain.observation import Cell, Missing, Observation, Progress
from core.services.overview import axis_states

NOUNS = {
    "EQ1a": ("ordinateur reçu de la Métropole", "ordinateurs reçus de la Métropole"),
    "EQ5a": ("ordinateur remis", "ordinateurs remis"),
    "EQ5b": ("écran remis", "écrans remis"),
    "CO4": ("immeuble au seuil d’accord", "immeubles au seuil d’accord"),
    "CO5": ("foyer connecté", "foyers connectés"),
    "AC1": ("acteur recensé", "acteurs recensés"),
    "AC3a": ("aidant formé", "aidants formés"),
    "AC6": ("diagnostic réalisé", "diagnostics réalisés"),
}
_WORDS = {
    Progress.AHEAD: "en avance",
    Progress.ON_TIME: "dans les temps",
    Progress.LATE: "en retard",
    Progress.BLOCKED: "bloqué",
}


def experiment_sentence(compared: Any, experiment: Experiment) -> str:
    """« Au 30 juin 2022, 84 ordinateurs remis (objectif 100, en avance) ; 1 immeuble… »."""
    codes = [(state.code, state.cell) for state in axis_states(compared, experiment)]
    more = compared.cells.get(("AC6", experiment.code))
    if more is not None and "AC6" not in [code for code, _ in codes]:
        codes.append(("AC6", more))
    said = [text for code, cell in codes if (text := _said(code, cell))]
    if not said:
        return "Aucun chiffre n’est encore connu : l’association n’a rien déposé. Ce qui suit vient de la délibération."
    return french.sentence(f"Au {french.day(compared.until)}, {' ; '.join(said)}")


def counted(code: str, observation: Observation) -> str:
    """« 84 ordinateurs remis », or nothing when the number is not known."""
    value = leading(observation)
    if value is None:
        return ""
    one, several = NOUNS.get(code, (observation.label.lower(), observation.label.lower()))
    return french.count(value, one, several)


def leading(observation: Observation) -> float | None:
    """The number that a sentence says: the numerator of a rate, else the value."""
    if observation.missing_because is not None:
        return None
    return observation.numerator if observation.denominator is not None else observation.value


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


def _said(code: str, cell: Cell) -> str:
    text = counted(code, cell.observation)
    if not text:
        return ""
    target, word = cell.standing.target, _WORDS.get(cell.standing.progress, "")
    goal = f"objectif {french.number(target.value, 1)}" if target else ""
    told = french.listing([part for part in (goal, word) if part], last=",")
    return f"{text} ({told.replace(' ,', ',')})" if told else text
