"""Each broken plugin of the trial beside the five: what its page showed, what the others saw, what the command said."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

import pytest

from core.contract import Registry, schema_setup
from core.contract.hookspecs import GROUP
from core.contract.walls import PluginLimits
from core.errors import PluginProblem
from core.figures import Monitor
from core.storage import Store
from tests.core.fake_plugins import Plugins, plugins_folder
from tests.plugins_broken.twenty import HEAD, TWENTY, Broken
from tests.support.filled import copied, demonstration_url

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "plugins" / "broken.md"
AT, TODAY = datetime(2022, 7, 5, 9, tzinfo=UTC), date(2022, 7, 5)
SECONDS = {"page never ends": 12}
"""Time to answer: short for the one that never does; what the others may take, on a slow machine too, is a minute."""
AIX = "ct2-pays-d-aix"
FIVE = tuple(entry_points(group=GROUP))
"""The plugins of the product, before any other is on the path."""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(demonstration_url(), tmp_path_factory.mktemp("vingt") / "demonstration.sqlite3")


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plugins]:
    yield from plugins_folder(tmp_path, monkeypatch)


def written(plugins: Plugins, one: Broken) -> EntryPoint:
    return plugins.write(one.source, base=one.base, manifest=one.manifest)


def row_of(name: str) -> list[str]:
    """What the document says of one plugin: its page, everybody else, the command."""
    text = DOCUMENT.read_text(encoding="utf-8").replace("\u00a0", " ")
    found = [line for line in text.splitlines() if line.startswith(f"| {name} |")]
    assert len(found) == 1, f"docs/plugins/broken.md says nothing of « {name} »"
    return [cell.strip() for cell in found[0].strip("|").split("|")][1:]


def own_page(registry: Registry, store: Store) -> str:
    mine = [one for one in registry.experiments if one.code == "essai-miramas"]
    if not mine:
        return "no column, no page"
    monitor = Monitor(registry, store, today=TODAY)
    figures = monitor.observe([one.code for one in registry.indicators("essai-miramas")], ["essai-miramas"])
    broken = [one for one in figures if one.missing_because == "error"]
    try:
        registry.build_report("essai-miramas", monitor.report("essai-miramas"))
    except PluginProblem:
        return "« Page indisponible », its head stays"
    return "« Calcul impossible » in its cell" if broken else "drawn"


def others(registry: Registry, store: Store) -> str:
    monitor = Monitor(registry, store, today=TODAY)
    handed = monitor.observe(["EQ5a"], [AIX, None])
    page = registry.build_report(AIX, monitor.report(AIX))
    intact = [one.numerator for one in handed] == [84, 179] and page
    return "intact" if intact and not [one for one in registry.failures if one.plugin != "essai"] else "touched"


def said(registry: Registry) -> str:
    """The stage and the first words of the reason, as the command gives them."""
    failures = registry.failures_of("essai")
    if not failures:
        return "ok"
    first = failures[0]
    reason = re.sub(r" \([^()]*ligne \d+\)", "", first.reason.replace("\u00a0", " ").replace("\u202f", " "))
    return f"{first.stage}: {reason.partition('. ')[0][:110].replace('|', '/').strip()}"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # one of them leaves such a thread
@pytest.mark.parametrize("name", [name for name, one in TWENTY.items() if not one.alone])
def test_what_a_broken_plugin_costs(name: str, plugins: Plugins, base: Path) -> None:
    entry = written(plugins, TWENTY[name])
    registry = Registry.load([*FIVE, entry], limits=PluginLimits(SECONDS.get(name, 60)))
    with Store.open(f"sqlite:///{base}") as store:
        schema_setup.prepare(registry, store, at=AT)
        found = [own_page(registry, store), others(registry, store), said(registry)]
    assert found == row_of(name)


def command(plugins: Plugins, home: Path, *asked: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join(map(str, (plugins.folder, ROOT, ROOT / "plugins")))
    code = "import sys; from core.cli import main; sys.exit(main())"
    return subprocess.run(
        [sys.executable, "-c", code, *asked],
        cwd=home,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize("name", [name for name, one in TWENTY.items() if one.alone])
def test_what_one_process_cannot_contain_is_said(name: str, plugins: Plugins, tmp_path: Path) -> None:
    written(plugins, TWENTY[name])
    asked = command(plugins, tmp_path, "plugins", "--json")
    figures = command(plugins, tmp_path, "indicators", "--json")
    page, rest, told = row_of(name)
    assert told == (
        told_by(asked.stdout) if asked.returncode == 0 else f"nothing: the command ends with {asked.returncode}"
    )
    assert rest.startswith("figures computed" if figures.returncode == 0 else "nothing starts")
    assert page


def told_by(output: str) -> str:
    plugins: list[dict[str, Any]] = json.loads(output)["plugins"]
    one = next(each for each in plugins if each["name"] == "essai")
    return "ok" if one["status"] == "ok" else f"{one['stage']}: told"


def test_the_document_holds_these_plugins_and_no_other() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert text.startswith(HEAD)
    names = [line.split("|")[1].strip() for line in text.removeprefix(HEAD).splitlines() if line.startswith("| ")]
    assert names == list(TWENTY)
