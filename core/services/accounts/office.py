"""What every account service needs: the store, the rules of time, and where chance comes from."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from core.storage import Store


def _by_chance() -> str:
    """256 bits that nobody guesses, fit for an address or a cookie."""
    return secrets.token_urlsafe(32)


@dataclass(frozen=True, slots=True)
class Rules:
    """How long things last.

    idle        a session that nobody uses ends
    longest     a session ends, used or not
    seen_every  how often its last use is written down, so that a page does not write each time
    link        a link that opens once stops working
    failures    wrong passwords in a row that lock an address
    lock        and for how long
    """

    idle: timedelta = timedelta(hours=8)
    longest: timedelta = timedelta(days=7)
    seen_every: timedelta = timedelta(minutes=10)
    link: timedelta = timedelta(days=7)
    failures: int = 5
    lock: timedelta = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Office:
    """Where accounts are kept. ``chance`` gives a new secret; tests give their own."""

    store: Store
    rules: Rules = field(default_factory=Rules)
    chance: Callable[[], str] = _by_chance


def digest(secret: str) -> str:
    """What is kept of a session id or of a link: its SHA-256, from which it cannot be found again."""
    return hashlib.sha256(secret.encode()).hexdigest()
