"""The deliberation CHL 009-10024/21/BM of 4 June 2021, as data: the only source of programme facts.

Each fact carries the article or paragraph that it comes from. What the text does not say
(targets, thresholds, dates, identifiers, allocation keys) is absent here.
"""

from core.deliberation.commitments import ANONYMAL_DUTIES, COMMITMENTS
from core.deliberation.export import as_document
from core.deliberation.facts import (
    ACT,
    ASSOCIATIONS,
    AXES,
    AXIS_2_FORMS,
    BUDGET_LINE,
    CONTEXT,
    EQUIPMENT,
    EXPERIMENTS,
    QUESTIONS,
)
from core.deliberation.money import CONVENTIONS, LINES, TOTAL_CENTS, lines_of
from core.domain.experiment import Experiment
from core.errors import UnknownName

__all__ = [
    "ACT",
    "ANONYMAL_DUTIES",
    "ASSOCIATIONS",
    "AXES",
    "AXIS_2_FORMS",
    "BUDGET_LINE",
    "COMMITMENTS",
    "CONTEXT",
    "CONVENTIONS",
    "EQUIPMENT",
    "EXPERIMENTS",
    "LINES",
    "QUESTIONS",
    "TOTAL_CENTS",
    "as_document",
    "lines_of",
    "voted_experiment",
]


def voted_experiment(code: str) -> Experiment:
    """The experiment that the deliberation names ``code``, for the plugin that runs it.

    Raises UnknownName when the deliberation has no such experiment.
    """
    try:
        return EXPERIMENTS[code]
    except KeyError:
        known = ", ".join(EXPERIMENTS)
        raise UnknownName(
            f"La délibération ne compte pas d’expérimentation « {code} ». Choisissez parmi : {known}."
        ) from None
