"""Cells of a CSV that no spreadsheet runs as a formula."""

from __future__ import annotations

import re

RUNS = r"^[=+\-@\t\r]"
"""What makes a spreadsheet take a cell of a CSV for a formula."""
NUMBER = r"^[+-]?\d[\d\s.,]*(?:\s?[%€])?$"
_RUNS, _NUMBER = re.compile(RUNS), re.compile(NUMBER)


def inert(cell: object) -> str:
    """The cell as text; an apostrophe stands before what a spreadsheet would run."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if _RUNS.match(text) else text


def inert_but_numbers(text: str) -> str:
    """The same for a table that is read again: a number below zero stays one."""
    return text if _NUMBER.fullmatch(text) else inert(text)
