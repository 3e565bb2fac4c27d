"""The rig, on each database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.settings import sqlite_url
from tests.core.figures.rig import Rig, prepared_on_sqlite
from tests.support.databases import BACKENDS, postgres_database
from tests.support.filled import copied


@pytest.fixture(scope="session")
def prepared_on_postgresql(postgres_url: str) -> Iterator[str]:
    """A base with every table and no row, made once: copied, never written."""
    with postgres_database(postgres_url) as url:
        Rig(url).close()
        yield url


@pytest.fixture
def on_sqlite(tmp_path: Path) -> str:
    """The address of a base of one's own, with every table and no row."""
    return sqlite_url(copied(prepared_on_sqlite(), tmp_path / "fabrique.sqlite3"))


@pytest.fixture(params=BACKENDS)
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    """An empty programme, on SQLite then on PostgreSQL."""
    if request.param == "sqlite":
        yield from _opened(request.getfixturevalue("on_sqlite"))
        return
    server, like = request.getfixturevalue("postgres_url"), request.getfixturevalue("prepared_on_postgresql")
    with postgres_database(server, like=like) as url:
        yield from _opened(url)


@pytest.fixture
def quick(on_sqlite: str) -> Iterator[Rig]:
    """An empty programme on SQLite, for what does not depend on the database."""
    yield from _opened(on_sqlite)


def _opened(url: str) -> Iterator[Rig]:
    made = Rig(url)
    yield made
    made.close()
