"""Intake: bytes of a French spreadsheet become typed rows, problems and repairs.

``read`` is the way in; ``judge`` judges typed rows, ``judge_typed`` those that did not come from
a file; ``sentence`` and ``grouped`` write the problems for people. A name is loaded when it is first
asked for, so that the reading process, which needs none of them, starts light.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.reading.headings import likely
    from core.reading.judging import judge, judge_typed
    from core.reading.packages import Limits
    from core.reading.problems import Cause, Findings, grouped, problem_heading, repair_sentence, sentence
    from core.reading.reader import Reading, SheetWanted, Titles, read, read_sheets, sheets, titles
    from core.reading.rows import LeftAside
    from core.reading.seen import kept_name
    from core.reading.sheets_matched import SheetFound, match_sheets, refuse_nothing

_HOMES = {
    "headings": "likely",
    "judging": "judge judge_typed",
    "packages": "Limits",
    "problems": "Cause Findings grouped problem_heading repair_sentence sentence",
    "reader": "Reading Titles SheetWanted read read_sheets sheets titles",
    "rows": "LeftAside",
    "seen": "kept_name",
    "sheets_matched": "SheetFound match_sheets refuse_nothing",
}
_WHERE = {name: module for module, names in _HOMES.items() for name in names.split()}


def __getattr__(name: str) -> object:
    """Load a name from its home; raises AttributeError for any other."""
    if name not in _WHERE:
        raise AttributeError(f"core.reading has no {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
    globals()[name] = value
    return value
