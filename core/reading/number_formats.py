"""What a spreadsheet shows of a value whose format changes the meaning: per cent, zeros in front, thousands, a unit.

A format that only rounds or groups digits changes nothing: the value is read, whole. One that shows
nothing of a number, or a part only of a day, does.
Source: ECMA-376, part 1, 18.8.30 and 18.8.31 (numFmt).
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal as Exact
from functools import lru_cache
from typing import NamedTuple

from core.domain import french

BUILT_IN = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "dd/mm/yyyy",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "dd/mm/yyyy hh:mm",
    37: "#,##0",
    38: "#,##0",
    39: "#,##0.00",
    40: "#,##0.00",
    45: "mm:ss",
    46: "[h]:mm:ss",
    48: "0.0E+0",
}
"""The formats that every spreadsheet knows by number, as it writes them in French."""
_TOKEN = re.compile(
    r'"([^"]*)"|\\(.)|_.|\*.|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]|(?i:(general|standard|@))|([0#?]+)|(.)', re.DOTALL
)
_QUOTED = re.compile(r'"[^"]*"|\\.|\[\$[^\]]*\]|_.|\*.')
_DATE = re.compile(r"(?i)[ymdhs]")
_GENERAL = re.compile(r"(?i)general|standard|@")
_SCIENTIFIC = re.compile(r"[0#][Ee][+-]0")
_SILENT = re.compile(r"(?i)[\s€()+\u00a0\u202f-]|eur(os?)?(?![a-z])")
_SOFT = {"/", ":", "."}
_SECTION = re.compile(r';(?=(?:[^"]*"[^"]*")*[^"]*$)')
_WHEN = re.compile(r"\[(<=|>=|<>|<|>|=)\s*(-?\d+(?:[.,]\d+)?)\]")
_COMPARED: dict[str, Callable[[Exact, Exact], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}


class FormatParts(NamedTuple):
    """A section of a format taken apart: texts and runs of digits in order, per cents, thousands dropped, decimals."""

    pieces: tuple[tuple[str, bool], ...]
    percents: int
    thousands: int
    decimals: bool

    @property
    def runs(self) -> list[int]:
        """The places of the runs of digits among the pieces."""
        return [n for n, (_, is_digits) in enumerate(self.pieces) if is_digits]

    @property
    def least(self) -> int:
        """How many digits are shown at the least: three for « 00# »."""
        whole = "".join(self.pieces[n][0] for n in self.runs)
        return len(whole) - whole.index("0") if "0" in whole else 0

    @property
    def words(self) -> str:
        """The texts, without those that say nothing that the column does not."""
        return _SILENT.sub("", "".join(text for text, is_digits in self.pieces if not is_digits))


def shown(value: float, code: str) -> str | None:
    """The text that stands for ``value`` under the format ``code``; None when it is the plain number.

    A value that its format conceals is the plain number: see ``conceals``.
    """
    if not code or not changes(code) or is_date(code):
        return None
    exact = Exact(f"{value:.15g}")
    parts = parts_of(section_of(exact, code))
    if not _dresses(parts) or not (parts.runs or parts.words):
        return None  # « - » for zero is the zero of accountants
    exact = exact * 100**parts.percents / Exact(1000) ** parts.thousands
    body = _filled(parts, _written(abs(exact)), signed=exact < 0)
    return f"{'-' if exact < 0 and parts.runs else ''}{body}".strip()


def conceals(value: float, code: str) -> bool:
    """Whether the format shows nothing at all of ``value``: « ;;; », or « 0;-0; » for a zero."""
    return bool(code) and not is_date(code) and not parts_of(section_of(Exact(f"{value:.15g}"), code)).pieces


def shown_day(value: date, code: str) -> str | None:
    """The text that stands for a day under a format that hides its year or its day; None when it shows both."""
    if not code or not is_date(code):
        return None
    bare = unquoted(code)
    day, year = bool(_DAY_NUMBER.search(bare)), bool(re.search("(?i)y", bare))
    if day and year:
        return None
    if day:
        return f"{value.day} {french.MONTHS[value.month - 1]}"
    if re.search("(?i)mmm", bare) or (re.search("(?i)m", bare) and not re.search("(?i)[hs]", bare)):
        return french.month(value) if year else french.MONTHS[value.month - 1]
    if year:
        return str(value.year)
    return f"{value:%H:%M}" if isinstance(value, datetime) and re.search("(?i)h", bare) else None


def shown_text(text: str, code: str) -> str | None:
    """The text that stands for a text under a format that adds words to it: « "MET-"@ »; None when it adds none."""
    around = _around_text(code)
    return f"{around[0]}{text}{around[1]}".strip() if around else None


@lru_cache(maxsize=2_000)
def _around_text(code: str) -> tuple[str, str] | None:
    """What a format writes before and after a text; None when it is nothing."""
    sections = _SECTION.split(code)
    section = sections[3] if len(sections) > 3 else sections[-1]
    if "@" not in _QUOTED.sub("", section):
        return None
    sides = ["", ""]
    after = 0
    for found in _TOKEN.finditer(section):
        quoted, escaped, currency, general, digits, other = found.groups()
        after |= general == "@"
        if general is None:
            sides[after] += quoted if quoted is not None else escaped or currency or digits or other or ""
    return (sides[0], sides[1]) if _SILENT.sub("", "".join(sides)) else None


def hides_texts(code: str) -> bool:
    """Whether a format shows no text: the last section of « ;;; » is empty."""
    return len(sections := _SECTION.split(code)) > 3 and not sections[3]


def touches_texts(code: str) -> bool:
    """Whether a format writes something beside texts, or hides them."""
    return hides_texts(code) or _around_text(code) is not None


@lru_cache(maxsize=2_000)
def changes(code: str) -> bool:
    """Whether a format makes people read something else than the plain number, or the whole day."""
    if is_date(code):
        bare = unquoted(code)
        return not (_DAY_NUMBER.search(bare) and re.search("(?i)y", bare))
    return touches_texts(code) or any(not parts.pieces or _dresses(parts) for parts in map(parts_of, sections_of(code)))


def _dresses(parts: FormatParts) -> bool:
    """Whether a section shows something else than the plain number."""
    return bool(parts.percents or parts.thousands or parts.least > 1 or parts.words)


@lru_cache(maxsize=2_000)
def shrinks(code: str) -> bool:
    """Whether a format shows a number a thousand times smaller, without a word of it: « 3 » for 3 150."""
    return any(parts.thousands and not parts.words for parts in map(parts_of, sections_of(code)))


_DAY_NUMBER = re.compile(r"(?i)(?<!d)d{1,2}(?!d)")


@lru_cache(maxsize=2_000)
def is_date(code: str) -> bool:
    bare = unquoted(code)
    return bool(_DATE.search(bare)) and not _SCIENTIFIC.search(bare)


def unquoted(code: str) -> str:
    """A format without its quoted texts, its colours and its conditions."""
    bare = _GENERAL.sub("", _QUOTED.sub("", code))
    return re.sub(r"(?i)\[(?!(?:h+|m+|s+)\])[^\]]*\]", "", bare)


@lru_cache(maxsize=2_000)
def parts_of(section: str) -> FormatParts:
    pieces: list[tuple[str, bool]] = []
    percents = thousands = 0
    decimals = False
    if _SCIENTIFIC.search(section):
        return FormatParts((("#", True),), 0, 0, False)
    for found in _TOKEN.finditer(section):
        quoted, escaped, currency, general, digits, other = found.groups()
        if general:
            pieces.append(("#", True))
        elif digits:
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
    return FormatParts(_joined(pieces), percents, _trailing(section, thousands), decimals)


@lru_cache(maxsize=2_000)
def sections_of(code: str) -> tuple[str, ...]:
    """The sections that numbers fall in; the fourth one is for texts."""
    return tuple(_SECTION.split(code)[:3])


def section_of(value: Exact, code: str) -> str:
    """The section of a format that shows ``value``: by its conditions, else by its sign."""
    sections = sections_of(code)
    conditions = [_WHEN.search(one) for one in sections]
    if any(conditions):
        for one, when in zip(sections, conditions, strict=True):
            if when and _COMPARED[when[1]](value, Exact(when[2].replace(",", "."))):
                return one
        return next((one for one, when in zip(sections, conditions, strict=True) if not when), "General")
    if value == 0:
        return sections[2] if len(sections) > 2 else sections[0]
    return sections[1] if value < 0 and len(sections) > 1 else sections[0]


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


def _filled(parts: FormatParts, digits: str, *, signed: bool) -> str:
    """The digits in their places, from the right, with the texts between them; ``signed``: their sign is said apart."""
    runs = parts.runs
    whole, comma, rest = digits.partition(",")
    texts = {n: _signless(text) if signed else text for n, (text, _) in enumerate(parts.pieces)}
    if not runs:
        return "".join(texts.values())
    zeros = parts.least
    for n in reversed(runs):
        run = parts.pieces[n][0]
        taken = whole if n == runs[0] else whole[-len(run) :]
        whole = whole[: len(whole) - len(taken)]
        texts[n] = taken if comma else taken.rjust(min(zeros, len(run)), "0")
        zeros = max(0, zeros - len(run))
    texts[runs[-1]] += f"{comma}{rest}"
    if parts.percents:
        texts[runs[-1]] += " %" * parts.percents
    return "".join(_spoken(texts[n], is_digits) for n, (_, is_digits) in enumerate(parts.pieces))


def _signless(text: str) -> str:
    """A text around a negative number without the signs that say so: « - », brackets."""
    return re.sub(r"[-()]", "", text)


def _spoken(text: str, is_digits: bool) -> str:
    """The texts of currencies in euros say nothing that the column does not."""
    return text if is_digits or _SILENT.sub("", text) or "-" in text else " " if text.strip() == "" else ""
