"""Argon2 with as little work as it takes, for tests that are not about its slowness."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from argon2 import PasswordHasher

from core.accounts import sign_in


@contextmanager
def quick() -> Iterator[None]:
    """Passwords are hashed in no time; what was kept before is forgotten, before and after."""
    with patch.object(sign_in, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)):
        sign_in._nobodys.cache_clear()
        yield
    sign_in._nobodys.cache_clear()
