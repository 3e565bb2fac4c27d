"""The rig, on each database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.core.services.monitoring.rig import Rig


@pytest.fixture
def rig(database_url: str) -> Iterator[Rig]:
    """An empty programme, on SQLite then on PostgreSQL."""
    made = Rig(database_url)
    yield made
    made.close()


@pytest.fixture
def quick(sqlite_database_url: str) -> Iterator[Rig]:
    """An empty programme on SQLite, for what does not depend on the database."""
    made = Rig(sqlite_database_url)
    yield made
    made.close()
