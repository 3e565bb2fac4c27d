"""A base that fails says what failed and what to do; its address and its driver's words are kept apart."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest
import sqlalchemy as sa

from core.errors import BaseBusy, BaseDown
from core.storage import migrations
from core.storage.engine import Trouble, trouble_of
from core.storage.store import Store
from tests.core.storage.factories import NADIA, NOON, opened, row, save


def url_of(path: Path) -> str:
    return f"sqlite:///{path}"


def filled(path: Path) -> None:
    """A base with a deposit, closed."""
    with opened(url_of(path)) as store:
        save(store, row("A"))


def test_empty_file_is_refused_and_stays_empty(tmp_path: Path) -> None:
    path = tmp_path / "base.sqlite3"
    path.touch()
    with pytest.raises(BaseDown, match="vide"):
        Store.open(url_of(path))
    assert path.stat().st_size == 0


def test_base_taken_away_is_not_made_again(tmp_path: Path) -> None:
    path = tmp_path / "base.sqlite3"
    filled(path)
    with Store.open(url_of(path)) as store:
        store._engine.dispose()
        for one in tmp_path.iterdir():
            one.unlink()
        with pytest.raises(BaseDown, match="ne s’ouvre pas"):
            store.latest()
        assert list(tmp_path.iterdir()) == []


def test_base_put_back_serves_again(tmp_path: Path) -> None:
    path, aside = tmp_path / "base.sqlite3", tmp_path / "aside"
    filled(path)
    with Store.open(url_of(path)) as store:
        store._engine.dispose()
        shutil.move(path, aside)
        with pytest.raises(BaseDown):
            store.latest()
        shutil.move(aside, path)
        assert store.latest() == 1


@pytest.mark.parametrize(("start", "stop"), [(0, 3000), (16, 3000), (90, 500), (100, 4096), (4096, None)])
def test_damaged_pages_are_said_to_be(tmp_path: Path, start: int, stop: int | None) -> None:
    path = tmp_path / "base.sqlite3"
    filled(path)
    held = bytearray(path.read_bytes())
    held[start:stop] = b"\xff" * len(held[start:stop])
    path.write_bytes(held)
    with pytest.raises(BaseDown, match="abîmé") as failed, Store.open(url_of(path)) as store:
        store.journal.verify()
    assert str(path) in failed.value.detail and str(path) not in str(failed.value)


def test_base_that_stops_while_it_is_read_is_gone(postgresql_database_url: str) -> None:
    with opened(postgresql_database_url) as store:
        with pytest.raises(BaseDown, match="ne s’ouvre pas") as failed, store.connect() as connection:
            own = connection.connection.driver_connection.info.backend_pid
            with psycopg.connect(postgresql_database_url, autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s)", [own])
            connection.execute(sa.text("SELECT 1"))
        assert "postgresql" in failed.value.detail and "postgresql" not in str(failed.value)
        assert store.latest() == 0


@pytest.mark.parametrize("version", [migrations.VERSION + 1, migrations.VERSION - 1, None])
def test_base_that_becomes_another_versions_is_neither_read_nor_written(
    database_url: str, version: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.storage.store._EVERY", 0)
    with opened(database_url) as store, opened(database_url) as other:
        with other.writing(NADIA, NOON) as writing:
            said = (
                "DROP TABLE fabrique_versions" if version is None else f"UPDATE fabrique_versions SET version={version}"
            )
            writing.connection.exec_driver_sql(said)
        with pytest.raises(BaseDown, match="pas de la même version") as failed:
            store.latest()
        assert f"here {migrations.VERSION}" in failed.value.detail
        with pytest.raises(BaseDown, match="pas de la même version"):
            save(store, row("A"))


def test_base_that_may_only_be_read_says_so(postgresql_database_url: str) -> None:
    with (
        opened(postgresql_database_url) as store,
        pytest.raises(BaseDown, match="lecture seule"),
        store.writing(NADIA, NOON) as writing,
    ):
        writing.connection.exec_driver_sql("SET TRANSACTION READ ONLY")
        writing.connection.exec_driver_sql("DELETE FROM deposits")


def test_all_connections_taken_is_a_busy_base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "core.storage.engine._COMMON", {"pool_size": 1, "max_overflow": 0, "pool_timeout": 0.1, "hide_parameters": True}
    )
    with opened(url_of(tmp_path / "base.sqlite3")) as store, store.connect(), pytest.raises(BaseBusy):
        store.latest()


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("SQLITE_READONLY_DBMOVED", Trouble.READ_ONLY),
        ("SQLITE_IOERR_WRITE", Trouble.FULL),
        ("53100", Trouble.FULL),
        ("57P01", Trouble.GONE),
        ("08006", Trouble.GONE),
        ("3D000", Trouble.GONE),
        ("53300", Trouble.BUSY),
        ("XX001", Trouble.DAMAGED),
        ("SQLITE_ERROR", None),
        ("42P01", None),
        ("23505", None),
    ],
)
def test_names_of_both_databases_are_understood(name: str, found: Trouble | None) -> None:
    cause = SimpleNamespace(sqlstate=name) if name[0] != "S" else SimpleNamespace(sqlite_errorname=name, sqlstate=None)
    assert trouble_of(sa.exc.OperationalError("", {}, cause)) is found
    assert trouble_of(ValueError()) is None
