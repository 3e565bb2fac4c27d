"""What a page reads of the store beside figures, kept as long as nothing changes."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import date
from typing import Any, TypeVar

from core.domain.experiment import METROPOLE
from core.domain.releve import Releve
from core.services import releves
from core.services.ledger import Ledger, read_ledger
from core.services.monitoring.cache import cache_of
from core.services.monitoring.known import local_day
from core.storage import register
from core.storage.deposits import last_number
from dashboard.context import Context

T = TypeVar("T")


def kept(context: Context, name: Hashable, revision: int | None, make: Callable[[], T]) -> T:
    """What ``make`` gives, made once per state of the store and of the plugins."""
    with context.store.connect() as connection:
        known = last_number(connection), register.last_number(connection)
    return cache_of(context.store).get(("page", id(context.registry), context.today, name, revision, known), make)


def rows(context: Context, dataset: str, revision: int | None = None) -> list[dict[str, Any]]:
    """The rows of one dataset that the project lead holds."""
    return kept(
        context,
        ("rows", dataset),
        revision,
        lambda: context.store.rows(METROPOLE, dataset, revision).to_dicts(),
    )


def ledger(context: Context, until: date, revision: int | None = None) -> Ledger:
    """The six lines at the end of a day."""
    return kept(
        context,
        ("ledger", until),
        revision,
        lambda: read_ledger(context.store, until=until, revision=revision),
    )


def releves_of(context: Context) -> tuple[Releve, ...]:
    """Where each relevé of a period that has begun stands today."""
    return kept(context, "relevés", None, lambda: releves.board(context.registry, context.store, context.today))


def last_deposit(context: Context, revision: int | None = None) -> date | None:
    """The day of the last deposit of an association, in France."""
    return kept(context, "last deposit", revision, lambda: _last_deposit(context, revision))


def _last_deposit(context: Context, revision: int | None) -> date | None:
    found = [one.at for one in context.store.deposits(revision) if one.association != METROPOLE]
    return local_day(max(found)) if found else None
