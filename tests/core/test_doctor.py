"""« fabrique doctor » and the backups of every night: what is ill is named, with what to do; nothing is changed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.cli.doctor import Diagnosis, Health, examined
from core.contract.registry import Registry
from core.settings import Settings, sqlite_url
from core.storage import Store
from core.storage.rotation import backups, made_at

Run = Callable[..., tuple[int, str, str]]
NOW = datetime.now(UTC)
BASE = Path("data/fabrique.sqlite3")


def looked(**more: object) -> dict[str, Diagnosis]:
    return {one.subject: one for one in examined(NOW, **more)}  # type: ignore[arg-type]


@pytest.mark.usefixtures("ready")
def test_a_server_that_is_well_says_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("nuit").mkdir()
    monkeypatch.setenv("FABRIQUE_BACKUPS", "nuit")
    assert run("backup", "--keep", "3")[0] == 0
    before = BASE.read_bytes()
    status, out, err = run("doctor")
    assert (status, err) == (0, "")
    assert all(line.startswith("bien ") for line in out.splitlines()) and "intact" in out
    assert BASE.read_bytes() == before


def test_no_base_is_made_to_be_looked_at(run: Run) -> None:
    status, out, _ = run("doctor", "--json")
    told = {one["subject"]: one for one in json.loads(out)["findings"]}
    assert status == 1 and told["Base"]["health"] == "à corriger" and "n’existe pas" in told["Base"]["said"]
    assert not Path("data").exists()


@pytest.mark.usefixtures("ready", "run")
def test_a_damaged_file_is_found() -> None:
    with sqlite3.connect(BASE) as base:
        size = base.execute("PRAGMA page_size").fetchone()[0]
        page = base.execute("SELECT rootpage FROM sqlite_master WHERE name = 'journal'").fetchone()[0]
    with BASE.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    found = looked()
    assert found["Base"].health is Health.ILL and "sauvegarde" in found["Base"].said


@pytest.mark.usefixtures("ready", "run")
def test_a_journal_that_was_rewritten_is_found() -> None:
    with sqlite3.connect(BASE) as base:
        base.execute("DROP TRIGGER journal_no_update")
        base.execute("UPDATE journal SET actor = 'Personne' WHERE number = 2")
    assert looked()["Journal"].health is Health.ILL


@pytest.mark.usefixtures("ready", "run")
def test_a_clock_behind_what_was_written_is_found() -> None:
    found = {one.subject: one for one in examined(NOW - timedelta(days=400))}
    assert found["Heure"].health is Health.ILL and "à l’heure" in found["Heure"].said


@pytest.mark.usefixtures("ready", "run")
@pytest.mark.parametrize(("left", "health"), [(10**10, Health.WELL), (10**9 - 1, Health.WATCH), (10**7, Health.ILL)])
def test_a_full_disk_is_seen_before_it_is(left: int, health: Health) -> None:
    assert looked(free=lambda folder: left)["Disque de la base"].health is health


@pytest.mark.usefixtures("ready", "run")
def test_what_the_settings_leave_open_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"HOST": "0.0.0.0", "TODAY": "2022-07-05", "SMTP_HOST": "127.0.0.1", "SMTP_PORT": "1"}.items():
        monkeypatch.setenv(f"FABRIQUE_{name}", value)
    monkeypatch.setenv("FABRIQUE_SMTP_FROM", "fabrique@exemple.fr")
    found = looked()
    assert found["Réglages"].health is Health.WATCH
    assert "FABRIQUE_TODAY" in found["Réglages"].said and "HTTPS" in found["Réglages"].said
    assert found["Courriel"].health is Health.ILL
    monkeypatch.setenv("FABRIQUE_PORT", "beaucoup")
    assert [(one.subject, one.health) for one in examined(NOW)] == [("Réglages", Health.ILL)]


@pytest.mark.usefixtures("ready", "run")
def test_a_plugin_that_failed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = type("Broken", (), {"failures": (type("One", (), {"plugin": "ct1_ifac"})(),), "dataset": None})
    monkeypatch.setattr(Registry, "load", lambda **_: broken())
    found = looked()["Plugins"]
    assert found.health is Health.ILL and "ct1_ifac" in found.said


# --- the backups of every night ---------------------------------------------------------------


@pytest.mark.usefixtures("ready")
def test_the_last_backups_stay_and_what_is_somebodys_own_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Path("nuit")
    folder.mkdir()
    old = [folder / f"fabrique-2022010{day}T020000Z.zip" for day in range(1, 5)]
    for one in (*old, folder / "avant-la-mise-a-jour.zip"):
        one.write_bytes(b"PK")
    status, out, err = run("backup", "nuit", "--keep", "3")
    assert (status, err) == (0, "") and "restaurée à l’essai" in out and "3 sauvegardes gardées" in out
    left = backups(folder)
    assert left[:2] == old[2:] and NOW - timedelta(minutes=1) < made_at(left[2]) + timedelta(minutes=1)
    assert left[2].stat().st_mode & 0o777 == 0o600
    assert (folder / "avant-la-mise-a-jour.zip").exists()
    assert not list(folder.glob("*essai*"))


@pytest.mark.usefixtures("ready")
def test_nothing_leaves_for_a_backup_that_cannot_be_restored(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Path("nuit")
    folder.mkdir()
    good = folder / "fabrique-20220101T020000Z.zip"
    with Store.open(sqlite_url(BASE)) as store:
        store.backup(good)
    with sqlite3.connect(BASE) as base:
        base.execute("DROP TRIGGER journal_no_update")
        base.execute("UPDATE journal SET actor = 'Personne' WHERE number = 2")
    status, _, err = run("backup", "nuit", "--keep", "1")
    assert status == 1 and err and good.exists()


@pytest.mark.usefixtures("ready")
def test_a_folder_is_asked_for(run: Run) -> None:
    status, _, err = run("backup", "--keep", "3")
    assert status == 1 and "FABRIQUE_BACKUPS" in err
    status, _, err = run("backup", "nulle-part", "--keep", "3")
    assert status == 1 and "n’est pas un dossier" in err
    status, _, err = run("backup")
    assert status == 1 and "--keep" in err


@pytest.mark.usefixtures("run")
def test_an_old_backup_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FABRIQUE_BACKUPS", str(tmp_path))
    assert looked()["Sauvegardes"].health is Health.ILL
    (tmp_path / f"fabrique-{NOW - timedelta(days=3):%Y%m%dT%H%M%S}Z.zip").write_bytes(b"PK")
    found = looked()["Sauvegardes"]
    assert found.health is Health.ILL and "la dernière est du" in found.said
    (tmp_path / f"fabrique-{NOW - timedelta(hours=9):%Y%m%dT%H%M%S}Z.zip").write_bytes(b"PK")
    assert looked()["Sauvegardes"].health is Health.WELL
    assert Settings.read().backups == tmp_path
