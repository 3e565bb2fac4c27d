"""The cells of an Excel sheet as it shows them: formats, merged, hidden and struck cells, formulas."""

from __future__ import annotations

import io
import posixpath
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

from core.reading import number_formats
from core.reading.marks import (
    BOOLEAN,
    CellRun,
    Marks,
    Range,
    Texts,
    all_struck,
    as_seen,
    column_of,
    day_of,
    local,
    range_of,
    sums_above,
)

_SHIFTS = {"superscript": 1, "subscript": -1}
_DRESSED = (b"strike", b"vertAlign")
"""What a text says of which a part is struck, raised or lowered."""
_FAR = 16_384  # columns of a sheet
_PLAIN = "0"
_OF_NUMBERS = ("n", "d")
_SIGNS = (
    *(b"<f>", b"<f ", b"<f/", b":f>", b":f ", b'="e"', b"hidden", b"autoFilter", b"zeroHeight"),
    *(b' ht="0"', b' ht="0.', b'width="0"', b'width="0.0"'),
)
"""What makes a sheet worth walking through."""
_UNUSUAL = (b"='", b"= ", b' ="', b'\ns="', b'\ts="', b'\nt="', b"<f\n", b"<f\t")
"""What no usual program writes, so that nothing can be told of the sheet without walking."""


def xlsx_marks(parts: Mapping[str, bytes], sheet: str) -> Marks:
    """What the parts of a workbook say of one of its sheets; the merged ranges are left to its reader."""
    part = _part(parts, sheet)
    content = parts.get(part, b"")
    styles = _styles(parts.get("xl/styles.xml", b""))
    rich = _rich(parts.get("xl/sharedStrings.xml", b""))
    book = parts.get("xl/workbook.xml", b"")
    found = Marks(
        stale=bool(re.search(rb'fullCalcOnLoad="(1|true)"', book)),
        saved=day_of(rb"modified[^>]*>", parts.get("docProps/core.xml", b"")),
        from_1904=bool(re.search(rb'date1904="(1|true)"', book)),
        no_zeros=bool(re.search(rb"sheetView [^>]*showZeros=[\"'](0|false)", content)),
        totals=_rows_of_totals(parts, part),
    )
    if rich or any(sign in content for sign in (*_SIGNS, *_DRESSED, *_UNUSUAL)) or _uses(content, styles):
        _walk(content, _Looks(styles.formats, styles.struck, styles.unseen, (), rich), found)
    if styles.hiding or b":dxf>" in content:
        found.conditional = conditional_ranges(content, styles.hiding)
    return found


def xlsx_formats(parts: Mapping[str, bytes], sheet: str) -> Texts:
    """The format of every number of a sheet, whether or not it changes what is shown."""
    styles, found = _styles(parts.get("xl/styles.xml", b""), every=True), Marks()
    if styles.formats:
        _walk(parts.get(_part(parts, sheet), b""), _Looks(styles.formats, frozenset(), frozenset(), (), {}), found)
    return found.formats


@dataclass(frozen=True, slots=True)
class _Styles:
    """Of the cell styles, by their number: the formats that change what is shown, those that strike or are not seen.

    ``hiding`` are the conditional styles that may strike or hide.
    """

    formats: Mapping[str, str]
    struck: frozenset[str]
    unseen: frozenset[str]
    hiding: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Looks(_Styles):
    """The styles too, and by their number the shared texts of which a part is struck, raised or lowered."""

    rich: Mapping[str, tuple[CellRun, ...]]


def _rich(content: bytes) -> dict[str, tuple[CellRun, ...]]:
    if not any(sign in content for sign in _DRESSED):
        return {}
    texts = [one for one in ElementTree.fromstring(content) if local(one.tag) == "si"]
    found = {str(number): _runs(one) for number, one in enumerate(texts)}
    return {number: runs for number, runs in found.items() if any(run.struck or run.shift for run in runs)}


def _runs(text: ElementTree.Element) -> tuple[CellRun, ...]:
    """The stretches of a rich text; none for a plain one."""
    return tuple(_run(one) for one in text if local(one.tag) == "r")


def _is_strike(dress: ElementTree.Element) -> bool:
    return local(dress.tag) == "strike" and dress.get("val", "1") in YES


def _strikes(font: ElementTree.Element | None) -> bool:
    return font is not None and any(map(_is_strike, font))


def _run(stretch: ElementTree.Element) -> CellRun:
    words = "".join(one.text or "" for one in stretch if local(one.tag) == "t")
    dress = [one for part in stretch if local(part.tag) == "rPr" for one in part]
    struck = any(map(_is_strike, dress))
    shift = next((_SHIFTS.get(one.get("val", ""), 0) for one in dress if local(one.tag) == "vertAlign"), 0)
    return CellRun(words, struck, shift)


def _styles(content: bytes, *, every: bool = False) -> _Styles:
    if not content:
        return _Styles({}, frozenset(), frozenset(), ())
    groups = {local(group.tag): list(group) for group in ElementTree.fromstring(content)}
    codes: dict[str, str] = {str(number): code for number, code in number_formats.BUILT_IN.items()}
    codes |= {one.get("numFmtId", ""): one.get("formatCode", "") for one in groups.get("numFmts", ())}
    fonts, fills = groups.get("fonts", []), groups.get("fills", [])
    formats, struck, unseen = {}, set(), set()
    for number, cell in enumerate(groups.get("cellXfs", ())):
        code = codes.get(cell.get("numFmtId", ""), "")
        if code and (every or number_formats.changes(code)):
            formats[str(number)] = code
        font, fill = _named(fonts, cell.get("fontId")), _named(fills, cell.get("fillId"))
        if _strikes(font):
            struck.add(str(number))
        if is_unseen(font, fill):
            unseen.add(str(number))
    hiding = tuple(number for number, dress in enumerate(groups.get("dxfs", ())) if may_hide(dress))
    return _Styles(formats, frozenset(struck), frozenset(unseen), hiding)


def _named(listed: Sequence[ElementTree.Element], number: str | None) -> ElementTree.Element | None:
    place = int(number or 0)
    return listed[place] if place < len(listed) else None


def _uses(content: bytes, styles: _Styles) -> bool:
    """Whether a cell of the sheet bears one of these styles."""
    numbers = {*styles.formats, *styles.struck, *styles.unseen}
    if not numbers or _PLAIN in numbers:  # a cell that names no style bears the first one
        return bool(numbers)
    return re.search(f' s="0*(?:{"|".join(numbers)})"'.encode(), content) is not None


def _part(parts: Mapping[str, bytes], sheet: str) -> str:
    """The name of the part that holds the sheet, through the workbook's relations."""
    book = ElementTree.fromstring(parts["xl/workbook.xml"])
    relations = ElementTree.fromstring(parts.get("xl/_rels/workbook.xml.rels", b"<r/>"))
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    for element in book.iter():
        if local(element.tag) == "sheet" and element.get("name") == sheet:
            identifier = next((value for key, value in element.items() if local(key) == "id"), None)
            target = targets.get(identifier, "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return ""


def _is_nothing(size: str | None) -> bool:
    """Whether a height or a width is said to be zero."""
    return size is not None and not size.strip("0. ")


def _walk(content: bytes, styles: _Looks, found: Marks) -> None:
    row = column = -1
    unseen = ""
    for event, element in ElementTree.iterparse(io.BytesIO(content), events=("start", "end")):
        name = local(element.tag)
        if event == "start" and name == "row":
            row, column = int(element.get("r", row + 2)) - 1, -1
            if element.get("hidden", unseen) in YES or _is_nothing(element.get("ht")):
                found.hidden_rows.add(row)
        elif event == "start" and name == "c":
            column = _column(element.get("r", "")) if element.get("r") else column + 1
        elif event == "end" and name == "c":
            _look(element, (row, column), styles, found)
        elif event == "end" and name == "row":
            element.clear()
        elif event == "start" and name == "sheetFormatPr":
            unseen = element.get("zeroHeight", "")
        elif event == "start" and name == "col" and (element.get("hidden") in YES or _is_nothing(element.get("width"))):
            first, last = int(element.get("min", 1)), int(element.get("max", 1))
            found.hidden_columns |= set(range(first - 1, min(last, _FAR)))
        elif event == "start" and name == "autoFilter":
            found.filtered = True


def _look(cell: ElementTree.Element, place: tuple[int, int], styles: _Looks, found: Marks) -> None:
    style, kind = cell.get("s", _PLAIN), cell.get("t", "n")
    style = style if style in styles.formats or len(style) == 1 else style.lstrip("0") or _PLAIN
    formula, value = _formula_and_value(cell)
    if kind == "e":
        found.texts[place] = value or "#N/A"
    elif formula is not None and not BOOLEAN.fullmatch(formula):
        _look_at_formula(formula, kind, value, place, found)
        found.arrays += filter(None, [_array(cell)])
    filled = bool(value) or kind == "inlineStr"
    code = styles.formats.get(style)
    if code and filled and (kind in _OF_NUMBERS or number_formats.touches_texts(code)):
        found.formats[place] = code
    if filled and style in styles.struck:
        found.struck.add(place)
    if filled and style in styles.unseen:
        found.invisible.add(place)
    if kind == "s":
        _look_at_words(styles.rich.get(value or "", ()), place, found)
    elif kind == "inlineStr":
        _look_at_words(_inline(cell), place, found)


def _array(cell: ElementTree.Element) -> Range | None:
    """The range that one formula fills, of which it stands in the first cell alone."""
    formula = next((one for one in cell if local(one.tag) == "f"), None)
    return range_of(formula.get("ref", "")) if formula is not None and formula.get("t") == "array" else None


def _look_at_words(runs: Sequence[CellRun], place: tuple[int, int], found: Marks) -> None:
    """A text of which a part is struck, raised or lowered says so."""
    if runs and (text := as_seen(runs)) is not None:
        found.texts[place] = text
    if all_struck(runs):
        found.struck.add(place)


def _formula_and_value(cell: ElementTree.Element) -> tuple[str | None, str | None]:
    """The text of each, empty when it stands without one; None when it does not stand."""
    formula = value = None
    for child in cell:
        name = local(child.tag)
        if name == "f" and formula is None:
            formula = child.text or ""
        elif name == "v" and value is None:
            value = child.text or ""
    return formula, value


def _look_at_formula(formula: str, kind: str, value: str | None, place: tuple[int, int], found: Marks) -> None:
    """One whose result nobody computed is read as its text."""
    computed = value is not None and (value != "" or kind == "str")
    if not computed or (found.stale and value == "0"):  # « 0 »: what programs write that cannot compute
        found.texts[place] = f"={formula or 'formule'}"
    else:
        found.formulas.add(place)
        if sums_above(formula, place):
            found.totals.add(place[0])


def _inline(cell: ElementTree.Element) -> tuple[CellRun, ...]:
    return next((_runs(one) for one in cell if local(one.tag) == "is"), ())


def _column(reference: str) -> int:
    return column_of(re.sub(r"[^A-Za-z]", "", reference))


# --- The tables of a sheet (« Mettre sous forme de tableau »): the rows of totals that Excel keeps under them ----


_RANGE = re.compile(r"\$?[A-Z]+\$?(\d+):\$?[A-Z]+\$?(\d+)")


def _rows_of_totals(parts: Mapping[str, bytes], part: str) -> set[int]:
    """The rows of totals of the tables of a sheet, from 0."""
    folder, _, name = part.rpartition("/")
    relations = parts.get(f"{folder}/_rels/{name}.rels", b"")
    found: set[int] = set()
    for relation in ElementTree.fromstring(relations) if b"/table" in relations else ():
        target = relation.get("Target", "")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        if relation.get("Type", "").endswith("/table") and path in parts:
            found |= _totals_of(ElementTree.fromstring(parts[path]))
    return found


def _totals_of(table: ElementTree.Element) -> set[int]:
    count, where = table.get("totalsRowCount", "0"), _RANGE.fullmatch(table.get("ref", ""))
    return set(range(int(where[2]) - int(count), int(where[2]))) if where and count.isdigit() else set()


# --- What is written in an Excel sheet and not seen: in the colour of its ground, or as a conditional format decides --


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
