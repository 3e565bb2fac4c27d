"""People named in a text: « Mme Durand », « DURAND Marie », « Fatima Benali », told from places that bear a name.

Sources: the first names and surnames that INSEE counts most often in France (see docs/sources.md).
A name is a first name beside a surname, or a civility before a capital; what stands behind a word of
places (« rue », « école », « résidence ») is the name of a place, and so are those that half the
streets of France bear.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from core.domain.french import fold

CIVILITY = (
    r"(?:^|[^\p{L}])(?:(?:M|MM|Mr|Dr|Docteur|Me|Maître)\.? ?\p{Lu}"
    r"|(?i:Mme|Mmes|Mlle|Madame|Monsieur|Mademoiselle)\.? ?\p{L})"
)
"""A civility before a word, anywhere: what is looked at more closely."""
PAIR = (
    r"\p{Lu}[\p{L}'’-]+ +\p{Lu}[\p{L}'’-]+|^ *\p{Ll}[\p{Ll}'’-]+ +\p{Ll}[\p{Ll}'’-]+ *$"
    r"|\p{Lu}\p{L}+ +\p{Lu}\.|\p{Lu}\. *\p{Lu}\p{L}+|(?:famille|chez) +\p{Lu}"
)
"""Two words with capitals, or two words alone: what is looked at more closely."""

_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*\.?|[^\w\s]|\d+")
_CIVIL = frozenset({"m.", "mm.", "mr", "mr.", "mme", "mme.", "mmes", "mlle", "madame", "monsieur", "mademoiselle"})
_SPELT = frozenset({"mme", "mme.", "mmes", "mlle", "madame", "monsieur", "mademoiselle"})
"""Civilities that are no other word, in small letters or not."""
_TITLES = frozenset({"m", "dr", "dr.", "docteur", "me", "me.", "maître"})
"""Words that are a civility before a surname only."""
_HOMES = frozenset({"famille", "chez"})
_PARTICLES = frozenset({"de", "da", "du", "des", "dos", "ben", "el", "al", "le", "la", "van", "von", "di", "d"})


def _listed(name: str) -> list[str]:
    return files("core").joinpath("data/names").joinpath(name).read_text(encoding="utf-8").splitlines()


_PLACE = frozenset(_listed("lieux.txt"))
"""Words behind which a person's name is that of a place."""
_BORNE = frozenset(_listed("personnages.txt"))
"""Names that streets, schools and shops bear: a cell that holds them speaks of a place."""
_ORDINARY = frozenset(_listed("ordinaires.txt"))
"""Words of the language, and names of towns, that some people bear: alone, they name nobody."""
_WORDS_MOST = 60
_COMMON = 2_000


@cache
def first_names() -> frozenset[str]:
    """The first names of France, folded."""
    return frozenset(_listed("prenoms.txt"))


@cache
def common_first_names() -> frozenset[str]:
    """The most frequent of them: beside these, any word with a capital is a surname."""
    return frozenset(_listed("prenoms.txt")[:_COMMON]) - _ORDINARY - _PLACE


@cache
def surnames() -> frozenset[str]:
    """The surnames of France, folded."""
    return frozenset(_listed("noms.txt"))


def names_somebody(text: str, *, pairs: bool = True) -> bool:
    """Whether a text names a person; ``pairs``: also by a first name beside a surname, not only after « Mme »."""
    words = _TOKEN.findall(text)[: _WORDS_MOST * 4]
    return _after_civility(words) or (pairs and (_pair(words) or _alone(words) or _shortened(words)))


def is_a_name(text: str) -> bool:
    """Whether a whole cell is somebody's name: a first name or a surname alone, or both."""
    words = _TOKEN.findall(text)
    plain = [word for word in words if _is_word(word)]
    if len(plain) != len(words) or not 1 <= len(plain) <= 4 or not plain[0][0].isupper():
        return False
    known = [fold(word) for word in plain if fold(word) not in _PARTICLES]
    if any(word in _ORDINARY or word in _PLACE for word in known):
        return False
    return bool(known) and all(_known(word) for word in known)


def is_a_first_name(text: str) -> bool:
    """Whether a whole cell is a first name."""
    word = fold(text)
    return word in first_names() and word not in _ORDINARY and text[:1].isupper()


def _known(word: str) -> bool:
    return word in first_names() or word in surnames()


def _is_word(token: str) -> bool:
    return token[0].isalpha()


def _after_civility(words: Sequence[str]) -> bool:
    """« Mme Durand », not « M. le maire », nor « rue Monsieur Vincent »."""
    for place, word in enumerate(words[:-1]):
        following = words[place + 1]
        civil = word.lower()
        before_surname = civil in _SPELT or (civil in _TITLES and word[0].isupper() and following[0].isupper())
        if before_surname and _is_surname(following) and not _of_a_place(words, place):
            return True
        if word.lower() in _CIVIL and word[0].isupper() and following[0].isupper() and len(following) > 1:
            if fold(following) in ("le", "la", "les", "x", "xx", "xxx") or _of_a_place(words, place):
                continue
            return True
    return False


def _is_surname(word: str) -> bool:
    """Whether a word can only be somebody's name: no word of the language, no town, no place."""
    folded = fold(word)
    return len(folded) > 2 and _known(folded) and folded not in _ORDINARY and folded not in _PLACE


def _shortened(words: Sequence[str]) -> bool:
    """« Durand S. », « S. Durand », « famille Durand »: a name whose other half is an initial, or nobody’s own."""
    for place, (word, following) in enumerate(itertools.pairwise(words)):
        if _of_a_place(words, place):
            continue
        if word.lower() in _HOMES and following[0].isupper() and _is_surname(following):
            return True
        one, other = (following, word) if _is_initial(word) else (word, following)
        if _is_initial(other) and one[0].isupper() and _is_surname(one):
            return True
    return False


def _is_initial(word: str) -> bool:
    return len(word) == 2 and word[0].isupper() and word[1] == "."


def _pair(words: Sequence[str]) -> bool:
    """A first name beside a surname, both with a capital."""
    for place, word in enumerate(words[:-1]):
        if not _is_word(word) or not word[0].isupper():
            continue
        end = place + 1
        while end < len(words) - 1 and words[end].lower() in _PARTICLES:
            end += 1
        following = words[end]
        if not _is_word(following) or not following[0].isupper():
            continue
        if _somebody(word, following) and not _of_a_place(words, place):
            return True
    return False


def _somebody(one: str, other: str) -> bool:
    first, second = fold(one), fold(other)
    if min(len(first), len(second)) < 2 or {first, second} & _PLACE:
        return False
    if f"{first} {second}" in _BORNE or f"{second} {first}" in _BORNE:
        return False
    if one.isupper() != other.isupper():  # « DURAND Marie », « Marie DURAND »
        loud, said = (first, second) if one.isupper() else (second, first)
        return _is_first(said) and len(loud) > 2 and (loud in surnames() or len(loud) > 4)
    return _together(first, second) or _together(second, first)


def _together(first: str, second: str) -> bool:
    """A first name and what may be a surname: one that is counted, or any word beside a frequent first name."""
    if second in surnames():
        return _is_first(first)
    return first in common_first_names() and second not in _ORDINARY and len(second) > 3


def _is_first(word: str) -> bool:
    return word in first_names() and word not in _ORDINARY


def _of_a_place(words: Sequence[str], place: int) -> bool:
    """Whether a word of places stands just before, in the same breath: « groupe scolaire Henri Wallon »."""
    for word in reversed(words[max(0, place - 4) : place]):
        if not _is_word(word):
            return False
        if fold(word) in _PLACE:
            return True
    return False


def _alone(words: Sequence[str]) -> bool:
    """« marie durand », when nothing else stands in the cell."""
    if len(words) != 2 or not all(_is_word(word) and word.islower() for word in words):
        return False
    return _somebody(words[0].title(), words[1].title())
