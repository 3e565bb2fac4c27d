"""CSV for French spreadsheets, in which no cell can be run as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from core.domain.inert import inert


def french_csv(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table that French spreadsheets open with a double click: « ; », UTF-8 with its mark, lines ended by CRLF."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([inert(cell) for cell in headings])
    writer.writerows([inert(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")
