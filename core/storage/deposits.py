"""The list of deposits: every time somebody handed something in, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from core.errors import UnknownName
from core.storage.schema import deposits

IMPORT = "import"
NOTHING = "rien à déclarer"
UNDO = "annulation"
UPGRADE = "mise à niveau"
RENAME = "changement de code"


TOLD = (
    "at",
    "actor",
    "role",
    "on_behalf_of",
    "association",
    "dataset",
    "action",
    "period",
    "revision",
    "undoes",
    "file_name",
    "sha256",
    "added",
    "changed",
    "unchanged",
    "removed",
)
"""What programs are told of a deposit, by the command and by the API."""


@dataclass(frozen=True, slots=True)
class Deposit:
    """One deposit, declaration, undo or upgrade.

    ``number`` orders them; ``revision`` is the one that it made, None when nothing changed;
    ``after_revision`` the last one when it was over; ``undoes`` the revision that it undoes;
    ``undone_by`` the revision that undid it (as known at the revision asked for). ``hollow``: it said again
    what was there, and all of that was undone since.
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
    hollow: bool = False

    @property
    def reports(self) -> bool:
        """Whether the association thereby said something that still stands."""
        return self.action not in (UNDO, UPGRADE, RENAME) and self.undone_by is None and not self.hollow

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
    return list(_standing(rows, cancelled(rows)))


def _standing(rows: Iterable[sa.RowMapping], undone: Mapping[int, int]) -> Iterator[Deposit]:
    """The deposits, the oldest first; those that changed nothing stand on what their table was told before."""
    told: set[tuple[str, str]] = set()
    for row in rows:
        one = Deposit(**row, undone_by=undone.get(row["revision"]))
        subject = (one.association, one.dataset)
        if one.revision is None and one.unchanged and subject not in told:
            one = replace(one, hollow=True)
        brought = one.action == UPGRADE and one.added  # the part of another dataset: its rows were told there
        if one.revision is not None and (one.reports or brought):
            told.add(subject)
        yield one


def of_revision(connection: sa.Connection, revision: int) -> list[Deposit]:
    """The deposits that made ``revision``: one, or one for each table of a workbook.

    Raises UnknownName when there is none.
    """
    made = sa.select(deposits).where(deposits.c.revision == revision).order_by(deposits.c.number)
    found = connection.execute(made).mappings().all()
    if not found:
        raise UnknownName(f"Le dépôt n° {revision} n’existe pas. Relisez son numéro dans l’historique.")
    return [Deposit(**row, undone_by=_undone_by(connection, row)) for row in found]


def _undone_by(connection: sa.Connection, made: sa.RowMapping) -> int | None:
    same = (deposits.c.association == made["association"], deposits.c.dataset == made["dataset"])
    others = connection.execute(sa.select(deposits).where(*same)).mappings().all()
    return cancelled(others).get(made["revision"])


def cancelled(rows: Iterable[sa.RowMapping]) -> dict[int, int]:
    """Which revisions are undone, and by which: an undo that is itself undone counts no more."""
    undone: dict[int, int] = {}
    for row in sorted(rows, key=lambda row: row["number"], reverse=True):
        if row["undoes"] is not None and row["revision"] not in undone:
            undone[row["undoes"]] = row["revision"]
    return undone


def latest(connection: sa.Connection) -> int:
    """The number of the last revision, 0 when nothing was ever stored."""
    return connection.scalar(sa.select(sa.func.coalesce(sa.func.max(deposits.c.revision), 0))) or 0


_LAST_NUMBER = sa.select(sa.func.coalesce(sa.func.max(deposits.c.number), 0))  # asked many times by each page


def last_number(connection: sa.Connection) -> int:
    """The number of the last deposit, 0 when there is none: it grows with each one, even when nothing changed."""
    return connection.scalar(_LAST_NUMBER) or 0


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
