"""The committees of the story, their agendas, decisions and reviews: all of it invented."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from pydantic import TypeAdapter

from core.committee import deciding, meetings
from core.committee.deciding import Proposal
from core.contract.scope import Scope
from core.demonstration import associations, story
from core.demonstration.people import ReleveStep, Step, StoryNarrative, at
from core.demonstration.story import (
    ANONYMAL,
    ARSENIC,
    COMMITTEES,
    CT2,
    CT3,
    CT6,
    FRAIS_VALLON,
    IFAC,
    PLAN_D_AOU,
    QUARTERS,
    RECHERCHE,
    TODAY,
)
from core.domain.meeting import AgendaPoint
from core.domain.releve import ReleveAction


@dataclass(frozen=True, slots=True)
class FollowedUp:
    """What became of a decision, as it was told on ``day``."""

    day: date
    decision: str
    done: bool
    note: str


@dataclass(frozen=True, slots=True)
class StoryCommittee:
    """A committee as it is told: its agenda, what it decided, what became of that."""

    agenda: tuple[AgendaPoint, ...]
    decisions: tuple[Proposal, ...] = ()
    followed: tuple[FollowedUp, ...] = ()


@dataclass(frozen=True, slots=True)
class Quote:
    """What an association tells with its fourth relevé."""

    association: str
    experiment: str
    text: str
    cause: str = ""
    action: str = ""
    axis: int | None = None


@dataclass(frozen=True, slots=True)
class StoryTexts:
    """What ``committees.toml`` tells: the committees in their order, and the words of the associations."""

    committees: tuple[StoryCommittee, ...]
    narratives: tuple[Quote, ...]


@cache
def texts() -> StoryTexts:
    """The texts of the story."""
    read = files(__package__).joinpath("committees.toml").read_text(encoding="utf-8")
    return TypeAdapter(StoryTexts).validate_python(tomllib.loads(read))


# --- The four committees of the story: convened, their figures frozen as they were then, decided, closed, followed up


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
    points: tuple[AgendaPoint, ...]


@dataclass(frozen=True, slots=True)
class Frozen:
    """The figures are frozen up to a day."""

    until: date


CommitteeAct = Convened | Frozen | Opened | Proposal | Ended | FollowedUp


@dataclass(frozen=True, slots=True)
class Sitting:
    """One thing done for a committee."""

    at: datetime
    committee: int
    deed: CommitteeAct


def committee_steps() -> list[Sitting]:
    """The four committees; the fourth is in preparation."""
    return [step for number, day in enumerate(COMMITTEES, start=1) for step in _committee(number, day)]


def play(scope: Scope, step: Sitting) -> None:
    """One step, through the same doors as the project lead."""
    match step.deed:
        case Convened(day, points):
            meetings.convene(scope, day, points)
        case Frozen(until):
            meetings.freeze(scope, step.committee, until, fictitious=True)
        case Opened():
            deciding.open_session(scope, step.committee)
        case Proposal():
            deciding.decide(scope, step.committee, step.deed)
        case Ended():
            deciding.close(scope, step.committee)
        case FollowedUp():
            deciding.follow_up(scope, step.deed.decision, step.deed.done, step.deed.note)


def _committee(number: int, day: date) -> Iterator[Sitting]:
    """Convened nine days before, frozen the day before, held at two o'clock."""
    story_of = texts().committees[number - 1]
    yield Sitting(at(day - NOTICE, 9, 30), number, Convened(day, story_of.agenda))
    if day > TODAY:
        return
    yield Sitting(at(day - timedelta(days=1), 18), number, Frozen(QUARTERS[number - 1].end))
    yield Sitting(at(day, 14), number, Opened())
    for rank, proposal in enumerate(story_of.decisions):
        yield Sitting(at(day, 14, 30 + 10 * rank), number, proposal)
    yield Sitting(at(day, 15, 30), number, Ended())
    for followed in story_of.followed:
        yield Sitting(at(followed.day, 10), number, followed)


# --- The relevés of the year: sent, returned, accepted, opened again, and what each association told ----


class Sender(NamedTuple):
    """Who sends what: the experiments, the days by quarter, the hour when the files are all in."""

    experiments: tuple[str, ...]
    days: dict[int, date]
    hour: int


SENDERS = {
    ANONYMAL: Sender((CT2, CT3), dict(enumerate(associations.ANONYMAL_DAYS, 1)), 12),
    IFAC: Sender((FRAIS_VALLON, PLAN_D_AOU), dict(enumerate(associations.IFAC_DAYS, 1)), 14),
    ARSENIC: Sender((RECHERCHE,), dict(enumerate(associations.ARSENIC_DAYS, 1)), 17),
    story.POINT_FORMATION: Sender((CT6,), associations.POINT_FORMATION_DAYS, 20),
}
ACCEPTED = {
    ANONYMAL: (date(2021, 10, 12), date(2022, 1, 18), date(2022, 4, 20)),
    IFAC: (date(2021, 10, 12), date(2022, 1, 26), date(2022, 4, 20)),
    ARSENIC: (date(2021, 10, 12), date(2022, 1, 18), date(2022, 4, 20)),
    story.POINT_FORMATION: (None, date(2022, 1, 27), date(2022, 4, 29)),
}
"""The days on which the first three quarters were accepted, before each committee when they came in time."""
DRAFT = PLAN_D_AOU
"""The experiment whose last relevé was begun and is not sent."""
SWAPPED = "Jours et mois inversés dans les dates de visite et de réunion."
OUTSIDE_QPV = "Trois familles de Gardanne habitent hors quartier prioritaire : expliquez ces remises."


def review_steps() -> list[Step]:
    """The whole year, in any order."""
    return [*_sent(), *_accepted(), *_returned(), *_opened_again(), *_narratives()]


def _sent() -> list[Step]:
    return [
        _done(day, sender.hour, experiment, quarter, ReleveAction.SENT)
        for sender in SENDERS.values()
        for quarter, day in sender.days.items()
        for experiment in sender.experiments
        if (experiment, quarter) != (DRAFT, 4)
    ]


def _accepted() -> list[Step]:
    return [
        _done(day, 10, experiment, quarter, ReleveAction.ACCEPTED)
        for association, days in ACCEPTED.items()
        for quarter, day in enumerate(days, 1)
        for experiment in SENDERS[association].experiments
        if day
    ]


def _returned() -> list[Step]:
    """Point Formation's second quarter and Anonymal's third in Pays d’Aix, each sent once more."""
    return [
        _done(date(2022, 1, 14), 10, CT6, 2, ReleveAction.RETURNED, SWAPPED),
        _done(associations.POINT_FORMATION_CORRECTED, 20, CT6, 2, ReleveAction.SENT),
        _done(date(2022, 4, 13), 10, CT2, 3, ReleveAction.RETURNED, OUTSIDE_QPV),
        _done(associations.RETURNED, 12, CT2, 3, ReleveAction.SENT),
    ]


def _opened_again() -> list[Step]:
    """Frais Vallon mends one number the day after; the proofs found in April go into an accepted relevé."""
    number, proofs = "Un numéro mal recopié en février.", "Quatre preuves d’effacement retrouvées."
    eve = date(2022, 4, 25)
    return [
        _done(associations.IFAC_DAYS[2], 17, FRAIS_VALLON, 3, ReleveAction.ASKED, number),
        _done(associations.IFAC_CORRECTED, 9, FRAIS_VALLON, 3, ReleveAction.REOPENED, number),
        _done(associations.IFAC_CORRECTED, 14, FRAIS_VALLON, 3, ReleveAction.SENT),
        _done(eve, 9, CT2, 3, ReleveAction.ASKED, proofs),
        _done(eve, 15, CT2, 3, ReleveAction.REOPENED, proofs),
        _done(associations.PROOFS, 12, CT2, 3, ReleveAction.SENT),
        _done(date(2022, 4, 27), 10, CT2, 3, ReleveAction.ACCEPTED),
    ]


def _narratives() -> list[Step]:
    gardanne = StoryNarrative(
        at(associations.RETURNED, 11), ANONYMAL, CT2, _code(3), _GARDANNE, "", "En parler au comité n° 4."
    )
    return [gardanne, *map(_quoted, texts().narratives)]


def _quoted(quote: Quote) -> Step:
    sender = SENDERS[quote.association]
    moment = at(sender.days.get(4, story.DUE_DATES[3]), sender.hour - 1)
    who = quote.association, quote.experiment
    return StoryNarrative(moment, *who, _code(4), quote.text, quote.cause, quote.action, quote.axis)


_GARDANNE = (
    "Trois familles de Gardanne hors quartier prioritaire ont reçu un ordinateur en mars. "
    "Les remises sont réelles et restent déclarées ; la décision du comité est attendue."
)


def _done(day: date, hour: int, experiment: str, quarter: int, deed: ReleveAction, reason: str = "") -> ReleveStep:
    return ReleveStep(at(day, hour, 30), _owner(experiment), experiment, _code(quarter), deed, reason)


def _owner(experiment: str) -> str:
    return next(code for code, sender in SENDERS.items() if experiment in sender.experiments)


def _code(quarter: int) -> str:
    return story.QUARTERS[quarter - 1].code
