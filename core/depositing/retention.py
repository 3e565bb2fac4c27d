"""How long things are kept, and the purge of what is kept beyond.

The project lead sets a duration for each dataset, with the data protection officer; without one
nothing is ever removed. A purge removes past versions of rows, the bytes of files, and comments that
were taken back or speak of what is no more; rows that still hold are the programme's figures and stay.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

import sqlalchemy as sa

from core.checking import waiting
from core.contract import Registry
from core.contract.scope import Scope
from core.depositing import comments
from core.domain import access, french
from core.domain.access import Action
from core.domain.calendar import start_of
from core.domain.programme import METROPOLE
from core.storage import Store
from core.storage.schema import DataTable
from core.storage.writing import Writing

RETENTION = "conservation"


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge removes (or would) from one dataset: ``limit`` is the first day that is kept whole.

    ``comments`` counts those that were taken back, or spoke of what is no more, before that day.
    """

    association: str
    dataset: str
    months: int
    limit: date
    revision: int
    rows: int
    files: int
    comments: int = 0


def durations(store: Store) -> Mapping[str, int]:
    """The months that each dataset's past is kept, by code; a dataset that is not there is kept for ever."""
    rows = store.rows(METROPOLE, RETENTION)
    return dict(zip(rows["dataset"], rows["duree_mois"], strict=True))


def datasets(registry: Registry) -> dict[str, str]:
    """Title by code of every dataset that a duration may be set for: the associations' first, then the lead's."""
    theirs = {one.code: one.title for body in registry.associations for one in registry.datasets(body.code)}
    return theirs | {one.code: one.title for one in registry.datasets(METROPOLE)}


class _OnlyForeseen(Exception):
    """Ends a purge that is only tried: nothing of it is kept."""


def foreseen(scope: Scope) -> tuple[Purged, ...]:
    """What ``purge`` would remove at that instant; empty when nothing is beyond its duration.

    It is the purge itself, taken back before anybody sees it: what is told is what would leave.
    Raises Forbidden unless the actor administers.
    """
    access.check(scope.actor, Action.ADMINISTER)
    found: tuple[Purged, ...] = ()
    with suppress(_OnlyForeseen), scope.writing() as writing:
        found = _purged(scope, writing)
        raise _OnlyForeseen
    return found


def purge(scope: Scope) -> tuple[Purged, ...]:
    """Remove for good what is beyond its duration, in one transaction; the event log tells each dataset.

    Raises Forbidden unless the actor administers.
    """
    access.check(scope.actor, Action.ADMINISTER)
    with scope.writing() as writing:
        return _purged(scope, writing)


def in_words(one: Purged, registry: Registry) -> str:
    """« Anonymal, Matériel : 12 anciennes versions et 2 fichiers d’avant le 5 juillet 2020 (24 mois) »."""
    parts = [
        french.count(number, singular, plural)
        for number, singular, plural in (
            (one.rows, "ancienne version de ligne", "anciennes versions de lignes"),
            (one.files, "fichier", "fichiers"),
            (one.comments, "commentaire", "commentaires"),
        )
        if number
    ]
    body, title = registry.association(one.association).name, registry.dataset(one.association, one.dataset).title
    return french.typeset(
        f"{body}, « {title} » : {french.listing(parts)} d’avant le {french.day(one.limit)} ({one.months} mois)"
    )


def _purged(scope: Scope, writing: Writing) -> tuple[Purged, ...]:
    """Remove, in this transaction, what each dataset that has a duration holds beyond it."""
    found = []
    for association, dataset, months in _lasting(scope.registry, scope.store):
        limit = _months_before(scope.today, months)
        revision = scope.store.revision_at(limit - timedelta(days=1))
        settled: set[int] = set()
        ending = partial(_ended, revision=revision, before=start_of(limit), settled=settled)
        told = {"months": months, "limit": limit.isoformat()}
        gone = writing.purge(association, dataset, revision, told, ending)
        if not gone.nothing:
            counts = gone.rows, len(gone.files), len(set(gone.entries) - settled)
            found.append(Purged(association, dataset, months, limit, revision, *counts))
    return tuple(found)


def _ended(
    connection: sa.Connection, data: DataTable, *, revision: int, before: datetime, settled: set[int]
) -> frozenset[int]:
    """The comments that end, and what was said of rows left behind once none waits (``settled`` is told which)."""
    settled.update(waiting.ended(connection, data, before))
    return comments.ended(connection, data, revision, before) | settled


def _lasting(registry: Registry, store: Store) -> Iterator[tuple[str, str, int]]:
    """(association, dataset, months) of each dataset that has a duration."""
    months = durations(store)
    for association in (*(one.code for one in registry.associations), METROPOLE):
        for dataset in registry.datasets(association):
            if dataset.code in months:
                yield association, dataset.code, months[dataset.code]


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
