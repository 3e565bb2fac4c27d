"""Rows as they hold today or held at a past revision."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import sqlalchemy as sa

from core.storage.data_table import EXPERIMENT, KEY, SINCE, DataTable
from core.storage.frames import among, read_frame

_ASK_BY_KEY = 20_000  # beyond, reading the whole table is quicker than looking up each key


def rows(
    connection: sa.Connection,
    data: DataTable,
    revision: int | None = None,
    *,
    keys: Sequence[str] | None = None,
    experiment: str | None = None,
) -> pl.DataFrame:
    """The rows that hold at ``revision`` (None: today), sorted by key, typed as declared.

    ``keys`` and ``experiment`` keep only some of them.
    """
    wanted = sa.select(*data.selected)
    if keys is None:
        wanted = wanted.where(data.holds(revision))
    else:
        wanted = wanted.where(data.holds(revision, by_key=True), among(connection, data.table.c[KEY], keys))
    if experiment is not None:
        wanted = wanted.where(data.table.c[EXPERIMENT] == experiment)
    return read_frame(connection, wanted, {**data.types, SINCE: pl.Int64}).sort(KEY)


def count(connection: sa.Connection, data: DataTable) -> int:
    """How many rows hold today."""
    return connection.scalar(sa.select(sa.func.count()).select_from(data.table).where(data.holds(None))) or 0


def current_of(connection: sa.Connection, data: DataTable, keys: pl.Series) -> pl.DataFrame:
    """The rows that hold today, among which all those of ``keys`` that do."""
    if len(keys) > _ASK_BY_KEY:
        return rows(connection, data)
    return rows(connection, data, keys=keys.to_list())


def visible(data: DataTable, revision: int | None) -> sa.Subquery:
    """A FROM clause of the rows that hold at ``revision``, under the schema's column names."""
    return sa.select(*data.selected).where(data.holds(revision)).subquery(data.table.name)
