"""What the event log keeps of a committee: its agenda, its frozen figures, its session, decisions, their follow-up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from core.domain.meeting import AgendaPoint, Verdict
from core.storage.events import Content, EventType, renamed

_NUMBERED = {"numero": "number", "jour": "day"}
_FREEZE = {"numero": "number", "jour": "until", "experiences": "experiments", "formules": "formulas"}
_POINT = {
    "titre": "title",
    "contexte": "context",
    "statu_quo": "status_quo",
    "experience": "experiment",
    "indicateur": "indicator",
}
_DECISION = {
    "numero": "number",
    "comite": "committee",
    "issue": "verdict",
    "texte": "text",
    "responsable": "owner",
    "echeance": "due",
    "arrete": "freeze",
    "experience": "experiment",
    "indicateur": "indicator",
    "chiffre": "seen",
    "remplace": "replaces",
}


@dataclass(frozen=True, slots=True)
class PreparedSaid:
    """A committee, its day and its whole agenda."""

    number: int
    day: date
    points: tuple[AgendaPoint, ...] = ()


@dataclass(frozen=True, slots=True)
class FrozenSaid:
    """Figures frozen under a number: until which day, at which revision, the print of the file that holds them.

    With the versions of the formulas, by indicator, and of the plugins, by name.
    """

    number: int
    until: date
    revision: int
    sha256: str
    experiments: tuple[str, ...] = ()
    formulas: Mapping[str, int] = field(default_factory=dict)
    plugins: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OpenedSaid:
    """The session opens on figures frozen under this number."""

    freeze: int


@dataclass(frozen=True, slots=True)
class DecisionSaid:
    """A decision: its number, what was decided on which point, by whom and when it is to be done, the figure seen."""

    number: str
    committee: int
    verdict: Verdict
    text: str
    freeze: int
    point: str = ""
    owner: str = ""
    due: date | None = None
    experiment: str | None = None
    indicator: str | None = None
    seen: str = ""
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class FollowedSaid:
    """What became of a decision; ``withdrawn``: the last word on it is put aside."""

    decision: str
    done: bool = False
    note: str = ""
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class ClosedSaid:
    """The committee is closed, with the numbers of its decisions."""

    decisions: tuple[str, ...] = ()


def _prepared(content: Content) -> Content:
    points = content.get("points")
    listed = [renamed(one, _POINT) for one in points] if isinstance(points, list) else []
    return {**renamed(content, _NUMBERED), "points": listed}


PREPARED = EventType("comité", PreparedSaid, _prepared)
FROZEN = EventType("arrêté", FrozenSaid, lambda content: renamed(content, _FREEZE))
OPENED = EventType("séance", OpenedSaid, lambda content: renamed(content, {"arrete": "freeze"}))
DECIDED = EventType("décision", DecisionSaid, lambda content: renamed(content, _DECISION))
FOLLOWED = EventType("suite", FollowedSaid, lambda content: renamed(content, {"faite": "done"}))
CLOSED = EventType("clôture", ClosedSaid)
