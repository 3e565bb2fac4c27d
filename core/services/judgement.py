"""Every judgement on rows before they are stored: their place, what they name, what is known elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import polars as pl

from core.domain.dataset import Dataset
from core.domain.experiment import METROPOLE
from core.domain.problem import Problem
from core.registry import Registry
from core.services import annex, references
from core.services.belonging import Belonging, grants_of
from core.services.cross_checks import DEPENDS_ON, as_problems, findings, frames_for, keys, thresholds
from core.services.keys import with_key
from core.services.reading import Findings, Reading, judge
from core.storage import Store

Rows = Callable[[str, str], pl.DataFrame]
"""The rows that hold now, by association and dataset code."""
_NO_LINE = pl.Series("_line", [], dtype=pl.Int64)


class Together(Sequence[Problem]):
    """Several sequences of problems as one, without writing the problems that nobody looks at."""

    def __init__(self, *parts: Sequence[Problem]) -> None:
        self._parts = parts

    def __len__(self) -> int:
        """How many there are."""
        return sum(len(part) for part in self._parts)

    def __iter__(self) -> Iterator[Problem]:
        """Each of them, part after part."""
        return (one for part in self._parts for one in part)

    def __getitem__(self, index: Any) -> Any:
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
class Judged:
    """Rows after every judgement: those that may be stored, and everything said of all of them."""

    valid: pl.DataFrame
    errors: Sequence[Problem]
    warnings: Sequence[Problem]
    rejected: int

    @property
    def storable(self) -> pl.DataFrame:
        """The valid rows, without their line numbers."""
        return self.valid.drop("_line")

    @property
    def whole_refused(self) -> bool:
        """Whether an error concerns the file and not one of its lines."""
        return len(self.errors) > 0 and self.errors[0].line is None


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a deposit is treated: what everybody along the way needs to know."""

    registry: Registry
    store: Store
    association: str
    dataset: Dataset


def judge_file(desk: Desk, reading: Reading, rows: Rows) -> Judged:
    """Judge what was read of a file; ``rows`` gives what holds now."""
    given = set(reading.headings.values())
    return judge_rows(desk, reading.rows, reading.errors, reading.warnings, reading.refused_lines, rows, given)


def judge_rows(
    desk: Desk,
    frame: pl.DataFrame,
    errors: Sequence[Problem],
    warnings: Sequence[Problem],
    refused: pl.Series,
    rows: Rows,
    given: set[str],
) -> Judged:
    """Judge typed rows with their ``_line``, after ``errors`` and ``warnings`` were found in the rows themselves.

    ``given`` are the columns that were handed in; the others keep what holds, and rules that
    read them are judged on the row as it would hold.
    """
    rows = cache(rows)  # nothing is stored meanwhile, and a table may be long
    whole = _completed(desk, with_key(frame, desk.dataset), rows, given)
    errors, warnings, refused = _judged_again(desk.dataset, whole, given, errors, warnings, refused)
    grants = grants_of(rows(METROPOLE, "autorisations"), desk.association, desk.dataset.code)
    placed, parts = Belonging(desk.registry, desk.association, desk.dataset, grants).apply(whole)
    parts += references.missing(desk.dataset, placed, lambda code: rows(desk.association, code))
    found: Findings[Problem] = Findings(parts)
    stopped = pl.concat([_NO_LINE, refused.rename("_line").cast(pl.Int64), found.lines.rename("_line")]).unique()
    valid = placed.filter(~pl.col("_line").is_in(stopped.implode())) if len(stopped) else placed
    across = _across(desk, valid, rows)
    return Judged(valid, Together(errors, found), Together(warnings, across), len(stopped))


def _completed(desk: Desk, keyed: pl.DataFrame, rows: Rows, given: set[str]) -> pl.DataFrame:
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


def _across(desk: Desk, valid: pl.DataFrame, rows: Rows) -> list[Problem]:
    """The warnings that look beyond the file, on the rows as they would hold once stored."""
    code = desk.dataset.code
    if valid.is_empty():
        return []
    if desk.association == METROPOLE:
        return as_problems(keys(_stored(rows(METROPOLE, code), valid)), valid) if code == "cles" else []
    if code not in DEPENDS_ON:
        return []
    frames = frames_for(desk.registry, code, rows)
    held = frames.get((desk.association, code))
    if held is None:
        return []
    frames[desk.association, code] = _stored(held, valid)
    found = findings(desk.registry, frames, thresholds(rows), only=desk.association)
    mine = [one for one in found if one.association in (None, desk.association)]
    if code == annex.MACHINES:
        mine += annex.differences(desk.dataset, desk.association, valid, rows(METROPOLE, annex.ANNEX))
    return as_problems(mine, valid)


def _stored(held: pl.DataFrame, valid: pl.DataFrame) -> pl.DataFrame:
    """The rows of the dataset once ``valid`` is stored over those that hold."""
    kept = held.join(valid.select("_key"), on="_key", how="anti")
    columns = [name for name in held.columns if name in valid.columns]
    return pl.concat([kept.select(columns), valid.select(columns)])
