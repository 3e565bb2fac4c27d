"""Two people at the same rows: the second is told what the first changed, and chooses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from core.domain import french
from core.domain.local_time import day_in_france
from core.errors import Conflict
from core.storage.data_table import KEY, SINCE, UNTIL, DataTable
from core.storage.diff import Diff
from core.storage.frames import among
from core.storage.tables import deposits

SHOWN = 20  # rows told one by one


def refuse_stale(connection: sa.Connection, data: DataTable, diff: Diff, removed: Iterable[str], based_on: int) -> None:
    """Raise Conflict when a row about to be written changed after the revision ``based_on``.

    Rows that already hold as handed in are no conflict: both did the same thing.
    """
    keys = [*diff.added[KEY], *diff.changed[KEY], *removed]
    table = data.table
    last = sa.func.max(sa.func.coalesce(table.c[UNTIL], table.c[SINCE]))
    wanted = sa.select(table.c[KEY], last).where(among(connection, table.c[KEY], keys)).group_by(table.c[KEY])
    moved = {key: revision for key, revision in connection.execute(wanted) if revision > based_on}
    if moved:
        number = french.count(len(moved), "ligne a", "lignes ont")
        raise Conflict(
            f"Pendant que vous travailliez, {number} été modifiée{'s' if len(moved) > 1 else ''}. "
            "Rien n’a été enregistré : voici les deux versions, choisissez.",
            told(connection, moved),
        )


def told(connection: sa.Connection, moved: Mapping[str, int]) -> list[str]:
    """One sentence a row: who changed it and when, for the first of them."""
    wanted = sa.select(deposits.c.revision, deposits.c.actor, deposits.c.at)
    who = {
        row.revision: f"par {row.actor} le {french.day(day_in_france(row.at))}"
        for row in connection.execute(wanted.where(deposits.c.revision.in_(set(moved.values()))))
    }
    keys = sorted(moved)
    lines = [f"Ligne « {key} » : modifiée {who[moved[key]]} (révision {moved[key]})." for key in keys[:SHOWN]]
    rest = len(keys) - SHOWN
    return [*lines, f"… et {french.count(rest, 'autre ligne', 'autres lignes')}."] if rest > 0 else lines
