"""What the base remembers of each dataset: its table, its version, its columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
import sqlalchemy as sa

from core.domain.dataset import Dataset
from core.errors import Refused
from core.storage.data_table import DataTable, build
from core.storage.tables import schemas

KEPT = (pl.String, pl.Int64, pl.Float64, pl.Boolean, pl.Date)


@dataclass(frozen=True, slots=True)
class Stored:
    """Where the values of a column are: the stored column's name, its SQL and polars types as words."""

    column: str
    sql: str
    dtype: str

    @property
    def polars(self) -> Any:
        """The polars type."""
        return getattr(pl, self.dtype)


@dataclass(frozen=True, slots=True)
class Known:
    """A dataset's table as the base knows it; ``columns`` by the names of the schema."""

    table_name: str
    version: int
    key: tuple[str, ...]
    columns: Mapping[str, Stored]


def known(connection: sa.Connection, association: str) -> dict[tuple[str, str], Known]:
    """The tables that the base has for an association, by (association, dataset)."""
    found = connection.execute(sa.select(schemas).where(schemas.c.association == association))
    return {(row.association, row.dataset): _known(row) for row in found}


def declared(dataset: Dataset) -> dict[str, Stored]:
    """The columns as declared, each stored under its own name.

    Raises Refused for a kind whose polars type is not among those that are kept.
    """
    for column in dataset.columns:
        if column.kind.dtype not in KEPT:
            raise Refused(
                f"La colonne « {column.name} » du jeu « {dataset.code} » est d’un type qui ne se garde pas "
                f"({column.kind.dtype}). Choisissez parmi {', '.join(str(dtype) for dtype in KEPT)}."
            )
    return {
        column.name: Stored(column.name, str(column.kind.sql_type()), str(column.kind.dtype))
        for column in dataset.columns
    }


def open_table(association: str, dataset: Dataset, base: Known) -> DataTable:
    """The table of a dataset that needs no migration."""
    stored = {column.name: base.columns[column.name].column for column in dataset.columns}
    return build(association, dataset, base.table_name, stored)


def _known(row: Any) -> Known:
    columns = {c["name"]: Stored(c["column"], c["sql"], c["dtype"]) for c in row.columns}
    return Known(row.table_name, row.version, tuple(row.key), columns)
