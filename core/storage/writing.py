"""One transaction of changes, by one actor, at one instant: all of it is kept, or none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime

import polars as pl
import sqlalchemy as sa

from core.domain import french
from core.domain.access import Actor
from core.domain.dataset import Dataset
from core.errors import Refused, UnknownName
from core.storage import (
    declarations,
    deposits,
    event_log,
    journal,
    migrations,
    purge,
    recording,
    sealing,
    seals,
    steps,
)
from core.storage import rows as stored
from core.storage.declarations import Declaration
from core.storage.deposits import Deposit
from core.storage.event_log import Entry
from core.storage.purge import Ending, Expired, no_entry
from core.storage.recording import DepositMetadata, Saved, record, refuse_stale, together, upgrades_since
from core.storage.rows import EVERY_ROW, Diff, KnownTable, RowsWanted, compare, known
from core.storage.schema import KEY, PLACED, SINCE, UNTIL, DataTable, utc


class Writing:
    """What may be done inside ``Store.writing``; nobody else writes meanwhile.

    Each ``save`` that changes something is one revision. A dataset is named by its code, or
    given as a Dataset, in which case its table is prepared if need be.
    """

    def __init__(
        self, connection: sa.Connection, tables: dict[tuple[str, str], DataTable], actor: Actor, at: datetime
    ) -> None:
        self.connection = connection
        self.tables = tables
        self.actor = actor
        self.at = utc(at)
        # Rows as they hold now, each table read once; forgotten as soon as it changes.
        self._held: dict[str, pl.DataFrame] = {}
        self._shared: int | None = None

    def latest(self) -> int:
        """The last revision, those of this transaction included."""
        return deposits.latest(self.connection)

    @contextmanager
    def one_revision(self) -> Iterator[None]:
        """Whatever is saved meanwhile is one revision, however many tables it changes."""
        self._shared = self.latest() + 1
        try:
            yield
        finally:
            self._shared = None

    def _next(self) -> int:
        return self._shared or self.latest() + 1

    def rows(
        self,
        association: str,
        dataset: str | Dataset,
        revision: int | None = None,
        wanted: RowsWanted = EVERY_ROW,
    ) -> pl.DataFrame:
        """The rows as they hold for this transaction; see ``Store.rows``."""
        data = self.data(association, dataset)
        if revision is not None or wanted is not EVERY_ROW:
            return stored.rows(self.connection, data, revision, wanted)
        if data.subject not in self._held:
            self._held[data.subject] = stored.rows(self.connection, data)
        return self._held[data.subject]

    def count(self, association: str, dataset: str | Dataset) -> int:
        """How many rows hold for this transaction."""
        data = self.data(association, dataset)
        return stored.count(self.connection, data)

    def prepare(self, association: str, dataset: Dataset, *, owner: str = "") -> DataTable:
        """Create the table, or bring it up to the declaration, which is kept; idempotent.

        Raises Refused when that cannot be done without losing something.
        """
        data = migrations.prepare(self.connection, association, dataset, self.actor, self.at)
        declarations.keep(self.connection, association, owner, [dataset])
        self.tables[association, dataset.code] = data
        self._held.pop(data.subject, None)
        return data

    def compare(self, association: str, dataset: str | Dataset, rows: pl.DataFrame) -> Diff:
        """What ``save`` would do; nothing is said of the rows that are missing from ``rows``."""
        data = self.data(association, dataset)
        shaped = shape(data, rows)
        return compare(shaped, stored.current_of(self.connection, data, shaped[KEY]))

    def save(
        self,
        association: str,
        dataset: str | Dataset,
        rows: pl.DataFrame,
        *,
        remove: Iterable[str] = (),
        action: str = "import",
        file: tuple[bytes, str] | None = None,
        period: str | None = None,
        based_on: int | None = None,
    ) -> Saved:
        """Add and change ``rows`` by ``_key``, and end those of ``remove``.

        ``rows`` has ``_key``, ``_place``, ``_experiment`` and columns of the schema, typed; a
        column that it lacks keeps its values. The deposit is written down even when nothing
        changes; then there is no revision. ``based_on`` is the revision that the person saw.
        Raises Refused when a key comes twice, is missing, or is both given and removed;
        Conflict with its ``details`` when somebody changed or removed one of these rows
        after ``based_on``.
        """
        data = self.data(association, dataset)
        shaped, removed = shape(data, rows), list(remove)
        if both := int(shaped[KEY].is_in(removed).sum()):
            number = french.count(both, "ligne est", "lignes sont")
            raise Refused(f"{number} à la fois à déposer et à retirer. Choisissez l’un ou l’autre.")
        held = self._held.pop(data.subject, None)
        diff = compare(shaped, stored.current_of(self.connection, data, shaped[KEY]) if held is None else held)
        if based_on is not None:
            refuse_stale(self.connection, data, diff, removed, based_on)
        saved, seal = self._apply(data, diff, removed)
        record(self.connection, data, DepositMetadata(self.actor, self.at, action, period, file), saved, seal)
        return saved

    def declare_nothing(self, association: str, dataset: str | Dataset, period: str) -> Saved:
        """Write down that there is nothing to declare for ``period``: a revision without rows."""
        data = self.data(association, dataset)
        saved = Saved(self.latest() + 1)
        record(
            self.connection,
            data,
            DepositMetadata(self.actor, self.at, deposits.NOTHING, period),
            saved,
            seals.of_nothing(),
        )
        return saved

    def undo(self, revision: int) -> Saved:
        """Undo a whole revision, every table of it, as a new one, which can be undone in its turn.

        Raises UnknownName, Refused (already undone, or an upgrade), or Conflict with its
        ``details`` when a later revision touched the same rows.
        """
        made, number = recording.find(self.connection, revision), self._next()
        return together(self._undone(found, number) for found in made)

    def _undone(self, found: Deposit, number: int) -> Saved:
        data = self.data(found.association, found.dataset)
        self._held.pop(data.subject, None)
        restored = brought_up(self.connection, data, found)
        saved = recording.undo(self.connection, data, found, number, restored)
        deed = DepositMetadata(self.actor, self.at, deposits.UNDO, found.period, undoes=found.revision)
        record(self.connection, data, deed, saved, sealing.of_stored(self.connection, data, number))
        return saved

    def enter(self, kind: str, subject: str, content: Mapping[str, object]) -> int:
        """Add an entry to the register, with its journal line; return its number."""
        return event_log.enter(self.connection, self.actor, self.at, kind, subject, content)

    def entries(self, kind: str | None = None, subject: str | None = None) -> list[Entry]:
        """The entries of the register as they stand for this transaction; see ``Store.entries``."""
        return event_log.entries(self.connection, kind, subject)

    def keep_file(self, content: bytes) -> str:
        """Keep a file that belongs to no deposit (an evidence); return its SHA-256."""
        return event_log.keep(self.connection, content)

    def purge(
        self,
        association: str,
        dataset: str,
        revision: int,
        details: Mapping[str, object],
        ending: Ending = no_entry,
    ) -> Expired:
        """Remove for good what ended at ``revision`` or before; an entry of the register tells it with ``details``.

        ``ending`` tells the register's entries that end with it.

        Nothing is written when there is nothing to remove. What rows are left is sealed again. Raises
        JournalBroken, and removes nothing, when the rows are not those that were sealed.
        """
        data = self.data(association, dataset)
        gone = purge.expired(self.connection, data, revision, ending)
        if not gone.nothing:
            if gone.rows:
                sealing.check(self.connection, association, dataset)
            purge.remove(self.connection, data, gone)
            told = {**details, "revision": revision, "rows": gone.rows, "files": list(gone.files)}
            told["entries"] = list(gone.entries)
            self.enter(purge.PURGE, data.subject, told)
            if gone.rows:
                sealing.seal_table(self.connection, association, dataset, self.actor, self.at)
        return gone

    def note(self, action: str, subject: str, details: Mapping[str, object]) -> None:
        """Add a line to the journal: counts, hashes and metadata, never the value of a cell."""
        journal.write(self.connection, self.actor, self.at, action, subject, details)

    def data(self, association: str, dataset: str | Dataset) -> DataTable:
        """The table of a dataset.

        Raises UnknownName when only its code is given and it was never prepared.
        """
        code = dataset if isinstance(dataset, str) else dataset.code
        found = self.tables.get((association, code))
        if found is not None:
            return found
        if isinstance(dataset, Dataset):
            return self.prepare(association, dataset)
        raise unknown(association, code)

    def _apply(self, data: DataTable, diff: Diff, remove: list[str]) -> tuple[Saved, seals.Seal | None]:
        revision = self._next()
        ended = stored.holding(self.connection, data.table, remove)
        removed = stored.close(self.connection, data.table, remove, revision)
        if not (removed or diff.added.height or diff.changed.height):
            return Saved(None, unchanged=diff.unchanged, diff=diff), None
        stored.close(self.connection, data.table, diff.changed[KEY].to_list(), revision)
        # Both the seal and the index of the keys want the rows in the order of their keys.
        added, changed = (part if part[KEY].is_sorted() else part.sort(KEY) for part in (diff.added, diff.changed))
        given = [data.as_stored(part) for part in (added, changed)]
        left = pl.concat([ended, diff.before.select(KEY, SINCE)])
        with ThreadPoolExecutor(1) as beside:  # the seal reads the rows, not the base: it need not wait for it
            sealed = beside.submit(seals.of_revision, revision, data.stored, given, left)
            for part in (changed, added):
                stored.insert(self.connection, data.table, part, revision)
            seal = sealed.result()
        return Saved(revision, diff.added.height, diff.changed.height, diff.unchanged, removed, diff), seal


def shape(data: DataTable, rows: pl.DataFrame) -> pl.DataFrame:
    """Only the columns of the table, in its order and types; ``_place`` and ``_experiment`` may lack.

    Raises Refused for a character that PostgreSQL cannot store, on SQLite too.
    """
    placed = [pl.lit(None, pl.String).alias(name) for name in PLACED[1:] if name not in rows.columns]
    whole = rows.with_columns(placed)
    shaped = whole.select(pl.col(name).cast(dtype) for name, dtype in data.types.items() if name in whole.columns)
    zeros = shaped.select(pl.col(pl.String).str.contains("\0", literal=True).any())
    if odd := [name for name in zeros.columns if zeros[name][0]]:
        raise Refused(
            f"La colonne « {odd[0]} » contient un caractère invisible (NUL) qui ne peut pas être gardé. "
            "Effacez la cellule et retapez-la."
        )
    # SQLite has no NaN and would give back null: the same on both.
    return shaped.with_columns(pl.col(pl.Float64).fill_nan(None))


def compare_all(data: DataTable, rows: pl.DataFrame, current: pl.DataFrame) -> Diff:
    """The difference with every row that holds, ``current``."""
    shaped = shape(data, rows)
    diff = compare(shaped, current)
    missing = current.join(shaped.select(KEY), on=KEY, how="anti", maintain_order="left")
    return Diff(diff.added, diff.changed, diff.before, diff.unchanged, missing)


def unknown(association: str, code: str) -> UnknownName:
    """The error for a dataset that has no table."""
    return UnknownName(
        f"Le jeu « {code} » de « {association} » n’existe pas dans cette base. "
        "Vérifiez son code et celui de l’association (fabrique plugins)."
    )


# --- What an undo brings back when the table was upgraded since -----------------------------------


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
