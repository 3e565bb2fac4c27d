"""Rows are sealed: who changes, removes or adds one behind the store’s back is found out, and the row is named."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa

from core.domain.dataset import Upgrade
from core.errors import RowsBroken
from core.storage import Store, engine, sealing, seals
from tests.core.storage.factories import (
    COLUMNS,
    DECIMAL,
    FULL,
    KARIM,
    NOON,
    TEXT,
    dataset,
    opened,
    prices,
    row,
    save,
)
from tests.support.databases import BACKENDS, postgres_database

TABLE = "d_anonymal_materiel"
BEFORE = Path(__file__).with_name("before")


def fill(store: Store) -> None:
    """Four revisions: three machines, one changed and one more, one removed, that taken back; then nothing to say."""
    save(store, *FULL, file=(b"machines", "machines.csv"), period="2021-T3")
    save(store, row("A1", 11_000, en_qpv=False, latitude=0.1), row("A3", 500), day=1, actor=KARIM)
    save(store, day=2, remove=["A2"])
    with store.writing(KARIM, NOON + timedelta(days=3)) as writing:
        writing.undo(3)
        writing.declare_nothing("anonymal", "materiel", "2021-T4")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of a filled base, made once."""
    folder = tmp_path_factory.mktemp("scelles")
    with opened(f"sqlite:///{folder / 'base.sqlite3'}") as store:
        fill(store)
        store.backup(folder / "base.zip")
    return folder / "base.zip"


@pytest.fixture(scope="module", params=BACKENDS)
def shared(request: pytest.FixtureRequest, made: Path) -> Iterator[sa.Engine]:
    """A filled base on each database, in which what is changed is taken back."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            url = f"sqlite:///{made.with_name('shared.sqlite3')}"
        else:
            url = stack.enter_context(postgres_database(request.getfixturevalue("postgres_url")))
        Store.restore(url, made)
        bound = engine.open_engine(url)
        yield bound
        bound.dispose()


@pytest.fixture
def url(made: Path, database_url: str) -> str:
    """A filled base of one’s own, on either database."""
    Store.restore(database_url, made)
    return database_url


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with opened(url) as found:
        yield found


def forged(url: str, *statements: str) -> None:
    """Change tables behind the store’s back."""
    bound = engine.open_engine(url)
    with engine.writing(bound) as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    bound.dispose()


def broken(store: Store) -> RowsBroken:
    with pytest.raises(RowsBroken) as caught:
        store.journal.verify()
    assert (caught.value.association, caught.value.dataset) == ("anonymal", "materiel")
    return caught.value


def test_what_nobody_touched_verifies(store: Store) -> None:
    found = store.journal.verify()
    assert (found.rows, found.late) == (6, 0), "three machines, one changed, one more, one that holds again"


def test_both_databases_seal_alike(sqlite_database_url: str, postgresql_database_url: str) -> None:
    told = []
    for url in (sqlite_database_url, postgresql_database_url):
        with opened(url) as store:
            fill(store)
            told.append([line.details.get(seals.SEAL) for line in store.journal.lines()])
    assert told[0] == told[1]
    assert sum(one is not None for one in told[0]) == 5


@pytest.mark.parametrize(
    ("statement", "revision", "rows"),
    [
        ("UPDATE {t} SET prix = 1 WHERE _key = 'A3'", 2, [("A3", "modifiée")]),
        ("UPDATE {t} SET prix = 1 WHERE _key = 'A1' AND _until IS NOT NULL", 1, [("A1", "modifiée")]),
        ("UPDATE {t} SET prix = NULL WHERE _key = 'A1' AND _until IS NULL", 2, [("A1", "modifiée")]),
        ("UPDATE {t} SET latitude = 0.1000001 WHERE latitude = 0.1", 2, [("A1", "modifiée")]),
        ("UPDATE {t} SET date_remise = '2021-09-02' WHERE _key = 'A1' AND _since = 1", 1, [("A1", "modifiée")]),
        ("UPDATE {t} SET _place = 'martigues' WHERE _key = 'A3'", 2, [("A3", "modifiée")]),
        ("UPDATE {t} SET _place = '' WHERE _key = 'A2' AND _since = 1", 1, [("A2", "modifiée")]),
        ("DELETE FROM {t} WHERE _key = 'A3'", 2, [("A3", "retirée")]),
        ("DELETE FROM {t} WHERE _key = 'A2' AND _since = 1", 1, [("A2", "retirée")]),
        ("INSERT INTO {t} (numero, _key, _since) VALUES ('Z', 'Z', 2)", 2, [("Z", "ajoutée")]),
        ("INSERT INTO {t} (numero, _key, _since) VALUES ('Z', 'Z', 5)", 5, [("Z", "ajoutée")]),
        ("INSERT INTO {t} (numero, _key, _since) VALUES ('Z', 'Z', 9)", 9, [("Z", "ajoutée")]),
        ("INSERT INTO {t} (numero, _key, _since) VALUES ('Z', 'Z', 0)", 0, [("Z", "ajoutée")]),
        ("INSERT INTO {t} (numero, _key, _since, _until) VALUES ('Z', 'Z', 1, 2)", 1, [("Z", "ajoutée")]),
        ("UPDATE {t} SET _until = 5 WHERE _key = 'A3'", 5, [("A3", "terminée ou rouverte")]),
        ("UPDATE {t} SET _until = NULL WHERE _key = 'A2' AND _until = 3", 3, [("A2", "terminée ou rouverte")]),
        ("UPDATE {t} SET _since = 1 WHERE _key = 'A3'", 1, [("A3", "ajoutée")]),
    ],
)
def test_what_is_changed_in_the_table_is_named(
    shared: sa.Engine, statement: str, revision: int, rows: list[tuple[str, str]]
) -> None:
    with shared.connect() as connection:
        if "_until = NULL" in statement:  # two rows of one key cannot hold: the other one goes first
            connection.exec_driver_sql(f"DELETE FROM {TABLE} WHERE _key = 'A2' AND _since = 4")
        connection.exec_driver_sql(statement.format(t=TABLE))
        with pytest.raises(RowsBroken) as caught:
            sealing.everything(connection)
        connection.rollback()
    found = caught.value
    assert (found.revision, list(found.rows)) == (revision, rows)
    assert f"dépôt n°\xa0{revision}" in str(found) and f"« {rows[0][0]} »".replace(" ", "\xa0") in str(found)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {t} SET prix = 500.5 WHERE _key = 'A3'",
        "UPDATE {t} SET prix = 'beaucoup' WHERE _key = 'A3'",
        "UPDATE {t} SET en_qpv = 2 WHERE _key = 'A1' AND _since = 1",
        "UPDATE {t} SET date_remise = '2021-9-1' WHERE _key = 'A1' AND _since = 1",
    ],
)
def test_sqlite_lets_in_what_would_be_read_alike(made: Path, tmp_path: Path, statement: str) -> None:
    url = f"sqlite:///{tmp_path / 'base.sqlite3'}"
    Store.restore(url, made)
    forged(url, statement.format(t=TABLE))
    with opened(url) as store:
        assert [what for _key, what in broken(store).rows] == ["modifiée"]


def test_who_forges_the_prints_too_is_found_all_the_same(store: Store, url: str) -> None:
    """The prints only name rows: the digest is in the journal."""
    forged(url, "DELETE FROM row_seals", f"UPDATE {TABLE} SET prix = 1 WHERE _key = 'A3'")
    found = broken(store)
    assert (found.revision, found.rows) == (2, ())
    assert "sans que l’on puisse dire lesquelles" in str(found)


def test_a_table_that_is_gone_is_told(store: Store, url: str) -> None:
    forged(url, "DELETE FROM schemas")
    assert broken(store).gone


def test_columns_that_change_places_are_found(store: Store, url: str) -> None:
    forged(
        url,
        f"ALTER TABLE {TABLE} RENAME COLUMN prix TO ailleurs",
        f"ALTER TABLE {TABLE} ADD COLUMN prix BIGINT",
        f"UPDATE {TABLE} SET prix = ailleurs + 1",
    )
    assert broken(store).revision == 1


# --- what may happen to a table -----------------------------------------------------------


def test_a_column_more_breaks_no_seal(store: Store) -> None:
    store.prepare("anonymal", dataset({**COLUMNS, "marque": TEXT, "poids": DECIMAL}), at=NOON)
    assert store.journal.verify().rows == 6
    store.prepare("anonymal", dataset({name: kind for name, kind in COLUMNS.items() if name != "latitude"}), at=NOON)
    save(store, row("A1", 1), day=9)
    assert store.journal.verify().rows == 7, "a column that is no longer declared keeps what it holds"


def test_a_raised_version_is_sealed_again(store: Store, url: str) -> None:
    """Past rows are filled, current ones written anew, a column retyped: each is what it is from now on."""
    step = Upgrade(2, "marque", lambda rows: rows.with_columns(pl.lit("?").alias("marque"), pl.col("prix").cast(str)))
    store.prepare("anonymal", dataset({**COLUMNS, "prix": TEXT, "marque": TEXT}, version=2, upgrades=(step,)), at=NOON)
    assert store.journal.verify().rows == 10
    assert [line.action for line in store.journal.lines(limit=2)] == ["scellé", "mise à niveau"]
    forged(url, f"UPDATE {TABLE} SET marque = 'X' WHERE _key = 'A1' AND _since = 1")
    assert list(broken(store).rows) == [("A1", "modifiée")]


def test_the_past_of_rows_that_were_changed_is_not_filled(store: Store, url: str) -> None:
    forged(url, f"UPDATE {TABLE} SET prix = 1 WHERE _key = 'A3'")
    step = Upgrade(2, "marque", lambda rows: rows.with_columns(pl.lit("?").alias("marque")))
    with pytest.raises(RowsBroken):
        store.prepare("anonymal", dataset({**COLUMNS, "marque": TEXT}, version=2, upgrades=(step,)), at=NOON)
    broken(store)


def test_a_purge_seals_what_it_leaves(store: Store, url: str) -> None:
    with store.writing(KARIM, NOON) as writing:
        assert writing.purge("anonymal", "materiel", 2, {"months": 12}).rows == 1
    assert store.journal.verify().rows == 5
    with store.connect() as connection:
        left = connection.scalars(sa.select(seals.row_seals.c.revision)).all()
    assert left == [5], "the prints of what is gone are gone"
    save(store, row("A9", 9), day=9)
    store.journal.verify()
    forged(url, f"UPDATE {TABLE} SET prix = 1 WHERE _key = 'A3'")
    assert (broken(store).revision, list(broken(store).rows)) == (5, [("A3", "modifiée")])


def test_a_purge_does_not_cover_what_was_changed(store: Store, url: str) -> None:
    forged(url, f"UPDATE {TABLE} SET prix = 1 WHERE _key = 'A3'")
    with pytest.raises(RowsBroken), store.writing(KARIM, NOON) as writing:
        writing.purge("anonymal", "materiel", 2, {"months": 12})
    assert len(store.rows("anonymal", "materiel", 1)) == 3, "nothing was removed"


def test_a_base_that_was_changed_is_not_restored(url: str, sqlite_database_url: str, tmp_path: Path) -> None:
    forged(url, f"UPDATE {TABLE} SET prix = 1 WHERE _key = 'A3'")
    with opened(url) as store:
        store.backup(tmp_path / "base.zip")
    with pytest.raises(RowsBroken):
        Store.restore(sqlite_database_url, tmp_path / "base.zip")


# --- bases of before ----------------------------------------------------------------------


@pytest.fixture
def old(request: pytest.FixtureRequest, database_url: str) -> Iterator[Store]:
    """What ``fill`` does, stored by the version that did not seal rows: its own file, or its archive restored."""
    if database_url.startswith("sqlite"):
        path = Path(database_url.removeprefix("sqlite:///"))
        path.write_bytes(gzip.decompress((BEFORE / "scelles-absents.sqlite3.gz").read_bytes()))
    else:
        Store.restore(database_url, BEFORE / "scelles-absents.zip")
    with opened(database_url) as store:
        yield store


def test_rows_of_before_are_told_as_not_sealed(old: Store, database_url: str) -> None:
    found = old.journal.verify()
    assert (found.rows, found.late) == (6, 5)
    forged(database_url, f"UPDATE {TABLE} SET prix = 1 WHERE _key = 'A3'")
    assert old.journal.verify().late == 5, "nobody can know"


def test_rows_of_before_are_sealed_as_they_are_found(old: Store, database_url: str) -> None:
    save(old, row("A9", 9), day=9)
    old.seal_the_past(at=NOON)
    lines = old.journal.verify()
    assert (lines.rows, lines.late) == (7, 5)
    old.seal_the_past(at=NOON)
    assert old.journal.verify() == lines, "once"
    assert prices(old)["A1"] == 11_000
    with old.writing(KARIM, NOON) as writing:
        writing.purge("anonymal", "materiel", 2, {"months": 12})
    assert old.journal.verify().late == 5, "a purge does not make them older than they are"
    forged(database_url, f"UPDATE {TABLE} SET prix = 1 WHERE _key = 'A3'")
    assert list(broken(old).rows) == [("A3", "modifiée")]


def test_a_raised_version_of_before_says_that_it_was_not_sealed(old: Store) -> None:
    old.seal_the_past(at=NOON)
    step = Upgrade(2, "marque", lambda rows: rows.with_columns(pl.lit("?").alias("marque")))
    old.prepare("anonymal", replace(dataset({**COLUMNS, "marque": TEXT}), version=2, upgrades=(step,)), at=NOON)
    assert old.journal.verify().late == 5
