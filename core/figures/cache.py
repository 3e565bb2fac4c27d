"""What was read is kept in memory under the revisions that it was read at, and never beyond a bound."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Event, Lock, get_ident
from typing import Any, TypeVar

from core.storage import Store

T = TypeVar("T")
LARGEST = 1024
PATIENCE = 30.0
"""Seconds."""


class _Making:
    """What one thread makes now."""

    def __init__(self) -> None:
        self.thread, self.done = get_ident(), Event()


class Cache:
    """The last results used, the least recently used leaving first; safe between threads.

    Of several threads that ask for the same missing thing, one makes it and the others wait for it:
    thirty members of a committee who open a page after a deposit cost what one does. The first who waited
    too long makes it too, and the others wait for her: no thread is held up by another one for ever, and a
    machine that is late does not make it thirty times.
    """

    def __init__(self, largest: int = LARGEST, patience: float = PATIENCE) -> None:
        self._largest, self._patience = largest, patience
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._making: dict[Hashable, _Making] = {}
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """What is kept under ``key``, else what ``make`` gives, then kept. An exception is not kept."""
        mine, late, failed = _Making(), None, False
        while True:
            with self._lock:
                if key in self._kept:
                    return self._found(key)
                other = self._making.get(key)
                if failed or other is None or other is late or other.thread == mine.thread:
                    self._making[key] = mine
                    break
            late, failed = other, other.done.wait(self._patience)
        try:
            made = make()
            self._keep(key, made)
        finally:
            with self._lock:
                if self._making.get(key) is mine:
                    del self._making[key]
            mine.done.set()
        return made

    def _found(self, key: Hashable) -> Any:
        self._kept.move_to_end(key)
        return self._kept[key]

    def _keep(self, key: Hashable, made: object) -> None:
        with self._lock:
            self._kept[key] = made
            self._kept.move_to_end(key)
            while len(self._kept) > self._largest:
                self._kept.popitem(last=False)

    def clear(self) -> None:
        """Forget everything (a benchmark measures what is not kept)."""
        with self._lock:
            self._kept.clear()

    def __len__(self) -> int:
        return len(self._kept)


def cache_of(store: Store) -> Cache:
    """The cache that every monitor of one store shares; it goes when the store does."""
    return store.memory.of(Cache, Cache)
