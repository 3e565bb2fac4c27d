"""Running the named steps of a raised version over the rows, without losing any value.

Rows that hold are rewritten as a new revision. Rows of the past are left as they are, but
for the columns that did not exist: these are filled by the same steps, so that a past
revision can be read, and figures computed, under the new schema.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import polars as pl
import sqlalchemy as sa

from core.domain.actor import Actor
from core.domain.dataset import Upgrade
from core.errors import Refused
from core.storage import frames, reading
from core.storage.data_table import KEY, PLACED, SINCE, UNTIL, DataTable
from core.storage.deposits import UPGRADE, latest
from core.storage.diff import compare
from core.storage.known import Known
from core.storage.records import Deed, Saved, record


def upgrade(
    connection: sa.Connection, data: DataTable, base: Known, new: Sequence[str], actor: Actor, at: datetime
) -> None:
    """Bring the rows of ``data`` from the version of ``base`` to its own; ``new`` columns are empty yet.

    Raises Refused when a step is missing, fails, or loses a row or a required value.
    """
    current, past = _old_rows(connection, base, holding=True), _old_rows(connection, base, holding=False)
    if current.is_empty() and past.is_empty():
        return
    steps = _steps(data, base)
    upgraded = _run(data, steps, current)
    _rewrite_current(connection, data, upgraded, actor, at)
    if new:  # what has just been rewritten is past as well
        _fill_past(connection, data, pl.concat([upgraded, _run(data, steps, past)]), new)


def _old_rows(connection: sa.Connection, base: Known, *, holding: bool) -> pl.DataFrame:
    """The rows as they were declared before, with the hidden columns."""
    until = sa.column(UNTIL)
    wanted = [sa.column(stored.column).label(name) for name, stored in base.columns.items()]
    hidden = [sa.column(name) for name in (*PLACED, SINCE)]
    select = (
        sa.select(*wanted, *hidden)
        .select_from(sa.table(base.table_name))
        .where(until.is_(None) if holding else until.is_not(None))
    )
    types = {name: stored.polars for name, stored in base.columns.items()}
    return frames.read_frame(connection, select, {**types, **dict.fromkeys(PLACED, pl.String), SINCE: pl.Int64})


def _steps(data: DataTable, base: Known) -> list[Upgrade]:
    wanted = range(base.version + 1, data.dataset.version + 1)
    steps = {step.version: step for step in data.dataset.upgrades}
    for version in wanted:
        if version not in steps:
            raise Refused(
                f"Le jeu « {data.dataset.code} » de « {data.association} » passe en version {data.dataset.version} et "
                f"il n’a pas d’étape de mise à niveau vers la version {version}. Donnez-la (Upgrade) : "
                "des lignes déjà reçues l’attendent."
            )
    return [steps[version] for version in wanted]


def _run(data: DataTable, steps: Sequence[Upgrade], rows: pl.DataFrame) -> pl.DataFrame:
    """The rows after every step, in the declared types."""
    identity = rows.select(KEY, SINCE).sort(KEY, SINCE)
    for step in steps:
        rows = _apply(data, step, rows)
    if not {KEY, SINCE} <= set(rows.columns) or not rows.select(KEY, SINCE).sort(KEY, SINCE).equals(identity):
        raise _wrong(data, steps[-1], "elle ne rend pas les mêmes lignes (colonnes _key et _since comprises)")
    lost = [name for name in data.types if name not in rows.columns]
    if lost:
        raise _wrong(data, steps[-1], f"elle ne rend pas la colonne « {lost[0]} »")
    try:
        return rows.select(*(pl.col(name).cast(dtype) for name, dtype in data.types.items()), SINCE)
    except pl.exceptions.InvalidOperationError as error:
        raise _wrong(data, steps[-1], "elle rend des valeurs d’un autre type que celui de leur colonne") from error


def _apply(data: DataTable, step: Upgrade, rows: pl.DataFrame) -> pl.DataFrame:
    """One step, which is a plugin's code and may raise anything."""
    try:
        return step.apply(rows)
    except Exception as error:
        raise _wrong(data, step, f"elle a échoué ({error})") from error


def _wrong(data: DataTable, step: Upgrade, what: str) -> Refused:
    return Refused(
        f"L’étape « {step.name} » du jeu « {data.dataset.code} » de « {data.association} » est refusée : {what}. "
        "Rien n’a été changé dans la base ; corrigez l’étape."
    )


def _rewrite_current(
    connection: sa.Connection, data: DataTable, rows: pl.DataFrame, actor: Actor, at: datetime
) -> None:
    for column in data.dataset.columns:
        if not column.nullable and rows[column.name].null_count():
            raise _wrong(
                data, data.dataset.upgrades[-1], f"la colonne obligatoire « {column.name} » y reste vide par endroits"
            )
    diff = compare(rows.drop(SINCE), reading.rows(connection, data))
    if diff.changed.is_empty():
        return
    revision = latest(connection) + 1
    frames.close(connection, data.table, diff.changed[KEY].to_list(), revision)
    frames.insert(connection, data.table, diff.changed, revision)
    saved = Saved(revision, changed=diff.changed.height, unchanged=diff.unchanged)
    record(connection, data, Deed(actor, at, UPGRADE), saved)


def _fill_past(connection: sa.Connection, data: DataTable, rows: pl.DataFrame, new: Sequence[str]) -> None:
    table = data.table
    filled = rows.filter(pl.any_horizontal(pl.col(name).is_not_null() for name in new))
    if filled.is_empty():
        return
    statement = (
        sa.update(table)
        .where(
            table.c[UNTIL].is_not(None),
            table.c[KEY] == sa.bindparam("of_key"),
            table.c[SINCE] == sa.bindparam("of_since"),
        )
        .values({table.c[name]: sa.bindparam(f"new_{number}") for number, name in enumerate(new)})
    )
    names = {KEY: "of_key", SINCE: "of_since", **{name: f"new_{number}" for number, name in enumerate(new)}}
    connection.execute(statement, filled.select(pl.col(old).alias(to) for old, to in names.items()).to_dicts())
