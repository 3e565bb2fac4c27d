"""What was refused of a file: the rows to correct as a spreadsheet, and the list of every problem.

The spreadsheet is the template of the table, filled with the person's own cells as she wrote them;
its last column says what to correct, and is ignored when the file comes back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import polars as pl

from core.checking.outcome import Outcome
from core.contract import Registry
from core.domain import french
from core.domain.dataset import Dataset, Problem
from core.exports.csv import french_csv
from core.exports.description import DatasetDescription
from core.exports.template import workbook
from core.exports.template_cells import Styles, TemplateCells
from core.reading import problem_heading, sentence
from core.reading.problems import asked
from core.reading.template_sheets import REASONS

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

PROBLEM_HEADINGS = ("Ligne", "Colonne", "Nous lisons", "Ce qui est attendu", "Que faire", "Effet")
_REASONS_WIDTH = 70
_LONGEST_CELL = 32_000  # what a spreadsheet holds in one cell, with a margin


def rejected_rows(registry: Registry, association: str, dataset: str, outcome: Outcome, *, created: datetime) -> bytes:
    """The refused rows of a file as an XLSX ready to correct and to hand in again.

    Every refused row is there, with the cells of the columns that were read, as written. Raises
    UnknownName for a table that does not exist.
    """
    about = DatasetDescription.of(registry, association, dataset)
    reasons = _reasons(outcome.errors, about.dataset)
    rows = _rows(outcome, reasons)
    wrong = _wrong_cells(outcome.errors)

    def below(sheet: Worksheet, styles: Styles) -> None:
        _write(sheet, styles, about.dataset, rows, reasons, wrong)

    return workbook(about, created=created, below=below)


def rejects_name(name: str) -> str:
    """« releve-T4-a-corriger.xlsx » for « releve-T4.ods »."""
    return f"{name.rpartition('.')[0] or name}-a-corriger.xlsx"


def problem_list(outcome: Outcome, dataset: Dataset) -> bytes:
    """Every problem of a file, errors and warnings, as a CSV: none is left out, however many."""
    return french_csv(PROBLEM_HEADINGS, (_problem_cells(one, dataset) for one in outcome.problems))


def _problem_cells(problem: Problem, dataset: Dataset) -> tuple[object, ...]:
    column = problem_heading(problem.column, dataset) if problem.column else ""
    effect = "ligne à corriger" if problem.stops else "avertissement"
    return problem.line, column, problem.found, french.typeset(asked(problem)), problem.remedy, effect


def _reasons(errors: Iterable[Problem], dataset: Dataset) -> dict[int, str]:
    """What to correct, by line of the file. The cell stands on the same row: it is not repeated."""
    found: dict[int, list[str]] = {}
    for one in errors:
        if one.line is not None:
            found.setdefault(one.line, []).append(_reason(one, dataset))
    return {line: french.typeset(f"Ligne {line} de votre fichier. {' '.join(said)}") for line, said in found.items()}


def _reason(problem: Problem, dataset: Dataset) -> str:
    said = " ".join(part for part in (asked(problem), problem.remedy) if part)
    if not problem.column:
        return said or sentence(replace(problem, line=None), dataset)
    return f"« {problem_heading(problem.column, dataset)} » : {said}"


def _wrong_cells(errors: Iterable[Problem]) -> set[tuple[int, str]]:
    return {(one.line, one.column) for one in errors if one.line is not None and one.column}


def _rows(outcome: Outcome, reasons: Mapping[int, str]) -> pl.DataFrame:
    """The refused rows as written, in the order of the file."""
    reading = outcome.reading
    if reading is None or reading.texts is None:
        return pl.DataFrame(schema={"_line": pl.Int64})
    lines = pl.Series("_line", list(reasons), dtype=pl.Int64)
    return reading.texts.filter(pl.col("_line").is_in(lines.implode()))


def _write(
    sheet: Worksheet,
    styles: Styles,
    dataset: Dataset,
    rows: pl.DataFrame,
    reasons: Mapping[int, str],
    wrong: set[tuple[int, str]],
) -> None:
    last = len(dataset.columns)
    sheet.set_column(last, last, _REASONS_WIDTH, styles.text)
    sheet.write_string(0, last, REASONS, styles.required)
    columns = [(place, c, styles.cells(c), styles.wrong(c)) for place, c in enumerate(dataset.columns)]
    for row, cells in enumerate(rows.iter_rows(named=True), start=TemplateCells.FIRST):
        line = cells["_line"]
        for place, column, usual, marked in columns:
            to_correct, text = (line, column.name) in wrong, cells.get(column.name)
            if text is not None:
                sheet.write_string(row, place, text[:_LONGEST_CELL], marked if to_correct else usual)
            elif to_correct:  # the other blank cells have the format of their column
                sheet.write_blank(row, place, None, marked)
        sheet.write_string(row, last, reasons[line][:_LONGEST_CELL], styles.text)
