"""From the bytes of a file to typed, judged rows: the one way in for data."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from core.domain import french
from core.domain.dataset import Dataset
from core.domain.problem import Problem, Repair, Severity
from core.services.reading import csv_files, headings, personal, template_sheets, workbooks
from core.services.reading.cells import shortened, type_rows
from core.services.reading.csv_files import CsvSource
from core.services.reading.headings import Matched
from core.services.reading.judging import judged
from core.services.reading.limits import Limits, check_size, check_width, refuse
from core.services.reading.problems import Findings, Part, fixed
from core.services.reading.rows import beyond_headings, data_rows
from core.services.reading.source import Source

_NO_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Reading:
    """A file, read.

    rows           typed rows: ``_line`` and every column of the schema (null when the file has
                   not the column), without the rows of which a cell could not be read
    errors         what stops a row (or the file, line None), in the order of the file
    warnings       what is let in, counted and followed up; and remarks on the file (line None)
    repairs        what was understood although not written as expected
    headings       the file's heading → the column that it means
    sheet          the sheet that was read, None for a CSV
    kept           the bytes to keep: the CSV as it came, or the one sheet read, as CSV
    refused_lines  lines with an error, in order
    total_rows     rows of data in the file, refused ones included
    guessed        headings understood by close spelling only
    unknown        headings that are no column of the dataset
    texts          the cells as the person wrote them: ``_line`` and the columns that the file has
    """

    rows: pl.DataFrame
    errors: Sequence[Problem]
    warnings: Sequence[Problem]
    repairs: Sequence[Repair]
    headings: Mapping[str, str]
    sheet: str | None
    kept: bytes
    refused_lines: pl.Series
    total_rows: int
    format: str = "csv"
    guessed: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    texts: pl.DataFrame | None = None


@dataclass(frozen=True, slots=True)
class Titles:
    """The headings of a file: what each means, those guessed, those unknown, and the columns that none means."""

    columns: Mapping[str, str]
    guessed: tuple[str, ...]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]


def sheets(data: bytes, name: str, limits: Limits = _NO_LIMITS) -> tuple[str, ...]:
    """The sheets that may be read, in order; empty for a CSV. The help sheets of our template are no such ones.

    Raises FileRefused when the file cannot be opened.
    """
    check_size(data, limits)
    if not _is_workbook(data, name):
        return ()
    return template_sheets.offered(workbooks.open_workbook(data, limits).sheets())


def read(
    data: bytes,
    name: str,
    dataset: Dataset,
    *,
    sheet: str | None = None,
    limits: Limits = _NO_LIMITS,
    matching: Mapping[str, str] | None = None,
) -> Reading:
    """Read a file as rows of ``dataset``. ``name`` is the file's; ``matching`` maps headings learnt before.

    Raises FileRefused when it cannot be read as a whole or may not be kept.
    """
    check_size(data, limits)
    source, matched = _source(data, name, dataset, sheet, limits, matching)
    if matched is None:
        source.check()
        headings.refuse_without_headings(source.head, dataset)
    check_width(sum(map(bool, matched.headings)), limits)
    below = source.below(matched.row)
    personal.check(matched, source.head, below, dataset)
    below = _without_reasons(below, matched)
    _refuse_mixed_headings(source, matched, dataset, matching)
    headings.check_complete(matched, dataset)
    _refuse_mixed(source, below, matched)
    return _read_rows(source, below, matched, dataset)


def titles(
    data: bytes,
    name: str,
    dataset: Dataset,
    *,
    sheet: str | None = None,
    limits: Limits = _NO_LIMITS,
    matching: Mapping[str, str] | None = None,
) -> Titles | None:
    """What the headings mean, for a file that lacks a column; None when no line holds headings.

    Raises FileRefused as ``read`` does, but for the columns that are missing.
    """
    check_size(data, limits)
    source, matched = _source(data, name, dataset, sheet, limits, matching)
    if matched is None:
        return None
    personal.check(matched, source.head, source.below(matched.row), dataset)
    missing = tuple(column.name for column in headings.missing_columns(matched, dataset))
    return Titles(_meant(matched), *_unsure(matched), missing)


def _meant(matched: Matched) -> dict[str, str]:
    return {matched.headings[position]: name for position, name in matched.columns.items()}


def _unsure(matched: Matched) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The headings that were guessed, and those that are unknown."""
    guessed = tuple(matched.headings[position] for position in sorted(matched.guessed))
    return guessed, tuple(matched.headings[position] for position in matched.unknown)


def _without_reasons(below: pl.DataFrame, matched: Matched) -> pl.DataFrame:
    """The rows, what we wrote ourselves beside rejected ones blanked."""
    ours = [f"c{position}" for position in matched.reasons if f"c{position}" in below.columns]
    return below.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in ours) if ours else below


def _source(
    data: bytes, name: str, dataset: Dataset, sheet: str | None, limits: Limits, matching: Mapping[str, str] | None
) -> tuple[Source, Matched | None]:
    """The sheet to read and its headings; for a CSV, under the separator that shows the most headings."""
    if _is_workbook(data, name):
        book = workbooks.open_workbook(data, limits)
        found: list[Source] = [workbooks.sheet_source(book, workbooks.choose(book.sheets(), sheet), limits)]
    else:
        found = list(csv_files.candidates(csv_files.to_utf8(data), data, limits))
    tried = [(source, headings.find(source.head, dataset, matching)) for source in found]
    return max(tried, key=lambda pair: (len(pair[1].columns) if pair[1] else 0, max(map(len, pair[0].head), default=0)))


def _is_workbook(data: bytes, name: str) -> bool:
    start = data[:1024].lstrip().lower()
    if data.startswith((workbooks.ZIP, workbooks.OLD_EXCEL)):
        return True
    if start.startswith(b"%pdf"):
        refuse("Ce fichier est un PDF. Déposez le tableur d’où il vient (.xlsx, .ods ou .csv).")
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<?xml")):
        refuse(
            "Ce fichier est une page web, même s’il porte un nom de tableur. "
            "Ouvrez-le dans votre tableur, enregistrez-le en .xlsx, puis déposez-le."
        )
    if name.lower().endswith((".xlsx", ".xls", ".ods", ".xlsm")) and b"\x00" in data:
        refuse(workbooks.packages.BROKEN)
    return False


def _refuse_mixed_headings(
    source: Source, matched: Matched, dataset: Dataset, matching: Mapping[str, str] | None
) -> None:
    """A line of headings that holds more of them once cut at every separator."""
    if isinstance(source, CsvSource):
        cut = [part for text in matched.headings for part in re.split(r"[;,\t]", text)]
        whole = headings.find([cut], dataset, matching)
        if whole and len(whole.columns) > len(matched.columns):
            csv_files.refuse_mixed(matched.row + 1, source.separator)


def _refuse_mixed(source: Source, below: pl.DataFrame, matched: Matched) -> None:
    if not isinstance(source, CsvSource):
        return
    row = csv_files.mixed_separator(below, source.separator, len(matched.columns))
    if row is not None:
        csv_files.refuse_mixed(matched.row + 2 + row, source.separator)


def _read_rows(source: Source, below: pl.DataFrame, matched: Matched, dataset: Dataset) -> Reading:
    texts, aside, kept = data_rows(below, matched, dataset)
    if texts.is_empty():
        refuse(
            "Ce fichier n’a que des titres, sans aucune ligne. "
            "S’il n’y a rien à transmettre, déclarez « Rien à déclarer ce trimestre »."
        )
    typed = type_rows(texts, dataset)
    personal.check_misplaced(typed.unread, typed.misread, dataset)
    parts = judged(typed.frame, dataset, typed.unread)
    errors = [*typed.problems, *(part for part, severity in parts if severity is Severity.ERROR)]
    if isinstance(source, CsvSource) and (beyond := beyond_headings(kept, matched)):
        errors.append(beyond)
    warnings = [part for part, severity in parts if severity is Severity.WARNING]
    warnings += [fixed(_remarks(source, matched)), fixed(personal.mailbox_warnings(typed.frame, dataset), rank=100)]
    repairs = [*aside, *typed.repairs, fixed(_understood_headings(matched, dataset)), _merged(source, matched)]
    found = (Findings(errors), Findings(warnings), Findings(repairs))
    return _reading(source, matched, texts, typed.frame, typed.unread, *found)


def _reading(
    source: Source,
    matched: Matched,
    texts: pl.DataFrame,
    frame: pl.DataFrame,
    unread: Mapping[str, pl.Series],
    errors: Findings[Problem],
    warnings: Findings[Problem],
    repairs: Findings[Repair],
) -> Reading:
    lost = pl.concat([pl.Series([], dtype=pl.Int64), *unread.values()]).unique()
    rows = frame.filter(~pl.col("_line").is_in(lost.implode())) if len(lost) else frame
    guessed, unknown = _unsure(matched)
    return Reading(
        rows, errors, warnings, repairs, _meant(matched), source.sheet, source.kept, errors.lines, frame.height,
        source.format, guessed, unknown, texts,
    )  # fmt: skip


def _remarks(source: Source, matched: Matched) -> list[Problem]:
    """Warnings on the file itself: headings that nobody asks for, the old Excel format."""
    said = [
        Problem(
            None, None, shortened(matched.headings[position]),
            french.typeset("Cette colonne n’est pas demandée : elle n’a pas été lue."),
            "Vérifiez son titre si elle devait l’être.", Severity.WARNING, "colonne_inconnue",
        )
        for position in matched.unknown
    ]  # fmt: skip
    if source.format == "xls":
        said.append(
            Problem(
                None, None, "", french.typeset("Ce fichier est au format Excel 97-2003 (.xls)."),
                french.typeset("Nous l’avons lu, mais vérifiez les dates avant d’enregistrer."),
                Severity.WARNING, "format_xls",
            )
        )  # fmt: skip
    return said


def _understood_headings(matched: Matched, dataset: Dataset) -> list[Repair]:
    return [
        Repair(matched.row + 1, name, matched.headings[position], dataset.by_name[name].title)
        for position, name in matched.columns.items()
        if position in matched.guessed
    ]


def _merged(source: Source, matched: Matched) -> Part[Repair]:
    """Cells of the data that took the value of the merged cell above them."""
    return fixed(
        (
            Repair(row + 1, matched.columns[column], "(cellules fusionnées)", shortened(text))
            for (row, column), text in source.merged().items()
            if row > matched.row and column in matched.columns
        ),
        rank=50,
    )
