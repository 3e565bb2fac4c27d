"""The relevés: their calendar, where each stands, what is done with them, what they lock.

A relevé is one experiment and one period of the project lead's ``periodes``.
"""

from core.domain.releve import Releve, ReleveAction
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
