"""What a history says: the cells of a change, which may have one side only, and as many deposits as it shows."""

from __future__ import annotations

import re

from core.catalogue import DATASETS
from core.storage.rows import CellChange
from dashboard import context
from dashboard.views.history_parts import cells_table
from tests.dashboard.views.opening import html, opened, plain
from tests.support.filled import demonstration_context, registry


def written(*cells: CellChange) -> str:
    return str(cells_table(registry(), DATASETS["materiel"], cells, caption="Cellules"))


def test_a_row_that_comes_or_goes_tells_one_side() -> None:
    came = written(CellChange("A", "statut", None, "remis"), CellChange("A", "lot", None, "L4"))
    assert "Après" in came and "Avant" not in came and "(vide)" not in came
    gone = written(CellChange("A", "statut", "remis", None))
    assert "Avant" in gone and "Après" not in gone


def test_a_change_tells_both_sides_blank_cells_included() -> None:
    moved = written(CellChange("A", "statut", "reçu", "remis"), CellChange("A", "lot", None, "L4"))
    assert "Avant" in moved and "Après" in moved and "(vide)" in moved


def test_the_sentence_counts_the_deposits_that_are_shown() -> None:
    context.install(demonstration_context())
    body = plain(html(opened("historique", association="anonymal", jeu="materiel")))
    shown = len(re.findall(r"<tr>", body)) - 1
    same = len(re.findall(r"Dépôt sans changement", body))
    assert same and f"{shown} dépôts</strong>, dont {same} sans changement ; le dernier" in body
