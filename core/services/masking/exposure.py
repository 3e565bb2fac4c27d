"""What a patient reader could work out from what is shown: the cells that are not hidden after all.

Each total is an equation. A hidden cell is exposed when the equations have one solution for it,
or when « from 1 to 4 » and « nothing under zero » leave one number only.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

Cell = Hashable
Bounds = dict[Any, tuple[float, float]]
_ROUNDS = 60
# Every coefficient is 1 or −1: what is determined modulo this prime is determined.
_PRIME = 2**61 - 1


@dataclass(frozen=True, slots=True)
class Equation:
    """``sum(signs × hidden cells) = known``: one total, written with what is hidden on one side."""

    signs: Mapping[Any, int]
    known: float


def alone(equations: Sequence[Equation]) -> set[Any]:
    """The cells that are the only one hidden of their total: a subtraction tells them."""
    return {next(iter(one.signs)) for one in equations if len(one.signs) == 1}


def solved(hidden: Sequence[Any], equations: Sequence[Equation]) -> set[Any]:
    """The hidden cells that the equations together determine."""
    rows = [[one.signs.get(cell, 0) for cell in hidden] for one in equations]
    return {hidden[places[0]] for row in _reduced(rows) if len(places := _filled(row)) == 1}


def pinned(small: set[Any], bounds: Bounds, equations: Sequence[Equation]) -> set[Any]:
    """The small cells for which the bounds and the equations leave a single number."""
    found = dict(bounds)
    for _ in range(_ROUNDS):
        if not sum(_narrow(one, found) for one in equations):
            break
    return {cell for cell in small if found[cell][0] >= found[cell][1]}


def _narrow(equation: Equation, bounds: Bounds) -> bool:
    """Draw the bounds of each cell of one equation closer; whether one moved."""
    moved = False
    for cell, sign in equation.signs.items():
        low, high = _rest(equation, cell, bounds)
        least, most = (low, high) if sign > 0 else (-high, -low)
        before = bounds[cell]
        bounds[cell] = max(before[0], least), min(before[1], most)
        moved = moved or bounds[cell] != before
    return moved


def _rest(equation: Equation, cell: Any, bounds: Bounds) -> tuple[float, float]:
    """Between which numbers « known − the others » stands."""
    low = high = equation.known
    for other, sign in equation.signs.items():
        if other != cell:
            least, most = bounds[other]
            low -= most if sign > 0 else -least
            high -= least if sign > 0 else -most
    return low, high


def _reduced(rows: list[list[int]]) -> list[list[int]]:
    """The rows in reduced echelon form, the empty ones left out; whole numbers modulo a large prime."""
    width, top = len(rows[0]) if rows else 0, 0
    for place in range(width):
        pivot = next((rank for rank in range(top, len(rows)) if rows[rank][place]), None)
        if pivot is None:
            continue
        rows[top], rows[pivot] = rows[pivot], rows[top]
        inverse = pow(rows[top][place], -1, _PRIME)
        rows[top] = [value * inverse % _PRIME for value in rows[top]]
        for rank in range(len(rows)):
            if rank != top and rows[rank][place]:
                rows[rank] = _minus(rows[rank], rows[top], rows[rank][place])
        top += 1
    return rows[:top]


def _minus(row: list[int], other: list[int], times: int) -> list[int]:
    return [(one - times * two) % _PRIME for one, two in zip(row, other, strict=True)]


def _filled(row: list[int]) -> list[int]:
    return [place for place, value in enumerate(row) if value]


ANYTHING = (0.0, inf)
"""What is known of a cell hidden to protect another: it is not under zero."""
