"""The changes of a meeting are counted from what the committee before saw, and tell nothing that is hidden."""

from __future__ import annotations

from dataclasses import replace

from core.committee import Snapshot, counted_from, hushed, reference_of
from core.domain.observation import Cell, ChangeReference
from tests.core.exports.documents import material

KEY = ("AC6", None)


def earlier() -> Snapshot:
    found = material().earlier
    assert found is not None
    return found


def whole() -> Snapshot:
    found = material().whole
    assert found is not None
    return found


def with_cell(found: Snapshot, cell: Cell) -> Snapshot:
    key = (cell.observation.indicator, cell.observation.experiment)
    kept = tuple(
        cell if (one.observation.indicator, one.observation.experiment) == key else one for one in found.figures
    )
    return replace(found, figures=kept)


def test_each_figure_is_counted_from_the_one_that_was_seen() -> None:
    counted = counted_from(whole(), earlier(), 2)
    assert reference_of(counted) == ChangeReference(earlier().until, 2)
    for key, cell in counted.cells.items():
        assert cell.reference == ChangeReference(earlier().until, 2)
        assert cell.before is None or cell.before == earlier().cells[key].observation
        assert cell.observation == whole().cells[key].observation, "the figures themselves do not move"
    assert material().sha256 == whole().sha256, "the print is that of what was frozen"


def test_a_figure_whose_formula_changed_is_counted_from_nothing() -> None:
    other = tuple(replace(one, version=one.version + 1) if one.code == KEY[0] else one for one in earlier().formulas)
    assert counted_from(whole(), replace(earlier(), formulas=other), 2).cells[KEY].before is None


def test_what_is_hidden_then_is_not_found_by_a_change() -> None:
    counted = counted_from(whole(), earlier(), 2)
    old = earlier().cells[KEY]
    shown = with_cell(earlier(), replace(old, observation=replace(old.observation, hidden="moins de 5")))
    assert hushed(counted, shown, 5).cells[KEY].before is None
    cell = counted.cells[KEY]
    assert cell.before is not None
    few = replace(cell, then=replace(cell.before, numerator=(cell.before.numerator or 0) + 3))
    assert hushed(with_cell(counted, few), earlier(), 5).cells[KEY].then is None
    assert hushed(with_cell(counted, few), earlier(), 2).cells[KEY].then is not None
