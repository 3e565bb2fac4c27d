"""The store: the one door to everything that is kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Self

import polars as pl
import sqlalchemy as sa

from core.domain.actor import Actor, Role
from core.domain.dataset import Dataset
from core.storage import (
    backup,
    deposits,
    engine,
    files,
    history,
    journal_search,
    known,
    migrations,
    purge,
    reading,
    register,
)
from core.storage.backup import Held
from core.storage.core_schema import prepare_core
from core.storage.data_table import DataTable
from core.storage.deposits import Deposit
from core.storage.diff import Diff
from core.storage.history import Event
from core.storage.journal import Journal
from core.storage.journal_search import Found, Wanted
from core.storage.register import Entry
from core.storage.writing import Writing, compare_all, unknown

MACHINE = Actor("Fabrique", Role.SYSTEM)


class Store:
    """Typed tables with their whole past, on SQLite or PostgreSQL.

    Reads see one state of the base each; writes go through ``writing``, one at a time. It may
    be shared by threads, and several processes may open the same base.
    """

    def __init__(self, bound: sa.Engine) -> None:
        self._engine = bound
        self._tables: dict[tuple[str, str], DataTable] = {}

    @classmethod
    def open(cls, url: str) -> Self:
        """Open the base at ``url``, making it when it is new.

        Raises Misconfigured when the address is wrong or the base was made by a newer version.
        """
        bound = engine.open_engine(url)
        try:
            prepare_core(bound)
        except BaseException:
            bound.dispose()
            raise
        return cls(bound)

    @classmethod
    def restore(cls, url: str, source: Path) -> Held:
        """Fill the empty base at ``url`` with the archive ``source``, verified, all of it or nothing.

        Raises Refused, JournalBroken or Misconfigured.
        """
        with cls.open(url) as store:
            return backup.restore(store._engine, source)

    def backup(self, out: Path) -> Held:
        """Write everything that is kept to the archive ``out``, one state of the base, while others go on writing."""
        with self.connect() as connection:
            return backup.write(connection, out)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    @property
    def dialect(self) -> str:
        """« sqlite » or « postgresql »."""
        return self._engine.dialect.name

    def connect(self) -> AbstractContextManager[sa.Connection]:
        """A connection to read with, that sees one state of the base."""
        return engine.reading(self._engine)

    @contextmanager
    def writing(self, actor: Actor, at: datetime) -> Iterator[Writing]:
        """One transaction of changes by ``actor`` at the aware instant ``at``.

        Raises Conflict when the base stays busy; any exception inside undoes everything.
        """
        tables = dict(self._tables)
        with engine.writing(self._engine) as connection:
            yield Writing(connection, tables, actor, at)
        self._tables.update(tables)

    def prepare(self, association: str, *datasets: Dataset, at: datetime, actor: Actor = MACHINE) -> None:
        """Create or bring up to date the tables of an association's datasets; idempotent.

        Raises Refused when a change cannot be made without losing something.
        """
        with self.connect() as connection:
            bases = known.known(connection, association)
        late = [dataset for dataset in datasets if not self._open(association, dataset, bases)]
        if late:
            with self.writing(actor, at) as writing:
                for dataset in late:
                    writing.prepare(association, dataset)

    def _open(self, association: str, dataset: Dataset, bases: dict[tuple[str, str], known.Known]) -> bool:
        base = bases.get((association, dataset.code))
        if base is None or migrations.plan(association, dataset, base).needed:
            return False
        self._tables[association, dataset.code] = known.open_table(association, dataset, base)
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

    def visible(self, association: str, code: str, revision: int | None = None) -> sa.Subquery:
        """A FROM clause of the rows that hold at ``revision`` (None: today), for a SELECT.

        Its columns are the schema's, and ``_key``, ``_place``, ``_experiment``, ``_since``.
        """
        return reading.visible(self.data(association, code), revision)

    def rows(
        self, association: str, code: str, revision: int | None = None, *, experiment: str | None = None
    ) -> pl.DataFrame:
        """The rows that hold at ``revision`` (None: today), sorted by key, typed even when empty.

        Columns: the schema's, then ``_key``, ``_place``, ``_experiment``, ``_since``. Raises Refused
        when a purge removed rows of that time.
        """
        data = self.data(association, code)
        with self.connect() as connection:
            if revision is not None:
                purge.refuse_purged(connection, revision, association, code)
            return reading.rows(connection, data, revision, experiment=experiment)

    def counts(self, association: str) -> dict[str, int]:
        """How many rows each prepared dataset of an association holds today."""
        mine = {code: data for (body, code), data in self._tables.items() if body == association}
        with self.connect() as connection:
            return {code: reading.count(connection, data) for code, data in mine.items()}

    def compare(self, association: str, code: str, rows: pl.DataFrame, *, current: pl.DataFrame | None = None) -> Diff:
        """What saving ``rows`` would do, cell by cell, without stopping anybody from writing.

        ``current`` are the rows that hold, when they were read already.
        """
        held = self.rows(association, code) if current is None else current
        return compare_all(self.data(association, code), rows, held)

    def latest(self) -> int:
        """The number of the last revision, 0 when nothing was ever stored."""
        with self.connect() as connection:
            return deposits.latest(connection)

    def revision_at(self, moment: date | datetime | int) -> int:
        """The last revision at or before a moment, a day (to its end, in France) or a number; 0 if none."""
        with self.connect() as connection:
            return deposits.revision_at(connection, moment)

    def last_revisions(self, revision: int | None = None) -> dict[tuple[str, str], int]:
        """For each (association, dataset) ever touched, its last revision at or before ``revision``."""
        with self.connect() as connection:
            return deposits.last_revisions(connection, revision)

    def deposits(
        self, revision: int | None = None, *, association: str | None = None, dataset: str | None = None
    ) -> list[Deposit]:
        """The deposits known at ``revision`` (None: all), the oldest first."""
        with self.connect() as connection:
            return deposits.listed(connection, revision, association=association, dataset=dataset)

    def history(self, association: str, code: str, key: str) -> list[Event]:
        """Everything that ever happened to one row, the oldest first; [] for a key nobody gave."""
        data = self.data(association, code)
        with self.connect() as connection:
            return history.of_row(connection, data, key)

    def deposit(self, revision: int) -> Deposit:
        """Who made ``revision``, and how.

        Raises UnknownName when there is no such revision.
        """
        with self.connect() as connection:
            return deposits.of_revision(connection, revision)

    def changes(self, revision: int) -> tuple[Deposit, Diff]:
        """Who made ``revision`` and what it did; the rows that it removed are ``missing`` in the Diff.

        Raises UnknownName when there is no such revision.
        """
        with self.connect() as connection:
            deposit = deposits.of_revision(connection, revision)
            return deposit, history.of_revision(connection, self.data(deposit.association, deposit.dataset), revision)

    def file(self, sha256: str) -> bytes:
        """The bytes of an accepted file.

        Raises UnknownName when no kept file has that SHA-256.
        """
        with self.connect() as connection:
            return files.content(connection, sha256)

    @property
    def journal(self) -> Journal:
        """The chained journal, to read and to verify."""
        return Journal(self.connect, (purge.verify_entries, purge.verify_files))

    def search_journal(self, wanted: Wanted, *, limit: int, offset: int = 0) -> Found:
        """The lines of the journal that ``wanted`` describes, the newest first, ``limit`` of them."""
        with self.connect() as connection:
            return journal_search.search(connection, wanted, limit=limit, offset=offset)

    def journal_actors(self) -> list[str]:
        """Everybody who ever wrote a line of the journal."""
        with self.connect() as connection:
            return journal_search.actors(connection)

    def entries(
        self, kind: str | None = None, subject: str | None = None, *, until: datetime | None = None
    ) -> list[Entry]:
        """The entries of the register, of a kind, about a subject, known at ``until``; the oldest first."""
        with self.connect() as connection:
            return register.entries(connection, kind, subject, until=until)

    def refuse_purged(self, revision: int) -> None:
        """Raise Refused when a purge removed rows of any dataset that held at ``revision``."""
        with self.connect() as connection:
            purge.refuse_purged(connection, revision)

    def last_entry(self) -> int:
        """The number of the last entry of the register, 0 when there is none."""
        with self.connect() as connection:
            return register.last_number(connection)
