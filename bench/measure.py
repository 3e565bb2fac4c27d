"""Time two things in turn, several times, and keep the median of their ratio."""

from __future__ import annotations

import gc
import os
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.domain import french

_SIGNS = {True: "tenu", False: "DÉPASSÉ"}


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds on the clock, and of the processor (this process and the ones it waited for)."""

    clock: float
    processor: float


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times longer ours took than theirs, run after run, and the bound that we hold.

    ``bound`` None: a figure given as information. ``pairs`` are (ours, theirs) of each run.
    """

    name: str
    pairs: tuple[tuple[Times, Times], ...]
    bound: float | None = None
    note: str = ""

    @property
    def ours(self) -> float:
        """The median of our seconds."""
        return statistics.median(mine.clock for mine, _ in self.pairs)

    @property
    def theirs(self) -> float:
        """The median of their seconds."""
        return statistics.median(other.clock for _, other in self.pairs)

    @property
    def ratio(self) -> float:
        """The median of the ratios on the clock: this one is judged."""
        return statistics.median(mine.clock / other.clock for mine, other in self.pairs)

    @property
    def processor(self) -> float | None:
        """The median of the ratios of processor time, which a busy machine troubles less; None when not taken."""
        if not all(mine.processor and other.processor for mine, other in self.pairs):
            return None
        return statistics.median(mine.processor / other.processor for mine, other in self.pairs)

    @property
    def kept(self) -> bool:
        """Whether the bound is held; without one, it is."""
        return self.bound is None or self.ratio <= self.bound

    @property
    def cells(self) -> tuple[str, ...]:
        """One line of the table, in French; ``HEADINGS`` names its columns."""
        return (
            self.name,
            _times(self.ratio),
            "–" if self.processor is None else _times(self.processor),
            f"{_seconds(self.ours)} / {_seconds(self.theirs)}",
            "pour information" if self.bound is None else f"{_times(self.bound)} : {_SIGNS[self.kept]}",
            str(len(self.pairs)),
            self.note,
        )


HEADINGS = ("Mesure", "Rapport", "Processeur", "Nous / eux", "Borne", "Tours", "Conditions")


def table(ratios: Sequence[Ratio]) -> str:
    """The ratios as a table in Markdown, aligned to be read in a terminal too."""
    rows = [HEADINGS, *(one.cells for one in ratios)]
    widths = [max(len(row[rank]) for row in rows) for rank in range(len(HEADINGS))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    return "\n".join([lines[0], "| " + " | ".join("-" * width for width in widths) + " |", *lines[1:]])


def timed(work: Callable[[], object]) -> Times:
    """What ``work`` takes, garbage collected beforehand."""
    gc.collect()
    processor, clock = _processor(), time.perf_counter()
    work()
    return Times(time.perf_counter() - clock, _processor() - processor)


def compare(
    name: str,
    ours: Callable[[], object],
    theirs: Callable[[], object],
    *,
    bound: float | None,
    runs: int = 5,
    note: str = "",
    before: Callable[[], object] = lambda: None,
) -> Ratio:
    """Run ours and theirs in turn, so that a machine that slows down slows both; ``before`` each turn, unwatched."""
    pairs = []
    for _ in range(runs):
        before()
        pairs.append((timed(ours), timed(theirs)))
    return Ratio(name, tuple(pairs), bound, note)


def _processor() -> float:
    children = os.times()
    return time.process_time() + children.children_user + children.children_system


def _times(ratio: float) -> str:
    return f"{french.number(ratio, 2)} fois"


def _seconds(seconds: float) -> str:
    if seconds < 1:
        return f"{french.number(seconds * 1000, 1)} ms"
    return f"{french.number(seconds, 2)} s"
