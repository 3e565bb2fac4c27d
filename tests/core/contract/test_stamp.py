"""The level of a plugin, as the check wrote it: shown while the files are the same, and no longer."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.contract import Registry
from core.contract.stamp import NAME, module_of, package_of, read_stamp, write_stamp
from dashboard.views.plugins import level_words
from tests.core.fake_plugins import Plugins, plugins_folder

Run = Callable[..., tuple[int, str, str]]
PLUGINS = sorted(path.parent for path in (Path(__file__).parents[3] / "plugins").glob("*/__init__.py"))


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plugins]:
    yield from plugins_folder(tmp_path, monkeypatch)


@pytest.mark.parametrize("package", PLUGINS, ids=lambda path: path.name)
def test_our_plugins_are_of_the_highest_level_as_they_stand(package: Path) -> None:
    found = read_stamp(package)
    assert found is not None and found.level == "or"
    assert found.current, f"it changed since: fabrique plugin check {package.name} --stamp"


def test_a_plugin_that_changes_is_to_be_checked_again(tmp_path: Path) -> None:
    package = tmp_path / "ct1_ifac"
    shutil.copytree(PLUGINS[0], package)
    write_stamp(package, "argent")
    assert read_stamp(package).current  # type: ignore[union-attr]
    with (package / "report.py").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert not read_stamp(package).current  # type: ignore[union-attr]
    write_stamp(package, None)
    assert read_stamp(package) is None and not (package / NAME).exists()


def test_page_of_plugins_shows_the_level(installed_registry: Registry) -> None:
    assert {level_words(one) for one in installed_registry.plugins} == {"or"}


def test_a_stranger_without_stamp_is_to_be_checked(plugins: Plugins, run: Run) -> None:
    registry = Registry.load([plugins.write()])
    (plugin,) = registry.plugins
    assert level_words(plugin) == "à vérifier"
    assert run("plugin", "check", "essai", "--stamp", "--json")[0] == 1
    assert read_stamp(package_of(module_of(plugin))) is None
