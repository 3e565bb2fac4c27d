"""Time two things in turn, several times, and keep the median of their ratio."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times longer ``ours`` took than ``theirs``: medians in seconds, and the bound we hold."""

    name: str
    ours: float
    theirs: float
    ratio: float
    bound: float
    note: str = ""

    @property
    def kept(self) -> bool:
        """Whether the bound is held."""
        return self.ratio <= self.bound

    def line(self) -> str:
        """One line of the report."""
        sign = "tenu" if self.kept else "DÉPASSÉ"
        return (
            f"{self.name} : {self.ratio:.2f} fois ({self.ours:.3f} s contre {self.theirs:.3f} s), "
            f"borne {self.bound:g} : {sign}. {self.note}".strip()
        )


def timed(work: Callable[[], object]) -> float:
    """The seconds that ``work`` takes, garbage collected beforehand."""
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def compare(
    name: str, ours: Callable[[], object], theirs: Callable[[], object], *, bound: float, runs: int = 5, note: str = ""
) -> Ratio:
    """Run ours and theirs in turn, so that a machine that slows down slows both."""
    pairs = [(timed(ours), timed(theirs)) for _ in range(runs)]
    ratio = statistics.median(mine / other for mine, other in pairs)
    return Ratio(
        name,
        statistics.median(mine for mine, _ in pairs),
        statistics.median(other for _, other in pairs),
        ratio,
        bound,
        note,
    )
