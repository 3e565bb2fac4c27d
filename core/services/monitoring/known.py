"""What is known at a revision beside the rows that figures count: deposits, and what the project lead holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from core.domain.experiment import METROPOLE
from core.domain.indicator import Direction
from core.domain.observation import Target
from core.domain.period import Period, quarters_between
from core.domain.releve import KIND as RELEVE
from core.domain.releve import Event, event_of
from core.errors import UnknownName
from core.services.monitoring.cache import Cache
from core.services.monitoring.descriptions import Pair
from core.services.monitoring.lines import Keys
from core.storage import deposits, register

_LOCAL = ZoneInfo("Europe/Paris")
_DIRECTIONS = {"hausse": Direction.UP, "baisse": Direction.DOWN}


@dataclass(frozen=True, slots=True)
class Due:
    """A period that the project lead set, and the day by which its data are expected."""

    period: Period
    day: date


@dataclass(frozen=True, slots=True)
class Goal:
    """A target as recorded; ``direction`` None = that of the indicator."""

    target: Target
    direction: Direction | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """What the project lead holds, as of a revision.

    ``goals`` are sorted by date, by (experiment or None for the programme, indicator);
    ``baselines`` the days of the recorded starting values.
    """

    dues: tuple[Due, ...]
    starts: Mapping[str, date]
    goals: Mapping[tuple[str | None, str], tuple[Goal, ...]]
    baselines: Mapping[tuple[str | None, str], date]
    keys: Keys
    ends: Mapping[str, date] = field(default_factory=dict)

    @property
    def programme_start(self) -> date | None:
        """The first day of the first experiment."""
        return min(self.starts.values(), default=None)

    def goal(self, experiment: str | None, indicator: str, day: date) -> Goal | None:
        """The target that ``day`` works towards: the next one to fall due, else the last one."""
        found = self.goals.get((experiment, indicator), ())
        return next((one for one in found if one.target.until >= day), found[-1] if found else None)


@dataclass(frozen=True, slots=True)
class Known:
    """One state of knowledge. ``marks`` gives the last revision of each dataset ever touched.

    ``day`` is the day from which it is looked at: today, or for a past revision the day of
    its last deposit. ``events`` are those of each relevé, by its subject.
    """

    revision: int
    marks: Mapping[Pair, int]
    deposits: tuple[Any, ...]
    held: Held
    day: date
    events: Mapping[str, Sequence[Event]] = field(default_factory=dict)

    @property
    def stamp(self) -> tuple[int, int, int]:
        """What changes as soon as anything is deposited, declared, sent or accepted."""
        said = max((one.number for events in self.events.values() for one in events), default=0)
        return self.revision, self.deposits[-1].number if self.deposits else 0, said


def read_known(store: Any, cache: Cache, revision: int | None, today: date) -> Known:
    """What is known at ``revision`` (None: all that is); read again only once something was deposited."""
    with store.connect() as connection:
        number = deposits.last_number(connection), register.last_number(connection)
    return cache.get(("known", number, revision, today), lambda: _read_known(store, cache, revision, today))


def _read_known(store: Any, cache: Cache, asked: int | None, today: date) -> Known:
    latest = store.latest()
    revision = latest if asked is None else max(0, min(asked, latest))
    past = revision < latest
    if past:
        store.refuse_purged(revision)
    listed = tuple(store.deposits(revision if past else None))
    marks = store.last_revisions(revision)
    lead = tuple((code, marks.get((METROPOLE, code), 0)) for code in _LEAD)
    held = cache.get(("held", lead), lambda: _read_held(store, revision))
    last = max((one.at for one in listed), default=None) if past else None
    day = today if last is None else min(local_day(last), today)
    return Known(revision, marks, listed, held, day, _events(store, last))


def _events(store: Any, until: datetime | None) -> dict[str, list[Event]]:
    """What was done with each relevé, by its subject, as known at ``until``."""
    found: dict[str, list[Event]] = {}
    for entry in store.entries(RELEVE, until=until):
        found.setdefault(entry.subject, []).append(event_of(entry))
    return found


def local_day(moment: Any) -> date:
    """The day of an instant in France."""
    return moment.astimezone(_LOCAL).date()


def parse_period(code: str | None, dues: tuple[Due, ...]) -> Period | None:
    """The period that a code names: one of the project lead's, else a quarter or a month."""
    if code is None:
        return None
    for due in dues:
        if due.period.code == code:
            return due.period
    try:
        return Period.parse(code)
    except UnknownName:
        return None


def periods(held: Held, start: date, end: date) -> tuple[Period, ...]:
    """The periods to report from ``start`` to ``end``: the project lead's, else the civil quarters."""
    if held.dues:
        return tuple(due.period for due in held.dues if due.period.start <= end and due.period.end >= start)
    return quarters_between(start, end)


_LEAD = ("objectifs", "valeurs_depart", "periodes", "dates_experimentations", "cles")


def _read_held(store: Any, revision: int) -> Held:
    rows = {code: store.rows(METROPOLE, code, revision).to_dicts() for code in _LEAD}
    return Held(
        dues=tuple(sorted(_dues(rows["periodes"]), key=lambda due: due.period)),
        starts={row["experience"]: row["debut"] for row in rows["dates_experimentations"]},
        goals=_goals(rows["objectifs"]),
        baselines={(row["experience"], row["indicateur"]): row["date"] for row in rows["valeurs_depart"]},
        keys=Keys.of(rows["cles"]),
        ends={row["experience"]: row["fin"] for row in rows["dates_experimentations"]},
    )


def _dues(rows: list[dict[str, Any]]) -> Iterator[Due]:
    for row in rows:
        yield Due(Period(row["debut"], row["fin"], row["code"]), row["echeance"])


def _goals(rows: list[dict[str, Any]]) -> dict[tuple[str | None, str], tuple[Goal, ...]]:
    found: dict[tuple[str | None, str], list[Goal]] = {}
    for row in sorted(rows, key=lambda row: row["echeance"]):
        target = Target(row["valeur"], row["echeance"], row["decision"] or "")
        goal = Goal(target, _DIRECTIONS.get(row["sens"] or ""))
        found.setdefault((row["experience"], row["indicateur"]), []).append(goal)
    return {whom: tuple(goals) for whom, goals in found.items()}
