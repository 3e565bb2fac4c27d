"""« fabrique plugins » beside plugins that print, and beside a store that refuses one of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.core.conftest import Run
from tests.core.fake_plugins import Plugins, plugins_folder

ROOT = Path(__file__).resolve().parents[2]
PRINTS = """
import sys
print("BONJOUR À L’IMPORT")
from core import indicators_for
@hookimpl
def register_indicators(experiment):
    print("bonjour aux indicateurs")
    return indicators_for(experiment)
@hookimpl
def build_report(report):
    sys.stdout.write("bonjour à la page")
    return []
"""


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plugins]:
    """A folder of installed plugins, beside the product's own."""
    yield from plugins_folder(tmp_path, monkeypatch)


@pytest.mark.parametrize("asked", [("plugins",), ("indicators",), ("history",), ("doctor",)], ids=" ".join)
def test_what_a_plugin_prints_stays_out_of_the_document(run: Run, plugins: Plugins, asked: tuple[str, ...]) -> None:
    plugins.write(PRINTS)
    _, out, err = run(*asked, "--json")
    assert isinstance(json.loads(out), dict)
    assert "BONJOUR" in err or "onjour" in err


WRITES = """
import atexit, os, subprocess, sys
print("par Python", file=sys.__stdout__)
os.write(1, b"par le descripteur\\n")
subprocess.run([sys.executable, "-c", "print('par un programme')"])
atexit.register(lambda: os.write(1, b"en sortant\\n"))
"""


def test_nothing_that_a_plugin_writes_on_the_descriptor_itself_is_in_the_document(
    plugins: Plugins, tmp_path: Path
) -> None:
    plugins.write(WRITES)
    seen = subprocess.run(
        [sys.executable, "-c", "import sys; from core.cli import main; sys.exit(main())", "plugins", "--json"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (plugins.folder, ROOT, ROOT / "plugins")))},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    assert "essai" in {one["name"] for one in json.loads(seen.stdout)["plugins"]}
    for words in ("par Python", "par le descripteur", "par un programme", "en sortant"):
        assert words in seen.stderr


def told(run: Run, name: str = "essai") -> dict[str, Any]:
    """What « fabrique plugins --json » says of one plugin."""
    status, out, err = run("plugins", "--json")
    assert status == 0, err
    return next(one for one in json.loads(out)["plugins"] if one["name"] == name)


FICHES = """
from core import Dataset, Schema, entier, lieu, texte
class Fiches(Schema):
    code: str = texte("Code")
    lieu: str = lieu("Lieu")
    duree: int = entier("Durée", optional=True)
@hookimpl
def register_datasets():
    return [Dataset("fiches", "Fiches", Fiches, key=("code",), version=VERSION)]
"""


def test_it_says_what_the_store_refuses_and_changes_nothing(run: Run, plugins: Plugins, tmp_path: Path) -> None:
    plugins.write("VERSION = 2" + FICHES, name="avant")
    assert run("history")[0] == 0
    (plugins.folder / "avant" / "__init__.py").unlink()
    plugins.write("VERSION = 1" + FICHES, name="apres")
    one = told(run, "apres")
    assert (one["status"], one["stage"]) == ("failed", "contribute")
    assert "version 2" in one["reason"] and "version 1" in one["reason"]
    assert "écrite pour la version 2" in one["remedy"] and "restaurez" in one["remedy"]
    status, out, _ = run("plugins")
    assert status == 0 and "apres (dist-apres 1.2) : en panne" in out.replace("\u00a0", " ")


def test_a_plugin_that_is_out_is_named_where_its_names_are_asked(run: Run, plugins: Plugins, tmp_path: Path) -> None:
    plugins.write("VERSION = 2" + FICHES, name="avant")
    assert run("history")[0] == 0
    (plugins.folder / "avant" / "__init__.py").unlink()
    plugins.write("VERSION = 1" + FICHES, name="apres")
    (tmp_path / "fiches.csv").write_text("Code;Lieu\nA;Miramas\n", encoding="utf-8")
    for asked in (
        ("indicators", "-e", "essai-miramas"),
        ("import", "fiches.csv", "-a", "entraide", "-d", "fiches"),
    ):
        status, _, err = run(*asked)
        assert status == 1 and "l’extension « apres », en panne" in err.replace("\u00a0", " "), (asked, err)


def test_without_a_base_none_is_made(run: Run, plugins: Plugins, tmp_path: Path) -> None:
    plugins.write("VERSION = 1" + FICHES)
    assert told(run)["status"] == "ok"
    assert not (tmp_path / "data").exists()


@pytest.mark.usefixtures("ready")
def test_a_table_that_waits_is_told_and_not_made(run: Run, plugins: Plugins) -> None:
    plugins.write("VERSION = 1" + FICHES)
    for _ in range(2):
        one = told(run)
        assert (one["status"], one["pending"]) == ("ok", ["fiches"])
    assert run("history")[0] == 0
    assert told(run)["pending"] == []
    (held,) = [one for one in json.loads(run("plugins", "--json")[1])["associations"] if "essai" in one["plugins"]]
    assert held == {"association": "entraide", "plugins": ["essai"], "rows": {"fiches": 0}}


@pytest.mark.usefixtures("ready")
def test_the_rows_of_a_table_that_waits_for_its_upgrade_are_counted(run: Run, plugins: Plugins, tmp_path: Path) -> None:
    plugins.write("VERSION = 1" + FICHES, name="avant")
    (tmp_path / "fiches.csv").write_text("Code;Lieu\nA;Miramas\nB;Miramas\n", encoding="utf-8")
    assert run("import", "fiches.csv", "-a", "entraide", "-d", "fiches")[0] == 0
    (plugins.folder / "avant" / "__init__.py").unlink()
    steps = "from core import Upgrade\nSTEP = Upgrade(2, 'rien', lambda rows: rows)\nVERSION = 2"
    plugins.write(steps + FICHES.replace("version=VERSION", "version=VERSION, upgrades=(STEP,)"), name="apres")
    told_now = json.loads(run("plugins", "--json")[1])
    assert next(one for one in told_now["plugins"] if one["name"] == "apres")["pending"] == ["fiches"]
    (held,) = [one for one in told_now["associations"] if one["association"] == "entraide"]
    assert held["rows"] == {"fiches": 2}


@pytest.mark.usefixtures("ready")
def test_rows_that_two_plugins_share_are_counted_once(run: Run, tmp_path: Path) -> None:
    told = json.loads(run("plugins", "--json")[1])["associations"]
    assert [one["association"] for one in told].count("anonymal") == 1
    (held,) = [one for one in told if one["association"] == "anonymal"]
    assert held["plugins"] == ["ct2_anonymal", "ct3_anonymal"]
    assert "(ct2_anonymal et ct3_anonymal)" in run("plugins")[1].replace("\u00a0", " ")


BROKEN_SQL = """
from core import Computed, Count, Dataset, Indicator, Schema, col, lieu, texte
from sqlalchemy import func
class Fiches(Schema):
    code: str = texte("Code")
    lieu: str = lieu("Lieu")
@hookimpl
def register_datasets():
    return [Dataset("fiches", "Fiches", Fiches, key=("code",))]
ODD = func.nothing_of_the_kind(col("code")) == 1
def stop(cells, freshness, day):
    raise SystemExit(3)
def figure(code, numerator):
    return Indicator(code=code, label="Fiches", definition="Les fiches.", numerator=numerator, unit="fiches", axes=(1,))
@hookimpl
def register_indicators(experiment):
    return [
        figure("XS1", Count(source="fiches", where=ODD)),
        figure("XS2", Computed(codes=(), function=stop)),
        figure("XS3", Count(source="fiches")),
    ]
"""


def test_a_figure_that_cannot_be_computed_is_its_plugins_failure(run: Run, plugins: Plugins) -> None:
    plugins.write(BROKEN_SQL)
    one = told(run)
    assert (one["status"], one["stage"]) == ("failed", "compute"), one["reason"]
    assert {(f["indicator"], f["experiment"]) for f in one["failures"]} == {
        ("XS1", "essai-miramas"),
        ("XS2", "essai-miramas"),
    }
    assert "nothing_of_the_kind" in one["reason"] and one["remedy"]
    assert all(told(run, name)["status"] == "ok" for name in ("ct1_ifac", "recherche_arsenic"))
    assert "XS1" in run("plugins")[1]
