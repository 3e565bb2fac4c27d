"""What columns share: values read inside what people write, and the lists of the vote and of the Cerfa."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from core.deliberation import ASSOCIATIONS, EXPERIMENTS, LINES
from core.domain.french import fold, unambiguous

NOTHING = frozenset({"ras", "r a s", "neant", "aucun", "aucune", "rien", "sans objet", "so", "s o", "vide"})
"""What people write, folded, where there is nothing to say: zero in one cell, nothing known in another."""

# --- The plain value inside what people write in a cell: offered in the message, never read by itself ----


_NUMBER = re.compile(
    r"(?<![\w.,])\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d+)?(?!\w|[.,]\d)|(?<![\w.,])\d+(?:[.,]\d+)?(?!\w|[.,]\d)"
)
_NEGATIVE = re.compile(
    r"\(\s*(\d[\d \u00a0\u202f.,]*?)\s*(?:€\s*)?\)(?:\s*€)?|(\d[\d \u00a0\u202f.,]*?)\s*(?:€\s*)?[-−–]"
)
_RANGE = re.compile(
    r"(?i)^(?:du\s+)?(?P<first>\d{1,2})(?:er)?(?P<own>\s+[a-zéûà.]+)?(?:\s+20\d{2})?\s*(?:au|et|à|-|–)\s*"
    r"(?P<last>\d{1,2})(?:er)?\s+(?P<month>[a-zéûà.]+)(?:\s+(?P<year>20\d{2}))?$"
)
_DAY = r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}"
_BETWEEN = re.compile(rf"^(?:du\s+)?({_DAY})\s*(?:/|au|et|à|-|–)\s*{_DAY}$")
_OF_ONE_MONTH = re.compile(
    r"(?i)^(?:du\s+)?(\d{1,2})\s*(?:au|et|à|-|–|/)\s*\d{1,2}([/.-]\d{1,2}[/.-]\d{4}|\s+[a-zéûà.]+\s+20\d{2})$"
)
_DAY_INSIDE = re.compile(r"(?<![\d/.-])\d{1,2}[/.-]\d{1,2}[/.-]20\d{2}(?![\d/.-])")
_OTHER_DAY = re.compile(
    r"(?i)\b(avant|apr[èe]s|depuis|d[èe]s|jusqu|partir|au|et|ou|puis|report[ée]|annul[ée]|pas|non)\b"
)
_QUARTER = re.compile(
    r"(?i)^(?:t|trim(?:estre)?\.?\s*)\s*([1-4])\b.*?(20\d{2})?$|^([1-4])(?:er|e|ème)?\s+trim(?:estre)?\.?\s*(20\d{2})?$"
)


_OTHER_NUMBER = re.compile(
    r"(?i)[()<>≤≥+/%‰²³½¼¾$£¥]|\bk\s?[€e]|\bm\s?€|\d\s*-\s*$|\d\s*(k|m|h|min|mn|s|mois|ans?|kg|g|cm|mm)\b|\d\s*['’\"]"
    r"|\b(cts?|cent(?:ime)?s?|dollars?|francs?|chf|usd|ke|jusqu|c|f)\b"
    r"|\b(milliers?|millions?|mille|heures?|minutes?|semaines?|dizaines?|vingtaines?|centaines?|douzaines?"
    r"|janv(ier)?|f[ée]vr?(ier)?|mars|avr(il)?|mai|juin|juil(let)?|ao[ûu]t|sept(embre)?|oct(obre)?|nov(embre)?"
    r"|d[ée]c(embre)?|[ts]\d+|moins|plus|max(i|imum)?|mini(mum)?|presque|dont|sur|par|sauf|hors|demie?|non)\b"
)
"""What makes the only number of a text another one than the number meant: « 2 h », « moins de 5 », « (120) »."""


def number_in(text: str) -> str | None:
    """The only number of a text, when nothing beside it changes it: « 70 000 » in « 70 000 € HT », « 380 places »."""
    found = _NUMBER.findall(text)
    return found[0] if len(found) == 1 and not _OTHER_NUMBER.search(text) else None


def negative_in(text: str) -> str | None:
    """The number that accountants write negative, « (120) » or « 120- », without its sign."""
    found = _NEGATIVE.fullmatch(text.strip())
    return (found[1] or found[2]).rstrip(" .,") if found else None


def first_day(text: str) -> str | None:
    """The first day of several, as written: « 17 mai 2022 » of « du 17 au 20 mai 2022 »; None for one day."""
    if found := _BETWEEN.match(text.strip()):
        return found[1]
    if found := _OF_ONE_MONTH.match(text.strip()):
        return f"{found[1]}{found[2]}"
    found = _RANGE.match(text.strip())
    if not found:
        return None
    month = (found["own"] or found["month"]).strip()
    return " ".join(part for part in (found["first"], month, found["year"]) if part)


def day_in(text: str) -> str | None:
    """The only day of a text, when no word beside it makes it another: « 14/09/2021 (matin) », not « avant le… »."""
    found = _DAY_INSIDE.findall(text)
    return found[0] if len(found) == 1 and not _OTHER_DAY.search(text) else None


def quarter_in(text: str) -> tuple[int, str | None] | None:
    """The quarter that a text names, and its year: « T3 2021 » is (3, « 2021 »)."""
    found = _QUARTER.match(text.strip())
    return (int(found[1] or found[3]), found[2] or found[4]) if found else None


# --- The closed lists that columns refer to: experiments, subsidy lines, accounts ------------------


@cache
def experiments() -> dict[str, str]:
    """Titles of the voted experiments by code."""
    return {code: experiment.title for code, experiment in EXPERIMENTS.items()}


@cache
def experiment_writings() -> dict[str, str]:
    """The folded writings that mean one experiment only."""
    pairs = []
    for code, experiment in EXPERIMENTS.items():
        written = [code, experiment.title, experiment.short_title, experiment.territory]
        written.append(f"{code} {experiment.title}")  # as the lists of older templates wrote it
        short, _, rest = code.partition("-")
        written += [short, rest] if short.startswith("ct") else [code]
        pairs += [(fold(word), code) for word in written if word]
    return unambiguous(pairs)


@cache
def lines() -> dict[str, str]:
    """« Point Formation : déploiement des actions sur le CT6 », by code: people know a line by who it pays."""
    return {code: f"{ASSOCIATIONS[line.association].name} : {line.purpose}" for code, line in LINES.items()}


@cache
def line_writings() -> dict[str, str]:
    """The folded writings that mean one line only: its code, its object, its association when it has one line."""
    pairs = []
    for code, line in LINES.items():
        body = ASSOCIATIONS[line.association].name
        told = lines()[code]
        written = (code, line.purpose, body, f"{code} {line.purpose}", told, f"{body} {line.purpose}")
        pairs += [(fold(one), code) for one in written]
    return unambiguous(pairs)


@cache
def _cerfa() -> tuple[dict[str, str], ...]:
    text = files("core").joinpath("data/cerfa_15059.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@dataclass(frozen=True, slots=True)
class CerfaRow:
    """One row of the form: ``level`` is « titre », « compte », « detail » or « total ».

    ``side`` is « charge » or « produit »; ``with_kind``: a total that takes contributions in kind (86, 87) in.
    """

    code: str
    level: str
    side: str
    label: str
    with_kind: bool = False


@cache
def cerfa() -> tuple[CerfaRow, ...]:
    """The rows of the Cerfa 15059*02, in their order (source: core/data/cerfa_15059.csv)."""
    return tuple(
        CerfaRow(row["code"], row["niveau"], row["sens"], row["libelle"], "+" in row["libelle"]) for row in _cerfa()
    )


@cache
def account_headings() -> frozenset[str]:
    """Codes that only add up others: an account with details, a heading, a total."""
    details = {row["code"].rpartition(".")[0] for row in _cerfa() if row["niveau"] == "detail"}
    summed = {"86", "87"}  # their details are numbered 860 to 875, without a point
    return frozenset(row["code"] for row in _cerfa() if row["niveau"] != "detail" and row["code"] in details | summed)


@cache
def accounts() -> dict[str, str]:
    """Labels of the lines that carry an amount, by code."""
    return {
        row["code"]: row["libelle"]
        for row in _cerfa()
        if row["code"] and row["niveau"] in ("compte", "detail") and row["code"] not in account_headings()
    }


@cache
def charges() -> frozenset[str]:
    """Codes of the expenses that carry an amount, contributions in kind (86) left out."""
    kind = {row["code"] for row in _cerfa() if row["sens"] == "charge" and row["bloc"] != "Contributions volontaires"}
    return frozenset(accounts()) & kind
