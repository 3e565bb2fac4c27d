"""Cells as the spreadsheet shows them, in XLSX and ODS: formats, merged, hidden and struck cells, formulas."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from xml.etree import ElementTree

from core.reading import number_formats
from core.reading.marks import CellRun, Marks, all_struck, as_seen

_BOOLEAN = re.compile(r"=?(of:)?=?(TRUE|FALSE|VRAI|FAUX)\(\)", re.IGNORECASE)
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
        saved=_day_of(rb"modified[^>]*>", parts.get("docProps/core.xml", b"")),
        from_1904=bool(re.search(rb'date1904="(1|true)"', book)),
        no_zeros=bool(re.search(rb'<sheetView [^>]*showZeros="(0|false)"', content)),
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
    texts = [one for one in ElementTree.fromstring(content) if _local(one.tag) == "si"]
    found = {str(number): _runs(one) for number, one in enumerate(texts)}
    return {number: runs for number, runs in found.items() if any(run.struck or run.shift for run in runs)}


def _runs(text: ElementTree.Element) -> tuple[CellRun, ...]:
    """The stretches of a rich text; none for a plain one."""
    return tuple(_run(one) for one in text if _local(one.tag) == "r")


def _run(stretch: ElementTree.Element) -> CellRun:
    words = "".join(one.text or "" for one in stretch if _local(one.tag) == "t")
    dress = [one for part in stretch if _local(part.tag) == "rPr" for one in part]
    struck = any(_local(one.tag) == "strike" and one.get("val", "1") in _YES for one in dress)
    shift = next((_SHIFTS.get(one.get("val", ""), 0) for one in dress if _local(one.tag) == "vertAlign"), 0)
    return CellRun(words, struck, shift)


def _styles(content: bytes) -> _Styles:
    if not content:
        return _Styles({}, frozenset())
    root = ElementTree.fromstring(content)
    codes: dict[str, str] = {str(number): code for number, code in number_formats.BUILT_IN.items()}
    fonts: list[bool] = []
    cells: list[ElementTree.Element] = []
    for group in root:
        match _local(group.tag):
            case "numFmts":
                codes |= {one.get("numFmtId", ""): one.get("formatCode", "") for one in group}
            case "fonts":
                fonts = [any(_local(e.tag) == "strike" and e.get("val", "1") in _YES for e in font) for font in group]
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


def _day_of(mark: bytes, content: bytes) -> date | None:
    """The day that follows a mark in the properties of a workbook, None when no day does."""
    found = re.search(mark + rb"(\d{4})-(\d{2})-(\d{2})", content)
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None


def _part(parts: Mapping[str, bytes], sheet: str) -> str:
    """The name of the part that holds the sheet, through the workbook's relations."""
    book = ElementTree.fromstring(parts["xl/workbook.xml"])
    relations = ElementTree.fromstring(parts.get("xl/_rels/workbook.xml.rels", b"<r/>"))
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    for element in book.iter():
        if _local(element.tag) == "sheet" and element.get("name") == sheet:
            identifier = next((value for key, value in element.items() if _local(key) == "id"), None)
            target = targets.get(identifier, "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return ""


def _walk(content: bytes, styles: _Looks, found: Marks) -> None:
    row = column = -1
    for event, element in ElementTree.iterparse(io.BytesIO(content), events=("start", "end")):
        name = _local(element.tag)
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
    style = cell.get("s", "0")
    formula = next((child for child in cell if _local(child.tag) == "f"), None)
    value = next((child.text or "" for child in cell if _local(child.tag) == "v"), None)
    kind = cell.get("t", "n")
    if kind == "e":
        found.texts[place] = value or "#N/A"
    elif formula is not None and not _BOOLEAN.fullmatch(formula.text or ""):
        computed = value is not None and (value != "" or kind == "str")
        if not computed or (found.stale and value == "0"):  # « 0 »: what programs write that cannot compute
            found.texts[place] = f"={formula.text or 'formule'}"
        else:
            found.formulas.add(place)
    code = styles.formats.get(style)
    if code and (value or kind == "inlineStr") and (kind == "n" or number_formats.touches_texts(code)):
        found.formats[place] = code
    runs = styles.rich.get(value or "", ()) if kind == "s" else _inline(cell) if kind == "inlineStr" else ()
    if runs and (text := as_seen(runs)) is not None:
        found.texts[place] = text
    if all_struck(runs) or (style in styles.struck and (value or kind == "inlineStr")):
        found.struck.add(place)


def _inline(cell: ElementTree.Element) -> tuple[CellRun, ...]:
    return next((_runs(one) for one in cell if _local(one.tag) == "is"), ())


def _column(reference: str) -> int:
    number = 0
    for letter in re.sub(r"[^A-Z]", "", reference):
        number = 26 * number + ord(letter) - 64
    return number - 1


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


# --- The cells of a LibreOffice sheet beyond their values: formulas, formats, merged, hidden and struck cells ----
# Source: OASIS, OpenDocument 1.3, part 3, chapters 9 (tables) and 16 (styles).


_ERROR = re.compile(r"#[A-Z/0]+[!?]?|Err:\d+")
_TIME = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")
_HIDDEN = ("collapse", "filter")
_FAR_ROWS, _FAR_COLUMNS = 10_000, 100
_ods_cells_SIGNS = (
    b"table:formula",
    b"rows-spanned",
    b"columns-spanned",
    b'value-type="percentage"',
    b"time-value",
    b"table:visibility",
)
_BODY = b"<office:body"
_NUMBER_STYLES = ("number-style", "percentage-style", "currency-style", "text-style", "date-style")
_CASE = re.compile(r"value\(\)\s*(<=|>=|!=|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_DAY_PARTS = {"day": "dd", "month": "mm", "year": "yyyy", "hours": "hh", "day-of-week": "dddd"}
_AS_IT_IS = "General"
_PLAIN = CellRun("")
_MOST_SPACES = 1_000

Element = ElementTree.Element


def ods_marks(parts: Mapping[str, bytes], sheet: str) -> Marks:
    """What the parts of a workbook say of one of its sheets."""
    content = parts["content.xml"]
    found = Marks(
        saved=_day_of(b"<dc:date>", parts.get("meta.xml", b"")),
        from_1904=bool(re.search(rb"null-date.{1,80}1904", content)),
        no_zeros=bool(re.search(rb'config:name="ShowZeroValues"[^>]*>\s*false', parts.get("settings.xml", b""))),
    )
    head, _, _body = content.partition(_BODY)
    roots = [ElementTree.fromstring(head + b"</office:document-content>")] if _body else []
    roots += [ElementTree.fromstring(parts["styles.xml"])] if "styles.xml" in parts else []
    styles = _ods_cells_Styles.of(roots)
    if _body and not any(sign in content for sign in _ods_cells_SIGNS) and not styles.used_in(_body):
        return found
    for table in ElementTree.fromstring(content).iter():
        if _ods_cells_local(table.tag) == "table" and _get(table, "name") == sheet:
            _ods_cells_walk(table, styles, found)
    return found


@dataclass
class _ods_cells_Styles:
    """By name: the format of each number style, the number style and the parent of each cell style, those struck."""

    codes: dict[str, str]
    numbers: dict[str, str]
    parents: dict[str, str]
    struck: set[str]
    words: dict[str, CellRun] = field(default_factory=dict)
    cases: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, roots: list[Element]) -> _ods_cells_Styles:
        found = cls({}, {}, {}, set())
        for root in roots:
            for element in root.iter():
                name = _get(element, "name")
                if name and _ods_cells_local(element.tag) == "style" and _get(element, "family") == "table-cell":
                    found.numbers[name] = _get(element, "data-style-name")
                    found.parents[name] = _get(element, "parent-style-name")
                    if any(_get(part, "text-line-through-style") not in ("", "none") for part in element):
                        found.struck.add(name)
                elif name and _ods_cells_local(element.tag) == "style" and _get(element, "family") == "text":
                    found.words[name] = _dress(element)
                elif name and _ods_cells_local(element.tag) in _NUMBER_STYLES:
                    found.codes[name] = _code(element)
                    found.cases[name] = list(_cases(element))
        return found

    def format_of(self, style: str) -> str:
        """The format that changes what is shown of the cells of a style; empty when none does."""
        if style not in self.known:
            self.known[style] = self._format_of(self._first(self.numbers, style))
        return self.known[style]

    def _format_of(self, name: str) -> str:
        if name not in self.codes:
            return ""
        cases = (f"{when}{self.codes.get(other, _AS_IT_IS)}" for when, other in self.cases[name])
        code = ";".join([*cases, self.codes[name]])
        return code if number_formats.changes(code) else ""

    def used_in(self, body: bytes) -> bool:
        """Whether a style that changes what is shown, or strikes, is named in the body."""
        names = [name for name in self.numbers if self.format_of(name) or self.strikes(name)]
        names += [name for name, dress in self.words.items() if dress.struck or dress.shift]
        return any(f'style-name="{name}"'.encode() in body for name in names)

    def strikes(self, style: str) -> bool:
        """Whether the cells of a style are struck through."""
        return any(name in self.struck for name in self._family(style))

    def _first(self, values: Mapping[str, str], style: str) -> str:
        return next((values[name] for name in self._family(style) if values.get(name)), "")

    def _family(self, style: str) -> Iterator[str]:
        for _ in range(10):
            if not style:
                return
            yield style
            style = self.parents.get(style, "")


def _dress(style: Element) -> CellRun:
    """How a style of words dresses them."""
    struck = any(_get(part, "text-line-through-style") not in ("", "none") for part in style)
    where = next((at for part in style if (at := _get(part, "text-position"))), "")
    first = where.partition(" ")[0]
    return CellRun("", struck, 1 if first == "super" else -1 if first == "sub" else 0)


def _ods_cells_runs(paragraph: Element, styles: _ods_cells_Styles, dress: CellRun = _PLAIN) -> Iterator[CellRun]:
    """The stretches of a paragraph, comments and notes left out."""
    if _ods_cells_local(paragraph.tag) in ("annotation", "note"):
        return
    space = {"s": " " * min(int(_get(paragraph, "c") or 1), _MOST_SPACES), "tab": "\t", "line-break": "\n"}
    yield dress._replace(text=space.get(_ods_cells_local(paragraph.tag), "") + (paragraph.text or ""))
    for part in paragraph:
        own = styles.words.get(_get(part, "style-name"), dress)
        yield from _ods_cells_runs(part, styles, own)
        yield dress._replace(text=part.tail or "")


def _look_at_words(cell: Element, place: tuple[int, int], styles: _ods_cells_Styles, found: Marks) -> None:
    """A text of which a part is struck, raised or lowered says so."""
    lines = [list(_ods_cells_runs(part, styles)) for part in cell if _ods_cells_local(part.tag) == "p"]
    runs = [run for n, line in enumerate(lines) for run in ([CellRun("\n")] * bool(n) + line) if run.text]
    if (text := as_seen(runs)) is not None:
        found.texts[place] = text
    if all_struck(runs):
        found.struck.add(place)


def _cases(style: Element) -> Iterator[tuple[str, str]]:
    """The conditions of a number style, in the words of Excel's formats, and the style that each calls for."""
    for element in style:
        found = _CASE.fullmatch(_get(element, "condition")) if _ods_cells_local(element.tag) == "map" else None
        if found:
            yield f"[{found[1].replace('!=', '<>')}{found[2]}]", _get(element, "apply-style-name")


def _code(style: Element) -> str:
    """A number or date style in the words of Excel's formats."""
    parts = []
    for element in style:
        match _ods_cells_local(element.tag):
            case "number":
                decimals = int(_get(element, "decimal-places") or 0)
                factor = _get(element, "display-factor") or "1"
                zeros = "0" * max(1, min(int(_get(element, "min-integer-digits") or 1), 40))
                parts.append(_parted(zeros, element))
                parts.append(("." + "0" * min(decimals, 20) if decimals else "") + "," * (factor.count("0") // 3))
            case "text":
                text = element.text or ""
                percent = _ods_cells_local(style.tag) == "percentage-style" and "%" in text
                parts.append("%" if percent else f'"{text}"' if text else "")
            case "currency-symbol":
                parts.append(f'"{element.text or ""}"')
            case "scientific-number" | "fraction":
                return _AS_IT_IS
            case "text-content":
                parts.append("@")
            case "day" | "month" | "year" | "hours" | "day-of-week" as part:
                textual = part == "month" and _get(element, "textual") == "true"
                parts.append("mmmm" if textual else _DAY_PARTS[part])
    return "".join(parts)


def _parted(digits: str, number: Element) -> str:
    """The digits of a number with the texts that stand among them: « 00-00 »."""
    inside = {int(_get(one, "position") or 0): one.text or "" for one in number if _get(one, "position")}
    found = digits = digits.rjust(min(max(inside, default=0) + 1, 40), "#")
    for place, text in sorted(inside.items()):  # counted from the right: what is put in first moves nothing
        at = max(0, len(digits) - place)
        found = f'{found[:at]}"{text}"{found[at:]}'
    return found


def _ods_cells_walk(table: Element, styles: _ods_cells_Styles, found: Marks) -> None:
    defaults = _columns(table, found)
    row = 0
    for line in _rows(table):
        times = int(_get(line, "number-rows-repeated") or 1)
        visibility = _get(line, "visibility")
        near = range(row, row + min(times, _FAR_ROWS))
        if visibility in _HIDDEN:
            found.hidden_rows |= set(near)
            found.filtered |= visibility == "filter"
        column = 0
        for cell in line:
            again = int(_get(cell, "number-columns-repeated") or 1)
            if len(cell) or cell.items():
                for place in range(column, column + min(again, _FAR_COLUMNS)):
                    style = _get(cell, "style-name") or defaults.get(place, "")
                    for each in near if len(near) < _FAR_COLUMNS else near[:1]:
                        _ods_cells_look(cell, (each, place), style, styles, found)
            column += again
        row += times


def _columns(table: Element, found: Marks) -> dict[int, str]:
    """The default style of the cells of each column; the hidden columns are noted."""
    defaults, at = {}, 0
    for column in (element for element in table.iter() if _ods_cells_local(element.tag) == "table-column"):
        times = int(_get(column, "number-columns-repeated") or 1)
        for place in range(at, at + min(times, _FAR_COLUMNS)):
            defaults[place] = _get(column, "default-cell-style-name")
            if _get(column, "visibility") in _HIDDEN:
                found.hidden_columns.add(place)
        at += times
    return defaults


def _rows(table: Element) -> Iterator[Element]:
    return (element for element in table.iter() if _ods_cells_local(element.tag) == "table-row")


def _ods_cells_look(cell: Element, place: tuple[int, int], style: str, styles: _ods_cells_Styles, found: Marks) -> None:
    kind = _get(cell, "value-type")
    formula = _get(cell, "formula")
    if formula and (boolean := _BOOLEAN.fullmatch(formula)):
        found.texts[place] = "VRAI" if boolean[2].upper() in ("TRUE", "VRAI") else "FAUX"
    elif formula:
        shown = " ".join("".join(part.itertext()) for part in cell if _ods_cells_local(part.tag) == "p")
        if _ERROR.fullmatch(shown):
            found.texts[place] = shown
        elif not kind:
            found.texts[place] = "=" + formula.partition(":=")[2]
        else:
            found.formulas.add(place)
    if kind == "time" and (time := _TIME.fullmatch(_get(cell, "time-value"))):
        found.texts[place] = ":".join(f"{int(part):02d}" for part in time.groups())
    if kind in ("float", "percentage", "currency", "date"):
        code = styles.format_of(style) or ("0%" if kind == "percentage" else "")
        if code:
            found.formats[place] = code
    if kind == "string" and (code := styles.format_of(style)) and number_formats.touches_texts(code):
        found.formats[place] = code
    if kind == "string" and styles.words:
        _look_at_words(cell, place, styles, found)
    if kind and styles.strikes(style):
        found.struck.add(place)
    down, right = int(_get(cell, "number-rows-spanned") or 1), int(_get(cell, "number-columns-spanned") or 1)
    if down > 1 or right > 1:
        row, column = place
        found.merges.append((place, (row + min(down, _FAR_ROWS) - 1, column + min(right, _FAR_COLUMNS) - 1)))


def _get(element: Element, name: str) -> str:
    return next((value for key, value in element.items() if key.rpartition("}")[2] == name), "")


def _ods_cells_local(tag: object) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
