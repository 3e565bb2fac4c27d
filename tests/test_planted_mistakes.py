"""Mistakes that a newcomer makes, planted in a copy of the house: `make check` names each of them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HOUSE = ("core", "dashboard", "plugins")
RULES = ("tests/test_architecture.py", "tests/architecture.ini", "tests/test_writers.py")
MISTAKES = {
    "an upward import": (
        "core/domain/calendar.py",
        "from core.storage import Store  # noqa: F401",
        "tests/test_architecture.py::test_every_floor_imports_only_floors_below",
    ),
    "SQL in a view": (
        "dashboard/views/guide.py",
        "import sqlalchemy as sa\n\nROWS = sa.select(sa.literal(1))",
        "tests/test_architecture.py::test_no_page_asks_the_database",
    ),
    "an indicator declared twice": (
        "core/catalogue/equiper_figures.py",
        "INDICATORS = (*INDICATORS, EQ5A)",
        "tests/test_architecture.py::test_every_indicator_is_declared_once",
    ),
    "a bare number written in a page": (
        "dashboard/views/guide.py",
        "def _bare(observation):\n    return f'{observation.value:.0f} ordinateurs'",
        "tests/test_writers.py",
    ),
    "one class name for two things": (
        "dashboard/views/guide.py",
        "class Observation:\n    pass",
        "tests/test_architecture.py::test_a_class_name_means_one_thing",
    ),
}
"""By mistake: the file, what is added at its end, and the rule that must say no."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code and of its rules."""
    copy = tmp_path_factory.mktemp("house")
    for name in HOUSE:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in RULES:
        (copy / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, copy / name)
    return copy


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_planted_mistake_is_found(house: Path, mistake: str) -> None:
    where, words, rule = MISTAKES[mistake]
    file = house / where
    before = file.read_text(encoding="utf-8")
    file.write_text(f"{before}\n\n{words}\n", encoding="utf-8")
    try:
        run = _tried(house, rule)
    finally:
        file.write_text(before, encoding="utf-8")
    assert run.returncode == 1, run.stdout + run.stderr
    assert "1 failed" in run.stdout or " failed" in run.stdout.splitlines()[-1]


def test_without_a_mistake_nothing_is_found(house: Path) -> None:
    run = _tried(house, *sorted({rule for *_, rule in MISTAKES.values()}))
    assert run.returncode == 0, run.stdout + run.stderr


TYPES = {
    "an untyped public function": "def untyped(value):\n    return value",
    "a wrong type": "from core.contract import Registry\n\nWRONG: int = Registry.load",
    "an unknown argument": "from core import indicators_for\n\nTHERE = indicators_for(7, nowhere=1)",
    "a misspelt attribute": "from core import french\n\nTHERE = french.eurosss(1)",
}
"""Modules of a newcomer, by their mistake."""


@pytest.fixture(scope="module")
def mypy_said(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What mypy says of all of them, each in a file of its own, and of one that has none: it starts once."""
    folder = tmp_path_factory.mktemp("planted")
    for name, words in {**TYPES, "none": "RIGHT: int = 1"}.items():
        (folder / f"{_module(name)}.py").write_text(f'"""A module of a newcomer."""\n\n{words}\n', encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml"), *sorted(folder.glob("*.py"))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1, run.stdout + run.stderr
    return run.stdout


@pytest.mark.parametrize("mistake", TYPES)
def test_a_planted_type_is_found(mypy_said: str, mistake: str) -> None:
    assert f"{_module(mistake)}.py:" in mypy_said


def test_no_other_type_is_found(mypy_said: str) -> None:
    found = [line for line in mypy_said.splitlines() if ": error:" in line]
    assert len(found) >= len(TYPES) and all("planted_" in line and "planted_none" not in line for line in found)


def _module(mistake: str) -> str:
    return f"planted_{mistake.replace(' ', '_')}"


def _tried(house: Path, *rules: str) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join((str(house), str(house / "plugins")))
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--import-mode=importlib", *rules],
        cwd=house,
        env={**os.environ, "PYTHONPATH": paths, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
