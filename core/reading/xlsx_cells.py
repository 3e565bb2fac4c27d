"""The cells of an Excel sheet as it shows them: formats, merged, hidden and struck cells, formulas."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

from core.reading import number_formats
from core.reading.marks import BOOLEAN, CellRun, Marks, all_struck, as_seen, day_of, local

_YES = ("1", "true")
_SHIFTS = {"superscript": 1, "subscript": -1}
_DRESSED = (b"strike", b"vertAlign")
"""What a text says of which a part is struck, raised or lowered."""
_FAR = 16_384  # columns of a sheet
_SIGNS = (b"<f>", b"<f ", b"<f/", b":f>", b":f ", b'="e"', b"='e'", b"hidden", b"autoFilter")


def xlsx_marks(parts: Mapping[str, bytes], sheet: str) -> Marks:
    """What the parts of a workbook say of one of its sheets; the merged ranges are left to its reader."""
    content = parts.get(_part(parts, sheet), b"")
    styles = _styles(parts.get("xl/styles.xml", b""))
    rich = _rich(parts.get("xl/sharedStrings.xml", b""))
    book = parts.get("xl/workbook.xml", b"")
    found = Marks(
        stale=bool(re.search(rb'fullCalcOnLoad="(1|true)"', book)),
        saved=day_of(rb"modified[^>]*>", parts.get("docProps/core.xml", b"")),
        from_1904=bool(re.search(rb'date1904="(1|true)"', book)),
        no_zeros=bool(re.search(rb"sheetView [^>]*showZeros=[\"'](0|false)", content)),
    )
    if rich or any(sign in content for sign in (*_SIGNS, *_DRESSED)) or _uses(content, styles):
        _walk(content, _Looks(styles.formats, styles.struck, rich), found)
    return found


@dataclass(frozen=True, slots=True)
class _Styles:
    """Of the cell styles, by their number: the formats that change what is shown, and those that strike through."""

    formats: Mapping[str, str]
    struck: frozenset[str]


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


def _run(stretch: ElementTree.Element) -> CellRun:
    words = "".join(one.text or "" for one in stretch if local(one.tag) == "t")
    dress = [one for part in stretch if local(part.tag) == "rPr" for one in part]
    struck = any(local(one.tag) == "strike" and one.get("val", "1") in _YES for one in dress)
    shift = next((_SHIFTS.get(one.get("val", ""), 0) for one in dress if local(one.tag) == "vertAlign"), 0)
    return CellRun(words, struck, shift)


def _styles(content: bytes) -> _Styles:
    if not content:
        return _Styles({}, frozenset())
    root = ElementTree.fromstring(content)
    codes: dict[str, str] = {str(number): code for number, code in number_formats.BUILT_IN.items()}
    fonts: list[bool] = []
    cells: list[ElementTree.Element] = []
    for group in root:
        match local(group.tag):
            case "numFmts":
                codes |= {one.get("numFmtId", ""): one.get("formatCode", "") for one in group}
            case "fonts":
                fonts = [any(local(e.tag) == "strike" and e.get("val", "1") in _YES for e in font) for font in group]
            case "cellXfs":
                cells = list(group)
    formats, struck = {}, set()
    for number, cell in enumerate(cells):
        code = codes.get(cell.get("numFmtId", ""), "")
        if code and number_formats.changes(code):
            formats[str(number)] = code
        font = int(cell.get("fontId") or 0)
        if font < len(fonts) and fonts[font]:
            struck.add(str(number))
    return _Styles(formats, frozenset(struck))


def _uses(content: bytes, styles: _Styles) -> bool:
    """Whether a cell of the sheet bears one of these styles."""
    numbers = {*styles.formats, *styles.struck}
    return bool(numbers) and bool(re.search(f' s="(?:{"|".join(numbers)})"'.encode(), content))


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


def _walk(content: bytes, styles: _Looks, found: Marks) -> None:
    row = column = -1
    for event, element in ElementTree.iterparse(io.BytesIO(content), events=("start", "end")):
        name = local(element.tag)
        if event == "start" and name == "row":
            row, column = int(element.get("r", row + 2)) - 1, -1
            if element.get("hidden") in _YES:
                found.hidden_rows.add(row)
        elif event == "start" and name == "c":
            column = _column(element.get("r", "")) if element.get("r") else column + 1
        elif event == "end" and name == "c":
            _look(element, (row, column), styles, found)
        elif event == "end" and name == "row":
            element.clear()
        elif event == "start" and name == "col" and element.get("hidden") in _YES:
            first, last = int(element.get("min", 1)), int(element.get("max", 1))
            found.hidden_columns |= set(range(first - 1, min(last, _FAR)))
        elif event == "start" and name == "autoFilter":
            found.filtered = True


def _look(cell: ElementTree.Element, place: tuple[int, int], styles: _Looks, found: Marks) -> None:
    style, kind = cell.get("s", "0"), cell.get("t", "n")
    formula, value = _formula_and_value(cell)
    if kind == "e":
        found.texts[place] = value or "#N/A"
    elif formula is not None and not BOOLEAN.fullmatch(formula):
        _look_at_formula(formula, kind, value, place, found)
    filled = bool(value) or kind == "inlineStr"
    code = styles.formats.get(style)
    if code and filled and (kind == "n" or number_formats.touches_texts(code)):
        found.formats[place] = code
    if filled and style in styles.struck:
        found.struck.add(place)
    if kind == "s":
        _look_at_words(styles.rich.get(value or "", ()), place, found)
    elif kind == "inlineStr":
        _look_at_words(_inline(cell), place, found)


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


def _inline(cell: ElementTree.Element) -> tuple[CellRun, ...]:
    return next((_runs(one) for one in cell if local(one.tag) == "is"), ())


def _column(reference: str) -> int:
    number = 0
    for letter in re.sub(r"[^A-Z]", "", reference):
        number = 26 * number + ord(letter) - 64
    return number - 1
