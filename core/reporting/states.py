"""Where the relevés stand, as read: the board, one of them, what it holds and lacks, and when it came."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import polars as pl

from core.checking import waiting
from core.contract import Registry
from core.domain import french
from core.domain.access import ReleveState
from core.domain.calendar import Period
from core.domain.dataset import Dataset
from core.domain.releve import KIND, Releve, ReleveEvent
from core.domain.releve import subject as named
from core.errors import Refused
from core.figures.cache import cache_of
from core.figures.told import Files, by_subject, event_of, owed_tables, read_calendar
from core.reading.personal import looks_personal
from core.reporting.locks import EXPERIMENT, placed
from core.storage import Store, deposits, event_log
from core.storage.rows import RowsWanted


def board(registry: Registry, store: Store, today: date) -> tuple[Releve, ...]:
    """Every relevé of a period that has begun on ``today``, period by period in the order of the experiments."""
    known = read_files(registry, store)
    return tuple(known.fold(term, today) for term in known.calendar.terms if term.period.start <= today)


def state_of(registry: Registry, store: Store, experiment: str, period: str, today: date) -> Releve:
    """One relevé; raises UnknownName when the calendar asks no such thing."""
    known = read_files(registry, store)
    return known.fold(known.calendar.term(experiment, period), today)


def history(store: Store, experiment: str, period: str) -> tuple[ReleveEvent, ...]:
    """Everything that was done with a relevé, the oldest first."""
    return tuple(event_of(entry) for entry in store.entries(KIND, named(experiment, period)))


def read_files(registry: Registry, store: Store) -> Files:
    """What is known now, read again once something was handed in or written down."""
    with store.connect() as connection:
        stamp = (deposits.last_number(connection), event_log.last_number(connection))

    def read() -> Files:
        calendar = read_calendar(registry, store.rows, store.versions)
        return Files(calendar, tuple(store.deposits()), by_subject(store.entries(KIND)))

    return cache_of(store).get(("relevés", id(registry), stamp), read)


# --- What a relevé holds: for each table of the association, its rows of the period, or what was said of it ----


@dataclass(frozen=True, slots=True)
class ReportTable:
    """One table in a relevé.

    ``rows`` of the experiment fall in the period; ``nothing``: « rien à déclarer »; ``last`` is
    when something was last handed in for the period, None when nothing was; ``optional``: no
    relevé waits for it; ``waiting``: how many rows of it were left behind by a deposit, to be corrected.
    """

    dataset: Dataset
    rows: int
    nothing: bool
    last: datetime | None
    optional: bool
    waiting: int = 0

    @property
    def missing(self) -> bool:
        """Whether it is waited for and nothing came."""
        return not self.optional and self.last is None and not self.rows


def contents(registry: Registry, store: Store, releve: Releve) -> tuple[ReportTable, ...]:
    """Each table of the association, those that it owes first, in the order of its plugin."""
    files = read_files(registry, store)
    left = waiting.counted(store, releve.association)
    owed = owed_tables(registry, releve.association)
    every = [_part(files, store, releve, one, one in owed) for one in _quarterly(registry, releve.association)]
    every = [replace(one, waiting=left.get(one.dataset.code, 0)) for one in every]
    kept = [one for one in every if not one.optional or one.dataset.optional or one.rows or one.last or one.waiting]
    return tuple(sorted(kept, key=lambda part: part.optional))


def _quarterly(registry: Registry, association: str) -> list[Dataset]:
    return [one for one in registry.datasets(association) if one.cadence == "trimestre"]


def _part(files: Files, store: Store, releve: Releve, dataset: Dataset, owed: bool) -> ReportTable:
    said = [
        one
        for one in files.deposits
        if one.association == releve.association and one.dataset == dataset.code and one.reports
        if files.tells(one, releve.term)
    ]
    rows = _rows(store, releve, dataset)
    nothing = bool(said) and said[-1].declares_nothing and not rows
    return ReportTable(dataset, rows, nothing, max((one.at for one in said), default=None), not owed)


def dated_in(store: Store, association: str, dataset: Dataset, period: Period) -> bool:
    """Whether a row of a table is dated in the period, whatever its experiment."""
    days = dataset.days
    if not days:
        return False
    return store.count(association, dataset.code, wanted=RowsWanted(dated=(days, period.start, period.end))) > 0


def _rows(store: Store, releve: Releve, dataset: Dataset) -> int:
    """How many rows of the experiment, or of none in particular, have a day in the period."""
    days = dataset.days
    if not days:
        return 0
    wanted = RowsWanted(dated=(days, releve.period.start, releve.period.end))
    if dataset.place_through is None:
        return store.count(
            releve.association, dataset.code, wanted=replace(wanted, experiments=[releve.experiment, None])
        )
    frame = placed(dataset, store.rows(releve.association, dataset.code, wanted=wanted), releve.association, store.rows)
    return frame.filter(pl.col(EXPERIMENT).is_null() | (pl.col(EXPERIMENT) == releve.experiment)).height


# --- How an association keeps the calendar: relevés sent on time, tables handed in, once they are due ----


@dataclass(frozen=True, slots=True)
class Punctuality:
    """The relevés of one association that are due: ``due`` of them, of which ``on_time`` and ``sent``.

    ``handed`` of the ``asked`` tables of these periods were handed in or declared empty;
    ``days_late`` lists the delays, those that last still included.
    """

    association: str
    due: int
    on_time: int
    sent: int
    handed: int
    asked: int
    days_late: tuple[int, ...] = ()


def punctuality(registry: Registry, store: Store, today: date) -> tuple[Punctuality, ...]:
    """One per association, in the order of the columns."""
    rows = [one for one in board(registry, store, today) if one.state is not None and (one.sent or one.today > one.due)]
    files = read_files(registry, store)
    return tuple(
        _of(registry, files, association.code, [one for one in rows if one.association == association.code])
        for association in registry.associations
    )


def _of(registry: Registry, files: Files, association: str, rows: Sequence[Releve]) -> Punctuality:
    codes = [dataset.code for dataset in owed_tables(registry, association)]
    periods = _periods(rows)
    handed = sum(_handed(files, one, code) for one in periods for code in codes)
    late = tuple(one.days_late for one in rows if one.days_late)
    on_time, sent = sum(not one.days_late for one in rows), sum(one.sent for one in rows)
    return Punctuality(association, len(rows), on_time, sent, handed, len(periods) * len(codes), late)


def _periods(rows: Iterable[Releve]) -> list[Releve]:
    """One relevé for each period: tables are handed in once for all the experiments of an association."""
    return list({one.period: one for one in rows}.values())


def _handed(files: Files, releve: Releve, dataset: str) -> bool:
    return any(
        one.association == releve.association and one.dataset == dataset and one.reports
        for one in files.deposits
        if files.tells(one, releve.term)
    )


# --- What is not there when figures are about to be frozen: relevés that are missing, returned, not accepted yet ----


def lacking(registry: Registry, store: Store, until: date, today: date) -> tuple[Releve, ...]:
    """The relevés of the periods over at ``until`` that nobody accepted, period by period."""
    over = (one for one in board(registry, store, today) if one.period.end <= until)
    return tuple(one for one in over if one.state not in (None, ReleveState.APPROVED))


def lacking_sentence(found: Sequence[Releve]) -> str:
    """« 2 relevés manquent, 1 est retourné, 4 ne sont pas acceptés. »; empty when all are accepted."""
    missing = sum(one.state in (ReleveState.DUE, ReleveState.DRAFT) for one in found)
    returned = sum(one.state is ReleveState.RETURNED for one in found)
    waiting = sum(one.state is ReleveState.SUBMITTED for one in found)
    said = [
        _counted(missing, "manque", "manquent"),
        _counted(returned, "est retourné", "sont retournés"),
        _counted(waiting, "n’est pas accepté", "ne sont pas acceptés"),
    ]
    parts = [one for one in said if one]
    if not parts:
        return ""
    number, rest = parts[0].split(" ", 1)
    first = f"{number} {'relevé' if number == '1' else 'relevés'} {rest}"
    return french.sentence(", ".join([first, *parts[1:]]))


def _counted(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}" if number else ""


# --- What people type about a relevé: bounded, trimmed, and free of personal data ------------------


LONGEST = 4000
"""How many characters one text may have."""


def checked(text: str, what: str) -> str:
    """``text`` without the spaces around it.

    Raises Refused when it is too long or holds a phone number, an address… of a person;
    ``what`` names it at the start of the sentence (« Le motif »).
    """
    said = text.strip()
    if len(said) > LONGEST:
        raise Refused(f"{what} est trop long : {french.number(LONGEST)} caractères au plus.")
    found = looks_personal(said) if said else None
    if found:
        raise Refused(f"{what} contient {found} : rien n’est enregistré. Retirez-le, puis recommencez.")
    return said
