"""The database opened: its address, its locks, what it raises told as our own errors."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.errors import BaseBusy, Misconfigured
from core.storage.trouble import Trouble, down, trouble_of

_WRITES = "fabrique_writes"
_WRITER_LOCK = 0x46414252  # « FABR »: any constant of ours, the lock is per database
_PATIENCE = 30  # seconds
BUSY = "Quelqu’un d’autre enregistre en ce moment. Rien n’a été enregistré : réessayez dans une minute."
# An error that is logged tells its statement, never the values: they are somebody's.
_COMMON: dict[str, object] = {"pool_size": 10, "max_overflow": 20, "hide_parameters": True}
# A copy that is away costs a moment, never a page: it is given up early, and the base is asked instead.
_COPY: dict[str, object] = {
    "pool_timeout": 2,
    "connect_args": {
        "connect_timeout": 2,
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 2,
        "tcp_user_timeout": 10_000,
    },
}
_PRAGMAS = (
    f"busy_timeout={_PATIENCE * 1000}",  # first: setting WAL may itself have to wait
    "journal_mode=WAL",
    "synchronous=FULL",  # what is said to be stored is on the disk, also when the power fails just after
    "foreign_keys=ON",
    "cache_size=-65536",
    # temp_store stays as it is: in memory, SQLite sorts a large GROUP BY as one list, which was
    # measured one third slower over all figures at a million rows.
)


def open_engine(url: str) -> sa.Engine:
    """An engine for ``sqlite:///file`` (its folder is made) or ``postgresql://…``.

    Raises Misconfigured when the URL is neither, or the PostgreSQL driver is missing.
    """
    parsed = _parse(url)
    return _sqlite(parsed) if parsed.get_backend_name() == "sqlite" else _postgresql(parsed)


def open_copy(url: str, read_url: str) -> sa.Engine:
    """An engine for the copy at ``read_url`` of the base at ``url``.

    Raises Misconfigured unless both are PostgreSQL.
    """
    try:
        kinds = {_parse(one).get_backend_name() for one in (url, read_url)}
    except Misconfigured:
        kinds = set()
    if kinds != {"postgresql"}:
        raise Misconfigured(
            "L’adresse de lecture (FABRIQUE_DATABASE_READ_URL) est celle d’une copie qu’un serveur PostgreSQL tient "
            "d’un autre : donnez deux adresses postgresql://utilisateur@serveur/base, ou videz ce réglage."
        )
    return _postgresql(_parse(read_url), **_COPY)


def _postgresql(url: sa.URL, **more: Any) -> sa.Engine:
    try:
        engine = sa.create_engine(url, pool_pre_ping=True, **_COMMON, **more)
    except ImportError as error:
        raise Misconfigured(
            "Cette base est un PostgreSQL et son pilote n’est pas installé. "
            "Installez-le : pip install 'fabrique-inclusive[postgres]'."
        ) from error
    sa.event.listen(engine, "connect", _read_plain_numbers)
    return engine


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection that sees one state of the base, whatever is written meanwhile.

    Raises BaseDown when it does not serve, BaseBusy when it cannot be had in time.
    """
    with _opened(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        yield connection


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection that alone may write, committed at the end, undone by any exception.

    Raises BaseBusy when somebody else keeps it for more than thirty seconds, BaseDown when it does not serve.
    """
    with _opened(engine) as connection:
        connection.execution_options(**{_WRITES: True})
        with _begun(connection):
            yield connection


def _parse(url: str) -> sa.URL:
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError as error:
        raise _unknown_kind() from error
    if parsed.drivername in ("postgres", "postgresql", "postgresql+psycopg"):
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise _unknown_kind()
    if parsed.database in (None, "", ":memory:"):
        raise Misconfigured(
            "Une base SQLite en mémoire ne garde rien. Donnez un fichier : sqlite:///data/fabrique.sqlite3."
        )
    return parsed


def _unknown_kind() -> Misconfigured:
    return Misconfigured(
        "L’adresse de la base (FABRIQUE_DATABASE_URL) n’est pas comprise. "
        "Écrivez sqlite:///chemin/du/fichier.sqlite3 ou postgresql://utilisateur@serveur/base."
    )


def _sqlite(url: sa.URL) -> sa.Engine:
    path = Path(str(url.database))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Misconfigured(
            f"Le dossier « {path.parent} » de la base ne peut pas être créé. Vérifiez le chemin et les droits."
        ) from error
    engine = sa.create_engine(url, **_COMMON)
    sa.event.listen(engine, "do_connect", Expected(url, path))
    sa.event.listen(engine, "connect", _set_pragmas)
    sa.event.listen(engine, "begin", _begin)
    return engine


def _set_pragmas(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # Python no longer emits its own BEGIN
    try:
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
    except Exception:
        connection.close()  # the file is no database: nobody else will close it
        raise


def _read_plain_numbers(connection: Any, _record: Any) -> None:
    """The sum of whole numbers, a « numeric » for PostgreSQL, reads as the plain number that SQLite gives."""
    from psycopg.adapt import Loader  # installed with the driver of PostgreSQL only

    class PlainNumber(Loader):
        """Whole when it is whole, else a float; never a Decimal, which a float cannot be taken from."""

        def load(self, data: Any) -> int | float:
            text = bytes(data).decode()
            whole, _, rest = text.partition(".")
            return float(text) if rest.strip("0") or not whole.lstrip("-").isdecimal() else int(whole)

    connection.adapters.register_loader("numeric", PlainNumber)


def _begin(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _opened(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection; what fails of the base itself, then or later, is told as such."""
    with _told(engine):
        try:
            connection = engine.connect()
        except UnicodeDecodeError as error:  # SQLite quotes the damaged page in its complaint
            raise down(engine.url, Trouble.DAMAGED, error) from error
        with connection:
            yield connection


@contextmanager
def _begun(connection: sa.Connection) -> Iterator[None]:
    transaction = connection.begin()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_PATIENCE}s'")
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_WRITER_LOCK)))
    with transaction:
        yield


@contextmanager
def _told(engine: sa.Engine) -> Iterator[None]:
    try:
        yield
    except (sa.exc.DBAPIError, sa.exc.TimeoutError) as error:
        trouble = trouble_of(error)
        if trouble is None:
            raise
        if trouble is Trouble.BUSY:
            raise BaseBusy(BUSY) from error
        raise down(engine.url, trouble, getattr(error, "orig", error)) from error


# --- A base file that is expected: SQLite would make an empty one in its place --------------------


_TURNS, _PAUSE = 20, 0.1
"""How long a file may stay empty while another process makes a base of it: two seconds."""


class Expected:
    """Asked before each connection: is the file still there, and is it more than a name?"""

    def __init__(self, url: sa.URL, path: Path) -> None:
        self.url, self.path = url, path
        self.seen = False

    def __call__(self, *_given: object) -> None:
        if not self.path.exists():
            if self.seen:
                raise down(self.url, Trouble.GONE)
        elif self._is_empty():
            raise down(self.url, Trouble.EMPTY)
        self.seen = True

    def _is_empty(self) -> bool:
        for _ in range(_TURNS):
            if not self.path.is_file() or self.path.stat().st_size:
                return False
            time.sleep(_PAUSE)
        return True
