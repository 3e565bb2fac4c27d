"""Problems and repairs by the thousand: kept as columns, made into objects when somebody looks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar, overload

import polars as pl

from core.domain.problem import Problem, Repair

Item = TypeVar("Item", Problem, Repair)


@dataclass(frozen=True, slots=True)
class Part(Generic[Item]):
    """Complaints of one cause or column: their lines, and how to write the n-th of them."""

    lines: pl.Series
    rank: int
    make: Callable[[int], Item]


class Findings(Sequence[Item], Generic[Item]):
    """A sequence in the order of the file (whole-file items first), written lazily."""

    def __init__(self, parts: Iterable[Part[Item]]) -> None:
        self._parts = [part for part in parts if len(part.lines)]

    def __len__(self) -> int:
        """How many there are, without writing any."""
        return sum(len(part.lines) for part in self._parts)

    def __iter__(self) -> Iterator[Item]:
        """Each of them, in order."""
        return (self._parts[part].make(place) for part, place in self._order.iter_rows())

    @overload
    def __getitem__(self, index: int) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> list[Item]: ...
    def __getitem__(self, index: int | slice) -> Item | list[Item]:
        """One, or a stretch of them."""
        if isinstance(index, slice):
            return [self._parts[part].make(place) for part, place in self._order[index].iter_rows()]
        part, place = self._order.row(range(len(self))[index])
        return self._parts[part].make(place)

    def __eq__(self, other: object) -> bool:
        """Equal to any sequence of the same items."""
        if not isinstance(other, Sequence) or len(self) != len(other):
            return False
        return all(mine == theirs for mine, theirs in zip(self, other, strict=True))

    __hash__ = None

    def __repr__(self) -> str:
        """The first ones, for a failing test."""
        return f"<{len(self)}: {self[:5]!r}…>"

    @property
    def lines(self) -> pl.Series:
        """The lines concerned, each once, in order."""
        empty = pl.Series([], dtype=pl.Int64)
        return pl.concat([empty, *(part.lines.cast(pl.Int64) for part in self._parts)]).drop_nulls().unique().sort()

    @cached_property
    def _order(self) -> pl.DataFrame:
        frames = [
            pl.DataFrame({"line": part.lines.cast(pl.Int64)})
            .with_row_index("place")
            .with_columns(pl.lit(number).alias("part"), pl.lit(part.rank).alias("rank"))
            for number, part in enumerate(self._parts)
        ]
        if not frames:
            return pl.DataFrame(schema={"part": pl.Int32, "place": pl.UInt32})
        whole = pl.concat(frames).sort(["line", "rank", "part", "place"], nulls_last=False)
        return whole.select("part", "place")


def fixed(items: Iterable[Item], rank: int = -1) -> Part[Item]:
    """A part made of items already written."""
    listed = list(items)
    return Part(pl.Series([item.line for item in listed], dtype=pl.Int64), rank, listed.__getitem__)
