"""Where an association stands: each of its tables, and what is still due for the current period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from core.domain.dataset import Dataset
from core.domain.period import Period
from core.registry import Registry
from core.services.monitoring.cache import cache_of
from core.services.monitoring.coverage import Coverage, History
from core.services.monitoring.known import Due, read_known
from core.services.releves.contents import expected_datasets
from core.storage import Store
from core.storage.deposits import Deposit


class Standing(StrEnum):
    """What is known of a table for a period."""

    RECEIVED = "received"
    """A deposit came after the end of the period."""
    NOTHING = "nothing"
    """« Rien à déclarer » was said for it."""
    AWAITED = "awaited"
    """Nothing yet."""
    OPTIONAL = "optional"
    """Nothing yet, and nobody waits for it."""


@dataclass(frozen=True, slots=True)
class TableStanding:
    """One table of an association: the rows held, who handed what in last, what the period knows."""

    dataset: Dataset
    rows: int
    last: Deposit | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class HandedIn:
    """Every table of an association for ``period``, expected by the day ``due`` (None: no date was set).

    ``late`` says that this day is over.
    """

    period: Period
    due: date | None
    tables: tuple[TableStanding, ...]
    late: bool = False

    @property
    def awaited(self) -> tuple[TableStanding, ...]:
        """The tables that are still due."""
        return tuple(one for one in self.tables if one.standing is Standing.AWAITED)

    @property
    def received(self) -> tuple[TableStanding, ...]:
        """The tables received for the period, « rien à déclarer » included."""
        return tuple(one for one in self.tables if one.standing in (Standing.RECEIVED, Standing.NOTHING))


def handed_in(registry: Registry, store: Store, association: str, *, today: date) -> HandedIn:
    """Where each table of ``association`` stands for the period that is due now. Raises UnknownName."""
    known = read_known(store, cache_of(store), None, today)
    period, due = current_period(known.held.dues, today)
    coverage = Coverage(known)
    last = _last_ones(known.deposits, association)
    owed = {one.code for one in expected_datasets(registry, association)}
    tables = tuple(
        TableStanding(
            dataset,
            _held(store, association, dataset),
            last.get(dataset.code),
            _standing(coverage.history((association, dataset.code)), period, owed=dataset.code in owed),
        )
        for dataset in registry.datasets(association)
    )
    return HandedIn(period, due, tables, due is not None and due < today)


def current_period(dues: Sequence[Due], today: date) -> tuple[Period, date | None]:
    """The last period that is over, with its due day; the last civil quarter when none was set."""
    over = [due for due in dues if due.period.end < today]
    if over:
        last = max(over, key=lambda due: due.period.end)
        return last.period, last.day
    return Period.quarter_of(today).previous, None


def _last_ones(deposits: Sequence[Any], association: str) -> Mapping[str, Deposit]:
    return {one.dataset: one for one in deposits if one.association == association and one.reports}


def _held(store: Store, association: str, dataset: Dataset) -> int:
    return store.rows(association, dataset.code).height


def _standing(history: History, period: Period, *, owed: bool) -> Standing:
    if any(one.start <= period.start and period.end <= one.end for one in history.nothing):
        return Standing.NOTHING
    if history.reports(period):
        return Standing.RECEIVED
    return Standing.AWAITED if owed else Standing.OPTIONAL
