"""The named steps of a raised version run over the rows, without losing any value.

Rows that hold are rewritten as a new revision. The past is read by one rule: through the same steps, under the
columns of today and in their unit. So a column that is new, of another type, or of which a step changes a value, has
a place of its own in the table, filled for the past as well; the place of before keeps what was told. The table is
then sealed again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl
import sqlalchemy as sa

from core.catalogue.fitting import Misfit, misfits
from core.catalogue.keys import with_key
from core.domain import french
from core.domain.access import Actor
from core.domain.dataset import Dataset, Upgrade
from core.errors import PluginProblem, Refused
from core.storage import rows as stored
from core.storage import sealing, seals
from core.storage.deposits import UPGRADE, latest
from core.storage.recording import DepositMetadata, Saved, record
from core.storage.rows import KnownTable, compare, declared, open_table
from core.storage.schema import KEY, PLACED, SINCE, UNTIL, DataTable

_TOLD = 20
"""Cells named in one refusal; the others are counted."""


@dataclass(frozen=True, slots=True)
class Stepped:
    """The rows of a table as its steps make them: those that hold, those of the past; ``moved`` the columns of the
    same type of which they change a value."""

    holding: pl.DataFrame
    past: pl.DataFrame
    moved: tuple[str, ...]


def stepped(connection: sa.Connection, association: str, dataset: Dataset, base: KnownTable) -> Stepped | None:
    """What the steps make of the rows of a table, None when it never held any.

    Raises Refused when a step is missing, fails, or loses a row.
    """
    until: sa.ColumnElement[int | None] = sa.column(UNTIL, sa.BigInteger)
    current, past = (old_rows(connection, base, held) for held in (until.is_(None), until.is_not(None)))
    if current.is_empty() and past.is_empty():
        return None
    known_columns = {**base.columns, **declared(dataset)}
    data = open_table(association, dataset, KnownTable(base.table_name, dataset.version, dataset.key, known_columns))
    todo = steps_between(data, base)
    holding, ended = run(data, todo, current), run(data, todo, past)
    return Stepped(holding, ended, _moved(base, dataset, pl.concat([current, past]), pl.concat([holding, ended])))


def _moved(base: KnownTable, dataset: Dataset, before: pl.DataFrame, after: pl.DataFrame) -> tuple[str, ...]:
    """The columns of one name and type of which some value is not what it was."""
    kept = [
        name for name, one in declared(dataset).items() if name in base.columns and base.columns[name].sql == one.sql
    ]
    old, new = before.sort(KEY, SINCE), after.sort(KEY, SINCE)
    return tuple(name for name in kept if old[name].ne_missing(new[name]).any())


def upgrade(
    connection: sa.Connection,
    data: DataTable,
    base: KnownTable,
    found: Stepped,
    new: Sequence[str],
    actor: Actor,
    at: datetime,
) -> None:
    """Bring the rows of ``data`` to its version, as its steps made them; ``new`` columns are empty yet.

    Raises Refused when a step gave a value that its column does not take.
    """
    _carry_over(connection, data.table, {name: base.columns[name].column for name in found.moved})
    _rewrite_current(connection, data, found.holding, actor, at)
    places = (*new, *found.moved)
    if places:  # what has just been rewritten is past as well
        _fill_past(connection, data, pl.concat([found.holding, found.past]), places)
        sealing.seal_table(connection, data.association, data.dataset.code, actor, at)


def _carry_over(connection: sa.Connection, table: sa.Table, places: Mapping[str, str]) -> None:
    """Fill the new place of a column with what the former holds: only rows that a step changes are written again."""
    if places:
        given: dict[Any, Any] = {table.c[name]: sa.column(former) for name, former in places.items()}
        connection.execute(sa.update(table).where(table.c[UNTIL].is_(None)).values(given))


def old_rows(connection: sa.Connection, base: KnownTable, held: sa.ColumnElement[bool]) -> pl.DataFrame:
    """The rows of which ``held`` is true, as they were declared before, with the hidden columns."""
    wanted: list[sa.ColumnElement[Any]] = [
        sa.column(stored.column).label(name) for name, stored in base.columns.items()
    ]
    hidden: list[sa.ColumnElement[Any]] = [sa.column(name) for name in (*PLACED, SINCE)]
    select = sa.select(*wanted, *hidden).select_from(sa.table(base.table_name)).where(held)
    types = {name: stored.polars for name, stored in base.columns.items()}
    return stored.read_frame(connection, select, {**types, **dict.fromkeys(PLACED, pl.String), SINCE: pl.Int64})


def steps_between(data: DataTable, base: KnownTable) -> list[Upgrade]:
    """The steps from the version of ``base`` to that of the declaration; raises Refused when one is missing."""
    wanted = range(base.version + 1, data.dataset.version + 1)
    given = {step.version: step for step in data.dataset.upgrades}
    for version in wanted:
        if version not in given:
            raise Refused(
                f"Le jeu « {data.dataset.code} » de « {data.association} » passe en version {data.dataset.version} et "
                f"il n’a pas d’étape de mise à niveau vers la version {version}. Donnez-la (Upgrade) : "
                "des lignes déjà reçues l’attendent."
            )
    return [given[version] for version in wanted]


def run(data: DataTable, steps: Sequence[Upgrade], rows: pl.DataFrame) -> pl.DataFrame:
    """The rows after every step, in the declared types."""
    identity = rows.select(KEY, SINCE).sort(KEY, SINCE)
    for step in steps:
        rows = applied(data, step, rows)
    if not {KEY, SINCE} <= set(rows.columns) or not rows.select(KEY, SINCE).sort(KEY, SINCE).equals(identity):
        raise wrong(data, steps[-1], "elle ne rend pas les mêmes lignes (colonnes _key et _since comprises)")
    lost = [name for name in data.types if name not in rows.columns]
    if lost:
        raise wrong(data, steps[-1], f"elle ne rend pas la colonne « {lost[0]} »")
    try:
        made = rows.select(*(pl.col(name).cast(dtype) for name, dtype in data.types.items()), SINCE)
    except pl.exceptions.InvalidOperationError as error:
        raise wrong(data, steps[-1], "elle rend des valeurs d’un autre type que celui de leur colonne") from error
    if not with_key(made.drop(KEY), data.dataset)[KEY].equals(made[KEY]):
        raise wrong(data, steps[-1], "elle change la clé des lignes : elles ne se retrouveraient plus")
    return made


def applied(data: DataTable, step: Upgrade, rows: pl.DataFrame) -> pl.DataFrame:
    """One step, which is a plugin's code and may raise anything."""
    try:
        made = step.apply(rows)
    except PluginProblem as problem:
        raise wrong(data, step, f"elle a échoué. {problem} {problem.remedy}", end="") from problem
    except (Exception, SystemExit) as error:
        raise wrong(data, step, f"elle a échoué ({error})") from error
    if not isinstance(made, pl.DataFrame):
        raise wrong(data, step, f"elle rend {type(made).__name__} et non un tableau polars (pl.DataFrame)")
    return made


def wrong(data: DataTable, step: Upgrade, what: str, end: str = ".") -> Refused:
    return Refused(
        f"L’étape « {step.name} » du jeu « {data.dataset.code} » de « {data.association} » est refusée : {what}{end} "
        "Rien n’a été changé dans la base ; corrigez l’étape."
    )


def _rewrite_current(
    connection: sa.Connection, data: DataTable, rows: pl.DataFrame, actor: Actor, at: datetime
) -> None:
    refuse_misfits(data, data.dataset.upgrades[-1], rows)
    diff = compare(rows.drop(SINCE), stored.rows(connection, data))
    if diff.changed.is_empty():
        return
    revision = latest(connection) + 1
    stored.close(connection, data.table, diff.changed[KEY].to_list(), revision)
    stored.insert(connection, data.table, diff.changed, revision)
    saved = Saved(revision, changed=diff.changed.height, unchanged=diff.unchanged)
    given, ended = data.as_stored(diff.changed), diff.before.select(KEY, SINCE)
    record(
        connection,
        data,
        DepositMetadata(actor, at, UPGRADE),
        saved,
        seals.of_revision(revision, data.stored, [given], ended),
    )


def refuse_misfits(data: DataTable, step: Upgrade, rows: pl.DataFrame) -> None:
    """Raise Refused, naming the rows, when a step gave values that their columns do not take."""
    found = list(misfits(rows, data.dataset))
    if not found:
        return
    told = [f"{rows[KEY][one.row]}, « {one.column.title} »{_given(one)}" for one in found[:_TOLD]]
    more = len(found) - len(told)
    rest = f" Et {french.count(more, 'autre cellule', 'autres cellules')}." if more else ""
    cells = "une cellule ne convient pas" if len(found) == 1 else f"{len(found)} cellules ne conviennent pas"
    raise wrong(data, step, f"{cells} à leur colonne. {' '.join(told)}{rest}", end="")


def _given(one: Misfit) -> str:
    """« : “-5”. Il faut 0 au moins. »."""
    value = "" if one.value is None else f" (« {one.column.kind.show(one.value)} »)"
    return f"{value} : {french.lower_first(one.expected)}"


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
