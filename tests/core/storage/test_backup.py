"""A base goes into one file while people write, and comes back whole, on the same database or on the other one."""

from __future__ import annotations

import json
import os
import random
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.contract import schema_setup
from core.errors import JournalBroken, Refused
from core.storage import Store, backup
from core.storage.backup import MANIFEST, ArchiveContents, check
from core.storage.schema import CORE
from tests.core.storage.factories import FULL, MATERIEL, NADIA, NOON, frame, opened, prices, row, save
from tests.support.databases import sqlite_url
from tests.support.filled import NOW, demonstration_url, registry


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ArchiveContents]:
    """The archive of the whole demonstration."""
    out = tmp_path_factory.mktemp("sauvegarde") / "annee.zip"
    with Store.open(demonstration_url()) as store:
        return out, store.backup(out)


def test_the_whole_year_comes_back_on_either_database(
    year: tuple[Path, ArchiveContents], database_url: str, tmp_path: Path
) -> None:
    archive, held = year
    assert Store.restore(database_url, archive) == held == check(archive)
    with Store.open(database_url) as again, Store.open(demonstration_url()) as first:
        schema_setup.prepare(registry(), again, at=NOW)
        schema_setup.prepare(registry(), first, at=NOW)
        assert (again.latest(), again.deposits()) == (first.latest(), first.deposits())
        assert again.journal.verify() == first.journal.verify()
        assert again.entries() == first.entries()
        for association in registry().associations:
            for dataset in registry().datasets(association.code):
                for revision in (None, 60):
                    mine, theirs = (one.rows(association.code, dataset.code, revision) for one in (again, first))
                    assert mine.equals(theirs, null_equal=True), (association.code, dataset.code, revision)
        deposit = next(one for one in first.deposits() if one.sha256)
        assert again.file(deposit.sha256) == first.file(deposit.sha256)
        again.backup(tmp_path / "encore.zip")
    assert (tmp_path / "encore.zip").read_bytes() == archive.read_bytes(), "nothing of any table is lost or turned"


def test_a_restored_base_goes_on(database_url: str, tmp_path: Path) -> None:
    source, out = sqlite_url(tmp_path), tmp_path / "base.zip"
    with opened(source) as store:
        save(store, *FULL)
        store.backup(out)
    Store.restore(database_url, out)
    with opened(database_url) as store:
        assert save(store, row("A9", prix=500)).revision == 2
        assert store.journal.verify().lines > check(out).journal
        assert prices(store)["A9"] == 500


def test_what_is_written_meanwhile_is_not_half_there(database_url: str, tmp_path: Path) -> None:
    """The archive shows one state: a deposit that ends while it is written is in none of its tables."""
    with opened(database_url) as store:
        save(store, *FULL)
        with store.connect() as connection:
            connection.execute(sa.select(sa.literal(1)).select_from(CORE.tables["journal"])).all()
            save(store, row("A9", prix=500))
            held = backup.write(connection, tmp_path / "avant.zip")
        assert (held.revision, store.latest()) == (1, 2)
    assert Store.restore(sqlite_url(tmp_path), tmp_path / "avant.zip") == held


def test_a_base_that_holds_something_is_left_alone(year: tuple[Path, ArchiveContents], database_url: str) -> None:
    with opened(database_url) as store:
        save(store, *FULL)
    with pytest.raises(Refused, match="contient déjà des données"):
        Store.restore(database_url, year[0])
    with opened(database_url) as store:
        assert store.latest() == 1 and len(store.rows("anonymal", "materiel")) == len(FULL)


def _cut(archive: Path) -> None:
    archive.write_bytes(archive.read_bytes()[:-4000])


def _altered(archive: Path) -> None:
    """One digit of one amount, the ZIP itself being whole."""
    _rewritten(archive, lambda name, data: data.replace(b"2450000", b"2450001") if "comptes" in name else data)


def _without_a_row(archive: Path) -> None:
    _rewritten(archive, lambda name, data: data[data.index(b"\n") + 1 :] if "journal" in name else data)


def _nothing_of_ours(archive: Path) -> None:
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("lisez-moi.txt", "Bonjour")


def _newer(archive: Path) -> None:
    def newer(name: str, data: bytes) -> bytes:
        return json.dumps(json.loads(data) | {"core": 999}).encode() if name == MANIFEST else data

    _rewritten(archive, newer)


def _rewritten(archive: Path, change: Callable[[str, bytes], bytes]) -> None:
    with zipfile.ZipFile(archive) as found:
        members = {name: change(name, found.read(name)) for name in found.namelist()}
    with zipfile.ZipFile(archive, "w") as made:
        for name, data in members.items():
            made.writestr(name, data)


@pytest.mark.parametrize(
    ("harm", "error", "said"),
    [
        (_cut, Refused, "n’est pas une sauvegarde de Fabrique, ou elle est coupée"),
        (_altered, JournalBroken, "n’est plus celle qui a été écrite"),
        (_without_a_row, JournalBroken, "journal"),
        (_nothing_of_ours, Refused, "sa description n’y est pas"),
        (_newer, Refused, "version plus récente"),
        (Path.unlink, Refused, "n’existe pas"),
    ],
)
def test_a_bad_archive_is_refused_and_the_base_stays_empty(
    year: tuple[Path, ArchiveContents], tmp_path: Path, harm: Callable[[Path], None], error: type[Exception], said: str
) -> None:
    archive = Path(shutil.copy(year[0], tmp_path))
    harm(archive)
    url = sqlite_url(tmp_path)
    with pytest.raises(error, match=said):
        Store.restore(url, archive)
    with Store.open(url) as store:
        assert store.latest() == 0 and store.journal.verify().lines == 0


def test_every_damaged_byte_is_told_as_damage(year: tuple[Path, ArchiveContents], tmp_path: Path) -> None:
    """Whatever bit is flipped, it is ours to say so: no error of Python’s own comes out."""
    chance, whole = random.Random(4), year[0].read_bytes()
    told = 0
    for _ in range(60):
        data = bytearray(whole)
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        (tmp_path / "abimee.zip").write_bytes(data)
        try:
            check(tmp_path / "abimee.zip")
        except (Refused, JournalBroken):
            told += 1
    assert told > 50, "but for bits that say nothing, as a date of a member"


def test_a_backup_never_takes_the_place_of_something_else(tmp_path: Path) -> None:
    path = tmp_path / "base.sqlite3"
    letter = tmp_path / "lettre.zip"
    letter.write_text("Une lettre", encoding="utf-8")
    with opened(f"sqlite:///{path}") as store:
        save(store, *FULL)
        with pytest.raises(Refused, match="finit par"):
            store.backup(path)
        with pytest.raises(Refused, match="il n’est pas remplacé"):
            store.backup(letter)
        first = store.backup(tmp_path / "base.zip")
        save(store, row("A9", prix=500))
        assert store.backup(tmp_path / "base.zip").revision == first.revision + 1, (
            "an older archive of ours is replaced"
        )
        assert prices(store)["A9"] == 500
    assert letter.read_text(encoding="utf-8") == "Une lettre"


def test_former_values_of_a_retyped_column_come_back(database_url: str, tmp_path: Path) -> None:
    with Store.open(sqlite_url(tmp_path)) as store:
        store.prepare("anonymal", MATERIEL, at=NOON, actor=NADIA)
        with store.writing(NADIA, NOON) as writing:
            # A row that was deposited: one that was only inserted is found, and not restored.
            writing.save("anonymal", "materiel", frame(row("A1")))
            writing.connection.exec_driver_sql("ALTER TABLE d_anonymal_materiel ADD COLUMN prix_avant TEXT")
            writing.connection.exec_driver_sql("UPDATE d_anonymal_materiel SET prix_avant = '12,50'")
        store.backup(tmp_path / "base.zip")
    Store.restore(database_url, tmp_path / "base.zip")
    with Store.open(database_url) as store, store.connect() as connection:
        found = connection.exec_driver_sql("SELECT numero, prix_avant FROM d_anonymal_materiel").all()
    assert [tuple(one) for one in found] == [("A1", "12,50")]


def test_a_journal_that_was_broken_is_not_brought_back(tmp_path: Path) -> None:
    path = tmp_path / "base.sqlite3"
    with opened(f"sqlite:///{path}") as store:
        save(store, *FULL)
        with store.writing(NADIA, NOON) as writing:
            writing.connection.exec_driver_sql("UPDATE d_anonymal_materiel SET _since = 9")
            writing.connection.exec_driver_sql("UPDATE deposits SET added = 99")
        store.backup(tmp_path / "base.zip")
    url = sqlite_url(tmp_path)
    with pytest.raises(JournalBroken):
        Store.restore(url, tmp_path / "base.zip")
    with Store.open(url) as store:
        assert store.journal.verify().lines == 0 and store.deposits() == []


def test_open_sessions_stay_behind(tmp_path: Path) -> None:
    with opened(sqlite_url(tmp_path)) as store:
        store.prepare("anonymal", MATERIEL, at=NOON, actor=NADIA)
        store.backup(tmp_path / "base.zip")
    with zipfile.ZipFile(tmp_path / "base.zip") as archive:
        names = archive.namelist()
    assert "tables/accounts.jsonl" in names
    assert not {"tables/sessions.jsonl", "tables/sign_in_tries.jsonl", "tables/known_browsers.jsonl"} & set(names)


def test_drafts_that_killed_backups_left_are_removed_and_nothing_else(tmp_path: Path) -> None:
    killed, empty, recent, foreign = (
        tmp_path / name for name in ("lundi.zip.partiel", "a.partiel", "b.zip.partiel", "notes.partiel")
    )
    for path, body in ((killed, b"PK\x03\x04half"), (empty, b""), (recent, b"PK\x03\x04"), (foreign, b"mes notes")):
        path.write_bytes(body)
        if path is not recent:
            os.utime(path, (0, 0))
    with opened(f"sqlite:///{tmp_path / 'base.sqlite3'}") as store:
        save(store, row("A"))
        store.backup(tmp_path / "mardi.zip")
    assert sorted(path.name for path in tmp_path.glob("*.partiel")) == ["b.zip.partiel", "notes.partiel"]
