"""Undoing a whole revision: what it added ends, what it ended holds again.

An undo is itself a revision, so nothing is lost and it can be undone in its turn. It is
refused when a later revision touched one of the same rows, unless that one was undone too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from core.domain import french
from core.errors import Conflict, Refused
from core.storage.data_table import KEY, SINCE, UNTIL, DataTable
from core.storage.deposits import UPGRADE, Deposit, cancelled, latest, of_revision
from core.storage.purge import refuse_purged
from core.storage.records import Saved
from core.storage.staleness import told
from core.storage.tables import deposits


def find(connection: sa.Connection, revision: int) -> Deposit:
    """The deposit that made ``revision``, and may be undone.

    Raises UnknownName when there is none; Refused when it cannot be undone or already is.
    """
    found = of_revision(connection, revision)
    if found.action == UPGRADE:
        raise Refused(
            f"La révision {revision} est une mise à niveau du jeu « {found.dataset} » : elle ne s’annule pas. "
            "Les lignes d’avant restent lisibles dans l’historique."
        )
    if found.undone_by is not None:
        raise Refused(
            f"La révision {revision} est déjà annulée, par la révision {found.undone_by}. Rien n’a été changé."
        )
    refuse_purged(connection, revision - 1, found.association, found.dataset)
    return found


def undo(connection: sa.Connection, data: DataTable, found: Deposit) -> Saved:
    """Write the revision that undoes ``found``, in the caller's transaction.

    Raises Conflict, row by row, when a later revision touched the same rows.
    """
    undone = found.revision
    _refuse_conflicts(connection, data, found)
    table, revision = data.table, latest(connection) + 1
    added = sa.select(table.c[KEY]).where(table.c[SINCE] == undone)
    ended = sa.select(table.c[KEY]).where(table.c[UNTIL] == undone)
    counts = _counts(connection, added, ended)
    now = table.alias("now")
    connection.execute(
        sa.update(table).values({UNTIL: revision}).where(table.c[UNTIL].is_(None), table.c[KEY].in_(added))
    )
    copied = [column for column in now.c if column.key not in (SINCE, UNTIL)]
    connection.execute(
        sa.insert(table).from_select(
            [table.c[column.key] for column in copied] + [table.c[SINCE]],
            sa.select(*copied, sa.literal(revision)).where(now.c[UNTIL] == undone),
            include_defaults=False,
        )
    )
    return replace(counts, revision=revision)


def _counts(connection: sa.Connection, added: sa.Select[Any], ended: sa.Select[Any]) -> Saved:
    new, old = set(connection.scalars(added)), set(connection.scalars(ended))
    return Saved(None, added=len(old - new), changed=len(old & new), removed=len(new - old))


def _refuse_conflicts(connection: sa.Connection, data: DataTable, found: Deposit) -> None:
    table, undone = data.table, found.revision
    pairs = _cancelled(connection, found)
    settled = {*pairs, *pairs.values()}
    touched = sa.select(table.c[KEY]).where(sa.or_(table.c[SINCE] == undone, table.c[UNTIL] == undone))
    later = [
        sa.select(table.c[KEY].label("key"), column.label("revision")).where(column > undone)
        for column in (table.c[SINCE], table.c[UNTIL])
    ]
    both = sa.union(*later).subquery()
    wanted = sa.select(both.c.key, sa.func.max(both.c.revision)).where(both.c.key.in_(touched)).group_by(both.c.key)
    if settled:
        wanted = wanted.where(both.c.revision.not_in(settled))
    if rows := dict(connection.execute(wanted).all()):
        raise _conflict(connection, undone, rows)


def _cancelled(connection: sa.Connection, found: Deposit) -> dict[int, int]:
    same = (deposits.c.association == found.association, deposits.c.dataset == found.dataset)
    wanted = sa.select(deposits.c.number, deposits.c.revision, deposits.c.undoes).where(*same)
    return cancelled(connection.execute(wanted).mappings().all())


def _conflict(connection: sa.Connection, undone: int, rows: Mapping[str, int]) -> Conflict:
    number = french.count(len(rows), "ligne a", "lignes ont")
    return Conflict(
        f"La révision {undone} ne peut pas être annulée : {number} changé depuis. "
        "Annulez d’abord ces changements, ou corrigez les lignes à la main.",
        told(connection, rows),
    )
