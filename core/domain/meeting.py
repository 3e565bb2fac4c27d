"""A committee: its agenda, the figures frozen for it, what it decided, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from core.domain import french


class Verdict(StrEnum):
    """What the committee made of a proposal, in the words that are kept."""

    ACCEPTED = "validée"
    REJECTED = "écartée"
    PENDING = "en suspens"
    TO_THE_BOARD = "à soumettre au Bureau"


VERDICT_MARKS = {
    Verdict.ACCEPTED: ("✔", "Validée"),
    Verdict.REJECTED: ("✕", "Écartée"),
    Verdict.PENDING: ("…", "En suspens"),
    Verdict.TO_THE_BOARD: ("→", "À soumettre au Bureau"),
}
"""Shape and word of each verdict."""
FOLLOW_MARKS = {True: ("✓", "Faite"), False: ("□", "Pas encore faite")}
"""Shape and word of what became of a decision."""


class Stage(StrEnum):
    """Where a committee stands."""

    PREPARED = "en préparation"
    FROZEN = "données arrêtées"
    IN_SESSION = "en séance"
    CLOSED = "clos"


@dataclass(frozen=True, slots=True)
class AgendaPoint:
    """One point of the agenda.

    ``options`` are what may be chosen, ``status_quo`` what happens when nothing is; ``experiment``
    and ``indicator`` are codes that tie the point to a figure, or None.
    """

    code: str
    title: str
    question: str = ""
    context: str = ""
    options: tuple[str, ...] = ()
    status_quo: str = ""
    experiment: str | None = None
    indicator: str | None = None


@dataclass(frozen=True, slots=True)
class Freeze:
    """Figures frozen under a number, once and for all; ``sha256`` is the print of their snapshot.

    ``experiments`` are the codes of those that it holds.
    """

    number: int
    committee: int
    until: date
    revision: int
    sha256: str
    at: datetime
    by: str
    experiments: tuple[str, ...] = ()

    @property
    def mark(self) -> str:
        """« Données arrêtées au 30 juin 2022 (n° 4) »."""
        return f"Données arrêtées au {french.day(self.until)} (n°{french.NBSP}{self.number})"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What became of a decision, as written on a day; ``done`` False = not yet."""

    done: bool
    note: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision, its owner and its due date, and the figure that was seen when it was taken.

    ``number`` is « 4.1 »: the first of committee 4. ``seen`` is the figure in words, frozen under
    ``freeze``. ``replaces`` and ``replaced_by`` are numbers of decisions, empty when there are none.
    """

    number: str
    committee: int
    verdict: Verdict
    text: str
    freeze: int
    at: datetime
    by: str
    point: str = ""
    owner: str = ""
    due: date | None = None
    seen: str = ""
    experiment: str | None = None
    indicator: str | None = None
    replaces: str = ""
    replaced_by: str = ""
    follow_ups: tuple[FollowUp, ...] = ()

    @property
    def done(self) -> bool | None:
        """Whether it is done, as last written; None while nobody wrote."""
        return self.follow_ups[-1].done if self.follow_ups else None

    @property
    def stands(self) -> bool:
        """Whether no later decision replaced it."""
        return not self.replaced_by

    @property
    def to_do(self) -> bool:
        """Whether something is still to be done about it."""
        return self.stands and not self.done and self.verdict is not Verdict.REJECTED


@dataclass(frozen=True, slots=True)
class Meeting:
    """One committee; ``freezes`` in their order: the last one is what it looks at."""

    number: int
    day: date
    points: tuple[AgendaPoint, ...] = ()
    freezes: tuple[Freeze, ...] = ()
    decisions: tuple[Decision, ...] = ()
    opened_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def title(self) -> str:
        """« Comité n° 4 »."""
        return f"Comité n°{french.NBSP}{self.number}"

    @property
    def full_title(self) -> str:
        """« Comité n° 4 du 7 juillet 2022 »."""
        return f"{self.title} du {french.day(self.day)}"

    @property
    def freeze(self) -> Freeze | None:
        """The figures that it looks at, None while none are frozen."""
        return self.freezes[-1] if self.freezes else None

    @property
    def stage(self) -> Stage:
        """In preparation, frozen, in session, closed."""
        if self.closed_at:
            return Stage.CLOSED
        if self.opened_at or self.decisions:
            return Stage.IN_SESSION
        return Stage.FROZEN if self.freezes else Stage.PREPARED

    def point(self, code: str) -> AgendaPoint | None:
        """The point of the agenda of that code."""
        return next((one for one in self.points if one.code == code), None)

    def decisions_on(self, code: str) -> tuple[Decision, ...]:
        """What was decided on a point, in the order of time."""
        return tuple(one for one in self.decisions if one.point == code)
