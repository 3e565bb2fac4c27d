"""A file opened, CSV or workbook, one sheet at a time, each cell as the spreadsheet shows it."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import python_calamine as calamine

from core import reading
from core.domain import french
from core.domain.inert import inert_but_numbers
from core.reading import (
    accents,
    biff,
    csv_files,
    faces,
    number_formats,
    ods_cells,
    packages,
    template_sheets,
    xlsx_cells,
)
from core.reading.csv_files import HEAD, UNIFORM, columns_of
from core.reading.csv_files import SheetSource as Source
from core.reading.marks import Marks, Place, Texts
from core.reading.packages import Limits, check_height, check_size, check_width, refuse, refuse_long_cell

OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
_EXACT = 10**15
_FLAT_BOOKS = (b"schemas-microsoft-com:office:spreadsheet", b"opendocument:xmlns:office")


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

    def rows(self, sheet: str, limits: Limits) -> list[list[object]]:
        """The cells of a sheet from its first line and column.

        Raises FileRefused when it is too large.
        """
        found = self._sheet(sheet)
        check_height(found.total_height, limits)
        check_width(found.total_width, limits)
        return _guarded(lambda: found.to_python(skip_empty_area=False))

    def template_version(self, limits: Limits) -> int | None:
        """The version of the dataset that our template was made for, None for any other workbook."""
        notes = next((m.name for m in self.book.sheets_metadata if m.name == template_sheets.NOTES), None)
        if notes is None or self._sheet(notes).start is None:
            return None
        return template_sheets.version_in([[_text(value) for value in row] for row in self.rows(notes, limits)])

    def marks(self, sheet: str) -> Marks:
        """What the file says of the cells beyond their values."""
        if self.package and self.package.format == "ods":
            return ods_cells.ods_marks(self.package.parts, sheet)
        found = xlsx_cells.xlsx_marks(self.package.parts, sheet) if self.package else biff.marks(self.data, sheet)
        found.merges = list(self._sheet(sheet).merged_cell_ranges or [])
        return found

    def faces(self, sheet: str) -> Texts:
        """What the file itself says that its numbers show; nothing but in LibreOffice's format."""
        of_libreoffice = self.package and self.package.format == "ods"
        return ods_cells.ods_faces(self.package.parts, sheet) if self.package and of_libreoffice else {}

    def formats(self, sheet: str) -> Texts:
        """The format of every number, whether or not it changes what is shown."""
        if self.package is None:
            return biff.marks(self.data, sheet, every=True).formats
        known = ods_cells.ods_formats if self.package.format == "ods" else xlsx_cells.xlsx_formats
        return known(self.package.parts, sheet)

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
    if package is None and not biff.is_sound(data):
        refuse(packages.BROKEN)
    if package is None and biff.is_protected(data):
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
class WorkbookSheet:
    """One sheet of a workbook as texts; ``numbers`` are the columns that hold a number, a day or an hour."""

    rows: list[list[str]]
    sheet: str
    format: str
    filled: Texts = field(default_factory=dict)
    marks: Marks = field(default_factory=Marks)
    book: Workbook | None = None
    limits: Limits = field(default_factory=Limits)
    numbers: frozenset[int] = frozenset()

    @property
    def head(self) -> list[list[str]]:
        """The first rows."""
        return self.rows[:HEAD]

    @property
    def kept(self) -> bytes:
        """The sheet alone, as CSV: the other sheets are never kept, and no text of it becomes a formula there."""
        text = io.StringIO()
        rows = ([inert_but_numbers(cell) for cell in row] for row in self.rows)
        csv.writer(text, delimiter=";", lineterminator="\n").writerows(rows)
        return text.getvalue().encode("utf-8")

    def check(self) -> None:
        """A sheet that was opened can be read."""

    def merged(self) -> Texts:
        """Cells filled from the merged cell above."""
        return self.filled

    def below(self, row: int, words: Collection[int] = ()) -> pl.DataFrame:
        """Rows after ``row``; in the columns ``words``, which hold texts, a number is what it shows."""
        if self.book and (asked := self.numbers.intersection(words)):
            self._put_faces(self.book, row, asked)
        return columns_of(self.rows[row + 1 :], max((len(cells) for cells in self.rows), default=0))

    def _put_faces(self, book: Workbook, row: int, asked: Collection[int]) -> None:
        """Write in these columns what each number shows, and note those of which it cannot be told."""
        said, formats, shown = book.faces(self.sheet), book.formats(self.sheet), {}
        for number, cells in enumerate(book.rows(self.sheet, self.limits)[row + 1 :], start=row + 1):
            for place in ((number, column) for column in asked if column < len(cells)):
                value = cells[place[1]]
                if isinstance(value, str | bool) or value is None or place in self.marks.texts:
                    continue
                text = _face(value, formats.get(place, ""), said.get(place))
                if text is None:
                    self.marks.faceless.add(place)
                else:
                    shown[place] = unicodedata.normalize("NFC", text.translate(UNIFORM))
        _put(self.rows, shown)
        self.filled |= _put(self.rows, self.marks.below_merged(self.rows))
        _put(self.rows, self.marks.beside_merged(self.rows))


def _face(value: object, code: str, said: str | None) -> str | None:
    """What a cell shows of a number, a day or an hour: by its format, else as the file ``said``, else the plain one."""
    if code and (shown := faces.face(value, code)) is not None:
        return shown
    return said or (None if code else _text(value))


def sheet_source(book: Workbook, sheet: str, limits: Limits) -> WorkbookSheet:
    """A sheet as texts: values as the workbook shows them, errors as such, merged cells filled downwards."""
    values = book.rows(sheet, limits)
    marks = book.marks(sheet)
    rows = [[_text(value) for value in row] for row in values]
    for number, row in enumerate(rows):
        if max(map(len, row), default=0) > limits.cell:
            refuse_long_cell(number + 1, limits)
    if not marks.keep_merges_within(len(rows)):
        refuse(
            "Ce tableau a trop de cellules fusionnées pour être lu sans erreur. "
            "Défusionnez-les, recopiez la valeur dans chaque case, puis déposez-le."
        )
    shown = _shown(marks.formats, values)
    _note_concealed(marks, values)
    marks.shrunk = {place for place in shown if number_formats.shrinks(marks.formats[place])}
    _put(rows, shown)
    _put(rows, marks.texts)
    marks.formulas |= marks.computed_within(rows)
    marks.mended, marks.lost = accents.mend(rows)
    filled = _put(rows, marks.below_merged(rows))
    _put(rows, marks.beside_merged(rows))
    marks.template = book.template_version(limits)
    numbers = frozenset(n for row in values for n, value in enumerate(row) if not isinstance(value, str))
    return WorkbookSheet(rows, sheet, book.format, filled, marks, book, limits, numbers)


def _shown(formats: Texts, values: list[list[object]]) -> Texts:
    """The cells whose format changes what people read: « 60 % » for 0,6, « 0042 » for 42, « mai 2022 » for a day."""
    found = {}
    for place, code in formats.items():
        value = _at(values, place)
        if isinstance(value, str):
            text = number_formats.shown_text(value, code) if value else None
        elif isinstance(value, date):
            text = number_formats.shown_day(value, code)
        else:
            text = number_formats.shown(float(value), code) if _is_number(value) else None
        if text is not None:
            found[place] = text
    return found


def _note_concealed(marks: Marks, values: list[list[Any]]) -> None:
    """The cells of which the sheet shows nothing: by their format, or because it shows no zero."""
    for place, code in marks.formats.items():
        value = _at(values, place)
        if _is_number(value) and number_formats.conceals(float(value), code):
            (marks.concealed if value else marks.unseen_zeros).add(place)
        elif isinstance(value, str) and value and number_formats.hides_texts(code):
            marks.concealed.add(place)
    if marks.no_zeros:
        cells = ((n, m, value) for n, row in enumerate(values) for m, value in enumerate(row))
        marks.unseen_zeros.update((n, m) for n, m, value in cells if _is_number(value) and not value)


def _at(values: list[list[Any]], place: Place) -> Any:
    row, column = place
    return values[row][column] if row < len(values) and column < len(values[row]) else None


def _is_number(value: Any) -> bool:
    return isinstance(value, float | int) and not isinstance(value, bool)


def _put(rows: list[list[str]], texts: Texts) -> Texts:
    kept = {}
    for (row, column), text in texts.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = text
            kept[row, column] = text
    return kept


def _text(value: object) -> str:
    """A cell as a French spreadsheet shows it."""
    match value:
        case str():
            return value if value.isascii() else unicodedata.normalize("NFC", value.translate(UNIFORM))
        case bool():
            return "VRAI" if value else "FAUX"
        case float():
            return _number(value)
        case datetime():
            return f"{value:%d/%m/%Y}" if value.time() == time() else f"{value:%d/%m/%Y %H:%M:%S}"
        case date():
            return f"{value:%d/%m/%Y}"
        case timedelta():
            return _duration(value)
        case time() | int():
            return str(value)
        case _:
            return ""


def _duration(value: timedelta) -> str:
    """« 36:30:00 », as a spreadsheet shows what lasts more than a day."""
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"


def _number(value: float) -> str:
    """Fifteen digits, which is all that a spreadsheet holds; beyond, it is shown rounded."""
    if value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    text = f"{value:.15g}"
    if "e-" in text:
        text = f"{Decimal(text):f}"
    return text.replace(".", ",").replace("e", "E")


# --- From the bytes of a file to its sheets as texts: everything here runs in the reading process ----


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file that was opened once; ``book`` is None for a CSV."""

    data: bytes
    limits: Limits
    book: Workbook | None

    def sheets(self) -> tuple[str, ...]:
        """The sheets that may be read, in order; empty for a CSV."""
        return template_sheets.offered(self.book.sheets()) if self.book else ()

    def sources(self, sheet: str | None) -> Sequence[Source]:
        """The sheet to read; for a CSV, the text under each separator that it may have.

        Raises FileRefused when it cannot be read, or when it is not known which sheet to read.
        """
        if self.book is None:
            return list(csv_files.candidates(csv_files.to_utf8(self.data), self.data, self.limits))
        chosen = choose(self.book.sheets(), sheet)
        return [sheet_source(self.book, chosen, self.limits)]


def open_file(data: bytes, name: str, limits: Limits) -> OpenFile:
    """Open a file, whichever of its sheets are asked for next. Raises FileRefused when it cannot be."""
    check_size(data, limits)
    book = open_workbook(data, limits) if is_workbook(data, name) else None
    return OpenFile(data, limits, book)


def is_workbook(data: bytes, name: str) -> bool:
    """Whether the bytes are those of a spreadsheet, whatever the name says; raises FileRefused for a PDF or a page."""
    start = data[:1024].lstrip().lower()
    if data.startswith((ZIP, OLD_EXCEL)):
        return True
    if start.startswith(b"%pdf"):
        refuse("Ce fichier est un PDF. Déposez le tableur d’où il vient (.xlsx, .ods ou .csv).")
    if start.startswith(b"<?xml") and any(sign in start for sign in _FLAT_BOOKS):
        refuse(
            "Ce fichier est un classeur écrit en XML (Excel 2003, ou « .fods »). "
            "Ouvrez-le dans votre tableur, enregistrez-le en .xlsx, puis déposez-le."
        )
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<?xml", b"mime-version:")):
        refuse(
            "Ce fichier est une page web, même s’il porte un nom de tableur. "
            "Ouvrez-le dans votre tableur, enregistrez-le en .xlsx, puis déposez-le."
        )
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))  # « Texte Unicode », which many programs name .xls
    if name.lower().endswith((".xlsx", ".xls", ".ods", ".xlsm")) and b"\x00" in data and not wide:
        refuse(reading.packages.BROKEN)
    return False
