"""A relevé: what an association hands in for one experiment and one period, and where it stands.

People send, return, accept and open it again; each of these is an event of the register, never
rewritten. The state is folded from the events, from whether something was handed in, and from
the calendar: nothing here knows a table, a screen or the clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from core.domain import french
from core.domain.access import ReleveState
from core.domain.calendar import Period, day_in_france
from core.errors import UnknownName

KIND = "relevé"
"""The kind of the entries that hold these events."""
NARRATIVE = "récit"
"""The kind of the entries that hold what an association tells with a relevé."""


class ReleveAction(StrEnum):
    """What people do with a relevé."""

    SENT = "transmis"
    RETURNED = "retourné"
    ACCEPTED = "accepté"
    REOPENED = "rouvert"
    ASKED = "réouverture demandée"
    REFUSED = "réouverture refusée"


MUST_SAY_WHY = frozenset({ReleveAction.RETURNED, ReleveAction.REOPENED, ReleveAction.ASKED, ReleveAction.REFUSED})
"""What is never done without a reason."""
_LEADS_TO = {
    ReleveAction.SENT: ReleveState.SUBMITTED,
    ReleveAction.RETURNED: ReleveState.RETURNED,
    ReleveAction.ACCEPTED: ReleveState.APPROVED,
    ReleveAction.REOPENED: ReleveState.DRAFT,
}


DECIDES = frozenset(_LEADS_TO)
"""What makes the state; a request and its refusal do not."""


@dataclass(frozen=True, slots=True)
class ReleveEvent:
    """One thing done: by whom, when, and why (empty when nothing was said)."""

    deed: ReleveAction
    at: datetime
    actor: str
    reason: str = ""
    role: str = ""
    on_behalf_of: str | None = None
    number: int = 0


class PeriodTold(StrEnum):
    """Whether a period of an experiment is told: the one answer, for figures, board, points and reminders.

    TOLD: its relevé was sent (and perhaps accepted), be it on the period's last day, or « rien à
    déclarer » was said. PARTLY: rows are dated in it and nothing was sent; they are shown, « incomplet ».
    WITHOUT_OBJECT: the experiment had not begun, or was over. AWAITED: nothing tells of it.
    """

    TOLD = "told"
    PARTLY = "partly"
    WITHOUT_OBJECT = "without_object"
    AWAITED = "awaited"


@dataclass(frozen=True, slots=True)
class Term:
    """What the calendar says of one experiment and one period.

    ``due`` is the day by which the relevé is expected; ``start`` and ``end`` are the experiment's
    own days, None when the project lead has not set them. ``moved`` are the due dates that held
    before, each with the instant at which it was changed, the oldest first; ``tables`` the codes of
    the datasets that the association owes for the period.
    """

    experiment: str
    association: str
    period: Period
    due: date
    start: date | None = None
    end: date | None = None
    moved: tuple[tuple[datetime, date], ...] = ()
    tables: frozenset[str] = frozenset()

    def due_at(self, moment: datetime | None) -> date:
        """The due date that held at ``moment`` (None: the one that holds)."""
        return next((due for changed, due in self.moved if moment is not None and moment < changed), self.due)

    @property
    def applies(self) -> bool:
        """Whether the experiment was running in the period."""
        return not (self.start and self.period.end < self.start) and not (self.end and self.period.start > self.end)


@dataclass(frozen=True, slots=True)
class Releve:
    """Where one relevé stands on a day.

    ``state`` is None when the experiment was not running (« sans objet »). ``last`` is the event
    that made the state, None while it is due or a draft never sent; ``first_sent`` the instant of
    the first sending, which tells whether it came on time; ``asked`` the request to open it
    again that nobody answered yet; ``declared`` the instant from which « rien à déclarer » was said of
    every table owed; ``begun`` whether anything was handed in for it.
    """

    term: Term
    state: ReleveState | None
    today: date
    last: ReleveEvent | None = None
    first_sent: datetime | None = None
    asked: ReleveEvent | None = None
    declared: datetime | None = None
    begun: bool = False

    @property
    def experiment(self) -> str:
        """The code of the experiment."""
        return self.term.experiment

    @property
    def association(self) -> str:
        """The code of the association that hands it in."""
        return self.term.association

    @property
    def period(self) -> Period:
        """The period that it tells."""
        return self.term.period

    @property
    def due(self) -> date:
        """The day by which it is expected: for one that was sent, the due date that held at the first sending."""
        return self.term.due_at(self.first_sent or self.declared)

    @property
    def due_changed(self) -> date | None:
        """The day on which the project lead last changed its due date; None when it never moved."""
        return day_in_france(self.term.moved[-1][0]) if self.term.moved else None

    @property
    def subject(self) -> str:
        """Its name in the register: « ct6-pays-de-martigues/2022-T2 »."""
        return subject(self.experiment, self.period.code)

    @property
    def sent(self) -> bool:
        """Whether it was sent once, even if it was returned since."""
        return self.first_sent is not None

    @property
    def told(self) -> PeriodTold:
        """Whether the period is told, as far as the whole relevé goes (see ``told``)."""
        return told(self, nothing=self.declared is not None, rows=self.begun)

    @property
    def days_late(self) -> int:
        """Days after the due date: of the first sending, or so far; 0 when on time or without object."""
        if self.state is None:
            return 0
        first = self.first_sent or self.declared
        came = day_in_france(first) if first else self.today
        return max(0, (came - self.due).days)

    @property
    def awaited(self) -> bool:
        """Whether the due date is over and the period is not told."""
        return self.told in (PeriodTold.AWAITED, PeriodTold.PARTLY) and self.today > self.due

    @property
    def locked(self) -> bool:
        """Whether nobody may change its data any more."""
        return self.state is ReleveState.APPROVED

    @property
    def words(self) -> str:
        """The state as the screen says it: « Transmis le 12 octobre 2021 », « Attendu depuis le … »."""
        if self.state is None:
            return "Sans objet"
        if self.state is ReleveState.SUBMITTED and self.last:
            return f"Transmis le {french.day(day_in_france(self.last.at))}"
        if self.state is ReleveState.DUE and self.awaited:
            return f"Attendu depuis le {french.day(self.due)}"
        return _WORDS[self.state]


_WORDS = {
    ReleveState.DUE: "À compléter",
    ReleveState.DRAFT: "Brouillon",
    ReleveState.SUBMITTED: "Transmis",
    ReleveState.RETURNED: "À corriger",
    ReleveState.APPROVED: "Accepté",
}


def subject(experiment: str, period: str) -> str:
    """The name of a relevé in the register."""
    return f"{experiment}/{period}"


@dataclass(frozen=True, slots=True)
class DeedSaid:
    """What an entry says of something done to a relevé."""

    deed: ReleveAction
    reason: str = ""


@dataclass(frozen=True, slots=True)
class NarrativeSaid:
    """What an entry says of a narrative; ``axis`` is the one that the cause concerns, None for all of them."""

    text: str = ""
    cause: str = ""
    next_action: str = ""
    axis: int | None = None


def fold(
    term: Term, events: Iterable[ReleveEvent], *, begun: bool, today: date, declared: datetime | None = None
) -> Releve:
    """Where the relevé stands: ``events`` are its own, the oldest first; ``begun``: something was handed in."""
    known = list(events)
    if not term.applies:
        return Releve(term, None, today)
    made = [one for one in known if one.deed in _LEADS_TO]
    first = next((one.at for one in made if one.deed is ReleveAction.SENT), None)
    state = _LEADS_TO[made[-1].deed] if made else ReleveState.DRAFT if begun else ReleveState.DUE
    waiting = known[-1] if known and known[-1].deed is ReleveAction.ASKED else None
    return Releve(term, state, today, made[-1] if made else None, first, waiting, declared, begun)


def told(releve: Releve, *, nothing: bool, rows: bool, optional: bool = False) -> PeriodTold:
    """Whether the period of ``releve`` is told, for what one looks at: the whole of it, or some of its tables.

    ``nothing``: « rien à déclarer » was said of it; ``rows``: rows of it are dated in the period;
    ``optional``: the tables are not owed, so that a relevé sent without them says nothing of them. The
    hour of a deposit never tells a period: a row of July says nothing of the second quarter.
    """
    if releve.state is None:
        return PeriodTold.WITHOUT_OBJECT
    if nothing or (releve.sent and (rows or not optional)):
        return PeriodTold.TOLD
    return PeriodTold.PARTLY if rows else PeriodTold.AWAITED


def speaks_of(period: Period, named: str | None, day: date, others: Iterable[Period]) -> bool:
    """Whether what was handed in on ``day`` for the period ``named`` (None: none) begins the relevé of ``period``.

    Without a name it speaks of the period in which the day falls, and of the last one that was
    over; ``others`` are all the periods of the calendar.
    """
    if named is not None:
        return named == period.code or _inside(named, period)
    if day in period:
        return True
    over = [one for one in others if one.end < day]
    return bool(over) and max(over, key=lambda one: one.end) == period


def _inside(code: str, period: Period) -> bool:
    """Whether a month is one of the quarter, or a quarter holds the month."""
    try:
        found = Period.parse(code)
    except UnknownName:
        return False
    return (period.start <= found.start and found.end <= period.end) or (
        found.start <= period.start and period.end <= found.end
    )
