"""What lasts in memory: what is made once for a registry or a store, and how rarely garbage is looked for beside it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import TypeVar

T = TypeVar("T")
SELDOM, AS_PYTHON = (50_000, 10, 10), (700, 10, 10)
"""For ``gc.set_threshold``. What a command or a start loads stays to its end: by Python’s 700 new objects, a fifth of
its time went into looking for garbage among them. A service goes back to it once what stays is out of sight."""


class TypedMemory:
    """One value of each type, made when it is first asked for; it goes with what holds it. Safe between threads."""

    def __init__(self) -> None:
        self._held: dict[type, object] = {}
        self._lock = Lock()

    def of(self, kind: type[T], make: Callable[[], T]) -> T:
        """The value of that type; of several threads that ask for a missing one, all get the same."""
        found = self._held.get(kind)
        if not isinstance(found, kind):
            made = make()
            with self._lock:
                found = self._held.setdefault(kind, made)
        assert isinstance(found, kind)
        return found
