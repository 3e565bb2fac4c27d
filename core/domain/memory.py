"""What is made once for something that lasts (a registry, a store) by rooms that it does not know: one of each type."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import TypeVar

T = TypeVar("T")


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
