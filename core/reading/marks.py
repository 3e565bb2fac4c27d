"""What a file says of its cells beyond their values: formats, parts of a text, formulas."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

Place = tuple[int, int]
"""(row, column), both from 0."""
Texts = dict[Place, str]
"""The text that stands for a cell."""
Range = tuple[Place, Place]
"""The first and the last cell of a merged range."""
BOOLEAN = re.compile(r"=?(of:)?=?(TRUE|FALSE|VRAI|FAUX)\(\)", re.IGNORECASE)
"""A formula that is a boolean as some programs write it."""
MOST_MERGES = 5_000
"""Merged ranges of one sheet."""
_MOST_COVERED = 200_000
"""Cells that they cover, all together."""


@dataclass
class Marks:
    """What the file says of its cells beyond their values.

    ``texts`` replace the value (an error, a formula without value, a duration); ``formats`` are the
    number formats that change what is shown; ``stale``: the workbook asks to be computed again,
    so that its formulas may hold old values; ``saved`` the day it was last saved; ``mended`` the words
    whose accents were put right; ``lost`` those that perhaps lost one; ``template`` the version of the
    dataset that our template was made for; ``shrunk`` are numbers shown a thousand times smaller, without a word of it;
    ``concealed`` are cells of which nothing is shown, ``unseen_zeros`` zeros alike; ``no_zeros`` says
    that the sheet shows none; ``totals`` are rows that the workbook itself makes of those above;
    ``faceless`` are numbers in a column of texts of which nobody can tell here what they show;
    ``invisible`` are cells written in the colour of their ground, ``conditional`` ranges that a conditional
    format may strike or hide, ``arrays`` those that one formula fills.
    """

    texts: Texts = field(default_factory=dict)
    formats: Texts = field(default_factory=dict)
    formulas: set[Place] = field(default_factory=set)
    merges: list[Range] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    struck: set[Place] = field(default_factory=set)
    filtered: bool = False
    stale: bool = False
    saved: date | None = None
    from_1904: bool = False
    mended: list[tuple[str, str]] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    template: int | None = None
    shrunk: set[Place] = field(default_factory=set)
    concealed: set[Place] = field(default_factory=set)
    unseen_zeros: set[Place] = field(default_factory=set)
    no_zeros: bool = False
    totals: set[int] = field(default_factory=set)
    faceless: set[Place] = field(default_factory=set)
    invisible: set[Place] = field(default_factory=set)
    conditional: list[Range] = field(default_factory=list)
    arrays: list[Range] = field(default_factory=list)

    def computed_within(self, rows: list[list[str]]) -> set[Place]:
        """The filled cells of the ranges that one formula fills."""
        return {
            (row, column)
            for (top, left), (bottom, right) in self.arrays
            for row in range(top, min(bottom + 1, len(rows)))
            for column in range(left, min(right + 1, len(rows[row])))
            if rows[row][column] and (row, column) not in self.texts
        }

    @property
    def speak(self) -> bool:
        """Whether there is something to tell of the sheet beside its values."""
        unlike = (self.hidden_rows, self.struck, self.formulas, self.hidden_columns, self.unseen_zeros)
        return any((*unlike, self.invisible, self.conditional, self.mended, self.lost))

    def below_merged(self, rows: list[list[str]]) -> Texts:
        """The cells under the first one of a merged range, which stands for each line."""
        found: Texts = {}
        for (top, left), (bottom, _right) in self.merges:
            if left < len(rows[top]):
                found |= {(row, left): rows[top][left] for row in range(top + 1, bottom + 1)}
        return found

    def keep_merges_within(self, height: int) -> bool:
        """Forget what is merged under the last row; whether what is left can all be looked at."""
        inside = [one for one in self.merges if one[0][0] < height]
        self.merges = [(first, (min(bottom, height - 1), right)) for first, (bottom, right) in inside]
        covered = sum((1 + bottom - top) * (1 + right - left) for (top, left), (bottom, right) in self.merges)
        return len(self.merges) <= MOST_MERGES and covered <= _MOST_COVERED

    def beside_merged(self, rows: list[list[str]]) -> Texts:
        """The other cells of a merged range show nothing, whatever they still hold from before they were merged."""
        return {
            (row, column): ""
            for (top, left), (bottom, right) in self.merges
            for row in range(top, bottom + 1)
            for column in range(left + 1, min(right + 1, len(rows[row])))
            if rows[row][column]
        }

    def told(self) -> dict[str, object]:
        """What is still of use once the sheet is in texts, as JSON holds it."""
        return {
            "formulas": sorted(self.formulas),
            "merges": self.merges,
            "hidden_rows": sorted(self.hidden_rows),
            "hidden_columns": sorted(self.hidden_columns),
            "struck": sorted(self.struck),
            "filtered": self.filtered,
            "stale": self.stale,
            "saved": self.saved.isoformat() if self.saved else None,
            "from_1904": self.from_1904,
            "mended": self.mended,
            "lost": self.lost,
            "template": self.template,
            "shrunk": sorted(self.shrunk),
            "concealed": sorted(self.concealed),
            "unseen_zeros": sorted(self.unseen_zeros),
            "totals": sorted(self.totals),
            "faceless": sorted(self.faceless),
            "invisible": sorted(self.invisible),
            "conditional": self.conditional,
        }

    @classmethod
    def of(cls, told: dict[str, Any]) -> Marks:
        """The marks that ``told`` gave, out of JSON."""
        return cls(
            formulas={(row, column) for row, column in told["formulas"]},
            merges=[((top, left), (bottom, right)) for (top, left), (bottom, right) in told["merges"]],
            hidden_rows=set(told["hidden_rows"]),
            hidden_columns=set(told["hidden_columns"]),
            struck={(row, column) for row, column in told["struck"]},
            filtered=bool(told["filtered"]),
            stale=bool(told["stale"]),
            saved=date.fromisoformat(told["saved"]) if told["saved"] else None,
            from_1904=bool(told["from_1904"]),
            lost=list(told["lost"]),
            template=told["template"],
            shrunk={(row, column) for row, column in told["shrunk"]},
            concealed={(row, column) for row, column in told["concealed"]},
            unseen_zeros={(row, column) for row, column in told["unseen_zeros"]},
            mended=[(before, after) for before, after in told["mended"]],
            totals=set(told["totals"]),
            faceless={(row, column) for row, column in told["faceless"]},
            invisible={(row, column) for row, column in told["invisible"]},
            conditional=[((top, left), (bottom, right)) for (top, left), (bottom, right) in told["conditional"]],
        )


# --- Texts of which a part is struck through, raised or lowered: « 12 » struck before « 15 » is not 1215 ----


class CellRun(NamedTuple):
    """A stretch of text in one dress: ``shift`` is 1 when it is raised, -1 when it is lowered."""

    text: str
    struck: bool = False
    shift: int = 0


def as_seen(runs: Sequence[CellRun]) -> str | None:
    """The text that says what one sees, when the plain one would not; None when it does.

    A text that is struck from end to end is a struck cell, which is told otherwise.
    """
    filled = [run for run in runs if run.text.strip()]
    struck = [run for run in filled if run.struck]
    partly = bool(struck) and len(struck) < len(filled)
    if not partly and not any(_misleads(runs, at) for at in range(1, len(runs))):
        return None
    return "".join(_rich_text_written(runs, at, partly) for at in range(len(runs))).strip()


def all_struck(runs: Sequence[CellRun]) -> bool:
    """Whether all that one sees is struck through."""
    filled = [run for run in runs if run.text.strip()]
    return bool(filled) and all(run.struck for run in filled)


def _misleads(runs: Sequence[CellRun], at: int) -> bool:
    """Whether a figure would be read as one more of the text before it: « B¹ » as B1, « 12₁ » as 121."""
    before, one = runs[at - 1], runs[at]
    if not one.shift or before.shift or not one.text.strip()[:1].isdigit():
        return False
    return one.shift > 0 or before.text.rstrip()[-1:].isdigit()  # « CO₂ » is written CO2


def _rich_text_written(runs: Sequence[CellRun], at: int, partly: bool) -> str:
    run = runs[at]
    if partly and run.struck and run.text.strip():
        return f" (barré : {run.text.strip()}) "
    if at == 0 or not _misleads(runs, at):
        return run.text
    return f" ({'exposant' if run.shift > 0 else 'indice'} : {run.text.strip()})"


_OVER_ROWS = re.compile(
    r"=?(?:of:)?=?(?:SUM|SUBTOTAL|AGGREGATE|AVERAGE|MEDIAN|MAX|MIN|COUNTA?|COUNTBLANK|PRODUCT|STDEV(?:\.?[SP])?)"
    r"\((?:\d+[,;]){0,2}\[?\.?\$?([A-Z]+)\$?(\d+):\.?\$?([A-Z]+)\$?(\d+)\]?\)",
    re.IGNORECASE,
)


def sums_above(formula: str, place: Place) -> bool:
    """Whether a formula adds up, or counts, cells of its own column that stand above it."""
    found = _OVER_ROWS.fullmatch(formula)
    if not found or not column_of(found[1]) == column_of(found[3]) == place[1]:
        return False
    return int(found[2]) < int(found[4]) <= place[0]


def column_of(letters: str) -> int:
    """The place of a column, from 0, by its letters."""
    number = 0
    for letter in letters.upper():
        number = 26 * number + ord(letter) - 64
    return number - 1


_CELL_RANGE = re.compile(r"\$?([A-Z]+)\$?(\d+)(?::(?:[^:]*?\.)?\$?([A-Z]+)\$?(\d+))?$", re.IGNORECASE)


def range_of(reference: str) -> Range | None:
    """The range that « C2:C10 », or « Feuil1.C2:Feuil1.C10 », names; None for any other."""
    found = _CELL_RANGE.search(reference.strip())
    if not found:
        return None
    first = (int(found[2]) - 1, column_of(found[1]))
    return first, (int(found[4]) - 1, column_of(found[3])) if found[3] else first


def day_of(mark: bytes, content: bytes) -> date | None:
    """The day that follows a mark in the properties of a workbook, None when no day does."""
    found = re.search(mark + rb"(\d{4})-(\d{2})-(\d{2})", content)
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None


def local(tag: object) -> str:
    """The name of an XML element without its space; nothing for a comment."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
