"""Who does what and when in the demonstration: roles, steps, quarters; never names of persons."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core.accounts import Office
from core.accounts.accounts import open_account
from core.demonstration.story import ANONYMAL, ARSENIC, IFAC, POINT_FORMATION, QUARTERS
from core.domain.access import Actor, Role
from core.domain.calendar import FRANCE, Period
from core.domain.dataset import RowDict
from core.domain.releve import ReleveAction

LEAD = Actor("Chefferie de projet (fictive)", Role.LEAD)
COMMITTEE = Actor("Membre du comité (fictif)", Role.COMMITTEE)
PEOPLE = {
    ANONYMAL: Actor("Atelier d’Anonymal (fictif)", Role.ASSOCIATION, ANONYMAL),
    IFAC: Actor("Animation de l’IFAC (fictive)", Role.ASSOCIATION, IFAC),
    ARSENIC: Actor("Mission d’ARSENIC (fictive)", Role.ASSOCIATION, ARSENIC),
    POINT_FORMATION: Actor("Équipe de Point Formation (fictive)", Role.ASSOCIATION, POINT_FORMATION),
}


# --- The accounts of the demonstration: one for each role, without a password, opened by one click on this machine --


EMAILS: dict[str, Actor] = {
    "chefferie@demonstration.invalid": LEAD,
    "comite@demonstration.invalid": COMMITTEE,
    **{f"{code}@demonstration.invalid": actor for code, actor in PEOPLE.items()},
}
"""Who bears which address; « .invalid » is nobody's, by the standard of names."""


def open_accounts(office: Office, *, at: datetime) -> None:
    """Make the accounts that are not there yet; idempotent."""
    for email, actor in EMAILS.items():
        open_account(office, email, actor, at=at)


def email_of(actor: Actor) -> str:
    """The address of a person of the demonstration."""
    return next(email for email, one in EMAILS.items() if one == actor)


# --- What people do in the story: deposit a file, declare nothing, write in a register, send and review a relevé ----


@dataclass(frozen=True, slots=True)
class StoryDeposit:
    """A file handed in by an association for ``period``; ``removed`` are the keys that it takes away."""

    at: datetime
    association: str
    dataset: str
    title: str
    rows: tuple[RowDict, ...]
    removed: tuple[str, ...] = ()
    period: str | None = None


@dataclass(frozen=True, slots=True)
class Nothing:
    """« Rien à déclarer » of an association, for one dataset and quarter."""

    at: datetime
    association: str
    dataset: str
    period: str


@dataclass(frozen=True, slots=True)
class LeadEntry:
    """Rows written by the project lead; ``removed`` are the keys that they replace."""

    at: datetime
    dataset: str
    rows: tuple[RowDict, ...]
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReleveStep:
    """One deed on the relevé of ``experiment`` for ``period``; ``association`` hands it in."""

    at: datetime
    association: str
    experiment: str
    period: str
    deed: ReleveAction
    reason: str = ""


@dataclass(frozen=True, slots=True)
class StoryNarrative:
    """What an association tells with a relevé, the cause of a delay and the next action."""

    at: datetime
    association: str
    experiment: str
    period: str
    text: str
    cause: str = ""
    action: str = ""
    axis: int | None = None


Step = StoryDeposit | Nothing | LeadEntry | ReleveStep | StoryNarrative


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """An instant of the story, in France."""
    return datetime.combine(day, time(hour, minute), FRANCE)


# --- From dated rows to the deposits of one quarter: what has rows is a file, what has none is declared so ----


_HOURS = {ANONYMAL: 9, IFAC: 11, ARSENIC: 14, POINT_FORMATION: 17}


@dataclass(frozen=True, slots=True)
class StatementPart:
    """One dataset of a quarter's statement, under the title that the association gives its file."""

    dataset: str
    title: str
    rows: Sequence[RowDict]


def quarter(number: int) -> Period:
    """Quarter 1 to 4 of the story."""
    return QUARTERS[number - 1]


def named(number: int) -> str:
    """« T2 2022 », the fourth of the story: how an association names the files of a quarter."""
    year, _, civil = quarter(number).code.partition("-")
    return f"{civil} {year}"


def dated(rows: Iterable[RowDict], number: int, column: str = "date") -> list[RowDict]:
    """The rows dated in quarter 1 to 4."""
    return [row for row in rows if row[column] in quarter(number)]


def statement(association: str, day: date, number: int, parts: Iterable[StatementPart]) -> list[Step]:
    """The deposits of one quarter, a few minutes apart."""
    start = at(day, _HOURS[association])
    return [
        _step(start + timedelta(minutes=4 * rank), association, quarter(number).code, part)
        for rank, part in enumerate(parts)
    ]


def _step(when: datetime, association: str, period: str, part: StatementPart) -> Step:
    if not part.rows:
        return Nothing(when, association, part.dataset, period)
    return StoryDeposit(when, association, part.dataset, part.title, tuple(part.rows), period=period)


# --- Sharing totals over days and months, so that the parts always add up to what the story says ----


def shares(total: int, weights: Sequence[float]) -> list[int]:
    """``total`` cut into whole parts in proportion to ``weights`` (largest remainders first)."""
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    parts = [int(value) for value in exact]
    by_remainder = sorted(range(len(parts)), key=lambda i: parts[i] - exact[i])
    for index in by_remainder[: total - sum(parts)]:
        parts[index] += 1
    return parts


def weekday(day: date) -> date:
    """``day``, or the Friday before when it falls on a week-end."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def days_over(rng: random.Random, number: int, first: date, last: date) -> list[date]:
    """``number`` working days from ``first`` to ``last``, regularly spread with a little chance."""
    length = (last - first).days
    step = length / max(number, 1)
    places = ((index + rng.uniform(0.1, 0.9)) * step for index in range(number))
    return [max(first, weekday(first + timedelta(days=int(place)))) for place in places]


def months_of(quarter: Period) -> tuple[date, date, date]:
    """The first days of the three months of a quarter."""
    year, first = quarter.start.year, quarter.start.month
    return date(year, first, 1), date(year, first + 1, 1), date(year, first + 2, 1)


def month_end(month: date) -> date:
    """The last day of the month that begins on ``month``."""
    return Period.month(month.year, month.month).end
