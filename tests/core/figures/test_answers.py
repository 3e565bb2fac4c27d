"""What is kept, then brought up to date by what changed, is what the rows say."""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from core.contract import schema_setup
from core.errors import Refused
from core.figures import Monitor, answers
from core.figures.answers import Question, ReadAnswer, Shelf, closed
from core.figures.cache import Cache
from core.figures.keeping import code_of, keep
from core.figures.verifying import refuse_stale
from core.settings import sqlite_url
from core.storage import Store
from tests.core.figures.rig import AIX, SOMEBODY, Rig, computer, diagnostics, handed_over
from tests.support.filled import NOW, copied, demonstration_url, registry

DAYS = (date(2022, 3, 14), date(2022, 6, 30))
TODAY = date(2022, 7, 5)


@pytest.fixture
def by_the_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """The smallest tables are brought up to date by their keys, as large ones are."""
    monkeypatch.setattr(answers, "_LARGE", 0)
    monkeypatch.setattr(answers, "_PART", 1)


def alone(rig: Rig) -> Monitor:
    """A monitor that reads every row again."""
    cache = Cache()
    cache.get(("shelf", code_of(rig.registry)), Shelf)
    return Monitor(rig.registry, rig.store, today=TODAY, cache=cache)


def some_machine(rng: random.Random) -> dict:
    number, place = f"MET-PC-{rng.randrange(12):04}", rng.choice(("aix", "gardanne"))
    day = date(2021, 10, 1) + timedelta(rng.randrange(270))
    if rng.random() < 0.5:
        return handed_over(number, place, day)
    if rng.random() < 0.4:
        return computer(number, statut="transféré", date_transfert=day, transfere_a="IFAC")
    return computer(number, date_reconditionnement=day, statut="reconditionné", affectation=AIX)


def some_arrival(rng: random.Random) -> dict:
    """The same machine, written down by another association."""
    day = date(2021, 12, 1) + timedelta(rng.randrange(200))
    return computer(f"MET-PC-{rng.randrange(12):04}", provenance="autre association", date_reception=day)


@pytest.mark.parametrize("seed", range(2))
def test_after_any_deposit_every_figure_is_that_of_the_rows(rig: Rig, by_the_keys: None, seed: int) -> None:
    rng, kept = random.Random(seed), Cache()
    for _ in range(3):
        mine = {one["numero_inventaire"]: one for one in (some_machine(rng) for _ in range(rng.randrange(1, 6)))}
        gone = [f"MET-PC-{rng.randrange(12):04}"] if rng.random() < 0.5 else []
        rig.put("anonymal", "materiel", list(mine.values()), remove=[one for one in gone if one not in mine])
        theirs = {one["numero_inventaire"]: one for one in (some_arrival(rng) for _ in range(rng.randrange(3)))}
        rig.put("ifac", "materiel", list(theirs.values()))
        rig.put("anonymal", "diagnostics", [diagnostics("aix", date(2022, rng.randrange(1, 6), 1), rng.randrange(9))])
        now, again = Monitor(rig.registry, rig.store, today=TODAY, cache=kept), alone(rig)
        for until in DAYS:
            assert now.compare(until=until).cells == again.compare(until=until).cells


def test_the_past_is_found_again_from_the_present(quick: Rig, by_the_keys: None) -> None:
    revision = quick.put("anonymal", "materiel", [handed_over(f"A{n}", "aix", date(2022, 1, 5)) for n in range(5)])
    quick.put("anonymal", "materiel", [computer("A1"), handed_over("A9", "aix", date(2022, 2, 1))], remove=["A2"])
    monitor = Monitor(quick.registry, quick.store, today=TODAY, cache=Cache())
    assert monitor.compare().cells["EQ5a", AIX].observation.numerator == 4
    past = monitor.compare(revision=revision)
    assert past.cells["EQ5a", AIX].observation.numerator == 5
    assert past.cells == alone(quick).compare(revision=revision).cells
    assert monitor.compare().cells == alone(quick).compare().cells


def test_only_the_keys_that_changed_are_looked_up(quick: Rig, by_the_keys: None) -> None:
    quick.put("anonymal", "materiel", [handed_over(f"A{n}", "aix", date(2022, 1, 5)) for n in range(5)])
    monitor = Monitor(quick.registry, quick.store, today=TODAY, cache=Cache())
    monitor.compare()
    quick.put("anonymal", "materiel", [computer("A1")])
    read: list[str] = []
    sa.event.listen(quick.store._engine, "before_cursor_execute", lambda *told: read.append(told[2]))
    monitor.compare()
    machines = [one for one in read if "FROM d_anonymal_materiel" in one]
    machines = [one for one in machines if "_since >" not in one and not one.startswith("SELECT count(*) AS count_1")]
    assert machines
    assert [one for one in machines if "json_each" not in one] == []


def test_a_purge_leaves_nothing_to_start_from(quick: Rig, by_the_keys: None) -> None:
    quick.put("anonymal", "materiel", [handed_over(f"A{n}", "aix", date(2022, 1, 5)) for n in range(5)])
    monitor = Monitor(quick.registry, quick.store, today=TODAY, cache=Cache())
    monitor.compare()
    last = quick.put("anonymal", "materiel", [computer("A1")])
    with quick.store.writing(SOMEBODY, NOW) as writing:
        writing.purge("anonymal", "materiel", last, {})
    assert monitor.compare().cells == alone(quick).compare().cells


def test_a_purge_is_seen_by_who_already_knew_the_keys(quick: Rig, by_the_keys: None) -> None:
    """One figure was moved before the purge, the others start from rows that are gone since."""
    first = quick.put("anonymal", "materiel", [handed_over(f"A{n}", "aix", date(2022, 1, 5)) for n in range(5)])
    monitor = Monitor(quick.registry, quick.store, today=TODAY, cache=Cache())
    monitor.compare()
    last = quick.put("anonymal", "materiel", [computer("A1")])
    monitor.compare(["EQ5a"])
    with quick.store.writing(SOMEBODY, NOW) as writing:
        writing.purge("anonymal", "materiel", last, {})
    assert first < last
    assert monitor.compare().cells == alone(quick).compare().cells


def test_of_the_days_the_one_last_looked_at_is_the_last_to_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other days looked at meanwhile do not make the day that everybody looks at be read from every row again."""
    monkeypatch.setattr(answers, "_DAYS_AT_MOST", 3)
    shelf = Shelf()
    asked = [
        Question("machines", frozenset(), date(2022, 1, day), 1, lambda _sources: sa.select()) for day in range(1, 6)
    ]
    for question in asked:
        shelf.put(question, ReadAnswer(1, (), [("A1", 2)]))
        shelf.last(asked[0])
    assert [question.when.day for question in asked if question.when and shelf.last(question)] == [1, 4, 5]


def test_what_cannot_be_kept_waits_and_what_would_come_back_otherwise_is_left() -> None:
    shelf = Shelf()
    for name, value in (("text", "A1"), ("day", date(2022, 1, 5))):
        question = Question(name, frozenset(), None, 1, lambda _sources: sa.select(), kept_as=name)
        shelf.put(question, ReadAnswer(1, (), [(value, 2)]))
    taken = shelf.take()
    assert [one.name for one in closed(taken)] == ["text"]
    assert not shelf.take()
    shelf.give_back(taken)
    assert shelf.take() == taken


def test_a_period_that_ends_within_a_month_stops_on_its_day(rig: Rig) -> None:
    """What a committee saw on the 14th does not count what happened on the 20th."""
    given = [handed_over("A1", "aix", date(2022, 3, 10)), handed_over("A2", "aix", date(2022, 3, 20))]
    rig.put("anonymal", "materiel", given)
    cell = rig.monitor(TODAY).compare(["EQ5a"], since=date(2022, 3, 14)).cells["EQ5a", AIX]
    assert (cell.observation.numerator, cell.before.numerator) == (2, 1)
    waited = rig.monitor(TODAY).compare(["EQ9"], since=date(2022, 3, 14)).cells["EQ9", AIX]
    assert waited.before == rig.monitor(TODAY).observe(["EQ9"], [AIX], until=date(2022, 3, 14))[0]


# --- From one start to the next ---------------------------------------------------------------------


@pytest.fixture
def demonstrated(tmp_path) -> Iterator[Store]:
    """The demonstration, in a base of one's own that keeps no answer yet."""
    path = copied(demonstration_url(), tmp_path / "fabrique.sqlite3")
    with Store.open(sqlite_url(path)) as store:
        store.forget_answers()
        schema_setup.prepare(registry(), store, at=NOW)
        yield store


def test_the_next_start_reads_no_row(demonstrated: Store) -> None:
    first = Cache()
    told = Monitor(registry(), demonstrated, today=TODAY, cache=first).compare()
    assert keep(registry(), demonstrated, first) > 100
    assert keep(registry(), demonstrated, first) == 0
    read: list[str] = []
    sa.event.listen(demonstrated._engine, "before_cursor_execute", lambda *one: read.append(one[2]))
    second = Cache()
    assert Monitor(registry(), demonstrated, today=TODAY, cache=second).compare().cells == told.cells
    assert keep(registry(), demonstrated, second) == 0, "what was read from the base is written again"
    assert not [one for one in read if "materiel" in one or "diagnostics" in one]


def test_other_code_starts_from_the_rows(demonstrated: Store) -> None:
    cache = Cache()
    Monitor(registry(), demonstrated, today=TODAY, cache=cache).compare()
    keep(registry(), demonstrated, cache)
    assert demonstrated.kept_answers(code_of(registry()))
    assert not demonstrated.kept_answers("another version")


def test_small_tables_are_not_worth_a_writing(demonstrated: Store) -> None:
    cache = Cache()
    Monitor(registry(), demonstrated, today=TODAY, cache=cache).compare()
    assert keep(registry(), demonstrated, cache, costly_only=True) == 0
    assert not demonstrated.kept_answers(code_of(registry()))


def test_an_answer_that_is_not_that_of_the_rows_is_named_and_forgotten(demonstrated: Store) -> None:
    cache = Cache()
    Monitor(registry(), demonstrated, today=TODAY, cache=cache).compare()
    keep(registry(), demonstrated, cache)
    assert refuse_stale(registry(), demonstrated, TODAY) > 100
    code = code_of(registry())
    machines = [one for one in demonstrated.kept_answers(code) if b"d-aix" in zlib.decompress(one.body)]
    doubled = [replace(one, body=_doubled(one.body)) for one in machines if "sums" in one.name]
    demonstrated.keep_answers(code, doubled)
    with pytest.raises(Refused, match=r"EQ1a.*Les lignes n’ont pas changé"):
        refuse_stale(registry(), demonstrated, TODAY)
    assert not demonstrated.kept_answers(code)
    refuse_stale(registry(), demonstrated, TODAY)


def _doubled(body: bytes) -> bytes:
    marks, rows = json.loads(zlib.decompress(body))
    more = [[*row[:3], *(2 * number if isinstance(number, int) else number for number in row[3:])] for row in rows]
    return zlib.compress(json.dumps([marks, more]).encode())
