"""From the bytes of a file to typed, judged rows: the one way in for data."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from core.catalogue.texts import Texte
from core.domain import french
from core.domain.dataset import Dataset, Problem, Repair, Severity
from core.errors import FileRefused, FileWithoutRows
from core.reading import csv_files, headings, personal
from core.reading.apart import OpenedSource, ReadingSession, SheetBelow, readers
from core.reading.file_remarks import of_one_cell, of_the_file, to_confirm
from core.reading.headings import Matched
from core.reading.judging import REQUIRED, Manner, Typed, judged, shortened, type_rows
from core.reading.marks import Marks
from core.reading.packages import Limits, check_size, check_width, refuse
from core.reading.problems import Findings, ProblemBatch, elsewhere, fixed
from core.reading.rows import DataRows, LeftAside, beyond_headings, data_rows, lines_of_one_cell
from core.reading.seen import (
    concealed_cells,
    faceless_cells,
    kept_bytes,
    merged_repairs,
    merged_values,
    nameless_keys,
    remarks,
    shrunk_numbers,
    units_around,
    untitled,
    without_titles,
)
from core.reading.shifted import shifted_rows

_NO_LIMITS = Limits()
_LOOKED_AT = 20
"""Unread cells of a column among which a unit is looked for."""


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
    kept           the bytes to keep: the CSV as it came, or the read columns of the read sheet, as CSV
    refused_lines  lines with an error, in order
    total_rows     rows of data in the file, refused ones included
    guessed        headings understood by close spelling only
    asked          headings whose brackets or unit may change the meaning: nothing is stored before they are confirmed
    unknown        headings that are no column of the dataset
    left_aside     rows of the sheet that were not read as data, each with its line and why
    texts          the cells as the person wrote them: ``_line`` and the columns that the file has
    named          ``_line`` and the key columns of every row of data, refused ones included
    unnamed        lines whose key cannot be read: nobody knows which row they speak of
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
    asked: tuple[str, ...] = ()
    left_aside: tuple[LeftAside, ...] = ()
    named: pl.DataFrame | None = None
    unnamed: tuple[int, ...] = ()


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
    with readers().session(len(data)) as session:
        return session.sheets(data, name, limits)


def read(
    data: bytes,
    name: str,
    dataset: Dataset,
    *,
    sheet: str | None = None,
    limits: Limits = _NO_LIMITS,
    matching: Mapping[str, str] | None = None,
    take_back: Collection[int] = (),
) -> Reading:
    """Read a file as rows of ``dataset``. ``name`` is the file's; ``matching`` maps headings learnt before.

    ``take_back`` are lines to read as data although they look like notes, totals or another table.

    Raises FileRefused when it cannot be read as a whole or may not be kept.
    """
    check_size(data, limits)
    with readers().session(len(data)) as session:
        got = _got(session, data, name, SheetWanted(dataset, sheet, matching, take_back), limits)
    return _judged(*got)


@dataclass(frozen=True, slots=True)
class SheetWanted:
    """One sheet to read as rows of ``dataset``, with the headings learnt before and the lines to take back in."""

    dataset: Dataset
    sheet: str | None = None
    matching: Mapping[str, str] | None = None
    take_back: Collection[int] = ()


def read_sheets(data: bytes, name: str, wanted: Sequence[SheetWanted]) -> list[Reading | FileRefused]:
    """Read several sheets of one file, opened once: each as ``read`` does, or why it is refused."""
    got: list[_Got | FileRefused] = []
    while len(got) < len(wanted):  # a sheet that ends its process costs the others nothing
        with readers().session(len(data), several=True) as session:
            for one in wanted[len(got) :]:
                try:
                    check_size(data, _NO_LIMITS)
                    got.append(_got(session, data, name, one, _NO_LIMITS))
                except FileRefused as refusal:
                    got.append(refusal)
                    if not session.process.alive:
                        break
    return [one if isinstance(one, FileRefused) else _judged_or_refused(one) for one in got]


_Got = tuple[SheetBelow, Matched, SheetWanted]


def _got(session: ReadingSession, data: bytes, name: str, wanted: SheetWanted, limits: Limits) -> _Got:
    """A sheet out of its process, and what its headings mean. Raises FileRefused."""
    opened, matched = _chosen(session.open(data, name, wanted.sheet, limits), wanted.dataset, wanted.matching)
    if matched is None:
        opened.check()
        headings.refuse_standing(opened.head, wanted.dataset, matched)
        headings.refuse_without_headings(opened.head, wanted.dataset)
    check_width(sum(map(bool, matched.headings)), limits)
    texts = (n for n, name in matched.columns.items() if wanted.dataset.by_name[name].kind.name == Texte.name)
    return opened.sheet_below(matched.row, data, texts), matched, wanted


def _judged_or_refused(got: _Got) -> Reading | FileRefused:
    try:
        return _judged(*got)
    except FileRefused as refusal:
        return refusal


def _judged(source: SheetBelow, matched: Matched, wanted: SheetWanted) -> Reading:
    """The rows of a sheet. Raises FileRefused when it may not be kept, or cannot be read as a whole."""
    dataset = wanted.dataset
    below = source.below
    personal.check(matched, source.head, below, dataset)
    below = without_titles(_without_reasons(below, matched), source.marks, matched)
    _refuse_mixed_headings(source, matched, dataset, wanted.matching)
    _refuse_old_template(source.marks, dataset)
    if headings.missing_columns(matched, dataset):
        headings.refuse_standing(source.head, dataset, matched)
    headings.check_complete(matched, dataset)
    _refuse_mixed(source, below, matched)
    return _read_rows(source, below, matched, dataset, wanted.take_back)


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
    with readers().session(len(data)) as session:
        opened, matched = _chosen(session.open(data, name, sheet, limits), dataset, matching)
        if matched is None:
            return None
        below = opened.below(matched.row)
    personal.check(matched, opened.head, below, dataset)
    missing = tuple(column.name for column in headings.missing_columns(matched, dataset))
    return Titles(matched.meant, matched.guesses, matched.strangers, missing)


def heads(data: bytes, name: str) -> dict[str | None, tuple[Sequence[Sequence[str]], ...]]:
    """The first rows of every sheet, where headings are looked for; of a CSV (None), under each separator it may have.

    The file is opened once. Raises FileRefused when it cannot be, or when a sheet cannot be read.
    """
    check_size(data, _NO_LIMITS)
    with readers().session(len(data), several=True) as session:
        names: tuple[str | None, ...] = session.sheets(data, name, _NO_LIMITS) or (None,)
        return {one: tuple(source.head for source in session.open(data, name, one, _NO_LIMITS)) for one in names}


def _without_reasons(below: pl.DataFrame, matched: Matched) -> pl.DataFrame:
    """The rows, what we wrote ourselves beside rejected ones blanked."""
    ours = [f"c{position}" for position in matched.reasons if f"c{position}" in below.columns]
    return below.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in ours) if ours else below


def _chosen(
    found: Sequence[OpenedSource], dataset: Dataset, matching: Mapping[str, str] | None
) -> tuple[OpenedSource, Matched | None]:
    """The sheet to read and its headings; for a CSV, under the separator that shows the most headings."""
    tried = [(source, headings.find(source.head, dataset, matching)) for source in found]
    return max(tried, key=lambda pair: (len(pair[1].columns) if pair[1] else 0, max(map(len, pair[0].head), default=0)))


def _refuse_mixed_headings(
    source: SheetBelow, matched: Matched, dataset: Dataset, matching: Mapping[str, str] | None
) -> None:
    """A line of headings that holds more of them once cut at every separator."""
    if source.separator:
        cut = [part for text in matched.headings for part in re.split(r"[;,\t]", text)]
        whole = headings.find([cut], dataset, matching)
        if whole and len(whole.columns) > len(matched.columns):
            csv_files.refuse_mixed(matched.row + 1, source.separator)


def _refuse_mixed(source: SheetBelow, below: pl.DataFrame, matched: Matched) -> None:
    if not source.separator:
        return
    row = csv_files.mixed_separator(below, source.separator, len(matched.columns))
    if row is not None:
        csv_files.refuse_mixed(matched.row + 2 + row, source.separator)


def _refuse_old_template(marks: Marks, dataset: Dataset) -> None:
    """A template of another version of the dataset: the same title may not mean the same thing there."""
    if marks.template is not None and marks.template != dataset.version:
        refuse(
            f"Ce modèle est de la version {marks.template} du tableau « {dataset.title} », qui en est à la version "
            f"{dataset.version} : ses colonnes n’y veulent plus dire la même chose. "
            "Téléchargez le modèle d’aujourd’hui, recopiez-y vos lignes, puis déposez-le."
        )


NO_ROWS = (
    "Ce fichier n’a que des titres, sans aucune ligne. "
    "S’il n’y a rien à transmettre, déclarez « Rien à déclarer ce trimestre »."
)


def _read_rows(
    source: SheetBelow, below: pl.DataFrame, matched: Matched, dataset: Dataset, take_back: Collection[int]
) -> Reading:
    found = data_rows(below, matched, dataset, take_back, [row + 1 for row in source.marks.totals])
    texts, marks = found.texts, source.marks
    if texts.is_empty():
        raise FileWithoutRows(NO_ROWS)
    units = {matched.columns[at]: unit for at, unit in matched.units.items()}
    typed = type_rows(texts, dataset, Manner(units, marks.from_1904))
    personal.check_misplaced(typed.unread, typed.misread, dataset)
    parts = [(_said_blank(part, texts), strength) for part, strength in judged(typed.frame, dataset, typed.unread)]
    lines = texts["_line"]
    errors = [*typed.problems, *(part for part, severity in parts if severity is Severity.ERROR)]
    alone = lines_of_one_cell(texts, found.whole.filter(~pl.col("_line").is_in(list(take_back))), dataset)
    if not alone.is_empty():
        errors = [*(elsewhere(part, alone["_line"].to_list()) for part in errors), fixed(of_one_cell(alone), rank=0)]
    if shifted := shifted_rows(source, found.whole, matched, dataset):
        errors = [*(elsewhere(part, list(shifted)) for part in errors), fixed(shifted.values())]
    errors.append(fixed(nameless_keys(texts, dataset)))
    errors.append(fixed(to_confirm(matched, dataset)))
    errors.append(fixed(units_around(source.head, found.aside, _first_unread(typed), matched, dataset)))
    if marks.shrunk:
        errors.append(fixed(shrunk_numbers(marks, set((lines - 1).to_list()), matched, dataset)))
    if marks.merges:
        whole = set((lines.filter(~lines.is_in(alone["_line"].implode())) - 1).to_list())
        errors.append(fixed(merged_values(marks, whole, matched, dataset)))
    if marks.concealed:
        errors.append(fixed(concealed_cells(marks, set((lines - 1).to_list()), matched)))
    if marks.faceless:
        errors.append(fixed(faceless_cells(marks, set((lines - 1).to_list()), matched)))
    beyond = beyond_headings(found.whole, matched) if source.separator else None
    if beyond:
        errors.append(beyond)
    columns = [] if beyond else list(untitled(marks, found.whole, matched, dataset))
    errors.append(fixed(one for one in columns if one.stops))
    warnings = [part for part, severity in parts if severity is Severity.WARNING]
    said = [*of_the_file(source, matched), *(one for one in columns if not one.stops), *_seen(marks, lines, matched)]
    warnings += [fixed(said), fixed(personal.mailbox_warnings(typed.frame, dataset), rank=100)]
    repairs = [*typed.repairs, fixed(matched.understood(dataset))]
    repairs.append(fixed(merged_repairs(source.merged, matched, dataset), rank=50))
    everything = (Findings(errors), Findings(warnings), Findings(repairs))
    read = _reading(source, matched, found, typed, everything)
    read = replace(read, kept=kept_bytes(source, below, matched))
    return _with_names(read, typed.frame, typed.unread, dataset, found.left)


def _first_unread(typed: Typed) -> Iterator[tuple[int, str]]:
    """The first cells of each column that could not be read: their line, their text."""
    for name, texts in typed.misread.items():
        yield from zip(typed.unread[name].head(_LOOKED_AT), texts.head(_LOOKED_AT), strict=True)


def _seen(marks: Marks, lines: pl.Series, matched: Matched) -> list[Problem]:
    """What the workbook shows beside its values; the lines are looked at only when there is something to say."""
    return remarks(marks, set(lines.to_list()), matched) if marks.speak else []


def _said_blank(part: ProblemBatch[Problem], texts: pl.DataFrame) -> ProblemBatch[Problem]:
    """The same complaints, where « n.c. » stands in a cell that has to be filled: it is not empty, it says nothing."""

    def make(place: int) -> Problem:
        one = part.make(place)
        if one.code != REQUIRED or one.column not in texts.columns:
            return one
        written = texts.filter(pl.col("_line") == one.line)[one.column]
        text = written[0] if len(written) else None
        if text is None:
            return one
        said = f"« {shortened(text)} » vaut une case vide, et cette case est obligatoire."
        return replace(one, found=shortened(text), expected=french.typeset(said))

    return ProblemBatch(part.lines, part.rank, make)


def _with_names(
    read: Reading, frame: pl.DataFrame, unread: Mapping[str, pl.Series], dataset: Dataset, left: pl.DataFrame
) -> Reading:
    """The same reading with which row each line speaks of, and the lines of which nobody can tell.

    A row that was ``left`` aside stands in the file too: it is not absent.
    """
    key, nowhere = list(dataset.key), pl.Series([], dtype=pl.Int64)
    required = [name for name in key if dataset.by_name[name].required]
    lost = [unread.get(name, nowhere).cast(pl.Int64) for name in key]
    lost += [frame.filter(pl.col(name).is_null())["_line"] for name in required]
    unnamed = pl.concat([nowhere, *lost]).unique().sort()
    named = frame.select("_line", *key).filter(~pl.col("_line").is_in(unnamed.implode()))
    if not left.is_empty():
        beside = type_rows(left, dataset).frame.select("_line", *key)
        named = pl.concat([named, beside.drop_nulls(required)])
    return replace(read, named=named, unnamed=tuple(unnamed.to_list()))


def _reading(
    source: SheetBelow,
    matched: Matched,
    found: DataRows,
    typed: Typed,
    said: tuple[Findings[Problem], Findings[Problem], Findings[Repair]],
) -> Reading:
    errors, warnings, repairs = said
    frame = typed.frame
    lost = pl.concat([pl.Series([], dtype=pl.Int64), *typed.unread.values()]).unique()
    rows = frame.filter(~pl.col("_line").is_in(lost.implode())) if len(lost) else frame
    asked = tuple(matched.headings[position] for position in sorted(matched.asked))
    return Reading(
        rows,
        errors,
        warnings,
        repairs,
        matched.meant,
        source.sheet,
        source.kept,
        errors.lines,
        frame.height,
        source.format,
        matched.guesses,
        matched.strangers,
        found.texts,
        asked,
        found.aside,
    )
