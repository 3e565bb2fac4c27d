"""A whole workbook in front of its owner: each sheet in its table, one preview, one confirmation, one revision."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.checking.outcome import Outcome
from core.contract import Registry
from core.contract.scope import Scope
from core.depositing import submit
from core.depositing.concurrency import state_of
from core.depositing.handing_in import FileHandedIn, Preview, remembered, unclear
from core.depositing.submit import SheetToStore
from core.domain.calendar import Period
from core.domain.dataset import Dataset
from core.domain.releve import PeriodTold
from core.errors import FileRefused
from core.figures.cache import cache_of
from core.figures.known import Due, read_known
from core.figures.told import Files, named_period, owed_tables
from core.reading import SheetFound, Titles, match_sheets
from core.reporting.states import dated_in, read_files
from core.storage import Store
from core.storage.deposits import Deposit


@dataclass(frozen=True, slots=True)
class SheetDecision:
    """What the person decided about one sheet: keep its valid rows alone, end these rows."""

    keep_valid: bool = False
    removals: tuple[str, ...] = ()


def sheets_found(registry: Registry, store: Store, file: FileHandedIn, association: str) -> tuple[SheetFound, ...]:
    """The tables that each sheet may fill, with the headings learnt before.

    Raises FileRefused when the file cannot be opened, UnknownName.
    """
    datasets = registry.datasets(association)
    learnt = {one.code: remembered(store, association, one.code) for one in datasets}
    return match_sheets(file.data, file.name, datasets, matching=learnt)


def preview_workbook(
    scope: Scope,
    file: FileHandedIn,
    association: str,
    chosen: Mapping[str | None, str],
    *,
    take_back: Mapping[str | None, Sequence[int]] | None = None,
    step: Callable[[str], object] = str,
) -> tuple[Preview, ...]:
    """Say what would become of several sheets of one file; ``chosen`` gives the table of each sheet to read.

    ``take_back`` gives, by sheet, the lines left aside to read after all. Nothing is stored.
    Raises Refused when two sheets would fill one table, Forbidden, UnknownName.
    """
    seen = state_of(scope.store, association)
    learnt = {code: remembered(scope.store, association, code) for code in chosen.values()}
    taken = take_back or {}
    parts = [
        SheetToStore(code, sheet, matching=learnt[code], take_back=tuple(taken.get(sheet, ())))
        for sheet, code in chosen.items()
    ]
    outcomes = submit.submit_workbook(scope, file.data, file.name, association, parts, dry_run=True, step=step)
    return tuple(
        _preview(scope.registry, file, association, part, outcome, seen)
        for part, outcome in zip(parts, outcomes, strict=True)
    )


def confirm_workbook(
    scope: Scope,
    looked: Sequence[Preview],
    association: str,
    decided: Mapping[str, SheetDecision],
    *,
    step: Callable[[str], object] = str,
) -> tuple[Outcome, ...]:
    """Store the sheets that were looked at, those very bytes, as one revision; ``decided`` by table.

    Raises Conflict when the data changed meanwhile (look again), FileRefused when these are not
    the bytes that were looked at, and whatever ``submissions.submit_workbook`` raises.
    """
    file, seen = looked[0].file, looked[0].seen
    if any(one.file.sha256 != one.sha256 or one.sha256 != looked[0].sha256 for one in looked):
        raise FileRefused("Ce n’est pas le fichier qui a été vérifié. Déposez-le de nouveau.")
    parts = [_part(one, decided.get(one.dataset, SheetDecision())) for one in looked]
    return submit.submit_workbook(scope, file.data, file.name, association, parts, seen=seen, step=step)


def _part(one: Preview, said: SheetDecision) -> SheetToStore:
    return SheetToStore(
        one.dataset, one.file.sheet, said.keep_valid, said.removals, dict(one.matching), take_back=one.taken_back
    )


def _preview(
    registry: Registry, file: FileHandedIn, association: str, part: SheetToStore, outcome: Outcome, seen: int
) -> Preview:
    one = FileHandedIn(file.data, file.name, part.sheet)
    matching = dict(part.matching or {})
    kept, taken = tuple(matching.items()), tuple(part.take_back)
    if outcome.refusal:
        asked = unclear(registry, one, association, part.dataset, matching)
        return Preview(one, one.sha256, seen, None, outcome.refusal, asked, kept, part.dataset, taken, outcome.blank)
    reading = outcome.reading
    found = Titles(reading.headings, reading.guessed, reading.unknown, ()) if reading else None
    return Preview(one, one.sha256, seen, outcome, "", found, kept, part.dataset, taken)


# --- Where an association stands: each of its tables, and what is still due for the current period ----


class TableStatus(StrEnum):
    """What is known of a table for a period."""

    RECEIVED = "received"
    """Rows are dated in the period, a file was handed in for it, or its relevés were sent."""
    NOTHING = "nothing"
    """« Rien à déclarer » was said for it."""
    AWAITED = "awaited"
    """Nothing yet."""
    OPTIONAL = "optional"
    """Nothing yet, and nobody waits for it."""


@dataclass(frozen=True, slots=True)
class TableStanding:
    """One table of an association: the rows held, who handed what in last, what the period knows."""

    dataset: Dataset
    rows: int
    last: Deposit | None
    standing: TableStatus


@dataclass(frozen=True, slots=True)
class HandedIn:
    """Every table of an association for ``period``, expected by the day ``due`` (None: no date was set).

    ``late`` says that this day is over.
    """

    period: Period
    due: date | None
    tables: tuple[TableStanding, ...]
    late: bool = False

    @property
    def awaited(self) -> tuple[TableStanding, ...]:
        """The tables that are still due."""
        return tuple(one for one in self.tables if one.standing is TableStatus.AWAITED)

    @property
    def received(self) -> tuple[TableStanding, ...]:
        """The tables received for the period, « rien à déclarer » included."""
        return tuple(one for one in self.tables if one.standing in (TableStatus.RECEIVED, TableStatus.NOTHING))


def handed_in(registry: Registry, store: Store, association: str, *, today: date) -> HandedIn:
    """Where each table of ``association`` stands for the period that is due now. Raises UnknownName."""
    known = read_known(store, cache_of(store), None, today)
    period, due = current_period(known.held.dues, today)
    files = read_files(registry, store)
    last = _last_ones(known.deposits, association)
    owed = {one.code for one in owed_tables(registry, association)}
    tables = tuple(
        TableStanding(
            dataset,
            store.count(association, dataset.code),
            last.get(dataset.code),
            _standing(store, files, association, dataset, period, owed=dataset.code in owed, today=today),
        )
        for dataset in registry.datasets(association)
    )
    return HandedIn(period, due, tables, due is not None and due < today)


def current_period(dues: Sequence[Due], today: date) -> tuple[Period, date | None]:
    """The last period that is over, with its due day; the last civil quarter when none was set."""
    over = [due for due in dues if due.period.end < today]
    if over:
        last = max(over, key=lambda due: due.period.end)
        return last.period, last.day
    return Period.quarter_of(today).previous, None


def _last_ones(deposits: Sequence[Deposit], association: str) -> Mapping[str, Deposit]:
    return {one.dataset: one for one in deposits if one.association == association and one.reports}


def _standing(
    store: Store, files: Files, association: str, dataset: Dataset, period: Period, *, owed: bool, today: date
) -> TableStatus:
    """What a period knows of a table: asked of the same files as the figures and the board of relevés."""
    said = [one for one in files.of(association, dataset.code) if one.period is not None]
    periods = files.calendar.periods
    named = [(one, found) for one in said if (found := named_period(one.period, periods))]
    inside = [one for one, found in named if found.start <= period.start and period.end <= found.end]
    if any(one.declares_nothing for one in inside):
        return TableStatus.NOTHING
    terms = [one for one in files.calendar.terms if one.association == association and one.period == period]
    sent = bool(terms) and all(
        files.fold(one, today).told in (PeriodTold.TOLD, PeriodTold.WITHOUT_OBJECT) for one in terms
    )
    if inside or (sent and owed) or dated_in(store, association, dataset, period):
        return TableStatus.RECEIVED
    return TableStatus.AWAITED if owed else TableStatus.OPTIONAL
