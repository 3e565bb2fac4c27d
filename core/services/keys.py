"""What identifies a row: the values of its key columns, written one way, joined with « | »."""

from __future__ import annotations

import polars as pl

from core.domain.dataset import Dataset

KEY = "_key"
SEPARATOR = "|"


def with_key(rows: pl.DataFrame, dataset: Dataset) -> pl.DataFrame:
    """``rows`` with ``_key``; a blank part of a key counts as an empty text, days are written 2021-09-01."""
    return rows.with_columns(key_of(dataset).alias(KEY))


def key_of(dataset: Dataset) -> pl.Expr:
    """The key of each row, as an expression over the dataset's typed columns."""
    return pl.concat_str([_text(dataset, name) for name in dataset.key], separator=SEPARATOR)


def _text(dataset: Dataset, name: str) -> pl.Expr:
    column = pl.col(name)
    if dataset.by_name[name].kind.dtype == pl.Date:
        column = column.dt.to_string("%Y-%m-%d")
    return column.cast(pl.String).fill_null("")
