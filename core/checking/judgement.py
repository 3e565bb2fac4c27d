"""Rows of one association judged beyond their cells: rules, references to other tables, checks over all of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar, overload

import polars as pl

from core.catalogue.keys import KEY, with_key
from core.checking import cross_checks, reference_table_checks
from core.checking.belonging import ExperimentAssigner, grants_of
from core.checking.cross_checks import DEPENDS_ON, as_problems, findings, frames_for, thresholds
from core.checking.near import Held, JudgementScope, RowsNear, StoredRows, of, replaced
from core.checking.plausible import one_writing, own_writing, plausible
from core.contract import Registry
from core.domain import french
from core.domain.dataset import Dataset, Problem, Reference, Repair
from core.domain.programme import METROPOLE
from core.errors import Conflict, Refused
from core.reading import Reading, judge
from core.reading.problems import Findings, ProblemBatch

_RANK = 900  # after what is said of the cells themselves

DatasetRows = Callable[[str], pl.DataFrame]
"""The current rows of a dataset of the association, by its code, with ``_key``."""


def missing(
    dataset: Dataset, rows: pl.DataFrame, current: DatasetRows, title: Callable[[str], str] = str
) -> list[ProblemBatch[Problem]]:
    """The rows (with ``_line``) that name something which is neither stored nor in the file itself.

    ``title`` gives the name that people read of a dataset.
    """
    parts = []
    for reference in of(dataset):
        named = rows.filter(pl.col(reference.column).is_not_null()).select("_line", reference.column)
        known = current(reference.dataset)["_key"]
        if reference.dataset == dataset.code:
            known = pl.concat([known, rows["_key"]])
        lost = named.filter(~pl.col(reference.column).cast(pl.String).is_in(known.implode()))
        if not lost.is_empty():
            parts.append(
                ProblemBatch(lost["_line"], _RANK, partial(_problem, reference, title(reference.dataset), lost))
            )
    return parts


def refuse_orphans(dataset: Dataset, leaving: Iterable[str], others: Iterable[Dataset], current: DatasetRows) -> None:
    """Raise Refused when a row of ``others`` names one of the keys that would leave ``dataset``."""
    keys = list(leaving)
    if not keys:
        return
    for other in others:
        for reference in of(other):
            if reference.dataset != dataset.code:
                continue
            needing = current(other.code).filter(pl.col(reference.column).is_in(keys))
            if not needing.is_empty():
                raise Refused(
                    french.typeset(
                        f"« {needing[reference.column][0]} » ne peut pas être supprimé : "
                        f"{french.count(needing.height, 'ligne')} de « {other.title} » en parlent encore."
                    )
                )


def refuse_lost(datasets: Iterable[Dataset], current: DatasetRows) -> None:
    """Raise Conflict when current rows name rows that no longer hold (after an undo)."""
    for dataset in datasets:
        if not of(dataset):
            continue
        for one in Findings(missing(dataset, current(dataset.code).with_row_index("_line", 1), current)):
            raise Conflict(
                french.typeset(
                    f"« {one.found} » ne peut pas disparaître : des lignes de « {dataset.title} » en parlent encore. "
                    "Annulez d’abord le dépôt qui les a apportées."
                )
            )


def _problem(reference: Reference, title: str, lost: pl.DataFrame, place: int) -> Problem:
    line, value = lost.row(place)
    return Problem(
        line,
        reference.column,
        str(value),
        french.typeset(f"« {title} » n’a pas de ligne de ce nom."),
        french.typeset(f"Corrigez « {value} », ou déposez d’abord « {title} » avec cette ligne."),
        code="reference_inconnue",
    )


# --- Every judgement on rows before they are stored: their place, what they name, what is known elsewhere ----


_NO_LINE = pl.Series("_line", [], dtype=pl.Int64)


Item = TypeVar("Item")


class Together(Sequence[Item]):
    """Several sequences of problems, or of repairs, as one, without writing those that nobody looks at."""

    def __init__(self, *parts: Sequence[Item]) -> None:
        self._parts = parts

    def __len__(self) -> int:
        """How many there are."""
        return sum(len(part) for part in self._parts)

    def __iter__(self) -> Iterator[Item]:
        """Each of them, part after part."""
        return (one for part in self._parts for one in part)

    @overload
    def __getitem__(self, index: int) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> list[Item]: ...
    def __getitem__(self, index: int | slice) -> Item | list[Item]:
        """One, or a stretch of them."""
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        place = range(len(self))[index]
        for part in self._parts:
            if place < len(part):
                return part[place]
            place -= len(part)
        raise IndexError(index)


@dataclass(frozen=True)
class JudgedRows:
    """Rows after every judgement: those that may be stored, and everything said of all of them.

    ``repairs`` are the keys that took the writing already stored. ``present`` are the keys of every row
    handed in, refused ones included (None: of the valid ones only); ``unnamed`` the lines whose key
    cannot be read: with such a line, nobody can tell which rows are absent.
    """

    valid: pl.DataFrame
    errors: Sequence[Problem]
    warnings: Sequence[Problem]
    rejected: int
    repairs: Sequence[Repair] = ()
    present: pl.Series | None = None
    unnamed: tuple[int, ...] = ()

    @property
    def storable(self) -> pl.DataFrame:
        """The valid rows, without their line numbers."""
        return self.valid.drop("_line")

    @property
    def whole_refused(self) -> bool:
        """Whether an error concerns the file and not one of its lines."""
        return len(self.errors) > 0 and self.errors[0].line is None


def judge_file(desk: JudgementScope, reading: Reading, near: RowsNear) -> JudgedRows:
    """Judge what was read of a file; ``near`` gives what holds now (see ``near_file``)."""
    given = set(reading.headings.values())
    judged = judge_rows(desk, reading.rows, reading.errors, reading.warnings, reading.refused_lines, near, given)
    if reading.named is None:
        return judged
    if not reading.unnamed and reading.named.height == judged.valid.height:
        return replace(judged, present=judged.valid[KEY])  # no row of the file is refused, nor left aside
    named = own_writing(desk.dataset, reading.named, near(desk.association, desk.dataset.code))
    return replace(judged, present=with_key(named, desk.dataset)[KEY], unnamed=reading.unnamed)


def near_file(desk: JudgementScope, reading: Reading, held: Held) -> RowsNear:
    """The rows that hold and that a file may speak of, those that it gives of refused lines included."""
    return RowsNear(desk, held, reading.rows, *(() if reading.named is None else (reading.named,)))


def judge_rows(
    desk: JudgementScope,
    frame: pl.DataFrame,
    errors: Sequence[Problem],
    warnings: Sequence[Problem],
    refused: pl.Series,
    rows: RowsNear,
    given: set[str],
    leaving: Collection[str] = (),
) -> JudgedRows:
    """Judge typed rows with their ``_line``, after ``errors`` and ``warnings`` were found in the rows themselves.

    ``given`` are the columns that were handed in; the others keep what holds, and rules that
    read them are judged on the row as it would hold. ``leaving`` are the keys of rows that this
    same change ends: their writing is given up with them.
    """
    same = one_writing(desk.registry, desk.association, desk.dataset, frame, _staying(desk, rows, leaving))
    frame = same.rows
    whole = _completed(desk, with_key(frame, desk.dataset), rows, given)
    errors, warnings, refused = _judged_again(desk.dataset, whole, given, errors, warnings, refused)
    grants = grants_of(rows(METROPOLE, "autorisations"), desk.association, desk.dataset.code)
    placed, parts = ExperimentAssigner(desk.registry, desk.association, desk.dataset, grants).apply(whole)
    parts += missing(
        desk.dataset,
        placed,
        lambda code: rows(desk.association, code),
        lambda code: desk.registry.dataset(desk.association, code).title,
    )
    if desk.association == METROPOLE:
        parts += reference_table_checks.refused(desk.registry, desk.dataset, placed, rows, today=desk.today)
    found: Findings[Problem] = Findings(parts)
    stopped = pl.concat([_NO_LINE, refused.rename("_line").cast(pl.Int64), found.lines.rename("_line")]).unique()
    valid = placed.filter(~pl.col("_line").is_in(stopped.implode())) if len(stopped) else placed
    across = _across(desk, valid, rows)
    odd = Together(
        Findings(same.doubts), plausible(desk.registry, desk.association, desk.dataset, valid, rows, desk.today), across
    )
    return JudgedRows(valid, Together(errors, found), Together(warnings, odd), len(stopped), Findings(same.repairs))


def _staying(desk: JudgementScope, rows: StoredRows, leaving: Collection[str]) -> StoredRows:
    """The rows that hold, but for those that leave."""
    if not leaving:
        return rows

    def staying(association: str, code: str) -> pl.DataFrame:
        held = rows(association, code)
        mine = (association, code) == (desk.association, desk.dataset.code)
        return held.filter(~pl.col("_key").is_in(list(leaving))) if mine else held

    return staying


def _completed(desk: JudgementScope, keyed: pl.DataFrame, rows: StoredRows, given: set[str]) -> pl.DataFrame:
    """``keyed``, the columns that nobody gave taken from the rows that hold."""
    absent = [name for name in desk.dataset.by_name if name not in given]
    if not absent:
        return keyed
    current = rows(desk.association, desk.dataset.code)
    if current.is_empty():
        return keyed
    held = current.select("_key", *absent)
    return keyed.drop(absent).join(held, on="_key", how="left", maintain_order="left").select(keyed.columns)


def _judged_again(
    dataset: Dataset,
    whole: pl.DataFrame,
    given: set[str],
    errors: Sequence[Problem],
    warnings: Sequence[Problem],
    refused: pl.Series,
) -> tuple[Sequence[Problem], Sequence[Problem], pl.Series]:
    """Errors, warnings and refused lines once the rules also read what holds in the columns nobody gave."""
    rules = {rule.code: rule.columns for rule in dataset.rules if not given.issuperset(rule.columns)}
    absent = list({name for columns in rules.values() for name in columns} - given)
    held = whole.filter(pl.any_horizontal(pl.col(absent).is_not_null())) if absent else whole.clear()
    if held.is_empty():
        return errors, warnings, refused
    lines = set(held["_line"])

    def merged(before: Sequence[Problem], after: Sequence[Problem]) -> list[Problem]:
        kept = [one for one in before if one.code not in rules or one.line not in lines]
        return kept + [one for one in after if one.code in rules]

    stops, warns = judge(held, dataset)
    stopping = merged(errors, stops)
    stopped = pl.Series("_line", sorted({one.line for one in stopping if one.line is not None}), dtype=pl.Int64)
    return stopping, merged(warnings, warns), stopped


def _across(desk: JudgementScope, valid: pl.DataFrame, rows: RowsNear) -> list[Problem]:
    """The warnings that look beyond the file, on the rows as they would hold once stored."""
    code = desk.dataset.code
    if valid.is_empty():
        return []
    if desk.association == METROPOLE:
        return as_problems(reference_table_checks.warnings(partial(_reference_table, rows, code, valid), code), valid)
    if code not in DEPENDS_ON:
        return []
    of_machines = code == cross_checks.MACHINES
    # The months of a building are looked at together, those that the file does not name as well.
    frames = frames_for(
        desk.registry, code, rows if of_machines else rows.every, only=None if of_machines else desk.association
    )
    held = frames.get((desk.association, code))
    if held is None:
        return []
    frames[desk.association, code] = replaced(held, valid)
    arrived = _arrived(desk, valid, rows) if of_machines else None
    found = findings(desk.registry, frames, thresholds(rows), only=desk.association, arrived=arrived)
    mine = [one for one in found if one.association in (None, desk.association)]
    if of_machines:
        mine += cross_checks.differences(desk.dataset, desk.association, valid, rows(METROPOLE, cross_checks.ANNEX))
    return as_problems(mine, valid)


def _arrived(desk: JudgementScope, valid: pl.DataFrame, rows: RowsNear) -> pl.DataFrame:
    """The machines of the Métropole that would have arrived, over all associations."""
    holders = [one.code for one in desk.registry.associations if _has_machines(desk.registry, one.code)]
    others = rows.ceded(one for one in holders if one != desk.association)
    mine = rows.ceded([desk.association]).join(valid.select(KEY), on=KEY, how="anti")
    return pl.concat([others, mine, cross_checks.arrived_of(valid)])


def _has_machines(registry: Registry, association: str) -> bool:
    return any(one.code == cross_checks.MACHINES for one in registry.datasets(association))


def _reference_table(rows: StoredRows, given: str, valid: pl.DataFrame, code: str) -> pl.DataFrame:
    """A reference table of the project lead, ``valid`` stored over it when it is the one ``given``."""
    held = rows(METROPOLE, code)
    return replaced(held, valid) if code == given else held
