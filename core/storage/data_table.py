"""The typed table of one dataset of one association, made from its declaration.

Beside the declared columns stand five hidden ones: ``_key`` identifies the row, ``_place``
and ``_experiment`` say where it counts, ``_since`` and ``_until`` are the revisions between
which it holds (``_until`` null: it holds today).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl
import sqlalchemy as sa

from core.domain.dataset import Dataset
from core.storage.expressions import endless

KEY, PLACE, EXPERIMENT, SINCE, UNTIL = "_key", "_place", "_experiment", "_since", "_until"
PLACED = (KEY, PLACE, EXPERIMENT)
_LONGEST = 50  # PostgreSQL cuts names at 63 bytes; room is left for those of the indexes


@dataclass(frozen=True)
class DataTable:
    """One dataset of one association, with its table.

    The table's columns are reached by the names of the schema (``table.c.montant``), even
    where an upgrade had to give the stored column another name.
    """

    association: str
    dataset: Dataset
    table: sa.Table

    @cached_property
    def types(self) -> dict[str, Any]:
        """The polars type of each column of a frame of rows, hidden ones included."""
        declared = {column.name: column.kind.dtype for column in self.dataset.columns}
        return {**declared, KEY: pl.String, PLACE: pl.String, EXPERIMENT: pl.String}

    @property
    def subject(self) -> str:
        """« association/dataset », as the journal names it."""
        return f"{self.association}/{self.dataset.code}"

    @property
    def selected(self) -> list[Any]:
        """The columns that a reader gets, under the schema's names."""
        return [self.table.c[name].label(name) for name in (*self.types, SINCE)]

    def holds(self, revision: int | None, *, by_key: bool = False) -> sa.ColumnElement[bool]:
        """The condition that a row holds at ``revision`` (None: today).

        ``by_key`` says that few rows are looked up by their key, through its index.
        """
        since, until = self.table.c[SINCE], self.table.c[UNTIL]
        if revision is None:
            return until.is_(None) if by_key else endless(until)
        return sa.and_(since <= revision, sa.or_(until.is_(None), until > revision))


def table_name(association: str, dataset: str, taken: Collection[str]) -> str:
    """``d_<association>_<dataset>`` in plain letters; a short hash is added when cut or taken."""
    plain = re.sub(r"[^a-z0-9_]", "_", f"d_{association}_{dataset}".lower())
    if len(plain) <= _LONGEST and plain not in taken:
        return plain
    mark = hashlib.sha256(f"{association}/{dataset}".encode()).hexdigest()[:8]
    return f"{plain[: _LONGEST - 9]}_{mark}"


def build(association: str, dataset: Dataset, name: str, stored: Mapping[str, str]) -> DataTable:
    """The table ``name``; ``stored`` gives the stored name of each column of the schema."""
    declared = [sa.Column(stored[c.name], c.kind.sql_type(), key=c.name) for c in dataset.columns]
    table = sa.Table(
        name,
        sa.MetaData(),
        *declared,
        *hidden(),
    )
    index(table)
    return DataTable(association, dataset, table)


def hidden() -> tuple[sa.Column[Any], ...]:
    """New columns for what stands beside the declared ones."""
    return (
        sa.Column(KEY, sa.Text, nullable=False),
        sa.Column(PLACE, sa.Text),
        sa.Column(EXPERIMENT, sa.Text),
        sa.Column(SINCE, sa.BigInteger, nullable=False),
        sa.Column(UNTIL, sa.BigInteger),
    )


def index(table: sa.Table) -> None:
    """Give the table of a dataset its two indexes: the rows of today by key, and those of the past."""
    # Measured: none on the experiment or the place. A table is one association's, hence of
    # two or three experiments: a scan is as quick, and that index made a bulk insert 15 % slower.
    current, past = table.c[UNTIL].is_(None), table.c[UNTIL].is_not(None)
    sa.Index(f"{table.name}_now", table.c[KEY], unique=True, sqlite_where=current, postgresql_where=current)
    sa.Index(f"{table.name}_past", table.c[KEY], sqlite_where=past, postgresql_where=past)
