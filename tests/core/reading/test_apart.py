"""Files are opened in a process of their own: what takes it down costs one file a sentence, nobody else anything."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psutil
import pytest

from core.errors import FileRefused
from core.reading import Reading, SheetWanted, match_sheets, read, read_sheets
from core.reading import reader as reading
from core.reading.apart import Process, Readers, readers
from core.reading.packages import Limits
from tests.core.reading.factories import HEADINGS, MACHINES, ROW, changed, csv_bytes, ods, xls, xlsx
from tests.support.profile import cases

ROOT = Path(__file__).parents[3]
SMALL = csv_bytes(HEADINGS, ROW)


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch) -> Iterator[Readers]:
    """Reading processes of this test alone, that a file may keep for long: the machine may be slow."""
    found = Readers(seconds=lambda _size: 300)
    monkeypatch.setattr(reading, "readers", lambda: found)
    yield found
    found.close()


def swallowing() -> bytes:
    """A sound ODS of some kilobytes, whose cells are texts of twelve gigabytes."""
    found = ods(HEADINGS, *[("x1x",) * 60] * 6)
    return changed(found, "content.xml", "x1x", '<text:s text:c="90000"/>' * 120)


def looping() -> bytes:
    """An old Excel file of one kilobyte whose list of allocation sectors names itself as the next one."""
    header = bytearray(b"\xff" * 512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    for place, words in {30: (9,), 48: (0, 0)}.items():
        for rank, word in enumerate(words):
            header[place + 2 * rank : place + 2 * rank + 2] = word.to_bytes(2, "little")
    header[44:48] = (1).to_bytes(4, "little")
    header[56:60] = (4096).to_bytes(4, "little")
    header[68:76] = (0).to_bytes(4, "little") + (1 << 30).to_bytes(4, "little")
    return bytes(header) + b"\x00" * 512


def test_a_file_that_swallows_memory_costs_itself_alone(own: Readers) -> None:
    own.memory = 1_200_000_000
    before = psutil.Process().memory_info().rss
    with pytest.raises(FileRefused, match=r"trop de mémoire|a arrêté la lecture"):
        read(swallowing(), "enorme.ods", MACHINES)
    assert psutil.Process().memory_info().rss - before < 300_000_000
    assert read(SMALL, "machines.csv", MACHINES).total_rows == 1


def test_a_looping_workbook_is_refused_before_it_is_opened(own: Readers) -> None:
    with pytest.raises(FileRefused, match="abîmé ou incomplet"):
        read(looping(), "boucle.xls", MACHINES)
    assert own.pids, "the process that looked goes on"


def test_a_billion_spaces_are_refused_before_they_are_opened(own: Readers) -> None:
    cell = changed(ods(HEADINGS, ("x1",)), "content.xml", "x1", '<text:s text:c="2000000000"/>')
    with pytest.raises(FileRefused, match="abîmé ou incomplet"):
        read(cell, "espaces.ods", MACHINES)
    assert own.pids, "the process that looked goes on"


def test_a_reading_that_does_not_end_is_ended(own: Readers) -> None:
    own.start(1)
    own.seconds = lambda _size: 1
    os.kill(own.pids[0], signal.SIGSTOP)
    with pytest.raises(FileRefused, match="dure trop longtemps"):
        read(SMALL, "machines.csv", MACHINES)
    own.seconds = lambda _size: 300
    assert read(SMALL, "machines.csv", MACHINES).total_rows == 1


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGABRT, signal.SIGSEGV])
def test_a_process_that_dies_is_replaced(own: Readers, end: signal.Signals) -> None:
    own.start(1)
    (pid,) = own.pids
    os.kill(pid, end)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert read(SMALL, "machines.csv", MACHINES).total_rows == 1


@pytest.mark.generated
@pytest.mark.parametrize("seed", range(cases(8, 100)))
def test_killed_at_any_moment_it_costs_one_sentence(own: Readers, seed: int) -> None:
    """Whatever the moment: the file is read, or a sentence in French says that it was not; the next one is read."""
    moment = random.Random(seed)
    data = csv_bytes(HEADINGS, *[(f"A{n}", *ROW[1:]) for n in range(20_000)])
    own.start(1)
    pid = own.pids[0]
    killer = threading.Timer(moment.uniform(0, 0.6), lambda: os.kill(pid, signal.SIGKILL) if running(pid) else None)
    killer.start()
    try:
        assert read(data, "machines.csv", MACHINES).total_rows == 20_000
    except FileRefused as refusal:
        assert str(refusal).startswith("Ce fichier a arrêté la lecture")
    killer.join()
    assert read(SMALL, "machines.csv", MACHINES).total_rows == 1


def running(pid: int) -> bool:
    """Whether the process is one of ours and still there."""
    return psutil.pid_exists(pid) and psutil.Process(pid).ppid() == os.getpid()


def test_the_process_holds_no_setting_nor_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FABRIQUE_SMTP_PASSWORD", "secret")
    own = Readers(ready=1)
    own.start()
    try:
        assert not [name for name in psutil.Process(own.pids[0]).environ() if name.startswith("FABRIQUE_")]
    finally:
        own.close()


def test_it_starts_light() -> None:
    """Schemas and selects are not its affair: what it imports is memory for each file, and a wait for the first."""
    script = "import sys, core.reading.worker; print({'pandera', 'sqlalchemy', 'streamlit'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"


def test_its_memory_and_its_core_are_bounded() -> None:
    with readers().session(1) as session:
        session.sheets(SMALL, "machines.csv", Limits())
        limits = Path(f"/proc/{session.process.pid}/limits").read_text()
    bound = {line[:26].strip(): line[26:].split()[0] for line in limits.splitlines()[1:]}
    assert bound["Max address space"] == "4000000000"
    assert bound["Max cpu time"].isdigit()
    assert bound["Max core file size"] == "0"


def test_one_process_reads_one_file_after_another(own: Readers) -> None:
    own.start(1)
    (pid,) = own.pids
    rows = (HEADINGS, ROW)
    for data, name in ((SMALL, "a.csv"), (xlsx(*rows), "a.xlsx"), (ods(*rows), "a.ods"), (xls(*rows), "a.xls")):
        assert read(data, name, MACHINES).total_rows == 1
    assert own.pids == (pid,)


def test_two_files_at_once_take_two_processes(own: Readers) -> None:
    own.start()
    with own.session(1) as one, own.session(1) as other:
        assert one.process.pid != other.process.pid
    assert len(own.pids) == 2


TEN = {f"T{n}": (HEADINGS, (f"A{n}", *ROW[1:])) for n in range(2, 11)}


def noting(monkeypatch: pytest.MonkeyPatch, told: list[str | None], kill: str = "") -> None:
    """Note, for each question about a sheet, the file that goes with it; the process dies when ``kill`` is asked."""
    ask = Process.ask

    def noted(self: Process, words: Mapping[str, Any], *, until: float | None = None) -> dict[str, Any]:
        if words["ask"] in ("sheets", "open"):
            told.append(words["file"])
            if kill and words.get("sheet") == kill:
                os.kill(self.pid, signal.SIGKILL)
        return ask(self, words, until=until)

    monkeypatch.setattr(Process, "ask", noted)


def test_a_workbook_of_ten_sheets_is_opened_once_to_match_them(own: Readers, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str | None] = []
    noting(monkeypatch, told)
    found = match_sheets(xlsx(HEADINGS, ROW, sheet="T1", others=TEN), "dix.xlsx", [MACHINES])
    assert [(one.sheet, one.table) for one in found] == [(f"T{n}", MACHINES.code) for n in range(1, 11)]
    assert len(told) == 11 and sum(file is not None for file in told) == 1


def test_several_sheets_are_read_as_each_alone(own: Readers, monkeypatch: pytest.MonkeyPatch) -> None:
    data = xlsx(HEADINGS, ROW, sheet="T1", others=TEN | {"Vide": [("Rien",)]})
    names = ("T1", "Vide", "T2", "Absent")
    alone = [outcome_of(data, name) for name in names]
    told: list[str | None] = []
    noting(monkeypatch, told)
    together = read_sheets(data, "dix.xlsx", [SheetWanted(MACHINES, name) for name in names])
    assert sum(file is not None for file in told) == 1
    for one, other in zip(alone, together, strict=True):
        if isinstance(one, FileRefused) or isinstance(other, FileRefused):
            assert str(one) == str(other)
        else:
            assert one.rows.equals(other.rows) and one.kept == other.kept and one.sheet == other.sheet


def outcome_of(data: bytes, sheet: str) -> Reading | FileRefused:
    try:
        return read(data, "dix.xlsx", MACHINES, sheet=sheet)
    except FileRefused as refusal:
        return refusal


def test_a_sheet_that_ends_its_process_costs_the_others_nothing(own: Readers, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str | None] = []
    noting(monkeypatch, told, kill="T2")
    data = xlsx(HEADINGS, ROW, sheet="T1", others=TEN)
    found = read_sheets(data, "dix.xlsx", [SheetWanted(MACHINES, name) for name in ("T1", "T2", "T3")])
    assert [isinstance(one, FileRefused) for one in found] == [False, True, False]
    assert str(found[1]).startswith("Ce fichier a arrêté la lecture")
    assert sum(file is not None for file in told) == 2
