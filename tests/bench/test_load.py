"""« make load » at its smallest, on real processes: somebody is served through a deposit and a kill."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from bench import load
from bench.report import Machine
from core.settings import sqlite_url
from tests.support.filled import copied, demonstration_url


def test_somebody_is_served_while_files_come_and_a_process_dies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A page tried in this process before left itself as its main module; those who deposit would run it again.
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))
    url = sqlite_url(copied(demonstration_url(), tmp_path / "charge.sqlite3"))
    plan = load.Plan(sessions=1, seconds=16, deposit_every=4, freeze_every=60, kill_every=8)
    seen = load.run(plan, url)
    assert seen.errors == []
    assert seen.times and seen.deposits and seen.memory
    assert len(seen.kills) == 1
    text = load.written(Machine("Linux", 2, 0.1), plan, "SQLite", seen)
    assert f"| Processus tués | {len(seen.kills)} |" in text


def test_shares_of_few_values_are_told() -> None:
    assert load.share_of([], 95) is None
    assert load.share_of([2.0], 95) == 2.0
    assert load.share_of([1.0, 2.0, 3.0], 50) == 2.0
