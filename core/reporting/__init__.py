"""The relevés: their calendar, where each stands, what is done with them, what they lock.

A relevé is one experiment and one period of the project lead's ``periodes``.
"""

from core.domain.releve import Releve, ReleveAction, ReleveEvent
from core.reporting.decide import (
    Narrative,
    accept,
    ask_reopening,
    give_back,
    last_narratives,
    may,
    narrative,
    narratives,
    refuse_reopening,
    reopen,
    tell,
    transmit,
)
from core.reporting.states import (
    Punctuality,
    ReportTable,
    board,
    contents,
    history,
    lacking,
    lacking_sentence,
    punctuality,
    state_of,
)

__all__ = [
    "Narrative",
    "Punctuality",
    "Releve",
    "ReleveAction",
    "ReleveEvent",
    "ReportTable",
    "accept",
    "ask_reopening",
    "board",
    "contents",
    "give_back",
    "history",
    "lacking",
    "lacking_sentence",
    "last_narratives",
    "may",
    "narrative",
    "narratives",
    "punctuality",
    "refuse_reopening",
    "reopen",
    "state_of",
    "tell",
    "transmit",
]
