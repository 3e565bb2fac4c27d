"""A sheet as texts whatever it came from, and CSV in every encoding and separator."""

from __future__ import annotations

import csv
import io
import re
import string
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NoReturn, Protocol

import polars as pl

from core.errors import FileRefused
from core.reading import accents
from core.reading.marks import Marks
from core.reading.packages import Limits, check_height, check_width, refuse, refuse_long_cell

HEAD = 60
"""Rows among which the headings are looked for."""


class SheetSource(Protocol):
    """One sheet.

    ``head`` holds its first rows as texts (row 0 is the spreadsheet's line 1); ``below``
    gives the rows after one of them as text columns ``c0``, ``c1``…, one frame row for each
    row of the spreadsheet, null for blank. ``kept`` is what may be stored of the file; ``marks``
    what it says of its cells beyond their values.
    """

    @property
    def head(self) -> Sequence[Sequence[str]]:
        """The first rows."""

    @property
    def sheet(self) -> str | None:
        """Its name, None in a CSV."""

    @property
    def kept(self) -> bytes:
        """What may be stored of the file."""

    @property
    def format(self) -> str:
        """« csv », « xlsx »…"""

    @property
    def marks(self) -> Marks:
        """What the file says of its cells beyond their values."""

    def below(self, row: int, words: Collection[int] = ()) -> pl.DataFrame:
        """Rows after ``row``; in the columns ``words``, which hold texts, a number is what it shows."""

    def check(self) -> None:
        """Refuse the file when its first rows could not be told apart."""

    def merged(self) -> dict[tuple[int, int], str]:
        """Cells filled from the merged cell above, with their text."""


def columns_of(rows: Sequence[Sequence[str | None]], width: int) -> pl.DataFrame:
    """Rows of texts as a frame of ``width`` text columns; blank texts become null."""
    padded = ([*row, *[None] * (width - len(row))][:width] if len(row) != width else row for row in rows)
    by_column = list(zip(*padded, strict=True)) or [()] * width
    return pl.DataFrame(
        {f"c{n}": pl.Series([cell or None for cell in cells], dtype=pl.String) for n, cells in enumerate(by_column)}
    )


# --- CSV as French offices make it: any of three separators, four encodings, quotes or none --------


SEPARATORS = (";", ",", "\t")
_SPARE = 8
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# No-break, narrow, thin, figure spaces become spaces; invisible marks go.
_SPACES = (b"\xc2\xa0", b"\xe2\x80\xaf", b"\xe2\x80\x89", b"\xe2\x80\x87")
_INVISIBLE = (b"\xe2\x80\x8b", b"\xef\xbb\xbf", b"\xc2\xad")
_COMBINING = (b"\xcc\x80", b"\xcc\x81", b"\xcc\x82", b"\xcc\x88", b"\xcc\xa7")
_RARE_SPACES = "\u2028\u2029\u2002\u2003\u2004\u2005\u2006\u2008\u200a\u205f\u3000"
_RARE_INVISIBLE = (
    "\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064"
    "\u2066\u2067\u2068\u2069\u206a\u206b\u206c\u206d\u206e\u206f\u034f\u061c\u180e"
)
_RARE = re.compile("|".join([*_RARE_SPACES, *_RARE_INVISIBLE]).encode() + rb"|\xef[\xbc\xbd]")  # and wide letters
_WIDE = {chr(ord(plain) + 0xFEE0): plain for plain in string.digits + string.ascii_letters}
UNIFORM = str.maketrans(
    dict.fromkeys([*_RARE_SPACES, "\u00a0", "\u202f", "\u2009", "\u2007"], " ")
    | dict.fromkeys([*_RARE_INVISIBLE, "\u200b", "\ufeff", "\u00ad"], "")
    | _WIDE
)
"""The spaces of typography as plain ones, the marks that nobody sees as nothing, wide letters as ours."""
_RARE_LEADS = {mark.encode()[0] for mark in (*_RARE_SPACES, *_RARE_INVISIBLE, *_WIDE)}
_NO_LEAD = bytes(set(range(256)) - {mark[0] for mark in (*_SPACES, *_INVISIBLE, *_COMBINING)} - _RARE_LEADS)


@dataclass(frozen=True, slots=True)
class Text:
    """The text of a file as UTF-8 bytes; the words put right in it, and those that perhaps lost a letter."""

    utf8: bytes
    mended: accents.Mended
    lost: list[str] = field(default_factory=list)


def to_utf8(data: bytes) -> Text:
    """The text of a file, its spaces and accents made uniform, lines ended by « \\n ».

    Raises FileRefused when it is no text, or when its accents are spoilt beyond one reading.
    """
    text, mended = _decoded(data)
    if _CONTROLS.search(text[:100_000]) or b"\x00" in text:
        refuse(
            "Ce fichier n’est pas un tableau lisible. "
            "Déposez un fichier CSV, Excel (.xlsx, .xls) ou LibreOffice (.ods)."
        )
    if not text.isascii():
        text = _uniform(text)
    lost: list[str] = []
    if b"?" in text or not accents.is_safe(text):
        plain, words = accents.mended_text(text.decode("utf-8"))
        lost = accents.perhaps_lost(plain)
        if words:
            text, mended = plain.encode("utf-8"), [*mended, *words]
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return Text(text, mended, lost)


def _decoded(data: bytes) -> tuple[bytes, accents.Mended]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16").encode("utf-8"), []
        except UnicodeError:
            accents.refuse_spoilt()
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _from_one_byte(data)
    return data, []


def _from_one_byte(data: bytes) -> tuple[bytes, accents.Mended]:
    """From an encoding of one byte a letter: Windows’ most often, else told."""
    if _CONTROLS.search(data[:100_000]):
        return b"\x00", []  # no text at all: refused as such
    text, is_other = accents.decoded(data)
    return text.encode("utf-8"), accents.differences(data, text) if is_other else []


def _uniform(text: bytes) -> bytes:
    leads = set(text.translate(None, _NO_LEAD))
    for space in _SPACES:
        if space[0] in leads:
            text = text.replace(space, b" ")
    for mark in _INVISIBLE:
        if mark[0] in leads:
            text = text.replace(mark, b"")
    if not leads.isdisjoint(_RARE_LEADS) and _RARE.search(text):
        text = text.decode("utf-8").translate(UNIFORM).encode("utf-8")
    if 0xCC in leads and any(mark in text for mark in _COMBINING):
        text = unicodedata.normalize("NFC", text.decode("utf-8")).encode("utf-8")
    return text


@dataclass
class CsvSource:
    """A CSV text under one separator."""

    text: bytes
    separator: str
    kept: bytes
    limits: Limits
    head: list[list[str]] = field(init=False)
    ends: list[int] = field(init=False)
    broken: FileRefused | None = None
    sheet: str | None = None
    format: str = "csv"
    marks: Marks = field(default_factory=Marks)

    def __post_init__(self) -> None:
        """Read the first rows, and where each of them ends in the text."""
        self.head, self.ends = [], []
        reader = _Lines(self.text, self.separator)
        try:
            for record in islice(reader.records(self.limits), HEAD):
                columns = sum(map(bool, record))
                # Judged before anything is compared with so many titles; the first ones tell which file this is.
                self.head.append(record if columns <= self.limits.columns else record[: self.limits.columns])
                self.ends.append(reader.position)
                check_width(columns, self.limits)
        except FileRefused as error:
            self.broken = error  # another separator may do better

    def check(self) -> None:
        """Refuse the file when its first rows cannot be told apart under this separator."""
        if self.broken:
            raise self.broken

    def merged(self) -> dict[tuple[int, int], str]:
        """Nothing is merged in a CSV."""
        return {}

    def below(self, row: int, words: Collection[int] = ()) -> pl.DataFrame:
        """Rows after ``row``; some spare columns show the cells beyond the headings."""
        self.check()
        width = len(self.head[row]) + _SPARE
        check_width(width - _SPARE, self.limits)
        body = self.text[self.ends[row] :]
        if well_quoted(body, self.separator):
            frame = self._plain(body, width)
        else:
            # The csv module reads a stray quote inside a cell (« écran 22" ») as people mean it.
            frame = columns_of(list(_Lines(body, self.separator).records(self.limits)), width)
        check_height(frame.height, self.limits)
        self._refuse_long_cells(frame, row)
        return frame

    def _plain(self, body: bytes, width: int) -> pl.DataFrame:
        if not body:
            return columns_of([], width)
        return pl.read_csv(
            io.BytesIO(body),
            has_header=False,
            separator=self.separator,
            quote_char='"' if b'"' in body else None,
            schema={f"c{n}": pl.String for n in range(width)},
            missing_columns="insert",
            truncate_ragged_lines=True,
        )

    def _refuse_long_cells(self, frame: pl.DataFrame, row: int) -> None:
        lengths = frame.select(pl.all().str.len_bytes().max()).row(0) if frame.height else ()
        if not any(length and length > self.limits.cell for length in lengths):
            return
        long = frame.select(pl.any_horizontal(pl.all().str.len_chars() > self.limits.cell).alias("long"))["long"]
        if long.any():
            refuse_long_cell(row + 2 + long.arg_true()[0], self.limits)


class _Lines:
    """Records of a text, with the place in the text where the last one ended."""

    def __init__(self, text: bytes, separator: str) -> None:
        self._stream = io.BytesIO(text)
        self._separator = separator
        self.position = 0

    def records(self, limits: Limits) -> Iterator[list[str]]:
        """Each row as texts. Raises FileRefused when a quote is not closed."""
        reader = csv.reader(self._lines(), delimiter=self._separator, strict=True)
        number = 0
        while True:
            try:
                record = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                _refuse_broken(error, number + 1, limits)
            number += 1
            # The module's own bound is one for the whole process: another library may have raised it.
            if any(len(cell) > limits.cell for cell in record):
                refuse_long_cell(None, limits)
            yield record

    def _lines(self) -> Iterator[str]:
        for line in self._stream:
            self.position += len(line)
            yield line.decode("utf-8")


def _refuse_broken(error: csv.Error, record: int, limits: Limits) -> NoReturn:
    if "field larger" in str(error):
        refuse_long_cell(None, limits)
    refuse(
        f'Un guillemet (") est mal placé vers la ligne {record} du tableau. '
        "Fermez-le ou supprimez-le, ou déposez le fichier de votre tableur plutôt qu’un CSV.",
        error,
    )


def well_quoted(body: bytes, separator: str) -> bool:
    """Whether each quote opens or closes a cell, so that the quick reader can be trusted with them.

    Counting is enough: once doubled quotes are removed, as many quotes must follow a
    separator or a line's start as precede a separator or a line's end, and no other exist.
    """
    if b'"' not in body:
        return True
    mark, bare = separator.encode(), b"\n" + body.replace(b'""', b"").strip(b"\n") + b"\n"
    opening = bare.count(mark + b'"') + bare.count(b'\n"')
    closing = bare.count(b'"' + mark) + bare.count(b'"\n')
    return opening == closing and opening + closing == bare.count(b'"')


def mixed_separator(frame: pl.DataFrame, separator: str, expected: int) -> int | None:
    """The first frame row whose only cell holds other separators where ``expected`` cells should be."""
    others = [other for other in SEPARATORS if other != separator]
    if expected < 2 or not frame.height:
        return None
    alone = pl.all_horizontal(pl.col(frame.columns[1:]).is_null())
    counts = pl.max_horizontal(*(pl.col("c0").str.count_matches(other, literal=True) for other in others))
    # A comma also stands in sentences and numbers: half the expected cells make it a separator.
    found = frame.lazy().with_row_index("row").filter(alone & pl.col("c0").is_not_null())
    rows = found.filter(counts >= max(1, (expected - 1) // 2)).select("row").head(1).collect()
    return None if rows.is_empty() else int(rows["row"][0])


def refuse_mixed(line: int, separator: str) -> NoReturn:
    """Refuse a file whose rows do not all use the separator of the headings."""
    names = {";": "le point-virgule", ",": "la virgule", "\t": "la tabulation"}
    refuse(
        f"Les séparateurs sont mélangés : les titres sont séparés par {names[separator]}, "
        f"mais la ligne {line} l’est autrement. Réenregistrez le fichier depuis votre tableur."
    )


def candidates(text: Text, kept: bytes, limits: Limits) -> Sequence[CsvSource]:
    """The text under each separator that its first lines hold; the first one when they hold none."""
    start = text.utf8[:200_000]
    present = [mark for mark in SEPARATORS if mark.encode() in start] or [SEPARATORS[0]]
    return [
        CsvSource(text.utf8, mark, kept, limits, marks=Marks(mended=text.mended, lost=text.lost)) for mark in present
    ]
