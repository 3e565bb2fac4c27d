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
from typing import Any

from core.domain import french
from core.domain.access import State
from core.domain.local_time import day_in_france
from core.domain.period import Period
from core.errors import UnknownName

KIND = "relevé"
"""The kind of the entries that hold these events."""


class Deed(StrEnum):
    """What people do with a relevé."""

    SENT = "transmis"
    RETURNED = "retourné"
    ACCEPTED = "accepté"
    REOPENED = "rouvert"
    ASKED = "réouverture demandée"
    REFUSED = "réouverture refusée"


MUST_SAY_WHY = frozenset({Deed.RETURNED, Deed.REOPENED, Deed.ASKED, Deed.REFUSED})
"""What is never done without a reason."""
_LEADS_TO = {
    Deed.SENT: State.SUBMITTED,
    Deed.RETURNED: State.RETURNED,
    Deed.ACCEPTED: State.APPROVED,
    Deed.REOPENED: State.DRAFT,
}


DECIDES = frozenset(_LEADS_TO)
"""What makes the state; a request and its refusal do not."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing done: by whom, when, and why (empty when nothing was said)."""

    deed: Deed
    at: datetime
    actor: str
    reason: str = ""
    role: str = ""
    on_behalf_of: str | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class Term:
    """What the calendar says of one experiment and one period.

    ``due`` is the day by which the relevé is expected; ``start`` and ``end`` are the experiment's
    own days, None when the project lead has not set them.
    """

    experiment: str
    association: str
    period: Period
    due: date
    start: date | None = None
    end: date | None = None

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
    again that nobody answered yet.
    """

    term: Term
    state: State | None
    today: date
    last: Event | None = None
    first_sent: datetime | None = None
    asked: Event | None = None

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
        """The day by which it is expected."""
        return self.term.due

    @property
    def subject(self) -> str:
        """Its name in the register: « ct6-pays-de-martigues/2022-T2 »."""
        return subject(self.experiment, self.period.code)

    @property
    def sent(self) -> bool:
        """Whether it was sent once, even if it was returned since."""
        return self.first_sent is not None

    @property
    def days_late(self) -> int:
        """Days after the due date: of the first sending, or so far; 0 when on time or without object."""
        if self.state is None:
            return 0
        came = day_in_france(self.first_sent) if self.first_sent else self.today
        return max(0, (came - self.due).days)

    @property
    def awaited(self) -> bool:
        """Whether the due date is over and it was never sent."""
        return self.state is not None and not self.sent and self.today > self.due

    @property
    def locked(self) -> bool:
        """Whether nobody may change its data any more."""
        return self.state is State.APPROVED

    @property
    def words(self) -> str:
        """The state as the screen says it: « Transmis le 12 octobre 2021 », « Attendu depuis le … »."""
        if self.state is None:
            return "Sans objet"
        if self.state is State.SUBMITTED and self.last:
            return f"Transmis le {french.day(day_in_france(self.last.at))}"
        if self.state is State.DUE and self.awaited:
            return f"Attendu depuis le {french.day(self.due)}"
        return _WORDS[self.state]


_WORDS = {
    State.DUE: "À compléter",
    State.DRAFT: "Brouillon",
    State.SUBMITTED: "Transmis",
    State.RETURNED: "À corriger",
    State.APPROVED: "Accepté",
}


def subject(experiment: str, period: str) -> str:
    """The name of a relevé in the register."""
    return f"{experiment}/{period}"


def event_of(entry: Any) -> Event:
    """The event that an entry of the register holds."""
    said = entry.content
    return Event(
        Deed(said["fait"]),
        entry.at,
        entry.actor,
        said.get("motif") or "",
        entry.role,
        entry.on_behalf_of,
        entry.number,
    )


def fold(term: Term, events: Iterable[Event], *, begun: bool, today: date) -> Releve:
    """Where the relevé stands: ``events`` are its own, the oldest first; ``begun``: something was handed in."""
    known = list(events)
    if not term.applies:
        return Releve(term, None, today)
    made = [one for one in known if one.deed in _LEADS_TO]
    first = next((one.at for one in made if one.deed is Deed.SENT), None)
    state = _LEADS_TO[made[-1].deed] if made else State.DRAFT if begun else State.DUE
    waiting = known[-1] if known and known[-1].deed is Deed.ASKED else None
    return Releve(term, state, today, made[-1] if made else None, first, waiting)


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
