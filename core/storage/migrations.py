"""How a dataset's table comes to be and follows its declaration, without ever losing a value.

New columns are added beside the old ones. A raised version runs its named steps over the
rows that hold, as a new revision: the past stays readable. A column that is no longer
declared stays in the table, unread. What cannot be done is refused, and says what to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.domain.actor import Actor
from core.domain.dataset import Dataset
from core.errors import Refused
from core.storage import journal
from core.storage.data_table import UNTIL, DataTable, table_name
from core.storage.known import Known, Stored, declared, known, open_table
from core.storage.tables import schemas
from core.storage.upgrades import upgrade


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

    Raises Refused when a change cannot be made without losing something.
    """
    base = known(connection, association).get((association, dataset.code))
    if base is None:
        data = create(connection, association, dataset)
        _note(connection, data, actor, at, Plan(new=tuple(declared(dataset)), to_version=dataset.version))
        return data
    todo = plan(association, dataset, base)
    if not todo.needed:
        return open_table(association, dataset, base)
    data = extend(connection, association, dataset, base, todo)
    _note(connection, data, actor, at, todo)
    if todo.upgrades:
        upgrade(connection, data, base, (*todo.new, *todo.retyped), actor, at)
    return data


def plan(association: str, dataset: Dataset, base: Known) -> Plan:
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
    data = open_table(association, dataset, Known(name, dataset.version, dataset.key, columns))
    data.table.create(connection)
    values = {"association": association, "dataset": dataset.code, "table_name": name}
    connection.execute(sa.insert(schemas).values(**values, **_line(dataset, columns)))
    return data


def extend(connection: sa.Connection, association: str, dataset: Dataset, base: Known, todo: Plan) -> DataTable:
    """Add the columns that are missing, and write it down; nothing is dropped or rewritten."""
    _refuse_holes(connection, association, dataset, base, todo)
    columns = dict(base.columns)
    for name, stored in declared(dataset).items():
        if name in todo.new:
            columns[name] = stored
        elif name in todo.retyped:  # beside the old column, which keeps what it holds
            columns[name] = replace(stored, column=f"{name}__{dataset.version}")
    data = open_table(association, dataset, Known(base.table_name, dataset.version, dataset.key, columns))
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


def _refuse_holes(connection: sa.Connection, association: str, dataset: Dataset, base: Known, todo: Plan) -> None:
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
