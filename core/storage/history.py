"""What happened to a row, and what a revision did: who, when, from which value to which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl
import sqlalchemy as sa

from core.storage.data_table import KEY, SINCE, UNTIL, DataTable
from core.storage.deposits import Deposit, listed
from core.storage.diff import CellChange, Diff, cells_of, compare
from core.storage.frames import read_frame

ADDED, CHANGED, REMOVED = "ajoutée", "modifiée", "retirée"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a row: ``what`` is « ajoutée », « modifiée » or « retirée ».

    ``cells`` are the values that changed (all those filled, for a row added or removed);
    ``deposit`` says who, when, how and from which file.
    """

    key: str
    what: str
    revision: int
    deposit: Deposit
    cells: tuple[CellChange, ...]

    @property
    def at(self) -> datetime:
        """When it happened, in UTC."""
        return self.deposit.at


def of_row(connection: sa.Connection, data: DataTable, key: str) -> list[Event]:
    """Everything that ever happened to the row ``key``, the oldest first; [] when nobody ever gave it."""
    until = data.table.c[UNTIL].label(UNTIL)
    wanted = sa.select(*data.selected, until).where(data.table.c[KEY] == key)
    versions = read_frame(connection, wanted, {**data.types, SINCE: pl.Int64, UNTIL: pl.Int64}).sort(SINCE)
    by = {d.revision: d for d in _deposits(connection, data)}
    return [
        Event(key, what, revision, by[revision], tuple(cells_of(key, before, after)))
        for revision, what, before, after in _turns(versions.to_dicts())
    ]


def of_revision(connection: sa.Connection, data: DataTable, revision: int) -> Diff:
    """What ``revision`` did to its dataset: added, changed (with before), and removed as ``missing``."""
    ended = _rows(connection, data, UNTIL, revision)
    given = _rows(connection, data, SINCE, revision)
    diff = compare(given.drop(SINCE), ended)
    removed = ended.join(given.select(KEY), on=KEY, how="anti", maintain_order="left")
    return Diff(diff.added, diff.changed, diff.before, 0, removed)


def _rows(connection: sa.Connection, data: DataTable, column: str, revision: int) -> pl.DataFrame:
    wanted = sa.select(*data.selected).where(data.table.c[column] == revision)
    return read_frame(connection, wanted, {**data.types, SINCE: pl.Int64}).sort(KEY)


def _turns(versions: Sequence[dict[str, Any]]) -> Iterable[tuple[int, str, Mapping[str, Any], Mapping[str, Any]]]:
    """(revision, what, before, after) of each turn in the life of one row."""
    before: dict[str, Any] = {}
    for version in versions:
        since, until = version.pop(SINCE), version.pop(UNTIL)
        ended = before.pop(UNTIL, None)
        if before and ended != since:
            yield ended, REMOVED, before, {}
            before = {}
        yield since, CHANGED if before else ADDED, before, version
        before = {**version, UNTIL: until}
    if before.get(UNTIL) is not None:
        yield before.pop(UNTIL), REMOVED, before, {}


def _deposits(connection: sa.Connection, data: DataTable) -> list[Deposit]:
    return listed(connection, association=data.association, dataset=data.dataset.code)
