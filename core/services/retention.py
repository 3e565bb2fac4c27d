"""How long things are kept, and the purge of what is kept beyond.

The project lead sets a duration for each dataset, with the data protection officer; without one
nothing is ever removed. A purge removes past versions of rows, the bytes of files, and comments that
were taken back or speak of what is no more; rows that still hold are the programme's figures and stay.
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
from core.domain.local_time import day_in_france, start_of
from core.registry import Registry
from core.services import comments
from core.storage import Store
from core.storage.purge import Expired

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


def foreseen(registry: Registry, store: Store, *, at: datetime) -> tuple[Purged, ...]:
    """What ``purge`` would remove at that instant; empty when nothing is beyond its duration."""
    bounds = _bounds(registry, store, day_in_france(at))
    found = [(one, store.expired(one.association, one.dataset, one.revision, one.comments)) for one in bounds]
    return tuple(_purged(one, gone) for one, gone in found if not gone.nothing)


def purge(registry: Registry, store: Store, *, actor: Actor, at: datetime) -> tuple[Purged, ...]:
    """Remove for good what is beyond its duration, in one transaction; the register tells each dataset.

    Raises Forbidden unless the actor administers.
    """
    access.check(actor, Action.ADMINISTER)
    bounds = list(_bounds(registry, store, day_in_france(at)))
    with store.writing(actor, at) as writing:
        found = [
            (one, writing.purge(one.association, one.dataset, one.revision, one.told, one.comments)) for one in bounds
        ]
    return tuple(_purged(one, gone) for one, gone in found if not gone.nothing)


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


@dataclass(frozen=True, slots=True)
class _Bound:
    """Where the past of one dataset ends: its last revision and its comments of before ``limit``."""

    association: str
    dataset: str
    months: int
    limit: date
    revision: int
    comments: tuple[int, ...]

    @property
    def told(self) -> Mapping[str, object]:
        """What the register keeps of it."""
        return {"months": self.months, "limit": self.limit.isoformat()}


def _purged(one: _Bound, gone: Expired) -> Purged:
    return Purged(
        one.association, one.dataset, one.months, one.limit, one.revision, gone.rows, len(gone.files), len(gone.entries)
    )


def _bounds(registry: Registry, store: Store, today: date) -> Iterator[_Bound]:
    """The bound of each dataset that has a duration."""
    months = durations(store)
    bodies = [*(one.code for one in registry.associations), METROPOLE]
    for association in bodies:
        for dataset in registry.datasets(association):
            if dataset.code in months:
                limit = _months_before(today, months[dataset.code])
                revision = store.revision_at(limit - timedelta(days=1))
                said = comments.ended(store, association, dataset.code, start_of(limit))
                yield _Bound(association, dataset.code, months[dataset.code], limit, revision, said)


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
