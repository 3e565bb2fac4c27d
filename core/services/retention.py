"""How long things are kept, and the purge of what is kept beyond.

The project lead sets a duration for each dataset, with the data protection officer; without one
nothing is ever removed. A purge removes past versions of rows and the bytes of deposited files;
rows that still hold are the programme's figures and stay.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.domain import access, french
from core.domain.access import Action
from core.domain.actor import Actor
from core.domain.experiment import METROPOLE
from core.domain.local_time import day_in_france
from core.registry import Registry
from core.storage import Store

RETENTION = "conservation"


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge removes (or would) from one dataset: ``limit`` is the first day that is kept whole."""

    association: str
    dataset: str
    months: int
    limit: date
    revision: int
    rows: int
    files: int


def durations(store: Store) -> Mapping[str, int]:
    """The months that each dataset's past is kept, by code; a dataset that is not there is kept for ever."""
    rows = store.rows(METROPOLE, RETENTION)
    return dict(zip(rows["dataset"], rows["duree_mois"], strict=True))


def datasets(registry: Registry) -> dict[str, str]:
    """Title by code of every dataset that a duration may be set for: the associations' first, then the lead's."""
    theirs = {one.code: one.title for body in registry.associations for one in registry.datasets(body.code)}
    return theirs | {one.code: one.title for one in registry.datasets(METROPOLE)}


def foreseen(registry: Registry, store: Store, *, at: datetime) -> tuple[Purged, ...]:
    """What ``purge`` would remove at that instant; empty when nothing is beyond its duration."""
    found = []
    for association, dataset, months, limit, revision in _bounds(registry, store, day_in_france(at)):
        gone = store.expired(association, dataset, revision)
        if not gone.nothing:
            found.append(Purged(association, dataset, months, limit, revision, gone.rows, len(gone.files)))
    return tuple(found)


def purge(registry: Registry, store: Store, *, actor: Actor, at: datetime) -> tuple[Purged, ...]:
    """Remove for good what is beyond its duration, in one transaction; the register tells each dataset.

    Raises Forbidden unless the actor administers.
    """
    access.check(actor, Action.ADMINISTER)
    found = []
    bounds = list(_bounds(registry, store, day_in_france(at)))
    with store.writing(actor, at) as writing:
        for association, dataset, months, limit, revision in bounds:
            told = {"months": months, "limit": limit.isoformat()}
            gone = writing.purge(association, dataset, revision, told)
            if not gone.nothing:
                found.append(Purged(association, dataset, months, limit, revision, gone.rows, len(gone.files)))
    return tuple(found)


def in_words(one: Purged, registry: Registry) -> str:
    """« Anonymal, Matériel : 12 anciennes versions et 2 fichiers d’avant le 5 juillet 2020 (24 mois) »."""
    parts = [
        french.count(number, singular, plural)
        for number, singular, plural in (
            (one.rows, "ancienne version de ligne", "anciennes versions de lignes"),
            (one.files, "fichier déposé", "fichiers déposés"),
        )
        if number
    ]
    body, title = registry.association(one.association).name, registry.dataset(one.association, one.dataset).title
    return french.typeset(
        f"{body}, « {title} » : {french.listing(parts)} d’avant le {french.day(one.limit)} ({one.months} mois)"
    )


def _bounds(registry: Registry, store: Store, today: date) -> Iterator[tuple[str, str, int, date, int]]:
    """(association, dataset, months, limit, last revision made before the limit) of each dataset with a duration."""
    months = durations(store)
    bodies = [*(one.code for one in registry.associations), METROPOLE]
    for association in bodies:
        for dataset in registry.datasets(association):
            if dataset.code in months:
                limit = _months_before(today, months[dataset.code])
                revision = store.revision_at(limit - timedelta(days=1))
                yield association, dataset.code, months[dataset.code], limit, revision


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
