"""Numbers, amounts, dates and lists as French people read them: the only place that writes them.

Thousands are separated by a narrow no-break space (U+202F), units are preceded by a
no-break space (U+00A0), as French typography asks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from functools import lru_cache
from zoneinfo import ZoneInfo

from core.typography import MONTHS, NARROW
from core.typography import NBSP as NBSP
from core.typography import typeset as typeset

FRANCE = ZoneInfo("Europe/Paris")


def number(value: float, digits: int = 0) -> str:
    """« 24 500 », « 1 234,5 »: ``digits`` decimals at the most, trailing zeros dropped."""
    rounded = f"{value:,.{digits}f}"
    if digits and "." in rounded:
        rounded = rounded.rstrip("0").rstrip(".")
    text = rounded.replace(",", NARROW).replace(".", ",")
    return "0" if text in ("-0", "−0") else text.replace("-", "−")


def euros(cents: int) -> str:
    """« 24 500 € » from 2450000 cents; the cents are written only when there are some."""
    whole, rest = divmod(abs(cents), 100)
    sign = "−" if cents < 0 else ""
    tail = f",{rest:02d}" if rest else ""
    return f"{sign}{number(whole)}{tail}{NBSP}€"


def percent(value: float, digits: int = 0) -> str:
    """« 68 % » from 68.0 (percentage points, not a fraction)."""
    return f"{number(value, digits)}{NARROW}%"


def out_of(numerator: float, denominator: float) -> str:
    """« 12 sur 40 »: a rate is never shown without its two parts."""
    return f"{number(numerator, 1)} sur {number(denominator, 1)}"


def day(value: date) -> str:
    """« 4 juin 2021 », « 1er juillet 2021 »."""
    first = "1er" if value.day == 1 else str(value.day)
    return f"{first}{NBSP}{MONTHS[value.month - 1]}{NBSP}{value.year}"


def short_day(value: date) -> str:
    """« 04/06/2021 »."""
    return f"{value:%d/%m/%Y}"


def moment(value: datetime) -> str:
    """« 4 juin 2021 à 10 h 12 »: an aware instant, as the clocks of France show it."""
    here = value.astimezone(FRANCE)
    return f"{day(here.date())} à {here.hour}{NBSP}h{NBSP}{here.minute:02d}"


def month(value: date) -> str:
    """« septembre 2021 »."""
    return f"{MONTHS[value.month - 1]} {value.year}"


def short_month(value: date) -> str:
    """« sept. 21 », for the axis of a chart."""
    names = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
    return f"{names[value.month - 1]} {value.year % 100:02d}"


def listing(words: Iterable[str], last: str = "et") -> str:
    """« Aix, Pertuis et Gardanne »."""
    items = list(words)
    return "".join(item + mark for item, mark in zip(items, listing_marks(len(items), last), strict=True))


def listing_marks(count: int, last: str = "et") -> list[str]:
    """What follows each of ``count`` things in a listing: commas, « et » before the last, nothing at the end."""
    return ([", "] * (count - 2) + [f" {last} "] * (count > 1) + [""])[-count:] if count else []


@dataclass(frozen=True, slots=True)
class Extreme:
    """Who stands first, or last, and with what: those who are equal are named together."""

    names: str
    value: float
    count: int

    def verb(self, one: str, several: str) -> str:
        """The verb as it agrees with them."""
        return one if self.count == 1 else several


def extreme(found: Iterable[tuple[str, float]], *, lowest: bool = False, most: int = 3) -> Extreme:
    """« Aix et Pertuis »: the names of the highest value (or the lowest); « A, B et 2 autres » beyond ``most``."""
    known = list(found)
    value = (min if lowest else max)(value for _, value in known)
    names = [name for name, held in known if held == value]
    left = len(names) - most
    shown = names if left <= 0 else [*names[: most - 1], f"{left + 1} autres"]
    return Extreme(listing(shown), value, len(names))


def of(name: str) -> str:
    """« d’Anonymal », « de Point Formation »."""
    bare = unicodedata.normalize("NFD", name)
    return f"d’{name}" if bare[:1].lower() in tuple("aeiouy") else f"de {name}"


def count(value: float, singular: str, plural: str | None = None) -> str:
    """« 1 ordinateur », « 12 ordinateurs »; French writes 0 and 1 in the singular, as the number reads once rounded."""
    word = singular if abs(round(value)) < 2 else (plural or f"{singular}s")
    return f"{number(value)} {word}"


def unit_of(value: float, unit: str) -> str:
    """The unit as it agrees with ``value``: « ordinateurs » is « ordinateur » for 0 and 1.

    Units are plurals: « lieux » is « lieu », « niveaux » « niveau », « journaux » « journal ». An amount
    (« € par ordinateur ») and « % » do not change.
    """
    if abs(value) >= 2 or unit.startswith("€") or unit == "%":
        return unit
    return " ".join(map(_singular, unit.split(" ")))


_SINGULAR = re.compile(r"s$|(?<=[eo]u)x$")
_IN_EAU = ("eaux", "tuyaux", "noyaux")
_ALWAYS_IN_X = frozenset({"choix", "croix", "noix", "prix", "taux", "voix"})


def _singular(word: str) -> str:
    if word in _ALWAYS_IN_X or not word.endswith("aux"):
        return word if word in _ALWAYS_IN_X else _SINGULAR.sub("", word)
    return word[:-1] if word.endswith(_IN_EAU) else f"{word[:-2]}l"


def in_words(value: int, *, feminine: bool = False) -> str:
    """« deux », « six »; figures from eleven on. ``feminine`` turns « un » into « une », « aucun » into « aucune »."""
    words = ("aucun", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix")
    if not 0 <= value < len(words):
        return number(value)
    return words[value] + ("e" if feminine and value < 2 else "")


@dataclass(frozen=True, slots=True)
class Thing:
    """What is spoken of, with its article, and how the verb and the participle agree with it.

    ``words`` is « ce versement », « cette convention » (``feminine``), « ces dates » (and ``plural``).
    """

    words: str
    feminine: bool = False
    plural: bool = False

    def is_(self, participle: str) -> str:
        """« ce versement est ajouté », « ces dates sont ajoutées »; the participle is given bare."""
        ending = ("e" if self.feminine else "") + ("s" if self.plural else "")
        return f"{self.words} {'sont' if self.plural else 'est'} {participle}{ending}"


def sentence(text: str) -> str:
    """The text with a capital and a full stop."""
    trimmed = text.strip()
    if not trimmed:
        return ""
    closed = trimmed if trimmed[-1] in ".?!…" else f"{trimmed}."
    return capital(closed)


def capital(text: str) -> str:
    """The text with a capital, as a title or the start of a sentence that is closed elsewhere."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """The text as the rest of a sentence: « remises… »; the first letter of an acronym stays, « SIRET ou RNA »."""
    first = text.split(" ", 1)[0]
    return text if first[1:2].isupper() else f"{text[:1].lower()}{text[1:]}"


def unbroken(quoted: str) -> str:
    """Words of a text, whose sums stay on one line: « 6 000 euros »."""
    return re.sub(r"(?<=\d) (?=\d{3}(?:\D|$))", NARROW, quoted)


# --- Comparing words as a reader does: without case, accents, hyphens or kinds of apostrophe -------


_BETWEEN_WORDS = re.compile(r"[^a-z0-9]+")
_ENDINGS = re.compile(r"(?<=\w{2})(es|e|s|x)$")


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """« N° d’Inventaire » becomes « n d inventaire »: lower case, no accent, single spaces."""
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE").replace("°", " "))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _BETWEEN_WORDS.sub(" ", letters.lower()).strip()


def stem(text: str) -> str:
    """The folded words without the marks of plural and feminine: « testées » and « testé » are one."""
    return " ".join(_ENDINGS.sub("", word) for word in fold(text).split())


def unambiguous(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The writings that mean one value only; those that could mean two are left out."""
    found: dict[str, str] = {}
    doubtful = set()
    for writing, value in pairs:
        if found.setdefault(writing, value) != value:
            doubtful.add(writing)
    return {writing: value for writing, value in found.items() if writing not in doubtful}


def nearest(text: str, known: Iterable[str], cutoff: float = 0.75) -> str | None:
    """The known writing that looks most like ``text``, or None when nothing does."""
    by_fold = {fold(word): word for word in known}
    found = get_close_matches(fold(text)[:100], list(by_fold), n=1, cutoff=cutoff)
    return by_fold[found[0]] if found else None
