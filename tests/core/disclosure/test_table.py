"""Whatever the table, a small count is never shown, and nothing shown gives it back."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.disclosure import Hidden, Total, mask, words

Key = tuple[str, str]
ALL = "total"
counts = st.one_of(st.integers(0, 6), st.integers(0, 60))


def two_ways(numbers: list[list[int | None]]) -> tuple[dict[Key, float | None], list[Total[Key]]]:
    """A table with its rows, its columns, and all their totals."""
    table = {(f"r{r}", f"c{c}"): value for r, row in enumerate(numbers) for c, value in enumerate(row)}
    rows = [f"r{r}" for r in range(len(numbers))]
    columns = [f"c{c}" for c in range(len(numbers[0]))]
    totals = [Total((row, ALL), tuple((row, column) for column in columns)) for row in rows]
    totals += [Total((ALL, column), tuple((row, column) for row in rows)) for column in [*columns, ALL]]
    totals += [Total((ALL, ALL), tuple((ALL, column) for column in columns))]
    for total in totals:
        table[total.cell] = sum(table[part] or 0 for part in total.parts)
    return table, totals


tables = st.integers(1, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.one_of(st.none(), counts), min_size=width, max_size=width), min_size=1, max_size=5
    )
)


@given(tables, st.integers(2, 10))
def test_every_small_count_is_hidden_and_no_zero_is(numbers, below) -> None:
    cells, totals = two_ways(numbers)
    hidden = mask(cells, totals, below)
    for key, value in cells.items():
        if value is not None and 0 < value < below:
            assert key in hidden
        if not value:
            assert key not in hidden
    assert all(cells[key] < below for key, why in hidden.items() if why is Hidden.SMALL)


@given(tables, st.integers(2, 10))
def test_no_hidden_cell_is_the_difference_of_what_is_shown(numbers, below) -> None:
    cells, totals = two_ways(numbers)
    hidden = mask(cells, totals, below)
    for total in totals:
        assert sum(key in hidden for key in (total.cell, *total.parts)) != 1


@given(tables, st.integers(2, 10))
def test_no_hidden_cell_is_found_by_combining_all_the_totals(numbers, below) -> None:
    """Another table with the same shown cells exists, in which the hidden cell is not the same."""
    cells, totals = two_ways(numbers)
    hidden = list(mask(cells, totals, below))
    if not hidden:
        return
    matrix = np.array([[(key in one.parts) - (key == one.cell) for key in hidden] for one in totals], dtype=float)
    _, sizes, directions = np.linalg.svd(matrix, full_matrices=True)
    rank = int((sizes > 1e-9).sum())
    free = directions[rank:]
    for place, key in enumerate(hidden):
        assert np.abs(free[:, place]).max(initial=0) > 1e-9, key


@given(tables)
def test_masking_twice_says_the_same(numbers) -> None:
    cells, totals = two_ways(numbers)
    assert mask(cells, totals, 5) == mask(cells, totals, 5)


def test_two_ones_do_not_betray_themselves_by_a_sum_of_two() -> None:
    """« Moins de 5 » means at least one: a shown total of 5 over 5 small cells would tell each of them."""
    cells = {"a": 1, "b": 1, "c": 1, "d": 1, "e": 1, "sum": 5}
    hidden = mask(cells, [Total("sum", ("a", "b", "c", "d", "e"))], 5)
    assert hidden["sum"] is Hidden.GIVES_AWAY


def test_four_ones_under_a_small_total_say_less_than_small() -> None:
    cells = {"a": 1, "b": 1, "c": 1, "d": 1, "none": 0, "sum": 4}
    hidden = mask(cells, [Total("sum", ("a", "b", "c", "d", "none"))], 5)
    assert set(hidden) == {"a", "b", "c", "d", "sum"}
    assert Hidden.GIVES_AWAY in hidden.values()


def test_a_small_cell_takes_its_smallest_neighbour_with_it_and_leaves_the_total() -> None:
    cells = {"a": 3, "b": 12, "c": 40, "zero": 0, "unknown": None, "sum": 55}
    hidden = mask(cells, [Total("sum", ("a", "b", "c", "zero", "unknown"))], 5)
    assert hidden == {"a": Hidden.SMALL, "b": Hidden.GIVES_AWAY}


def test_a_total_that_does_not_hold_tells_nothing() -> None:
    assert mask({"a": 3, "b": 12, "sum": 14}, [Total("sum", ("a", "b"))], 5) == {"a": Hidden.SMALL}


def test_the_words() -> None:
    assert words(Hidden.SMALL, 5) == "moins de 5"
    assert words(Hidden.SMALL, 11) == "moins de 11"
    assert words(Hidden.GIVES_AWAY, 5) == "non montré"
