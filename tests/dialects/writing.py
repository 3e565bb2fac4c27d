"""Known tables written in a dialect, as the bytes of a file."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter
import xlwt

from core.domain import french
from tests.dialects.dialect import Dialect
from tests.dialects.tables import Known

_US_MONTHS_FIRST = "{0:%m/%d/%Y}"


@dataclass
class Page:
    """Cells to write: texts, numbers, dates; ``formats`` of some, and what else the sheet bears."""

    rows: list[list[Any]]
    head: int
    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_row: int | None = None
    hidden_column: int | None = None
    struck: int | None = None
    unseen: int | None = None
    merged: tuple[int, int, int] | None = None
    formula: tuple[int, int, bool] | None = None
    from_1904: bool = False
    comment: tuple[int, int] | None = None
    far: bool = False
    shared: int | None = None
    doubtful: tuple[int, int] | None = None


def written(known: Known, how: Dialect) -> tuple[bytes, str]:
    """The bytes of the file, and its name."""
    page = page_of(known, how)
    match how.format:
        case "csv":
            return _csv(page, how), "table.csv"
        case "xlsx":
            return xlsx_page(page), "table.xlsx"
        case "xls":
            return xls_page(page), "table.xls"
        case _:
            return ods_page(page), "table.ods"


def page_of(known: Known, how: Dialect) -> Page:
    """The table laid out: titles above, headings, rows, and what stands below."""
    rng = random.Random(how.seed + 1)
    typed = how.format != "csv"
    above = [["Association Untel"], ["Relevé trimestriel"], []][: how.above]
    headings = [_heading(name, known, how) for name in known.columns]
    body = [[_cell(name, row[name], known, how, typed) for name in known.columns] for row in known.rows]
    page = Page([*above, headings, *body], len(above))
    _below(page, known, how, rng)
    _doubted(page, known, how)
    if typed:
        _dressed(page, known, how)
    _more(page, known, how, typed)
    _keys(page, known, how)
    if how.spoilt and typed:
        page.rows = [[_misread(cell, how) if isinstance(cell, str) else cell for cell in row] for row in page.rows]
    return page


_MISREADINGS = (("utf-8", "latin-1"), ("mac_roman", "cp1252"), ("cp850", "cp1252"), ("cp1252", "mac_roman"))


def _misread(text: str, how: Dialect) -> str:
    """The text as a program gives it back that took it for another encoding."""
    truly, taken_for = _MISREADINGS[how.seed % len(_MISREADINGS)]
    return text.encode(truly, errors="replace").decode(taken_for, errors="replace")


def _kind(name: str, known: Known) -> str:
    return known.dataset.by_name[name].kind.name


def _heading(name: str, known: Known, how: Dialect) -> str:
    """The heading; amounts in thousands say so, however the rest is written."""
    written = _styled_heading(name, known, how)
    thousands = _kind(name, known) == "montant" and how.amounts == "thousands"
    return f"{written} (k€)" if thousands and "k€" not in written else written


def _styled_heading(name: str, known: Known, how: Dialect) -> str:
    title = known.dataset.by_name[name].title
    kind = _kind(name, known)
    match how.titles:
        case "name":
            return name
        case "upper":
            return title.upper()
        case "no_accents":
            return french_without_accents(title)
        case "unit" if kind == "montant":
            return f"{title} (k€)" if how.amounts == "thousands" else f"{title} (en €)"
        case "meaning" if kind in ("montant", "entier", "jour") and how.seed % 3:
            return f"{title} ({('prévisionnel', 'objectif', 'cumul', 'dont femmes')[how.seed % 4]})"
        case "line_breaks" if how.format != "csv":
            return title.replace(" ", "\n", 1)
        case "hint":
            return f"{title} (jj/mm/aaaa)" if kind == "jour" else f"{title} (facultatif)"
        case "footnote":
            return f"{title} *"
    return f"{title} en k€" if kind == "montant" and how.amounts == "thousands" and how.seed % 2 else title


def french_without_accents(text: str) -> str:
    """« Numero d'inventaire »."""
    plain = str.maketrans("àâäçéèêëîïôöùûüÉÈÊÀÇ’", "aaaceeeeiioouuuEEEAC'")
    return text.translate(plain).replace("œ", "oe")


def _cell(name: str, value: Any, known: Known, how: Dialect, typed: bool) -> Any:
    if value is None:
        return "" if name in known.dataset.key else how.blanks
    match _kind(name, known):
        case "jour":
            return _date(value, how, typed)
        case "mois":
            return _month(value, how, typed)
        case "montant":
            return _amount(value, how, typed)
        case "entier":
            return _count(value, how, typed)
        case "oui_non":
            return ("oui", "X", "VRAI", "1")[how.seed % 4] if value else ("non", "NON", "FAUX", "0")[how.seed % 4]
        case "lieu":
            return value.upper() if how.seed % 5 == 0 else value.replace("-", " ") if how.seed % 5 == 1 else value
    return str(value)


def _date(value: date, how: Dialect, typed: bool) -> Any:
    match how.dates:
        case "hyphens":
            return f"{value:%d-%m-%Y}"
        case "points":
            return f"{value:%d.%m.%Y}"
        case "iso":
            return value.isoformat()
        case "short_year":
            return f"{value:%d/%m/%y}"
        case "short_iso":
            return f"{value:%y-%m-%d}"
        case "written":
            return french.day(value)
        case "american":
            return _US_MONTHS_FIRST.format(value)
        case "typed" if typed:
            return value
        case "serial" if typed:
            return (
                value - (date(1904, 1, 1) if how.dress == "1904" and how.format != "ods" else date(1899, 12, 30))
            ).days
    return f"{value:%d/%m/%Y}"


def _month(value: date, how: Dialect, typed: bool) -> Any:
    match how.months:
        case "hyphen":
            return f"{value:%m-%Y}"
        case "year_first":
            return f"{value:%Y/%m}"
        case "written":
            return french.month(value)
        case "short":
            name = french.month(value)[:4]
            return f"{name}-{value:%y}" if value.month == 9 else f"{value:%m/%Y}"
        case "short_slashed":
            return f"{value:%m/%y}"
        case "first_day":
            return f"{value:%d/%m/%Y}"
        case "american":
            return _US_MONTHS_FIRST.format(value)
        case "typed" if typed:
            return value
    return f"{value:%m/%Y}"


def _amount(cents: int, how: Dialect, typed: bool) -> Any:
    euros = cents / 100
    plain = f"{cents // 100},{cents % 100:02d}"
    grouped = f"{cents // 100:,}".replace(",", " ") + f",{cents % 100:02d}"
    match how.amounts:
        case "point":
            return plain.replace(",", ".")
        case "spaces":
            return grouped
        case "euro":
            return f"{grouped} €"
        case "points_and_comma":
            return grouped.replace(" ", ".")
        case "thousands":
            thousands = f"{cents // 100_000},{cents % 100_000:05d}".rstrip("0").rstrip(",")
            return cents / 100_000 if typed else thousands
        case "three_decimals":
            return f"{plain}5"
        case "typed" if typed:
            return euros
    return plain


def _count(value: int, how: Dialect, typed: bool) -> Any:
    match how.counts:
        case "spaces":
            return f"{value:,}".replace(",", " ")
        case "decimal":
            return f"{value},0"
        case "points":
            return f"{value:,}".replace(",", ".")
        case "typed" if typed:
            return value
    return str(value)


def _below(page: Page, known: Known, how: Dialect, rng: random.Random) -> None:
    width = len(known.columns)
    numbers = [n for n, name in enumerate(known.columns) if _kind(name, known) in ("entier", "montant")]
    match how.below:
        case "total":
            total: list[Any] = [""] * width
            total[0] = rng.choice(("Total", "TOTAL :", "Total général"))
            for n in numbers:
                total[n] = "4 321"
            page.rows.append(total)
        case "note":
            page.rows += [[], [rng.choice(("Source : nos services au 30/09/2021", "* chiffres provisoires"))]]
        case "second_table":
            titles, row = ["Nom", "Lieu", "Animation", "Venus"], ["Atelier A", "Martigues", "x", "44"]
            page.rows += [[], ["Ateliers"], titles[:width], row[:width]]
        case "longer_table":
            titles = [*page.rows[page.head][:width], "Remarque"]
            page.rows += [[], titles, [*page.rows[page.head + 1], "x"]]
        case "forecasts":
            again = [list(row) for row in page.rows[page.head :][:3]]
            page.rows += [[], ["PRÉVISIONS 2023"], *again]
            for row in page.rows[-2:]:
                row[0] = f"{row[0]} bis" if isinstance(row[0], str) else row[0]
        case "headings_again":
            page.rows.insert(page.head + 2, list(page.rows[page.head]))
        case "blank_then_rows":
            page.rows.insert(page.head + 2, [])


def _doubted(page: Page, known: Known, how: Dialect) -> None:
    """One cell of the first row whose author is not sure of it: « oui ? »."""
    places = [n for n, name in enumerate(known.columns) if _kind(name, known) != "texte" and known.rows[0][name]]
    if how.doubt and places:
        row, column = page.head + 1, places[how.seed % len(places)]
        page.doubtful = (row, column)
        if isinstance(page.rows[row][column], str):
            page.rows[row][column] = how.doubt.format(page.rows[row][column])
        else:
            page.doubtful = None


def _dressed(page: Page, known: Known, how: Dialect) -> None:
    first = page.head + 1
    kinds = {n: _kind(name, known) for n, name in enumerate(known.columns)}
    countable = [n for n, kind in kinds.items() if kind in ("entier", "montant")]
    numbers = [n for n in countable if isinstance(_at(page, first, n), int | float)]
    texts = [n for n, kind in kinds.items() if kind == "texte" and known.columns[n] not in known.dataset.key]
    plain_rows = how.below not in ("headings_again", "blank_then_rows")
    match how.dress:
        case "hidden_row":
            page.hidden_row = first
        case "struck":
            page.struck = first
        case "hidden_column":
            page.hidden_column = len(known.columns) - 1
        case "merged_text" if texts and plain_rows:
            page.merged = (first, first + 1, texts[-1])
        case "merged_count" if numbers and plain_rows:
            page.merged = (first, first + 1, numbers[0])
        case "percent_format" if numbers:
            page.formats[first, numbers[0]] = "0%"
        case "zeros_format" if numbers:
            page.formats[first, numbers[0]] = "0000"
        case "scaled_format" if numbers:
            page.formats[first, numbers[0]] = '#,##0," k€"'
        case "general_format" if numbers:
            page.formats[first, numbers[0]] = 'General" k€"'
        case "yes_no_format":
            _yes_no(page, kinds)
        case "hidden_zeros" if numbers:
            page.rows[first][numbers[0]] = 0
            page.formats[first, numbers[0]] = "0;-0;"
        case "day_format" | "month_format":
            days = [
                n for n, kind in kinds.items() if kind in ("jour", "mois") and isinstance(_at(page, first, n), date)
            ]
            if days:
                page.formats[first, days[0]] = "d-mmm" if how.dress == "day_format" else "mmm-yy"
        case "shared_title" if numbers:
            page.shared = numbers[0]
            for n, row in enumerate(page.rows[page.head :]):
                row.insert(numbers[0] + 1, "" if n == 0 else 7)
        case "formula" | "formula_without_value" if numbers:
            has_value = how.dress == "formula" and how.format != "xls"  # what writes .xls here never computes
            page.formula = (first, numbers[0], has_value)
        case "1904":
            page.from_1904 = how.format != "ods"
        case "comment":
            page.comment = (first, 0)
        case "coloured_far_cell":
            page.far = True


def _more(page: Page, known: Known, how: Dialect, typed: bool) -> None:
    """A number that shows otherwise in a column of texts, white words, a title over a cell, a whole total."""
    first, key = page.head + 1, known.dataset.key
    texts = [n for n, name in enumerate(known.columns) if _kind(name, known) == "texte" and name not in key]
    alone = page.merged is None and page.shared is None
    plain = alone and how.below not in ("headings_again", "blank_then_rows")
    match how.more:
        case "shown_text" if typed and texts and alone:
            page.rows[first][texts[-1]] = 3.1
            page.formats[first, texts[-1]] = "0.00"
        case "unseen" if typed and page.struck is None:
            page.unseen = first
        case "merged_title" if typed and texts and plain:
            page.merged = (page.head, first, texts[-1])
        case "whole_total" if how.below == "nothing" and len(key) == 1 and _kind(key[0], known) == "texte":
            page.rows.append(list(page.rows[-1]))
            page.rows[-1][known.columns.index(key[0])] = ("Total général", "Moyenne", "Sous total", "Total T3")[
                how.seed % 4
            ]


def _yes_no(page: Page, kinds: dict[int, str]) -> None:
    """Yes and no as numbers that a format shows as words."""
    for n in (n for n, kind in kinds.items() if kind == "oui_non"):
        for r, row in enumerate(page.rows[page.head + 1 :], start=page.head + 1):
            if n < len(row) and row[n] in ("oui", "X", "VRAI", "1", "non", "NON", "FAUX", "0"):
                row[n] = int(row[n] in ("oui", "X", "VRAI", "1"))
                page.formats[r, n] = '"oui";"oui";"non"'


def _at(page: Page, row: int, column: int) -> Any:
    return page.rows[row][column] if column < len(page.rows[row]) else None


def _keys(page: Page, known: Known, how: Dialect) -> None:
    """One thing written twice: the same row again under another writing of its key."""
    name = known.dataset.key[0]
    if (
        how.below in ("headings_again", "blank_then_rows")
        or how.keys == "plain"
        or len(known.dataset.key) > 1
        or _kind(name, known) != "texte"
        or page.merged
    ):
        return
    row = list(page.rows[page.head + 1])
    column = known.columns.index(name)
    row[column] = row[column].lower() if how.keys == "lower_twice" else row[column].replace("-", " ") + " "
    page.rows.insert(page.head + 1 + len(known.rows), row)


def _csv(page: Page, how: Dialect) -> bytes:
    quote = how.quoted
    lines = [
        how.separator.join(str(cell) if how.bare else _quoted(str(cell), how.separator, quote) for cell in row)
        for row in page.rows
    ]
    text = how.newline.join(lines) + how.newline
    if how.encoding == "twice":
        return text.encode("utf-8").decode("cp1252", errors="replace").encode("utf-8")
    if how.spoilt:
        text = text.replace("é", "?").replace("ô", "?")
    return text.encode(how.encoding, errors="replace")


def _quoted(text: str, separator: str, always: bool) -> str:
    return f'"{text}"' if always or separator in text else text


def xlsx_page(page: Page) -> bytes:
    """An Excel workbook."""
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data, {"default_date_format": "dd/mm/yyyy", "date_1904": page.from_1904})
    sheet = book.add_worksheet("Feuil1")
    for r, row in enumerate(page.rows):
        for c, cell in enumerate(row):
            style = {"num_format": page.formats[r, c]} if (r, c) in page.formats else {}
            style |= {"font_strikeout": True} if page.struck == r else {}
            style |= {"font_color": "#FFFFFF"} if page.unseen == r else {}
            if cell != "":
                _xlsx_cell(sheet, r, c, cell, book.add_format(style) if style else None)
    if page.merged:
        top, bottom, column = page.merged
        sheet.merge_range(top, column, bottom, column, "")
        _xlsx_cell(sheet, top, column, page.rows[top][column], None)
    if page.shared is not None:
        sheet.merge_range(page.head, page.shared, page.head, page.shared + 1, "")
        sheet.write_string(page.head, page.shared, page.rows[page.head][page.shared])
    if page.formula:
        r, c, has_value = page.formula
        sheet.write_formula(r, c, "=1+1", None, page.rows[r][c] if has_value else "")
    if page.hidden_row is not None:
        sheet.set_row(page.hidden_row, None, None, {"hidden": True})
    if page.hidden_column is not None:
        sheet.set_column(page.hidden_column, page.hidden_column, None, None, {"hidden": True})
    if page.comment:
        sheet.write_comment(*page.comment, "à vérifier")
    if page.far:
        sheet.write_blank(len(page.rows), 199, None, book.add_format({"bg_color": "#FFFF00"}))
    book.close()
    return data.getvalue()


def _xlsx_cell(sheet: Any, row: int, column: int, cell: Any, style: Any) -> None:
    if isinstance(cell, str):
        sheet.write_string(row, column, cell, style)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, style)
    else:
        sheet.write_number(row, column, cell, style)


def xls_page(page: Page) -> bytes:
    """An Excel 97 workbook."""
    data = io.BytesIO()
    book = xlwt.Workbook()
    book.dates_1904 = page.from_1904
    sheet = book.add_sheet("Feuil1")
    for r, row in enumerate(page.rows):
        for c, cell in enumerate(row):
            if cell in ("", None) or (page.merged and page.merged[0] < r <= page.merged[1] and c == page.merged[2]):
                continue
            style = xlwt.XFStyle()
            style.num_format_str = page.formats.get((r, c), "DD/MM/YYYY" if isinstance(cell, date) else "General")
            style.font.struck_out = page.struck == r
            if page.unseen == r:
                style.font.colour_index = xlwt.Style.colour_map["white"]
            sheet.write(r, c, xlwt.Formula("1+1") if page.formula and (r, c) == page.formula[:2] else cell, style)
    if page.merged:
        sheet.merge(page.merged[0], page.merged[1], page.merged[2], page.merged[2])
    if page.shared is not None:
        sheet.merge(page.head, page.head, page.shared, page.shared + 1)
    if page.hidden_row is not None:
        sheet.row(page.hidden_row).hidden = True
    if page.hidden_column is not None:
        sheet.col(page.hidden_column).hidden = True
    book.save(data)
    return data.getvalue()


_NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
)
_ODS_FORMATS = {
    "0000": "zeros",
    "0.00": "cents",
    '#,##0," k€"': "scaled",
    "#,##0,": "shrunk",
    'General" k€"': "general",
    '"oui";"oui";"non"': "yesno",
    "0;-0;": "nozero",
    "d-mmm": "dayonly",
    "mmm-yy": "monthonly",
}
_STYLES = (
    '<number:number-style style:name="N00"><number:number number:decimal-places="2" number:min-integer-digits="1"/>'
    '</number:number-style><style:style style:name="cents" style:family="table-cell" style:data-style-name="N00"/>'
    '<style:style style:name="unseen" style:family="table-cell"><style:text-properties fo:color="#ffffff"/>'
    "</style:style>"
    '<number:number-style style:name="NG"><number:number/><number:text> k€</number:text></number:number-style>'
    '<number:number-style style:name="NY0"><number:text>oui</number:text></number:number-style>'
    '<number:number-style style:name="NY"><number:text>non</number:text>'
    '<style:map style:condition="value()&gt;0" style:apply-style-name="NY0"/>'
    '<style:map style:condition="value()&lt;0" style:apply-style-name="NY0"/></number:number-style>'
    '<number:number-style style:name="NZ0"><number:number number:min-integer-digits="1"/></number:number-style>'
    '<number:number-style style:name="NZ"><style:map style:condition="value()&gt;0" style:apply-style-name="NZ0"/>'
    '<style:map style:condition="value()&lt;0" style:apply-style-name="NZ0"/></number:number-style>'
    '<number:date-style style:name="ND"><number:day/><number:text>-</number:text>'
    '<number:month number:textual="true"/></number:date-style>'
    '<number:date-style style:name="NO"><number:month number:textual="true"/><number:text>-</number:text>'
    "<number:year/></number:date-style>"
    '<style:style style:name="general" style:family="table-cell" style:data-style-name="NG"/>'
    '<style:style style:name="yesno" style:family="table-cell" style:data-style-name="NY"/>'
    '<style:style style:name="nozero" style:family="table-cell" style:data-style-name="NZ"/>'
    '<style:style style:name="dayonly" style:family="table-cell" style:data-style-name="ND"/>'
    '<style:style style:name="monthonly" style:family="table-cell" style:data-style-name="NO"/>'
    '<number:number-style style:name="N0"><number:number number:min-integer-digits="4"/></number:number-style>'
    '<number:number-style style:name="NK"><number:number number:min-integer-digits="1" number:display-factor="1000"/>'
    "<number:text> k€</number:text></number:number-style>"
    '<number:number-style style:name="NM"><number:number number:min-integer-digits="1" number:display-factor="1000"/>'
    "</number:number-style>"
    '<style:style style:name="zeros" style:family="table-cell" style:data-style-name="N0"/>'
    '<style:style style:name="scaled" style:family="table-cell" style:data-style-name="NK"/>'
    '<style:style style:name="shrunk" style:family="table-cell" style:data-style-name="NM"/>'
    '<style:style style:name="struck" style:family="table-cell">'
    '<style:text-properties style:text-line-through-style="solid"/></style:style>'
)


def ods_page(page: Page) -> bytes:
    """A LibreOffice workbook."""
    width = max(map(len, page.rows))
    hidden = {page.hidden_column: ' table:visibility="collapse"'}
    columns = "".join(f"<table:table-column{hidden.get(n, '')}/>" for n in range(width))
    lines = "".join(_ods_row(page, r, row) for r, row in enumerate(page.rows))
    if page.far:
        lines += (
            '<table:table-row><table:table-cell table:number-columns-repeated="199"/>'
            '<table:table-cell table:style-name="zeros"/></table:table-row>'
        )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_NAMES} office:version="1.2">'
        f"<office:automatic-styles>{_STYLES}</office:automatic-styles><office:body><office:spreadsheet>"
        f'<table:table table:name="Feuil1">{columns}{lines}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            '<manifest:file-entry manifest:full-path="/" '
            'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>',
        )
    return data.getvalue()


def _ods_row(page: Page, r: int, row: Sequence[Any]) -> str:
    hidden = ' table:visibility="filter"' if page.hidden_row == r else ""
    cells = "".join(_ods_cell(page, r, c, cell) for c, cell in enumerate(row))
    return f"<table:table-row{hidden}>{cells}</table:table-row>"


def _ods_cell(page: Page, r: int, c: int, cell: Any) -> str:
    if page.merged and c == page.merged[2] and page.merged[0] < r <= page.merged[1]:
        return "<table:covered-table-cell/>"
    if cell == "":
        return "<table:table-cell/>"
    code = page.formats.get((r, c))
    dress = "struck" if page.struck == r else "unseen" if page.unseen == r else ""
    attributes = f' table:style-name="{dress}"' if dress else ""
    if page.merged and (r, c) == (page.merged[0], page.merged[2]):
        attributes += ' table:number-rows-spanned="2" table:number-columns-spanned="1"'
    if page.shared is not None and (r, c) == (page.head, page.shared):
        attributes += ' table:number-rows-spanned="1" table:number-columns-spanned="2"'
    if page.formula and (r, c) == page.formula[:2]:
        attributes += ' table:formula="of:=1+1"'
        if not page.formula[2]:
            return f"<table:table-cell{attributes}/>"
    note = ""
    if page.comment == (r, c):
        note = "<office:annotation><dc:creator>Paul</dc:creator><text:p>à vérifier</text:p></office:annotation>"
    shown = escape(str(cell))
    if isinstance(cell, str):
        words = f"{note}<text:p>{shown}</text:p>"
        return f'<table:table-cell office:value-type="string"{attributes}>{words}</table:table-cell>'
    named = _ODS_FORMATS.get(code or "")
    style = f' table:style-name="{named}"' if named else ""
    if isinstance(cell, date):
        value = f'office:value-type="date" office:date-value="{cell.isoformat()}"{style or attributes}'
        return f"<table:table-cell {value}>{note}<text:p>{cell:%m/%d/%y}</text:p></table:table-cell>"
    sort = "percentage" if code == "0%" else "float"
    return (
        f'<table:table-cell office:value-type="{sort}" office:value="{cell!r}"{style or attributes}>{note}'
        f"<text:p>{round(cell)}</text:p></table:table-cell>"
    )
