"""The command « purge »: it says what leaves, and removes nothing that nobody decided."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]


@pytest.mark.usefixtures("ready")
def test_nothing_leaves_without_a_duration(run: Run) -> None:
    for option in ((), ("--dry-run",)):
        status, out, _err = run("purge", *option)
        assert status == 0
        assert "Aucune durée de conservation n’est fixée" in out


@pytest.mark.usefixtures("ready")
def test_what_is_recent_stays(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "durees.csv"
    file.write_text("dataset;duree_mois;decision\nmateriel;12;Comité n° 1\n", encoding="utf-8")
    assert run("import", str(file), "-a", "metropole", "-d", "conservation")[0] == 0
    status, out, _err = run("purge")
    assert status == 0
    assert "Rien n’est gardé plus longtemps que sa durée" in out
