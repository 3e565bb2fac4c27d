"""What an undo brings back when the table was upgraded since: the rows of before, through the same steps."""

from __future__ import annotations

import polars as pl
import sqlalchemy as sa

from core.errors import Refused
from core.storage import declarations, steps
from core.storage.declarations import Declaration
from core.storage.deposits import Deposit
from core.storage.recording import upgrades_since
from core.storage.rows import KnownTable, known
from core.storage.schema import SINCE, UNTIL, DataTable


def brought_up(connection: sa.Connection, data: DataTable, found: Deposit) -> pl.DataFrame | None:
    """The rows that ``found`` ended, as the steps since make them; None when there was no upgrade since.

    Raises Refused when the base does not know how the table was declared then, a step is missing or
    fails, or gives what the columns do not take.
    """
    assert found.revision is not None  # it was found by its revision
    then = _declared_at(connection, data, found.revision)
    if then is None and upgrades_since(connection, found):
        raise Refused(
            f"Le dépôt n° {found.revision} date d’avant une mise à niveau dont la base n’a pas gardé la forme d’avant "
            ": il ne s’annule pas. Corrigez les lignes à la main ; celles d’avant restent lisibles dans l’historique."
        )
    if then is None or then.version == data.dataset.version:
        return None
    base = known(connection, data.association)[data.association, data.dataset.code]
    former = KnownTable(base.table_name, then.version, base.key, then.columns)
    ended = steps.old_rows(connection, former, sa.column(UNTIL) == found.revision)
    todo = steps.steps_between(data, former)
    if not todo:
        return None
    rows = steps.run(data, todo, ended).drop(SINCE)
    steps.refuse_misfits(data, todo[-1], rows)
    return rows


def _declared_at(connection: sa.Connection, data: DataTable, revision: int) -> Declaration | None:
    """How the table was declared when ``revision`` was made, when the base knows it.

    An upgrade that found no row to change left no revision: the versions tell, not the deposits.
    """
    kept = declarations.versions(connection, data.association, data.dataset.code)
    return next((one for one in reversed(kept) if one.since <= revision), None)
