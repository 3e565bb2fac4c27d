"""A base that cannot be opened says why, in French."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.errors import Conflict, Misconfigured
from core.storage.schema import table_name
from core.storage.store import Store
from tests.core.storage.factories import NADIA, NOON, dataset, frame, opened, row


def test_the_folder_of_the_base_is_made(tmp_path: Path) -> None:
    path = tmp_path / "data" / "deep" / "fabrique.sqlite3"
    with Store.open(f"sqlite:///{path}") as store:
        assert store.latest() == 0
        assert store.dialect == "sqlite"
    assert path.exists()


@pytest.mark.parametrize(
    ("url", "match"),
    [
        ("n’importe quoi", "n’est pas comprise"),
        ("mysql://serveur/base", "n’est pas comprise"),
        ("sqlite://", "en mémoire"),
        ("sqlite:///:memory:", "en mémoire"),
        ("sqlite:////proc/nulle-part/f.sqlite3", "ne peut pas être créé"),
        ("sqlite:////proc", "ne s’ouvre pas"),
        ("postgresql://moi:secret@127.0.0.1:1/base?connect_timeout=1", "ne s’ouvre pas"),
    ],
)
def test_a_wrong_address_is_explained(url: str, match: str) -> None:
    with pytest.raises(Misconfigured, match=match) as refused:
        Store.open(url)
    assert "secret" not in str(refused.value)


def test_a_file_that_is_no_base_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "photo.sqlite3"
    path.write_bytes(b"not a database at all, whatever its name says" * 100)
    with pytest.raises(Misconfigured, match="ne s’ouvre pas"):
        Store.open(f"sqlite:///{path}")


def test_table_names_are_plain_and_distinct() -> None:
    assert table_name("point-formation", "materiel", ()) == "d_point_formation_materiel"
    first, second = table_name("a-b", "c", ()), table_name("a", "b-c", ("d_a_b_c",))
    assert first == "d_a_b_c"
    assert second.startswith("d_a_b_c_")
    assert len(table_name("a" * 80, "b", ())) <= 50


def test_codes_that_look_alike_have_their_own_tables(database_url: str) -> None:
    with opened(database_url, dataset(code="a-b"), dataset(code="a_b")) as store:
        assert store.table("anonymal", "a-b").name != store.table("anonymal", "a_b").name


def test_a_base_without_room_says_so(tmp_path: Path) -> None:
    with opened(f"sqlite:///{tmp_path / 'full.sqlite3'}") as store:
        with pytest.raises(Misconfigured, match="la place sur le disque"), store.writing(NADIA, NOON) as writing:
            pages = writing.connection.exec_driver_sql("PRAGMA page_count").scalar()
            writing.connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
            writing.save("anonymal", "materiel", frame(row("A")), file=(bytes(100_000), "a.csv"))
        assert store.deposits() == []


@pytest.mark.parametrize(
    ("code", "error", "match"),
    [("SQLITE_READONLY", Misconfigured, "les droits"), ("SQLITE_BUSY", Conflict, "Quelqu’un d’autre enregistre")],
)
def test_a_base_that_may_not_be_written_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, error: type[Exception], match: str
) -> None:
    def refuse(_connection: sa.Connection) -> None:
        cause = sqlite3.OperationalError("no")
        cause.sqlite_errorname = code
        raise sa.exc.OperationalError("BEGIN IMMEDIATE", {}, cause)

    with opened(f"sqlite:///{tmp_path / 'closed.sqlite3'}") as store:
        monkeypatch.setattr(sa.Connection, "begin", refuse)
        with pytest.raises(error, match=match), store.writing(NADIA, NOON):
            raise AssertionError("nobody may write here")


def test_a_failed_statement_tells_no_value(database_url: str) -> None:
    with opened(database_url) as store, store.connect() as connection, pytest.raises(sa.exc.DBAPIError) as failed:
        connection.execute(sa.text("SELECT :name FROM nowhere"), {"name": "Mme Dupont"})
    assert "nowhere" in str(failed.value) and "Dupont" not in str(failed.value)
