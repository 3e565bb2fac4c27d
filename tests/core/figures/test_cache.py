"""Nothing is read twice while nothing changes, and nothing stale is ever shown."""

from __future__ import annotations

import gc
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from functools import partial
from threading import Event, get_ident
from weakref import ref

import pytest
import sqlalchemy as sa

from core.contract import schema_setup
from core.figures import Monitor
from core.figures.cache import Cache, cache_of
from core.storage import Store
from tests.core.figures.rig import AIX, Rig, computer, diagnostics
from tests.support.databases import sqlite_url
from tests.support.filled import registry


class Listener:
    """Counts the selects that read a table of data."""

    def __init__(self, rig: Rig) -> None:
        self.read: list[str] = []
        sa.event.listen(rig.store._engine, "before_cursor_execute", self._note)

    def _note(self, _connection, _cursor, statement, *_more) -> None:
        if "FROM d_" in statement:
            self.read.append(statement)

    def during(self, ask) -> list[str]:
        self.read.clear()
        ask()
        return list(self.read)


def test_a_second_look_reads_nothing(quick: Rig) -> None:
    quick.put("anonymal", "diagnostics", [diagnostics("aix", date(2021, 11, 1), 3)])
    listener = Listener(quick)
    assert listener.during(quick.monitor().compare)
    assert not listener.during(quick.monitor().compare)
    assert not listener.during(quick.monitor().observe)


def test_a_deposit_makes_only_its_own_table_read_again(quick: Rig) -> None:
    quick.monitor().observe()
    quick.put("anonymal", "communication", [action("C1")])
    quick.put("ifac", "diagnostics", [diagnostics("frais-vallon", date(2021, 11, 1), 3)])
    quick.monitor().observe()
    listener = Listener(quick)
    quick.put("ifac", "diagnostics", [diagnostics("frais-vallon", date(2021, 12, 1), 4)])
    read = listener.during(quick.monitor().observe)
    assert read
    assert not [one for one in read if "d_anonymal_diagnostics" in one or "materiel" in one]


def test_a_deposit_is_seen_at_once(rig: Rig) -> None:
    monitor = rig.monitor()
    for number in (1, 2, 3):
        rows = [computer(f"A{rank}", affectation=AIX) for rank in range(number)]
        rig.put("anonymal", "materiel", rows, on=date(2022, 7, number))
        assert monitor.observe(["EQ1a"], [AIX])[0].value == number
        assert monitor.compare(["EQ1a"]).cells["EQ1a", AIX].observation.value == number


def test_a_declaration_without_rows_is_seen_at_once(quick: Rig) -> None:
    monitor = quick.monitor()
    assert monitor.observe(["AC6"], [AIX])[0].value is None
    quick.nothing("anonymal", "diagnostics", "2021-T3")
    assert monitor.observe(["AC6"], [AIX])[0].value == 0


def test_the_cache_keeps_the_last_used_and_no_more() -> None:
    cache = Cache(2)
    for key in ("a", "b", "a", "c"):
        cache.get(key, str)
    asked: list[str] = []
    cache.get("a", partial(asked.append, "a"))
    cache.get("b", partial(asked.append, "b"))
    assert asked == ["b"]
    assert len(cache) == 2


def test_what_several_ask_at_once_is_made_once() -> None:
    cache, made, begun, go = Cache(), [], Event(), Event()

    def slow() -> str:
        made.append(get_ident())
        begun.set()
        assert go.wait(10)
        return "the figures"

    with ThreadPoolExecutor(8) as several:
        first = several.submit(cache.get, "key", slow)
        assert begun.wait(10)
        others = [several.submit(cache.get, "key", slow) for _ in range(7)]
        assert cache.get("another", str) == ""
        go.set()
        assert {one.result() for one in (first, *others)} == {"the figures"}
    assert len(made) == 1


def test_one_of_those_who_waited_too_long_takes_over_and_the_others_wait_for_her() -> None:
    """Thirty people at work again on what one was late with made the machine later still, until nobody was answered."""
    cache, begun, go, made = Cache(patience=0.5), Event(), Event(), []

    def slow() -> int:
        made.append(get_ident())
        begun.set()
        assert go.wait(10)
        return len(made)

    with ThreadPoolExecutor(9) as several:
        first = several.submit(cache.get, "key", slow)
        assert begun.wait(10)
        others = [several.submit(cache.get, "key", slow) for _ in range(8)]
        while len(made) < 2:
            assert not first.done()
            time.sleep(0.01)
        go.set()
        assert {one.result() for one in (first, *others)} == {2}
    assert len(made) == 2


def test_nobody_is_held_up_by_who_fails_or_never_ends() -> None:
    cache, begun, go = Cache(patience=0.05), Event(), Event()

    def stuck() -> str:
        begun.set()
        assert go.wait(10)
        raise ValueError("stuck")

    with ThreadPoolExecutor(1) as other:
        asked = other.submit(cache.get, "key", stuck)
        assert begun.wait(10)
        assert cache.get("key", lambda: "mine") == "mine"
        go.set()
        with pytest.raises(ValueError, match="stuck"):
            asked.result()
    assert cache.get("key", stuck) == "mine"
    assert cache.get("again", lambda: cache.get("again", lambda: "within")) == "within"


def test_what_is_kept_goes_with_its_store(tmp_path) -> None:
    store = Store.open(sqlite_url(tmp_path))
    schema_setup.prepare(registry(), store, at=datetime(2022, 7, 5, tzinfo=UTC))
    Monitor(registry(), store, today=date(2022, 7, 5)).observe()
    assert len(cache_of(store)) > 0
    seen = ref(store)
    store.close()
    del store
    gc.collect()
    assert seen() is None


def action(code: str):
    return {"code_action": code, "date": date(2021, 11, 3), "lieu": "aix", "canal": "presse"}
