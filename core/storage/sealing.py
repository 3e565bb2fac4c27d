"""Rows sealed with each deposit, and checked: which table, revision and rows are not those that were sealed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import polars as pl
import sqlalchemy as sa

from core.domain import french
from core.domain.access import Actor
from core.errors import RowsBroken
from core.storage import event_log, journal, purge, seals
from core.storage import rows as stored
from core.storage.deposits import latest
from core.storage.journal import FORMER, RENAMED, Verified
from core.storage.rows import KnownTable, known
from core.storage.schema import KEY, PLACED, SINCE, UNTIL, DataTable, former_names
from core.storage.schema import journal as lines
from core.storage.seals import OPENED, PRINT, RowTexts, Seal

_SHOWN = 5


def broken(
    subject: tuple[str, str], revision: int, rows: Sequence[tuple[str, str]] = (), *, gone: bool = False
) -> RowsBroken:
    """The error for rows, by key, that differ from what was sealed."""
    association, dataset = subject
    said = sentence(f"« {dataset} » de « {association} »", revision, rows, gone=gone)
    return RowsBroken(said, association=association, dataset=dataset, revision=revision, rows=rows, gone=gone)


def sentence(where: str, revision: int, rows: Sequence[tuple[str, str]], *, gone: bool = False) -> str:
    """What was found: ``where`` names the table, ``rows`` give each row’s name and what happened to it."""
    if gone:
        what = "la table n’existe plus"
    elif rows:
        named = [f"la ligne « {name} » a été {what}" for name, what in rows[:_SHOWN]]
        rest = len(rows) - _SHOWN
        if rest > 0:
            named.append(french.count(rest, "autre ligne diffère", "autres lignes diffèrent"))
        what = french.listing(named)
    else:
        what = "des lignes diffèrent, sans que l’on puisse dire lesquelles"
    return french.typeset(
        f"Données modifiées sans passer par Fabrique. {where}, dépôt n° {revision} : {what}. "
        "Comparez avec une sauvegarde."
    )


# --- Sealing what tables hold, and finding the rows that are no longer what was sealed -------------
# A deposit seals its own revision. A whole table is sealed by a line of its own, « scellé », which stands for
# the seals of all revisions up to its own: when a purge removed old rows, when an upgrade filled old ones, and
# once for what was deposited before rows were sealed.


ACTION = "scellé"
FIRST, AGAIN = "first", "again"
_THROUGH, _WHY = "through", "why"
_HIDDEN: Mapping[str, type[pl.DataType]] = {**dict.fromkeys(PLACED, pl.String), SINCE: pl.Int64, UNTIL: pl.Int64}
_IN_SQLITE: Mapping[type[pl.DataType], type[pl.DataType]] = {pl.Date: pl.String, pl.Boolean: pl.Int64}
_KINDS: Mapping[type[pl.DataType], str] = {
    pl.Date: "text",
    pl.String: "text",
    pl.Boolean: "integer",
    pl.Int64: "integer",
    pl.Float64: "real",
}
_BEFORE_ALL = -(2**63)
ADDED, CHANGED, REMOVED, ENDED = "ajoutée", "modifiée", "retirée", "terminée ou rouverte"


@dataclass(slots=True)
class SealedTable:
    """What the journal seals of one table: the whole up to ``through``, then revision by revision.

    ``unsealed`` are the revisions that no line seals, ``first`` the last one that was sealed after the fact.
    """

    through: int = 0
    whole: Mapping[str, Any] | None = None
    revisions: dict[int, Mapping[str, object]] = field(default_factory=dict)
    unsealed: set[int] = field(default_factory=set)
    first: int = 0

    def add(self, revision: int | None, details: Mapping[str, Any]) -> None:
        """Take a line of the journal into account; the lines come in their order."""
        if whole := details.get(seals.SEALED):
            self.through, self.whole = whole[_THROUGH], whole
            self.first = max(self.first, whole[_THROUGH] if whole[_WHY] == FIRST else 0)
            self.unsealed = {one for one in self.unsealed if one > self.through}
            self.revisions = {number: one for number, one in self.revisions.items() if number > self.through}
        elif revision is not None:
            if seal := details.get(seals.SEAL):
                self.revisions[revision] = seal
            else:
                self.unsealed.add(revision)


def seal_table(connection: sa.Connection, association: str, dataset: str, actor: Actor, at: datetime) -> None:
    """Seal all that a table holds now, with a line of the journal."""
    base = known(connection, association)[association, dataset]
    _seal(connection, (association, dataset), base, latest(connection), AGAIN, actor, at)


def seal_the_past(connection: sa.Connection, actor: Actor, at: datetime) -> None:
    """Seal, as it is found, what was deposited before rows were sealed; nothing when all of it is."""
    told = _told(connection)
    for subject, base in known(connection).items():
        if (found := told.get(subject)) and found.unsealed:
            _seal(connection, subject, base, max(found.unsealed), FIRST, actor, at)


def unsealed(connection: sa.Connection) -> bool:
    """Whether something was deposited that no line seals."""
    without = sa.and_(lines.c.revision.is_not(None), lines.c.details.not_like(f'%"{seals.SEAL}":{{%'))
    if connection.scalar(sa.select(lines.c.number).where(without).limit(1)) is None:
        return False
    return any(one.unsealed for one in _told(connection).values())


def of_stored(connection: sa.Connection, data: DataTable, revision: int) -> Seal:
    """The seal of a revision that was just written, from what the table holds."""
    base = known(connection, data.association)[data.association, data.dataset.code]
    mine = sa.or_(sa.column(SINCE) == revision, sa.column(UNTIL) == revision)
    held = _TableVersions(_versions(connection, base, mine), base)
    return held.seal(revision, revision)


def check(connection: sa.Connection, association: str, dataset: str) -> None:
    """Raise RowsBroken when a table does not hold the rows that were sealed."""
    subject = (association, dataset)
    told = _told(connection, f"{association}/{dataset}").get(subject, SealedTable())
    _check(connection, subject, known(connection, association)[subject], told)


def verify(connection: sa.Connection) -> tuple[int, int]:
    """How many versions of rows are as they were sealed, and the last revision sealed after the fact (0: none).

    Raises RowsBroken, naming the table, the revision and the rows, at the first that is not.
    """
    told, bases = _told(connection), known(connection)
    rows = 0
    for subject in sorted(bases.keys() | told.keys()):
        if subject not in bases:
            raise broken(subject, min(told[subject].revisions, default=told[subject].through), gone=True)
        rows += _check(connection, subject, bases[subject], told.get(subject, SealedTable()))
    late = max((max(one.first, max(one.unsealed, default=0)) for one in told.values()), default=0)
    return rows, late


def _told(connection: sa.Connection, subject: str | None = None) -> dict[tuple[str, str], SealedTable]:
    """What the journal seals, by (association, dataset): its lines about a revision, and those that seal a table."""
    wanted = sa.select(lines.c.action, lines.c.subject, lines.c.revision, lines.c.details).order_by(lines.c.number)
    wanted = wanted.where(sa.or_(lines.c.revision.is_not(None), lines.c.action.in_((ACTION, RENAMED))))
    if subject is not None:
        wanted = wanted.where(lines.c.subject.in_(_names(connection, subject)))
    found: dict[tuple[str, str], SealedTable] = {}
    for action, about, revision, details in connection.execute(wanted):
        association, _, dataset = about.partition("/")
        told = json.loads(details)
        if action == RENAMED:  # the table and its whole past go on under another code
            found[association, dataset] = found.pop((association, told[FORMER]), SealedTable())
        else:
            found.setdefault((association, dataset), SealedTable()).add(revision, told)
    return found


def _names(connection: sa.Connection, subject: str) -> list[str]:
    """The subject, and the same under the codes that its dataset had before."""
    association, _, dataset = subject.partition("/")
    mine = (former_names.c.association == association, former_names.c.dataset == dataset)
    former = connection.scalars(sa.select(former_names.c.former).where(*mine))
    return [subject, *(f"{association}/{code}" for code in former)]


def _seal(
    connection: sa.Connection,
    subject: tuple[str, str],
    base: KnownTable,
    through: int,
    why: str,
    actor: Actor,
    at: datetime,
) -> None:
    found = _TableVersions(_versions(connection, base), base).seal(_BEFORE_ALL, through)
    seals.replace(connection, *subject, through, found)
    told = {**found.told, _THROUGH: through, _WHY: why}
    journal.write(connection, actor, at, ACTION, "/".join(subject), {seals.SEALED: told})


# --- what a table holds against what was sealed -------------------------------------------


class _TableVersions:
    """Every version of every row of a table, as texts."""

    def __init__(self, versions: pl.DataFrame, base: KnownTable) -> None:
        self.opened = seals.opened(versions.drop(UNTIL), [one.column for one in base.columns.values()])
        self.closed = seals.closed(versions.filter(pl.col(UNTIL).is_not_null()))

    def parts(self, low: int, high: int) -> tuple[RowTexts, RowTexts]:
        """What was added and ended by the revisions from ``low`` to ``high``."""
        return self.opened.part(SINCE, low, high), self.closed.part(UNTIL, low, high)

    def seal(self, low: int, high: int) -> Seal:
        """The seal of these revisions."""
        return seals.seal(*self.parts(low, high))

    def revisions(self) -> set[int]:
        """Every revision that some version names."""
        return {*self.opened.rows[SINCE].unique(), *self.closed.rows[UNTIL].unique()}


def _versions(connection: sa.Connection, base: KnownTable, mine: sa.ColumnElement[bool] | None = None) -> pl.DataFrame:
    """The rows as the database holds them: what it would read alike but holds otherwise is told apart."""
    columns = {one.column: one.polars for one in base.columns.values()}
    if connection.dialect.name == "sqlite":  # days are texts there, and yes or no a number
        columns = {name: _IN_SQLITE.get(dtype, dtype) for name, dtype in columns.items()}
    types = {**columns, **_HIDDEN}
    asked: list[sa.ColumnElement[Any]] = [sa.column(name) for name in types]
    wanted = sa.select(*asked).select_from(sa.table(base.table_name))
    return stored.read_frame(connection, wanted if mine is None else wanted.where(mine), types)


def _check(connection: sa.Connection, subject: tuple[str, str], base: KnownTable, told: SealedTable) -> int:
    """How many versions were found as sealed. Raises RowsBroken at the first revision that is not."""
    _refuse_strange(connection, subject, base)
    held = _TableVersions(_versions(connection, base), base)
    for low, high, seal in _asked(told):
        found = held.seal(low, high)
        if found.told != {name: seal[name] for name in found.told}:
            raise broken(subject, high, _differing(connection, subject, high, held.parts(low, high)))
    known_to = {*told.revisions, *told.unsealed}
    after = _BEFORE_ALL if told.whole is None else told.through
    if strange := sorted(one for one in held.revisions() if one > after and one not in known_to):
        added, ended = held.parts(strange[0], strange[0])
        what = [(key, ADDED) for key in added.rows[KEY]] + [(key, ENDED) for key in ended.rows[KEY]]
        raise broken(subject, strange[0], what)
    return len(held.opened.texts)


def _refuse_strange(connection: sa.Connection, subject: tuple[str, str], base: KnownTable) -> None:
    """Raise RowsBroken for a value that is not of its column’s type, which SQLite alone lets in."""
    if connection.dialect.name != "sqlite":
        return
    types = {one.column: one.polars for one in base.columns.values()} | dict(_HIDDEN)
    odd = [sa.func.typeof(sa.column(name)).not_in([_KINDS[dtype], "null"]) for name, dtype in types.items()]
    key: sa.ColumnElement[str] = sa.column(KEY, sa.Text)
    since: sa.ColumnElement[int] = sa.column(SINCE, sa.BigInteger)
    table = sa.select(key, since).select_from(sa.table(base.table_name))
    if found := connection.execute(table.where(sa.or_(*odd)).order_by(since)).first():
        raise broken(subject, found[1], [(str(found[0]), CHANGED)])


def _asked(told: SealedTable) -> Iterator[tuple[int, int, Mapping[str, object]]]:
    if told.whole is not None:
        yield _BEFORE_ALL, told.through, told.whole
    for revision in sorted(told.revisions):
        yield revision, revision, told.revisions[revision]


def _differing(
    connection: sa.Connection, subject: tuple[str, str], revision: int, parts: tuple[RowTexts, RowTexts]
) -> tuple[tuple[str, str], ...]:
    """(key, what happened to it) of the rows that are not as sealed; nothing when their prints do not tell."""
    before = seals.kept(connection, *subject, revision)
    if before is None:
        return ()
    on = [KEY, SINCE, UNTIL, OPENED]
    both = before.join(seals.prints(*parts), on=on, how="full", nulls_equal=True, coalesce=True, suffix="_now")
    odd = both.filter(pl.col(PRINT).ne_missing(pl.col(f"{PRINT}_now"))).sort(KEY, SINCE, maintain_order=True)
    return tuple(dict.fromkeys((row[KEY], _what(row)) for row in odd.iter_rows(named=True)))


def _what(row: Mapping[str, object]) -> str:
    if not row[OPENED]:
        return ENDED
    if row[PRINT] is None:
        return ADDED
    return REMOVED if row[f"{PRINT}_now"] is None else CHANGED


# --- All that the journal vouches for, recomputed: its chain, the register, the kept files, the rows ----


def everything(connection: sa.Connection) -> Verified:
    """Raises JournalBroken, naming the first thing that does not hold; RowsBroken when it is rows."""
    found = journal.verify(connection)
    event_log.verify_events(connection, found.entries, purge.erased(connection))
    event_log.verify_files(connection, purge.emptied(connection))
    rows, late = verify(connection)
    return replace(found, rows=rows, late=late)
