"""The commands « backup » and « restore », as typed on a server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]


@pytest.mark.usefixtures("ready")
def test_a_base_is_saved_checked_and_restored_elsewhere(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("seuils.csv").write_text("dataset;duree_mois;decision\nmateriel;12;Comité n° 1\n", encoding="utf-8")
    assert run("import", "seuils.csv", "-a", "metropole", "-d", "conservation")[0] == 0
    status, out, err = run("backup", "base.zip")
    assert (status, err) == (0, "") and "Sauvegarde écrite" in out and "dernier dépôt n°\xa01" in out
    assert "Sauvegarde intacte" in run("restore", "base.zip", "--check")[1]

    status, _, err = run("restore", "base.zip")
    assert status == 1 and "contient déjà des données" in err

    monkeypatch.setenv("FABRIQUE_DATABASE_URL", "sqlite:///neuve.sqlite3")
    status, out, err = run("restore", "base.zip")
    assert (status, err) == (0, "") and "journal vérifié" in out
    assert "conservation" in run("history")[1]
    assert run("journal", "verify")[0] == 0


def test_an_empty_base_never_takes_the_place_of_a_good_backup(run: Run) -> None:
    status, _, err = run("backup", "autre.zip")
    assert status == 1 and "Cette base est vide" in err and "FABRIQUE_DATABASE_URL" in err
    assert not list(Path().glob("autre.zip*"))


@pytest.mark.usefixtures("ready")
def test_a_backup_is_its_owners_alone(run: Run) -> None:
    assert run("backup", "base.zip")[0] == 0
    assert Path("base.zip").stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("ready")
def test_what_cannot_be_written_or_read_is_said(run: Run) -> None:
    status, _, err = run("backup", "nulle-part/base.zip")
    assert status == 1 and "Vérifiez que le dossier existe" in err
    assert run("backup", "data/fabrique.sqlite3")[0] == 1, "never over the base itself"
    assert run("history")[0] == 0
    status, _, err = run("restore", "absente.zip")
    assert status == 1 and "n’existe pas" in err
