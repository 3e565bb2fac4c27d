"""The cells of a LibreOffice sheet as it shows them: formulas, formats, merged, hidden and struck cells.

Source: OASIS, OpenDocument 1.3, part 3, chapters 9 (tables) and 16 (styles).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
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
    day_of,
    local,
    range_of,
    sums_above,
)

_ERROR = re.compile(r"#[A-Z/0]+[!?]?|Err:\d+")
_TIME = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")
_HIDDEN = ("collapse", "filter")
_FAR_ROWS, _FAR_COLUMNS = 10_000, 100
_SIGNS = (
    b"table:formula",
    b"rows-spanned",
    b"columns-spanned",
    b'value-type="percentage"',
    b"time-value",
    b"table:visibility",
    b"conditional-format",
)
_REBUILT = (b"text:tab", b"text:line-break", b"text:note", b"text:ruby", b"string-value", b"<![CDATA[")
"""What makes the reader of the cells lose a part of a text, or read another one than the one that is shown."""
_UNSAID = re.compile(
    rb"<table:table-cell(?![^>]*office:value-type=\"(?!void))[^>]*[^/>]?>\s*<text:p|office:currency=\"(?!EUR|\")"
)
"""A text of which the file does not say what it is, an amount in another currency than ours."""
_BODY = b"<office:body"
_WHITE = "#ffffff"
_NUMBER_STYLES = ("number-style", "percentage-style", "currency-style", "text-style", "date-style", "time-style")
_CASE = re.compile(r"value\(\)\s*(<=|>=|!=|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_DAY_PARTS = {"day": "d", "month": "m", "hours": "h", "minutes": "m", "seconds": "s"}
_AS_IT_IS = "General"
_NUMBERS = ("float", "percentage", "currency", "date")
_PLAIN = CellRun("")
_MOST_SPACES = 1_000

Element = ElementTree.Element


def ods_marks(parts: Mapping[str, bytes], sheet: str) -> Marks:
    """What the parts of a workbook say of one of its sheets."""
    content = parts["content.xml"]
    found = Marks(
        saved=day_of(b"<dc:date>", parts.get("meta.xml", b"")),
        from_1904=bool(re.search(rb"null-date.{1,80}1904", content)),
        no_zeros=bool(re.search(rb'config:name="ShowZeroValues"[^>]*>\s*false', parts.get("settings.xml", b""))),
    )
    _, _, _body = content.partition(_BODY)
    styles = _OdsStyles.of(_roots(parts))
    styles.rebuilt = any(sign in content for sign in _REBUILT) or _UNSAID.search(content) is not None
    if _body and not styles.rebuilt and not any(sign in content for sign in _SIGNS) and not styles.used_in(_body):
        return found
    for table in ElementTree.fromstring(content).iter():
        if local(table.tag) == "table" and _get(table, "name") == sheet:
            _walk(table, styles, found)
            found.conditional += _conditional(table, styles)
    return found


def _conditional(table: Element, styles: _OdsStyles) -> Iterator[Range]:
    """The ranges of a sheet that a conditional format may strike or hide."""
    for one in (element for element in table.iter() if local(element.tag) == "conditional-format"):
        if any(styles.may_hide(_get(rule, "apply-style-name")) for rule in one):
            for reference in _get(one, "target-range-address").split():
                if (found := range_of(reference)) is not None:
                    yield found


def ods_faces(parts: Mapping[str, bytes], sheet: str) -> Texts:
    """What the file itself writes that each number of a sheet shows: « 3,10 » for 3.1; only where it says so."""
    styles = _OdsStyles.of(_roots(parts))
    found: Texts = {}
    for table in ElementTree.fromstring(parts["content.xml"]).iter():
        if local(table.tag) == "table" and _get(table, "name") == sheet:
            for place, cell in _placed(table):
                if _get(cell, "value-type") in (*_NUMBERS, "time"):
                    words = _words(cell, styles).strip()
                    found |= {place: words} if words else {}
    return found


def ods_formats(parts: Mapping[str, bytes], sheet: str) -> Texts:
    """The format of every number of a sheet, whether or not it changes what is shown."""
    styles, found = _OdsStyles.of(_roots(parts)), {}
    for table in ElementTree.fromstring(parts["content.xml"]).iter():
        if local(table.tag) == "table" and _get(table, "name") == sheet:
            defaults = _columns(table, Marks())
            for place, cell in _placed(table):
                style = _get(cell, "style-name") or defaults.get(place[1], "")
                code = styles.code_of(style) if _get(cell, "value-type") in _NUMBERS else ""
                if code and _AS_IT_IS not in code:  # a fraction, or powers of ten: the file says what it shows
                    found[place] = code
    return found


def _roots(parts: Mapping[str, bytes]) -> list[Element]:
    """What declares the styles: the head of the cells, and the styles of the document."""
    head, _, body = parts["content.xml"].partition(_BODY)
    roots = [ElementTree.fromstring(head + b"</office:document-content>")] if body else []
    return roots + ([ElementTree.fromstring(parts["styles.xml"])] if "styles.xml" in parts else [])


def _placed(table: Element) -> Iterator[tuple[tuple[int, int], Element]]:
    """The cells of a table that hold something, with their places; a repeated row once for each."""
    row = 0
    for line in _rows(table):
        times = int(_get(line, "number-rows-repeated") or 1)
        column = 0
        for cell in line:
            again = int(_get(cell, "number-columns-repeated") or 1)
            if len(cell) or cell.items():
                for place in range(column, column + min(again, _FAR_COLUMNS)):
                    yield from (((each, place), cell) for each in range(row, row + min(times, _FAR_COLUMNS)))
            column += again
        row += times


@dataclass
class _OdsStyles:
    """By name: the format of each number style, the number style and the parent of each cell style, those struck."""

    codes: dict[str, str]
    numbers: dict[str, str]
    parents: dict[str, str]
    struck: set[str]
    words: dict[str, CellRun] = field(default_factory=dict)
    cases: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)
    rebuilt: bool = False
    colours: dict[str, tuple[str, str]] = field(default_factory=dict)
    maps: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, roots: list[Element]) -> _OdsStyles:
        found = cls({}, {}, {}, set())
        for root in roots:
            for element in root.iter():
                name = _get(element, "name")
                if name and local(element.tag) == "style" and _get(element, "family") == "table-cell":
                    found.numbers[name] = _get(element, "data-style-name")
                    found.parents[name] = _get(element, "parent-style-name")
                    if any(_get(part, "text-line-through-style") not in ("", "none") for part in element):
                        found.struck.add(name)
                    found.colours[name] = (_first_said(element, "color"), _first_said(element, "background-color"))
                    found.maps[name] = [_get(part, "apply-style-name") for part in element if local(part.tag) == "map"]
                elif name and local(element.tag) == "style" and _get(element, "family") == "text":
                    found.words[name] = _dress(element)
                elif name and local(element.tag) in _NUMBER_STYLES:
                    found.codes[name] = _code(element)
                    found.cases[name] = list(_cases(element))
        return found

    def format_of(self, style: str) -> str:
        """The format that changes what is shown of the cells of a style; empty when none does."""
        if style not in self.known:
            code = self.code_of(style)
            self.known[style] = code if code and number_formats.changes(code) else ""
        return self.known[style]

    def code_of(self, style: str) -> str:
        """The whole format of the cells of a style; empty when none is said."""
        name = self._first(self.numbers, style)
        if name not in self.codes:
            return ""
        cases = (f"{when}{self.codes.get(other, _AS_IT_IS)}" for when, other in self.cases[name])
        return ";".join([*cases, self.codes[name]])

    def used_in(self, body: bytes) -> bool:
        """Whether a style that changes what is shown, or strikes, is named in the body."""
        names = [name for name in self.numbers if self.format_of(name) or self.may_hide(name) or self.maps[name]]
        names += [name for name, dress in self.words.items() if dress.struck or dress.shift]
        return any(f'style-name="{name}"'.encode() in body for name in names)

    def unseen(self, style: str) -> bool:
        """Whether the words of a style are in the colour of its ground, white when nothing is said of it."""
        said = [self.colours.get(name, ("", "")) for name in self._family(style)]
        ink = next((one for one, _ in said if one), "")
        ground = next((one for _, one in said if one), "")
        return bool(ink) and ink == (_WHITE if ground in ("", "transparent") else ground)

    def may_hide(self, style: str) -> bool:
        """Whether a style strikes, shows nothing of a number, or writes in the colour of its ground."""
        code = self.format_of(style)
        nothing = bool(code) and (number_formats.conceals(1, code) or number_formats.conceals(-1, code))
        return bool(style) and (self.strikes(style) or nothing or self.unseen(style))

    def conditions_hide(self, style: str) -> bool:
        """Whether a condition of a style calls for one that may hide."""
        return any(self.may_hide(other) for name in self._family(style) for other in self.maps.get(name, ()))

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


def _first_said(style: Element, name: str) -> str:
    """What a style says of its words, or of its ground; empty when nothing."""
    return next((said.lower() for part in style if (said := _get(part, name))), "")


def _dress(style: Element) -> CellRun:
    """How a style of words dresses them."""
    struck = any(_get(part, "text-line-through-style") not in ("", "none") for part in style)
    where = next((at for part in style if (at := _get(part, "text-position"))), "")
    first = where.partition(" ")[0]
    return CellRun("", struck, 1 if first == "super" else -1 if first == "sub" else 0)


def _runs(paragraph: Element, styles: _OdsStyles, dress: CellRun = _PLAIN) -> Iterator[CellRun]:
    """The stretches of a paragraph, comments, notes and what is written over words left out."""
    if local(paragraph.tag) in ("annotation", "note", "ruby-text"):
        return
    space = {"s": " " * min(int(_get(paragraph, "c") or 1), _MOST_SPACES), "tab": "\t", "line-break": "\n"}
    yield dress._replace(text=space.get(local(paragraph.tag), "") + (paragraph.text or ""))
    for part in paragraph:
        own = styles.words.get(_get(part, "style-name"), dress)
        yield from _runs(part, styles, own)
        yield dress._replace(text=part.tail or "")


def _words(cell: Element, styles: _OdsStyles) -> str:
    """What a cell shows, as the file writes it."""
    lines = (_runs(part, styles) for part in cell if local(part.tag) == "p")
    return "\n".join("".join(run.text for run in line) for line in lines)


def _look_at_words(cell: Element, place: tuple[int, int], styles: _OdsStyles, found: Marks) -> None:
    """A text of which a part is struck, raised or lowered says so."""
    lines = [list(_runs(part, styles)) for part in cell if local(part.tag) == "p"]
    runs = [run for n, line in enumerate(lines) for run in ([CellRun("\n")] * bool(n) + line) if run.text]
    if (text := as_seen(runs)) is not None:
        found.texts[place] = text
    elif styles.rebuilt and lines:
        found.texts[place] = "".join(run.text for run in runs)
    if all_struck(runs):
        found.struck.add(place)


def _cases(style: Element) -> Iterator[tuple[str, str]]:
    """The conditions of a number style, in the words of Excel's formats, and the style that each calls for."""
    for element in style:
        found = _CASE.fullmatch(_get(element, "condition")) if local(element.tag) == "map" else None
        if found:
            yield f"[{found[1].replace('!=', '<>')}{found[2]}]", _get(element, "apply-style-name")


def _code(style: Element) -> str:
    """A number or date style in the words of Excel's formats."""
    parts = []
    for element in style:
        match local(element.tag):
            case "number":
                decimals = int(_get(element, "decimal-places") or 0)
                factor = _get(element, "display-factor") or "1"
                zeros = "0" * max(1, min(int(_get(element, "min-integer-digits") or 1), 40))
                grouped = _get(element, "grouping") == "true" and len(zeros) < 4
                parts.append("#,##0"[: -len(zeros)] + zeros if grouped else _parted(zeros, element))
                parts.append(("." + "0" * min(decimals, 20) if decimals else "") + "," * (factor.count("0") // 3))
            case "text":
                text = element.text or ""
                percent = local(style.tag) == "percentage-style" and "%" in text
                parts.append("%" if percent else f'"{text}"' if text else "")
            case "currency-symbol":
                parts.append(f'"{element.text or ""}"')
            case "scientific-number" | "fraction":
                return _AS_IT_IS
            case "text-content":
                parts.append("@")
            case "am-pm":
                parts.append("AM/PM")
            case "day" | "month" | "year" | "hours" | "minutes" | "seconds" | "day-of-week" as part:
                parts.append(_day_code(part, element))
    return "".join(parts)


def _day_code(part: str, element: Element) -> str:
    long = _get(element, "style") == "long"
    if part == "day-of-week" or _get(element, "textual") == "true":
        return ("d" if part == "day-of-week" else "m") * (4 if long else 3)
    if part == "year":
        return "yyyy" if long else "yy"
    return _DAY_PARTS[part] * (2 if long else 1)


def _parted(digits: str, number: Element) -> str:
    """The digits of a number with the texts that stand among them: « 00-00 »."""
    inside = {int(_get(one, "position") or 0): one.text or "" for one in number if _get(one, "position")}
    found = digits = digits.rjust(min(max(inside, default=0) + 1, 40), "#")
    for place, text in sorted(inside.items()):  # counted from the right: what is put in first moves nothing
        at = max(0, len(digits) - place)
        found = f'{found[:at]}"{text}"{found[at:]}'
    return found


def _walk(table: Element, styles: _OdsStyles, found: Marks) -> None:
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
                        _look(cell, (each, place), style, styles, found)
            column += again
        row += times


def _columns(table: Element, found: Marks) -> dict[int, str]:
    """The default style of the cells of each column; the hidden columns are noted."""
    defaults, at = {}, 0
    for column in (element for element in table.iter() if local(element.tag) == "table-column"):
        times = int(_get(column, "number-columns-repeated") or 1)
        for place in range(at, at + min(times, _FAR_COLUMNS)):
            defaults[place] = _get(column, "default-cell-style-name")
            if _get(column, "visibility") in _HIDDEN:
                found.hidden_columns.add(place)
        at += times
    return defaults


def _rows(table: Element) -> Iterator[Element]:
    return (element for element in table.iter() if local(element.tag) == "table-row")


def _look(cell: Element, place: tuple[int, int], style: str, styles: _OdsStyles, found: Marks) -> None:
    said = _attributes(cell)
    kind = said.get("value-type", "")
    if formula := said.get("formula"):
        _look_at_formula(cell, formula, kind, place, found)
    if kind == "time" and (time := _TIME.fullmatch(said.get("time-value", ""))):
        found.texts[place] = ":".join(f"{int(part):02d}" for part in time.groups())
    unsaid = kind in ("", "void") and not formula
    if (unsaid or said.get("currency", "EUR") != "EUR") and (shown := _words(cell, styles)):
        found.texts[place] = shown
    if code := _format_shown(kind, style, styles):
        found.formats[place] = code
    if kind == "string" and (styles.words or styles.rebuilt):
        _look_at_words(cell, place, styles, found)
    if kind and styles.strikes(style):
        found.struck.add(place)
    if kind and style and styles.unseen(style):
        found.invisible.add(place)
    if kind and styles.conditions_hide(style):
        found.conditional.append((place, place))
    down, right = (int(said.get(f"number-{one}-spanned") or 1) for one in ("rows", "columns"))
    if down > 1 or right > 1:
        row, column = place
        found.merges.append((place, (row + min(down, _FAR_ROWS) - 1, column + min(right, _FAR_COLUMNS) - 1)))


def _look_at_formula(cell: Element, formula: str, kind: str, place: tuple[int, int], found: Marks) -> None:
    """A truth is read as its word, an error as what is shown, one that nobody computed as its text."""
    if boolean := BOOLEAN.fullmatch(formula):
        found.texts[place] = "VRAI" if boolean[2].upper() in ("TRUE", "VRAI") else "FAUX"
        return
    shown = " ".join("".join(part.itertext()) for part in cell if local(part.tag) == "p")
    if _ERROR.fullmatch(shown):
        found.texts[place] = shown
    elif not kind:
        found.texts[place] = "=" + formula.partition(":=")[2]
    else:
        found.formulas.add(place)
        if sums_above(formula, place):
            found.totals.add(place[0])


def _format_shown(kind: str, style: str, styles: _OdsStyles) -> str:
    """The format that changes what is shown of a cell of this kind; empty when none does."""
    if kind in _NUMBERS:
        return styles.format_of(style) or ("0%" if kind == "percentage" else "")
    code = styles.format_of(style) if kind == "string" else ""
    return code if code and number_formats.touches_texts(code) else ""


def _attributes(element: Element) -> dict[str, str]:
    """Each attribute by its name without its namespace; the first, where two bear one name."""
    return {key.rpartition("}")[2]: value for key, value in reversed(list(element.items()))}


def _get(element: Element, name: str) -> str:
    return next((value for key, value in element.items() if key.rpartition("}")[2] == name), "")
