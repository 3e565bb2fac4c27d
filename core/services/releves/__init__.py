"""The relevés: their calendar, where each stands, what is done with them, what they lock.

A relevé is one experiment and one period of the project lead's ``periodes``.
"""

from core.domain.releve import Deed, Event, Releve
from core.services.releves.contents import Part, contents
from core.services.releves.deciding import (
    accept,
    ask_reopening,
    give_back,
    may,
    refuse_reopening,
    reopen,
    transmit,
)
from core.services.releves.narratives import Narrative, last_narratives, narrative, narratives, tell
from core.services.releves.punctuality import Punctuality, punctuality
from core.services.releves.states import board, history, state_of

__all__ = [
    "Deed",
    "Event",
    "Narrative",
    "Part",
    "Punctuality",
    "Releve",
    "accept",
    "ask_reopening",
    "board",
    "contents",
    "give_back",
    "history",
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
