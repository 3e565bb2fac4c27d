"""Formulas and errors of an old Excel workbook (.xls), which its reader gives as plain values.

Such a file is a small file system (« compound file »: sectors of 512 bytes chained by a
table) whose stream « Workbook » is a series of records: a type and a length on two bytes
each, then the content. Source: Microsoft, [MS-CFB] and [MS-XLS].
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

_END_OF_CHAIN = 0xFFFFFFFA  # and the special marks above it
_FORMULA, _EOF, _BOUNDSHEET, _BOF, _BOOLERR = 0x0006, 0x000A, 0x0085, 0x0809, 0x0205
_ERRORS = {
    0x00: "#NUL!", 0x07: "#DIV/0!", 0x0F: "#VALEUR!", 0x17: "#REF!", 0x1D: "#NOM?", 0x24: "#NOMBRE!", 0x2A: "#N/A",
}  # fmt: skip


def marks(data: bytes, sheet: str) -> dict[tuple[int, int], str]:
    """(row, column) of each formula and error of a sheet; empty when the file cannot be walked."""
    try:
        stream = _workbook(data)
        starts = dict(_sheets(stream))
        return dict(_cells(stream, starts[sheet])) if sheet in starts else {}
    except (struct.error, IndexError, UnicodeDecodeError):
        return {}  # the spreadsheet reader has accepted the file; only these marks are missing


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
    parts = []
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


def _cells(stream: bytes, start: int) -> Iterator[tuple[tuple[int, int], str]]:
    depth = 0
    for kind, content in _records(stream, start):
        depth += (kind == _BOF) - (kind == _EOF)
        if depth == 0:
            return
        if kind == _FORMULA:
            row, column = struct.unpack_from("<2H", content)
            special = content[12:14] == b"\xff\xff"  # else the result is a plain number
            if special and content[6] == 1:
                continue  # a boolean, which LibreOffice writes as =TRUE()
            failed = special and content[6] == 2
            yield (row, column), _ERRORS.get(content[8], "#N/A") if failed else "=formule"
        elif kind == _BOOLERR and content[7]:
            row, column = struct.unpack_from("<2H", content)
            yield (row, column), _ERRORS.get(content[6], "#N/A")
