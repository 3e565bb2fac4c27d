"""Figures are made ready at the start, after a deposit and each morning, and at no other time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import cast

import pytest

from core.demonstration.people import COMMITTEE
from core.disclosure.reader import DiscreetMonitor
from core.figures import Monitor
from dashboard import context as contexts
from dashboard.context import Context
from dashboard.metrics import Metrics
from dashboard.warming import Warming
from tests.support.filled import demonstration_context

START, TODAY, MORROW = date(2022, 6, 30), date(2022, 7, 5), date(2022, 7, 6)


class Morning:
    """A server whose day and last revision are chosen, and whose base may be away."""

    def __init__(self) -> None:
        self.today, self.revision = TODAY, 1
        self.ready: list[list[date]] = []
        self.costly_only: list[bool] = []
        self.looks = 0
        self.metrics = Metrics()

    @property
    def store(self) -> Morning:
        return self

    def latest(self) -> int:
        self.looks += 1
        if self.revision < 0:
            raise OSError("the base is away")
        return self.revision

    @property
    def days_shown(self) -> list[date]:
        return [START, self.today]

    def warm(self, days: list[date] | None = None, *, costly_only: bool = False) -> None:
        self.ready.append(days or [START])
        self.costly_only.append(costly_only)


@pytest.fixture
def morning() -> Iterator[Morning]:
    found = Morning()
    warming = Warming(cast(Context, found), every=0.005, opening=opens)
    warming.start()
    yield found
    warming.stop()


def opens(morning: Context) -> None:
    """The first page, before anything else."""
    assert not cast(Morning, morning).ready


def once(true: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not true():
        assert time.monotonic() < until
        time.sleep(0.005)


def looked_again(found: Morning) -> None:
    """Two looks begun since now: the second one began after the first was over."""
    looks = found.looks
    once(lambda: found.looks >= looks + 2)


def test_the_first_page_then_what_others_show_then_nothing_while_nothing_changes(morning: Morning) -> None:
    once(lambda: len(morning.ready) == 2)
    looked_again(morning)
    assert morning.ready == [[START], [START, TODAY]]


def test_after_a_deposit_and_on_another_day(morning: Morning) -> None:
    once(lambda: len(morning.ready) == 2)
    morning.revision = 2
    once(lambda: len(morning.ready) == 3)
    morning.today = MORROW
    once(lambda: len(morning.ready) == 4)
    looked_again(morning)
    assert morning.ready[2:] == [[START, TODAY], [START, MORROW]]
    assert morning.costly_only == [False, False, True, True], "a small base is written at its start alone"


def test_a_base_that_went_away_is_looked_at_again(morning: Morning) -> None:
    once(lambda: len(morning.ready) == 2)
    morning.revision = -1
    looked_again(morning)
    morning.revision = 3
    once(lambda: len(morning.ready) == 3)


def test_it_stops_with_the_server() -> None:
    before = set(threading.enumerate())
    found = Morning()
    warming = Warming(cast(Context, found), every=0.005, opening=opens)
    warming.start()
    once(lambda: len(found.ready) == 2)
    warming.stop()
    once(lambda: set(threading.enumerate()) <= before)


def test_the_days_of_the_demonstration() -> None:
    assert demonstration_context().days_shown == [
        START,
        TODAY,
        date(2022, 3, 31),
        date(2021, 12, 31),
        date(2021, 9, 30),
    ]


def test_who_looks_comes_before_what_is_prepared() -> None:
    metrics, on = Metrics(), threading.Event()
    with metrics.drawing("vue-d-ensemble"):
        preparing = threading.Thread(target=lambda: (metrics.give_way(), on.set()))
        preparing.start()
        assert not on.wait(0.05)
    assert on.wait(60)
    metrics.give_way()


def test_tables_of_members_wait_for_one_of_them_on_a_large_base(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[date] = []
    now = datetime(2022, 7, 5, 9, tzinfo=UTC)
    small = False
    monkeypatch.setattr(DiscreetMonitor, "prepare", lambda _self, days: made.extend(days))
    monkeypatch.setattr(contexts, "is_small", lambda _store: small)
    monkeypatch.setattr(contexts, "keep", lambda *_parts, **_more: 0)
    whole = SimpleNamespace(compare=lambda until: None)
    here = replace(demonstration_context(visitor=COMMITTEE), make_monitor=lambda *_parts: cast(Monitor, whole))
    here._now = lambda: now

    def after_a_deposit() -> list[date]:
        made.clear()
        here.warm([START, TODAY, MORROW], costly_only=True)
        return list(made)

    assert after_a_deposit() == [], "31 seconds of the processor for nobody"
    assert here.monitor is not None
    assert after_a_deposit() == [START, TODAY]
    now += timedelta(hours=2)
    assert after_a_deposit() == []
    small = True
    assert after_a_deposit() == [START, TODAY], "what costs little is ready for the first of them"
