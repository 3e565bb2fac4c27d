"""Ending what is kept for too long: past versions of rows, what entries of the register say, the bytes of files.

What is purged leaves for good; that it was, when and by whom stays: one entry of the register
for each purged dataset names the last revision whose past is gone, the entries that say nothing
any more and the files whose bytes are gone, so that nobody reads an incomplete past for a whole
one, and the journal still verifies.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from core.errors import Refused
from core.storage import answers, event_log
from core.storage.events import EventType
from core.storage.rows import among
from core.storage.schema import KEY, UNTIL, DataTable, deposits, files
from core.storage.schema import register as said

_SHA256 = re.compile(r"\b[0-9a-f]{64}\b")
PURGE = "purge"
"""The kind of the register's entries that tell of a purge; their subject is « association/dataset »."""


@dataclass(frozen=True, slots=True)
class PurgeSaid:
    """What an entry says of a purge: up to which revision, how many versions of rows, which files and entries."""

    revision: int
    rows: int = 0
    files: tuple[str, ...] = ()
    entries: tuple[int, ...] = ()


PURGES = EventType(PURGE, PurgeSaid)


@dataclass(frozen=True, slots=True)
class Expired:
    """What a dataset holds beyond its time: versions that ended at ``revision`` or before, files, entries."""

    revision: int
    rows: int
    files: tuple[str, ...]
    entries: tuple[int, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to remove."""
        return not (self.rows or self.files or self.entries)


Ending = Callable[[sa.Connection, DataTable], Collection[int]]
"""Tells, in the purge's own transaction, the numbers of the register's entries that end with a dataset's past."""


def no_entry(_connection: sa.Connection, _data: DataTable) -> Collection[int]:
    """No entry of the register ends."""
    return ()


def expired(connection: sa.Connection, data: DataTable, revision: int, ending: Ending = no_entry) -> Expired:
    """What ended at ``revision`` or before; rows that still hold are never among it.

    ``ending`` tells the entries of the register that end with it, and their evidence.
    """
    ended = data.table.c[UNTIL] <= revision
    rows = connection.scalar(sa.select(sa.func.count()).select_from(data.table).where(ended)) or 0
    entries = tuple(sorted(set(ending(connection, data)) - erased(connection)))
    return Expired(revision, rows, tuple(sorted(_files(connection, data, revision, entries))), entries)


def kept(connection: sa.Connection, data: DataTable, revision: int, keys: Collection[str]) -> frozenset[str]:
    """Those of ``keys`` of which some version, held now or ended after ``revision``, outlives the purge."""
    if not keys:
        return frozenset()
    key, until = data.table.c[KEY], data.table.c[UNTIL]
    wanted = sa.select(key).where(among(connection, key, sorted(keys)), sa.or_(until.is_(None), until > revision))
    return frozenset(connection.scalars(wanted))


def remove(connection: sa.Connection, data: DataTable, gone: Expired) -> None:
    """Remove the versions and empty the files; the deposits and the journal stay as they are."""
    connection.execute(sa.delete(data.table).where(data.table.c[UNTIL] <= gone.revision))
    answers.forget(connection)
    if gone.entries:
        event_log.erase(connection, gone.entries)
    if gone.files:
        connection.execute(sa.update(files).where(files.c.sha256.in_(gone.files)).values(content=b""))


def horizons(connection: sa.Connection) -> dict[tuple[str, str], int]:
    """By (association, dataset), the last revision whose past was purged."""
    found: dict[tuple[str, str], int] = {}
    for one in event_log.entries(connection, PURGE):
        association, _, dataset = one.subject.partition("/")
        told = PURGES.read(one)
        if told.rows:
            found[association, dataset] = max(told.revision, found.get((association, dataset), 0))
    return found


def refuse_purged(connection: sa.Connection, revision: int, association: str = "", dataset: str = "") -> None:
    """Raise Refused when rows that held at ``revision`` may be gone: in one dataset, or in any if none is named."""
    gone = horizons(connection)
    last = gone.get((association, dataset), 0) if dataset else max(gone.values(), default=0)
    if revision < last:
        raise Refused(
            f"Des lignes d’avant le dépôt n° {last} ont été supprimées à la fin de leur durée de conservation : "
            "l’état d’alors ne peut plus être relu en entier. Choisissez un moment plus récent, ou des données "
            "arrêtées."
        )


def emptied(connection: sa.Connection) -> frozenset[str]:
    """The files whose bytes a purge removed, by their SHA-256, as the register tells."""
    return frozenset(name for one in event_log.entries(connection, PURGE) for name in PURGES.read(one).files)


def erased(connection: sa.Connection) -> frozenset[int]:
    """The entries of the register that say nothing any more, as the register tells."""
    return frozenset(number for one in event_log.entries(connection, PURGE) for number in PURGES.read(one).entries)


def _files(connection: sa.Connection, data: DataTable, revision: int, ending: Collection[int]) -> Iterator[str]:
    """The files that only deposits of that time or ``ending`` entries name: no other deposit, no other entry."""
    mine = sa.and_(deposits.c.association == data.association, deposits.c.dataset == data.dataset.code)
    old = sa.and_(mine, deposits.c.after_revision <= revision)
    named = sa.select(deposits.c.sha256).where(deposits.c.sha256.is_not(None))
    wanted = sa.or_(files.c.sha256.in_(named.where(old)), files.c.sha256.in_(_evidence(connection, ending)))
    nowhere_else = files.c.sha256.not_in(named.where(sa.not_(old)))
    held = sa.select(files.c.sha256).where(wanted, nowhere_else, sa.func.length(files.c.content) > 0)
    others = sa.select(sa.func.count()).select_from(said).where(said.c.kind != PURGE, said.c.number.not_in(ending))
    for sha256 in connection.scalars(held).all():
        if not connection.scalar(others.where(said.c.content.contains(sha256))):
            yield sha256


def _evidence(connection: sa.Connection, numbers: Collection[int]) -> Iterable[str]:
    """The SHA-256 of every file that these entries name, wherever their content has it."""
    texts = connection.scalars(sa.select(said.c.content).where(said.c.number.in_(numbers)))
    return {name for text in texts for name in _SHA256.findall(text)}
