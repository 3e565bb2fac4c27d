"""Problems and repairs by the thousand: kept as columns, grouped by cause, written for people."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar, overload

import polars as pl

from core.domain import french
from core.domain.dataset import Dataset, Problem, Repair, Severity

Item = TypeVar("Item", Problem, Repair)


@dataclass(frozen=True, slots=True)
class ProblemBatch(Generic[Item]):
    """Complaints of one cause or column: their lines, and how to write the n-th of them."""

    lines: pl.Series
    rank: int
    make: Callable[[int], Item]


class Findings(Sequence[Item], Generic[Item]):
    """A sequence in the order of the file (whole-file items first), written lazily."""

    def __init__(self, parts: Iterable[ProblemBatch[Item]]) -> None:
        self._parts: list[ProblemBatch[Item]] = [part for part in parts if len(part.lines)]

    def __len__(self) -> int:
        """How many there are, without writing any."""
        return sum(len(part.lines) for part in self._parts)

    def __iter__(self) -> Iterator[Item]:
        """Each of them, in order."""
        return (self._parts[part].make(place) for part, place in self._order.iter_rows())

    @overload
    def __getitem__(self, index: int) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> list[Item]: ...
    def __getitem__(self, index: int | slice) -> Item | list[Item]:
        """One, or a stretch of them."""
        if isinstance(index, slice):
            return [self._parts[part].make(place) for part, place in self._order[index].iter_rows()]
        part, place = self._order.row(range(len(self))[index])
        return self._parts[part].make(place)

    def __eq__(self, other: object) -> bool:
        """Equal to any sequence of the same items."""
        if not isinstance(other, Sequence) or len(self) != len(other):
            return False
        return all(mine == theirs for mine, theirs in zip(self, other, strict=True))

    def __repr__(self) -> str:
        """The first ones, for a failing test."""
        return f"<{len(self)}: {self[:5]!r}…>"

    @property
    def lines(self) -> pl.Series:
        """The lines concerned, each once, in order."""
        empty = pl.Series([], dtype=pl.Int64)
        return pl.concat([empty, *(part.lines.cast(pl.Int64) for part in self._parts)]).drop_nulls().unique().sort()

    @cached_property
    def _order(self) -> pl.DataFrame:
        frames = [
            pl.DataFrame({"line": part.lines.cast(pl.Int64)})
            .with_row_index("place")
            .with_columns(pl.lit(number).alias("part"), pl.lit(part.rank).alias("rank"))
            for number, part in enumerate(self._parts)
        ]
        if not frames:
            return pl.DataFrame(schema={"part": pl.Int32, "place": pl.UInt32})
        whole = pl.concat(frames).sort(["line", "rank", "part", "place"], nulls_last=False)
        return whole.select("part", "place")


def elsewhere(part: ProblemBatch[Item], lines: Collection[int]) -> ProblemBatch[Item]:
    """The same part, without what it says of some lines."""
    left = (~part.lines.is_in(list(lines))).fill_null(True).arg_true()
    return ProblemBatch(part.lines[left], part.rank, lambda place: part.make(left[place]))


def fixed(items: Iterable[Item], rank: int = -1) -> ProblemBatch[Item]:
    """A part made of items already written."""
    listed = list(items)
    return ProblemBatch(pl.Series([item.line for item in listed], dtype=pl.Int64), rank, listed.__getitem__)


# --- Problems as sentences, one by one and grouped by cause ----------------------------------------


_SHOWN_LINES = 5
_ASKED = "Attendu : "


@dataclass(frozen=True, slots=True)
class Cause:
    """Problems of one cause: how many lines, which first ones, one sentence."""

    code: str
    column: str | None
    severity: Severity
    count: int
    lines: tuple[int, ...]
    sentence: str


def problem_heading(column: str, dataset: Dataset | None = None) -> str:
    """The name of a column inside a sentence: « date de remise »."""
    known = dataset.by_name.get(column) if dataset else None
    title = known.title if known else column.replace("_", " ")
    return title[:1].lower() + title[1:] if title[1:2].islower() else title


def sentence(problem: Problem, dataset: Dataset | None = None) -> str:
    """« Ligne 14, colonne « date de remise » : nous lisons « 31/02/2022 ». Ce jour n’existe pas. … »."""
    where = []
    if problem.line is not None:
        where.append(f"Ligne {problem.line}")
    if problem.column:
        word = "colonne" if where else "Colonne"
        where.append(f"{word} « {problem_heading(problem.column, dataset)} »")
    read = f"nous lisons « {problem.found} »." if problem.found else ""
    if where and not read and (asked(problem).startswith(_ASKED) or problem.code == "obligatoire"):
        read = "la cellule est vide."
    start = " : ".join(part for part in (", ".join(where), read) if part) if where else french.capital(read)
    colon = " :" if start and not read else ""
    parts = [f"{start}{colon}", asked(problem), problem.remedy]
    return french.typeset(" ".join(part for part in parts if part))


def asked(problem: Problem) -> str:
    """What was expected, as a sentence."""
    return expectation(problem.expected)


def expectation(expected: str) -> str:
    """The same from its words: rules may give a few (« 300 € au plus ») or a whole sentence."""
    words = expected.strip()
    if not words or words.endswith((".", "!", "?", "…")):
        return words
    return f"{_ASKED}{words}."


def repair_sentence(repair: Repair, dataset: Dataset | None = None) -> str:
    """« Ligne 14, colonne « lieu » : « Port de Bouc » a été compris « Port-de-Bouc ». »."""
    column = f", colonne « {problem_heading(repair.column, dataset)} »"
    return french.typeset(f"Ligne {repair.line}{column} : « {repair.found} » a été compris « {repair.understood} ».")


def grouped(problems: Iterable[Problem], dataset: Dataset | None = None) -> list[Cause]:
    """Causes, the errors before the warnings, the most frequent first."""
    groups: dict[tuple[str, str | None, Severity, str], list[Problem]] = {}
    for problem in problems:
        key = (problem.code, problem.column, problem.severity, problem.expected)
        groups.setdefault(key, []).append(problem)
    causes = [_cause(members, dataset) for members in groups.values()]
    return sorted(causes, key=lambda cause: (cause.severity is Severity.WARNING, -cause.count))


def _cause(members: list[Problem], dataset: Dataset | None) -> Cause:
    first = members[0]
    lines = tuple(dict.fromkeys(p.line for p in members if p.line is not None))
    return Cause(
        first.code, first.column, first.severity, len(members), lines[:_SHOWN_LINES], _summary(members, lines, dataset)
    )


def _summary(members: list[Problem], lines: tuple[int, ...], dataset: Dataset | None) -> str:
    first = members[0]
    if len(members) == 1:
        return sentence(first, dataset)
    where = f", colonne « {problem_heading(first.column, dataset)} »" if first.column else ""
    shown = french.listing(str(line) for line in lines[:_SHOWN_LINES])
    which = "ligne" if len(lines) == 1 else "lignes" if len(lines) <= _SHOWN_LINES else "d’abord lignes"
    more = f" ({which} {shown})" if lines else ""
    remedy = first.remedy if all(p.remedy == first.remedy for p in members) else ""
    count = french.count(len(members), "ligne")
    return french.typeset(f"{count}{where}{more} : {asked(first)} {remedy}".rstrip())
