"""Hide the small cells of a table of counts, and what would give them away."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from core.domain import french
from core.services.masking.exposure import ANYTHING, Bounds, Equation, alone, pinned, solved

Key = TypeVar("Key", bound=Hashable)


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


def mask(cells: Mapping[Key, float | None], totals: Iterable[Total[Key]], below: int) -> dict[Key, Hidden]:
    """The cells not to show, and why; the others may be shown as they are.

    ``cells`` are counts, None where none is known; ``totals`` say which are sums of which: one
    that does not hold among the known cells tells nothing and is left aside. No hidden cell can
    then be found by adding and subtracting what is shown; what protects best costs least: the
    smallest parts are hidden before totals.
    """
    table = _Table(cells, totals, below)
    while (found := table.exposed()) is not None:
        table.protect(found)
    return table.hidden


class _Table(Generic[Key]):
    """The table while it is being masked."""

    def __init__(self, cells: Mapping[Key, float | None], totals: Iterable[Total[Key]], below: int) -> None:
        self.known = {key: value for key, value in cells.items() if value is not None}
        self.below = below
        self.sums = [total for total in (self._among_known(one) for one in totals) if total is not None]
        self.hidden: dict[Key, Hidden] = {key: Hidden.SMALL for key, value in self.known.items() if 0 < value < below}
        self._totals = {one.cell for one in self.sums}
        self._rank = {key: rank for rank, key in enumerate(self.known)}

    def _among_known(self, total: Total[Key]) -> Total[Key] | None:
        """The total over what is known, when it holds."""
        parts = tuple(part for part in total.parts if part in self.known)
        if total.cell not in self.known or not parts:
            return None
        exact = abs(self.known[total.cell] - sum(self.known[part] for part in parts)) < 1e-9
        return Total(total.cell, parts) if exact else None

    def exposed(self) -> Key | None:
        """A hidden cell that what is shown tells, None when there is none left."""
        equations = [made for one in self.sums if (made := self._equation(one)).signs]
        told = alone(equations) or solved(list(self.hidden), equations)
        if not told:
            small = {key for key, why in self.hidden.items() if why is Hidden.SMALL}
            told = pinned(small, self._bounds(), equations)
        return min(told, key=self._rank.__getitem__, default=None)

    def protect(self, cell: Key) -> None:
        """Hide one more cell beside ``cell``; when all are hidden, say less of the greatest small one."""
        near = [one for one in self.sums if cell in (one.cell, *one.parts)]
        candidates = self._shown(near) or self._shown(self.sums)
        if candidates:
            self.hidden[min(candidates, key=self._cost)] = Hidden.GIVES_AWAY
            return
        small = [key for key in self._members(near) if self.hidden.get(key) is Hidden.SMALL]
        self.hidden[max(small, key=lambda key: (self.known[key], self._rank[key]))] = Hidden.GIVES_AWAY

    def _cost(self, key: Key) -> tuple[bool, float, int]:
        return key in self._totals, self.known[key], self._rank[key]

    def _shown(self, sums: Sequence[Total[Key]]) -> list[Key]:
        """The cells still shown in these totals; a zero protects nothing."""
        return [key for key in self._members(sums) if key not in self.hidden and self.known[key] != 0]

    def _members(self, sums: Sequence[Total[Key]]) -> list[Key]:
        return list(dict.fromkeys(key for one in sums for key in (one.cell, *one.parts)))

    def _equation(self, total: Total[Key]) -> Equation:
        signs = {part: 1 for part in total.parts if part in self.hidden}
        if total.cell in self.hidden:
            signs[total.cell] = -1
        shown = sum(self.known[part] for part in total.parts if part not in self.hidden)
        right = 0 if total.cell in self.hidden else self.known[total.cell]
        return Equation(signs, right - shown)

    def _bounds(self) -> Bounds:
        narrow = (1.0, float(self.below - 1))
        return {key: narrow if why is Hidden.SMALL else ANYTHING for key, why in self.hidden.items()}
