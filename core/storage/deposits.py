"""The list of deposits: every time somebody handed something in, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from core.domain.local_time import start_of
from core.errors import UnknownName
from core.storage.tables import deposits, utc

NOTHING = "rien à déclarer"
UNDO = "annulation"
UPGRADE = "mise à niveau"


@dataclass(frozen=True, slots=True)
class Deposit:
    """One deposit, declaration, undo or upgrade.

    ``number`` orders them; ``revision`` is the one that it made, None when nothing changed;
    ``after_revision`` the last one when it was over; ``undoes`` the revision that it undoes;
    ``undone_by`` the revision that undid it (as known at the revision asked for).
    """

    number: int
    at: datetime
    actor: str
    role: str
    on_behalf_of: str | None
    association: str
    dataset: str
    action: str
    period: str | None
    revision: int | None
    after_revision: int
    undoes: int | None
    file_name: str | None
    sha256: str | None
    added: int
    changed: int
    unchanged: int
    removed: int
    undone_by: int | None = None

    @property
    def reports(self) -> bool:
        """Whether the association thereby said something that still stands."""
        return self.action not in (UNDO, UPGRADE) and self.undone_by is None

    @property
    def declares_nothing(self) -> bool:
        """Whether it is a « rien à déclarer »."""
        return self.action == NOTHING


def listed(
    connection: sa.Connection,
    revision: int | None = None,
    *,
    association: str | None = None,
    dataset: str | None = None,
) -> list[Deposit]:
    """The deposits known at ``revision`` (None: all), the oldest first."""
    wanted = sa.select(deposits).order_by(deposits.c.number)
    if revision is not None:
        wanted = wanted.where(deposits.c.after_revision <= revision)
    if association is not None:
        wanted = wanted.where(deposits.c.association == association)
    if dataset is not None:
        wanted = wanted.where(deposits.c.dataset == dataset)
    rows = connection.execute(wanted).mappings().all()
    undone = cancelled(rows)
    return [Deposit(**row, undone_by=undone.get(row["revision"])) for row in rows]


def of_revision(connection: sa.Connection, revision: int) -> Deposit:
    """The deposit that made ``revision``.

    Raises UnknownName when there is none.
    """
    found = connection.execute(sa.select(deposits).where(deposits.c.revision == revision)).mappings().first()
    if found is None:
        raise UnknownName(f"La révision {revision} n’existe pas. Relisez son numéro dans l’historique.")
    same = (deposits.c.association == found["association"], deposits.c.dataset == found["dataset"])
    others = connection.execute(sa.select(deposits).where(*same)).mappings().all()
    return Deposit(**found, undone_by=cancelled(others).get(revision))


def cancelled(rows: Iterable[Mapping[str, Any]]) -> dict[int, int]:
    """Which revisions are undone, and by which: an undo that is itself undone counts no more."""
    undone: dict[int, int] = {}
    for row in sorted(rows, key=lambda row: row["number"], reverse=True):
        if row["undoes"] is not None and row["revision"] not in undone:
            undone[row["undoes"]] = row["revision"]
    return undone


def latest(connection: sa.Connection) -> int:
    """The number of the last revision, 0 when nothing was ever stored."""
    return connection.scalar(sa.select(sa.func.coalesce(sa.func.max(deposits.c.revision), 0))) or 0


def last_number(connection: sa.Connection) -> int:
    """The number of the last deposit, 0 when there is none: it grows with each one, even when nothing changed."""
    return connection.scalar(sa.select(sa.func.coalesce(sa.func.max(deposits.c.number), 0))) or 0


def revision_at(connection: sa.Connection, moment: date | datetime | int) -> int:
    """The last revision at or before a moment (a day counts to its end, in France); 0 if none."""
    wanted = sa.select(sa.func.coalesce(sa.func.max(deposits.c.revision), 0))
    if isinstance(moment, int):
        return connection.scalar(wanted.where(deposits.c.revision <= moment)) or 0
    if isinstance(moment, datetime):
        return connection.scalar(wanted.where(deposits.c.at <= utc(moment))) or 0
    return connection.scalar(wanted.where(deposits.c.at < end_of_day(moment))) or 0


def end_of_day(day: date) -> datetime:
    """The first instant that no longer belongs to ``day`` in France."""
    return utc(start_of(day + timedelta(days=1)))


def last_revisions(connection: sa.Connection, revision: int | None = None) -> dict[tuple[str, str], int]:
    """For each (association, dataset) ever touched, its last revision at or before ``revision``."""
    wanted = (
        sa.select(deposits.c.association, deposits.c.dataset, sa.func.max(deposits.c.revision))
        .where(deposits.c.revision.is_not(None))
        .group_by(deposits.c.association, deposits.c.dataset)
    )
    if revision is not None:
        wanted = wanted.where(deposits.c.revision <= revision)
    return {(association, dataset): number for association, dataset, number in connection.execute(wanted)}
