"""What is handed in: read, judged, compared with what is there, and stored in one transaction or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import polars as pl

from core.domain import access, french
from core.domain.access import Action, On
from core.domain.actor import Actor
from core.domain.dataset import Dataset
from core.domain.experiment import METROPOLE
from core.domain.local_time import day_in_france
from core.domain.period import Period
from core.errors import Refused, RowsRefused, UnknownName
from core.registry import Registry
from core.services import opening, references
from core.services.judgement import Desk, Judged, Rows, Together, judge_file, judge_rows
from core.services.moved import refuse_moved
from core.services.outcome import Outcome, foreseen, refusal, stops, stored
from core.services.reading import judge_typed, read, sentence
from core.services.releves import holding
from core.storage import Store


def submit(
    registry: Registry,
    store: Store,
    data: bytes,
    name: str,
    association: str,
    dataset: str,
    *,
    actor: Actor,
    at: datetime,
    sheet: str | None = None,
    dry_run: bool = False,
    keep_valid: bool = False,
    removals: Sequence[str] = (),
    matching: Mapping[str, str] | None = None,
    period: str | None = None,
    seen: int | None = None,
    step: Callable[[str], object] = str,
) -> Outcome:
    """Treat a file handed in: all of it is stored, or nothing.

    ``keep_valid`` stores the valid rows although others are refused; ``dry_run`` only says
    what would happen. A line that touches a sent or accepted relevé is refused like any other
    wrong line. ``removals`` are the keys (``_key``) of rows to end. ``seen`` is the ``state_of``
    when the person looked; ``step`` is told each stage of a long work. Raises UnknownName,
    FileRefused when the file as a whole is refused, Refused when a removal is impossible, Conflict
    when something changed after ``seen``, Forbidden when the data are not the actor's to change.
    A refused file is not kept.
    """
    may_change(actor, association)
    desk = _desk(registry, store, association, dataset, at)
    step("Lecture du fichier")
    reading = read(data, name, desk.dataset, sheet=sheet, matching=matching)
    step("Vérification des lignes")
    if dry_run:
        known = cache(store.rows)  # a long table is read once
        judged = judge_file(desk, reading, known)
        step("Comparaison avec ce qui est enregistré")
        diff = store.compare(association, dataset, judged.storable, current=known(association, dataset))
        locks = holding.locks_for(desk, actor, at, store, known)
        judged, diff = holding.stopped(desk, judged, diff, locks, known)
        return foreseen(judged, reading, diff, removals, keep_valid)
    with store.writing(actor, at) as writing:
        refuse_moved(seen, writing, association)
        locks = holding.locks_for(desk, actor, at, writing, writing.rows)
        judged = holding.unheld(desk, judge_file(desk, reading, writing.rows), locks, writing)
        if stops(judged, keep_valid):
            return refusal(judged, reading)
        step("Enregistrement")
        holding.refuse_leaving(desk, removals, locks, writing.rows)
        _refuse_orphans(desk, removals, writing.rows)
        saved = writing.save(
            association,
            desk.dataset,
            judged.storable,
            remove=removals,
            action="import",
            file=(reading.kept, name),
            period=period,
        )
        kept = writing.count(association, desk.dataset) - judged.valid.height
    return stored(saved, judged, reading, kept)


def save_rows(
    registry: Registry,
    store: Store,
    association: str,
    dataset: str,
    rows: Sequence[Mapping[str, Any]],
    *,
    actor: Actor,
    at: datetime,
    removals: Sequence[str] = (),
    action: str = "saisie",
    period: str | None = None,
    file: tuple[bytes, str] | None = None,
    based_on: int | None = None,
    dry_run: bool = False,
) -> Outcome:
    """Store typed rows through the same judgements as a file: every row, or none.

    Values are those of the schema (dates, whole cents, booleans); a column that no row names
    keeps what it holds. Lines are counted from 1; ``based_on`` is the revision that the person
    saw; ``dry_run`` only says what would happen, refused lines included. Raises RowsRefused with
    the problems, UnknownName for a column that the dataset does not have, Conflict when somebody
    changed one of these rows after ``based_on``, Forbidden when the data are not the actor's to change.
    """
    may_change(actor, association)
    desk = _desk(registry, store, association, dataset, at)
    frame = typed(desk.dataset, rows)
    given = {name for row in rows for name in row}
    errors, warnings = judge_typed(frame, desk.dataset)
    if dry_run:
        known = cache(store.rows)
        judged = judge_rows(desk, frame, errors, warnings, errors.lines, known, given)
        diff = store.compare(association, dataset, judged.storable, current=known(association, dataset))
        locks = holding.locks_for(desk, actor, at, store, known)
        judged, diff = holding.stopped(desk, judged, diff, locks, known)
        return foreseen(judged, None, diff, removals, False)
    with store.writing(actor, at) as writing:
        locks = holding.locks_for(desk, actor, at, writing, writing.rows)
        judged = judge_rows(desk, frame, errors, warnings, errors.lines, writing.rows, given)
        judged = holding.unheld(desk, judged, locks, writing)
        if judged.rejected:
            raise _rows_refused(desk, judged)
        holding.refuse_leaving(desk, removals, locks, writing.rows)
        _refuse_orphans(desk, removals, writing.rows)
        saved = writing.save(
            association,
            desk.dataset,
            judged.storable,
            remove=removals,
            action=action,
            file=file,
            period=period,
            based_on=based_on,
        )
    return stored(saved, judged, None)


def declare_nothing(
    registry: Registry, store: Store, association: str, dataset: str, period: str, *, actor: Actor, at: datetime
) -> Outcome:
    """Record « rien à déclarer » for a quarter or a month: a declared zero.

    Raises UnknownName for a code or a period that does not exist, Refused for a period that
    has not begun, Forbidden when the data are not the actor's to change.
    """
    may_change(actor, association)
    desk = _desk(registry, store, association, dataset, at)
    stretch = Period.parse(period)
    if stretch.start > day_in_france(at):
        raise Refused(french.typeset(f"« {stretch.label} » n’a pas commencé : attendez pour dire qu’il n’y a rien."))
    with store.writing(actor, at) as writing:
        holding.refuse_declaring(holding.locks_for(desk, actor, at, writing, writing.rows), stretch)
        saved = writing.declare_nothing(association, desk.dataset, stretch.code)
    return Outcome(saved.revision)


def undo(registry: Registry, store: Store, revision: int, *, actor: Actor, at: datetime) -> Outcome:
    """Undo one revision by a new one, without losing later ones.

    Raises Conflict, with the rows concerned, when a later revision changed them or rows that
    stay would name rows that leave; UnknownName when there is no such revision; Forbidden when
    the data are not the actor's to change.
    """
    opening.prepare(registry, store, at=at)
    done = store.deposit(revision)
    may_change(actor, done.association)
    desk = _desk(registry, store, done.association, done.dataset, at)
    _, diff = store.changes(revision)
    with store.writing(actor, at) as writing:
        locks = holding.locks_for(desk, actor, at, writing, writing.rows)
        holding.refuse_undoing(desk, diff, locks, writing.rows)
        if done.declares_nothing and done.period:
            holding.refuse_declaring(locks, Period.parse(done.period))
        saved = writing.undo(revision)
        datasets = registry.datasets(done.association)
        references.refuse_lost(datasets, lambda code: writing.rows(done.association, code))
    return Outcome(saved.revision, saved.added, saved.changed, saved.unchanged, saved.removed, diff=saved.diff)


def typed(dataset: Dataset, rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Plain dictionaries as a frame of the dataset's columns and types, with ``_line`` from 1.

    Raises UnknownName for a name that is no column.
    """
    strange = next((name for row in rows for name in row if name not in dataset.by_name), None)
    if strange is not None:
        raise UnknownName(
            french.typeset(f"« {dataset.code} » n’a pas de colonne « {strange} » ; il a {', '.join(dataset.by_name)}.")
        )
    schema = {column.name: column.kind.dtype for column in dataset.columns}
    cells = {name: [row.get(name) for row in rows] for name in schema}
    return pl.DataFrame(cells, schema=schema).with_row_index("_line", 1).cast({"_line": pl.Int64})


def may_change(actor: Actor, association: str) -> None:
    """Raise Forbidden unless the data of ``association`` are the actor's to change."""
    if association == METROPOLE:
        access.check(actor, Action.STEER)
    else:
        access.check(actor, Action.DEPOSIT, On(association))


def _desk(registry: Registry, store: Store, association: str, dataset: str, at: datetime) -> Desk:
    declared = registry.dataset(association, dataset)
    opening.ensure(registry, store, association, dataset, at=at)
    return Desk(registry, store, association, declared)


def _refuse_orphans(desk: Desk, leaving: Sequence[str], rows: Rows) -> None:
    others = desk.registry.datasets(desk.association)
    references.refuse_orphans(desk.dataset, leaving, others, lambda code: rows(desk.association, code))


def _rows_refused(desk: Desk, judged: Judged) -> RowsRefused:
    count = french.count(judged.rejected, "ligne est à corriger", "lignes sont à corriger")
    said = f"« {desk.dataset.title} » : {count}, rien n’est enregistré. {sentence(judged.errors[0], desk.dataset)}"
    return RowsRefused(french.typeset(said), tuple(Together(judged.errors, judged.warnings)))
