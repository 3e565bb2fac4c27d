"""The copy to read from, against a real streaming replica: nothing older than what was seen, and never an error."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from core.accounts import tokens
from core.cli.doctor import Health, examined
from core.contract import Registry, schema_setup
from core.domain.access import Actor, Role
from core.errors import Misconfigured
from core.figures import Monitor
from core.figures.cache import Cache
from core.storage.copies import CopyState
from core.storage.store import Store
from dashboard.context import Context
from tests.core.desk import AT, Desk
from tests.core.storage.factories import MATERIEL, NOON, prices, row, save
from tests.support.databases import (
    PostgresCopy,
    postgres_copy,
    postgres_database,
    postgres_server,
    sqlite_url,
    stop,
)

LEAD = Actor("Karim", Role.LEAD)
MACHINES = (
    "Numéro d’inventaire;Type;Provenance;Affectation;Statut;Date de réception\n"
    "A-{0};ordinateur fixe;Métropole;ct2-pays-d-aix;reçu;16/09/2021\n"
)


@pytest.fixture(scope="module")
def replica(postgres_url: str) -> Iterator[PostgresCopy]:
    with postgres_copy(postgres_url) as found:
        yield found


@pytest.fixture
def store(replica: PostgresCopy, postgresql_database_url: str) -> Iterator[Store]:
    """A base with its copy, both with one row, the copy as far as the base."""
    with read_from(postgresql_database_url, replica.url(postgresql_database_url)) as found:
        found.prepare("anonymal", MATERIEL, at=NOON)
        save(found, row("A", 1))
        once_following(found)
        yield found


@contextmanager
def read_from(base: str, copy: str) -> Iterator[Store]:
    with Store.open(base, copy) as found:
        yield found


@contextmanager
def paused(replica: PostgresCopy) -> Iterator[None]:
    replica.pause()
    try:
        yield
    finally:
        replica.resume()


def once_following(store: Store) -> None:
    assert store.copy is not None
    until = time.monotonic() + 60
    store.latest()
    while store.copy.look() is not CopyState.FOLLOWING:
        assert time.monotonic() < until, store.copy.state
        time.sleep(0.01)


def asked(store: Store) -> tuple[int, int]:
    """How many readings the copy served, and left to the base, since it was last asked; it begins again."""
    assert store.copy is not None
    found = store.copy.served, store.copy.left
    store.copy.served = store.copy.left = 0
    return found


def test_rows_are_read_from_a_copy_that_has_them_all(store: Store) -> None:
    asked(store)
    assert prices(store) == {"A": 1}
    assert [one.revision for one in store.deposits()] == [1]
    assert asked(store) == (2, 0)


def test_own_write_is_seen_at_once_though_the_copy_is_late(store: Store, replica: PostgresCopy) -> None:
    with paused(replica):
        save(store, row("A", 2), day=1)
        asked(store)
        assert prices(store) == {"A": 2}
        assert asked(store) == (0, 1) and store.copy and store.copy.state is CopyState.LATE
    once_following(store)
    asked(store)
    assert prices(store) == {"A": 2}
    assert asked(store) == (1, 0)


def test_what_somebody_else_wrote_is_not_hidden_by_a_late_copy(store: Store, replica: PostgresCopy) -> None:
    """Another process, or another machine: whoever asks who she is has seen the base as it is."""
    with Store.open(store._engine.url.render_as_string(hide_password=False)) as other, paused(replica):
        other.prepare("anonymal", MATERIEL, at=NOON)
        save(other, row("A", 3), day=1)
        store.latest()
        assert prices(store) == {"A": 3}


def test_what_is_read_beside_a_change_holds_all_that_came_before_it(store: Store, replica: PostgresCopy) -> None:
    """Somebody else wrote since this process last looked at the base: who writes now decides on what she wrote."""
    with Store.open(store._engine.url.render_as_string(hide_password=False)) as other, paused(replica):
        other.prepare("anonymal", MATERIEL, at=NOON)
        save(other, row("A", 5), day=1)
        with store.writing(LEAD, NOON + timedelta(days=2)):
            assert prices(store) == {"A": 5}


def test_copy_that_stops_costs_no_error_and_serves_again_by_itself(
    store: Store, replica: PostgresCopy, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert store.copy is not None
    monkeypatch.setattr("core.storage.copies._AGAIN", 0.0)
    replica.stop()
    try:
        assert prices(store) == {"A": 1}
        assert store.copy.state is CopyState.AWAY
        save(store, row("A", 4), day=1)
        assert prices(store) == {"A": 4}
    finally:
        replica.start()
    once_following(store)
    asked(store)
    assert prices(store) == {"A": 4} and asked(store) == (1, 0)


def test_copy_that_is_away_is_not_asked_by_everybody(store: Store, replica: PostgresCopy) -> None:
    assert store.copy is not None
    replica.stop()
    try:
        prices(store)
    finally:
        replica.start()
    assert store.copy.look() is CopyState.AWAY  # five seconds have not passed


def test_copy_may_be_away_when_the_base_opens(postgresql_database_url: str) -> None:
    with read_from(postgresql_database_url, "postgresql://127.0.0.1:1/base") as store:
        store.prepare("anonymal", MATERIEL, at=NOON)
        save(store, row("A", 1))
        assert prices(store) == {"A": 1}
        assert store.copy and store.copy.state is CopyState.AWAY


def test_reading_that_the_copy_breaks_off_is_asked_of_the_base(store: Store) -> None:
    """What it replays may take away what is being read: PostgreSQL then ends the statement, or the connection."""
    ended = "SELECT CASE WHEN pg_is_in_recovery() THEN pg_terminate_backend(pg_backend_pid()) ELSE true END"
    cut = "SELECT CASE WHEN pg_is_in_recovery() THEN 1 / (random() * 0)::int ELSE 1 END"
    for statement in (cut, ended):
        assert store.read(lambda connection, said=statement: connection.scalar(sa.text(said)))  # type: ignore[misc]


def test_another_base_is_never_read(store: Store, postgres_url: str, replica: PostgresCopy) -> None:
    base = store._engine.url.render_as_string(hide_password=False)
    with postgres_database(postgres_url) as other:
        with Store.open(other) as strange:
            strange.prepare("anonymal", MATERIEL, at=NOON)
            save(strange, row("A", 100), day=3)
            save(strange, row("A", 101), day=4)
        save(store, row("A", 2), day=5)
        once_following(store)  # and so the other base is on the copy’s server too
        with read_from(base, replica.url(other)) as found:
            found.prepare("anonymal", MATERIEL, at=NOON)
            assert prices(found) == {"A": 2}
            assert found.copy and found.copy.state is CopyState.OTHER
    with read_from(base, base) as found:  # not a copy at all
        found.prepare("anonymal", MATERIEL, at=NOON)
        assert prices(found) == {"A": 2}
        assert found.copy and found.copy.state is CopyState.OTHER


def test_key_that_was_withdrawn_opens_nothing_though_the_copy_is_late(store: Store, replica: PostgresCopy) -> None:
    found, secret = tokens.create(store, "essai", actor=LEAD, at=NOON)
    once_following(store)
    with Store.open(store._engine.url.render_as_string(hide_password=False)) as other, paused(replica):
        tokens.revoke(other, found.id, actor=LEAD, at=NOON + timedelta(hours=1))
        assert tokens.holder(store, secret, at=NOON + timedelta(hours=2)) is None


def test_figures_are_those_of_the_base_whatever_the_copy_does(
    replica: PostgresCopy, postgresql_database_url: str, installed_registry: Registry
) -> None:
    def figures(store: Store) -> tuple[object, ...]:
        monitor = Monitor(installed_registry, store, today=AT.date(), cache=Cache())
        return monitor.observe(("EQ1a",), ["ct2-pays-d-aix", None], until=date(2022, 6, 30))

    with (
        Store.open(postgresql_database_url) as base,
        read_from(postgresql_database_url, replica.url(postgresql_database_url)) as store,
    ):
        schema_setup.prepare(installed_registry, base, at=AT)
        schema_setup.prepare(installed_registry, store, at=AT)
        desk = Desk(installed_registry, store)
        assert desk.submit(MACHINES.format(1)).revision
        once_following(store)
        asked(store)
        before = figures(store)
        assert before == figures(base)
        served, left = asked(store)
        assert served > 3 and left == 0
        with paused(replica):
            assert desk.submit(MACHINES.format(2)).revision
            after = figures(store)
            assert after == figures(base) and after != before
        replica.stop()
        try:
            assert figures(store) == after
        finally:
            replica.start()


def test_promoted_copy_has_all_that_was_acknowledged_where_the_base_waits_for_it() -> None:
    with postgres_server() as server, postgres_copy(server) as replica:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
            connection.execute("ALTER SYSTEM SET synchronous_commit = on")
            connection.execute("SELECT pg_reload_conf()")
        with read_from(server, replica.url(server)) as store:
            store.prepare("anonymal", MATERIEL, at=NOON)
            for number in range(30):
                save(store, row(str(number), number), day=number)
            stop(server, at_once=True)
            replica.promote()
        with Store.open(replica.url(server)) as promoted:
            promoted.prepare("anonymal", MATERIEL, at=NOON)
            assert prices(promoted) == {str(number): number for number in range(30)}
            assert promoted.journal.verify().lines
            save(promoted, row("0", 100), day=40)
            assert prices(promoted)["0"] == 100


def test_server_says_how_its_copy_stands(
    store: Store, replica: PostgresCopy, monkeypatch: pytest.MonkeyPatch, installed_registry: Registry
) -> None:
    """/sante and /pret, without waiting for it; « fabrique doctor », with what to do."""
    assert store.copy is not None
    here = Context(installed_registry, store)
    assert here.beside() == {"copie": "suit"} and here.problem() is None
    for name, engine in (("URL", store._engine), ("READ_URL", store.copy._engine)):
        address = engine.url.render_as_string(hide_password=False)
        monkeypatch.setenv(f"FABRIQUE_DATABASE_{name}", address)
    assert examined_copy() == (Health.WELL, "elle a tout ce qui est dans la base.")
    with paused(replica):
        save(store, row("A", 5), day=1)
        prices(store)
        assert here.beside() == {"copie": "en retard"} and here.problem() is None
        health, said = examined_copy()
        assert health is Health.WATCH and "pg_stat_replication" in said
    monkeypatch.setenv("FABRIQUE_DATABASE_READ_URL", "postgresql://127.0.0.1:1/base")
    health, said = examined_copy()
    assert health is Health.ILL and "la base répond à sa place" in said


def examined_copy() -> tuple[Health, str]:
    (found,) = (one for one in examined(datetime.now(UTC)) if one.subject == "Copie de lecture")
    return found.health, found.said


@pytest.mark.parametrize("read", ["sqlite:///copie.sqlite3", "n’importe quoi", "postgresql:///copie"])
def test_copy_of_an_sqlite_file_is_refused(tmp_path: Path, read: str) -> None:
    with pytest.raises(Misconfigured, match=r"FABRIQUE_DATABASE_READ_URL.*PostgreSQL"):
        Store.open(sqlite_url(tmp_path), read)
