"""How much one caller may ask: a bucket of requests that fills again with time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

from dashboard.web.api.problems import Problem

AT_ONCE = 2
"""How many answers are worked out together: the pages keep the rest of the machine."""


@dataclass
class Buckets:
    """``size`` requests at once for each caller, one more every ``every`` seconds."""

    size: int = 120
    every: float = 0.5
    clock: Callable[[], float] = monotonic
    most: int = 2000
    _held: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def take(self, caller: str) -> None:
        """Count one request. Raises Problem 429, with the time to wait, when the bucket is empty."""
        with self._lock:
            now = self.clock()
            left, seen = self._held.pop(caller, (float(self.size), now))
            left = min(self.size, left + (now - seen) / self.every)
            self._held[caller] = (max(0.0, left - 1), now)
            while len(self._held) > self.most:
                self._held.popitem(last=False)
        if left < 1:
            wait = str(max(1, round((1 - left) * self.every)))
            raise Problem(429, f"Trop de demandes à la suite : réessayez dans {wait} s.", {"retry-after": wait})
