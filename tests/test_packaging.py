"""What is delivered: the distribution, the pinned packages, the data and fonts inside, the commands."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from importlib.resources import files
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from PIL import ImageFont

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
NAME = PROJECT["project"]["name"]
PLUGINS = sorted(PROJECT["project"]["entry-points"]["fabrique.experiments"].values())
REQUIREMENTS = ("build", "runtime", "dev")
FONT_FOLDERS = (ROOT / "core/data/fonts", ROOT / "dashboard/static/fonts")
MARKS = "▲●▼■○□✓→←↑↓↗↘—’«»€≤≥"

# Written so that this file does not hold what it looks for.
FORBIDDEN = re.compile(
    r"py(?:thonhosted|pi)\.org|npm(?:js)\.(?:org|com)|(?:deb|security)\.debian\.org"
    r"|(?<![\w.:/-])/(?:home|root|work|Users)/\w"
)


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    ).stdout.decode()
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def pins(name: str) -> dict[str, list[Requirement]]:
    """The pinned requirements of a file, by name: numpy has one for each range of Pythons."""
    found: dict[str, list[Requirement]] = {}
    for line in requirement_lines(name):
        requirement = Requirement(line.split(" --hash=")[0].strip())
        found.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    return found


def requirement_lines(name: str) -> list[str]:
    text = (ROOT / f"requirements/{name}.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def version(requirement: Requirement) -> str:
    return next(iter(requirement.specifier)).version


# --- the distribution ---------------------------------------------------------------------


@pytest.mark.parametrize("package", ["core", "dashboard", *PLUGINS])
def test_top_level_package_is_ours_alone(package: str) -> None:
    assert set(packages_distributions()[package]) == {NAME}


@pytest.mark.parametrize("plugin", PLUGINS)
def test_each_entry_point_has_its_folder(plugin: str) -> None:
    assert (ROOT / "plugins" / plugin / "__init__.py").is_file()


def test_wheel_holds_every_data_file(tmp_path: Path) -> None:
    """Built from a copy of what is tracked, so that nothing of this machine comes along."""
    copy = tmp_path / "source"
    for path in tracked():
        target = copy / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    build = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", build, str(tmp_path)], cwd=copy, check=True, capture_output=True)
    wheel = next(tmp_path.glob("*.whl"))
    inside = set(zipfile.ZipFile(wheel).namelist())
    wanted = {str(path.relative_to(ROOT)).removeprefix("plugins/") for path in tracked() if is_delivered(path)}
    assert wanted - inside == set()


def is_delivered(path: Path) -> bool:
    return path.relative_to(ROOT).parts[0] in ("core", "dashboard", "plugins")


@pytest.mark.parametrize(
    "name", ["communes.csv", "places.csv", "outlines.json", "cerfa_15059.csv", "fonts/fabrique-lisible-400.ttf"]
)
def test_data_file_is_read_from_the_package(name: str) -> None:
    assert files("core").joinpath("data", name).read_bytes()


# --- the pinned packages ------------------------------------------------------------------


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_every_pinned_package_has_a_hash(name: str) -> None:
    hashed = re.compile(r"[\w.\[\]-]+==\S+( ; [^#]+?)?(\s+--hash=sha256:[0-9a-f]{64})+")
    lines = requirement_lines(name)
    unhashed = [line for line in lines if not hashed.fullmatch(line)]
    assert lines
    assert unhashed == []


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("runtime", PROJECT["project"]["dependencies"]),
        ("runtime", PROJECT["project"]["optional-dependencies"]["postgres"]),
        ("dev", PROJECT["dependency-groups"]["dev"]),
        ("build", PROJECT["dependency-groups"]["build"]),
    ],
)
def test_pins_honour_the_ranges_of_pyproject(name: str, wanted: list[str]) -> None:
    pinned = pins(name)
    for line in wanted:
        requirement = Requirement(line)
        for pin in pinned[canonicalize_name(requirement.name)]:
            assert requirement.specifier.contains(version(pin)), line


def test_tests_run_on_the_packages_that_people_get() -> None:
    runtime, dev = pins("runtime"), pins("dev")
    assert {name: dev[name] for name in runtime} == runtime


# --- nothing of the machine that made it ---------------------------------------------------


def test_no_registry_host_or_machine_path_is_tracked() -> None:
    found = []
    for path in tracked():
        text = path.read_bytes().decode("utf-8", errors="replace")
        found += [f"{path.relative_to(ROOT)}: {match}" for match in FORBIDDEN.findall(text)] if "\0" not in text else []
    assert found == []


@pytest.mark.parametrize("text", ["https://py" + "pi.org/simple", "see /ho" + "me/anna/fabrique"])
def test_forbidden_words_are_recognised(text: str) -> None:
    assert FORBIDDEN.search(text)


# --- fonts --------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", FONT_FOLDERS, ids=lambda folder: folder.parent.name)
def test_fonts_stand_beside_their_licence(folder: Path) -> None:
    assert [font for font in folder.iterdir() if font.suffix in (".ttf", ".woff2")]
    assert "SIL Open Font License, Version 1.1" in (folder / "OFL.txt").read_text(encoding="utf-8")


def test_no_font_lies_elsewhere() -> None:
    fonts = [path for path in tracked() if path.suffix in (".ttf", ".otf", ".woff", ".woff2")]
    assert {font.parent for font in fonts} <= set(FONT_FOLDERS)


@pytest.mark.parametrize("weight", [400, 700])
def test_paper_font_draws_every_mark(weight: int) -> None:
    font = ImageFont.truetype(str(FONT_FOLDERS[0] / f"fabrique-lisible-{weight}.ttf"), 40)
    unknown = bytes(font.getmask("\U0010fffd"))
    assert [mark for mark in MARKS if bytes(font.getmask(mark)) == unknown] == []


@pytest.mark.parametrize("weight", [400, 700])
def test_thin_space_is_thinner_than_a_space(weight: int) -> None:
    font = ImageFont.truetype(str(FONT_FOLDERS[0] / f"fabrique-lisible-{weight}.ttf"), 100)
    assert 0 < font.getlength("\u202f") < font.getlength(" ")


# --- the two commands ---------------------------------------------------------------------


@pytest.mark.parametrize("command", ["make run", "make test", "make demo", "make setup"])
def test_readme_shows_the_command(command: str) -> None:
    assert command in (ROOT / "README.md").read_text(encoding="utf-8")


def test_ci_runs_the_command_of_the_readme() -> None:
    script = ROOT / ".ci/run"
    assert os.access(script, os.X_OK)
    assert "make test" in script.read_text(encoding="utf-8")


def test_licence_is_the_one_announced() -> None:
    assert PROJECT["project"]["license"] == "EUPL-1.2"
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")


@pytest.mark.parametrize("setting", ["error", "--strict-markers"])
def test_pytest_is_strict(setting: str, pytestconfig: pytest.Config) -> None:
    assert setting in [*pytestconfig.getini("filterwarnings"), *pytestconfig.getini("addopts")]
