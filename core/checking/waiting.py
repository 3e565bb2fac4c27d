"""Rows that a deposit left behind: they wait, in everybody's sight, until corrected or dropped on purpose.

« Garder les lignes valides » stores the good rows of a file; the others are kept here as they were
written, without the columns that were not read, with what is wrong of each. A later deposit that holds
the same row settles it, so does the form, so does « laisser tomber » with its reason. All of it is
entries of the event log, so the journal tells it; what a deposit did here goes when it is undone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

import polars as pl
import sqlalchemy as sa

from core.catalogue.keys import KEY, folded, with_key
from core.checking.judgement import JudgedRows
from core.contract.scope import Scope
from core.domain import access, french
from core.domain.dataset import Dataset, Problem
from core.errors import Refused, UnknownName
from core.reading import Reading, sentence
from core.reading.personal import looks_personal
from core.storage import Store, deposits, event_log
from core.storage.event_log import Entry
from core.storage.events import Content, EventType, renamed
from core.storage.schema import DataTable
from core.storage.writing import Writing

KIND = "lignes_a_corriger"
"""The kind of the entries that tell of these rows; their subject is « association/dataset »."""
MOST = 5_000
"""Rows kept of one deposit: beyond, the file itself is to be mended."""
_LONGEST = 500
_NO_KEY = "\0"
"""Stands for a key that could not be read: no key of a row that is there is so written."""
_MOST_READ = 4 * MOST


@dataclass(frozen=True, slots=True)
class LeftRow:
    """A row that a deposit left behind, as its entry keeps it: see WaitingRow."""

    line: int
    key: str | None
    cells: Mapping[str, str]
    reasons: tuple[tuple[str | None, str], ...]


@dataclass(frozen=True, slots=True)
class WaitingSaid:
    """What an entry says: rows that wait no more, rows left behind, by which deposit of which file, or why given up."""

    settled: tuple[str, ...] = ()
    left: tuple[LeftRow, ...] = ()
    deposit: int | None = None
    file: str = ""
    reason: str = ""


def _upgraded(content: Content) -> Content:
    said = {"reglees": "settled", "laissees": "left", "depot": "deposit", "fichier": "file", "motif": "reason"}
    row = {"ligne": "line", "cle": "key", "cellules": "cells", "motifs": "reasons"}
    found = dict(renamed(content, said))
    left = found.get("left")
    return {**found, "left": [renamed(one, row) for one in left] if isinstance(left, list) else []}


WAITING = EventType(KIND, WaitingSaid, _upgraded)


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """One row left behind: ``texts`` as written, by column; ``reasons`` pairs of a column (or None) and a sentence.

    ``key`` is None when it could not be read; ``line`` is that of the file ``file``, handed in as
    the deposit ``deposit`` on ``at``.
    """

    id: str
    dataset: str
    deposit: int
    at: datetime
    file: str
    line: int
    key: str | None
    texts: Mapping[str, str]
    reasons: tuple[tuple[str | None, str], ...]

    @property
    def wrong(self) -> frozenset[str]:
        """The columns to correct."""
        return frozenset(column for column, _ in self.reasons if column)


def waiting(store: Store, association: str, dataset: str | None = None) -> tuple[WaitingRow, ...]:
    """The rows of an association that wait to be corrected, in one table or in all, the oldest first."""
    made = store.deposits(association=association, dataset=dataset)
    subject = None if dataset is None else _subject(association, dataset)
    entries = [one for one in store.entries(KIND, subject) if one.subject.startswith(f"{association}/")]
    return tuple(_open(entries, _undone(made)))


def counted(store: Store, association: str) -> dict[str, int]:
    """How many rows wait, by table; a table where none waits is not there."""
    found: dict[str, int] = {}
    for one in waiting(store, association):
        found[one.dataset] = found.get(one.dataset, 0) + 1
    return found


def drop(scope: Scope, association: str, dataset: Dataset, ids: Collection[str], reason: str) -> None:
    """Give up rows that wait, with the reason why. Raises Forbidden, Refused without a reason, UnknownName."""
    access.check_change(scope.actor, association)
    said = reason.strip()
    if not said:
        raise Refused(
            french.typeset("Dites pourquoi ces lignes sont laissées de côté : le motif reste dans l’histoire.")
        )
    if what := looks_personal(said):
        raise Refused(french.typeset(f"Nous lisons {what} : le motif ne doit nommer personne. Rien n’est changé."))
    _settle(scope, association, dataset.code, ids, WaitingSaid(reason=said[:_LONGEST]))


def corrected(scope: Scope, association: str, dataset: Dataset, ids: Collection[str]) -> None:
    """Say that rows were corrected by hand, in the form. Raises Forbidden, UnknownName."""
    access.check_change(scope.actor, association)
    made = scope.store.deposits(association=association, dataset=dataset.code)
    number = made[-1].number if made else None
    known = {one.id for one in waiting(scope.store, association, dataset.code)}
    if left := set(ids) & known:  # the deposit itself may have settled them already
        _settle(scope, association, dataset.code, left, WaitingSaid(deposit=number))


def after_file(
    writing: Writing, association: str, dataset: Dataset, reading: Reading, judged: JudgedRows, name: str
) -> None:
    """What a file that was just stored settles, and what it leaves behind."""
    before = _known(writing, association, dataset.code)
    if not before and not judged.rejected:
        return
    settled = []
    if before:
        present = set(_one_writing(judged.valid[KEY] if judged.present is None else judged.present))
        keys = _one_writing(one.key for one in before)
        settled = [one.id for one, key in zip(before, keys, strict=True) if key in present or _has_cells(one, reading)]
    left = tuple(_left(reading, judged, dataset))
    if settled or left:
        number = deposits.last_number(writing.connection)
        WAITING.enter(writing, _subject(association, dataset.code), WaitingSaid(tuple(settled), left, number, name))


def after_typing(writing: Writing, association: str, dataset: Dataset, keys: Iterable[str]) -> None:
    """What rows that were just typed settle."""
    before = [one for one in _known(writing, association, dataset.code) if one.key is not None]
    given = set(_one_writing(keys))
    settled = [one.id for one, key in zip(before, _one_writing(one.key for one in before), strict=True) if key in given]
    if settled:
        told = WaitingSaid(tuple(settled), deposit=deposits.last_number(writing.connection))
        WAITING.enter(writing, _subject(association, dataset.code), told)


def ended(connection: sa.Connection, data: DataTable, before: datetime) -> frozenset[int]:
    """The entries made before an instant about a table of which no row waits any more: a purge empties them."""
    mine = event_log.entries(connection, KIND, _subject(data.association, data.dataset.code))
    made = deposits.listed(connection, association=data.association, dataset=data.dataset.code)
    if next(_open(mine, _undone(made)), None) is not None:
        return frozenset()
    return frozenset(one.number for one in mine if one.at < before and not one.erased)


# --- inside -------------------------------------------------------------------------------


def _known(writing: Writing, association: str, dataset: str) -> list[WaitingRow]:
    entries = writing.entries(KIND, _subject(association, dataset))
    if not entries:
        return []
    return list(_open(entries, _undone(deposits.listed(writing.connection, association=association, dataset=dataset))))


def _undone(made: Iterable[deposits.Deposit]) -> set[int]:
    return {one.number for one in made if one.undone_by is not None}


def _open(entries: Iterable[Entry], undone: Collection[int]) -> Iterator[WaitingRow]:
    """The rows that wait once every entry is told; those of undone deposits are as if never told."""
    found: dict[str, WaitingRow] = {}
    for entry in entries:
        if entry.erased or (said := WAITING.read(entry)).deposit in undone:
            continue
        for one in said.settled:
            found.pop(one, None)
        found |= {row.id: row for row in _rows(entry, said)}
    yield from found.values()


def _rows(entry: Entry, said: WaitingSaid) -> Iterator[WaitingRow]:
    dataset, deposit = entry.subject.partition("/")[2], said.deposit or 0
    for row in said.left:
        name = f"{deposit}-{row.line}"
        yield WaitingRow(name, dataset, deposit, entry.at, said.file, row.line, row.key, row.cells, row.reasons)


def _left(reading: Reading, judged: JudgedRows, dataset: Dataset) -> Iterator[LeftRow]:
    reasons: dict[int, list[tuple[str | None, str]]] = {}
    for one in islice(judged.errors, _MOST_READ):
        if one.line is not None and (one.line in reasons or len(reasons) < MOST):
            reasons.setdefault(one.line, []).append((one.column, _said(one, dataset)))
    if reading.texts is None:
        return
    lines = pl.Series("_line", list(reasons), dtype=pl.Int64)
    keys = _keys(reading, dataset)
    for row in reading.texts.filter(pl.col("_line").is_in(lines.implode())).to_dicts():
        line = row.pop("_line")
        cells = {name: text[:_LONGEST] for name, text in row.items() if text is not None}
        yield LeftRow(line, keys.get(line), cells, tuple(reasons[line]))


def _said(problem: Problem, dataset: Dataset) -> str:
    return sentence(replace(problem, line=None), dataset)


def _keys(reading: Reading, dataset: Dataset) -> dict[int, str]:
    if reading.named is None:
        return {}
    keyed = with_key(reading.named, dataset).select("_line", KEY)
    return dict(keyed.iter_rows())


def _one_writing(keys: Iterable[str | None]) -> list[str]:
    """Keys without what people write in several ways: « met 2 » is the row that waits as « MET-2 »."""
    frame = pl.Series(KEY, list(keys), dtype=pl.String).to_frame()
    return frame.select(folded(pl.col(KEY)).fill_null(_NO_KEY))[KEY].to_list()


def _has_cells(row: WaitingRow, reading: Reading) -> bool:
    """Whether a file holds the same cells again, but those that were wrong."""
    same = {name: text for name, text in row.texts.items() if name not in row.wrong}
    texts = reading.texts
    if texts is None or len(same) < 2 or not set(same) <= set(texts.columns):
        return False
    alike = pl.all_horizontal(
        pl.col(name).str.slice(0, _LONGEST).eq_missing(pl.lit(text)) for name, text in same.items()
    )
    return texts.select(alike.any()).item()


def _settle(scope: Scope, association: str, dataset: str, ids: Collection[str], told: WaitingSaid) -> None:
    with scope.writing() as writing:
        known = {one.id for one in _known(writing, association, dataset)}
        if strange := sorted(set(ids) - known):
            raise UnknownName(
                french.typeset(f"La ligne « {strange[0]} » n’attend plus d’être corrigée. Relisez la page.")
            )
        WAITING.enter(writing, _subject(association, dataset), replace(told, settled=tuple(sorted(ids))))


def _subject(association: str, dataset: str) -> str:
    return f"{association}/{dataset}"


def told_of(rows: Sequence[WaitingRow]) -> str:
    """« 3 lignes attendent d’être corrigées »."""
    return french.count(len(rows), "ligne attend d’être corrigée", "lignes attendent d’être corrigées")
