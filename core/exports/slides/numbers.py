"""The workbook inside a native chart: the numbers that open when its reader asks to edit them.

All but its sheet is made once for each format of numbers; the sheet is then written into a copy.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from xml.sax.saxutils import escape

from core.exports.slides.placing import clean

_SHEET = "xl/worksheets/sheet1.xml"
_BEFORE_DATED = (1980, 1, 1, 0, 0, 0)


def workbook(names: Sequence[str], series: Sequence[tuple[str, Sequence[float | None]]], form: str) -> bytes:
    """A spreadsheet of ``names`` down its first column, then one column for each of ``series``, in ``form``."""
    kept = io.BytesIO()
    kept.write(_all_but_sheet(form))
    with zipfile.ZipFile(kept, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(zipfile.ZipInfo(_SHEET, _BEFORE_DATED), _sheet(names, series), zipfile.ZIP_DEFLATED)
    return kept.getvalue()


@cache
def _all_but_sheet(form: str) -> bytes:
    """A workbook whose style 1 writes numbers in ``form``, without its sheet."""
    import xlsxwriter

    full, kept = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(full, {"in_memory": True}) as made:
        made.set_properties({"created": datetime(*_BEFORE_DATED)})
        made.add_worksheet().write_number(0, 0, 0, made.add_format({"num_format": form}))
    with zipfile.ZipFile(full) as read, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as packed:
        for one in read.infolist():
            if one.filename != _SHEET:
                packed.writestr(zipfile.ZipInfo(one.filename, _BEFORE_DATED), read.read(one), zipfile.ZIP_DEFLATED)
    return kept.getvalue()


def _sheet(names: Sequence[str], series: Sequence[tuple[str, Sequence[float | None]]]) -> str:
    columns = [chr(ord("B") + rank) for rank in range(len(series))]
    head = "".join(_words(f"{column}1", name) for column, (name, _) in zip(columns, series, strict=True))
    rows = "".join(
        f'<row r="{at}">{_words(f"A{at}", name)}'
        + "".join(_number(f"{column}{at}", values[at - 2]) for column, (_, values) in zip(columns, series, strict=True))
        + "</row>"
        for at, name in enumerate(names, start=2)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<cols><col min="1" max="1" width="10.7109375" customWidth="1"/></cols>'
        f'<sheetData><row r="1">{head}</row>{rows}</sheetData></worksheet>'
    )


def _words(where: str, words: str) -> str:
    return f'<c r="{where}" t="inlineStr"><is><t xml:space="preserve">{escape(clean(words))}</t></is></c>'


def _number(where: str, value: float | None) -> str:
    return f'<c r="{where}" s="1"/>' if value is None else f'<c r="{where}" s="1"><v>{value!r}</v></c>'
