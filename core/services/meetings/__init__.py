"""The committee: prepared, its figures frozen, its decisions written down and followed up.

Each deed is an entry of the register, never rewritten; the state of a committee is folded from them.
"""

from core.services.meetings.deciding import Proposal, close, decide, follow_up, open_session, seen, seen_in
from core.services.meetings.folding import all_decisions, last_freeze, meeting, meetings, readable
from core.services.meetings.freezing import freeze, snapshot_of
from core.services.meetings.preparing import convene, prepare

__all__ = [
    "Proposal",
    "all_decisions",
    "close",
    "convene",
    "decide",
    "follow_up",
    "freeze",
    "last_freeze",
    "meeting",
    "meetings",
    "open_session",
    "prepare",
    "readable",
    "seen",
    "seen_in",
    "snapshot_of",
]
