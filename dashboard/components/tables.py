"""Real HTML tables: a caption, headings with their scope, a head that stays, rows that print."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Sequence

from core.domain.report import Table
from dashboard.components.html import Child, Html, classes, tag


def table(
    caption: str,
    headings: Sequence[Child],
    rows: Sequence[Sequence[Child]],
    *,
    numeric: Collection[int] = (),
    note: str = "",
    hide_caption: bool = False,
    total: Sequence[Child] | None = None,
    stacked: bool = True,
    labels: Sequence[str] | None = None,
    wide: bool = False,
) -> Html:
    """A table whose first column heads its row.

    ``numeric`` columns are aligned on the right; ``total`` is a last row; with ``stacked`` each row
    becomes a small card on a phone, every cell under its heading (``labels`` say the headings that are
    not plain text); else the table scrolls sideways. ``wide`` takes the whole line.
    """
    names = labels or [heading if isinstance(heading, str) else "" for heading in headings]
    body = [_row(row, names, numeric) for row in rows]
    foot = tag("tfoot", _row(total, names, numeric)) if total else None
    whole = tag(
        "table",
        tag("caption", caption, class_="visually-hidden" if hide_caption else None),
        tag("thead", tag("tr", [_heading(at, text, numeric) for at, text in enumerate(headings)])),
        tag("tbody", body),
        foot,
        class_=classes("table", "table--stacked" if stacked else None, "table--wide" if wide else None),
    )
    scroll = {"tabindex": "0", "role": "region", "aria_label": caption} if not stacked else {}
    return tag(
        "div", whole, tag("p", note, class_="note") if note else None,
        class_=classes("table-wrap", None if stacked else "table-wrap--scroll"), **scroll,
    )  # fmt: skip


def table_of(block: Table, *, hide_caption: bool = False) -> Html:
    """The table of a report, as declared by a plugin."""
    return table(
        block.caption, block.headings, block.rows,
        numeric=block.numeric, note=block.note, hide_caption=hide_caption,
    )  # fmt: skip


def table_csv(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """The table as a CSV that French spreadsheets open with a double click.

    A cell that a spreadsheet would run as a formula is written as text.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([_inert(cell) for cell in headings])
    writer.writerows([_inert(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _inert(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _heading(at: int, text: Child, numeric: Collection[int]) -> Html:
    return tag("th", text, scope="col", class_="number" if at in numeric else None)


def _row(row: Sequence[Child], names: Sequence[str], numeric: Collection[int]) -> Html:
    first = tag("th", row[0], scope="row", class_="number" if 0 in numeric else None)
    others = [
        tag("td", cell, data_label=names[at] or None, class_="number" if at in numeric else None)
        for at, cell in enumerate(row[1:], 1)
    ]
    return tag("tr", first, others)
