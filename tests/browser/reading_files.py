"""Opening a file as its reader would, and giving its words: a file that does not open is not one."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import docx
import openpyxl
import pptx
import pypdf


def words_of(path: Path, name: str) -> str:
    """The words of a downloaded file, opened by what its name says that it is; never none."""
    read = _READERS[Path(name).suffix.lower()]
    found = read(path.read_bytes())
    assert found.strip(), f"{name} says nothing"
    return found


def _pdf(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)


def _xlsx(data: bytes) -> str:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    cells = (str(value) for sheet in book for row in sheet.iter_rows(values_only=True) for value in row if value)
    return "\n".join([*book.sheetnames, *cells])


def _csv(data: bytes) -> str:
    text = data.decode("utf-8-sig")
    # A French spreadsheet's separator, unless the file is one for machines: headings may hold commas.
    rows = list(csv.reader(io.StringIO(text), delimiter=";" if ";" in text.splitlines()[0] else ","))
    assert len({len(row) for row in rows}) == 1, "every line has as many cells"
    return text


def _zip(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return "\n".join(archive.namelist())


def _docx(data: bytes) -> str:
    found = docx.Document(io.BytesIO(data))
    cells = (cell.text for table in found.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(one.text for one in found.paragraphs), *cells])


def _pptx(data: bytes) -> str:
    slides = pptx.Presentation(io.BytesIO(data)).slides
    return "\n".join(shape.text_frame.text for slide in slides for shape in slide.shapes if shape.has_text_frame)


def _json(data: bytes) -> str:
    return json.dumps(json.loads(data), ensure_ascii=False)


_READERS: Mapping[str, Callable[[bytes], str]] = {
    ".pdf": _pdf,
    ".xlsx": _xlsx,
    ".csv": _csv,
    ".zip": _zip,
    ".docx": _docx,
    ".pptx": _pptx,
    ".json": _json,
    ".txt": lambda data: data.decode(),
    ".png": lambda data: str(len(data)) if data.startswith(b"\x89PNG") else "",
}
