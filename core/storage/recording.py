"""What is written of a deposit beside its rows; what makes it stale; and what taking it back writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import polars as pl
import sqlalchemy as sa

from core.domain import french
from core.domain.access import Actor
from core.domain.calendar import day_in_france
from core.errors import Conflict, MovedRow, Refused
from core.storage import event_log, history, journal, seals
from core.storage.deposits import UPGRADE, Deposit, cancelled, latest, of_revision
from core.storage.purge import refuse_purged
from core.storage.rows import Diff, among, insert
from core.storage.schema import KEY, SINCE, UNTIL, DataTable, deposits, utc
from core.storage.seals import Seal


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save, a declaration or an undo came to; ``revision`` is None when nothing changed."""

    revision: int | None
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    diff: Diff | None = None

    @property
    def counts(self) -> dict[str, int]:
        """The four counts, by name."""
        return {name: getattr(self, name) for name in ("added", "changed", "unchanged", "removed")}


def together(parts: Iterable[Saved]) -> Saved:
    """What one revision came to over several tables; one table keeps its own difference."""
    made = list(parts)
    if len(made) == 1:
        return made[0]
    return Saved(
        made[0].revision,
        added=sum(one.added for one in made),
        changed=sum(one.changed for one in made),
        unchanged=sum(one.unchanged for one in made),
        removed=sum(one.removed for one in made),
    )


@dataclass(frozen=True, slots=True)
class DepositMetadata:
    """Who does what, when, from which file: what is the same for every kind of record."""

    actor: Actor
    at: datetime
    action: str
    period: str | None = None
    file: tuple[bytes, str] | None = None
    undoes: int | None = None


def record(
    connection: sa.Connection, data: DataTable, deed: DepositMetadata, saved: Saved, seal: Seal | None = None
) -> None:
    """Write the deposit and its journal line with the ``seal`` of its revision, in the caller's transaction."""
    sha256 = event_log.keep(connection, deed.file[0]) if deed.file else None
    name = deed.file[1] if deed.file else None
    history.notice(connection, deed.at)
    last = connection.scalar(sa.select(sa.func.coalesce(sa.func.max(deposits.c.number), 0))) or 0
    connection.execute(
        sa.insert(deposits).values(
            number=last + 1,
            revision=saved.revision,
            after_revision=saved.revision or latest(connection),
            undoes=deed.undoes,
            at=utc(deed.at),
            actor=deed.actor.name,
            role=str(deed.actor.role),
            on_behalf_of=deed.actor.on_behalf_of,
            association=data.association,
            dataset=data.dataset.code,
            action=deed.action,
            period=deed.period,
            file_name=name,
            sha256=sha256,
            **saved.counts,
        )
    )
    details = {"deposit": last + 1, "period": deed.period, "file": name, "sha256": sha256, "undoes": deed.undoes}
    told: dict[str, Any] = {**saved.counts, **{key: value for key, value in details.items() if value is not None}}
    if saved.revision is not None and seal is not None:
        seals.keep(connection, data.association, data.dataset.code, saved.revision, seal)
        told[seals.SEAL] = seal.told
    journal.write(connection, deed.actor, deed.at, deed.action, data.subject, told, saved.revision)


# --- Two people at the same rows: the second is told what the first changed, and chooses -----------


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
        raise conflict(
            connection,
            f"Pendant que vous travailliez, {number} été modifiée{'s' if len(moved) > 1 else ''}. "
            "Rien n’a été enregistré : relisez ce qui est inscrit, puis recommencez.",
            moved,
        )


def conflict(connection: sa.Connection, message: str, moved: Mapping[str, int]) -> Conflict:
    """The conflict that tells who changed each row and when, for the first of them; rows are named by whoever tells."""
    wanted = sa.select(deposits.c.revision, deposits.c.actor, deposits.c.at)
    who = {
        row.revision: f"modifiée par {row.actor} le {french.day(day_in_france(row.at))} (dépôt n° {row.revision})."
        for row in connection.execute(wanted.where(deposits.c.revision.in_(set(moved.values()))))
    }
    rows = [MovedRow(key, french.typeset(who[moved[key]])) for key in sorted(moved)[:SHOWN]]
    rest = len(moved) - SHOWN
    more = [f"… et {french.count(rest, 'autre ligne', 'autres lignes')}."] if rest > 0 else []
    return Conflict(message, more, rows)


# --- Undoing a whole revision: what it added ends, what it ended holds again -----------------------
# An undo is itself a revision, so nothing is lost and it can be undone in its turn. It is
# refused when a later revision touched one of the same rows, unless that one was undone too.


def find(connection: sa.Connection, revision: int) -> list[Deposit]:
    """The deposits that made ``revision``, one for each table, and may be undone.

    Raises UnknownName when there is none; Refused when it cannot be undone or already is.
    """
    made = of_revision(connection, revision)
    for found in made:
        _refuse_settled(connection, revision, found)
    return made


def _refuse_settled(connection: sa.Connection, revision: int, found: Deposit) -> None:
    if found.action == UPGRADE:
        raise Refused(
            f"Le dépôt n° {revision} est une mise à niveau du jeu « {found.dataset} » : il ne s’annule pas. "
            "Les lignes d’avant restent lisibles dans l’historique."
        )
    if found.undone_by is not None:
        raise Refused(
            f"Le dépôt n° {revision} est déjà annulé, par le dépôt n° {found.undone_by}. Rien n’a été changé."
        )
    refuse_purged(connection, revision - 1, found.association, found.dataset)


def undo(
    connection: sa.Connection, data: DataTable, found: Deposit, revision: int, restored: pl.DataFrame | None = None
) -> Saved:
    """Write, as ``revision``, what undoes ``found``, in the caller's transaction.

    ``restored`` are the rows that hold again, when they are not as they ended: the table was upgraded since.
    Raises Conflict, row by row, when a later revision touched the same rows.
    """
    undone = found.revision
    _refuse_conflicts(connection, data, found)
    table = data.table
    added = sa.select(table.c[KEY]).where(table.c[SINCE] == undone)
    ended = sa.select(table.c[KEY]).where(table.c[UNTIL] == undone)
    counts = _counts(connection, added, ended)
    now = table.alias("now")
    connection.execute(
        sa.update(table).values({UNTIL: revision}).where(table.c[UNTIL].is_(None), table.c[KEY].in_(added))
    )
    if restored is not None:
        insert(connection, table, restored, revision)
        return replace(counts, revision=revision)
    copied = [column for column in now.c if column.key not in (SINCE, UNTIL)]
    connection.execute(
        sa.insert(table).from_select(
            [table.c[column.key] for column in copied] + [table.c[SINCE]],
            sa.select(*copied, sa.literal(revision)).where(now.c[UNTIL] == undone),
            include_defaults=False,
        )
    )
    return replace(counts, revision=revision)


def _counts(connection: sa.Connection, added: sa.Select[object], ended: sa.Select[object]) -> Saved:
    new, old = set(connection.scalars(added)), set(connection.scalars(ended))
    return Saved(None, added=len(old - new), changed=len(old & new), removed=len(new - old))


def _refuse_conflicts(connection: sa.Connection, data: DataTable, found: Deposit) -> None:
    table, undone = data.table, found.revision
    assert undone is not None  # it was found by its revision
    # Of a revision from before and what undid it since, the second alone came after: it changed these rows.
    pairs = [pair for pair in _cancelled(connection, found).items() if min(pair) > undone]
    settled = {*(one for pair in pairs for one in pair), *upgrades_since(connection, found)}
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


def upgrades_since(connection: sa.Connection, found: Deposit) -> set[int]:
    """The revisions that upgraded the table after a deposit: they changed its form, nobody changed its rows."""
    mine = (deposits.c.association == found.association, deposits.c.dataset == found.dataset)
    since = sa.and_(*mine, deposits.c.action == UPGRADE, deposits.c.revision > found.revision)
    return {one for one in connection.scalars(sa.select(deposits.c.revision).where(since)) if one is not None}


def _cancelled(connection: sa.Connection, found: Deposit) -> dict[int, int]:
    same = (deposits.c.association == found.association, deposits.c.dataset == found.dataset)
    wanted = sa.select(deposits.c.number, deposits.c.revision, deposits.c.undoes).where(*same)
    return cancelled(connection.execute(wanted).mappings().all())


def _conflict(connection: sa.Connection, undone: int, rows: Mapping[str, int]) -> Conflict:
    number = french.count(len(rows), "ligne a", "lignes ont")
    return conflict(
        connection,
        f"Le dépôt n° {undone} ne peut pas être annulé : {number} changé depuis. "
        "Annulez d’abord ces changements, ou corrigez les lignes à la main.",
        rows,
    )
