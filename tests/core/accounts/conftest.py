"""An office on an empty base, with a chance that repeats and a clock that one turns by hand."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from core.accounts import Office
from core.storage import Store
from tests.core.accounts.front import Front
from tests.support.passwords import quick


@pytest.fixture(autouse=True)
def quick_passwords() -> Iterator[None]:
    with quick():
        yield


@pytest.fixture
def url(sqlite_database_url: str) -> str:
    """An empty base; the tests of sessions and links say the same on PostgreSQL."""
    return sqlite_database_url


@pytest.fixture
def front(url: str) -> Iterator[Front]:
    numbers = count(1)
    with Store.open(url) as store:
        yield Front(Office(store, chance=lambda: f"secret-{next(numbers)}"))
