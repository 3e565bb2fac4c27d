"""A clock that was wrong: what was known on a day stays so, and hours that go back are told."""

from __future__ import annotations

import logging
from datetime import date, timedelta

import pytest

from core.storage.history import BACKWARDS
from tests.core.storage.factories import NOON, opened, row, save


def test_revision_of_a_late_clock_does_not_enter_the_past(database_url: str, caplog: pytest.LogCaptureFixture) -> None:
    days = [(NOON + timedelta(days=day)).date() for day in range(40)]
    with opened(database_url) as store:
        save(store, row("A", 1))
        save(store, row("A", 2), day=30)
        known = {day: store.revision_at(day) for day in days}
        with caplog.at_level(logging.WARNING, "core.storage"):
            save(store, row("A", 3), day=-4000)  # the machine forgot its hour
        assert {day: store.revision_at(day) for day in days if day < days[30]} == {
            day: number for day, number in known.items() if day < days[30]
        }
        assert store.revision_at(date(2010, 12, 1)) == 0
        assert store.revision_at(days[30]) == store.latest() == 3
        [line] = [one for one in store.journal.lines() if one.action == BACKWARDS]
        assert line.details["avant"] > line.details["maintenant"] and line.actor == "Fabrique"
        assert "the clock went back" in caplog.text
        store.journal.verify()


def test_past_told_under_an_early_clock_is_not_told_otherwise_later(database_url: str) -> None:
    today = NOON.date()
    with opened(database_url) as store:
        save(store, row("A", 1))
        save(store, row("A", 2), day=30)  # thirty days ahead
        assert store.revision_at(today) == 1
        save(store, row("A", 3), day=0)
        assert store.revision_at(today) == 1
        assert [one.action for one in store.journal.lines()].count(BACKWARDS) == 1


def test_two_servers_that_differ_by_a_minute_tell_nothing(database_url: str) -> None:
    with opened(database_url) as store:
        save(store, row("A", 1), day=1)
        save(store, row("A", 2), day=1 - 1 / 1440)
        assert BACKWARDS not in [one.action for one in store.journal.lines()]
