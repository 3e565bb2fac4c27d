"""The page of a plugin: which blocks stand in which column, and which key figures are left out."""

from __future__ import annotations

from core.domain.report import Block, Callout, Heading, KeyFigures, Prose, Table
from dashboard.components.blocks import _halves, without_figures


def _table(rows: int, columns: int = 2) -> Table:
    return Table("Titre", tuple("abcdef"[:columns]), tuple(("x",) * columns for _ in range(rows)))


def test_a_long_page_is_cut_where_both_columns_are_nearest() -> None:
    blocks: list[Block] = [Heading("Un"), _table(8), Heading("Deux"), Prose("Mot."), _table(8)]
    first, second = _halves(blocks)
    assert [*first, *second] == blocks
    assert second[0] == Heading("Deux")


def test_a_title_is_never_the_last_of_a_column() -> None:
    blocks: list[Block] = [Heading("Un"), _table(10), Heading("Deux"), _table(14)]
    first, _ = _halves(blocks)
    assert not isinstance(first[-1], Heading)


def test_a_short_page_is_one_column() -> None:
    blocks: list[Block] = [Heading("Un"), Prose("Mot."), Callout("Attention.")]
    assert _halves(blocks) == (blocks, ())
    assert _halves([]) == ([], ())


def test_figures_shown_above_are_left_out() -> None:
    blocks: list[Block] = [KeyFigures(("EQ5a", "AC6")), Prose("Mot."), KeyFigures(("EQ5a",))]
    assert without_figures(blocks, {"EQ5a"}) == [KeyFigures(("AC6",)), Prose("Mot.")]
