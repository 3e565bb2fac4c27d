"""Conditional formats of an old Excel sheet that may strike or hide the cells that they apply to.

Such a format is a record of ranges (CONDFMT) that its conditions follow (CF), each with the part of a style
that it changes (DXFN). What Excel 2007 added, a number format among others, stands in records of its own
(CONDFMT12, CF12). Source: Microsoft, [MS-XLS], 2.4.42, 2.4.43, 2.4.56, 2.4.57 and 2.5.91.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from core.reading import number_formats
from core.reading.marks import Range

_RANGES, _RANGES_12, _RULE, _RULE_12 = 0x01B0, 0x0879, 0x01B1, 0x087A
_LATER = 12
"""Bytes that the records of Excel 2007 have in front."""
_NUMBER, _FONT, _ALIGNMENT, _BORDER, _FILL = (1 << bit for bit in (25, 26, 27, 28, 29))
_NO_PATTERN, _NO_BACK = 1 << 16, 1 << 18
_FONT_SIZE, _SIZES = 118, ((_ALIGNMENT, 8), (_BORDER, 8))
_STRUCK = 0x80
_UNSAID = 0xFFFFFFFF
WHITE, _OTHER_WHITE = 9, 1
_SOLID = (0, 1)


@dataclass
class Conditions:
    """The ranges of one sheet that a condition may strike or hide, record after record."""

    found: list[Range] = field(default_factory=list)
    _over: list[Range] = field(default_factory=list)

    def look(self, kind: int, content: bytes) -> None:
        """Take a record of the sheet; those of other kinds say nothing. Raises struct.error for one that is cut."""
        if kind in (_RANGES, _RANGES_12):
            self._over = list(_ranges(content[_LATER if kind == _RANGES_12 else 0 :]))
        elif kind in (_RULE, _RULE_12) and self._over and may_hide(_dress(kind, content)):
            self.found += self._over
            self._over = []  # one condition is enough


def may_hide(dress: bytes) -> bool:
    """Whether a conditional style strikes what it applies to, shows nothing of it, or writes it as its ground is."""
    if len(dress) < 6:
        return False
    (said,) = struct.unpack_from("<I", dress)
    place, nothing, ink, struck = 6, False, None, False
    if said & _NUMBER:
        code, place = _format(dress, place)
        nothing = bool(code) and any(number_formats.conceals(number, code) for number in (1, -1))
    if said & _FONT:
        (flags,), (colour, _, unchanged) = (
            struct.unpack_from("<I", dress, place + 68),
            struct.unpack_from("<3I", dress, place + 80),
        )
        struck = bool(flags & _STRUCK) and not unchanged & _STRUCK
        ink = None if colour == _UNSAID else plain(colour)
        place += _FONT_SIZE
    place += sum(size for part, size in _SIZES if said & part)
    return nothing or struck or (ink is not None and ink == _ground(said, dress, place))


def _ranges(content: bytes) -> Iterator[Range]:
    (count,) = struct.unpack_from("<H", content, 12)
    for rank in range(count):
        top, bottom, left, right = struct.unpack_from("<4H", content, 14 + 8 * rank)
        yield (top, left), (bottom, right)


def _dress(kind: int, content: bytes) -> bytes:
    """The part of a style that a condition changes; nothing when it changes none."""
    if kind == _RULE:
        return content[6:]
    (size,) = struct.unpack_from("<I", content, _LATER + 6)
    return content[_LATER + 10 : _LATER + 10 + size]


def _format(dress: bytes, place: int) -> tuple[str, int]:
    """The number format that stands at ``place``, and where what follows it begins."""
    if not dress[4] & 1:
        return number_formats.BUILT_IN.get(dress[place + 1], ""), place + 2
    size, letters, wide = struct.unpack_from("<2HB", dress, place)
    text = dress[place + 5 : place + 5 + letters * (2 if wide & 1 else 1)]
    return text.decode("utf-16-le" if wide & 1 else "cp1252"), place + size


def _ground(said: int, dress: bytes, place: int) -> int | None:
    """The colour behind the words: white where none is said; None behind a pattern that lets two be seen."""
    if not said & _FILL:
        return WHITE
    pattern, colours = struct.unpack_from("<2H", dress, place)
    if not said & _NO_PATTERN and pattern >> 10 not in _SOLID:
        return None
    return None if said & _NO_BACK else plain(colours >> 7 & 0x7F)


def plain(colour: int) -> int:
    """A colour by its place in the palette; white stands there twice."""
    return WHITE if colour == _OTHER_WHITE else colour
