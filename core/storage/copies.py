"""The copy to read from: a replica that PostgreSQL keeps, asked only when it holds all that was written or seen.

What was written or seen is the last line of the journal, its number and its hash: every change of what screens
show has one. Both are looked for in the very state of the copy that is then read, so that a copy that is late,
that is another base or that went its own way is never believed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from enum import StrEnum
from threading import Lock
from time import monotonic
from typing import TypeVar

import sqlalchemy as sa

from core.errors import BaseBusy, BaseDown
from core.storage import engine, migrations
from core.storage.journal import Head
from core.storage.schema import journal, versions

T = TypeVar("T")
_AGAIN = 5.0
"""Seconds during which a copy that did not answer is not asked."""


class CopyState(StrEnum):
    """How the copy stood when it was last asked; its value is what is shown."""

    FOLLOWING = "suit"
    LATE = "en retard"
    AWAY = "absente"
    OTHER = "pas une copie de cette base"


class CopyUnfit(Exception):
    """The copy does not serve now: the base itself is to be asked."""


class ReadCopy:
    """One copy, for every thread of a process."""

    def __init__(self, bound: sa.Engine, clock: Callable[[], float] = monotonic) -> None:
        self._engine, self._clock = bound, clock
        self._lock = Lock()
        self._seen: Head | None = None
        self._again = 0.0
        self._eyes = ThreadPoolExecutor(1, "copy")
        self._looking: Future[CopyState] | None = None
        self.state = CopyState.LATE
        self.served, self.left = 0, 0
        """How many readings it served, and how many it left to the base."""

    def saw(self, head: Head | None) -> None:
        """Take the last line of the journal, as the base itself showed it; nothing older is read from now on."""
        with self._lock:
            if head is not None and (self._seen is None or head.number > self._seen.number):
                self._seen = head

    def read(self, question: Callable[[sa.Connection], T]) -> T:
        """What ``question`` reads in one state of the copy. Raises CopyUnfit when the base is to be asked instead."""
        try:
            with self._reading() as connection:
                found = question(connection)
        except CopyUnfit:
            self.left += 1
            raise
        self.served += 1
        return found

    def look(self) -> CopyState:
        """How the copy stands now."""
        try:
            with self._reading():
                pass
        except CopyUnfit:
            pass
        return self.state

    def glance(self) -> CopyState:
        """How the copy stood when it was last asked; it is looked at again meanwhile, and nobody waits for it."""
        with self._lock:
            if self._looking is None or self._looking.done():
                self._looking = self._eyes.submit(self.look)
        return self.state

    def close(self) -> None:
        """Close every connection."""
        self._eyes.shutdown(wait=False)
        self._engine.dispose()

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        self._knock()
        try:
            with engine.reading(self._engine) as connection:
                self.state = _state(connection, self._seen)
                if self.state is not CopyState.FOLLOWING:
                    raise CopyUnfit
                yield connection
        except (BaseBusy, BaseDown) as error:
            self.state, self._again = CopyState.AWAY, self._clock() + _AGAIN
            raise CopyUnfit from error
        except sa.exc.DBAPIError as error:  # what it replays takes away what was being read, say
            self.state = CopyState.LATE
            raise CopyUnfit from error

    def _knock(self) -> None:
        """One thread at a time tries a copy that was away; the others do without it."""
        with self._lock:
            if self.state is not CopyState.AWAY:
                return
            if self._clock() < self._again:
                raise CopyUnfit
            self._again = self._clock() + _AGAIN


def _state(connection: sa.Connection, seen: Head | None) -> CopyState:
    """How the state of the copy that this connection reads stands to what was seen of the base."""
    number = seen.number if seen else 0
    told = sa.select(
        sa.func.pg_is_in_recovery().label("follows"),
        sa.select(versions.c.version).where(versions.c.part == migrations.CORE_PART).scalar_subquery().label("version"),
        sa.select(journal.c.hash).where(journal.c.number == number).scalar_subquery().label("hash"),
    )
    try:
        found = connection.execute(told).one()
    except sa.exc.ProgrammingError:  # none of our tables: another base, or one that was not begun
        return CopyState.OTHER
    if not found.follows or (found.hash is not None and seen is not None and found.hash != seen.hash):
        return CopyState.OTHER
    if found.hash is None or found.version != migrations.VERSION:
        return CopyState.LATE
    return CopyState.FOLLOWING
