"""The store follows its version and its plugins’ schemas, by named steps, each applied once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime

import polars as pl
import sqlalchemy as sa

from core.catalogue.keys import with_key
from core.domain.access import Actor
from core.domain.dataset import Dataset, Upgrade
from core.errors import Misconfigured, Refused
from core.storage import (
    engine,
    journal,
    sealing,
    seals,
    steps,
)
from core.storage import rows as stored
from core.storage.deposits import UPGRADE, latest
from core.storage.engine import Trouble, down, trouble_of
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

STEPS: tuple[tuple[str, Callable[[sa.Connection], None]], ...] = (
    ("first tables", lambda c: _create(c)),
    ("register", lambda c: CORE.create_all(c)),
    ("accounts", lambda c: CORE.create_all(c)),
    ("seals of rows", lambda c: CORE.create_all(c)),
    ("one revision for several tables", lambda c: _share_revisions(c)),
    ("second factor", lambda c: _open_sessions_again(c)),
    ("declarations", lambda c: CORE.create_all(c)),
    ("kept answers", lambda c: CORE.create_all(c)),
    ("remotes", lambda c: CORE.create_all(c)),
)
VERSION = len(STEPS)
CORE_PART = "core"


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
        found = connection.scalar(sa.select(versions.c.version).where(versions.c.part == CORE_PART))
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
        connection.execute(sa.delete(versions).where(versions.c.part == CORE_PART))
        connection.execute(sa.insert(versions).values(part=CORE_PART, version=VERSION))


def _version(connection: sa.Connection) -> int:
    if not sa.inspect(connection).has_table(versions.name):
        return 0
    return connection.scalar(sa.select(versions.c.version).where(versions.c.part == CORE_PART)) or 0


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


# --- How a dataset's table comes to be and follows its declaration, without ever losing a value ----
# New columns are added beside the old ones. A raised version runs its named steps over the
# rows that hold, as a new revision: the past stays readable. A column that is no longer
# declared stays in the table, unread. What cannot be done is refused, and says what to do.


@dataclass(frozen=True, slots=True)
class Plan:
    """What separates the base from the declaration; ``moved`` columns have their type, and other values."""

    new: tuple[str, ...] = ()
    retyped: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
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
    found = steps.stepped(connection, association, dataset, base) if todo.upgrades else None
    if found is not None:
        todo = replace(todo, moved=found.moved)
    if todo.upgrades and (todo.new or todo.retyped or todo.moved):
        sealing.check(connection, association, dataset.code)  # sealed again once the past is filled: not before
    data = extend(connection, association, dataset, base, todo)
    _note(connection, data, actor, at, todo)
    if found is not None:
        steps.upgrade(connection, data, base, found, (*todo.new, *todo.retyped), actor, at)
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
    made = steps.applied(data, step, steps.old_rows(connection, base, sa.column(UNTIL).is_(None)))
    lost = [name for name in (*data.dataset.by_name, *PLACED[1:]) if name not in made.columns]
    if lost:
        raise steps.wrong(data, step, f"elle ne rend pas la colonne « {lost[0]} »")
    try:
        rows = with_key(made, data.dataset).select(pl.col(name).cast(dtype) for name, dtype in data.types.items())
    except pl.exceptions.InvalidOperationError as error:
        raise steps.wrong(data, step, "elle rend des valeurs d’un autre type que celui de leur colonne") from error
    steps.refuse_misfits(data, step, rows)
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
            f"{dataset.version}. Installez une version plus récente de l’extension.",
            remedy="Installez une version de l’extension écrite pour la version "
            f"{base.version} de « {dataset.code} » ; "
            "ou, pour revenir à celle-ci, restaurez une sauvegarde d’avant la mise à niveau. Rien n’est changé.",
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
        elif name in (*todo.retyped, *todo.moved):  # beside the old column, which keeps what it holds
            columns[name] = replace(form, column=f"{name}__{dataset.version}")
    data = open_table(association, dataset, KnownTable(base.table_name, dataset.version, dataset.key, columns))
    for name in (*todo.new, *todo.retyped, *todo.moved):
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


def _add_column(connection: sa.Connection, table: sa.Table, column: sa.Column[object]) -> None:
    quote = connection.dialect.identifier_preparer
    kind = column.type.compile(connection.dialect)
    connection.exec_driver_sql(f"ALTER TABLE {quote.format_table(table)} ADD COLUMN {quote.quote(column.name)} {kind}")


def _note(connection: sa.Connection, data: DataTable, actor: Actor, at: datetime, done: Plan) -> None:
    details = {
        "version": done.to_version,
        "new": done.new,
        "retyped": done.retyped,
        "moved": done.moved,
        "retired": done.retired,
    }
    journal.write(connection, actor, at, "schéma", data.subject, details)


def _line(dataset: Dataset, columns: Mapping[str, Stored]) -> dict[str, object]:
    listed = [{"name": name, **asdict(stored)} for name, stored in columns.items()]
    return {"version": dataset.version, "key": list(dataset.key), "columns": listed}
