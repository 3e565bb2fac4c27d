"""Rows outlive their plugin: removed, broken or withdrawn, it leaves them readable, exportable and in the history."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

from core.cli.edge import workshop
from core.contract.scope import Scope
from core.domain.access import Actor, Role
from core.errors import UnknownName
from core.exports.takeaway import take_away
from tests.core.conftest import Run
from tests.core.desk import AT
from tests.core.fake_plugins import Plugins, plugins_folder

FICHES = """
from core import Dataset, Schema, lieu, liste, montant, texte
class Fiches(Schema):
    code: str = texte("Code de la fiche")
    lieu: str = lieu("Lieu")
    prix: int = montant("Prix payé", optional=True)
    etat: str = liste("État", ("ouverte", "fermée"), optional=True)
@hookimpl
def register_datasets():
    return [Dataset("fiches", "Fiches d’accueil", Fiches, key=("code",))]
"""
FILE = "Code de la fiche;Lieu;Prix payé;État\nF-1;Miramas;12,50;ouverte\nF-2;Miramas;;\n"


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plugins]:
    yield from plugins_folder(tmp_path, monkeypatch)


@pytest.fixture
def filled(run: Run, plugins: Plugins, tmp_path: Path) -> Plugins:
    """Two rows of an association that only this plugin brings."""
    plugins.write(FICHES)
    (tmp_path / "fiches.csv").write_text(FILE, encoding="utf-8")
    status, _, err = run("import", "fiches.csv", "-a", "entraide", "-d", "fiches")
    assert status == 0, err
    return plugins


def remove(plugins: Plugins) -> None:
    shutil.rmtree(plugins.folder / "dist_essai-1.2.dist-info")


def break_(plugins: Plugins) -> None:
    (plugins.folder / "essai" / "fabrique.toml").write_text('title = "Essai"\ncontract = "99"\n', encoding="utf-8")


@pytest.mark.parametrize("lost", [remove, break_], ids=["removed", "broken"])
def test_its_rows_are_read_and_exported_with_their_schema(run: Run, filled: Plugins, tmp_path: Path, lost) -> None:
    lost(filled)
    status, out, err = run("history", "-a", "entraide", "-d", "fiches", "--json")
    assert status == 0, err
    assert json.loads(out)["deposits"][0]["added"] == 2
    assert "Fiches d’accueil" in run("history")[1]
    status, _, err = run("rows", "sortie.csv", "-a", "entraide", "-d", "fiches")
    assert status == 0, err
    written = Path("sortie.csv").read_text(encoding="utf-8-sig").splitlines()
    assert written == ["code;lieu;prix;etat", "F-1;13063;12,50;ouverte", "F-2;13063;;"]
    schema = json.loads(Path("sortie.schema.json").read_text(encoding="utf-8"))
    assert [one["title"] for one in schema["fields"]] == ["Code de la fiche", "Lieu", "Prix payé", "État"]
    assert schema["fields"][3]["constraints"]["enum"] == ["ouverte", "fermée"]
    told = json.loads(run("plugins", "--json")[1])
    assert told["kept"] == [{"association": "entraide", "dataset": "fiches", "rows": 2}]
    assert "2 lignes sans extension" in run("plugins")[1].replace("\u00a0", " ")
    assert run("journal", "verify")[0] == 0


def test_nobody_writes_in_them(run: Run, filled: Plugins) -> None:
    remove(filled)
    for asked in (("import", "fiches.csv", "-a", "entraide", "-d", "fiches"), ("undo", "1")):
        status, _, err = run(*asked)
        assert status == 1 and "plus déclaré par aucune extension" in err.replace("\u00a0", " ")


def test_the_association_takes_them_away(filled: Plugins, run: Run, tmp_path: Path) -> None:
    remove(filled)
    with workshop() as here:
        mine = take_away(Scope(here.registry, here.store, Actor("E", Role.ASSOCIATION, "entraide"), AT), "entraide")
        (tmp_path / "tout.zip").write_bytes(mine)
        assert here.registry.association("entraide").name == "Entraide"
        assert "entraide" not in {one.code for one in here.registry.associations}
        with pytest.raises(UnknownName):
            here.registry.dataset("entraide", "fiches")
    with ZipFile(tmp_path / "tout.zip") as archive:
        names = archive.namelist()
        assert {"sans-extension/fiches.csv", "sans-extension/fiches.schema.json"} <= set(names)
        assert any(one.startswith("fichiers/") for one in names)


def test_a_plugin_that_comes_back_finds_its_rows(run: Run, filled: Plugins) -> None:
    remove(filled)
    assert run("history")[0] == 0
    filled.installed("essai", "dist-essai", "1.2")
    with workshop() as here:
        assert here.registry.kept("entraide") == ()
        assert here.store.rows("entraide", "fiches").height == 2


def test_a_backup_keeps_what_was_declared(run: Run, filled: Plugins, tmp_path: Path) -> None:
    remove(filled)
    assert run("backup", "tout.zip")[0] == 0
    shutil.rmtree(tmp_path / "data")
    assert run("restore", "tout.zip")[0] == 0
    assert run("rows", "sortie.csv", "-a", "entraide", "-d", "fiches")[0] == 0
    assert "12,50" in Path("sortie.csv").read_text(encoding="utf-8-sig")
