"""The whole face of a number or a day under its format: « 3,10 » for 3.1, « 14/09/2021 » or « 2021-09-14 ».

Where a column holds texts, what stands in a cell is what it shows: the version 3.10 is not 3.1.
Source: ECMA-376, part 1, 18.8.31 (numFmt).
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Context
from decimal import Decimal as Exact
from functools import lru_cache
from itertools import pairwise

from core.domain import french
from core.reading import number_formats

_PRECISE = Context(prec=60)
_FRACTION = re.compile(r"[#0?]\s*/\s*[#0?\d]")
_SCIENTIFIC = re.compile(r"(?:0|#)(?:\.(0*))?[Ee]\+")
_GENERAL = re.compile(r"(?i)general|standard|@")
_DECIMALS = re.compile(r"\.([0#?]*)")
_GROUPED = re.compile(r"[0#?],[0#?]")
_DAY_TOKEN = re.compile(
    r'"([^"]*)"|\\(.)|\[\$[^\]]*\]|\[(h+|m+|s+)\]|\[[^\]]*\]|(?i:(am/pm|a/p|y+|m+|d+|h+|s+(?:\.0+)?))|(.)', re.DOTALL
)
_SHORT_MONTHS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
_DASH = re.compile(r"\s*[-–]?[\s?]*")
_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_DAY_SECONDS = 86_400


def face(value: object, code: str) -> str | None:
    """What a cell shows of a number, a day or an hour under the format ``code``; None when nobody can tell here."""
    if number_formats.is_date(code):
        return _of_moment(value, code)
    if isinstance(value, bool) or not isinstance(value, float | int):
        return None
    return _of_number(Exact(f"{value:.15g}"), code)


def _of_number(value: Exact, code: str) -> str | None:
    section = number_formats.section_of(value, code)
    bare = number_formats.unquoted(section)
    if _FRACTION.search(bare):
        return None
    if found := _SCIENTIFIC.search(bare):
        return f"{value:.{len(found[1] or '')}E}".replace(".", ",")
    parts = number_formats.parts_of(section)
    if not parts.pieces:
        return None
    if not value and _DASH.fullmatch("".join(text for text, _ in parts.pieces)):
        return "0"  # the zero of accountants
    signed = value < 0 and len(number_formats.sections_of(code)) > 1
    size = abs(value) if value < 0 else value
    size = size * 100**parts.percents / Exact(1000) ** parts.thousands
    whole, rest = _digits(size, section)
    least = 1 if _GENERAL.search(section) else 0
    text = _pieces(parts, whole, rest, least=least, grouped=bool(_GROUPED.search(bare)))
    return f"{'-' if value < 0 and not signed else ''}{text}".strip()


def _digits(size: Exact, section: str) -> tuple[str, str]:
    """The digits before and after the comma, rounded as the section rounds them."""
    if _GENERAL.search(section):
        whole, _, rest = f"{size.normalize():f}".partition(".")
        return whole, rest
    found = _DECIMALS.search(number_formats.unquoted(section))
    places = found[1] if found else ""
    rounded = size.quantize(Exact(1).scaleb(-len(places)), ROUND_HALF_UP, _PRECISE)
    whole, _, rest = f"{rounded:f}".partition(".")
    least = places.count("0")
    return whole, rest[:least] + rest[least:].rstrip("0")


def _pieces(parts: number_formats.FormatParts, whole: str, rest: str, *, least: int, grouped: bool) -> str:
    """The digits in their places, from the right, with the texts between them."""
    texts = [text for text, _ in parts.pieces]
    if not parts.runs:
        return "".join(texts)
    zeros = max(parts.least, least)
    whole = "" if whole == "0" and not zeros else whole
    for n in reversed(parts.runs):
        size = len(texts[n])
        taken = whole if n == parts.runs[0] else whole[-size:]
        whole = whole[: len(whole) - len(taken)]
        texts[n] = taken.rjust(min(zeros, size), "0")
        zeros = max(0, zeros - size)
    last = parts.runs[-1]
    if grouped and len(parts.runs) == 1:
        texts[last] = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", " ", texts[last])
    texts[last] += (f",{rest}" if rest else "") + " %" * parts.percents
    return "".join(texts)


# --- Days and hours ---------------------------------------------------------------------------------


def _of_moment(value: object, code: str) -> str | None:
    tokens = _tokens(code)
    if isinstance(value, datetime):
        seconds, day = _seconds(value.time()), value.date()
    elif isinstance(value, date):
        seconds, day = 0, value
    elif isinstance(value, time):
        seconds, day = _seconds(value), None
    elif isinstance(value, timedelta):
        seconds, day = round(value.total_seconds()), None
    else:
        return None
    shown = [_part(kind, text, day, seconds) for kind, text in tokens]
    return None if None in shown else "".join(text or "" for text in shown).strip()


def _seconds(at: time) -> int:
    return 3600 * at.hour + 60 * at.minute + at.second + (at.microsecond >= 500_000)


@lru_cache(maxsize=500)
def _tokens(code: str) -> tuple[tuple[str, str], ...]:
    """The parts of a format of days: (« y », « m »…, as written), (« text », words), (« minute », « mm »)…"""
    found: list[tuple[str, str]] = []
    for quoted, escaped, elapsed, part, other in _DAY_TOKEN.findall(code.split(";")[0]):
        if elapsed:
            found.append(("elapsed", elapsed.lower()))
        elif part:
            found.append((part[0].lower() if part[0].lower() != "a" else "half", part.lower()))
        else:
            found.append(("text", quoted or escaped or other))
    return tuple(_minutes_told(found))


def _minutes_told(tokens: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """An « m » beside hours or seconds counts minutes."""
    parts = [n for n, (kind, _) in enumerate(tokens) if kind not in ("text", "half")]
    for before, after in pairwise(parts):
        for month, beside in ((after, before), (before, after)):
            clock = tokens[beside][0] in (("h", "elapsed") if month == after else ("s",))
            if tokens[month][0] == "m" and len(tokens[month][1]) < 3 and clock:
                tokens[month] = ("minute", tokens[month][1])
    return tokens


def _part(kind: str, text: str, day: date | None, seconds: int) -> str | None:
    """One part of a day or an hour; None when the value has no such part, or when it is not written here."""
    clock = seconds % _DAY_SECONDS if day else seconds
    match kind:
        case "text":
            return text
        case "h":
            return f"{clock // 3600 % 24:0{min(len(text), 2)}d}"
        case "minute":
            return f"{clock // 60 % 60:0{min(len(text), 2)}d}"
        case "s" if "." not in text:
            return f"{clock % 60:0{min(len(text), 2)}d}"
        case "elapsed" if day is None:
            unit = {"h": 3600, "m": 60, "s": 1}[text[0]]
            return f"{seconds // unit:0{len(text)}d}"
        case "y" | "m" | "d" if day is not None:
            return _of_day(kind, len(text), day)
    return None


def _of_day(kind: str, size: int, day: date) -> str | None:
    if kind == "y":
        return f"{day.year}" if size > 2 else f"{day.year % 100:02d}"
    if kind == "m":
        names = {3: _SHORT_MONTHS[day.month - 1], 4: french.MONTHS[day.month - 1], 5: french.MONTHS[day.month - 1][0]}
        return names.get(size) or f"{day.month:0{size}d}"
    names = {3: f"{_DAYS[day.weekday()][:3]}.", 4: _DAYS[day.weekday()]}
    return names.get(size) or f"{day.day:0{size}d}"
