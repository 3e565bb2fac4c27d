"""Four broken plugins installed beside the five: each is named, and the five stand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.plugins_broken import KINDS, install

ROOT = Path(__file__).resolve().parents[2]
SIX = {
    "ct1-frais-vallon",
    "ct1-plan-d-aou",
    "ct2-pays-d-aix",
    "ct3-pays-salonais",
    "ct6-pays-de-martigues",
    "recherche-action",
}
EXPECTED = {
    # kind: stage, words of the reason, words of the remedy
    "hook_raises": ("contribute", "le fichier des jeux de données est vide", "auteur"),
    "import_fails": ("load", "paquet_que_personne_n_a", "Installez"),
    "misspelt_hook": ("register", "build_raport", "build_report"),
    "page_raises": ("run", "IndexError", "auteur"),
}


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the four, installed by pip."""
    return install(tmp_path_factory.mktemp("broken"))


def fabrique(beside: Path, home: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "import sys; from core.cli import main; sys.exit(main())", *arguments],
        cwd=home,
        env={**os.environ, "PYTHONPATH": f"{beside}{os.pathsep}{ROOT}", **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="module")
def told(beside: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What « fabrique plugins --json » says of each plugin."""
    run = fabrique(beside, tmp_path_factory.mktemp("home"), "plugins", "--json")
    assert run.returncode == 0, run.stderr
    assert "Traceback" not in run.stderr
    return {one["name"]: one for one in json.loads(run.stdout)["plugins"]}


def test_every_kind_is_expected() -> None:
    assert tuple(sorted(EXPECTED)) == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_each_broken_plugin_is_named(told: dict[str, dict[str, Any]], kind: str) -> None:
    stage, reason, remedy = EXPECTED[kind]
    one = told[f"broken_{kind}"]
    assert (one["status"], one["stage"]) == ("failed", stage), one
    assert one["distribution"] == f"fabrique-broken-{kind.replace('_', '-')}"
    assert one["version"].startswith("0.")
    assert reason in one["reason"] and remedy in one["remedy"], one


def test_the_five_stand_beside_the_broken_ones(told: dict[str, dict[str, Any]]) -> None:
    sound = [one for one in told.values() if one["status"] == "ok"]
    assert {code for one in sound for code in one["experiments"]} == SIX


def test_figures_of_the_others_are_still_computed(beside: Path, tmp_path: Path) -> None:
    run = fabrique(beside, tmp_path, "indicators", "--json")
    assert run.returncode == 0, run.stderr
    columns = {one["experiment"] for one in json.loads(run.stdout)["observations"]}
    # The page that breaks costs the page, not the column.
    assert columns >= SIX | {None}
    assert "essai-2" not in columns and "essai-4" not in columns


def test_strict_mode_stops_at_the_first(beside: Path, tmp_path: Path) -> None:
    run = fabrique(beside, tmp_path, "plugins", FABRIQUE_STRICT_PLUGINS="1")
    assert run.returncode == 1
    assert "RuntimeError" in run.stderr and "Traceback" not in run.stderr
