"""Whether a period was told: the calendar’s terms, and what was sent and accepted of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import pairwise
from typing import Any

import polars as pl

from core.contract import Registry
from core.domain import french
from core.domain.calendar import Period, day_in_france
from core.domain.dataset import Dataset, Row
from core.domain.programme import METROPOLE, Association, Experiment
from core.domain.releve import (
    KIND,
    NARRATIVE,
    DeedSaid,
    NarrativeSaid,
    PeriodTold,
    Releve,
    ReleveEvent,
    Term,
    fold,
    speaks_of,
    told,
)
from core.domain.releve import subject as named
from core.errors import UnknownName
from core.storage.deposits import Deposit
from core.storage.event_log import Entry
from core.storage.events import EventType, renamed

LeadRows = Callable[[str, str], pl.DataFrame]
"""The rows that hold, by association and dataset code."""
Versions = Callable[[str, str], Sequence[Mapping[str, Any]]]
"""Every state that rows had, by association and dataset code: see ``Store.versions``."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The periods in the order of time, and every term, period by period."""

    periods: tuple[Period, ...]
    terms: tuple[Term, ...]

    def term(self, experiment: str, period: str) -> Term:
        """The term of one experiment and period; raises UnknownName when the calendar does not ask it."""
        for one in self.terms:
            if (one.experiment, one.period.code) == (experiment, period):
                return one
        known = ", ".join(one.code for one in self.periods) or "aucune n’est encore fixée"
        said = f"Aucun relevé n’est attendu pour « {experiment} » et la période « {period} ». Périodes : {known}."
        raise UnknownName(french.typeset(said))


def read_calendar(registry: Registry, rows: LeadRows, versions: Versions | None = None) -> Calendar:
    """The calendar that ``rows`` hold; ``versions`` tell the due dates that held before."""
    listed = sorted(rows(METROPOLE, "periodes").to_dicts(), key=lambda row: row["debut"])
    known = [(Period(row["debut"], row["fin"], row["code"]), row["echeance"]) for row in listed]
    days = {row["experience"]: row for row in rows(METROPOLE, "dates_experimentations").to_dicts()}
    moved = _moved(versions(METROPOLE, "periodes")) if versions else {}
    owed = {one.code: frozenset(table.code for table in owed_tables(registry, one.code)) for one in _bodies(registry)}
    terms = tuple(
        _term(experiment, period, due, days.get(experiment.code, {}), moved.get(period.code, ()), owed)
        for period, due in known
        for experiment in registry.experiments
    )
    return Calendar(tuple(period for period, _ in known), terms)


def owed_tables(registry: Registry, association: str) -> list[Dataset]:
    """The tables that an association owes for each period: those of the axes that it tries, and the common ones."""
    tried = {axis for one in registry.experiments if one.association.code == association for axis in one.axes}
    return [
        one
        for one in registry.datasets(association)
        if one.cadence == "trimestre" and not one.optional and (one.axis is None or one.axis in tried)
    ]


def _bodies(registry: Registry) -> list[Association]:
    return list({one.association.code: one.association for one in registry.experiments}.values())


def _moved(found: Sequence[Row]) -> dict[str, tuple[tuple[datetime, date], ...]]:
    """The due dates of each period that were changed, with when."""
    by_code: dict[str, list[Row]] = {}
    for row in found:
        by_code.setdefault(row["code"], []).append(row)
    return {
        code: tuple(
            (after["_from"], before["echeance"])
            for before, after in pairwise(rows)
            if before["echeance"] != after["echeance"]
        )
        for code, rows in by_code.items()
    }


def _term(
    experiment: Experiment,
    period: Period,
    due: date,
    days: Row,
    moved: tuple[tuple[datetime, date], ...],
    owed: Mapping[str, frozenset[str]],
) -> Term:
    whose = experiment.association.code
    return Term(experiment.code, whose, period, due, days.get("debut"), days.get("fin"), moved, owed[whose])


# --- What was handed in and done, from which the state of each relevé, and whether its period is told, are folded ---


@dataclass(frozen=True)
class Files:
    """The calendar, everything that was handed in, and the events of each relevé by its subject."""

    calendar: Calendar
    deposits: Sequence[Deposit]
    events: Mapping[str, Sequence[ReleveEvent]]

    def fold(self, term: Term, today: date) -> Releve:
        """The relevé of one term."""
        said = self.events.get(named(term.experiment, term.period.code), ())
        return fold(term, said, begun=self._begun(term), today=today, declared=self._declared(term))

    def told(self, term: Term, today: date, tables: Iterable[str], *, rows: bool, optional: bool = False) -> PeriodTold:
        """Whether a period is told for some ``tables`` of the relevé; see ``core.domain.releve.told``."""
        nothing = any(self._nothing(term, code) is not None for code in tables)
        return told(self.fold(term, today), nothing=nothing, rows=rows, optional=optional)

    def tells(self, one: Deposit, term: Term) -> bool:
        """Whether a deposit speaks of the period of ``term``."""
        return speaks_of(term.period, one.period, day_in_france(one.at), self.calendar.periods)

    @cached_property
    def _said(self) -> Mapping[tuple[str, str], Sequence[Deposit]]:
        """What still stands of what was handed in, by association and dataset."""
        found: dict[tuple[str, str], list[Deposit]] = {}
        for one in self.deposits:
            if one.reports:
                found.setdefault((one.association, one.dataset), []).append(one)
        return found

    def of(self, association: str, dataset: str) -> Sequence[Deposit]:
        """What still stands of what was handed in of one table, the oldest first."""
        return self._said.get((association, dataset), ())

    def _begun(self, term: Term) -> bool:
        """Whether the association handed something in for the period."""
        mine = (said for (association, _), said in self._said.items() if association == term.association)
        return any(self.tells(one, term) for said in mine for one in said)

    def _declared(self, term: Term) -> datetime | None:
        """From when « rien à déclarer » was said of every table owed; None while one of them may say more."""
        said = [self._nothing(term, code) for code in sorted(term.tables)]
        known = [one for one in said if one is not None]
        return max(known) if known and len(known) == len(said) else None

    def _nothing(self, term: Term, code: str) -> datetime | None:
        """When « rien à déclarer » was said of one table for the whole period; None when it was not."""
        for one in self.of(term.association, code):
            period = named_period(one.period, self.calendar.periods) if one.declares_nothing else None
            if period and period.start <= term.period.start and term.period.end <= period.end:
                return one.at
        return None


def named_period(code: str | None, listed: Iterable[Period]) -> Period | None:
    """The period that a code names: one of the project lead's, else a quarter or a month."""
    if code is None:
        return None
    for one in listed:
        if one.code == code:
            return one
    try:
        return Period.parse(code)
    except UnknownName:
        return None


DEEDS = EventType(KIND, DeedSaid, lambda content: renamed(content, {"fait": "deed", "motif": "reason"}))
"""What is done with a relevé."""
NARRATIVES = EventType(
    NARRATIVE,
    NarrativeSaid,
    lambda content: renamed(content, {"texte": "text", "prochaine_action": "next_action", "axe": "axis"}),
)
"""What an association tells with it."""


def event_of(entry: Entry) -> ReleveEvent:
    """What an entry tells of a relevé."""
    said = DEEDS.read(entry)
    return ReleveEvent(said.deed, entry.at, entry.actor, said.reason, entry.role, entry.on_behalf_of, entry.number)


def by_subject(entries: Iterable[Entry]) -> dict[str, list[ReleveEvent]]:
    """The events of each relevé, the oldest first."""
    found: dict[str, list[ReleveEvent]] = {}
    for entry in entries:
        found.setdefault(entry.subject, []).append(event_of(entry))
    return found
