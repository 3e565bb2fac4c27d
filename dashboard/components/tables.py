"""Real tables, and the files that leave the page: made at the click, by functions that are given who asks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import partial

import streamlit as st

from core.domain.plugin_phrases import plain
from core.domain.report import Table
from core.exports.csv import french_csv
from dashboard.components.html import Child, Html, classes, tag
from dashboard.components.text import opener

# Cells that a phone stacks: how many it takes before a table is folded there, the room of those that stay in sight,
# and how many rows these make (``text.css`` knows these three numbers).
MOST_STACKED, ROOM, SEEN_FIRST = 18, 12, (6, 3, 2)


def table(
    caption: str,
    headings: Sequence[Child],
    rows: Sequence[Sequence[Child]],
    *,
    numeric: Collection[int] = (),
    note: str = "",
    caption_shown: bool = False,
    total: Sequence[Child] | None = None,
    stacked: bool = True,
    labels: Sequence[str] | None = None,
    wide: bool = False,
) -> Html:
    """A table whose first column heads its row.

    The caption is for who hears the table, the title above says it already, unless ``caption_shown``. ``numeric``
    columns are aligned on the right; ``total`` is a last row; with ``stacked`` each row
    becomes a small card on a phone, every cell under its heading (``labels`` say the headings that are
    not plain text); else the table scrolls sideways. ``wide`` takes the whole line. A long one shows its first
    rows on a phone, and the others by its button.
    """
    names = labels or [heading if isinstance(heading, str) else "" for heading in headings]
    first = _seen_first(len(rows), len(headings) - 1) if stacked else len(rows)
    body = [_row(row, names, numeric) for row in rows]
    foot = tag("tfoot", _row(total, names, numeric)) if total else None
    whole = tag(
        "table",
        tag("caption", caption, class_=None if caption_shown else "visually-hidden"),
        tag("thead", tag("tr", [_heading(at, text, numeric) for at, text in enumerate(headings)])),
        tag("tbody", body),
        foot,
        class_=classes("table", "table--stacked" if stacked else None, "table--wide" if wide else None),
    )
    scroll = {"tabindex": "0", "role": "region", "aria_label": caption} if not stacked else {}
    return tag(
        "div",
        whole,
        opener(caption, other_rows=len(rows) - first) if first < len(rows) else None,
        tag("p", note, class_="note") if note else None,
        class_=classes("table-wrap", None if stacked else "table-wrap--scroll"),
        data_folds="closed" if first < len(rows) else None,
        data_first=first if first < len(rows) else None,
        **scroll,
    )


def _seen_first(rows: int, cells: int) -> int:
    """How many rows a phone shows at once: all, but of a table that would fill more than two of its screens."""
    first = next(one for one in SEEN_FIRST if one * cells <= ROOM or one == SEEN_FIRST[-1])
    return first if rows * cells > MOST_STACKED and rows - first > 1 else rows


def table_of(block: Table) -> Html:
    """The table of a report, as declared by a plugin."""
    return table(
        block.caption,
        block.headings,
        [[plain(cell) for cell in row] for row in block.rows],
        numeric=block.numeric,
        note=block.note,
        caption_shown=True,
    )


def _heading(at: int, text: Child, numeric: Collection[int]) -> Html:
    return tag("th", text, scope="col", class_="number" if at in numeric else None)


def _row(row: Sequence[Child], names: Sequence[str], numeric: Collection[int]) -> Html:
    first = tag("th", row[0], scope="row", class_="number" if 0 in numeric else None)
    others = [
        tag("td", cell, data_label=names[at] or None, class_="number" if at in numeric else None)
        for at, cell in enumerate(row[1:], 1)
    ]
    return tag("tr", first, others)


# --- Files that leave the page: made when asked for, without running the page again ----------------
# download("Télécharger l’accusé (PDF)", partial(statement, registry, store, releve, actor=actor), name, …)
#
# What makes a file is called in a thread of the server where nobody is signed in: it is given who asks, and
# all the rest, when the page is drawn.


Made = partial[bytes]
"""What makes a file: a function with all that it needs."""


def download(label: str, data: Made | bytes, file_name: str, *, mime: str, key: str) -> None:
    """A button « Télécharger … »; a ``partial`` is called at the click.

    Raises TypeError for a function that would still have to ask who looks at the page: nobody does, by then.
    """
    if not isinstance(data, bytes):
        _refuse_late(data, label)
    st.download_button(label, data=data, file_name=file_name, mime=mime, key=key, on_click="ignore")


def download_table(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    file_name: str,
    *,
    key: str,
    label: str = "Télécharger ce tableau (CSV)",
) -> None:
    """A table as CSV, readable by French spreadsheets."""
    download(label, partial(french_csv, headings, rows), file_name, mime="text/csv", key=key)


def _refuse_late(made: object, label: str) -> None:
    if not isinstance(made, partial):
        raise TypeError(f"« {label} »: give functools.partial(function, everything it needs), not a function")
    for one in _bound(made):
        if hasattr(one, "visitor") or hasattr(getattr(one, "context", None), "visitor"):
            raise TypeError(f"« {label} »: {type(one).__name__} asks who looks; give the actor, found when drawing")


def _bound(made: object) -> Iterator[object]:
    """All that a function was given beforehand, within what it was given too."""
    given = (*made.args, *made.keywords.values()) if isinstance(made, partial) else ()
    called = made.func if isinstance(made, partial) else made
    captured = (cell.cell_contents for cell in getattr(called, "__closure__", None) or ())
    for one in (*given, getattr(called, "__self__", None), *captured):
        yield one
        if isinstance(one, partial) or getattr(one, "__closure__", None):
            yield from _bound(one)
