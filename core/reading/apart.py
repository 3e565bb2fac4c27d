"""The reading processes, seen from the server: files are opened there, never here.

A native reader that aborts, loops or swallows memory takes its process down, and the person
reads a sentence; everybody else goes on. Two processes wait ready, so that a small file does
not pay for the start of one.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any, BinaryIO

import polars as pl

from core.errors import FileRefused
from core.reading import exchange
from core.reading.marks import Marks
from core.reading.packages import Limits, refuse

READY = 2
"""How many processes wait for a file, and so how many files are opened at the same time."""
MEMORY = 4_000_000_000
"""Bytes of address space that one file may make a process take."""
_SECONDS, _SECONDS_PER_MEGABYTE = 20, 4
_WORN_OUT = 64_000_000
"""Bytes after which a process is replaced: memory is given back only by ending."""
_STOPPED = {
    "memory": "La lecture de ce fichier demande trop de mémoire : elle a été arrêtée, et rien n’est enregistré. "
    "Copiez vos lignes dans un classeur neuf, puis déposez-le.",
    "time": "La lecture de ce fichier dure trop longtemps : elle a été arrêtée, et rien n’est enregistré. "
    "Copiez vos lignes dans un classeur neuf, ou déposez-le en plusieurs fois.",
    "failure": "Ce fichier a arrêté la lecture : il est abîmé, ou construit de façon inattendue. Rien n’est "
    "enregistré. Ouvrez-le dans votre tableur, enregistrez-le de nouveau, puis déposez-le.",
}


def seconds_for(size: int) -> int:
    """The seconds that a file of ``size`` bytes may take, of processor as well as on the clock."""
    return _SECONDS + _SECONDS_PER_MEGABYTE * (size // 1_000_000)


class Process:
    """One reading process. Not to be shared between threads."""

    def __init__(self, memory: int = MEMORY) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("FABRIQUE_")}
        self._child = subprocess.Popen(
            [sys.executable, "-P", "-X", "utf8", "-m", "core.reading.worker", str(memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=kept | {"POLARS_MAX_THREADS": "2", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        self.read = 0
        self._late = threading.Event()

    @property
    def pid(self) -> int:
        """Its number in the system."""
        return self._child.pid

    @property
    def alive(self) -> bool:
        """Whether it may be asked something: nothing stands on its channel, not even its end, before a question."""
        if self._child.poll() is not None:
            return False
        return sys.platform == "win32" or not select.select([self._stdout], [], [], 0)[0]

    def answers(self, until: float) -> bool:
        """Whether it says that it is there. Raises FileRefused when the time of the file is over."""
        try:
            self.ask({"ask": "ready"}, until=until)
        except FileRefused:
            if self._late.is_set():
                raise
            return False
        return True

    def ask(self, words: Mapping[str, object], *, until: float | None = None) -> dict[str, object]:
        """Its answer. Raises FileRefused, in French: the file is refused, or it took the process down."""
        watch = threading.Timer(max(0.0, until - time.monotonic()), self._give_up) if until is not None else None
        if watch:
            watch.daemon = True
            watch.start()
        try:
            exchange.send(self._stdin, words)
            answer = exchange.receive(self._stdout)
        except (EOFError, OSError) as gone:
            self.end()
            refuse(_STOPPED["time" if self._ran_out_of_time() else "failure"], gone)
        finally:
            if watch:
                watch.cancel()
        if "refused" in answer:
            raise FileRefused(str(answer["refused"]))
        if "stopped" in answer:
            self.end()
            refuse(_STOPPED[str(answer["stopped"])])
        return answer

    def end(self) -> None:
        """End it, whatever it does."""
        self._child.kill()
        self._child.wait()
        for stream in (self._child.stdin, self._child.stdout):
            with contextlib.suppress(OSError):  # what was not sent yet concerns nobody any more
                if stream:
                    stream.close()

    def _give_up(self) -> None:
        self._late.set()
        self._child.kill()

    def _ran_out_of_time(self) -> bool:
        """Stopped by the watch here, or by the system for its processor time (SIGXCPU, 24 on Linux and macOS)."""
        return self._late.is_set() or self._child.returncode == -24

    @property
    def _stdin(self) -> BinaryIO:
        assert self._child.stdin is not None
        return self._child.stdin  # type: ignore[return-value]

    @property
    def _stdout(self) -> BinaryIO:
        assert self._child.stdout is not None
        return self._child.stdout  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class SheetBelow:
    """A sheet out of its process: its first rows, those below the headings, and what may be stored of it."""

    head: list[list[str]]
    below: pl.DataFrame
    merged: Mapping[tuple[int, int], str]
    kept: bytes
    sheet: str | None
    format: str
    separator: str
    marks: Marks = field(default_factory=Marks)


@dataclass(frozen=True, slots=True)
class OpenedSource:
    """One sheet that a reading process holds open: a ``Source`` whose rows are asked for."""

    session: ReadingSession
    place: int
    head: list[list[str]]
    sheet: str | None
    format: str
    separator: str = ""

    def sheet_below(self, row: int, data: bytes, words: Iterable[int] = ()) -> SheetBelow:
        """All of it, so that the process may go on to the next file; ``data`` are the bytes as they came.

        ``words`` are the columns that hold texts. Raises FileRefused.
        """
        below = self.below(row, words)
        merged, marks = self._beside()
        return SheetBelow(self.head, below, merged, self._kept(data), self.sheet, self.format, self.separator, marks)

    def below(self, row: int, words: Iterable[int] = ()) -> pl.DataFrame:
        """Rows after ``row``, as texts; in the columns ``words``, a number is what it shows. Raises FileRefused."""
        asked = {"ask": "below", "source": self.place, "row": row, "words": list(words)}
        with exchange.file_in_memory() as path:
            found = self.session.ask(asked | {"into": str(path)})
            frame = pl.read_ipc(path) if found["filled"] else pl.DataFrame(height=found["height"])
        empty = pl.lit(None, dtype=pl.String)
        return frame.select(pl.col(name) if name in frame.columns else empty.alias(name) for name in found["columns"])

    def check(self) -> None:
        """Refuse the file when its first rows could not be told apart."""
        self.session.ask({"ask": "check", "source": self.place})

    def _beside(self) -> tuple[dict[tuple[int, int], str], Marks]:
        """The cells filled from a merged one, and what the file says of its cells beyond their values."""
        found = self.session.ask({"ask": "merged", "source": self.place})
        return {(row, column): text for row, column, text in found["merged"]}, Marks.of(found["marks"])

    def _kept(self, data: bytes) -> bytes:
        if self.format == "csv":
            return data
        with exchange.file_in_memory() as path:
            self.session.ask({"ask": "kept", "source": self.place, "into": str(path)})
            return path.read_bytes()


@dataclass
class ReadingSession:
    """One file in the hands of one process, until its rows are here.

    ``several``: its sheets are asked for one after the other, and it is opened once for all of them.
    """

    process: Process
    until: float
    seconds: int
    several: bool = False
    _sent: bytes | None = None

    def ask(self, words: Mapping[str, object]) -> dict[str, Any]:
        """The answer, within the time that this file may take. Raises FileRefused."""
        return self.process.ask(words, until=self.until)

    def sheets(self, data: bytes, name: str, limits: Limits) -> tuple[str, ...]:
        """The sheets that may be read; empty for a CSV. Raises FileRefused."""
        return tuple(self._asked("sheets", data, name, limits)["sheets"])

    def open(self, data: bytes, name: str, sheet: str | None, limits: Limits) -> list[OpenedSource]:
        """The sheet to read; for a CSV, the text under each separator. Raises FileRefused."""
        found = self._asked("open", data, name, limits, sheet=sheet)["sources"]
        return [OpenedSource(self, place, **face) for place, face in enumerate(found)]

    def _asked(self, what: str, data: bytes, name: str, limits: Limits, **more: str | None) -> dict[str, Any]:
        words: dict[str, Any] = {
            "ask": what,
            "file": None,
            "name": name,
            "limits": asdict(limits),
            "seconds": self.seconds,
        }
        words |= {"several": self.several} | more
        if self._sent is data:
            return self.ask(words)
        with exchange.file_in_memory(data) as path:
            answer = self.ask(words | {"file": str(path)})
        self._sent = data if self.several else None
        return answer


@dataclass
class Readers:
    """A few reading processes, started before they are needed, replaced when they end.

    ready  how many files are opened at the same time; as many wait, unless ``keep`` says fewer
    """

    ready: int = READY
    seconds: Callable[[int], int] = seconds_for
    memory: int = MEMORY
    _waiting: list[Process] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _turn: threading.Semaphore = field(init=False)
    _kept: int = field(init=False)

    def __post_init__(self) -> None:
        """Nobody waits yet."""
        self._turn = threading.Semaphore(self.ready)
        self._kept = self.ready

    def keep(self, count: int) -> None:
        """Have ``count`` processes wait, where other servers of this machine have theirs."""
        self._kept = count

    def start(self, count: int | None = None) -> None:
        """Have ``count`` processes ready (those that wait when not told); comes back at once."""
        with self._lock:
            while len(self._waiting) < (self._kept if count is None else count):
                self._waiting.append(Process(self.memory))

    @contextmanager
    def session(self, size: int, *, several: bool = False) -> Iterator[ReadingSession]:
        """One process for one file of ``size`` bytes, or for ``several`` of its sheets; the others wait."""
        with self._turn:
            seconds = self.seconds(size)
            until = time.monotonic() + seconds
            process = self._take(until)
            try:
                yield ReadingSession(process, until, seconds, several)
            finally:
                process.read += size
                self._give_back(process)

    def close(self) -> None:
        """End them all."""
        with self._lock:
            while self._waiting:
                self._waiting.pop().end()

    @property
    def pids(self) -> tuple[int, ...]:
        """The numbers of those that wait."""
        with self._lock:
            return tuple(one.pid for one in self._waiting)

    def _take(self, until: float) -> Process:
        """One that answers: a process may be ended from outside while it waits, and costs no file anything."""
        while process := self._next():
            if process.alive and process.answers(until):
                return process
            process.end()
        return Process(self.memory)

    def _next(self) -> Process | None:
        with self._lock:
            return self._waiting.pop() if self._waiting else None

    def _give_back(self, process: Process) -> None:
        """Keep it for the next file; one that ended or is worn out is replaced before somebody waits."""
        fit = process.alive and process.read < _WORN_OUT
        if not fit:
            process.end()
        with self._lock:
            if len(self._waiting) < self._kept:
                self._waiting.append(process if fit else Process(self.memory))
            elif fit:
                process.end()


_readers = Readers()
atexit.register(_readers.close)


def readers() -> Readers:
    """Those of this server, or of this command."""
    return _readers
