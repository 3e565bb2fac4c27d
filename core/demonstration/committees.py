"""The four committees of the story: convened, their figures frozen as they were then, decided, closed, followed up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.demonstration import people
from core.demonstration.agendas import AGENDAS, DECISIONS, FOLLOW_UPS, FollowedUp
from core.demonstration.steps import at
from core.demonstration.story import COMMITTEES, QUARTERS, TODAY
from core.domain.meeting import Point
from core.registry import Registry
from core.services import meetings
from core.services.meetings import Proposal
from core.storage import Store

NOTICE = timedelta(days=9)
"""How long before the day a committee is convened."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The session begins."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The committee is closed."""


@dataclass(frozen=True, slots=True)
class Convened:
    """A day and an agenda."""

    day: date
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Frozen:
    """The figures are frozen up to a day."""

    until: date


Deed = Convened | Frozen | Opened | Proposal | Ended | FollowedUp


@dataclass(frozen=True, slots=True)
class Sitting:
    """One thing done for a committee."""

    at: datetime
    committee: int
    deed: Deed


def steps() -> list[Sitting]:
    """The four committees; the fourth is in preparation."""
    return [step for number, day in enumerate(COMMITTEES, start=1) for step in _committee(number, day)]


def play(registry: Registry, store: Store, step: Sitting) -> None:
    """One step, through the same doors as the project lead."""
    whom = {"actor": people.LEAD, "at": step.at}
    match step.deed:
        case Convened(day, points):
            meetings.convene(registry, store, day, points, **whom)
        case Frozen(until):
            meetings.freeze(registry, store, step.committee, until, fictitious=True, **whom)
        case Opened():
            meetings.open_session(store, step.committee, **whom)
        case Proposal():
            meetings.decide(store, step.committee, step.deed, **whom)
        case Ended():
            meetings.close(store, step.committee, **whom)
        case FollowedUp(decision, done, note):
            meetings.follow_up(store, decision, done, note, **whom)


def _committee(number: int, day: date) -> Iterator[Sitting]:
    """Convened nine days before, frozen the day before, held at two o'clock."""
    yield Sitting(at(day - NOTICE, 9, 30), number, Convened(day, AGENDAS[number]))
    if day > TODAY:
        return
    yield Sitting(at(day - timedelta(days=1), 18), number, Frozen(QUARTERS[number - 1].end))
    yield Sitting(at(day, 14), number, Opened())
    for rank, proposal in enumerate(DECISIONS[number]):
        yield Sitting(at(day, 14, 30 + 10 * rank), number, proposal)
    yield Sitting(at(day, 15, 30), number, Ended())
    for when, followed in FOLLOW_UPS[number]:
        yield Sitting(at(when, 10), number, followed)
