"""An office on an empty base, with a chance that repeats and a clock that one turns by hand."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
from argon2 import PasswordHasher

from core.services.accounts import Office, passwords
from core.storage import Store
from tests.core.services.accounts.front import Front


@pytest.fixture(autouse=True)
def quick_hash(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Argon2 with as little work as it takes: its slowness is not what is tried here."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobodys.cache_clear()
    yield
    passwords._nobodys.cache_clear()


@pytest.fixture
def url(sqlite_database_url: str) -> str:
    """An empty base; the tests of sessions and links say the same on PostgreSQL."""
    return sqlite_database_url


@pytest.fixture
def front(url: str) -> Iterator[Front]:
    numbers = count(1)
    with Store.open(url) as store:
        yield Front(Office(store, chance=lambda: f"secret-{next(numbers)}"))
