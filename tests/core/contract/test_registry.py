"""What the registry keeps when plugins are sound, and that it only asks."""

from __future__ import annotations

import inspect
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from core.contract import Registry, hookspecs
from core.domain.french import typeset
from core.errors import UnknownName
from core.testing import assert_conforms, blank_report, complaints
from tests.core.fake_plugins import Plugins, plugins_folder

HOOKS = [getattr(hookspecs, name) for name in hookspecs.HOOKS]


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plugins]:
    yield from plugins_folder(tmp_path, monkeypatch)


def docstring_plugin(hook: object) -> str:
    """The plugin that stands in the docstring of a hook: what is indented after « :: »."""
    lines = inspect.getdoc(hook).split("::\n", 1)[1].splitlines()
    block = []
    for line in lines:
        if line and not line.startswith("    "):
            break
        block.append(line)
    return dedent("\n".join(block))


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook.__name__)
def test_the_plugin_of_each_docstring_runs(plugins: Plugins, hook: object) -> None:
    source = docstring_plugin(hook)
    registry = Registry.load([plugins.write(source, base="")], strict=True)
    (experiment,) = registry.experiments
    assert hook.__name__ in registry.plugins[0].hooks
    registry.build_report(experiment.code, blank_report(experiment))


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook.__name__)
def test_the_docstring_says_what_is_refused(hook: object) -> None:
    assert "Refused" in inspect.getdoc(hook)


def test_an_unvoted_experiment_becomes_a_column(plugins: Plugins) -> None:
    registry = Registry.load([plugins.write()])
    assert [one.code for one in registry.experiments] == ["essai-miramas"]
    assert [one.code for one in registry.associations] == ["entraide"]
    assert registry.failures == ()


def test_the_plugin_says_where_it_comes_from(plugins: Plugins) -> None:
    (found,) = Registry.load([plugins.write(version="2.7")]).plugins
    assert (found.name, found.distribution, found.version) == ("essai", "dist-essai", "2.7")
    assert (found.title, found.contract, found.hooks) == ("Essai", "1", ("register_experiments",))


def test_experiments_are_sorted_by_their_rank(plugins: Plugins) -> None:
    source = """
    from dataclasses import replace
    @hookimpl
    def register_experiments():
        towns = {"b": ("13047", 9), "a": ("13063", 2), "c": ("13103", 2)}
        return [replace(here(code, places=(Place(town, town, (1,)),)), rank=rank)
                for code, (town, rank) in towns.items()]
    """
    registry = Registry.load([plugins.write(source)], strict=True)
    assert [one.code for one in registry.experiments] == ["a", "c", "b"]


def test_a_hook_may_ignore_its_argument(plugins: Plugins) -> None:
    source = """
    from core import Prose
    @hookimpl
    def register_indicators():
        return []
    @hookimpl
    def build_report():
        return [Prose("Bonjour")]
    """
    registry = Registry.load([plugins.write(source)], strict=True)
    (experiment,) = registry.experiments
    assert registry.build_report(experiment.code, blank_report(experiment))[0].text == "Bonjour"


def test_the_lead_holds_its_datasets_without_plugin() -> None:
    registry = Registry.load([])
    assert {"objectifs", "seuils", "versements"} <= {one.code for one in registry.datasets("metropole")}
    assert registry.associations == ()


def test_two_plugins_of_one_association_share_a_dataset(plugins: Plugins) -> None:
    source = """
    from core import DATASETS
    @hookimpl
    def register_experiments():
        return [here(CODE, places=(Place(TOWN, "Miramas", (1,)),))]
    @hookimpl
    def register_datasets():
        return [DATASETS["diagnostics"]]
    """
    first = plugins.write("CODE, TOWN = 'un', '13063'" + dedent(source), name="un")
    second = plugins.write("CODE, TOWN = 'deux', '13047'" + dedent(source), name="deux")
    registry = Registry.load([first, second], strict=True)
    assert [one.code for one in registry.datasets("entraide")] == ["diagnostics"]
    assert [one.datasets for one in registry.plugins] == [("diagnostics",)] * 2


@pytest.mark.parametrize(
    ("ask", "near"),
    [
        (lambda r: r.experiment("essai-miramass"), "essai-miramas"),
        (lambda r: r.association("entraid"), "entraide"),
        (lambda r: r.association("Métropole"), "metropole"),
        (lambda r: r.dataset("metropole", "objectif"), "objectifs"),
        (lambda r: r.datasets("entraides"), "entraide"),
    ],
)
def test_an_unknown_name_gives_the_nearest(plugins: Plugins, ask: object, near: str) -> None:
    registry = Registry.load([plugins.write()])
    with pytest.raises(UnknownName, match=near):
        ask(registry)


def test_a_sound_plugin_conforms_but_for_figures(plugins: Plugins) -> None:
    registry = Registry.load([plugins.write()])
    (found,) = complaints(registry, "essai")
    assert found.startswith(typeset("« essai-miramas » : l’expérimentation n’a aucun indicateur"))


def test_conformance_reports_a_page_that_breaks(plugins: Plugins) -> None:
    source = """
    @hookimpl
    def build_report(report):
        yield report.rows("materiel")[0]
    """
    found = complaints(Registry.load([plugins.write(source)]), "essai")
    assert any("sans données" in one and "build_report" in one for one in found)


def test_every_installed_plugin_conforms() -> None:
    registry = Registry.load()
    assert len(registry.plugins) >= 5
    for plugin in registry.plugins:
        assert_conforms(plugin.name, registry)


def test_an_absent_plugin_does_not_conform() -> None:
    with pytest.raises(AssertionError, match="n’est pas installé"):
        assert_conforms("absent", Registry.load([]))


def test_loading_every_plugin_imports_no_screen() -> None:
    script = (
        "import sys; from core.contract import Registry; registry = Registry.load();"
        "assert registry.plugins, 'no plugin is installed';"
        "print(sorted({'streamlit', 'plotly', 'dashboard'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert run.stdout.strip() == "[]", run.stdout + run.stderr
