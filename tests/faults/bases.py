"""Bases to break, of both kinds: made once, copied for each fault, read as they stand."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Self

import psycopg
from sqlalchemy import make_url

from core.contract import Registry
from core.storage import Store
from tests.faults import acts
from tests.support.databases import postgres_database, sqlite_url
from tests.support.filled import copied


class Bases:
    """The bases that acts start from, each made once; ``server`` is the address of a PostgreSQL, None for SQLite."""

    def __init__(self, folder: Path, server: str | None) -> None:
        self.folder = folder
        self.server = server
        self.registry = Registry.load(strict=True)
        self._made: dict[str, str] = {}
        self._kept = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._kept.close()

    @contextmanager
    def copy(self, start: str) -> Iterator[str]:
        """The address of a base of one's own, like ``start``."""
        if start == "empty":
            with self._new() as url:
                yield url
            return
        if start not in self._made:
            self._made[start] = self._make(start)
        model = self._made[start]
        if self.server is not None:
            with postgres_database(self.server, like=model) as url:
                yield url
            return
        url = sqlite_url(self.folder)
        copied(model, path_of(url))
        yield url
        for one in self.folder.glob(f"{path_of(url).name}*"):
            one.unlink()

    @contextmanager
    def _new(self) -> Iterator[str]:
        if self.server is None:
            yield sqlite_url(self.folder)
            return
        with postgres_database(self.server) as url:
            yield url

    def _make(self, start: str) -> str:
        url = self._kept.enter_context(self._new())
        if start == "unsealed" and self.server is not None:
            Store.restore(url, acts.OLD_ARCHIVE)
            return url
        if start in ("old", "unsealed"):
            acts.old_base(path_of(url))
            if start == "unsealed":
                Store.open(url).close()
            return url
        with Store.open(url) as store:
            acts.fill(self.registry, store)
        return url


def path_of(url: str) -> Path:
    """The file of an SQLite base."""
    return Path(url.removeprefix("sqlite:///"))


def print_of(url: str) -> Mapping[str, str]:
    """The print of each table as it stands, without the product; none where there is no base yet."""
    if url.startswith("sqlite"):
        return _sqlite_print(path_of(url))
    return _postgresql_print(url)


def _sqlite_print(path: Path) -> Mapping[str, str]:
    if not path.exists():
        return {}
    with closing(sqlite3.connect(path)) as base:
        names = [name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: _digest(map(repr, base.execute(f'SELECT * FROM "{name}"'))) for name in names}


def _postgresql_print(url: str) -> Mapping[str, str]:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as base:
        names = [name for (name,) in base.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        return {name: _digest(map(repr, base.execute(f'SELECT * FROM "{name}"'))) for name in names}


def _digest(rows: Iterator[str]) -> str:
    return hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest()
