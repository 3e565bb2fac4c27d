"""The reading process: it opens the files that people hand in, and holds nothing worth stealing.

It is started by ``core.reading.apart`` with bounds on its memory and its processor
time, without the settings nor the secrets of the server. A spreadsheet reader that aborts,
loops or swallows memory costs this process, and the one file that it held.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from core.errors import FileRefused
from core.reading import exchange
from core.reading.csv_files import SheetSource
from core.reading.opening import OpenFile, open_file
from core.reading.packages import Limits


@dataclass
class _OpenFile:
    """What is open: the texts of the sheet last asked for, and the file while other sheets of it may be."""

    file: OpenFile | None = None
    sources: Sequence[SheetSource] = ()

    def let_go(self) -> None:
        """Forget everything."""
        self.file, self.sources = None, ()

    def opened(self, words: dict[str, Any]) -> OpenFile:
        """The file that a question is about: the one that it brings, else the one that is open already."""
        _bound_time(words["seconds"])
        found, self.file, self.sources = self.file, None, ()  # what was read before is let go first
        if words["file"] is not None:
            found = None
            found = open_file(Path(words["file"]).read_bytes(), words["name"], Limits(**words["limits"]))
        assert found is not None
        self.file = found if words["several"] else None
        return found


def main(memory: int) -> None:
    """Answer the questions of the server until it is gone, with ``memory`` bytes of address space at most."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a terminal is for the server
    asked, answers = _channels()
    _bound_memory(memory)
    _go_first_when_memory_is_short()
    held = _OpenFile()
    while True:
        try:
            words = exchange.receive(asked)
        except EOFError:
            return
        try:
            _answer(answers, held, words)
        except FileRefused as refusal:
            exchange.send(answers, {"refused": str(refusal)})
        except MemoryError:
            held.let_go()
            exchange.send(answers, {"stopped": "memory"})
        except BaseException as problem:
            # What a file makes the readers raise is this file's affair; the server says so to its owner.
            exchange.send(answers, {"stopped": "failure", "why": repr(problem)[:500]})
            raise


def _answer(answers: BinaryIO, held: _OpenFile, words: dict[str, Any]) -> None:
    match words["ask"]:
        case "ready":
            exchange.send(answers, {})
        case "sheets":
            exchange.send(answers, {"sheets": held.opened(words).sheets()})
        case "open":
            held.sources = held.opened(words).sources(words["sheet"])
            exchange.send(answers, {"sources": [_face(source) for source in held.sources]})
        case "check":
            held.sources[words["source"]].check()
            exchange.send(answers, {})
        case "below":
            frame = held.sources[words["source"]].below(words["row"], words["words"])
            filled = [name for name in frame.columns if frame[name].null_count() < frame.height]
            frame.select(filled).write_ipc(words["into"])
            exchange.send(answers, {"columns": frame.columns, "filled": bool(filled), "height": frame.height})
        case "merged":
            merged = held.sources[words["source"]].merged()
            marks = held.sources[words["source"]].marks.told()
            listed = [[row, column, text] for (row, column), text in merged.items()]
            exchange.send(answers, {"merged": listed, "marks": marks})
        case "kept":
            Path(words["into"]).write_bytes(held.sources[words["source"]].kept)
            exchange.send(answers, {})


def _face(source: SheetSource) -> dict[str, object]:
    """What is told of a source at once; the rest is asked for."""
    return {
        "head": [list(row) for row in source.head],
        "sheet": source.sheet,
        "format": source.format,
        "separator": getattr(source, "separator", ""),
    }


def _channels() -> tuple[BinaryIO, BinaryIO]:
    """Where questions come from and answers go; what a library prints goes to the log instead."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return sys.stdin.buffer, answers


def _bound_memory(memory: int) -> None:
    """Refuse more memory than any sheet needs, where the system can (Linux, not macOS nor Windows)."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _bound_time(seconds: int) -> None:
    """End this process after so many more seconds of processor."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        most = int(used.ru_utime + used.ru_stime) + seconds
        resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _go_first_when_memory_is_short() -> None:
    """Should the machine run out of memory, the kernel ends this process before the server."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


if __name__ == "__main__":
    main(int(sys.argv[1]))
