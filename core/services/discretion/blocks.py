"""What a plugin tells of its experiment, as it may leave: its charts, tables and sentences that count people.

A block says what it counts in words: the unit of a chart, the heading of a column or of a row,
the noun after a number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from core.domain import french
from core.domain.figures import value_text
from core.domain.report import Block, Callout, Chart, Prose, Series, Table
from core.services.discretion.wording import (
    counts_people,
    discreet,
    numbers_in,
    speaks_of_people,
)
from core.services.masking import Hidden, Total, mask, words

Spot = tuple[int, int]


@dataclass(slots=True)
class Veil:
    """The blocks of one page, without small counts; ``rows`` are the things of which a table hides a share."""

    below: int
    rows: dict[str, str] = field(default_factory=dict)

    def over(self, blocks: Sequence[Block]) -> tuple[Block, ...]:
        """The blocks in their order: tables first tell which things are hidden, so that charts hide them too."""
        tables = {at: self._table(one) for at, one in enumerate(blocks) if isinstance(one, Table)}
        return tuple(tables.get(at) or self._block(one) for at, one in enumerate(blocks))

    def _block(self, block: Block) -> Block:
        match block:
            case Prose() | Callout():
                return replace(block, text=discreet(block.text, self.below))
            case Chart():
                return self._chart(block)
            case _:
                return block

    # --- tables -------------------------------------------------------------------------

    def _table(self, table: Table) -> Table:
        gone = self._gone(table)
        if not gone:
            return table
        touched = {row for row, _ in gone}
        shares = {spot: why for spot, why in gone.items() if _is_share(table.rows[spot[0]][spot[1]])}
        self.rows |= {table.rows[row][0]: words(why, self.below) for (row, _), why in shares.items()}
        rows = tuple(self._row(row, at, gone, at in touched) for at, row in enumerate(table.rows))
        return replace(table, rows=rows)

    def _row(
        self, row: tuple[str, ...], at: int, gone: dict[Spot, Hidden], touched: bool
    ) -> tuple[str, ...]:  # fmt: skip
        """A number of people beside a hidden one (« il manque 16 accords ») would give it away."""
        return tuple(
            words(gone[at, place], self.below)
            if (at, place) in gone
            else words(Hidden.GIVES_AWAY, self.below)
            if touched and place and speaks_of_people(cell)
            else discreet(cell, self.below)
            for place, cell in enumerate(row)
        )

    def _gone(self, table: Table) -> dict[Spot, Hidden]:
        """The cells not to show: line by line, since the total of a line may stand elsewhere on the page."""
        found: dict[Spot, Hidden] = {}
        width = range(1, len(table.headings))
        for place in width:
            if counts_people(table.headings[place]):
                found |= self._line(table, [(at, place) for at in range(len(table.rows))])
        for at, row in enumerate(table.rows):
            if counts_people(row[0]):
                found |= self._line(table, [(at, place) for place in width])
        return found

    def _line(self, table: Table, spots: Iterable[Spot]) -> dict[Spot, Hidden]:
        read = {(at, place): numbers_in(table.rows[at][place]) for at, place in spots}
        counts = {spot: one[0] for spot, one in read.items() if one is not None}
        hidden = masked_line(counts, self.below)
        for spot, one in read.items():
            if one is not None and one[1] is not None and self._told_by(one[0], one[1]):
                hidden.setdefault(spot, Hidden.GIVES_AWAY)
        return hidden

    def _told_by(self, part: float, whole: float) -> bool:
        return any(0 < one < self.below for one in (part, whole))

    # --- charts -------------------------------------------------------------------------

    def _chart(self, chart: Chart) -> Chart:
        series = tuple(self._series(chart, one) for one in chart.series)
        conclusion = discreet(chart.conclusion, self.below)
        if not any(one.said for one in series):
            return replace(chart, conclusion=conclusion, alternative=discreet(chart.alternative, self.below))
        if speaks_of_people(chart.conclusion):
            conclusion = series[0].name
        return replace(
            chart, series=series, conclusion=conclusion, alternative=_alternative(chart, series, conclusion)
        )  # fmt: skip

    def _series(self, chart: Chart, series: Series) -> Series:
        if counts_people(chart.unit):
            told = {at: value for at, value in enumerate(series.values) if value is not None}
            gone = {at: words(why, self.below) for at, why in masked_line(told, self.below).items()}
        elif chart.unit.startswith("%"):
            gone = {at: self.rows[one] for at, one in enumerate(chart.categories) if one in self.rows}
        else:
            gone = {}
        if not gone:
            return series
        values = tuple(None if at in gone else value for at, value in enumerate(series.values))
        return replace(series, values=values, said=tuple(gone.get(at, "") for at in range(len(values))))


def _is_share(cell: str) -> bool:
    read = numbers_in(cell)
    return read is not None and read[1] is not None


def masked_line(counts: dict[Any, float], below: int) -> dict[Any, Hidden]:
    """What to hide of numbers whose sum is known from elsewhere."""
    if not any(0 < one < below for one in counts.values()):
        return {}
    whole = object()
    cells = {**counts, whole: sum(counts.values())}
    found = mask(cells, [Total(whole, tuple(counts))] if len(counts) > 1 else [], below)
    return {key: why for key, why in found.items() if key is not whole}


def _alternative(chart: Chart, series: Sequence[Series], conclusion: str) -> str:
    """What the chart still shows, in words."""
    told = []
    for one in series:
        said = one.said or ("",) * len(one.values)
        parts = (
            f"{name} : {instead or value_text(value, chart.unit)}"
            for name, value, instead in zip(chart.categories, one.values, said, strict=True)
        )
        told.append(f"{one.name}. {french.listing(parts)}.")
    return " ".join(told if conclusion == series[0].name else [f"{conclusion}.", *told])
