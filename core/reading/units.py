"""What stands beside a heading: a unit, a hint on how to write, or words that change its meaning.

« Montant (k€) » is an amount a thousand times smaller; « Date (jj/mm/aaaa) » is a date;
« Montant (prévisionnel) » may be another amount altogether, which only its author can say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal as Exact
from decimal import InvalidOperation
from fractions import Fraction
from functools import lru_cache

import polars as pl

from core.catalogue.numbers import Decimal, Entier, Montant
from core.domain.dataset import Column
from core.domain.french import fold


@dataclass(frozen=True, slots=True)
class Unit:
    """What a number counts: units of one ``dimension`` convert into each other by their ``size``."""

    dimension: str
    size: Fraction
    label: str


def _unit(dimension: str, size: Fraction | int, label: str) -> Unit:
    return Unit(dimension, Fraction(size), label)


_EURO, _PERCENT, _DAY = _unit("argent", 1, "€"), _unit("part", 1, "%"), _unit("jour", 1, "jours")
_HOUR, _MINUTE = _unit("temps", 60, "heures"), _unit("temps", 1, "minutes")
_CENTIME = _unit("argent", Fraction(1, 100), "centimes")
_WRITTEN = {
    "€": _EURO,
    "euro": _EURO,
    "euros": _EURO,
    "eur": _EURO,
    "k€": _unit("argent", 1_000, "k€"),
    "keuro": _unit("argent", 1_000, "k€"),
    "keuros": _unit("argent", 1_000, "k€"),
    "milliersdeuros": _unit("argent", 1_000, "k€"),
    "milliers€": _unit("argent", 1_000, "k€"),
    "m€": _unit("argent", 1_000_000, "M€"),
    "millionsdeuros": _unit("argent", 1_000_000, "M€"),
    "centime": _CENTIME,
    "centimes": _CENTIME,
    "cts": _CENTIME,
    "%": _PERCENT,
    "pourcentage": _PERCENT,
    "pourcent": _PERCENT,
    "pour100": _PERCENT,
    "heure": _HOUR,
    "heures": _HOUR,
    "h": _HOUR,
    "minute": _MINUTE,
    "minutes": _MINUTE,
    "min": _MINUTE,
    "mn": _MINUTE,
    "jour": _DAY,
    "jours": _DAY,
    "j": _DAY,
}
_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_PLURAL = re.compile(r"(?<=\w)(\((e|s|es|x|ne|nes)\))+")
_LAST_WORDS = re.compile(
    r"^(.*\S)[\s,–—:-]+(?:en\s+)?(k\s?€|m\s?€|€|k\s?euros?|milliers d.euros|millions d.euros|euros?|centimes|%"
    r"|heures?|minutes?|mn|jours?)\s*$",
    re.IGNORECASE,
)
_FIRST_SIGN = re.compile(r"^(k\s?€|m\s?€|€|%)\s+(.*\S)\s*$", re.IGNORECASE)
_MEANING = re.compile(r"[%‰Σ∑ΔØ∆±≥≤<>≠+]")
"""Signs that make another thing of a title: a share, a sum, a mean, a difference."""
_TITLE_SIGNS = re.compile(rf"{_MEANING.pattern}|€")
_SAID = re.compile(
    r"\ben\s+(k\s?€|m\s?€|€|k\s?euros?|milliers d.euros|millions d.euros|euros?|centimes"
    r"|heures?|minutes?|jours?)(?!\w)",
    re.IGNORECASE,
)
_HINTS = frozenset(
    [
        "jj mm aaaa",
        "jj mm aa",
        "j m a",
        "aaaa mm jj",
        "mm aaaa",
        "aaaa mm",
        "jour mois annee",
        "mois annee",
        "date",
        "facultatif",
        "facultative",
        "optionnel",
        "optionnelle",
        "obligatoire",
        "requis",
        "requise",
        "champ obligatoire",
        "oui non",
        "oui ou non",
        "o n",
        "si connu",
        "si connue",
        "si possible",
        "nombre",
        "nb",
        "en nombre",
        "en chiffres",
        "texte",
        "texte libre",
        "liste",
        "choisir dans la liste",
        "liste deroulante",
        "numero",
        "code",
        "au choix",
    ]
)
_EXAMPLE = re.compile(r"^(ex|exemple|par exemple|voir|cf|format|forme|exposant)\b")
_FIGURES = re.compile(r"^(\d{1,3}|a|ou|et|de|entre)( (\d{1,3}|a|ou|et|de))*$")


@dataclass(frozen=True, slots=True)
class HeadingWords:
    """A heading taken apart: its ``bare`` words, the unit beside them, and the words that may change their meaning."""

    bare: str
    unit: Unit | None = None
    doubts: tuple[str, ...] = ()

    @property
    def has_signs(self) -> bool:
        """Whether a sign makes another thing of it: « Σ », « Δ », a « % » that is no unit."""
        return any(_MEANING.fullmatch(one) for one in self.doubts)


@lru_cache(maxsize=4_000)
def taken_apart(text: str) -> HeadingWords:
    """The heading without its brackets and its unit; hints on how to write a cell are dropped."""
    plain = _PLURAL.sub("", text)
    units: list[Unit] = []
    doubts: list[str] = []
    for found in _BRACKETS.finditer(plain):
        said = (found[1] or found[2] or "").strip()
        if unit := _named(said):
            units.append(unit)
        elif said and not _is_hint(said):
            doubts.append(said)
    bare = _BRACKETS.sub(" ", plain).replace("*", " ").strip(" :")
    if (last := _LAST_WORDS.match(bare)) and (unit := _named(last[2])):
        bare, units = last[1], [*units, unit]
    if (first := _FIRST_SIGN.match(bare)) and (unit := _named(first[1])):
        bare, units = first[2], [*units, unit]
    doubts += _MEANING.findall(bare)
    if len(set(units)) > 1:
        doubts += [unit.label for unit in units]
    return HeadingWords(" ".join(bare.split()), units[0] if units else None, tuple(doubts))


def same_title(text: str) -> str:
    """What two writings of one title have in common: « Présents » and « présents », but not « Présents (%) »."""
    return fold(text) + "".join(_TITLE_SIGNS.findall(text))


def unit_said(text: str) -> Unit | None:
    """The unit that a title or a note says: « Dépenses (k€) », « montants en milliers d’euros, hors taxes »."""
    found = _SAID.search(text)
    return taken_apart(text).unit or (_named(found[1]) if found else None)


def unit_alone(text: str) -> Unit | None:
    """The unit that a cell is, and nothing else: « k€ », « (en heures) » in the line under the titles."""
    return _named(text.strip(" ()[]"))


def _named(text: str) -> Unit | None:
    plain = re.sub(r"^en\s+", "", text.strip().lower())
    return _WRITTEN.get(re.sub(r"[\s.’'_-]", "", plain))


def _is_hint(text: str) -> bool:
    folded = fold(text)
    return not folded or folded in _HINTS or bool(_EXAMPLE.match(folded)) or len(folded) == 1


def unit_of(column: Column) -> Unit | None:
    """The unit in which a column is asked: of its title, of its name, or of its kind."""
    if isinstance(column.kind, Montant):
        return _EURO
    if not isinstance(column.kind, Entier | Decimal):
        return None
    own = taken_apart(column.title).unit or _named(column.name.rpartition("_")[2])
    share = isinstance(column.kind, Decimal) and column.kind.at_most == 100
    return own or (_PERCENT if share else None)


@dataclass(frozen=True, slots=True)
class Conversion:
    """From the unit of a heading to the one that its column asks."""

    given: Unit
    asked: Unit

    def apply(self, raw: pl.Series) -> pl.Series:
        """The texts of a column in the unit asked; those that are no plain number become null: they are not read."""
        times = self.given.size / self.asked.size
        meant = {text: _times(text, times) for text in raw.drop_nulls().unique()}
        return raw.replace_strict(list(meant), list(meant.values()), default=None, return_dtype=pl.String)


_PLAIN = re.compile(r"-?(\d+|\d{1,3}( \d{3})+)([.,]\d+)?")


def _times(text: str, times: Fraction) -> str | None:
    if not _PLAIN.fullmatch(text) or re.fullmatch(r"-?[1-9]\d{0,2}\.\d{3}", text):
        return None
    try:
        exact = Fraction(Exact(text.replace(" ", "").replace(",", "."))) * times
    except InvalidOperation:
        return None
    found = Exact(exact.numerator) / Exact(exact.denominator)
    return f"{found.normalize():f}".replace(".", ",")


_NUMBER_AND_UNIT = re.compile(r"(-?\d[\d ]*(?:[.,]\d+)?)\s*([^\d\W]+\.?|€|%)")
_HOURS_AND_MINUTES = re.compile(r"(\d{1,2})\s*h\s*([0-5]\d)", re.IGNORECASE)


def counts_time(column: Column) -> bool:
    """Whether a column is in hours, minutes or days; amounts and shares read their own signs."""
    asked = unit_of(column)
    return asked is not None and asked.dimension in (_MINUTE.dimension, _DAY.dimension)


def in_own_unit(text: str, column: Column) -> str | None:
    """The number that a cell says with a unit that its column knows: « 2 jours », « 1h30 » of minutes; else None."""
    asked = unit_of(column)
    if asked is None or not counts_time(column):
        return None
    if asked.dimension == _MINUTE.dimension and (found := _HOURS_AND_MINUTES.fullmatch(text)):
        return _times(str(60 * int(found[1]) + int(found[2])), 1 / asked.size)
    found = _NUMBER_AND_UNIT.fullmatch(text)
    given = _named(found[2]) if found else None
    if found is None or given is None or given.dimension != asked.dimension:
        return None
    return _times(found[1].strip(), given.size / asked.size)


def conversion(given: Unit | None, column: Column) -> Conversion | None:
    """How the numbers under a heading of unit ``given`` become those of ``column``; None when they already are."""
    asked = unit_of(column)
    if given is None or asked is None or given.dimension != asked.dimension or given.size == asked.size:
        return None
    return Conversion(given, asked)


def agrees(heading: HeadingWords, writing: HeadingWords, column: Column) -> bool:
    """Whether a heading means a column without doubt, once its bare words were found to be the column's."""
    own = {fold(word) for word in (column.name, column.title, *_values(column))}
    told = (_lists_values, _says_bounds)
    strange = [one for one in heading.doubts if fold(one) not in own and not any(says(one, column) for says in told)]
    if strange and not set(map(fold, strange)) <= set(map(fold, writing.doubts)):
        return False
    if set(map(fold, writing.doubts)) - set(map(fold, heading.doubts)):
        return False  # « Durée » is not « Durée (pauses comprises) »
    if heading.unit is None:
        return writing.unit is None
    asked = unit_of(column)
    return asked is not None and asked.dimension == heading.unit.dimension


def _values(column: Column) -> tuple[str, ...]:
    return tuple(word for choice in column.kind.choices or () for word in (choice.value, choice.label))


def _says_bounds(text: str, column: Column) -> bool:
    """« Durée en jours (de 1 à 3) » only says what may be written; « Participants (18 à 25) » speaks of an age."""
    kind = column.kind
    if not isinstance(kind, Entier | Decimal) or kind.at_most is None or not _FIGURES.match(fold(text)):
        return False
    return all((kind.at_least or 0) <= int(number) <= kind.at_most for number in re.findall(r"\d+", text))


def _lists_values(text: str, column: Column) -> bool:
    """« Type (fixe, portable, écran) » only says what may be written."""
    known = {word for value in _values(column) for word in fold(value).split()}
    words = [word for word in fold(text).split() if word not in ("ou", "et")]
    return bool(words) and set(words) <= known
