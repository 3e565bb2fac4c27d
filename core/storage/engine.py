"""The database opened: its address, its locks, and what its failures are, told as our own errors."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.errors import BaseBusy, BaseDown, Misconfigured

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


# --- What a failure of the base is, whatever the database: gone, busy, full, read-only or damaged, and what to do --


class Trouble(StrEnum):
    """A failure of the base; its value is what to say, without a word of the installation."""

    GONE = (
        "La base ne s’ouvre pas. Vérifiez qu’elle est là et que son serveur est en marche, son adresse "
        "(FABRIQUE_DATABASE_URL) et vos droits."
    )
    BUSY = (
        "La base est occupée depuis trop longtemps. Réessayez dans une minute ; si cela dure, cherchez quel "
        "programme la tient."
    )
    FULL = (
        "La base n’a pas pu être écrite : la place manque, ou le disque ne répond plus. Rien n’a été enregistré. "
        "Vérifiez la place sur le disque, puis recommencez."
    )
    READ_ONLY = (
        "La base n’a pas pu être écrite : elle est en lecture seule. Rien n’a été enregistré. "
        "Vérifiez les droits sur le fichier et sur son dossier, puis recommencez."
    )
    DAMAGED = (
        "La base ne s’ouvre pas : son fichier est abîmé, ou n’est pas une base. Arrêtez Fabrique, gardez ce fichier "
        "de côté, puis reprenez la dernière sauvegarde (fabrique restore)."
    )
    EMPTY = (
        "La base ne s’ouvre pas : son fichier est vide, alors qu’il existe. Rien n’y est écrit. Reprenez la dernière "
        "sauvegarde (fabrique restore) ; pour commencer une base neuve, enlevez d’abord ce fichier."
    )

    VERSION = (
        "La base et ce programme ne sont pas de la même version de Fabrique. Rien n’est lu ni écrit. Arrêtez-le, puis "
        "relancez-le avec la version qui a écrit la base, ou reprenez une sauvegarde de cette version-ci."
    )


# The beginnings of the names that SQLite and PostgreSQL give to what went wrong.
_NAMES = {
    Trouble.BUSY: ("SQLITE_BUSY", "SQLITE_LOCKED", "53300", "55P03"),
    Trouble.FULL: ("SQLITE_FULL", "SQLITE_IOERR", "53100", "58030"),
    Trouble.READ_ONLY: ("SQLITE_READONLY", "SQLITE_PERM", "25006"),
    Trouble.DAMAGED: ("SQLITE_CORRUPT", "SQLITE_NOTADB", "XX001", "XX002"),
    Trouble.GONE: ("SQLITE_CANTOPEN", "08", "57P", "28", "3D000", "53"),
}


def trouble_of(error: BaseException) -> Trouble | None:
    """What failed; None when it is a statement of ours that the base does not understand."""
    if isinstance(error, sa.exc.TimeoutError):
        return Trouble.BUSY  # all connections are taken
    if not isinstance(error, sa.exc.DBAPIError):
        return None
    name = _name(error)
    found = next((one for one, starts in _NAMES.items() if name.startswith(starts)), None)
    if found is None and (error.connection_invalidated or _is_silent(error, name)):
        return Trouble.GONE
    return found


def down(url: sa.URL, trouble: Trouble, said: object = "") -> BaseDown:
    """The failure of the base at ``url``, with what only who holds the server reads."""
    return BaseDown(trouble, detail=f"{url.render_as_string(hide_password=True)} : {said or trouble.name}")


def _name(error: sa.exc.DBAPIError) -> str:
    """« SQLITE_FULL », « 53100 »: the database's own name for what went wrong."""
    return getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None) or ""


def _is_silent(error: sa.exc.DBAPIError, name: str) -> bool:
    """Whether a server did not even answer: its driver has no name for that."""
    return not name and isinstance(error, sa.exc.OperationalError) and hasattr(error.orig, "sqlstate")
