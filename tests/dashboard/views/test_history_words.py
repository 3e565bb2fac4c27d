"""The cells of a change: a row that comes or goes has one side only."""

from __future__ import annotations

from core.catalogue import DATASETS
from core.storage.rows import CellChange
from dashboard.views.history_parts import cells_table
from tests.support.filled import registry


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
