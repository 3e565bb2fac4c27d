"""What was read is kept in memory under the revisions that it was read at, and never beyond a bound."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

T = TypeVar("T")
LARGEST = 2048


class Cache:
    """The last results used, the least recently used leaving first; safe between threads.

    Two threads that ask for the same missing thing may both make it: the result is the same,
    and nobody waits for the other.
    """

    def __init__(self, largest: int = LARGEST) -> None:
        self._largest = largest
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """What is kept under ``key``, else what ``make`` gives, then kept. An exception is not kept."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            self._kept[key] = made
            self._kept.move_to_end(key)
            while len(self._kept) > self._largest:
                self._kept.popitem(last=False)
        return made

    def clear(self) -> None:
        """Forget everything (a benchmark measures what is not kept)."""
        with self._lock:
            self._kept.clear()

    def __len__(self) -> int:
        return len(self._kept)


_of_stores: WeakKeyDictionary[Any, Cache] = WeakKeyDictionary()
_lock = Lock()


def cache_of(store: Any) -> Cache:
    """The cache that every monitor of one store shares; it goes when the store does."""
    with _lock:
        return _of_stores.setdefault(store, Cache())
