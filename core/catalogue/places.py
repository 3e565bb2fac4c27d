"""The gazetteer: the programme's places and the 92 communes, as people write them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from core.domain.french import fold, nearest, unambiguous
from core.domain.programme import METROPOLE
from core.errors import UnknownName

COMMUNE, QUARTIER = "commune", "quartier"


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A place that a row may name.

    ``code`` is what the column ``lieu`` holds; ``insee`` the commune (of a quartier: the
    commune around it); ``ct`` its territory in 2021. Coordinates are in degrees, None for
    the communes where nothing runs. ``postal_codes`` and ``population`` are the commune's.
    """

    code: str
    name: str
    kind: str
    insee: str | None = None
    arrondissement: str | None = None
    ct: str = ""
    lat: float | None = None
    lon: float | None = None
    precision: str = ""
    postal_codes: tuple[str, ...] = ()
    population: int | None = None


@cache
def communes() -> Mapping[str, KnownPlace]:
    """The 92 communes of the Métropole by INSEE code (source: core/data/communes.csv)."""
    rows = _rows("communes.csv")
    return MappingProxyType({row["code_insee"]: _commune(row) for row in rows})


@cache
def every() -> Mapping[str, KnownPlace]:
    """Every place by code: those of the programme first, then the other communes, then the Métropole."""
    named = {row["code"]: _named(row) for row in _rows("places.csv")}
    taken = {place.insee for place in named.values() if place.kind == COMMUNE}
    others = {code: commune for code, commune in communes().items() if code not in taken}
    whole = {METROPOLE: KnownPlace(METROPOLE, "Métropole Aix-Marseille-Provence", METROPOLE)}
    return MappingProxyType(named | others | whole)


def find(code: str) -> KnownPlace:
    """The place of this code.

    Raises UnknownName with the nearest right one.
    """
    try:
        return every()[code]
    except KeyError:
        close = nearest(code, every(), 0.5)
        hint = f" Vouliez-vous dire « {close} » ?" if close else ""
        raise UnknownName(f"Le lieu « {code} » n’existe pas.{hint}") from None


def name(code: str) -> str:
    """The name of the place, or the code itself when nothing bears it."""
    place = every().get(code)
    return place.name if place else code


def resolve(text: str) -> str | None:
    """The code of the place that ``text`` means, or None when none or several are possible.

    Understands names without regard to case, accents and hyphens, « St » and « Ste »,
    INSEE codes and postal codes of one commune only, and an arrondissement written beside a
    quartier (« 13e Frais Vallon »). A number that is the INSEE code of one commune and a postal
    code of another is neither, and so is a name beside a number that is not its own.
    """
    known = _writings()
    code = re.sub(r"[.,]0$", "", text.strip())
    if code in every() and code not in two_communes():
        return code
    found = next((known[form] for form in _forms(code) if form in known), None)
    return found if found and not disagreeing(code, found) and not _two_towns(code, found) else None


def _two_towns(text: str, code: str) -> bool:
    """« Marseille / Aubagne »: the town beside a quartier is no more than said, beside another town it is one more."""
    place = every()[code]
    return "marseille" in _words(text) and place.kind == COMMUNE and "marseille" not in _words(place.name)


@cache
def two_communes() -> Mapping[str, tuple[str, tuple[str, ...]]]:
    """The numbers that are the INSEE code of one commune and a postal code of others: both, by number."""
    postal: dict[str, list[str]] = {}
    for commune in communes().values():
        for code in commune.postal_codes:
            postal.setdefault(code, []).append(commune.name)
    return {
        code: (commune.name, tuple(postal[code]))
        for code, commune in communes().items()
        if any(other != commune.name for other in postal.get(code, ()))
    }


def disagreeing(text: str, code: str) -> str | None:
    """The number in ``text`` that is not of the place beside it: its codes, its arrondissement, its territory."""
    place = every().get(code)
    if place is None or place.insee is None or not _DIGIT.search(text):
        return None
    around = communes()[place.insee]
    codes = {place.insee, place.arrondissement, *around.postal_codes}
    if other := next((number for number in _FIVE_DIGITS.findall(text) if number not in codes), None):
        return other
    rank = (place.arrondissement or "")[-2:]
    own = {place.ct.lower(), _DEPARTMENT, *((rank, f"{rank}e", f"{rank}eme", f"{rank}ieme") if rank else ())}
    small = (word for word in fold(text).split() if _SMALL_NUMBER.fullmatch(word))
    return next((word for word in small if word not in own), None)


def named(text: str) -> str | None:
    """The place that the words of ``text`` name, whatever number stands beside them."""
    return resolve(" ".join(word for word in fold(text).split() if not _NUMBER.fullmatch(word)))


def commune_of(text: str) -> str | None:
    """The INSEE code of the commune that ``text`` names; a quartier is no commune."""
    found = every().get(resolve(text) or "")
    return found.insee if found and found.kind == COMMUNE else None


def of_insee(code: str) -> str | None:
    """The code of the place that is the commune of this INSEE code; None outside the 92.

    Never read as a postal code: 13004 is Arles here, and a part of Marseille in an address.
    """
    return _by_insee().get(code)


@cache
def _by_insee() -> dict[str, str]:
    return {place.insee: place.code for place in every().values() if place.kind == COMMUNE and place.insee}


_SMALL = frozenset(["en", "de", "du", "des", "d", "la", "le", "les", "l", "sur", "sous", "lez", "aux", "a", "et"])
_AROUND = frozenset(
    ["commune", "ville", "quartier", "cite", "marseille", "arrondissement", "arr", "nord", "bouches", "rhone", "cedex"]
)
_SMALL_NUMBER = re.compile(r"\d{1,2}(e|er|eme|ieme)?|ct\d")
_NUMBER = re.compile(rf"\d{{5}}|{_SMALL_NUMBER.pattern}")
_FIVE_DIGITS = re.compile(r"(?<!\d)\d{5}(?!\d)")
_DIGIT = re.compile(r"\d")
_DEPARTMENT = "13"
_SAINTS = {"st": "saint", "ste": "sainte"}


def _words(text: str) -> list[str]:
    return [_SAINTS.get(word, word) for word in fold(text).split()]


def _forms(text: str) -> Iterator[str]:
    """The writings under which ``text`` is looked up, from the most to the least faithful."""
    words = _words(text)
    yield " ".join(words)
    yield "".join(words)
    short = [word for word in words if word not in _SMALL]
    yield " ".join(short)
    bare = [word for word in short if word not in _AROUND and not _NUMBER.fullmatch(word)]
    if bare:
        yield " ".join(bare)
        yield "".join(bare)


@cache
def _writings() -> dict[str, str]:
    exact = {" ".join(_words(word)): place.code for place in every().values() for word in (place.code, place.name)}
    looser = unambiguous(pair for place in every().values() for pair in _loose(place))
    postal = unambiguous((code, place.code) for place in every().values() for code in place.postal_codes)
    written = postal | _first_words() | looser | _by_insee() | exact
    return {text: code for text, code in written.items() if text not in two_communes()}


def _loose(place: KnownPlace) -> Iterator[tuple[str, str]]:
    words = [word for word in _words(place.name) if word not in _SMALL]
    yield "".join(_words(place.name)), place.code
    yield " ".join(words), place.code
    yield "".join(words), place.code
    if place.kind == METROPOLE:
        yield from ((form, place.code) for form in ("amp", "mamp", "aix marseille provence", "toute metropole"))


def _first_words() -> dict[str, str]:
    """« Aix », « Salon »: the first word of a name, when no other name holds it."""
    names = {place.code: [w for w in _words(place.name) if w not in _SMALL] for place in every().values()}
    del names[METROPOLE]
    seen: dict[str, set[str]] = {}
    for code, words in names.items():
        for word in words:
            seen.setdefault(word, set()).add(code)
    return {words[0]: code for code, words in names.items() if len(seen[words[0]]) == 1}


def _rows(file: str) -> list[dict[str, str]]:
    text = files("core").joinpath(f"data/{file}").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _commune(row: dict[str, str]) -> KnownPlace:
    return KnownPlace(
        row["code_insee"],
        row["nom"],
        COMMUNE,
        row["code_insee"],
        ct=row["ct"],
        postal_codes=tuple(re.split(r"[;| ,]+", row["codes_postaux"].strip())),
        population=int(row["population_municipale"]),
    )


def _named(row: dict[str, str]) -> KnownPlace:
    around = communes()[row["code_insee"]]
    is_commune = row["type"] == COMMUNE
    return KnownPlace(
        row["code"],
        row["nom"],
        row["type"],
        row["code_insee"],
        row["arrondissement"] or None,
        row["ct"],
        float(row["lat"]),
        float(row["lon"]),
        row["precision"],
        around.postal_codes if is_commune else (),
        around.population if is_commune else None,
    )
