"""The store's own tables have a version too, and follow it by named steps, each applied once."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from core.errors import Misconfigured
from core.storage import account_tables as account_tables  # its tables are of CORE too
from core.storage import engine, journal
from core.storage.tables import CORE, versions

STEPS: tuple[tuple[str, Callable[[sa.Connection], None]], ...] = (
    ("first tables", lambda c: _create(c)),
    ("register", lambda c: CORE.create_all(c)),
    ("accounts", lambda c: CORE.create_all(c)),
)
VERSION = len(STEPS)
_PART = "core"


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


def _create(connection: sa.Connection) -> None:
    CORE.create_all(connection)
    for trigger in journal.TRIGGERS[connection.dialect.name]:
        connection.exec_driver_sql(trigger)
