"""Which column each heading means: by name, title, accents, order of words, close spelling."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NoReturn

from core.domain import french
from core.domain.dataset import Column, Dataset
from core.domain.words import fold, stem
from core.services.reading.limits import refuse
from core.services.reading.template_sheets import is_reasons

_CLOSE = 0.88
_MOST_QUOTED = 20  # as many headings as the longest table has; more is a wall
_SHORTEST_CLOSE = 6
_SMALL = frozenset({"de", "d", "du", "des", "la", "le", "les", "l", "en", "a", "au", "aux", "et", "ou", "par"})
_WHOLE = {"n": "numero", "no": "numero", "num": "numero", "nb": "nombre", "nbre": "nombre", "qte": "quantite"}
_ASIDE = re.compile(r"\([^)]*\)|\[[^]]*\]|[*:]|€")


@dataclass(frozen=True, slots=True)
class Matched:
    """The headings of a file, understood.

    ``row`` is the heading's row (0 = first line); ``columns`` maps a position to the name
    of a column; ``guessed`` holds the positions understood by close spelling only.
    """

    row: int
    headings: tuple[str, ...]
    columns: Mapping[int, str]
    guessed: frozenset[int]

    @property
    def unknown(self) -> tuple[int, ...]:
        """Positions whose heading is no column of the dataset, blank headings and our own reasons left out."""
        others = (n for n, text in enumerate(self.headings) if n not in self.columns and text)
        return tuple(n for n in others if not is_reasons(self.headings[n]))

    @property
    def reasons(self) -> tuple[int, ...]:
        """Positions of the reasons that we wrote beside rejected rows."""
        return tuple(n for n, text in enumerate(self.headings) if n not in self.columns and is_reasons(text))


def find(head: Sequence[Sequence[str]], dataset: Dataset, remembered: Mapping[str, str] | None) -> Matched | None:
    """The row that holds the most headings, or None when no row holds any."""
    vocabulary = _Vocabulary(dataset.columns, remembered or {})
    best, most = None, 0.0
    for number, row in enumerate(head):
        if vocabulary.at_most(row) <= most:
            continue  # close spellings are long to look for, and this row could not win
        matched = vocabulary.match(number, row)
        score = len(matched.columns) - 0.5 * len(matched.guessed)
        if score > most:
            best, most = matched, score
    return best


def check_complete(matched: Matched, dataset: Dataset) -> None:
    """Refuse headings among which a required column is missing, or that say the same one twice.

    Raises FileRefused.
    """
    _refuse_doubles(matched, dataset)
    if missing := missing_columns(matched, dataset):
        names = _quoted(f"{c.title} ({c.name})" for c in missing)
        seen = _quoted(text for text in matched.headings if text)
        what = "Il manque la colonne" if len(missing) == 1 else "Il manque les colonnes"
        refuse(
            f"{what} {names}. Titres lus à la ligne {matched.row + 1} : {seen}. "
            "Ajoutez ce qui manque, ou corrigez le titre."
        )


def missing_columns(matched: Matched, dataset: Dataset) -> list[Column]:
    """The required columns that no heading means."""
    return [c for c in dataset.columns if c.required and c.name not in matched.columns.values()]


class _Vocabulary:
    """The writings of each column's heading, from the most to the least faithful."""

    def __init__(self, columns: Iterable[Column], remembered: Mapping[str, str]) -> None:
        self._columns = tuple(columns)
        self._remembered = {fold(text): name for text, name in remembered.items()}
        self._levels = [self._writings(form) for form in _FORMS]

    def _writings(self, form: object) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for column in self._columns:
            for text in (column.name, column.title):
                found.setdefault(form(text), set()).add(column.name)
        return found

    def match(self, number: int, row: Sequence[str]) -> Matched:
        """What each cell of a row means as a heading."""
        texts = tuple(" ".join(str(cell).split()) for cell in row)
        columns: dict[int, str] = {}
        for position, text in enumerate(texts):
            if name := self._exact(text):
                columns[position] = name
        guessed = self._guesses(texts, columns)
        return Matched(number, texts, columns | guessed, frozenset(guessed))

    def at_most(self, row: Sequence[str]) -> float:
        """The score that a row would reach if all that is not exact were understood by close spelling."""
        texts = [" ".join(str(cell).split()) for cell in row]
        exact = sum(self._exact(text) is not None for text in texts)
        return exact + 0.5 * (sum(map(bool, texts)) - exact)

    def _exact(self, text: str) -> str | None:
        if not text or len(text) > 120:
            return None
        if (name := self._remembered.get(fold(text))) is not None:
            return name or None  # "": the person said that this column is none of ours
        for form, writings in zip(_FORMS, self._levels, strict=True):
            names = writings.get(form(text), set())
            if len(names) == 1:
                return next(iter(names))
        return None

    def _guesses(self, texts: Sequence[str], columns: Mapping[int, str]) -> dict[int, str]:
        free = [c for c in self._columns if c.name not in columns.values()]
        found: dict[int, str] = {}
        for position, text in enumerate(texts):
            if position not in columns and fold(text) not in self._remembered and (name := _closest(text, free)):
                found[position] = name
        doubled = [name for name in found.values() if list(found.values()).count(name) > 1]
        return {position: name for position, name in found.items() if name not in doubled}


def _closest(text: str, columns: Sequence[Column]) -> str | None:
    written = _words(text)
    if not _SHORTEST_CLOSE <= len(written) <= 60 or not columns:
        return None
    scores = sorted(
        ((max(_likeness(written, _words(c.name)), _likeness(written, _words(c.title))), c.name) for c in columns),
        reverse=True,
    )
    clear = len(scores) == 1 or scores[0][0] - scores[1][0] > 0.05
    return scores[0][1] if scores[0][0] >= _CLOSE and clear else None


def _likeness(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= _CLOSE else 0.0


def _words(text: str) -> str:
    words = (_WHOLE.get(word, word) for word in fold(_ASIDE.sub(" ", text)).split())
    return " ".join(word for word in words if word not in _SMALL)


def _sorted_stems(text: str) -> str:
    return " ".join(sorted(stem(_words(text)).split()))


def _with_asides(text: str) -> str:
    return _sorted_stems(text.replace("(", " ").replace(")", " "))


_FORMS = (fold, _words, _sorted_stems, _with_asides)


def _quoted(texts: Iterable[str]) -> str:
    shown = [f"« {text[:60]} »" for text in texts]
    return french.listing(shown) if len(shown) <= _MOST_QUOTED else ", ".join(shown[:_MOST_QUOTED]) + "…"


def _refuse_doubles(matched: Matched, dataset: Dataset) -> None:
    names = list(matched.columns.values())
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            both = _quoted(matched.headings[n] for n, meant in matched.columns.items() if meant == name)
            refuse(
                f"Deux colonnes de la ligne {matched.row + 1} veulent dire « {dataset.by_name[name].title} » : "
                f"{both}. Gardez-en une seule."
            )


def refuse_without_headings(head: Sequence[Sequence[str]], dataset: Dataset) -> NoReturn:
    """Refuse a file in which no line looks like headings, saying which are expected."""
    wanted = _quoted(column.title for column in dataset.columns if column.required)
    first = next((row for row in head if any(row)), [])
    seen = _quoted(str(cell) for cell in first if cell)
    read = f" Nous lisons d’abord : {seen}." if seen else ""
    refuse(
        f"Aucune ligne de titres n’est reconnue pour « {dataset.title} ».{read} Titres attendus : {wanted}. "
        "Téléchargez le modèle, ou mettez ces titres au-dessus de vos lignes."
    )
