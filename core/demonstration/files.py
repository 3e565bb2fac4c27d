"""The files as each association makes them: its own tool, headings and way of writing."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import xlsxwriter

from core.demonstration import story
from core.domain.dataset import Column, Dataset, RowDict

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

Cell = str | float | int | date | None

FICTITIOUS = "Données fictives – démonstration"
_MADE = datetime(2021, 7, 1, 9, 0)  # written in the file's properties: the same bytes at each run


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as a person sees it: lines above, headings, lines, lines below."""

    name: str
    above: tuple[str, ...]
    headings: tuple[str, ...]
    lines: tuple[tuple[Cell, ...], ...]
    below: tuple[tuple[Cell, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Habit:
    """How one association writes.

    ``heading`` turns a column into its heading, ``as_text`` says that dates and numbers are
    typed as text, ``above`` that a title stands over the headings.
    """

    extension: str
    heading: Callable[[Column], str]
    as_text: bool
    above: bool


HABITS = {
    story.ANONYMAL: Habit("xlsx", lambda column: column.title, as_text=False, above=True),
    story.IFAC: Habit("xlsx", lambda column: column.title, as_text=False, above=False),
    story.POINT_FORMATION: Habit("xlsx", lambda column: column.title.upper(), as_text=True, above=True),
    story.ARSENIC: Habit("csv", lambda column: column.name, as_text=True, above=False),
}


def written(association: str, dataset: Dataset, title: str, rows: Sequence[RowDict]) -> tuple[bytes, str]:
    """The file that ``association`` makes of typed rows, and its name."""
    habit = HABITS[association]
    used = [column for column in dataset.columns if any(row.get(column.name) is not None for row in rows)]
    sheet = Sheet(
        dataset.title[:31],
        (title, FICTITIOUS, "") if habit.above else (),
        tuple(habit.heading(column) for column in used),
        tuple(tuple(_cell(column, row.get(column.name), habit.as_text) for column in used) for row in rows),
    )
    data = semicolons(sheet) if habit.extension == "csv" else workbook([sheet])
    return data, f"{title}.{habit.extension}"


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """An XLSX workbook of several sheets."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"title": FICTITIOUS, "created": _MADE})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for sheet in sheets:
            _fill(book.add_worksheet(sheet.name), sheet, day)
    return stream.getvalue()


def semicolons(sheet: Sheet) -> bytes:
    """A CSV as French exports are: semicolons and Windows' own letters."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(sheet.headings)
    writer.writerows(sheet.lines)
    return stream.getvalue().encode("cp1252")


def _fill(page: Worksheet, sheet: Sheet, day: object) -> None:
    lines: list[Sequence[Cell]] = [(text,) for text in sheet.above]
    lines += [sheet.headings, *sheet.lines, *sheet.below]
    for number, line in enumerate(lines):
        for place, cell in enumerate(line):
            if isinstance(cell, date):
                page.write_datetime(number, place, cell, day)
            elif isinstance(cell, str):
                page.write_string(number, place, cell)
            elif cell is not None:
                page.write_number(number, place, cell)


def _cell(column: Column, value: Any, as_text: bool) -> Cell:
    """One value as typed: text, or a real number or date of the spreadsheet."""
    if value is None:
        return None
    if not as_text and column.kind.name == "montant":
        return value / 100
    if not as_text and isinstance(value, date | int | float) and not isinstance(value, bool):
        return value
    return column.kind.write(value)
