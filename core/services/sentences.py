"""The first sentence about one experiment, written from its figures, for its page and for documents."""

from __future__ import annotations

from core.domain import french
from core.domain.experiment import Experiment
from core.domain.observation import Cell, Observation, Progress
from core.services.overview import Compared, axis_states

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


def experiment_sentence(compared: Compared, experiment: Experiment) -> str:
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
    one, several = NOUNS.get(code, (observation.label.lower(), observation.label.lower()))
    if observation.hidden:
        return f"{several} : {observation.hidden}"
    value = leading(observation)
    if value is None:
        return ""
    return french.count(value, one, several)


def leading(observation: Observation) -> float | None:
    """The number that a sentence says: the numerator of a rate, else the value."""
    if observation.missing_because is not None:
        return None
    return observation.numerator if observation.denominator is not None else observation.value


def _said(code: str, cell: Cell) -> str:
    text = counted(code, cell.observation)
    if not text:
        return ""
    target, word = cell.standing.target, _WORDS.get(cell.standing.progress, "")
    goal = f"objectif {french.number(target.value, 1)}" if target else ""
    told = french.listing([part for part in (goal, word) if part], last=",")
    return f"{text} ({told.replace(' ,', ',')})" if told else text
