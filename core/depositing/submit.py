"""A deposit, in one transaction: file, rows, journal; unless something changed since somebody looked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from core.catalogue.keys import KEY
from core.checking import judgement, naming, waiting
from core.checking.judgement import JudgedRows, Together, judge_file, judge_rows, near_file
from core.checking.near import Foreseen, Held, JudgementScope, RowsNear, StoredRows
from core.checking.near import of as references_of
from core.checking.outcome import Outcome, foreseen, refusal, refused_whole, stops, stored, unjudged
from core.contract import Registry, schema_setup
from core.contract.scope import Scope
from core.depositing.concurrency import refuse_moved
from core.domain import access, french
from core.domain.calendar import Period
from core.domain.dataset import Dataset, Row
from core.errors import FileRefused, Refused, RowsRefused, UnknownName
from core.reading import Reading, SheetWanted, judge_typed, read, read_sheets, sentence
from core.reading.template_sheets import of_old_file, refuse_old_file
from core.reporting import locks as holding
from core.storage.deposits import IMPORT
from core.storage.rows import Diff
from core.storage.writing import Writing

# --- What is handed in: read, judged, compared with what is there, and stored in one transaction or not at all ----


@dataclass(frozen=True, eq=False)
class SheetToStore:
    """One table of a file: the sheet that holds it, and what the person decided about it.

    ``keep_valid`` stores its valid rows although others are refused; ``removals`` are the keys of
    rows to end; ``matching`` maps the headings learnt before; ``take_back`` are lines to read as data
    although they look like notes or another table.
    """

    dataset: str
    sheet: str | None = None
    keep_valid: bool = False
    removals: tuple[str, ...] = ()
    matching: Mapping[str, str] | None = None
    period: str | None = None
    take_back: Collection[int] = ()


def submit(
    scope: Scope,
    data: bytes,
    name: str,
    association: str,
    dataset: str,
    *,
    sheet: str | None = None,
    dry_run: bool = False,
    keep_valid: bool = False,
    removals: Sequence[str] = (),
    matching: Mapping[str, str] | None = None,
    take_back: Collection[int] = (),
    period: str | None = None,
    seen: int | None = None,
    step: Callable[[str], object] = str,
) -> Outcome:
    """Treat a file handed in: all of it is stored, or nothing.

    ``keep_valid`` stores the valid rows although others are refused; ``dry_run`` only says
    what would happen. A line that touches a sent or accepted relevé is refused like any other
    wrong line. ``removals`` are the keys (``_key``) of rows to end. ``seen`` is the ``state_of``
    when the person looked; ``take_back`` are lines of the file to read as data although they look like
    notes or another table; ``step`` is told each stage of a long work. Raises UnknownName,
    FileRefused when the file as a whole is refused, Refused when a removal is impossible, Conflict
    when something changed after ``seen``, Forbidden when the data are not the actor's to change.
    A refused file is not kept.
    """
    access.check_change(scope.actor, association)
    desk = _desk(scope, association, dataset)
    part = SheetToStore(dataset, sheet, keep_valid, tuple(removals), matching, period)
    step("Lecture du fichier")
    former = scope.store.former_versions(association, desk.dataset)
    try:
        reading = read(data, name, desk.dataset, sheet=sheet, matching=matching, take_back=take_back)
    except FileRefused as refusal:
        raise of_old_file(refusal, desk.dataset, former, association) from refusal
    refuse_old_file(reading.headings, desk.dataset, former, association)
    step("Vérification des lignes")
    if dry_run:
        return _foreseen(desk, part, reading, Held(scope.store, scope.registry), step)
    with scope.writing() as writing:
        refuse_moved(seen, writing, association)
        return _saved(desk, part, reading, name, writing, step)


def submit_workbook(
    scope: Scope,
    data: bytes,
    name: str,
    association: str,
    parts: Sequence[SheetToStore],
    *,
    dry_run: bool = False,
    seen: int | None = None,
    step: Callable[[str], object] = str,
) -> tuple[Outcome, ...]:
    """Treat several sheets of one file at once: all of them are stored, as one revision, or nothing is.

    A table that others name comes before them, whatever the order of ``parts``; the outcomes are in
    the order of ``parts``. A sheet that is refused as a whole is an outcome with its ``refusal``, and
    stops the others, unless it only has headings where others have rows. Raises what ``submit`` raises, but
    FileRefused of one sheet.
    """
    access.check_change(scope.actor, association)
    _refuse_doubles(scope.registry, association, parts)
    desks = {part: _desk(scope, association, part.dataset) for part in parts}
    step("Lecture du fichier")
    readings = _read_parts(data, name, desks)
    step("Vérification des lignes")
    found = _refused(readings)
    ordered = [(desks[part], part, readings[part]) for part in _named_first(parts, desks)]
    if dry_run:
        known = Foreseen(scope.store, scope.registry)
        for desk, part, reading in ordered:
            if isinstance(reading, Reading):
                found[part] = _foreseen(desk, part, reading, known, step)
                known.add(desk, found[part].diff)
        return tuple(found[part] for part in parts)
    if any(one.refused for one in found.values()):
        return tuple(found.get(part, Outcome()) for part in parts)
    try:
        with scope.writing() as writing, writing.one_revision():
            refuse_moved(seen, writing, association)
            for desk, part, reading in ordered:
                if isinstance(reading, Reading):
                    found[part] = _saved(desk, part, reading, name, writing, step)
            if any(one.refused for one in found.values()):
                raise _Stopped
    except _Stopped:
        return tuple(replace(found[part], revision=None) for part in parts)
    return tuple(found[part] for part in parts)


def _refuse_doubles(registry: Registry, association: str, parts: Sequence[SheetToStore]) -> None:
    """Two sheets of one table: nobody could say which rows are absent."""
    codes = [part.dataset for part in parts]
    for code in dict.fromkeys(codes):
        if codes.count(code) > 1:
            sheets = [part.sheet for part in parts if part.dataset == code]
            raise Refused(told_doubles(sheets, registry.dataset(association, code).title))


def told_doubles(sheets: Sequence[str | None], title: str) -> str:
    """Why several sheets cannot fill one table, and what to do."""
    named = french.listing(f"« {one} »" for one in sheets)
    return french.typeset(
        f"Les onglets {named} iraient tous dans « {title} ». Copiez leurs lignes les unes sous les autres, "
        "sous les mêmes titres, dans un seul onglet et déposez ce classeur ; ou bien gardez-en un seul."
    )


class _Stopped(Exception):
    """One part is refused: the transaction of all of them is given up."""


def _read_parts(
    data: bytes, name: str, desks: Mapping[SheetToStore, JudgementScope]
) -> dict[SheetToStore, Reading | Outcome]:
    wanted = [SheetWanted(desk.dataset, part.sheet, part.matching, part.take_back) for part, desk in desks.items()]
    found = read_sheets(data, name, wanted)
    return {part: _of_today(desks[part], one) for part, one in zip(desks, found, strict=True)}


def _refused(readings: Mapping[SheetToStore, Reading | Outcome]) -> dict[SheetToStore, Outcome]:
    """The sheets that could not be read; one that only has headings stops nothing when another has rows."""
    found = {part: one for part, one in readings.items() if isinstance(one, Outcome)}
    some = len(found) < len(readings)
    return {part: replace(one, refused=False) if one.blank and some else one for part, one in found.items()}


def _of_today(desk: JudgementScope, found: Reading | FileRefused) -> Reading | Outcome:
    """What was read of a sheet, unless it is refused, or was made for an older version of its table."""
    former = desk.store.former_versions(desk.association, desk.dataset)
    if isinstance(found, FileRefused):
        return refused_whole(of_old_file(found, desk.dataset, former, desk.association))
    try:
        refuse_old_file(found.headings, desk.dataset, former, desk.association)
    except FileRefused as refusal:
        return refused_whole(refusal)
    return found


def _named_first(parts: Sequence[SheetToStore], desks: Mapping[SheetToStore, JudgementScope]) -> list[SheetToStore]:
    """The tables that others name before those that name them."""
    codes = {part.dataset for part in parts}

    def depth(code: str, seen: frozenset[str] = frozenset()) -> int:
        dataset = next(desk.dataset for desk in desks.values() if desk.dataset.code == code)
        named = {one.dataset for one in references_of(dataset)} & codes - seen - {code}
        return 1 + max((depth(one, seen | {code}) for one in named), default=0)

    return sorted(parts, key=lambda part: depth(part.dataset))


def _foreseen(
    desk: JudgementScope,
    part: SheetToStore,
    reading: Reading,
    known: Held,
    step: Callable[[str], object],
) -> Outcome:
    """What would become of one table."""
    near = near_file(desk, reading, known)
    judged = judge_file(desk, reading, near)
    step("Comparaison avec ce qui est enregistré")
    judged, diff = _compared(desk, judged, near)
    return foreseen(judged, reading, diff, part.removals, part.keep_valid)


def _compared(desk: JudgementScope, judged: JudgedRows, near: RowsNear) -> tuple[JudgedRows, Diff]:
    """What would change, the lines that a relevé holds left aside; of the rows that would stay, their keys alone."""
    current = near(desk.association, desk.dataset.code)
    missing = near.absent(_present(judged))
    diff = desk.store.compare(desk.association, desk.dataset.code, judged.storable, current=current, missing=missing)
    locks = holding.locks_for(desk, desk.store, near)
    return holding.stopped(desk, judged, diff, locks, near.every)  # what a row leaves is named by no file


def _saved(
    desk: JudgementScope,
    part: SheetToStore,
    reading: Reading,
    name: str,
    writing: Writing,
    step: Callable[[str], object],
) -> Outcome:
    """One table stored in the transaction, or refused."""
    near = near_file(desk, reading, Held(writing, desk.registry))
    locks = holding.locks_for(desk, writing, writing.rows)
    judged = holding.unheld(desk, judge_file(desk, reading, near), locks, writing)
    if stops(judged, part.keep_valid):
        return refusal(judged, reading)
    step("Enregistrement")
    _refuse_present(desk, part.removals, judged)
    holding.refuse_leaving(desk, part.removals, locks, writing.rows)
    _refuse_orphans(desk, part.removals, writing.rows)
    absent = 0 if judged.unnamed else near.absent(_present(judged)).height - len(part.removals)
    saved = writing.save(
        desk.association,
        desk.dataset,
        judged.storable,
        remove=part.removals,
        action=IMPORT,
        file=(reading.kept, name),
        period=part.period,
    )
    waiting.after_file(writing, desk.association, desk.dataset, reading, judged, name)
    return stored(saved, judged, reading, max(absent, 0))


def _present(judged: JudgedRows) -> pl.Series:
    """The keys of every row handed in, refused ones included."""
    return judged.valid[KEY] if judged.present is None else pl.concat([judged.valid[KEY], judged.present])


def _refuse_present(desk: JudgementScope, leaving: Sequence[str], judged: JudgedRows) -> None:
    """A row of the file is never removed because its line is to be corrected."""
    if not leaving:
        return
    if judged.unnamed:
        raise Refused(f"Rien n’est supprimé : {unjudged(judged.unnamed, desk.dataset)}")
    present = set(judged.valid[KEY] if judged.present is None else judged.present)
    there = sorted(present.intersection(leaving))
    if there:
        them = "la" if len(there) == 1 else "les"
        raise Refused(
            f"{french.count(len(there), 'ligne à supprimer est', 'lignes à supprimer sont')} dans le fichier, "
            f"à corriger : rien n’est supprimé. Corrigez-{them}, ou retirez-{them} d’abord du fichier."
        )


def save_rows(
    scope: Scope,
    association: str,
    dataset: str,
    rows: Sequence[Mapping[str, object]],
    *,
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
    access.check_change(scope.actor, association)
    desk = _desk(scope, association, dataset)
    judge = _typed_judge(desk, rows, removals)
    if dry_run:
        judged, diff = _compared(desk, *judge(Held(desk.store, desk.registry)))
        return foreseen(judged, None, diff, removals, False)
    with scope.writing() as writing:
        locks = holding.locks_for(desk, writing, writing.rows)
        judged = holding.unheld(desk, judge(Held(writing, desk.registry))[0], locks, writing)
        if judged.rejected:
            raise _rows_refused(desk, judged)
        stays = judged.valid[KEY].to_list()
        holding.refuse_leaving(desk, removals, locks, writing.rows)
        _refuse_orphans(desk, removals, writing.rows)
        with naming.in_words(scope.registry, desk.dataset):
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
        waiting.after_typing(writing, association, desk.dataset, [*stays, *removals])
    return stored(saved, judged, None)


def _typed_judge(
    desk: JudgementScope, rows: Sequence[Mapping[str, object]], removals: Sequence[str]
) -> Callable[[Held], tuple[JudgedRows, RowsNear]]:
    """What judges typed rows beside those that hold, and says which of these they may speak of."""
    frame = typed(desk.dataset, rows)
    given = {name for row in rows for name in row}
    errors, warnings = judge_typed(frame, desk.dataset)

    def judge(held: Held) -> tuple[JudgedRows, RowsNear]:
        near = RowsNear(desk, held, frame)
        return judge_rows(desk, frame, errors, warnings, errors.lines, near, given, removals), near

    return judge


def declare_nothing(scope: Scope, association: str, dataset: str, period: str) -> Outcome:
    """Record « rien à déclarer » for a quarter or a month: a declared zero.

    Raises UnknownName for a code or a period that does not exist, Refused for a period that
    has not begun, Forbidden when the data are not the actor's to change.
    """
    access.check_change(scope.actor, association)
    desk = _desk(scope, association, dataset)
    stretch = Period.parse(period)
    if stretch.start > scope.today:
        raise Refused(f"« {stretch.label} » n’a pas commencé : attendez pour dire qu’il n’y a rien.")
    with scope.writing() as writing:
        holding.refuse_declaring(holding.locks_for(desk, writing, writing.rows), stretch)
        saved = writing.declare_nothing(association, desk.dataset, stretch.code)
    return Outcome(saved.revision)


def undo(scope: Scope, revision: int) -> Outcome:
    """Undo one revision, every table that it changed, by a new one, without losing later ones.

    Raises Conflict, with the rows concerned, when a later revision changed them or rows that
    stay would name rows that leave; UnknownName when there is no such revision; Forbidden when
    the data are not the actor's to change.
    """
    schema_setup.prepare(scope.registry, scope.store, at=scope.now)
    made = scope.store.deposits_of(revision)
    association = made[0].association
    access.check_change(scope.actor, association)
    desks = [_desk(scope, association, one.dataset) for one in made]
    changes = [scope.store.changes(revision, one.dataset)[1] for one in made]
    with scope.writing() as writing:
        for done, desk, diff in zip(made, desks, changes, strict=True):
            locks = holding.locks_for(desk, writing, writing.rows)
            holding.refuse_undoing(desk, diff, locks, writing.rows)
            if done.declares_nothing and done.period:
                holding.refuse_declaring(locks, Period.parse(done.period))
        with naming.in_words(scope.registry, desks[0].dataset):
            saved = writing.undo(revision)
        datasets = scope.registry.datasets(association)
        judgement.refuse_lost(datasets, lambda code: writing.rows(association, code))
    return Outcome(saved.revision, saved.added, saved.changed, saved.unchanged, saved.removed, diff=saved.diff)


def typed(dataset: Dataset, rows: Sequence[Row]) -> pl.DataFrame:
    """Plain dictionaries as a frame of the dataset's columns and types, with ``_line`` from 1.

    Raises UnknownName for a name that is no column.
    """
    strange = next((name for row in rows for name in row if name not in dataset.by_name), None)
    if strange is not None:
        raise UnknownName(f"« {dataset.code} » n’a pas de colonne « {strange} » ; il a {', '.join(dataset.by_name)}.")
    schema = {column.name: column.kind.dtype for column in dataset.columns}
    cells = {name: [row.get(name) for row in rows] for name in schema}
    return pl.DataFrame(cells, schema=schema).with_row_index("_line", 1).cast({"_line": pl.Int64})


def _desk(scope: Scope, association: str, dataset: str) -> JudgementScope:
    declared = scope.registry.dataset(association, dataset)
    schema_setup.ensure(scope.registry, scope.store, association, dataset, at=scope.now)
    return JudgementScope(
        scope.registry, scope.store, scope.actor, scope.now, association=association, dataset=declared
    )


def _refuse_orphans(desk: JudgementScope, leaving: Sequence[str], rows: StoredRows) -> None:
    others = desk.registry.datasets(desk.association)
    judgement.refuse_orphans(desk.dataset, leaving, others, lambda code: rows(desk.association, code))


def _rows_refused(desk: JudgementScope, judged: JudgedRows) -> RowsRefused:
    count = french.count(judged.rejected, "ligne est à corriger", "lignes sont à corriger")
    said = f"« {desk.dataset.title} » : {count}, rien n’est enregistré. {sentence(judged.errors[0], desk.dataset)}"
    return RowsRefused(said, tuple(Together(judged.errors, judged.warnings)))
