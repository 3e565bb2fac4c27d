"""The tables: the store’s own, the accounts’, and those of each dataset with its columns."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from core.domain.dataset import Dataset
from core.domain.indicator import days_between


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An instant, aware and in UTC on the Python side, to the microsecond, on both databases."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        moment = utc(value)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def utc(moment: datetime) -> datetime:
    """The same instant in UTC.

    Raises ValueError when ``moment`` has no time zone: it would be read differently elsewhere.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone; pass an aware datetime")
    return moment.astimezone(UTC)


CORE = sa.MetaData()

versions = sa.Table(
    "fabrique_versions",
    CORE,
    sa.Column("part", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
)

schemas = sa.Table(
    "schemas",
    CORE,
    sa.Column("association", sa.Text, primary_key=True),
    sa.Column("dataset", sa.Text, primary_key=True),
    sa.Column("table_name", sa.Text, nullable=False, unique=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("key", sa.JSON, nullable=False),
    sa.Column("columns", sa.JSON, nullable=False),
)
"""One line a dataset of an association: which table holds it, with which columns, in which version."""

declarations = sa.Table(
    "declarations",
    CORE,
    sa.Column("association", sa.Text, primary_key=True),
    sa.Column("dataset", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("since", sa.BigInteger, nullable=False),
    sa.Column("told", sa.JSON, nullable=False),
    sa.Column("columns", sa.JSON, nullable=False),
)
"""What each version of a dataset declared: its rows are read by it when no plugin declares it any more."""

former_names = sa.Table(
    "former_names",
    CORE,
    sa.Column("association", sa.Text, primary_key=True),
    sa.Column("former", sa.Text, primary_key=True),
    sa.Column("dataset", sa.Text, nullable=False),
)
"""The codes that datasets had before: what was written about them under these is found again."""

files = sa.Table(
    "files",
    CORE,
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

deposits = sa.Table(
    "deposits",
    CORE,
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("revision", sa.BigInteger),
    sa.Column("after_revision", sa.BigInteger, nullable=False),
    sa.Column("undoes", sa.BigInteger),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("on_behalf_of", sa.Text),
    sa.Column("association", sa.Text, nullable=False),
    sa.Column("dataset", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("period", sa.Text),
    sa.Column("file_name", sa.Text),
    sa.Column("sha256", sa.Text, sa.ForeignKey(files.c.sha256)),
    sa.Column("added", sa.BigInteger, nullable=False),
    sa.Column("changed", sa.BigInteger, nullable=False),
    sa.Column("unchanged", sa.BigInteger, nullable=False),
    sa.Column("removed", sa.BigInteger, nullable=False),
    sa.Index("deposits_by_dataset", "association", "dataset", "revision"),
)
"""Every deposit, in order; those that changed something bear a revision, the others none.

A workbook handed in at once is one revision and a deposit for each table that it changed.
"""

journal = sa.Table(
    "journal",
    CORE,
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("on_behalf_of", sa.Text),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("revision", sa.BigInteger),
    sa.Column("details", sa.Text, nullable=False),
    sa.Column("previous", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
)

row_seals = sa.Table(
    "row_seals",
    CORE,
    sa.Column("association", sa.Text, primary_key=True),
    sa.Column("dataset", sa.Text, primary_key=True),
    sa.Column("revision", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("prints", sa.LargeBinary, nullable=False),
)
"""A short print of each row that a revision added or ended: see ``core.storage.seals``."""

register = sa.Table(
    "register",
    CORE,
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("on_behalf_of", sa.Text),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Index("register_by_subject", "kind", "subject", "number"),
)
"""What people say and decide beside rows, entry after entry: see ``core.storage.event_log``."""

answers = sa.Table(
    "kept_answers",
    CORE,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("day", sa.Text, primary_key=True),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("revision", sa.BigInteger, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
)
"""Sums of rows, kept from one start to the next: see ``core.storage.answers``."""


# --- The tables of accounts: who may come in, the open sessions, the links that open once, the wrong passwords ----
# No secret is kept as it is: passwords under argon2, session ids and links under SHA-256. These
# tables hold the state of today; what was changed, by whom and when, is in the journal.


accounts = sa.Table(
    "accounts",
    CORE,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("email", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("association", sa.Text),
    sa.Column("password", sa.Text),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("deactivated_at", UtcDateTime),
    sa.Column("signed_in_at", UtcDateTime),
)
"""One line a person; without a password until she chose one, or when another service signs her in."""

sessions = sa.Table(
    "sessions",
    CORE,
    sa.Column("hash", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, sa.ForeignKey(accounts.c.id), nullable=False, index=True),
    sa.Column("device", sa.Text, nullable=False),
    sa.Column("opened_at", UtcDateTime, nullable=False),
    sa.Column("seen_at", UtcDateTime, nullable=False),
    sa.Column("waits", sa.Boolean, nullable=False),
    sa.Column("provider_token", sa.Text),
)
"""The open sessions; one that ends is deleted, so an old cookie finds nothing. One that ``waits`` for a second
factor opens nothing yet. What another service signed is kept for its own sign-out."""

invitations = sa.Table(
    "invitations",
    CORE,
    sa.Column("hash", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("account", sa.Text, sa.ForeignKey(accounts.c.id), index=True),
    sa.Column("expires_at", UtcDateTime, nullable=False),
)
"""Links that open once; one that served is deleted. The set-up link has no account yet."""

attempts = sa.Table(
    "sign_in_tries",
    CORE,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("about", sa.Text, nullable=False, index=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("last_at", UtcDateTime, nullable=False),
)
"""Wrong tries in a row: ``key`` is the SHA-256 of who tried what, ``about`` that of the address that was tried,
known or not: the answer must not tell which."""

browsers = sa.Table(
    "known_browsers",
    CORE,
    sa.Column("hash", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, sa.ForeignKey(accounts.c.id), primary_key=True, index=True),
    sa.Column("seen_at", UtcDateTime, nullable=False),
)
"""The browsers where somebody came in before: no stranger’s wrong passwords keep her out of them."""

factors = sa.Table(
    "second_factors",
    CORE,
    sa.Column("account", sa.Text, sa.ForeignKey(accounts.c.id), primary_key=True),
    sa.Column("secret", sa.Text, nullable=False),
    sa.Column("since", UtcDateTime),
    sa.Column("last_step", sa.BigInteger, nullable=False),
)
"""What makes the codes of somebody’s telephone; ``since`` is null until she typed one. A code serves once."""

recovery_codes = sa.Table(
    "recovery_codes",
    CORE,
    sa.Column("hash", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, sa.ForeignKey(accounts.c.id), nullable=False, index=True),
)
"""What replaces a lost telephone, each once; 80 bits of chance under SHA-256."""

remotes = sa.Table(
    "remotes",
    CORE,
    sa.Column("account", sa.Text, sa.ForeignKey(accounts.c.id), primary_key=True),
    sa.Column("committee", sa.Integer, nullable=False),
    sa.Column("slide", sa.Integer, nullable=False),
    sa.Column("turned_at", UtcDateTime, nullable=False),
)
"""The slide that somebody turned to from a telephone, 0 until a page that projects says where it stands."""


# --- The expressions that each database writes in its own way --------------------------------------


class text_of_day(FunctionElement[str]):
    """The day of a date column as the text « 2021-09-30 », whose order is that of time."""

    type = sa.String()
    inherit_cache = True
    name = "text_of_day"


class endless(FunctionElement[bool]):
    """``endless(_until)``: the row holds today.

    SQLite would walk a whole table through the partial index on its keys as soon as it reads
    ``_until IS NULL``, row by row in random order (measured: five times slower than a scan);
    the unary plus keeps that index for who looks up keys.
    """

    type = sa.Boolean()
    inherit_cache = True
    name = "endless"


@compiles(endless, "sqlite")
def _endless_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"+{compiler.process(element.clauses, **options)} IS NULL"


@compiles(endless, "postgresql")
def _endless_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    return f"{compiler.process(element.clauses, **options)} IS NULL"


@compiles(text_of_day, "sqlite")
def _day_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))


@compiles(text_of_day, "postgresql")
def _day_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    return f"to_char(CAST({compiler.process(element.clauses, **options)} AS DATE), 'YYYY-MM-DD')"


@compiles(days_between, "sqlite")
def _days_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    start, end = (compiler.process(clause, **options) for clause in element.clauses)
    return f"CAST(julianday({end}) - julianday({start}) AS INTEGER)"


@compiles(days_between, "postgresql")
def _days_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    start, end = (compiler.process(clause, **options) for clause in element.clauses)
    return f"(CAST({end} AS DATE) - CAST({start} AS DATE))"


# --- The typed table of one dataset of one association, made from its declaration ------------------
# Beside the declared columns stand five hidden ones: ``_key`` identifies the row, ``_place``
# and ``_experiment`` say where it counts, ``_since`` and ``_until`` are the revisions between
# which it holds (``_until`` null: it holds today).


KEY, PLACE, EXPERIMENT, SINCE, UNTIL = "_key", "_place", "_experiment", "_since", "_until"
PLACED = (KEY, PLACE, EXPERIMENT)
_LONGEST = 50  # PostgreSQL cuts names at 63 bytes; room is left for those of the indexes


@dataclass(frozen=True)
class DataTable:
    """One dataset of one association, with its table.

    The table's columns are reached by the names of the schema (``table.c.montant``), even
    where an upgrade had to give the stored column another name. ``columns`` gives the stored name
    of every column that the base knows, in its order, those that are no longer declared included.
    """

    association: str
    dataset: Dataset
    name: str
    columns: Mapping[str, str] = field(hash=False)

    @property
    def table(self) -> sa.Table:
        """Made when it is first asked for, and the same ever after: a base holds sixty, and most doings ask for few."""
        made = self.__dict__.get("_table")
        # What two threads made at once is one table: a statement that held both would read it twice.
        return made if made is not None else self.__dict__.setdefault("_table", self._made())

    def _made(self) -> sa.Table:
        declared = [sa.Column(self.columns[c.name], c.kind.sql_type(), key=c.name) for c in self.dataset.columns]
        table = sa.Table(self.name, sa.MetaData(), *declared, *hidden())
        index(table)
        return table

    @property
    def stored(self) -> tuple[str, ...]:
        """The stored columns, in the order in which the base knows them."""
        return tuple(self.columns.values())

    @cached_property
    def types(self) -> dict[str, type[pl.DataType]]:
        """The polars type of each column of a frame of rows, hidden ones included."""
        declared = {column.name: column.kind.dtype for column in self.dataset.columns}
        return {**declared, KEY: pl.String, PLACE: pl.String, EXPERIMENT: pl.String}

    @property
    def subject(self) -> str:
        """« association/dataset », as the journal names it."""
        return f"{self.association}/{self.dataset.code}"

    @property
    def selected(self) -> list[Any]:
        """The columns that a reader gets, under the schema's names."""
        return [self.table.c[name].label(name) for name in (*self.types, SINCE)]

    def as_stored(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows under the names of the stored columns."""
        return rows.rename({name: self.table.c[name].name for name in rows.columns if name in self.table.c})

    def holds(self, revision: int | sa.BindParameter[int] | None, *, by_key: bool = False) -> sa.ColumnElement[bool]:
        """The condition that a row holds at ``revision`` (None: today).

        ``by_key`` says that few rows are looked up by their key, through its index.
        """
        since, until = self.table.c[SINCE], self.table.c[UNTIL]
        if revision is None:
            return until.is_(None) if by_key else endless(until)
        return sa.and_(since <= revision, sa.or_(until.is_(None), until > revision))


def table_name(association: str, dataset: str, taken: Collection[str]) -> str:
    """``d_<association>_<dataset>`` in plain letters; a short hash is added when cut or taken."""
    plain = re.sub(r"[^a-z0-9_]", "_", f"d_{association}_{dataset}".lower())
    if len(plain) <= _LONGEST and plain not in taken:
        return plain
    mark = hashlib.sha256(f"{association}/{dataset}".encode()).hexdigest()[:8]
    return f"{plain[: _LONGEST - 9]}_{mark}"


def build(association: str, dataset: Dataset, name: str, stored: Mapping[str, str]) -> DataTable:
    """The table ``name``; ``stored`` gives the stored name of each column that the base knows."""
    return DataTable(association, dataset, name, stored)


def hidden() -> tuple[sa.Column[object], ...]:
    """New columns for what stands beside the declared ones."""
    return (
        sa.Column(KEY, sa.Text, nullable=False),
        sa.Column(PLACE, sa.Text),
        sa.Column(EXPERIMENT, sa.Text),
        sa.Column(SINCE, sa.BigInteger, nullable=False),
        sa.Column(UNTIL, sa.BigInteger),
    )


def index(table: sa.Table) -> None:
    """Give the table of a dataset its two indexes: the rows of today by key, and those of the past."""
    # Measured: none on the experiment or the place. A table is one association's, hence of
    # two or three experiments: a scan is as quick, and that index made a bulk insert 15 % slower.
    current, past = table.c[UNTIL].is_(None), table.c[UNTIL].is_not(None)
    sa.Index(f"{table.name}_now", table.c[KEY], unique=True, sqlite_where=current, postgresql_where=current)
    sa.Index(f"{table.name}_past", table.c[KEY], sqlite_where=past, postgresql_where=past)
