"""How long a plugin may take to answer, and how often it may break before it is left alone for a while.

A call runs in a thread of its own. One that takes too long is given up: its caller goes on with the failure, and
the plugin's code is stopped at its next line of Python. Code that never comes back to Python (a long sleep, a
library written in C) cannot be stopped: the same page, figure or step is not asked again until it comes back. Who
asks for what somebody else is waiting for waits in turn: there is one thread for each page, figure or step.
"""

from __future__ import annotations

import contextvars
import ctypes
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from math import ceil
from threading import Lock, Thread, get_ident
from time import monotonic
from typing import Generic, ParamSpec, TypeVar

T = TypeVar("T")
P = ParamSpec("P")
ROWS_OF_ONE_ANSWER = 10_000
"""Rows that a step of an upgrade goes through in the time of one answer."""
_LAST_WORDS = 0.5
"""Seconds left to the code that is stopped to come to its end."""


@dataclass(frozen=True, slots=True)
class PluginLimits:
    """``seconds`` that one answer may take; ``in_a_row`` failures of one page or figure before it is left alone
    for ``rest`` seconds."""

    seconds: float = 10.0
    in_a_row: int = 3
    rest: float = 600.0

    def over_rows(self, rows: int) -> float:
        """Seconds for a step over so many rows: as long as one answer, for each ten thousand begun."""
        return self.seconds * max(1, ceil(rows / ROWS_OF_ONE_ANSWER))


@dataclass(frozen=True, slots=True)
class Suspension:
    """A page or a figure of ``plugin`` that is asked no more, after ``failures`` in a row, for ``seconds`` still."""

    plugin: str
    subject: str
    failures: int
    seconds: float


class TooLong(BaseException):
    """The answer took longer than it may. No ``Exception``: a plugin that catches these does not catch it."""


class Busy(TooLong):
    """Somebody else waits for the same answer, or it was given up and is not stopped yet: no fault of who asks."""


class CoreGate:
    """What a plugin may call of the core while it answers: the core is never stopped halfway, only the plugin."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._inside = 0
        self._over = False
        self._thread: int | None = None

    def guard(self, call: Callable[P, T]) -> Callable[P, T]:
        """``call``, which finishes what it began, and raises TooLong once the time is over."""

        def guarded(*given: P.args, **named: P.kwargs) -> T:
            self._pass(1)
            try:
                found = call(*given, **named)
            finally:
                self._pass(-1)
            self._pass(0)
            return found

        return guarded

    def opened(self) -> None:
        """The plugin's thread begins."""
        self._thread = get_ident()

    def ended(self) -> None:
        """It came to its end: there is nothing left to stop."""
        with self._lock:
            self._thread = None

    def close(self) -> None:
        """The time is over: stop the plugin's code, at once unless the core is at work for it."""
        with self._lock:
            self._over = True
            if not self._inside and self._thread is not None:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self._thread), ctypes.py_object(TooLong))

    def _pass(self, step: int) -> None:
        with self._lock:
            self._inside += step
            if self._over and step >= 0:
                self._inside -= step
                raise TooLong


class _Answer(Generic[T]):
    """What a thread found: a value or what it raised."""

    def __init__(self, call: Callable[[], T], gate: CoreGate) -> None:
        self._call, self._gate = call, gate
        self.found: list[T] = []
        self.error: BaseException | None = None

    def work(self) -> None:
        self._gate.opened()
        try:
            self.found.append(self._call())
        except BaseException as error:  # noqa: BLE001 - raised again where the answer was asked
            self.error = error
        finally:
            self._gate.ended()


@dataclass
class _Turn:
    """Whose turn it is to ask for one page, figure or step; ``stuck`` was given up and could not be stopped."""

    lock: Lock = field(default_factory=Lock)
    stuck: Thread | None = None

    def refuse_while_stuck(self) -> None:
        """Raise Busy while an answer that was given up is still being made."""
        if self.stuck is not None and self.stuck.is_alive():
            raise Busy("une réponse demandée plus tôt n’est pas encore rendue")


@dataclass
class Walls:
    """The memory of one registry: who is still at work, what failed how many times in a row."""

    limits: PluginLimits = field(default_factory=PluginLimits)
    clock: Callable[[], float] = monotonic
    _turns: dict[tuple[str, str], _Turn] = field(default_factory=dict)
    _failed: dict[tuple[str, str], tuple[int, float]] = field(default_factory=dict)

    def within(
        self,
        plugin: str,
        subject: str,
        call: Callable[[], T],
        gate: CoreGate | None = None,
        seconds: float | None = None,
    ) -> T:
        """The answer of ``call``, code of ``plugin`` for one page, figure or step; what it raises is raised here.

        Raises TooLong when it takes longer than ``seconds`` (None: the time of one answer), Busy when the turn of
        who asks does not come, or when an answer that was given up is still being made.
        """
        limit = self.limits.seconds if seconds is None else seconds
        turn = self._turns.setdefault((plugin, subject), _Turn())
        turn.refuse_while_stuck()
        if not turn.lock.acquire(timeout=limit):
            raise Busy("d’autres attendent déjà cette réponse")
        try:
            turn.refuse_while_stuck()
            return _answered(plugin, call, gate or CoreGate(), limit, turn)
        finally:
            turn.lock.release()

    def failed(self, plugin: str, subject: str) -> int:
        """Count a failure of a page or a figure; return how many there are in a row."""
        count = self._failed.get((plugin, subject), (0, 0.0))[0] + 1
        self._failed[plugin, subject] = count, self.clock()
        return count

    def leave_alone(self, plugin: str, subject: str) -> None:
        """Ask it no more until its rest is over: it was tried once, and once is too much."""
        self._failed[plugin, subject] = self.limits.in_a_row, self.clock()

    def succeeded(self, plugin: str, subject: str) -> None:
        """It answered: its failures are forgotten."""
        self._failed.pop((plugin, subject), None)

    def suspended(self, plugin: str, subject: str) -> Suspension | None:
        """Whether it is left alone now; after its rest it is asked again, and one more failure sends it back."""
        count, at = self._failed.get((plugin, subject), (0, 0.0))
        left = at + self.limits.rest - self.clock()
        if count < self.limits.in_a_row or left <= 0:
            return None
        return Suspension(plugin, subject, count, left)

    def suspensions(self) -> tuple[Suspension, ...]:
        """Everything that is left alone now."""
        found = (self.suspended(*one) for one in list(self._failed))
        return tuple(one for one in found if one is not None)

    def resume(self, plugin: str) -> None:
        """Ask a plugin again, whatever it did."""
        for key in [key for key in self._failed if key[0] == plugin]:
            self._failed.pop(key, None)


def _answered(plugin: str, call: Callable[[], T], gate: CoreGate, limit: float, turn: _Turn) -> T:
    """What a thread of its own gives within its time."""
    answer = _Answer(call, gate)
    context = contextvars.copy_context()

    def work() -> None:
        with suppress(TooLong):  # it may be stopped at any line, the last ones included
            context.run(answer.work)

    thread = Thread(target=work, name=f"plugin {plugin}", daemon=True)
    thread.start()
    thread.join(limit)
    if thread.is_alive():
        gate.close()
        thread.join(_LAST_WORDS)
        turn.stuck = thread
        raise TooLong(f"pas de réponse en {limit:g} s".replace(".", ","))
    if answer.error is not None:
        raise answer.error
    return answer.found[0]
