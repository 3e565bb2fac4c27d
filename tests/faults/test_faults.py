"""Some faults of each kind, from the same seeds each time; `make faults` tries many more and writes their table."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.faults import failing
from tests.faults.acts import ACTS, ON_BOTH
from tests.faults.bases import Bases
from tests.faults.killing import Child, child, killed
from tests.support.databases import postgres_server, stop_and_start

FIVE, TEN = range(5), range(10)


@pytest.fixture(scope="module")
def hands() -> Iterator[Child]:
    with child() as found:
        yield found


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Bases]:
    with Bases(tmp_path, None) as bases:
        yield bases


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_killed_at_any_moment_a_base_stands_before_or_after(
    backend: str, hands: Child, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    server = request.getfixturevalue("postgres_url") if backend == "postgresql" else None
    with Bases(tmp_path, server) as bases:
        found = [killed(bases, hands, code, FIVE, tmp_path) for code in (ON_BOTH if server else ACTS)]
    assert [wrong for one in found for wrong in one.wrong] == []
    assert sum(one.counts["before"] + one.counts["after"] for one in found) == len(found) * len(FIVE)
    assert sum(one.killed for one in found) > len(found) * len(FIVE) / 2, "the moments were the wrong ones"
    assert all(sum(one.counts[side] for one in found) for side in ("before", "after"))


def test_disk_that_fills_up_is_told_and_leaves_the_base_as_it_was(sqlite: Bases, hands: Child, tmp_path: Path) -> None:
    found = failing.disk_full(sqlite, hands, "correction", TEN, tmp_path)
    assert (found.wrong, found.counts["before"]) == ([], found.counts["refused"])
    assert found.counts["refused"]


def test_damaged_page_is_found_out(sqlite: Bases) -> None:
    found = failing.damaged_pages(sqlite, TEN)
    assert found.wrong == []
    assert found.counts["told"]


def test_torn_archive_is_refused_whole(sqlite: Bases, tmp_path: Path) -> None:
    found = failing.torn_archives(sqlite, TEN, tmp_path)
    assert found.wrong == []
    assert found.counts["refused"]


def test_server_that_stops_keeps_what_it_acknowledged(hands: Child, tmp_path: Path) -> None:
    with postgres_server(careless=False) as server, Bases(tmp_path, server) as bases:
        stop = partial(_stop, server)
        found = failing.server_stopped(bases, hands, "correction", TEN, tmp_path, stop)
    assert found.wrong == []
    assert found.counts["before"] + found.counts["after"] == len(TEN)


def _stop(server: str, at_once: bool) -> None:
    stop_and_start(server, at_once=at_once)
