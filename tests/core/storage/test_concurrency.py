"""Several threads and several processes lose nothing."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.errors import Conflict
from core.storage.store import Store
from tests.core.storage.factories import MATERIEL, NADIA, NOON, frame, opened, prices, row, save

THREADS, TURNS = 8, 25


def add_one(store: Store) -> None:
    """Read the counter, then write it one higher."""
    with store.writing(NADIA, NOON) as writing:
        (count,) = writing.rows("anonymal", "materiel")["prix"]
        writing.save("anonymal", "materiel", frame(row("A", count + 1)))


def test_threads_that_read_then_write_lose_nothing(database_url: str) -> None:
    def work(_number: int) -> None:
        for _ in range(TURNS):
            add_one(store)

    with opened(database_url) as store:
        save(store, row("A", 0))
        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(work, range(THREADS)))
        assert prices(store) == {"A": THREADS * TURNS}
        assert store.latest() == THREADS * TURNS + 1
        assert store.journal.verify().lines == THREADS * TURNS + 2


PROCESS = """
import sys
from tests.core.storage.factories import opened
from tests.core.storage.test_concurrency import add_one
with opened(sys.argv[1]) as store:
    print("ready", flush=True)
    for turn in sys.stdin:
        add_one(store)
        print(turn.strip(), flush=True)
"""


def start(url: str) -> subprocess.Popen[str]:
    root = Path(__file__).parents[3]
    command = [sys.executable, "-c", PROCESS, url]
    return subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def say(process: subprocess.Popen[str], word: str) -> str:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{word}\n")
    process.stdin.flush()
    return process.stdout.readline().strip()


def test_processes_that_write_in_turn_lose_nothing(database_url: str) -> None:
    with opened(database_url) as store:
        save(store, row("A", 0))
        with start(database_url) as first, start(database_url) as second:
            assert [p.stdout and p.stdout.readline().strip() for p in (first, second)] == ["ready", "ready"]
            for turn in range(5):
                assert say(first, f"{turn}") == say(second, f"{turn}") == f"{turn}"
                add_one(store)
            for process in (first, second):
                assert process.stdin is not None
                process.stdin.close()
        assert (first.returncode, second.returncode) == (0, 0)
        assert prices(store) == {"A": 15}
        assert store.journal.verify().lines == 17


def test_stores_that_open_together_make_one_base(database_url: str) -> None:
    def work(_number: int) -> int:
        with Store.open(database_url) as store:
            store.prepare("anonymal", MATERIEL, at=NOON)
            return store.rows("anonymal", "materiel").height

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, range(4))) == [0] * 4
    with opened(database_url) as store:
        assert store.journal.verify().lines == 1


def test_a_reader_keeps_one_state(database_url: str) -> None:
    with opened(database_url) as store:
        save(store, row("A", 1))
        with store.connect() as connection:
            rows = store.visible("anonymal", "materiel").select()
            before = connection.execute(rows).all()
            save(store, row("A", 2), day=1)
            assert connection.execute(rows).all() == before
        assert prices(store) == {"A": 2}


def test_a_busy_base_says_so(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.storage.engine._PRAGMAS", ("busy_timeout=1", "journal_mode=WAL"))
    monkeypatch.setattr("core.storage.engine._PATIENCE", "0.01")
    with (
        opened(database_url) as store,
        store.writing(NADIA, NOON),
        pytest.raises(Conflict, match="Quelqu’un d’autre enregistre"),
        store.writing(NADIA, NOON),
    ):
        raise AssertionError("two writers at once")
