"""Typed values that their column would not have read in a file: not in its list, not a real SIRET, not a month."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from core.axes.columns import Texte
from core.domain import french
from core.domain.dataset import Column, Dataset
from core.domain.problem import Problem, Severity
from core.services.reading.cells import shortened
from core.services.reading.problems import Part


def not_allowed(rows: pl.DataFrame, dataset: Dataset) -> dict[str, Part[Problem]]:
    """By column, the cells whose value is not one that reading gives; numbers and free texts have their bounds.

    Each distinct value is read once.
    """
    found = {}
    for rank, column in enumerate(dataset.columns):
        if _has_its_own_reading(column):
            strange = list(_strange(rows[column.name], column))
            if strange:
                found[column.name] = _part(rows, column, rank, strange)
    return found


def _has_its_own_reading(column: Column) -> bool:
    kind = column.kind
    return kind.dtype in (pl.String, pl.Date) and type(kind) is not Texte


def _strange(cells: pl.Series, column: Column) -> Iterator[object]:
    """The distinct values that, written and read again, are not themselves."""
    values = cells.drop_nulls().unique()
    if values.is_empty():
        return
    written = values if values.dtype == pl.String else pl.Series([column.kind.write(one) for one in values])
    read = column.kind.read(written).values
    for value, again in zip(values, read, strict=True):
        if value != again:
            yield value


def _part(rows: pl.DataFrame, column: Column, rank: int, strange: list[object]) -> Part[Problem]:
    cells = rows.filter(pl.col(column.name).is_in(strange)).select("_line", column.name)
    lines, found = cells["_line"], cells[column.name]

    def make(place: int) -> Problem:
        text = found[place] if found.dtype == pl.String else f"{found[place]:%d/%m/%Y}"
        why = column.kind.complaint(text)
        return Problem(
            lines[place], column.name, shortened(text), french.typeset(why.expected), french.typeset(why.remedy),
            Severity.ERROR, why.code,
        )  # fmt: skip

    return Part(lines, rank, make)
