"""Excel and LibreOffice workbooks, one sheet at a time, each cell as the spreadsheet shows it."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import python_calamine as calamine

from core.domain import french
from core.services.reading import biff, packages, template_sheets
from core.services.reading.limits import (
    Limits,
    check_height,
    check_width,
    refuse,
    refuse_long_cell,
)
from core.services.reading.source import HEAD, columns_of

OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
_EXACT = 10**15
_MOST_MERGES = 2_000
_UNIFORM = str.maketrans(
    {"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2007": " ", "\u200b": "", "\ufeff": "", "\u00ad": ""}
)


@dataclass
class Workbook:
    """An open workbook; ``package`` is None for the old Excel format."""

    format: str
    book: calamine.CalamineWorkbook
    package: packages.Package | None
    data: bytes
    opened: dict[str, calamine.CalamineSheet] = field(default_factory=dict)

    def sheets(self) -> tuple[str, ...]:
        """Visible sheets that hold something, in order; the hidden ones when there is no other."""
        filled = [m for m in self.book.sheets_metadata if self._sheet(m.name).start is not None]
        visible = [m.name for m in filled if m.visible == calamine.SheetVisibleEnum.Visible]
        return tuple(visible or [m.name for m in filled])

    def rows(self, sheet: str, limits: Limits) -> list[list[Any]]:
        """The cells of a sheet from its first line and column.

        Raises FileRefused when it is too large.
        """
        found = self._sheet(sheet)
        check_height(found.total_height, limits)
        check_width(found.total_width, limits)
        return _guarded(lambda: found.to_python(skip_empty_area=False))

    def merges(self, sheet: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
        """Merged ranges that the format gives (none for ODS, see ``packages.marks``)."""
        return self._sheet(sheet).merged_cell_ranges or []

    def _sheet(self, name: str) -> calamine.CalamineSheet:
        if name not in self.opened:
            self.opened[name] = _guarded(lambda: self.book.get_sheet_by_name(name))
        return self.opened[name]


def open_workbook(data: bytes, limits: Limits) -> Workbook:
    """Open a workbook after having looked inside.

    Raises FileRefused when it is broken, protected or dangerous.
    """
    package = packages.opened(data, limits) if data.startswith(ZIP) else None
    if package is None and "EncryptedPackage".encode("utf-16-le") in data:
        refuse(packages.PROTECTED)
    book = _guarded(lambda: calamine.CalamineWorkbook.from_object(io.BytesIO(data)))
    return Workbook(package.format if package else "xls", book, package, data)


def _guarded(action: Any) -> Any:
    try:
        return action()
    except calamine.PasswordError as error:
        refuse(packages.PROTECTED, error)
    except (calamine.CalamineError, calamine.ZipError, calamine.XmlError, OSError, ValueError) as error:
        refuse(packages.BROKEN, error)
    except BaseException as error:
        # A panic of the spreadsheet reader derives from BaseException and cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        refuse(packages.BROKEN)


def choose(names: Sequence[str], asked: str | None) -> str:
    """The sheet to read: the one asked for, else the only one that is no help sheet of our template.

    Raises FileRefused, listing the sheets, when it is not known which.
    """
    if asked is None:
        names = template_sheets.offered(names)
    listed = french.listing(f"« {name} »" for name in names)
    if asked is not None and asked not in names:
        refuse(f"Votre fichier n’a pas d’onglet « {asked} ». Choisissez parmi : {listed}.")
    if not names:
        refuse("Ce classeur est vide. Remplissez-le, ou déclarez « Rien à déclarer ce trimestre ».")
    if asked is None and len(names) > 1:
        refuse(
            f"Votre fichier a {french.in_words(len(names))} onglets : {listed}. "
            "Lequel faut-il lire ? Les autres ne sont pas conservés."
        )
    return asked or names[0]


@dataclass
class SheetSource:
    """One sheet of a workbook as texts."""

    rows: list[list[str]]
    sheet: str
    format: str
    filled: dict[tuple[int, int], str] = field(default_factory=dict)

    @property
    def head(self) -> list[list[str]]:
        """The first rows."""
        return self.rows[:HEAD]

    @property
    def kept(self) -> bytes:
        """The sheet alone, as CSV: the other sheets are never kept."""
        text = io.StringIO()
        csv.writer(text, delimiter=";", lineterminator="\n").writerows(self.rows)
        return text.getvalue().encode("utf-8")

    def check(self) -> None:
        """A sheet that was opened can be read."""

    def merged(self) -> dict[tuple[int, int], str]:
        """Cells filled from the merged cell above."""
        return self.filled

    def below(self, row: int) -> pl.DataFrame:
        """Rows after ``row``."""
        return columns_of(self.rows[row + 1 :], max((len(cells) for cells in self.rows), default=0))


def sheet_source(book: Workbook, sheet: str, limits: Limits) -> SheetSource:
    """A sheet as texts: values as shown, formulas and errors as such, merged cells filled downwards."""
    rows = [[_text(value) for value in row] for row in book.rows(sheet, limits)]
    for number, row in enumerate(rows):
        if max(map(len, row), default=0) > limits.cell:
            refuse_long_cell(number + 1, limits)
    if book.package:
        special, covered = packages.marks(book.package, sheet)
    else:
        special, covered = biff.marks(book.data, sheet), {}
    _put(rows, special)
    below = covered | _below_merged(book.merges(sheet), rows)
    return SheetSource(rows, sheet, book.format, _put(rows, below))


def _put(rows: list[list[str]], texts: packages.Marks) -> packages.Marks:
    inside = {(row, column): text for (row, column), text in texts.items() if row < len(rows) and text}
    kept = {}
    for (row, column), text in inside.items():
        if column < len(rows[row]):
            rows[row][column] = text
            kept[row, column] = text
    return kept


def _below_merged(merges: list[tuple[tuple[int, int], tuple[int, int]]], rows: list[list[str]]) -> packages.Marks:
    """A cell merged over several lines stands for each of them."""
    found = {}
    for (top, left), (bottom, _right) in merges[:_MOST_MERGES]:
        if top < len(rows) and left < len(rows[top]) and bottom - top < _MOST_MERGES:
            found |= {(row, left): rows[top][left] for row in range(top + 1, min(bottom + 1, len(rows)))}
    return found


def _text(value: Any) -> str:
    """A cell as a French spreadsheet shows it."""
    match value:
        case str():
            return value if value.isascii() else unicodedata.normalize("NFC", value.translate(_UNIFORM))
        case bool():
            return "VRAI" if value else "FAUX"
        case float():
            return _number(value)
        case datetime():
            return f"{value:%d/%m/%Y}" if value.time() == time() else f"{value:%d/%m/%Y %H:%M:%S}"
        case date():
            return f"{value:%d/%m/%Y}"
        case time() | timedelta() | int():
            return str(value)
        case _:
            return ""


def _number(value: float) -> str:
    """Fifteen digits, which is all that a spreadsheet holds; beyond, it is shown rounded."""
    if value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    text = f"{value:.15g}"
    if "e-" in text:
        text = f"{Decimal(text):f}"
    return text.replace(".", ",").replace("e", "E")
