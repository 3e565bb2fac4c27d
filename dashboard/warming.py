"""Figures are ready before anybody asks: at the start, after each deposit and each morning."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from importlib import import_module
from threading import Event, Thread

from core.domain.memory import AS_PYTHON
from dashboard.context import Context, nobody

logger = logging.getLogger("fabrique.dashboard")

EVERY = 20.0
"""Seconds between two looks at what changed: deposits that follow each other are read once."""

_LOADED_LATER = ("polars", "plotly.graph_objects", "sqlalchemy.orm", "pandera.polars", "pyarrow", "pandas")


def first_page(context: Context) -> None:
    """Load the pages, then make the first one as they do: who comes meanwhile waits for it, and makes nothing twice."""
    import_module("dashboard.navigation")
    import_module("dashboard.views.overview").prepare(replace(context, visitors=nobody))


class Warming:
    """Makes figures ready, beside the pages, from ``start`` to ``stop``; ``opening`` makes the first page so."""

    def __init__(
        self, context: Context, every: float = EVERY, *, opening: Callable[[Context], None] = first_page
    ) -> None:
        self._context, self._every, self._opening = context, every, opening
        self._ended = Event()

    def start(self) -> None:
        """Pages answer at once; the first one is made ready meanwhile, then what others need."""
        Thread(target=self._run, daemon=True, name="warming").start()

    def stop(self) -> None:
        """Begin nothing more."""
        self._ended.set()

    def _run(self) -> None:
        try:
            self._opening(self._context)
        except Exception:
            logger.warning("the first page could not be prepared", exc_info=True)  # it tells whoever opens it
        self._context.warm()  # what it read is kept for the next start at once
        for name in _LOADED_LATER:
            self._context.metrics.give_way()
            import_module(name)
        gc.collect()
        gc.freeze()  # what stays for ever is out of the collector's sight
        gc.set_threshold(*AS_PYTHON)
        ready: tuple[int, date] | None = None
        while not self._ended.wait(self._every if ready else 0):
            ready = self._look(ready)

    def _look(self, ready: tuple[int, date] | None) -> tuple[int, date] | None:
        """Make ready what changed since ``ready``; the revision and the day for which figures are ready now."""
        try:
            now = self._context.store.latest(), self._context.today
            if now != ready:
                # A deposit of a small base is not followed by a second writing, for answers that cost nothing.
                self._context.warm(self._context.days_shown, costly_only=ready is not None)
        except Exception:
            logger.info("what changed could not be looked at", exc_info=True)
            return ready or (-1, date.min)
        return now
