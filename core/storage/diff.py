"""What would change if these rows were saved: added, changed cell by cell, unchanged, missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from core.errors import Refused
from core.storage.data_table import KEY, SINCE

_BEFORE = "before:"


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell that changes, of the row ``key``; values are typed, None is blank."""

    key: str
    column: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Diff:
    """The difference between rows handed in and those that hold.

    added      rows whose key does not hold yet
    changed    rows whose key holds with other values, as handed in
    before     the same rows as they hold, in the same order, with ``_since``
    unchanged  how many rows hold exactly as handed in
    missing    rows that hold and were not handed in (None when nobody asked)
    """

    added: pl.DataFrame
    changed: pl.DataFrame
    before: pl.DataFrame
    unchanged: int
    missing: pl.DataFrame | None = None

    def cells(self, limit: int | None = None) -> list[CellChange]:
        """The cells that change, row by row; at most ``limit`` rows are looked at."""
        rows = zip(self.before.slice(0, limit).to_dicts(), self.changed.slice(0, limit).to_dicts(), strict=True)
        return [change for before, after in rows for change in cells_of(after[KEY], before, after)]


def compare(rows: pl.DataFrame, current: pl.DataFrame) -> Diff:
    """Match ``rows`` to the ``current`` ones by key and compare the other columns, null-safe.

    A column that ``rows`` does not have keeps its current value.
    Raises Refused when a key comes twice in ``rows``.
    """
    _refuse_duplicates(rows)
    if current.is_empty():
        return Diff(rows, rows.clear(), current, 0)
    joined = rows.join(
        current.rename(lambda name: _BEFORE + name),
        left_on=KEY,
        right_on=_BEFORE + KEY,
        how="left",
        maintain_order="left",
    )
    known = pl.col(_BEFORE + SINCE).is_not_null()
    compared = [name for name in rows.columns if name != KEY]
    differs = pl.any_horizontal(pl.col(name).ne_missing(pl.col(_BEFORE + name)) for name in compared)
    kept = [name for name in current.columns if name not in rows.columns and name != SINCE]
    joined = joined.with_columns(pl.col(_BEFORE + name).alias(name) for name in kept)
    added = joined.filter(~known).select(rows.columns)
    changed = joined.filter(known & differs)
    before = changed.select(KEY, *(pl.col(_BEFORE + n).alias(n) for n in current.columns if n != KEY))
    return Diff(
        added,
        changed.select([n for n in current.columns if n != SINCE]),
        before.select(current.columns),
        rows.height - added.height - changed.height,
    )


def _refuse_duplicates(rows: pl.DataFrame) -> None:
    if rows[KEY].null_count():
        raise Refused("Une ligne n’a pas de clé. Remplissez les colonnes qui identifient la ligne.")
    if rows[KEY].n_unique() < rows.height:
        twice = rows.filter(pl.col(KEY).is_duplicated())[KEY][0]
        raise Refused(f"La ligne « {twice} » vient deux fois. Gardez-en une seule.")


def cells_of(key: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[CellChange]:
    """The cells that differ between two versions of a row; a version that is not there is empty."""
    for name in after or before:
        old, new = before.get(name), after.get(name)
        if old != new and name not in (KEY, SINCE):
            yield CellChange(key, name, old, new)
