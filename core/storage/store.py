"""The store: the one door to everything that is kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from time import monotonic
from typing import Self, TypeVar

import polars as pl
import sqlalchemy as sa

from core.domain.access import Actor, Role
from core.domain.dataset import Dataset, RowDict
from core.domain.memory import TypedMemory
from core.errors import Refused
from core.storage import (
    answers,
    backup,
    declarations,
    deposits,
    engine,
    event_log,
    history,
    journal,
    migrations,
    purge,
    schema,
    sealing,
)
from core.storage import rows as stored
from core.storage.answers import KeptAnswer
from core.storage.backup import ArchiveContents
from core.storage.copies import CopyUnfit, ReadCopy
from core.storage.declarations import Declaration
from core.storage.deposits import Deposit
from core.storage.event_log import Entry
from core.storage.history import LinesFound, LinesWanted, RowEvent
from core.storage.journal import Journal
from core.storage.migrations import prepare_core
from core.storage.rehearsing import Rehearsal, rehearse
from core.storage.rows import EVERY_ROW, Diff, RowsWanted, compare
from core.storage.schema import DataTable
from core.storage.writing import Writing, compare_all, shape, unknown

T = TypeVar("T")
_EVERY = 1  # seconds
MACHINE = Actor("Fabrique", Role.SYSTEM)


class _Rehearsed(Exception):
    """Nothing failed: what was tried is undone."""


class Store:
    """Typed tables with their whole past, on SQLite or PostgreSQL.

    Reads see one state of the base each; writes go through ``writing``, one at a time. It may
    be shared by threads, and several processes may open the same base. ``copy`` is what large readings
    ask first; None where the base has none.
    """

    def __init__(self, bound: sa.Engine, copy: ReadCopy | None = None) -> None:
        self._engine, self.copy = bound, copy
        self._tables: dict[tuple[str, str], DataTable] = {}
        self.memory = TypedMemory()
        """What its readers keep of it, by kind: it goes when the store does."""
        self._version_seen = monotonic()

    @classmethod
    def open(cls, url: str, read_url: str | None = None) -> Self:
        """Open the base at ``url``, making it when it is new; ``read_url`` is that of its copy, which may be away.

        Raises Misconfigured when an address is wrong or the base was made by a newer version.
        """
        copy = ReadCopy(engine.open_copy(url, read_url)) if read_url else None
        bound = engine.open_engine(url)
        try:
            prepare_core(bound)
        except BaseException:
            bound.dispose()
            raise
        return cls(bound, copy)

    @classmethod
    def restore(cls, url: str, source: Path) -> ArchiveContents:
        """Fill the empty base at ``url`` with the archive ``source``, verified, all of it or nothing.

        Raises Refused, JournalBroken or Misconfigured.
        """
        with cls.open(url) as store:
            return backup.restore(store._engine, source)

    def backup(self, out: Path) -> ArchiveContents:
        """Write everything that is kept to the archive ``out``, one state of the base, while others go on writing."""
        with self.connect() as connection:
            return backup.write(connection, out)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()
        if self.copy is not None:
            self.copy.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    @property
    def dialect(self) -> str:
        """« sqlite » or « postgresql »."""
        return self._engine.dialect.name

    @contextmanager
    def connect(self) -> Iterator[sa.Connection]:
        """A connection to read with, that sees one state of the base.

        Raises BaseDown when it does not serve, or became another version's: it is asked every second.
        """
        with engine.reading(self._engine) as connection:
            if monotonic() - self._version_seen > _EVERY:
                migrations.check_version(connection)
                self._version_seen = monotonic()
            if self.copy is not None:
                self.copy.saw(journal.head(connection))
            yield connection

    def read(self, question: Callable[[sa.Connection], T]) -> T:
        """What ``question`` reads in one state of the base, or of its copy when that holds all that was seen here.

        It may be asked twice. What decides who may come in, and what is known now, is read with ``connect``.
        """
        if self.copy is not None:
            with suppress(CopyUnfit):
                return self.copy.read(question)
        with self.connect() as connection:
            return question(connection)

    @contextmanager
    def writing(self, actor: Actor, at: datetime) -> Iterator[Writing]:
        """One transaction of changes by ``actor`` at the aware instant ``at``.

        Raises Conflict when the base stays busy; any exception inside undoes everything.
        """
        tables = dict(self._tables)
        with engine.writing(self._engine) as connection:
            migrations.check_version(connection)
            if self.copy is not None:  # what is read beside this change holds all that came before it
                self.copy.saw(journal.head(connection))
            yield Writing(connection, tables, actor, at)
            head = journal.head(connection) if self.copy is not None else None
        if self.copy is not None:
            self.copy.saw(head)
        self._tables.update(tables)

    def prepare(
        self, association: str, *datasets: Dataset, at: datetime, actor: Actor = MACHINE, owner: str = ""
    ) -> None:
        """Create or bring up to date the tables of an association's datasets; idempotent.

        What they declare is kept, with the name of their ``owner``: their rows outlive them. Raises Refused
        when a change cannot be made without losing something.
        """
        with self.connect() as connection:
            bases, kept = stored.known(connection, association), declarations.last(connection, association)
        late = [dataset for dataset in datasets if not self._open(association, dataset, bases)]
        untold = [one for one in datasets if not declarations.is_kept(kept.get((association, one.code)), owner, one)]
        if late or untold:
            with self.writing(actor, at) as writing:
                for dataset in late:
                    writing.prepare(association, dataset, owner=owner)
                declarations.keep(writing.connection, association, owner, untold)

    def open_ready(self, association: str, *datasets: Dataset) -> None:
        """Open the tables that are as declared, without writing anything. Raises Refused for one that cannot be."""
        with self.connect() as connection:
            bases = stored.known(connection, association)
        for dataset in datasets:
            self._open(association, dataset, bases)

    def former_versions(self, association: str, dataset: Dataset) -> tuple[Dataset, ...]:
        """How a dataset was declared in its older versions, as far as the base keeps them, the newest first."""
        if dataset.version == 1:
            return ()
        with self.connect() as connection:
            kept = declarations.versions(connection, association, dataset.code)
        return tuple(one.dataset for one in reversed(kept) if one.version < dataset.version)

    def keep_open(self, declared: Collection[tuple[str, str]]) -> tuple[Declaration, ...]:
        """Open for reading every table that is none of the ``declared`` (association, dataset); give what it is.

        One that never held a row is nothing to keep.
        """
        with self.connect() as connection:
            others = {one: base for one, base in stored.known(connection).items() if one not in declared}
            bases = {one: base for one, base in others.items() if stored.ever_held(connection, base)}
            found = [declarations.of_table(connection, *one, base) for one, base in bases.items()]
        for one in found:
            subject = (one.association, one.dataset.code)
            self._tables[subject] = stored.open_table(one.association, one.dataset, bases[subject])
        return tuple(found)

    def rehearse(self, association: str, *datasets: Dataset, at: datetime, actor: Actor = MACHINE) -> list[Rehearsal]:
        """What ``prepare`` would do to the tables that are not as declared, refusals included; nothing is kept of it.

        Raises Conflict when the base stays busy.
        """
        with self.connect() as connection:
            bases = stored.known(connection, association)
        late = [one for one in datasets if not self._is_as_declared(association, one, bases)]
        if not late:
            return []
        found: list[Rehearsal] = []
        with suppress(_Rehearsed), engine.writing(self._engine) as connection:
            migrations.check_version(connection)
            found = rehearse(connection, association, late, actor, at)
            raise _Rehearsed
        return found

    @staticmethod
    def _is_as_declared(association: str, dataset: Dataset, bases: dict[tuple[str, str], stored.KnownTable]) -> bool:
        base = bases.get((association, dataset.code))
        try:
            return base is not None and not migrations.plan(association, dataset, base).needed
        except Refused:
            return False

    def seal_the_past(self, *, at: datetime, actor: Actor = MACHINE) -> None:
        """Seal, as it is found, what was deposited before rows were sealed; nothing when all of it is."""
        with self.connect() as connection:
            if not sealing.unsealed(connection):
                return
        with self.writing(actor, at) as writing:
            sealing.seal_the_past(writing.connection, actor, at)

    def _open(self, association: str, dataset: Dataset, bases: dict[tuple[str, str], stored.KnownTable]) -> bool:
        base = bases.get((association, dataset.code))
        if base is None or migrations.plan(association, dataset, base).needed:
            return False
        self._tables[association, dataset.code] = stored.open_table(association, dataset, base)
        return True

    def data(self, association: str, code: str) -> DataTable:
        """The table of a prepared dataset, with its declaration.

        Raises UnknownName when it was never prepared.
        """
        try:
            return self._tables[association, code]
        except KeyError:
            raise unknown(association, code) from None

    def table(self, association: str, code: str) -> sa.Table:
        """The SQLAlchemy table of a prepared dataset, past rows included."""
        return self.data(association, code).table

    def visible(self, association: str, code: str, revision: int | sa.BindParameter[int] | None = None) -> sa.Subquery:
        """A FROM clause of the rows that hold at ``revision`` (None: today), for a SELECT.

        Its columns are the schema's, and ``_key``, ``_place``, ``_experiment``, ``_since``.
        """
        return stored.visible(self.data(association, code), revision)

    def visible_among(self, association: str, code: str, revision: sa.BindParameter[int], keys: str) -> sa.Subquery:
        """The same, of the rows whose keys are the list bound as ``keys`` when the statement runs."""
        return stored.visible_among(self.dialect, self.data(association, code), revision, keys)

    def size(self, association: str, code: str) -> int:
        """How many rows the table of a dataset holds, those of the past included."""
        counted = sa.select(sa.func.count()).select_from(self.table(association, code))
        return self.read(lambda connection: connection.scalar(counted)) or 0

    def ever_added(self) -> int:
        """How many rows deposits ever added, about."""
        with self.connect() as connection:
            return connection.scalar(sa.select(sa.func.sum(schema.deposits.c.added))) or 0

    def changed_keys(self, association: str, code: str, low: int, high: int, *, at_most: int) -> frozenset[str] | None:
        """The keys of the rows that differ between two revisions; None when they are more than ``at_most``.

        Rows that a purge removed are not among them: see ``refuse_purged``.
        """
        data = self.data(association, code)
        found = self.read(lambda connection: stored.changed_keys(connection, data, low, high, at_most))
        return None if len(found) > at_most else frozenset(found)

    def kept_answers(self, code: str) -> list[KeptAnswer]:
        """The answers that the very same ``code`` kept."""
        with self.connect() as connection:
            return answers.read(connection, code)

    def keep_answers(self, code: str, found: Collection[KeptAnswer]) -> None:
        """Keep answers for the next start. Raises BaseBusy or BaseDown: nothing is lost but time."""
        with engine.writing(self._engine) as connection:
            migrations.check_version(connection)
            answers.keep(connection, code, found)

    def forget_answers(self) -> None:
        """Throw the kept answers away."""
        with engine.writing(self._engine) as connection:
            answers.forget(connection)

    def rows(
        self, association: str, code: str, revision: int | None = None, wanted: RowsWanted = EVERY_ROW
    ) -> pl.DataFrame:
        """The rows ``wanted`` that hold at ``revision`` (None: today), sorted by key, typed even when empty.

        Columns: the schema's, then ``_key``, ``_place``, ``_experiment``, ``_since``. Raises Refused
        when a purge removed rows of that time.
        """
        return self._held(stored.rows, association, code, revision, wanted)

    def count(self, association: str, code: str, revision: int | None = None, wanted: RowsWanted = EVERY_ROW) -> int:
        """How many they are, a page apart. Raises Refused as ``rows`` does."""
        return self._held(stored.count, association, code, revision, wanted)

    def _held(
        self,
        asked: Callable[[sa.Connection, DataTable, int | None, RowsWanted], T],
        association: str,
        code: str,
        revision: int | None,
        wanted: RowsWanted,
    ) -> T:
        data = self.data(association, code)

        def found(connection: sa.Connection) -> T:
            if revision is not None:
                purge.refuse_purged(connection, revision, association, code)
            return asked(connection, data, revision, wanted)

        return self.read(found)

    def counts(self, association: str) -> dict[str, int]:
        """How many rows each prepared dataset of an association holds today."""
        return {code: self.count(body, code) for body, code in self._tables if body == association}

    def compare(
        self,
        association: str,
        code: str,
        rows: pl.DataFrame,
        *,
        current: pl.DataFrame | None = None,
        missing: pl.DataFrame | None = None,
    ) -> Diff:
        """What saving ``rows`` would do, cell by cell, without stopping anybody from writing.

        ``current`` are rows that hold, all those of the keys of ``rows`` among them, when they were read already;
        ``missing`` is then what is said of the rows that were not handed in.
        """
        if current is None:
            return compare_all(self.data(association, code), rows, self.rows(association, code))
        diff = compare(shape(self.data(association, code), rows), current)
        return replace(diff, missing=missing)

    def latest(self) -> int:
        """The number of the last revision, 0 when nothing was ever stored."""
        with self.connect() as connection:
            return deposits.latest(connection)

    def revision_at(self, moment: date | datetime | int) -> int:
        """The last revision at or before a moment, a day (to its end, in France) or a number; 0 if none."""
        with self.connect() as connection:
            return history.revision_at(connection, moment)

    def last_revisions(self, revision: int | None = None) -> dict[tuple[str, str], int]:
        """For each (association, dataset) ever touched, its last revision at or before ``revision``."""
        return self.read(lambda connection: deposits.last_revisions(connection, revision))

    def deposits(
        self, revision: int | None = None, *, association: str | None = None, dataset: str | None = None
    ) -> list[Deposit]:
        """The deposits known at ``revision`` (None: all), the oldest first."""
        return self.read(
            lambda connection: deposits.listed(connection, revision, association=association, dataset=dataset)
        )

    def history(self, association: str, code: str, key: str) -> list[RowEvent]:
        """Everything that ever happened to one row, the oldest first; [] for a key nobody gave."""
        data = self.data(association, code)
        return self.read(lambda connection: history.of_row(connection, data, key))

    def versions(self, association: str, code: str, revision: int | None = None) -> list[RowDict]:
        """Every state that each row of a dataset ever had, as known at ``revision``: see ``history.versions``."""
        data = self.data(association, code)
        return self.read(lambda connection: history.versions(connection, data, revision))

    def keys(self, association: str, code: str) -> set[str]:
        """The key of every row ever given, whether it still holds or not."""
        data = self.data(association, code)
        return self.read(lambda connection: history.keys(connection, data))

    def deposit(self, revision: int, dataset: str | None = None) -> Deposit:
        """Who made ``revision``, and how; of several tables filled at once, the deposit of ``dataset``, else the first.

        Raises UnknownName when there is no such revision.
        """
        made = self.deposits_of(revision)
        return next((one for one in made if one.dataset == dataset), made[0])

    def deposits_of(self, revision: int) -> list[Deposit]:
        """The deposits that made ``revision``: one for each table that it changed.

        Raises UnknownName when there is no such revision.
        """
        return self.read(lambda connection: deposits.of_revision(connection, revision))

    def changes(self, revision: int, dataset: str | None = None) -> tuple[Deposit, Diff]:
        """Who made ``revision`` and what it did to ``dataset`` (None: its first table).

        The rows that it removed are ``missing`` in the Diff. Raises UnknownName when there is no such revision.
        """
        deposit = self.deposit(revision, dataset)
        data = self.data(deposit.association, deposit.dataset)
        return deposit, self.read(lambda connection: history.of_revision(connection, data, revision))

    def file(self, sha256: str) -> bytes:
        """The bytes of an accepted file.

        Raises UnknownName when no kept file has that SHA-256.
        """
        return self.read(lambda connection: event_log.content(connection, sha256))

    def damage(self) -> str | None:
        """What SQLite finds wrong in its file, in its own words; None when nothing is, or a server keeps the base."""
        with self.connect() as connection:
            if connection.dialect.name != "sqlite":
                return None
            found: str = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
            return None if found == "ok" else found

    @property
    def journal(self) -> Journal:
        """The chained journal, to read and to verify."""
        return Journal(self.connect, sealing.everything)

    def search_journal(self, wanted: LinesWanted, *, limit: int, offset: int = 0) -> LinesFound:
        """The lines of the journal that ``wanted`` describes, the newest first, ``limit`` of them."""
        return self.read(lambda connection: history.search(connection, wanted, limit=limit, offset=offset))

    def journal_actors(self) -> list[str]:
        """Everybody who ever wrote a line of the journal."""
        return self.read(lambda connection: history.actors(connection))

    def entries(
        self, kind: str | None = None, subject: str | None = None, *, until: datetime | None = None
    ) -> list[Entry]:
        """The entries of the register, of a kind, about a subject, known at ``until``; the oldest first."""
        return self.read(lambda connection: event_log.entries(connection, kind, subject, until=until))

    def refuse_purged(self, revision: int) -> None:
        """Raise Refused when a purge removed rows of any dataset that held at ``revision``."""
        with self.connect() as connection:
            purge.refuse_purged(connection, revision)

    def last_entry(self) -> int:
        """The number of the last entry of the register, 0 when there is none."""
        with self.connect() as connection:
            return event_log.last_number(connection)
