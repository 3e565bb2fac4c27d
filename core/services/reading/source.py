"""A sheet as texts, whatever file it came from: the rest of the reading knows nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import polars as pl

HEAD = 60
"""Rows among which the headings are looked for."""


class Source(Protocol):
    """One sheet.

    ``head`` holds its first rows as texts (row 0 is the spreadsheet's line 1); ``below``
    gives the rows after one of them as text columns ``c0``, ``c1``…, one frame row for each
    row of the spreadsheet, null for blank. ``kept`` is what may be stored of the file.
    """

    head: Sequence[Sequence[str]]
    sheet: str | None
    kept: bytes
    format: str

    def below(self, row: int) -> pl.DataFrame:
        """Rows after ``row``."""

    def check(self) -> None:
        """Refuse the file when its first rows could not be told apart."""

    def merged(self) -> dict[tuple[int, int], str]:
        """Cells filled from the merged cell above, with their text."""


def columns_of(rows: Sequence[Sequence[str | None]], width: int) -> pl.DataFrame:
    """Rows of texts as a frame of ``width`` text columns; blank texts become null."""
    padded = ([*row, *[None] * (width - len(row))][:width] if len(row) != width else row for row in rows)
    by_column = list(zip(*padded, strict=True)) or [()] * width
    return pl.DataFrame(
        {f"c{n}": pl.Series([cell or None for cell in cells], dtype=pl.String) for n, cells in enumerate(by_column)}
    )
