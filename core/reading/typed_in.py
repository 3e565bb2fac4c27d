"""What somebody types into a form or a grid: the same reading and the same judgement as a file's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from core.domain import french
from core.domain.dataset import Column, Dataset, Problem, RowDict, Severity
from core.reading import personal
from core.reading.csv_files import UNIFORM
from core.reading.judging import judged, type_rows
from core.reading.problems import Findings


@dataclass(frozen=True, slots=True)
class TypedIn:
    """Rows as typed: every column of the dataset, None where blank or not understood.

    ``problems`` count the rows from 1; they hold the errors only, those of each cell and of each row.
    """

    rows: tuple[RowDict, ...]
    problems: tuple[Problem, ...]


def typed_in(dataset: Dataset, rows: Sequence[Mapping[str, str | None]]) -> TypedIn:
    """Read rows of texts: « 24 500 € », « oui », « 14/10/2021 » are understood as in a file."""
    if not rows:
        return TypedIn((), ())
    names = list(dataset.by_name)
    cells = {name: [bare(row.get(name)) for row in rows] for name in names}
    texts = pl.DataFrame(cells, schema=dict.fromkeys(names, pl.String)).with_row_index("_line", 1)
    typed = type_rows(texts.cast({"_line": pl.Int64}), dataset)
    errors = [part for part, severity in judged(typed.frame, dataset, typed.unread) if severity is Severity.ERROR]
    problems = [*_personal(dataset, texts), *Findings([*typed.problems, *errors])]
    return TypedIn(tuple(typed.frame.drop("_line").to_dicts()), tuple(problems))


def by_column(problems: Sequence[Problem]) -> dict[str, str]:
    """For each column, the first thing wrong with it, as a sentence to stand beside its field."""
    said: dict[str, str] = {}
    for one in problems:
        if one.stops and one.column:
            said.setdefault(one.column, french.typeset(_beside(one)))
    return said


def _beside(one: Problem) -> str:
    """An empty field has its help beside it already: nothing is said of lines to remove, nor of codes to write."""
    if one.code == "obligatoire":
        return "Remplissez ce champ : il est obligatoire."
    return f"{french.sentence(one.expected)} {one.remedy}".strip()


def bare(text: str | None) -> str | None:
    """The text as it is kept: ordinary spaces, none at its ends; None when nothing is left."""
    return (text.translate(UNIFORM).strip() or None) if text else None


def _personal(dataset: Dataset, texts: pl.DataFrame) -> list[Problem]:
    found = []
    for column in dataset.columns:
        for line, text in texts.select("_line", column.name).drop_nulls().iter_rows():
            if what := personal.looks_personal(text, column):
                found.append(_refused(line, column, what))
    return found


def _refused(line: int, column: Column, what: str) -> Problem:
    """The text itself is never repeated."""
    return Problem(
        line,
        column.name,
        "",
        french.typeset(f"Nous lisons {what}."),
        "Les données ne contiennent ni nom, ni téléphone, ni adresse d’une personne : effacez-le.",
        Severity.ERROR,
        "donnee_personnelle",
    )
