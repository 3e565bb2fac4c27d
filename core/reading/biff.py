"""Old Excel workbooks: what the format says of cells, and texts of which a part is struck or raised."""

from __future__ import annotations

import itertools
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import NamedTuple

from core.reading import number_formats
from core.reading.biff_conditions import WHITE, Conditions, plain
from core.reading.marks import CellRun, Marks, all_struck, as_seen


class FontDress(NamedTuple):
    """What a font does to its words, as ``Run`` says it."""

    struck: bool = False
    shift: int = 0


@dataclass
class _Pages:
    """The bytes of one record and of those that continue it."""

    pages: Sequence[bytes]
    page: int = 0
    place: int = 0

    def take(self, count: int) -> bytes:
        """The next bytes, whichever record they stand in."""
        found = b""
        while len(found) < count:
            self._turn()
            part = self.pages[self.page][self.place : self.place + count - len(found)]
            self.place += len(part)
            found += part
        return found

    def letters(self, count: int, wide: bool) -> str:
        """The next letters."""
        found = ""
        while len(found) < count:
            if self._turn():
                wide = bool(self.take(1)[0] & 1)
            size = 2 if wide else 1
            room = (len(self.pages[self.page]) - self.place) // size
            part = self.take(min(count - len(found), max(room, 1)) * size)
            found += part.decode("utf-16-le" if wide else "latin-1", "replace")
        return found

    def _turn(self) -> bool:
        """Go to the next record when this one is read; whether that was so. Raises IndexError after the last."""
        turned = False
        while self.place >= len(self.pages[self.page]):
            self.page, self.place, turned = self.page + 1, 0, True
        return turned


def dressed_texts(pages: Sequence[bytes], fonts: Sequence[FontDress]) -> dict[int, tuple[CellRun, ...]]:
    """By their number, the texts of a workbook that bear more than one dress."""
    if not pages or not any(font != FontDress() for font in fonts):
        return {}
    (count,) = struct.unpack_from("<I", pages[0], 4)
    reader, found = _Pages(pages, place=8), {}
    for number in range(count):
        text, cuts = _text(reader)
        runs = _runs(text, cuts, fonts) if cuts else ()
        if any(run.struck or run.shift for run in runs):
            found[number] = runs
    return found


def _text(reader: _Pages) -> tuple[str, list[tuple[int, int]]]:
    """One text, and where its fonts change: (letter, font)."""
    letters, flags = struct.unpack("<HB", reader.take(3))
    cuts = struct.unpack("<H", reader.take(2))[0] if flags & 0x08 else 0
    more = struct.unpack("<I", reader.take(4))[0] if flags & 0x04 else 0
    text = reader.letters(letters, bool(flags & 0x01))
    places = [struct.unpack("<2H", reader.take(4)) for _ in range(cuts)]
    reader.take(more)
    return text, places


def _runs(text: str, cuts: Sequence[tuple[int, int]], fonts: Sequence[FontDress]) -> tuple[CellRun, ...]:
    bounds = [(0, -1), *cuts, (len(text), -1)]
    stretches = [(text[start:end], font) for (start, font), (end, _) in itertools.pairwise(bounds)]
    return tuple(CellRun(words, *_dress(font, fonts)) for words, font in stretches if words)


def _dress(font: int, fonts: Sequence[FontDress]) -> FontDress:
    place = font - (font > 3)  # fonts are numbered without a fourth one
    return fonts[place] if 0 <= place < len(fonts) else FontDress()


# --- The cells of an old Excel workbook (.xls) beyond their values: formulas, formats, hidden and struck cells ----
# Such a file is a small file system (« compound file »: sectors of 512 bytes chained by a
# table) whose stream « Workbook » is a series of records: a type and a length on two bytes
# each, then the content. Source: Microsoft, [MS-CFB] and [MS-XLS].


_END_OF_CHAIN = 0xFFFFFFFA  # and the special marks above it
_STREAM, _ROOT = 2, 5  # kinds of a directory's entry
_FORMULA, _EOF, _BOUNDSHEET, _BOF, _BOOLERR = 0x0006, 0x000A, 0x0085, 0x0809, 0x0205
_FORMAT, _XF, _FONT, _DATEMODE, _FILEPASS = 0x041E, 0x00E0, 0x0031, 0x0022, 0x002F
_ROW, _COLINFO, _FILTERMODE, _MULRK, _STRING = 0x0208, 0x007D, 0x009B, 0x00BD, 0x00FD
_WINDOW2, _ZEROS_SHOWN = 0x023E, 0x0010
_NUMBERS = (0x0203, 0x027E, _FORMULA)  # NUMBER, RK, FORMULA: row, column, style
_SST, _CONTINUE = 0x00FC, 0x003C
_TEXTS = (_STRING, 0x0204)
_ERRORS = {
    0x00: "#NUL!",
    0x07: "#DIV/0!",
    0x0F: "#VALEUR!",
    0x17: "#REF!",
    0x1D: "#NOM?",
    0x24: "#NOMBRE!",
    0x2A: "#N/A",
}


def is_protected(data: bytes) -> bool:
    """Whether the workbook is encrypted: a record FilePass stands among its first ones."""
    try:
        stream = _workbook(data)
        kinds = (kind for kind, _ in _records(stream, 0))
        return any(kind == _FILEPASS for kind in takewhile(lambda kind: kind not in (_EOF, _BOUNDSHEET), kinds))
    except (struct.error, IndexError, UnicodeDecodeError):
        return False


def marks(data: bytes, sheet: str, *, every: bool = False) -> Marks:
    """What the file says of a sheet; nothing when it cannot be walked. Merged ranges are left to its reader.

    ``every``: the format of every number, whether or not it changes what is shown.
    """
    found = Marks()
    try:
        stream = _workbook(data)
        starts = dict(_sheets(stream))
        if sheet in starts:
            _cells(stream, starts[sheet], _styles(stream, found, every=every), found)
    except (struct.error, IndexError, UnicodeDecodeError):
        pass  # the spreadsheet reader has accepted the file; only these marks are missing
    return found


@dataclass(frozen=True, slots=True)
class _BiffStyles:
    """Of the cell styles, by number: the formats that change what is shown, and those that strike through.

    ``rich``: by their number, the shared texts of which a part is struck, raised or lowered.
    """

    formats: Mapping[int, str]
    struck: frozenset[int]
    unseen: frozenset[int]
    rich: Mapping[int, tuple[CellRun, ...]]


def _styles(stream: bytes, found: Marks, *, every: bool = False) -> _BiffStyles:
    codes: dict[int, str] = dict(number_formats.BUILT_IN)
    fonts: list[FontDress] = []
    cells: list[tuple[int, int]] = []
    inks: list[int] = []
    grounds: list[int] = []
    texts: list[bytes] = []
    before = 0
    for kind, content in _records(stream, 0):
        if kind == _EOF:
            break
        if kind == _FORMAT:
            number, letters, wide = struct.unpack_from("<HHB", content)
            text = content[5 : 5 + letters * (2 if wide & 1 else 1)]
            codes[number] = text.decode("utf-16-le" if wide & 1 else "cp1252")
        elif kind == _FONT:
            fonts.append(_font(content))
            inks.append(struct.unpack_from("<H", content, 4)[0])
        elif kind == _XF:
            cells.append(struct.unpack_from("<2H", content))
            grounds.append(_ground(content))
        elif kind == _DATEMODE:
            found.from_1904 = content[:2] == b"\x01\x00"
        elif kind == _SST or (kind == _CONTINUE and before == _SST):
            texts.append(content)
        before = before if kind == _CONTINUE else kind
    formats = {
        n: codes[code]
        for n, (_, code) in enumerate(cells)
        if code in codes and (every or number_formats.changes(codes[code]))
    }
    # Fonts are numbered without a fourth one.
    places = {n: font - (font > 3) for n, (font, _) in enumerate(cells)}
    struck = frozenset(n for n, font in places.items() if font < len(fonts) and fonts[font].struck)
    unseen = frozenset(n for n, font in places.items() if font < len(inks) and plain(inks[font]) == grounds[n])
    return _BiffStyles(formats, struck, unseen, dressed_texts(texts, fonts))


def _ground(content: bytes) -> int:
    """The colour behind the words of a style: white where no pattern covers it."""
    pattern, colours = struct.unpack_from("<IH", content, 14)
    return plain(colours & 0x7F) if pattern >> 26 else WHITE


def _font(content: bytes) -> FontDress:
    flags, shift = struct.unpack_from("<H", content, 2)[0], struct.unpack_from("<H", content, 8)[0]
    return FontDress(bool(flags & 0x0008), {1: 1, 2: -1}.get(shift, 0))


def is_sound(data: bytes) -> bool:
    """Whether every chain of sectors of the compound file ends, inside the file.

    A chain that names one of its own sectors again would be followed until the memory is full.
    """
    try:
        (shift,) = struct.unpack_from("<H", data, 30)
        if shift not in (9, 12):
            return False
        size = 1 << shift
        _refuse_looping_allocation(data, size)
        table = _table(data, size)
        folder = _followed(struct.unpack_from("<I", data, 48)[0], table)
        small = _followed(struct.unpack_from("<I", data, 60)[0], table)
        entries = b"".join(data[(number + 1) * size : (number + 2) * size] for number in folder)
        minis = b"".join(data[(number + 1) * size : (number + 2) * size] for number in small)
        _follow_streams(entries, table, minis, struct.unpack_from("<I", data, 56)[0])
    except (struct.error, IndexError, _Looping):
        return False
    return True


class _Looping(Exception):
    """A chain of sectors comes back to one of its own."""


def _refuse_looping_allocation(data: bytes, size: int) -> None:
    """The list of the sectors that hold the allocation table is itself a chain."""
    more, count = struct.unpack_from("<2I", data, 68)
    seen: set[int] = set()
    while more < _END_OF_CHAIN:
        if more in seen or len(seen) >= count:
            raise _Looping
        seen.add(more)
        (more,) = struct.unpack_from("<I", data, (more + 2) * size - 4)


def _follow_streams(entries: bytes, table: list[int], minis: bytes, cutoff: int) -> None:
    small = list(struct.unpack(f"<{len(minis) // 4}I", minis[: len(minis) // 4 * 4]))
    for start in range(0, len(entries) - 127, 128):
        kind = entries[start + 66]
        first, length = struct.unpack_from("<2I", entries, start + 116)
        if kind == _ROOT or (kind == _STREAM and length >= cutoff):
            _followed(first, table)
        elif kind == _STREAM:
            _followed(first, small)


def _followed(number: int, table: list[int]) -> list[int]:
    """The sectors of a chain. Raises _Looping when it comes back, IndexError when it leaves the file."""
    found: dict[int, None] = {}
    while number < _END_OF_CHAIN:
        if number in found:
            raise _Looping
        found[number] = None
        number = table[number]
    return list(found)


def _workbook(data: bytes) -> bytes:
    """The stream of the workbook, out of the compound file."""
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    table = _table(data, size)
    folder = _chain(data[size:], struct.unpack_from("<I", data, 48)[0], table, size)
    entries = {_name(folder, start): start for start in range(0, len(folder), 128)}
    start = entries.get("Workbook", entries.get("Book"))
    if start is None:
        return b""
    first, length = struct.unpack_from("<2I", folder, start + 116)
    if length >= struct.unpack_from("<I", data, 56)[0]:
        return _chain(data[size:], first, table, size)
    # A short stream stands in sectors of 64 bytes inside another stream, with a table of their own.
    inside = _chain(data[size:], struct.unpack_from("<I", folder, 116)[0], table, size)
    small = _chain(data[size:], struct.unpack_from("<I", data, 60)[0], table, size)
    return _chain(inside, first, list(struct.unpack(f"<{len(small) // 4}I", small)), 64)


def _table(data: bytes, size: int) -> list[int]:
    """For each sector, the one that follows it."""
    sectors = [n for n in struct.unpack_from("<109I", data, 76) if n < _END_OF_CHAIN]
    more, count = struct.unpack_from("<2I", data, 68)
    for _ in range(min(count, len(data) // size)):
        entries = struct.unpack_from(f"<{size // 4}I", data, (more + 1) * size)
        sectors += [n for n in entries[:-1] if n < _END_OF_CHAIN]
        more = entries[-1]
    return [n for sector in sectors for n in struct.unpack_from(f"<{size // 4}I", data, (sector + 1) * size)]


def _name(folder: bytes, start: int) -> str:
    length = struct.unpack_from("<H", folder, start + 64)[0]
    return folder[start : start + max(length - 2, 0)].decode("utf-16-le")


def _chain(sectors: bytes, number: int, table: list[int], size: int) -> bytes:
    parts: list[bytes] = []
    while number < _END_OF_CHAIN and len(parts) <= len(table):
        parts.append(sectors[number * size : (number + 1) * size])
        number = table[number]
    return b"".join(parts)


def _records(stream: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<2H", stream, place)
        yield kind, stream[place + 4 : place + 4 + length]
        place += 4 + length


def _sheets(stream: bytes) -> Iterator[tuple[str, int]]:
    for kind, content in _records(stream, 0):
        if kind == _EOF:
            return
        if kind == _BOUNDSHEET:
            start, _flags, letters, wide = struct.unpack_from("<IHBB", content)
            name = content[8 : 8 + letters * (2 if wide else 1)]
            yield name.decode("utf-16-le" if wide else "cp1252"), start


def _cells(stream: bytes, start: int, styles: _BiffStyles, found: Marks) -> None:
    depth, conditions = 0, Conditions(found.conditional)
    for kind, content in _records(stream, start):
        depth += (kind == _BOF) - (kind == _EOF)
        if depth == 0:
            return
        conditions.look(kind, content)
        if kind == _ROW and content[12] & 0x20:
            found.hidden_rows.add(struct.unpack_from("<H", content)[0])
        elif kind == _COLINFO and content[8] & 1:
            first, last = struct.unpack_from("<2H", content)
            found.hidden_columns |= set(range(first, min(last, 255) + 1))
        elif kind == _FILTERMODE:
            found.filtered = True
        elif kind == _WINDOW2:
            found.no_zeros = not struct.unpack_from("<H", content)[0] & _ZEROS_SHOWN
        elif kind == _MULRK:
            row, column = struct.unpack_from("<2H", content)
            for n in range((len(content) - 6) // 6):
                _biff_dress((row, column + n), struct.unpack_from("<H", content, 4 + 6 * n)[0], styles, found)
        elif kind in _NUMBERS or kind in _TEXTS:
            row, column, style = struct.unpack_from("<3H", content)
            _biff_dress((row, column), style, styles, found, number=kind in _NUMBERS)
            if kind == _STRING and styles.rich:
                _look_at_words((row, column), styles.rich.get(struct.unpack_from("<I", content, 6)[0], ()), found)
            if kind == _FORMULA:
                _formula((row, column), content, found)
        elif kind == _BOOLERR and content[7]:
            row, column = struct.unpack_from("<2H", content)
            found.texts[row, column] = _ERRORS.get(content[6], "#N/A")


def _biff_dress(place: tuple[int, int], style: int, styles: _BiffStyles, found: Marks, *, number: bool = True) -> None:
    code = styles.formats.get(style)
    if code and (number or number_formats.touches_texts(code)):
        found.formats[place] = code
    if style in styles.struck:
        found.struck.add(place)
    if style in styles.unseen:
        found.invisible.add(place)


def _look_at_words(place: tuple[int, int], runs: tuple[CellRun, ...], found: Marks) -> None:
    """A text of which a part is struck, raised or lowered says so."""
    if (text := as_seen(runs)) is not None:
        found.texts[place] = text
    if all_struck(runs):
        found.struck.add(place)


def _formula(place: tuple[int, int], content: bytes, found: Marks) -> None:
    special = content[12:14] == b"\xff\xff"  # else the result is a plain number
    if special and content[6] == 1:
        return  # a boolean, which LibreOffice writes as =TRUE()
    if special and content[6] == 2:
        found.texts[place] = _ERRORS.get(content[8], "#N/A")
    elif _is_nothing(content, special) and (content[14] & 0x02 or content[16:20] == bytes(4)):
        # Nothing, or a zero, that no spreadsheet has computed: it is to be when opened, or bears no trace of it.
        found.texts[place] = "=formule"
    else:
        found.formulas.add(place)


def _is_nothing(content: bytes, special: bool) -> bool:
    """A result that is zero, or an empty text."""
    return content[6] == 3 if special else content[6:14] == bytes(8)
