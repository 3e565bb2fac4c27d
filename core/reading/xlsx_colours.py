"""What is written in an Excel sheet and not seen: in the colour of its ground, or as a conditional format decides."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator
from xml.etree import ElementTree

from core.reading import number_formats
from core.reading.marks import Range, local, range_of

YES = ("1", "true")
_WHITE = "white"
_WHITES = {("rgb", "FFFFFF"), ("theme", "0"), ("indexed", "1"), ("indexed", "9")}
"""How a file writes white: by itself, as the ground of the theme, or by its place in the old palette."""

Element = ElementTree.Element


def is_unseen(font: Element | None, fill: Element | None) -> bool:
    """Whether words in this font do not show on this ground, which is white when nothing is said of it."""
    ink = _colour(font, "color")
    return ink is not None and ink == _ground(fill)


def may_hide(dress: Element) -> bool:
    """Whether a conditional style strikes what it applies to, shows nothing of it, or writes it as its ground is."""
    parts = {local(part.tag): part for part in dress}
    code = parts["numFmt"].get("formatCode", "") if "numFmt" in parts else ""
    font = parts.get("font")
    struck = font is not None and any(local(one.tag) == "strike" and one.get("val", "1") in YES for one in font)
    nothing = bool(code) and (number_formats.conceals(1, code) or number_formats.conceals(-1, code))
    return struck or nothing or is_unseen(font, parts.get("fill"))


def conditional_ranges(content: bytes, hiding: Collection[int]) -> list[Range]:
    """The ranges of a sheet that a conditional format may strike or hide."""
    found: list[Range] = []
    for _, element in ElementTree.iterparse(io.BytesIO(content)):
        if local(element.tag) == "row":
            element.clear()
        if local(element.tag) == "conditionalFormatting" and any(_hides(one, hiding) for one in element.iter()):
            found += _ranges(element)
    return found


def _hides(rule: Element, hiding: Collection[int]) -> bool:
    if local(rule.tag) == "dxf":
        return may_hide(rule)
    number = rule.get("dxfId", "")
    return local(rule.tag) == "cfRule" and number.isdigit() and int(number) in hiding


def _ranges(formatting: Element) -> Iterator[Range]:
    texts = [formatting.get("sqref", ""), *(one.text or "" for one in formatting if local(one.tag) == "sqref")]
    for reference in " ".join(texts).split():
        if (found := range_of(reference)) is not None:
            yield found


def _ground(fill: Element | None) -> str:
    """The colour behind the words."""
    pattern = next((one for one in fill.iter() if local(one.tag) == "patternFill"), None) if fill is not None else None
    if pattern is None or pattern.get("patternType", "solid" if len(pattern) else "none") == "none":
        return _WHITE
    # A conditional style says its colour as the second one, a cell as the first.
    return _colour(pattern, "fgColor") or _colour(pattern, "bgColor") or ""


def _colour(holder: Element | None, name: str) -> str | None:
    """A colour, white by one name; None when none is said."""
    said = next((one for one in holder if local(one.tag) == name), None) if holder is not None else None
    if said is None or float(said.get("tint", "0") or 0):
        return None
    for kind in ("rgb", "theme", "indexed"):
        if value := said.get(kind):
            value = value[-6:].upper() if kind == "rgb" else value
            return _WHITE if (kind, value) in _WHITES else f"{kind}:{value}"
    return None
