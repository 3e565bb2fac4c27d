"""Every judgement on rows before they are stored: their place, what they name, what is known elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import polars as pl

from core.domain.dataset import Dataset
from core.domain.experiment import METROPOLE
from core.domain.problem import Problem
from core.registry import Registry
from core.services import references
from core.services.belonging import Belonging, grants_of
from core.services.cross_checks import DEPENDS_ON, as_problems, findings, frames_for, thresholds
from core.services.keys import with_key
from core.services.reading import Reading
from core.storage import Store

Rows = Callable[[str, str], pl.DataFrame]
"""The rows that hold now, by association and dataset code."""


@dataclass(frozen=True)
class Judged:
    """Rows after every judgement: those that may be stored, and everything said of them."""

    valid: pl.DataFrame
    problems: tuple[Problem, ...]
    rejected: int

    @property
    def storable(self) -> pl.DataFrame:
        """The valid rows, without their line numbers."""
        return self.valid.drop("_line")


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a deposit is treated: what everybody along the way needs to know."""

    registry: Registry
    store: Store
    association: str
    dataset: Dataset


def judge_file(desk: Desk, reading: Reading, rows: Rows, given: set[str]) -> Judged:
    """Judge what was read of a file; ``given`` are the columns that it has, ``rows`` gives what holds now."""
    judged = judge_rows(
        desk, reading.rows, [*reading.errors, *reading.warnings], rows, given, frozenset(reading.refused_lines)
    )
    # Lines of which no cell could be typed are not among the rows, and are refused all the same.
    return replace(judged, rejected=len(_refused_lines(judged.problems) | set(reading.refused_lines)))


def judge_rows(
    desk: Desk,
    frame: pl.DataFrame,
    said: Sequence[Problem],
    rows: Rows,
    given: set[str],
    refused: frozenset[int] = frozenset(),
) -> Judged:
    """Judge typed rows with their ``_line``; ``said`` and ``refused`` are earlier problems and lines."""
    keyed = with_key(frame, desk.dataset)
    whole = _completed(desk, keyed, rows, given)
    grants = grants_of(rows(METROPOLE, "autorisations"), desk.association, desk.dataset.code)
    placed, found = Belonging(desk.registry, desk.association, desk.dataset, grants).apply(whole)
    found += references.missing(desk.dataset, placed, lambda code: rows(desk.association, code))
    problems = [*said, *found]
    stopped = {*refused, *_refused_lines(problems)}
    valid = placed.filter(~pl.col("_line").is_in(list(stopped))) if stopped else placed
    problems += _twice(desk.dataset, valid)
    stopped |= _refused_lines(problems)
    valid = valid.filter(~pl.col("_line").is_in(list(stopped))) if stopped else valid
    problems += _across(desk, valid, rows)
    ordered = sorted(problems, key=lambda one: (not one.stops, one.line or 0))
    return Judged(valid, tuple(ordered), len(stopped))


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


def _twice(dataset: Dataset, rows: pl.DataFrame) -> list[Problem]:
    """Rows of one file that bear the same key."""
    doubled = rows.filter(pl.col("_key").is_duplicated()).sort("_line")
    first: dict[str, int] = {}
    problems = []
    for line, key in doubled.select("_line", "_key").iter_rows():
        other = first.setdefault(key, line)
        if other != line:
            problems.append(
                Problem(
                    line, dataset.key[0], key.replace("|", " + "), f"une seule ligne par {' + '.join(dataset.key)}",
                    f"La ligne {other} porte déjà cette clé : corrigez l’une, ou réunissez les deux.",
                    code="cle_en_double",
                )
            )  # fmt: skip
    return problems


def _across(desk: Desk, valid: pl.DataFrame, rows: Rows) -> list[Problem]:
    """The warnings that look beyond the file, on the rows as they would hold once stored."""
    code = desk.dataset.code
    if code not in DEPENDS_ON or valid.is_empty() or desk.association == METROPOLE:
        return []
    frames = frames_for(desk.registry, code, rows)
    held = frames.get((desk.association, code))
    if held is None:
        return []
    kept = held.join(valid.select("_key"), on="_key", how="anti")
    columns = [name for name in held.columns if name in valid.columns]
    frames[desk.association, code] = pl.concat([kept.select(columns), valid.select(columns)])
    found = findings(desk.registry, frames, thresholds(rows), only=desk.association)
    mine = [one for one in found if one.association in (None, desk.association)]
    return as_problems(mine, valid)


def _refused_lines(problems: Iterable[Problem]) -> set[int]:
    return {one.line for one in problems if one.stops and one.line is not None}
