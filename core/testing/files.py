"""Generated rows as the files that people hand in: the filled template, CSV, XLSX and ODS."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import xlsxwriter

from core.domain.dataset import Dataset, RowDict
from core.exports.description import DatasetDescription
from core.exports.template import workbook
from core.exports.template_cells import Styles, TypedCell
from core.testing.rows import typed_row

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_MADE = datetime(2022, 7, 1)
_ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_ODS_NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)
_ODS_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
    'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS_TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


def written(about: DatasetDescription, rows: Sequence[RowDict]) -> dict[str, tuple[bytes, str]]:
    """The same rows in each kind of file, by its name in words: (content, file name)."""
    lines = [typed_row(about.dataset, row) for row in rows]
    code = about.dataset.code
    return {
        "le modèle rempli": (_template(about, lines), f"{code}-modele.xlsx"),
        "un CSV": (semicolons(about.dataset, lines), f"{code}.csv"),
        "un XLSX": (_xlsx(about.dataset, lines), f"{code}.xlsx"),
        "un ODS": (_ods(about.dataset, lines), f"{code}.ods"),
    }


def semicolons(dataset: Dataset, lines: Sequence[Sequence[str]]) -> bytes:
    """A CSV with the titles of a dataset, as French spreadsheets write it."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow([column.title for column in dataset.columns])
    writer.writerows(lines)
    return stream.getvalue().encode("utf-8-sig")


def _template(about: DatasetDescription, lines: Sequence[Sequence[str]]) -> bytes:
    def below(sheet: Worksheet, styles: Styles) -> None:
        _fill(sheet, about.dataset, lines, styles)

    return workbook(about, created=_MADE, below=below)


def _xlsx(dataset: Dataset, lines: Sequence[Sequence[str]]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Données")
        for place, column in enumerate(dataset.columns):
            sheet.write_string(0, place, column.title)
        _fill(sheet, dataset, lines, Styles(book))
    return stream.getvalue()


def _fill(sheet: Worksheet, dataset: Dataset, lines: Sequence[Sequence[str]], styles: Styles) -> None:
    for at, line in enumerate(lines, start=1):
        for place, (column, text) in enumerate(zip(dataset.columns, line, strict=True)):
            TypedCell(column, text).write(sheet, at, place, styles)


def _ods(dataset: Dataset, lines: Sequence[Sequence[str]]) -> bytes:
    table = [[column.title for column in dataset.columns], *lines]
    body = "".join(f"<table:table-row>{''.join(map(_ods_cell, line))}</table:table-row>" for line in table)
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_ODS_NAMES} office:version="1.2">'
        f'<office:body><office:spreadsheet><table:table table:name="Données">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("mimetype", _ODS_TYPE, zipfile.ZIP_STORED)
        packed.writestr("META-INF/manifest.xml", _ODS_MANIFEST)
        packed.writestr("content.xml", content)
    return stream.getvalue()


def _ods_cell(text: str) -> str:
    if not text:
        return "<table:table-cell/>"
    return f'<table:table-cell office:value-type="string"><text:p>{escape(text)}</text:p></table:table-cell>'
