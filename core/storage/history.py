"""The past, read: what happened to a row, what a revision did, lines of the journal, hours that went backwards."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
import sqlalchemy as sa

from core.domain.access import Actor, Role
from core.domain.calendar import start_of
from core.storage import journal
from core.storage.deposits import Deposit, listed
from core.storage.journal import JournalLine, line_of
from core.storage.rows import CellChange, Diff, cells_of, compare, read_frame
from core.storage.schema import KEY, SINCE, UNTIL, DataTable, deposits, utc
from core.storage.schema import journal as journal_table

ADDED, CHANGED, REMOVED = "ajoutée", "modifiée", "retirée"


@dataclass(frozen=True, slots=True)
class RowEvent:
    """One thing that happened to a row: ``what`` is « ajoutée », « modifiée » or « retirée ».

    ``cells`` are the values that changed (all those filled, for a row added or removed);
    ``deposit`` says who, when, how and from which file.
    """

    key: str
    what: str
    revision: int
    deposit: Deposit
    cells: tuple[CellChange, ...]

    @property
    def at(self) -> datetime:
        """When it happened, in UTC."""
        return self.deposit.at


def versions(connection: sa.Connection, data: DataTable, revision: int | None = None) -> list[dict[str, object]]:
    """Every state that each row ever had, as known at ``revision`` (None: now), by key and in order of time.

    Beside the columns of a row, ``_since`` and ``_until`` are revisions, ``_from`` and ``_to`` the
    instants at which they were made; ``_until`` and ``_to`` are None for a row that holds.
    """
    until = data.table.c[UNTIL].label(UNTIL)
    wanted = sa.select(*data.selected, until)
    if revision is not None:
        wanted = wanted.where(data.table.c[SINCE] <= revision)
    found = read_frame(connection, wanted, {**data.types, SINCE: pl.Int64, UNTIL: pl.Int64}).sort(KEY, SINCE)
    at = {one.revision: one.at for one in _deposits(connection, data)}
    return [_version(row, at, revision) for row in found.to_dicts()]


def _version(row: dict[str, Any], at: Mapping[Any, datetime], revision: int | None) -> dict[str, object]:
    over = row[UNTIL] is not None and (revision is None or row[UNTIL] <= revision)
    until = row[UNTIL] if over else None
    return {**row, UNTIL: until, "_from": at[row[SINCE]], "_to": at[until] if over else None}


def of_row(connection: sa.Connection, data: DataTable, key: str) -> list[RowEvent]:
    """Everything that ever happened to the row ``key``, the oldest first; [] when nobody ever gave it."""
    until = data.table.c[UNTIL].label(UNTIL)
    wanted = sa.select(*data.selected, until).where(data.table.c[KEY] == key)
    versions = read_frame(connection, wanted, {**data.types, SINCE: pl.Int64, UNTIL: pl.Int64}).sort(SINCE)
    by = {d.revision: d for d in _deposits(connection, data)}
    return [
        RowEvent(key, what, revision, by[revision], tuple(cells_of(key, before, after)))
        for revision, what, before, after in _turns(versions.to_dicts())
    ]


def keys(connection: sa.Connection, data: DataTable) -> set[str]:
    """The key of every row that was ever given."""
    return set(connection.scalars(sa.select(data.table.c[KEY]).distinct()))


def of_revision(connection: sa.Connection, data: DataTable, revision: int) -> Diff:
    """What ``revision`` did to its dataset: added, changed (with before), and removed as ``missing``."""
    ended = _rows(connection, data, UNTIL, revision)
    given = _rows(connection, data, SINCE, revision)
    diff = compare(given.drop(SINCE), ended)
    removed = ended.join(given.select(KEY), on=KEY, how="anti", maintain_order="left")
    return Diff(diff.added, diff.changed, diff.before, 0, removed)


def _rows(connection: sa.Connection, data: DataTable, column: str, revision: int) -> pl.DataFrame:
    wanted = sa.select(*data.selected).where(data.table.c[column] == revision)
    return read_frame(connection, wanted, {**data.types, SINCE: pl.Int64}).sort(KEY)


def _turns(versions: Sequence[dict[str, Any]]) -> Iterable[tuple[int, str, Mapping[str, object], Mapping[str, object]]]:
    """(revision, what, before, after) of each turn in the life of one row."""
    before: dict[str, Any] = {}
    for version in versions:
        since, until = version.pop(SINCE), version.pop(UNTIL)
        ended = before.pop(UNTIL, None)
        if before and ended != since:
            yield ended, REMOVED, before, {}
            before = {}
        yield since, CHANGED if before else ADDED, before, version
        before = {**version, UNTIL: until}
    if before.get(UNTIL) is not None:
        yield before.pop(UNTIL), REMOVED, before, {}


def _deposits(connection: sa.Connection, data: DataTable) -> list[Deposit]:
    return listed(connection, association=data.association, dataset=data.dataset.code)


# --- The hours of what is written: they should only grow, and what is known on a day must not change afterwards ----


logger = logging.getLogger("core.storage")

BACKWARDS = "heure qui recule"
PATIENCE = timedelta(minutes=5)
"""By how much two servers of one base may differ before it is told."""
_MACHINE = Actor("Fabrique", Role.SYSTEM)


def notice(connection: sa.Connection, at: datetime) -> None:
    """When the last deposit bears a later hour than ``at``: a line in the journal and one in the log.

    One of the two hours is wrong; which one, only who holds the server knows.
    """
    newest = sa.select(deposits.c.at).order_by(deposits.c.number.desc()).limit(1)
    before = connection.scalar(newest)
    if before is None or utc(at) >= before - PATIENCE:
        return
    told = {"avant": before.isoformat(timespec="seconds"), "maintenant": utc(at).isoformat(timespec="seconds")}
    journal.write(connection, _MACHINE, at, BACKWARDS, "horloge", told)
    logger.warning("the clock went back from %s to %s: set it, then look at the last deposits", *told.values())


def revision_at(connection: sa.Connection, moment: date | datetime | int) -> int:
    """The last revision known at a moment (a day counts to its end, in France); 0 if none.

    A revision is known when it and all those before it were: one that was written under a clock that was late
    does not enter a past that was already told.
    """
    wanted = sa.select(sa.func.coalesce(sa.func.max(deposits.c.revision), 0))
    if isinstance(moment, int):
        return connection.scalar(wanted.where(deposits.c.revision <= moment)) or 0
    later = deposits.c.at > utc(moment) if isinstance(moment, datetime) else deposits.c.at >= end_of_day(moment)
    first = connection.scalar(sa.select(sa.func.min(deposits.c.revision)).where(later))
    return connection.scalar(wanted if first is None else wanted.where(deposits.c.revision < first)) or 0


def end_of_day(day: date) -> datetime:
    """The first instant that no longer belongs to ``day`` in France."""
    return utc(start_of(day + timedelta(days=1)))


# --- Finding lines of the journal: by words, by person, by what they are about, between two days ----


@dataclass(frozen=True, slots=True)
class LinesWanted:
    """Which lines are looked for; what is left empty does not restrict.

    ``words`` must each be found in the person, the action, the subject or the details, whatever
    the case; ``meant`` gives for a word the subjects that it means besides (« matériel » means
    « anonymal/materiel »). ``about`` are subjects, or what stands before their « / »; days are
    those of France, both included.
    """

    words: tuple[str, ...] = ()
    meant: tuple[tuple[str, tuple[str, ...]], ...] = ()
    actor: str = ""
    about: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class LinesFound:
    """Some of the lines found, the newest first, and how many there are in all."""

    total: int
    lines: tuple[JournalLine, ...]


def search(connection: sa.Connection, wanted: LinesWanted, *, limit: int, offset: int = 0) -> LinesFound:
    """The lines that ``wanted`` describes, ``limit`` of them after the ``offset`` newest ones."""
    kept = sa.and_(sa.true(), *_conditions(wanted))
    total = connection.scalar(sa.select(sa.func.count()).select_from(journal_table).where(kept)) or 0
    ordered = sa.select(journal_table).where(kept).order_by(journal_table.c.number.desc()).limit(limit).offset(offset)
    return LinesFound(total, tuple(line_of(row) for row in connection.execute(ordered)))


def actors(connection: sa.Connection) -> list[str]:
    """Who ever wrote a line, in the order of the alphabet."""
    return sorted(connection.scalars(sa.select(journal_table.c.actor).distinct()))


def _conditions(wanted: LinesWanted) -> Iterable[sa.ColumnElement[bool]]:
    meant = dict(wanted.meant)
    for word in wanted.words:
        yield sa.or_(*_says(word), *_is_about(meant.get(word, ())))
    if wanted.actor:
        yield journal_table.c.actor == wanted.actor
    if wanted.about:
        yield sa.or_(*_is_about(wanted.about), journal_table.c.on_behalf_of.in_(wanted.about))
    if wanted.since:
        yield journal_table.c.at >= utc(start_of(wanted.since))
    if wanted.until:
        yield journal_table.c.at < end_of_day(wanted.until)


def _says(word: str) -> Iterable[sa.ColumnElement[bool]]:
    """Both databases lower plain letters only in the same way: an accented capital is tried as such."""
    columns = (
        journal_table.c.actor,
        journal_table.c.on_behalf_of,
        journal_table.c.action,
        journal_table.c.subject,
        journal_table.c.details,
    )
    spellings = {word, word.lower(), word.upper(), word.capitalize()}
    return (column.icontains(one, autoescape=True) for column in columns for one in sorted(spellings))


def _is_about(subjects: Iterable[str]) -> Iterable[sa.ColumnElement[bool]]:
    for one in subjects:
        yield journal_table.c.subject == one
        yield journal_table.c.subject.startswith(f"{one}/", autoescape=True)
