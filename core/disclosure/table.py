"""Which cells of a table are hidden, so that no reader works a small count out of what is shown."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import inf
from typing import Generic, TypeVar

from core.domain import french

Key = TypeVar("Key", bound=Hashable)
Bounds = dict[Key, tuple[float, float]]
_ROUNDS = 60
# Every coefficient is 1 or −1: what is determined modulo this prime is determined.
_PRIME = 2**61 - 1


@dataclass(frozen=True, slots=True)
class Equation(Generic[Key]):
    """``sum(signs × hidden cells) = known``: one total, written with what is hidden on one side."""

    signs: Mapping[Key, int]
    known: float


def alone(equations: Sequence[Equation[Key]]) -> set[Key]:
    """The cells that are the only one hidden of their total: a subtraction tells them."""
    return {next(iter(one.signs)) for one in equations if len(one.signs) == 1}


def solved(equations: Sequence[Equation[Key]]) -> set[Key]:
    """The hidden cells that the equations together determine."""
    return {next(iter(row)) for row in _reduced(one.signs for one in equations) if len(row) == 1}


def pinned(secret: Collection[Key], bounds: Bounds[Key], equations: Sequence[Equation[Key]]) -> set[Key]:
    """The cells of ``secret`` for which the bounds and the equations leave a single number."""
    found = dict(bounds)
    for _ in range(_ROUNDS):
        if not sum(_narrow(one, found) for one in equations):
            break
    return {cell for cell in secret if found[cell][0] >= found[cell][1]}


def _narrow(equation: Equation[Key], bounds: Bounds[Key]) -> bool:
    """Draw the bounds of each cell of one equation closer; whether one moved."""
    moved = False
    for cell, sign in equation.signs.items():
        low, high = _rest(equation, cell, bounds)
        least, most = (low, high) if sign > 0 else (-high, -low)
        before = bounds[cell]
        bounds[cell] = max(before[0], least), min(before[1], most)
        moved = moved or bounds[cell] != before
    return moved


def _rest(equation: Equation[Key], cell: Key, bounds: Bounds[Key]) -> tuple[float, float]:
    """Between which numbers « known − the others » stands."""
    low = high = equation.known
    for other, sign in equation.signs.items():
        if other != cell:
            least, most = bounds[other]
            low -= most if sign > 0 else -least
            high -= least if sign > 0 else -most
    return low, high


Row = dict[Key, int]
"""What an equation has of each cell, whole numbers modulo a large prime; a cell that is not there has none."""


def _reduced(equations: Iterable[Mapping[Key, int]]) -> Iterable[Row[Key]]:
    """The equations in reduced echelon form: each has a cell that no other has. Tables are large, their sums short."""
    found: dict[Key, Row[Key]] = {}
    holders: dict[Key, set[Key]] = {}  # by cell, the equations that have it, named by their own cell
    for signs in equations:
        row = {cell: sign % _PRIME for cell, sign in signs.items()}
        for cell in [cell for cell in row if cell in found]:
            _take_off(row, found[cell], row[cell])
        if not row:
            continue
        own = next(iter(row))
        inverse = pow(row[own], -1, _PRIME)
        row = {cell: value * inverse % _PRIME for cell, value in row.items()}
        for other in tuple(holders.get(own, ())):
            held = found[other]
            _take_off(held, row, held[own])
            for cell in row:
                named = holders.setdefault(cell, set())
                named.add(other) if cell in held else named.discard(other)
        found[own] = row
        for cell in row:
            holders.setdefault(cell, set()).add(own)
    return found.values()


def _take_off(row: Row[Key], other: Row[Key], times: int) -> None:
    """``row`` minus so many times ``other``, in place."""
    for cell, value in other.items():
        left = (row.get(cell, 0) - times * value) % _PRIME
        if left:
            row[cell] = left
        else:
            row.pop(cell, None)


ANYTHING = (0.0, inf)
"""What is known of a cell hidden to protect another: it is not under zero."""


# --- Hide the small cells of a table of counts, and what would give them away ----------------------


class Hidden(StrEnum):
    """Why a number is not shown."""

    SMALL = "small"
    """From 1 to the threshold minus one."""
    GIVES_AWAY = "gives_away"
    """With the totals, it would tell a small one."""


@dataclass(frozen=True, slots=True)
class Total(Generic[Key]):
    """One cell that is the sum of others."""

    cell: Key
    parts: tuple[Key, ...]


def words(hidden: Hidden, below: int) -> str:
    """What stands in the place of the number."""
    return f"moins de {below}" if hidden is Hidden.SMALL else "non montré"


def reason(hidden: Hidden, below: int) -> str:
    """Why the number is not shown, in one sentence."""
    if hidden is Hidden.SMALL:
        return french.typeset(f"Moins de {below} personnes : ce nombre pourrait faire reconnaître quelqu’un.")
    return "Non montré\u202f; avec les totaux, il ferait retrouver un nombre trop petit."


def mask(
    cells: Mapping[Key, float | None],
    totals: Iterable[Total[Key]],
    below: int,
    *,
    hidden: Collection[Key] = (),
    fixed: Collection[Key] = (),
    free: Collection[Key] = (),
) -> dict[Key, Hidden]:
    """The cells not to show, and why; the others may be shown as they are.

    ``cells`` are counts, None where none is known; ``totals`` say which are sums of which: one
    that does not hold among the known cells tells nothing and is left aside. ``hidden`` are not
    shown whatever their size, and say no more than « non montré »; ``fixed`` are known from elsewhere, and cannot be
    hidden; ``free`` are written nowhere, and are known when the others of their total are. No hidden cell
    can then be found by adding and subtracting what is shown; what protects best costs least: the
    smallest parts are hidden before totals.
    """
    table = _MaskedTable(cells, totals, below, hidden, fixed, free)
    while (found := table.exposed()) is not None:
        table.protect(found)
    return table.hidden


class _MaskedTable(Generic[Key]):
    """The table while it is being masked."""

    def __init__(
        self,
        cells: Mapping[Key, float | None],
        totals: Iterable[Total[Key]],
        below: int,
        hidden: Collection[Key],
        fixed: Collection[Key],
        free: Collection[Key],
    ) -> None:
        self.known = {key: value for key, value in cells.items() if value is not None}
        self.below = below
        self.sums = [total for total in (self._among_known(one) for one in totals) if total is not None]
        self._fixed = frozenset(fixed)
        self._free = frozenset(free)
        self.hidden: dict[Key, Hidden] = {key: Hidden.SMALL for key, value in self.known.items() if 0 < value < below}
        self.hidden |= {key: Hidden.GIVES_AWAY for key in hidden if key in self.known}
        self.hidden = {key: why for key, why in self.hidden.items() if key not in self._fixed}
        self._secret = frozenset(self.hidden)
        self._hides_zeros = bool(self._fixed) or any(self.known[key] == 0 for key in self._secret)
        self._lost: set[Key] = set()
        self._totals = {one.cell for one in self.sums}
        self._rank = {key: rank for rank, key in enumerate(self.known)}
        self._of: dict[Key, list[int]] = {}
        for at, one in enumerate(self.sums):
            for key in self._members([one]):
                self._of.setdefault(key, []).append(at)
        self._equations = [self._equation(one) for one in self.sums]

    def _hide(self, key: Key) -> None:
        """Show no number in a cell any more: its totals are other equations."""
        self.hidden[key] = Hidden.GIVES_AWAY
        for at in self._of.get(key, ()):
            self._equations[at] = self._equation(self.sums[at])

    def _among_known(self, total: Total[Key]) -> Total[Key] | None:
        """The total over what is known, when it holds."""
        parts = tuple(part for part in total.parts if part in self.known)
        if total.cell not in self.known or not parts:
            return None
        exact = abs(self.known[total.cell] - sum(self.known[part] for part in parts)) < 1e-9
        return Total(total.cell, parts) if exact else None

    def exposed(self) -> Key | None:
        """A hidden cell that what is shown tells, None when there is none left."""
        equations = [one for one in self._equations if one.signs]
        told = alone(equations) - self._lost
        told = told or solved(equations) - self._lost
        told = told or pinned(self._secret, self._bounds(), equations) - self._lost
        return min(told, key=self._rank.__getitem__, default=None)

    def protect(self, cell: Key) -> None:
        """Hide one more cell beside ``cell``; when all are hidden, say less of the greatest small one.

        A zero is hidden only where a total is known from elsewhere, or beside a zero that tells, when nothing else
        would do. What nothing protects (a part that is the whole of such a total) stays told by it.
        """
        near = [self.sums[at] for at in self._of.get(cell, ())]
        zeros = self._zeros(near) if self._hides_zeros else []
        candidates = self._shown(near) or zeros or self._shown(self._joined(near))
        small = [key for key in self._members(near) if self.hidden.get(key) is Hidden.SMALL]
        if candidates:
            self._hide(min(candidates, key=self._cost))
        elif small:
            self._hide(max(small, key=lambda key: (self.known[key], self._rank[key])))
        else:
            self._lost.add(cell)

    def _joined(self, near: Sequence[Total[Key]]) -> list[Total[Key]]:
        """These totals, and all those that share cells with them, one after the other."""
        found = dict.fromkeys(near)
        waiting, seen = list(near), set(self._fixed)
        while waiting:
            for key in self._members([waiting.pop()]):
                if key not in seen:
                    seen.add(key)
                    joined = [one for at in self._of[key] if (one := self.sums[at]) not in found]
                    found |= dict.fromkeys(joined)
                    waiting += joined
        return list(found)

    def _cost(self, key: Key) -> tuple[bool, bool, float, int]:
        return key not in self._free, key in self._totals, self.known[key], self._rank[key]

    def _shown(self, sums: Sequence[Total[Key]]) -> list[Key]:
        """The cells still shown in these totals; a zero protects nothing."""
        return [key for key in self._members(sums) if self._open(key) and (self.known[key] != 0 or key in self._free)]

    def _zeros(self, sums: Sequence[Total[Key]]) -> list[Key]:
        return [key for key in self._members(sums) if self._open(key) and self.known[key] == 0]

    def _open(self, key: Key) -> bool:
        return key not in self.hidden and key not in self._fixed

    def _members(self, sums: Sequence[Total[Key]]) -> list[Key]:
        return list(dict.fromkeys(key for one in sums for key in (one.cell, *one.parts)))

    def _equation(self, total: Total[Key]) -> Equation[Key]:
        signs = {part: 1 for part in total.parts if part in self.hidden}
        if total.cell in self.hidden:
            signs[total.cell] = -1
        shown = sum(self.known[part] for part in total.parts if part not in self.hidden)
        right = 0 if total.cell in self.hidden else self.known[total.cell]
        return Equation(signs, right - shown)

    def _bounds(self) -> Bounds[Key]:
        narrow = (1.0, float(self.below - 1))
        return {key: narrow if why is Hidden.SMALL else ANYTHING for key, why in self.hidden.items()}
