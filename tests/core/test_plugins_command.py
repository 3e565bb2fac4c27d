"""« fabrique plugins » beside plugins that print, and beside a store that refuses one of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.conftest import Run
from tests.core.fake_plugins import Plugins, plugins_folder

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
