"""The store follows its version and its plugins’ schemas, by named steps, each applied once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

import polars as pl
import sqlalchemy as sa

from core.catalogue.fitting import Misfit, misfits
from core.catalogue.keys import with_key
from core.domain import french
from core.domain.access import Actor
from core.domain.dataset import Dataset, Upgrade
from core.errors import Misconfigured, PluginProblem, Refused
from core.storage import (
    engine,
    journal,
    sealing,
    seals,
)
from core.storage import rows as stored
from core.storage.deposits import UPGRADE, latest
from core.storage.recording import DepositMetadata, Saved, record
from core.storage.rows import KnownTable, Stored, compare, declared, known, open_table
from core.storage.schema import (
    CORE,
    KEY,
    PLACED,
    SINCE,
    UNTIL,
    DataTable,
    declarations,
    deposits,
    former_names,
    row_seals,
    schemas,
    sessions,
    table_name,
    versions,
)
from core.storage.trouble import Trouble, down, trouble_of

STEPS: tuple[tuple[str, Callable[[sa.Connection], None]], ...] = (
    ("first tables", lambda c: _create(c)),
    ("register", lambda c: CORE.create_all(c)),
    ("accounts", lambda c: CORE.create_all(c)),
    ("seals of rows", lambda c: CORE.create_all(c)),
    ("one revision for several tables", lambda c: _share_revisions(c)),
    ("second factor", lambda c: _open_sessions_again(c)),
    ("declarations", lambda c: CORE.create_all(c)),
)
VERSION = len(STEPS)
_PART = "core"
_TOLD = 20
"""Cells named in one refusal; the others are counted."""


def prepare_core(bound: sa.Engine) -> None:
    """Bring the store's own tables to this version.

    Raises Misconfigured when a newer version of the product made them.
    """
    with engine.reading(bound) as connection:
        found = _version(connection)
    if found > VERSION:
        raise Misconfigured(
            f"Cette base a été écrite par une version plus récente de Fabrique (schéma {found}, ici {VERSION}). "
            "Installez cette version, ou reprenez une sauvegarde plus ancienne."
        )
    if found < VERSION:
        with engine.writing(bound) as connection:
            _catch_up(connection)


def check_version(connection: sa.Connection) -> None:
    """Raise BaseDown when the base became another version's while it was served: upgraded, or put back, elsewhere."""
    try:
        found = connection.scalar(sa.select(versions.c.version).where(versions.c.part == _PART))
    except sa.exc.ProgrammingError:
        found = None
    except sa.exc.OperationalError as error:
        if trouble_of(error) is not None:
            raise
        found = None  # SQLite’s word for a table that is not there
    if found != VERSION:
        raise down(connection.engine.url, Trouble.VERSION, f"schema {found or 0}, here {VERSION}")


def _catch_up(connection: sa.Connection) -> None:
    found = _version(connection)  # read again: another process may have done it while we waited
    for number, (_name, step) in enumerate(STEPS, start=1):
        if number > found:
            step(connection)
    if found < VERSION:
        connection.execute(sa.delete(versions).where(versions.c.part == _PART))
        connection.execute(sa.insert(versions).values(part=_PART, version=VERSION))


def _version(connection: sa.Connection) -> int:
    if not sa.inspect(connection).has_table(versions.name):
        return 0
    return connection.scalar(sa.select(versions.c.version).where(versions.c.part == _PART)) or 0


def _share_revisions(connection: sa.Connection) -> None:
    """Let several deposits bear one revision: a workbook fills several tables at once."""
    unique = sa.inspect(connection).get_unique_constraints(deposits.name)
    alone = next((one for one in unique if one["column_names"] == ["revision"]), None)
    if alone is None:
        return
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f'ALTER TABLE {deposits.name} DROP CONSTRAINT "{alone["name"]}"')
        return
    # SQLite cannot drop a constraint: the table is made again.
    names = ", ".join(column.name for column in deposits.columns)
    connection.exec_driver_sql("ALTER TABLE deposits RENAME TO deposits_before")
    connection.exec_driver_sql("DROP INDEX deposits_by_dataset")
    deposits.create(connection)
    connection.exec_driver_sql(f"INSERT INTO deposits ({names}) SELECT {names} FROM deposits_before")
    connection.exec_driver_sql("DROP TABLE deposits_before")


def _open_sessions_again(connection: sa.Connection) -> None:
    """Sessions and wrong tries have other columns: everybody signs in again, once."""
    connection.exec_driver_sql("DROP TABLE IF EXISTS sign_in_attempts")
    sessions.drop(connection, checkfirst=True)
    CORE.create_all(connection)


def _create(connection: sa.Connection) -> None:
    CORE.create_all(connection)
    for trigger in journal.TRIGGERS[connection.dialect.name]:
        connection.exec_driver_sql(trigger)


# --- Running the named steps of a raised version over the rows, without losing any value -----------
# Rows that hold are rewritten as a new revision. Rows of the past are left as they are, but
# for the columns that did not exist: these are filled by the same steps, so that a past
# revision can be read, and figures computed, under the new schema. The table is then sealed again.


def upgrade(
    connection: sa.Connection, data: DataTable, base: KnownTable, new: Sequence[str], actor: Actor, at: datetime
) -> None:
    """Bring the rows of ``data`` from the version of ``base`` to its own; ``new`` columns are empty yet.

    Raises Refused when a step is missing, fails, or loses a row or a required value.
    """
    until: sa.ColumnElement[int | None] = sa.column(UNTIL, sa.BigInteger)
    current, past = (old_rows(connection, base, held) for held in (until.is_(None), until.is_not(None)))
    if current.is_empty() and past.is_empty():
        return
    todo = steps(data, base)
    upgraded = run(data, todo, current)
    _rewrite_current(connection, data, upgraded, actor, at)
    if new:  # what has just been rewritten is past as well
        _fill_past(connection, data, pl.concat([upgraded, run(data, todo, past)]), new)
        sealing.seal_table(connection, data.association, data.dataset.code, actor, at)


def old_rows(connection: sa.Connection, base: KnownTable, held: sa.ColumnElement[bool]) -> pl.DataFrame:
    """The rows of which ``held`` is true, as they were declared before, with the hidden columns."""
    wanted: list[sa.ColumnElement[Any]] = [
        sa.column(stored.column).label(name) for name, stored in base.columns.items()
    ]
    hidden: list[sa.ColumnElement[Any]] = [sa.column(name) for name in (*PLACED, SINCE)]
    select = sa.select(*wanted, *hidden).select_from(sa.table(base.table_name)).where(held)
    types = {name: stored.polars for name, stored in base.columns.items()}
    return stored.read_frame(connection, select, {**types, **dict.fromkeys(PLACED, pl.String), SINCE: pl.Int64})


def steps(data: DataTable, base: KnownTable) -> list[Upgrade]:
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
        rows = _apply(data, step, rows)
    if not {KEY, SINCE} <= set(rows.columns) or not rows.select(KEY, SINCE).sort(KEY, SINCE).equals(identity):
        raise _wrong(data, steps[-1], "elle ne rend pas les mêmes lignes (colonnes _key et _since comprises)")
    lost = [name for name in data.types if name not in rows.columns]
    if lost:
        raise _wrong(data, steps[-1], f"elle ne rend pas la colonne « {lost[0]} »")
    try:
        made = rows.select(*(pl.col(name).cast(dtype) for name, dtype in data.types.items()), SINCE)
    except pl.exceptions.InvalidOperationError as error:
        raise _wrong(data, steps[-1], "elle rend des valeurs d’un autre type que celui de leur colonne") from error
    if not with_key(made.drop(KEY), data.dataset)[KEY].equals(made[KEY]):
        raise _wrong(data, steps[-1], "elle change la clé des lignes : elles ne se retrouveraient plus")
    return made


def _apply(data: DataTable, step: Upgrade, rows: pl.DataFrame) -> pl.DataFrame:
    """One step, which is a plugin's code and may raise anything."""
    try:
        made = step.apply(rows)
    except PluginProblem as problem:
        raise _wrong(data, step, f"elle a échoué. {problem} {problem.remedy}", end="") from problem
    except (Exception, SystemExit) as error:
        raise _wrong(data, step, f"elle a échoué ({error})") from error
    if not isinstance(made, pl.DataFrame):
        raise _wrong(data, step, f"elle rend {type(made).__name__} et non un tableau polars (pl.DataFrame)")
    return made


def _wrong(data: DataTable, step: Upgrade, what: str, end: str = ".") -> Refused:
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
    raise _wrong(data, step, f"{cells} à leur colonne. {' '.join(told)}{rest}", end="")


def _given(one: Misfit) -> str:
    """« : “-5”. Il faut 0 au moins. »."""
    value = "" if one.value is None else f" (« {one.column.kind.show(one.value)} »)"
    return f"{value} : {one.expected[:1].lower()}{one.expected[1:]}"


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


# --- How a dataset's table comes to be and follows its declaration, without ever losing a value ----
# New columns are added beside the old ones. A raised version runs its named steps over the
# rows that hold, as a new revision: the past stays readable. A column that is no longer
# declared stays in the table, unread. What cannot be done is refused, and says what to do.


@dataclass(frozen=True, slots=True)
class Plan:
    """What separates the base from the declaration."""

    new: tuple[str, ...] = ()
    retyped: tuple[str, ...] = ()
    retired: tuple[str, ...] = ()
    from_version: int = 1
    to_version: int = 1

    @property
    def upgrades(self) -> bool:
        """Whether the version was raised."""
        return self.to_version > self.from_version

    @property
    def needed(self) -> bool:
        """Whether anything has to be written."""
        return self.upgrades or bool(self.new or self.retyped)


def prepare(connection: sa.Connection, association: str, dataset: Dataset, actor: Actor, at: datetime) -> DataTable:
    """Create or extend the table of ``dataset``, with a journal line when something changed.

    Raises Refused when a change cannot be made without losing something, JournalBroken when past rows
    would be filled that are not those that were sealed.
    """
    base = _known(connection, association, dataset, actor, at)
    if base is None:
        data = create(connection, association, dataset)
        _note(connection, data, actor, at, Plan(new=tuple(declared(dataset)), to_version=dataset.version))
        _bring_over(connection, data, actor, at)
        return data
    todo = plan(association, dataset, base)
    if not todo.needed:
        return open_table(association, dataset, base)
    if todo.upgrades and (todo.new or todo.retyped):
        sealing.check(connection, association, dataset.code)  # sealed again once the past is filled: not before
    data = extend(connection, association, dataset, base, todo)
    _note(connection, data, actor, at, todo)
    if todo.upgrades:
        upgrade(connection, data, base, (*todo.new, *todo.retyped), actor, at)
    return data


def _known(
    connection: sa.Connection, association: str, dataset: Dataset, actor: Actor, at: datetime
) -> KnownTable | None:
    """The dataset's table; that of its former code, which then takes the new one with its whole past."""
    bases = known(connection, association)
    former = dataset.former
    if (association, dataset.code) in bases or former is None or former.apply is not None:
        return bases.get((association, dataset.code))
    base = bases.get((association, former.dataset))
    if base is None:
        return None
    for table in (schemas, deposits, row_seals, declarations, former_names):
        mine = sa.and_(table.c.association == association, table.c.dataset == former.dataset)
        connection.execute(sa.update(table).where(mine).values(dataset=dataset.code))
    connection.execute(
        sa.insert(former_names).values(association=association, former=former.dataset, dataset=dataset.code)
    )
    subject = f"{association}/{dataset.code}"
    journal.write(connection, actor, at, journal.RENAMED, subject, {journal.FORMER: former.dataset})
    return base


def _bring_over(connection: sa.Connection, data: DataTable, actor: Actor, at: datetime) -> None:
    """The rows that hold in the dataset that this one was a part of, through its named step, as a first revision.

    Raises Refused when the step fails, or gives rows that this dataset cannot take.
    """
    former = data.dataset.former
    if former is None or former.apply is None:
        return
    base = known(connection, data.association).get((data.association, former.dataset))
    if base is None:
        return
    step = Upgrade(data.dataset.version, former.name, former.apply)
    made = _apply(data, step, old_rows(connection, base, sa.column(UNTIL).is_(None)))
    lost = [name for name in (*data.dataset.by_name, *PLACED[1:]) if name not in made.columns]
    if lost:
        raise _wrong(data, step, f"elle ne rend pas la colonne « {lost[0]} »")
    try:
        rows = with_key(made, data.dataset).select(pl.col(name).cast(dtype) for name, dtype in data.types.items())
    except pl.exceptions.InvalidOperationError as error:
        raise _wrong(data, step, "elle rend des valeurs d’un autre type que celui de leur colonne") from error
    refuse_misfits(data, step, rows)
    diff = compare(rows, stored.rows(connection, data))
    if diff.added.is_empty():
        return
    revision = latest(connection) + 1
    stored.insert(connection, data.table, diff.added, revision)
    ended = diff.before.select(KEY, SINCE)
    seal = seals.of_revision(revision, data.stored, [data.as_stored(diff.added)], ended)
    saved = Saved(revision, added=diff.added.height)
    record(connection, data, DepositMetadata(actor, at, UPGRADE), saved, seal)


def plan(association: str, dataset: Dataset, base: KnownTable) -> Plan:
    """Compare the declaration to the base.

    Raises Refused when the base is newer, when the key changed, or when a column changed its
    type without a new version.
    """
    where = f"« {dataset.code} » de « {association} »"
    if dataset.version < base.version:
        raise Refused(
            f"La base connaît le jeu {where} en version {base.version} et ce programme en version "
            f"{dataset.version}. Installez une version plus récente de l’extension."
        )
    if dataset.key != base.key:
        raise Refused(
            f"La clé du jeu {where} a changé ({', '.join(base.key)} → {', '.join(dataset.key)}). "
            "Les lignes déjà reçues ne se retrouveraient plus : déclarez un autre jeu sous un autre code."
        )
    names = declared(dataset)
    retyped = tuple(n for n, stored in names.items() if n in base.columns and base.columns[n].sql != stored.sql)
    if retyped and dataset.version == base.version:
        raise Refused(
            f"La colonne « {retyped[0]} » du jeu {where} a changé de type. "
            "Augmentez la version du jeu et donnez une étape de mise à niveau (Upgrade)."
        )
    return Plan(
        new=tuple(name for name in names if name not in base.columns),
        retyped=retyped,
        retired=tuple(name for name in base.columns if name not in names),
        from_version=base.version,
        to_version=dataset.version,
    )


def create(connection: sa.Connection, association: str, dataset: Dataset) -> DataTable:
    """Make the table and its indexes, and write it down."""
    taken = set(connection.scalars(sa.select(schemas.c.table_name)))
    name = table_name(association, dataset.code, taken)
    columns = declared(dataset)
    data = open_table(association, dataset, KnownTable(name, dataset.version, dataset.key, columns))
    data.table.create(connection)
    values = {"association": association, "dataset": dataset.code, "table_name": name}
    connection.execute(sa.insert(schemas).values(**values, **_line(dataset, columns)))
    return data


def extend(connection: sa.Connection, association: str, dataset: Dataset, base: KnownTable, todo: Plan) -> DataTable:
    """Add the columns that are missing, and write it down; nothing is dropped or rewritten."""
    _refuse_holes(connection, association, dataset, base, todo)
    columns = dict(base.columns)
    for name, form in declared(dataset).items():
        if name in todo.new:
            columns[name] = form
        elif name in todo.retyped:  # beside the old column, which keeps what it holds
            columns[name] = replace(form, column=f"{name}__{dataset.version}")
    data = open_table(association, dataset, KnownTable(base.table_name, dataset.version, dataset.key, columns))
    for name in (*todo.new, *todo.retyped):
        _add_column(connection, data.table, data.table.c[name])
    connection.execute(
        sa.update(schemas)
        .where(schemas.c.association == association, schemas.c.dataset == dataset.code)
        .values(_line(dataset, columns))
    )
    return data


def has_rows(connection: sa.Connection, name: str) -> bool:
    """Whether a row holds in the table ``name``."""
    table = sa.table(name, sa.column(UNTIL))
    return connection.scalar(sa.select(sa.literal(1)).select_from(table).where(table.c[UNTIL].is_(None)).limit(1)) == 1


def _refuse_holes(connection: sa.Connection, association: str, dataset: Dataset, base: KnownTable, todo: Plan) -> None:
    required = [c.name for c in dataset.columns if c.name in todo.new and not c.nullable]
    if required and not todo.upgrades and has_rows(connection, base.table_name):
        raise Refused(
            f"Le jeu « {dataset.code} » de « {association} » a une nouvelle colonne obligatoire, « {required[0]} », "
            "et des lignes déjà reçues qui ne l’ont pas. Rendez-la facultative, ou augmentez la version du jeu "
            "avec une étape (Upgrade) qui la remplit."
        )


def _add_column(connection: sa.Connection, table: sa.Table, column: sa.Column[Any]) -> None:
    quote = connection.dialect.identifier_preparer
    kind = column.type.compile(connection.dialect)
    connection.exec_driver_sql(f"ALTER TABLE {quote.format_table(table)} ADD COLUMN {quote.quote(column.name)} {kind}")


def _note(connection: sa.Connection, data: DataTable, actor: Actor, at: datetime, done: Plan) -> None:
    details = {"version": done.to_version, "new": done.new, "retyped": done.retyped, "retired": done.retired}
    journal.write(connection, actor, at, "schéma", data.subject, details)


def _line(dataset: Dataset, columns: Mapping[str, Stored]) -> dict[str, Any]:
    listed = [{"name": name, **asdict(stored)} for name, stored in columns.items()]
    return {"version": dataset.version, "key": list(dataset.key), "columns": listed}
