"""Whether typed values are some that their column takes: read again as themselves, within its bounds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import polars as pl

from core.catalogue.texts import Texte
from core.domain import french
from core.domain.column_type import ColumnType
from core.domain.dataset import Column, Dataset
from core.domain.schemas import pa


class CheckWords(NamedTuple):
    """What a column's check asks, in French, and the code that groups what breaks it."""

    expected: str
    remedy: str
    code: str


class Misfit(NamedTuple):
    """A cell that its column does not take: its row, counted from 0, its column, its value, what was expected."""

    row: int
    column: Column
    value: object
    expected: str


def check_words(column: Column, check: pa.Check) -> CheckWords:
    """What one of the checks of a column asks of its cells."""
    statistics = check.statistics or {}
    match check.name:
        case "greater_than_or_equal_to":
            least = column.kind.show(statistics["min_value"])
            return CheckWords(f"Il faut {least} au moins.", "Corrigez le nombre.", "trop_petit")
        case "less_than_or_equal_to":
            most = column.kind.show(statistics["max_value"])
            return CheckWords(f"Il faut {most} au plus.", "Corrigez le nombre.", "trop_grand")
        case "str_length":
            most = french.number(statistics["max_value"])
            return CheckWords(f"Ce texte est trop long : {most} caractères au plus.", "Raccourcissez-le.", "trop_long")
        case "str_matches":
            return CheckWords("Ce texte n’a pas la forme attendue.", column.description or "Corrigez-le.", "forme")
        case _:
            return CheckWords(str(check.error or check.name), "Corrigez la cellule.", str(check.name))


def strange(cells: pl.Series, column: Column) -> list[object]:
    """The distinct values that, written and read again, are not themselves: not in the list, not a real SIRET…

    Numbers and free texts have no other reading: their bounds are checked.
    """
    kind = column.kind
    own_reading = isinstance(kind, ColumnType) and kind.dtype in (pl.String, pl.Date) and type(kind) is not Texte
    values = cells.drop_nulls().unique(maintain_order=True)
    if not own_reading or values.is_empty():
        return []
    written = pl.Series([kind.write(one) for one in values], dtype=pl.String)
    read = kind.read(written).values
    return [value for value, again in zip(values, read, strict=True) if value != again]


def misfits(rows: pl.DataFrame, dataset: Dataset) -> Iterator[Misfit]:
    """The cells of typed rows that their columns do not take, column by column; rows have every column."""
    own = dataset.schema.to_schema().columns
    for column in dataset.columns:
        yield from _of_column(rows[column.name], column, list(own[column.name].checks))


def _of_column(cells: pl.Series, column: Column, checks: list[pa.Check]) -> Iterator[Misfit]:
    if not column.nullable:
        for at in cells.is_null().arg_true():
            yield Misfit(at, column, None, "Cette case est obligatoire et reste vide.")
    odd = strange(cells, column)
    for at in cells.is_in(odd).fill_null(False).arg_true() if odd else ():
        yield Misfit(at, column, cells[at], f"Il faut {column.kind.expected}.")
    for check in checks:
        schema = pa.DataFrameSchema({column.name: pa.Column(None, [check], nullable=True)})
        try:
            schema.validate(cells.to_frame(), lazy=True)
        except pa.errors.SchemaErrors as error:
            for at in error.failure_cases["index"].drop_nulls().sort():
                yield Misfit(at, column, cells[at], check_words(column, check).expected)
