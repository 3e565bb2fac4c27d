"""Comparing words as a reader does: without case, accents, hyphens or kinds of apostrophe."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache

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
