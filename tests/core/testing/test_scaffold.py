"""`fabrique plugin new`: six answers become a distribution of the highest level, or a sentence says what is wrong."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.contract import Registry
from core.testing import PluginLevel, check, checking, scratch
from core.testing.subject import Subject
from tests.core.fake_plugins import Plugins, plugins_folder

Run = Callable[..., tuple[int, str, str]]
ROOT = Path(__file__).resolve().parents[3]
WHERE = ("--association", "Entr'aide", "--places", "Miramas, Istres")
WHOLE = (
    *WHERE,
    *("--axes", "1, 3", "--datasets", "materiel, diagnostics"),
    *("--column", "diagnostics/Tablettes prêtées/entier", "--figure", "Tablettes prêtées/tablettes"),
)


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plugins]:
    yield from plugins_folder(tmp_path / "essai_miramas", monkeypatch)


def test_six_options_make_a_plugin_of_the_highest_level(run: Run, plugins: Plugins) -> None:
    status, out, said = run("plugin", "new", "essai_miramas", *WHOLE)
    assert (status, said) == (0, "") and "pip install ./essai_miramas" in out
    plugins.installed("essai_miramas", "fabrique-essai-miramas", "1.0")
    registry = Registry.load(strict=True)
    verdict = check(registry, "essai_miramas")
    assert [one.told for one in verdict.findings] == []
    assert verdict.level is PluginLevel.GOLD and verdict.unasked == ("store",)
    assert [one.name for one in registry.experiment("essai-miramas").places] == ["Miramas", "Istres"]
    assert registry.association("entr-aide").name == "Entr’aide"
    assert registry.dataset("entr-aide", "diagnostics").by_name["tablettes_pretees"].title == "Tablettes prêtées"


def test_machines_that_wait_in_stock_are_of_no_total_that_was_voted(
    run: Run, plugins: Plugins, postgresql_database_url: str
) -> None:
    """A table whose rows may be at no place yet, with a column of each association's own."""
    own = ("--axes", "1", "--datasets", "materiel", "--column", "materiel/Étagère/texte")
    assert run("plugin", "new", "essai_miramas", *WHERE, *own)[0] == 0
    plugins.installed("essai_miramas", "fabrique-essai-miramas", "1.0")
    registry = Registry.load(strict=True)
    (plugin,) = [one for one in registry.plugins if one.name == "essai_miramas"]
    subject = Subject(registry, plugin, "essai_miramas")
    assert [one.told for one in checking.tried(subject, postgresql_database_url)] == []


def test_tables_of_subsidy_lines_are_no_fault_of_whom_nobody_voted(run: Run, plugins: Plugins) -> None:
    own = ("--axes", "1", "--datasets", "materiel, depenses_a_date, comptes")
    assert run("plugin", "new", "essai_miramas", *WHERE, *own)[0] == 0
    plugins.installed("essai_miramas", "fabrique-essai-miramas", "1.0")
    registry = Registry.load(strict=True)
    (plugin,) = [one for one in registry.plugins if one.name == "essai_miramas"]
    subject = Subject(registry, plugin, "essai_miramas")
    with scratch.scratch_store() as store:
        assert [one.told for one in scratch.try_examples(scratch.Trial(subject, store))] == []


@pytest.mark.parametrize(
    "more",
    [
        WHOLE[4:],
        ("--axes", "2"),
        (
            "--axes",
            "3",
            "--datasets",
            "formations",
            "--column",
            "formations/Salle/oui_non",
            "--figure",
            "Salles/salles",
        ),
        ("--axes", "1", "--column", "materiel/Étagère/texte"),
        ("--axes", "2", "--figure", "Immeubles suivis/immeubles"),
    ],
)
def test_what_is_written_is_as_well_set_as_the_product(run: Run, tmp_path: Path, more: tuple[str, ...]) -> None:
    assert run("plugin", "new", "essai", *WHERE, *more)[0] == 0
    ruff = [Path(sys.executable).with_name("ruff"), "--config", ROOT / "pyproject.toml"]
    for command in (["check"], ["format", "--check"]):
        seen = subprocess.run(
            [ruff[0], *command, *ruff[1:], "--config", "lint.isort.known-first-party=['core', 'essai']", "essai"],
            cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert seen.returncode == 0, seen.stdout


def test_a_person_in_front_is_asked_the_six_questions(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = io.StringIO("Entraide\nMiramas\n1\n\n\n\n")
    monkeypatch.setattr(typed, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys, "stdin", typed)
    status, out, _ = run("plugin", "new", "essai")
    assert status == 0 and out.count("?") >= 6
    assert 'DATASETS["materiel"]' in (tmp_path / "essai/essai/datasets.py").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("essai", "--places", "Miramas"), "Il manque --association"),
        (("Essai-1", *WHERE, "--axes", "1"), "Par exemple : essai_1"),
        (("essai", "-a", "X", "--places", "Mirama", "--axes", "1"), "Vouliez-vous dire « Miramas »"),
        (("essai", *WHERE, "--axes", "1, 4"), "Les axes sont 1"),
        (("essai", *WHERE, "--axes", "1", "--datasets", "immeubles"), "de l’axe 2"),
        (("essai", *WHERE, "--axes", "1", "--datasets", "materielle"), "Vouliez-vous dire « materiel »"),
        (("essai", *WHERE, "--axes", "1", "--column", "materiel/Statut/texte"), "un autre titre"),
        (("essai", *WHERE, "--axes", "1", "--column", "materiel/Étage"), "TABLEAU/TITRE/GENRE"),
        (("essai", *WHERE, "--axes", "1", "--column", "materiel/Étage/nombre"), "Le genre « nombre »"),
        (("essai", *WHERE, "--axes", "1", "--figure", "Lieux ouverts/lieu"), "au pluriel"),
        (("essai", "-a", 'X", evil("', "--places", "Miramas", "--axes", "1"), "ne peut pas être écrit"),
    ],
)
def test_an_answer_that_cannot_be_taken_is_told(run: Run, arguments: tuple[str, ...], words: str) -> None:
    status, out, said = run("plugin", "new", *arguments)
    assert (status, out) == (1, "")
    assert words in re.sub("[\u00a0\u202f]", " ", said)


@pytest.mark.parametrize("name", ["class", "json", "polars"])
def test_a_name_that_python_or_a_package_has_is_refused(name: str, run: Run, tmp_path: Path) -> None:
    status, _, said = run("plugin", "new", name, *WHERE, "--axes", "1")
    assert status == 1 and "déjà le nom" in said
    assert not (tmp_path / name).exists()


def test_nothing_is_written_over(run: Run, tmp_path: Path) -> None:
    (tmp_path / "essai").mkdir()
    (tmp_path / "essai/mine.txt").write_text("mine", encoding="utf-8")
    status, _, said = run("plugin", "new", "essai", *WHERE, "--axes", "1")
    assert status == 1 and "n’est pas vide" in said
    assert [path.name for path in (tmp_path / "essai").iterdir()] == ["mine.txt"]
