"""Where the relevés stand, as read: the board, one of them, and everything that was done with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.domain.local_time import day_in_france
from core.domain.releve import KIND, Event, Releve, Term, event_of, fold, speaks_of
from core.domain.releve import subject as named
from core.services.monitoring.cache import cache_of
from core.services.releves.calendar import Calendar, read_calendar
from core.storage import Store, deposits, register
from core.storage.deposits import Deposit


@dataclass(frozen=True, slots=True)
class Files:
    """Everything that the state of a relevé is folded from."""

    calendar: Calendar
    deposits: Sequence[Deposit]
    events: Mapping[str, Sequence[Event]]

    def fold(self, term: Term, today: date) -> Releve:
        """The relevé of one term."""
        said = self.events.get(named(term.experiment, term.period.code), ())
        return fold(term, said, begun=self._begun(term), today=today)

    def _begun(self, term: Term) -> bool:
        """Whether the association handed something in for the period."""
        return any(
            one.association == term.association and one.reports and self.tells(one, term) for one in self.deposits
        )

    def tells(self, one: Deposit, term: Term) -> bool:
        """Whether a deposit speaks of the period of ``term``."""
        return speaks_of(term.period, one.period, day_in_france(one.at), self.calendar.periods)


def board(registry: Any, store: Store, today: date) -> tuple[Releve, ...]:
    """Every relevé of a period that has begun on ``today``, period by period in the order of the experiments."""
    known = read_files(registry, store)
    return tuple(known.fold(term, today) for term in known.calendar.terms if term.period.start <= today)


def state_of(registry: Any, store: Store, experiment: str, period: str, today: date) -> Releve:
    """One relevé; raises UnknownName when the calendar asks no such thing."""
    known = read_files(registry, store)
    return known.fold(known.calendar.term(experiment, period), today)


def history(store: Store, experiment: str, period: str) -> tuple[Event, ...]:
    """Everything that was done with a relevé, the oldest first."""
    return tuple(event_of(entry) for entry in store.entries(KIND, named(experiment, period)))


def read_files(registry: Any, store: Store) -> Files:
    """What is known now, read again once something was handed in or written down."""
    with store.connect() as connection:
        stamp = (deposits.last_number(connection), register.last_number(connection))

    def read() -> Files:
        calendar = read_calendar(registry, store.rows)
        return Files(calendar, tuple(store.deposits()), by_subject(store.entries(KIND)))

    return cache_of(store).get(("relevés", id(registry), stamp), read)


def by_subject(entries: Iterable[Any]) -> dict[str, list[Event]]:
    """The events of each relevé, the oldest first."""
    found: dict[str, list[Event]] = {}
    for entry in entries:
        found.setdefault(entry.subject, []).append(event_of(entry))
    return found
