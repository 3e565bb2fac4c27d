"""What a file says of its cells beyond their values: formats, parts of a text, formulas."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal as Exact
from functools import lru_cache
from typing import Any, NamedTuple

Place = tuple[int, int]
"""(row, column), both from 0."""
Texts = dict[Place, str]
"""The text that stands for a cell."""
Range = tuple[Place, Place]
"""The first and the last cell of a merged range."""
MOST_MERGES = 2_000
"""Merged ranges that are looked at, and lines of each."""


@dataclass
class Marks:
    """What the file says of its cells beyond their values.

    ``texts`` replace the value (an error, a formula without value, a duration); ``formats`` are the
    number formats that change what is shown; ``stale``: the workbook asks to be computed again,
    so that its formulas may hold old values; ``saved`` the day it was last saved; ``mended`` the words
    whose accents were put right; ``lost`` those that perhaps lost one; ``template`` the version of the
    dataset that our template was made for; ``shrunk`` are numbers shown a thousand times smaller, without a word of it.
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

    def below_merged(self, rows: list[list[str]]) -> Texts:
        """The cells under the first one of a merged range, which stands for each line."""
        found: Texts = {}
        for (top, left), (bottom, _right) in self.merges[:MOST_MERGES]:
            if top < len(rows) and left < len(rows[top]) and bottom - top < MOST_MERGES:
                found |= {(row, left): rows[top][left] for row in range(top + 1, min(bottom + 1, len(rows)))}
        return found

    def told(self) -> dict[str, Any]:
        """What is still of use once the sheet is in texts, as JSON holds it."""
        return {
            "formulas": sorted(self.formulas),
            "merges": self.merges[:MOST_MERGES],
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
            mended=[(before, after) for before, after in told["mended"]],
        )


# --- What a spreadsheet shows of a number whose format changes the meaning: per cent, zeros in front, thousands, unit
# A format that only rounds or groups digits changes nothing: the value is read, whole.
# Source: ECMA-376, part 1, 18.8.30 (numFmt).


BUILT_IN = {9: "0%", 10: "0.00%"}
"""The formats that every spreadsheet knows by number and that change what is shown."""
_TOKEN = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]|([0#?]+)|(.)', re.DOTALL)
_DATE = re.compile(r"(?i)[ymdhs]|general|standard|@")
_SCIENTIFIC = re.compile(r"[0#][Ee][+-]0")
_SILENT = re.compile(r"(?i)[\s€()+\u00a0\u202f-]|eur(os?)?(?![a-z])")
_SOFT = {"/", ":", "."}


class _Parts(NamedTuple):
    """A format taken apart: texts and runs of digits in order, per cents, thousands dropped, decimals."""

    pieces: tuple[tuple[str, bool], ...]
    percents: int
    thousands: int
    decimals: bool


def shown(value: float, code: str) -> str | None:
    """The text that stands for ``value`` under the format ``code``; None when it is the plain number."""
    if not code or not changes(code):
        return None
    parts = _parts(code)
    if not parts.pieces:
        return ""
    exact = Exact(f"{value:.15g}") * 100**parts.percents / Exact(1000) ** parts.thousands
    digits = _written(abs(exact))
    body = _filled(parts, digits)
    return f"{'-' if exact < 0 else ''}{body}".strip()


@lru_cache(maxsize=2_000)
def changes(code: str) -> bool:
    """Whether a format makes people read something else than the plain number."""
    if _is_date(code) or _SCIENTIFIC.search(code):
        return False
    parts = _parts(code)
    if not parts.pieces:
        return True
    whole = [text for text, is_digits in parts.pieces if is_digits]
    words = "".join(text for text, is_digits in parts.pieces if not is_digits)
    zeros = sum(text.count("0") for text in whole)
    return bool(parts.percents or parts.thousands or zeros > 1 or _SILENT.sub("", words))


@lru_cache(maxsize=2_000)
def shrinks(code: str) -> bool:
    """Whether a format shows a number a thousand times smaller, without a word of it: « 3 » for 3 150."""
    parts = _parts(code)
    words = "".join(text for text, is_digits in parts.pieces if not is_digits)
    return bool(parts.thousands) and not _SILENT.sub("", words)


def _is_date(code: str) -> bool:
    bare = re.sub(r'"[^"]*"|\\.|\[\$[^\]]*\]|_.|\*.', "", code)
    return bool(_DATE.search(re.sub(r"\[(?!h|m|s)[^\]]*\]", "", bare, flags=re.IGNORECASE)))


@lru_cache(maxsize=2_000)
def _parts(code: str) -> _Parts:
    section = _sections(code)
    pieces: list[tuple[str, bool]] = []
    percents = thousands = 0
    decimals = False
    for found in _TOKEN.finditer(section):
        quoted, escaped, currency, digits, other = found.groups()
        if digits:
            if not decimals:
                pieces.append((digits, True))
                thousands = 0
        elif other == ".":
            decimals = True
        elif other == ",":
            thousands += 1 if (pieces and pieces[-1][1]) or decimals else 0
        elif other == "%":
            percents += 1
        else:
            text = quoted if quoted is not None else escaped or currency or other or ""
            text = "" if text in _SOFT and other else text
            if text:
                pieces.append((text, False))
    return _Parts(_joined(pieces), percents, _trailing(section, thousands), decimals)


def _sections(code: str) -> str:
    """The first section: the one of positive numbers. All empty: nothing is ever shown."""
    return re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', code)[0]


def _trailing(section: str, commas: int) -> int:
    """Commas divide by a thousand only when they follow the last digit; between digits they group them."""
    bare = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.', "", section)
    found = re.search(r"[0#?](,+)[^0#?]*$", bare)
    return len(found[1]) if found and commas else 0


def _joined(pieces: list[tuple[str, bool]]) -> tuple[tuple[str, bool], ...]:
    """Runs of digits that only a comma parts are one run."""
    found: list[tuple[str, bool]] = []
    for text, is_digits in pieces:
        if is_digits and found and found[-1][1]:
            found[-1] = (found[-1][0] + text, True)
        elif not is_digits and found and not found[-1][1]:
            found[-1] = (found[-1][0] + text, False)
        else:
            found.append((text, is_digits))
    return tuple(found)


def _written(exact: Exact) -> str:
    return f"{exact.normalize():f}".replace(".", ",")


def _filled(parts: _Parts, digits: str) -> str:
    """The digits in their places, from the right, with the texts between them."""
    runs = [n for n, (_, is_digits) in enumerate(parts.pieces) if is_digits]
    whole, comma, rest = digits.partition(",")
    if not runs:
        return "".join(text for text, _ in parts.pieces)
    texts = {n: text for n, (text, _) in enumerate(parts.pieces)}
    for n in reversed(runs):
        run = parts.pieces[n][0]
        taken = whole if n == runs[0] else whole[-len(run) :]
        whole = whole[: len(whole) - len(taken)]
        texts[n] = taken if comma else taken.rjust(run.count("0"), "0")
    texts[runs[-1]] += f"{comma}{rest}"
    if parts.percents:
        texts[runs[-1]] += " %" * parts.percents
    return "".join(_spoken(texts[n], is_digits) for n, (_, is_digits) in enumerate(parts.pieces))


def _spoken(text: str, is_digits: bool) -> str:
    """The texts of currencies in euros say nothing that the column does not."""
    return text if is_digits or _SILENT.sub("", text) or "-" in text else " " if text.strip() == "" else ""


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
