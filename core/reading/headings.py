"""Headings matched to columns: words, brackets, units; and the sheets that our template adds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher, get_close_matches
from functools import lru_cache
from typing import NoReturn

from core.domain import french
from core.domain.dataset import Column, Dataset, Problem, Repair
from core.domain.french import fold, stem
from core.errors import FileRefused
from core.reading.packages import refuse
from core.reading.template_sheets import is_reasons
from core.reading.units import Conversion, HeadingWords, agrees, conversion, same_title, taken_apart

_CLOSE = 0.88
_MOST_QUOTED = 20  # as many headings as the longest table has; more is a wall
_SHORTEST_CLOSE = 6
_SHORTEST_TYPO = 4
_SMALL = frozenset({"de", "d", "du", "des", "la", "le", "les", "l", "en", "a", "au", "aux", "et", "ou", "par"})
_WHOLE = {"n": "numero", "no": "numero", "num": "numero", "nb": "nombre", "nbre": "nombre", "qte": "quantite"}
_COUNTING = frozenset({"nombre", "total"})
_BEFORE = ("in", "im", "il", "ir", "non", "de", "des", "dis", "re", "pre", "sous", "sur", "mal", "co", "auto", "anti")
"""What makes another word of a word when it stands before it: « inéligible », « déconnexion »."""
_ASIDE = re.compile(r"[*:€()\[\]]")


@dataclass(frozen=True, slots=True)
class Matched:
    """The headings of a file, understood.

    ``row`` is the heading's row (0 = first line); ``columns`` maps a position to the name
    of a column; ``guessed`` holds the positions that are not certain; ``asked``, among them, those
    whose brackets or unit may change the meaning, which are read only once confirmed; ``units``
    how the numbers under a heading become those of its column.
    """

    row: int
    headings: tuple[str, ...]
    columns: Mapping[int, str]
    guessed: frozenset[int]
    asked: frozenset[int] = frozenset()
    units: Mapping[int, Conversion] = field(default_factory=dict)

    @property
    def unknown(self) -> tuple[int, ...]:
        """Positions whose heading is no column of the dataset, blank headings and our own reasons left out."""
        others = (n for n, text in enumerate(self.headings) if n not in self.columns and text)
        return tuple(n for n in others if not is_reasons(self.headings[n]))

    @property
    def reasons(self) -> tuple[int, ...]:
        """Positions of the reasons that we wrote beside rejected rows."""
        return tuple(n for n, text in enumerate(self.headings) if n not in self.columns and is_reasons(text))

    @property
    def meant(self) -> dict[str, str]:
        """The column that each heading means."""
        return {self.headings[position]: name for position, name in self.columns.items()}

    @property
    def guesses(self) -> tuple[str, ...]:
        """The headings that are not certain."""
        return tuple(self.headings[position] for position in sorted(self.guessed))

    @property
    def strangers(self) -> tuple[str, ...]:
        """The headings that are no column of the dataset."""
        return tuple(self.headings[position] for position in self.unknown)

    def understood(self, dataset: Dataset) -> list[Repair]:
        """What was guessed, as it is told."""
        return [
            Repair(self.row + 1, name, self.headings[position], dataset.by_name[name].title)
            for position, name in self.columns.items()
            if position in self.guessed
        ]


def find(
    head: Sequence[Sequence[str]], dataset: Dataset, remembered: Mapping[str, str] | None, *, close: bool = True
) -> Matched | None:
    """The row that holds the most headings, or None when no row holds any; ``close``: near spellings count too."""
    vocabulary = _Vocabulary(dataset.columns, remembered or {})
    best, most = None, 0.0
    first: Matched | None = None
    for number, row in enumerate(head):
        for line in (row, *(_over_two_lines(head[number - 1], row) if number else ())):
            if vocabulary.at_most(line) <= most:
                continue  # close spellings are long to look for, and this row could not win
            matched = vocabulary.match(number, line, close=close)
            score = len(matched.columns) - 0.5 * len(matched.guessed)
            if score > most:
                best, most = matched, score
            if first is None and len(matched.columns) > 1 and not missing_columns(matched, dataset):
                first = matched
    # A table further down may have a column more: the rows of the first one are not lost for that.
    return first if first and best and _rows_between(head, first.row, best.row) else best


def _rows_between(head: Sequence[Sequence[str]], first: int, last: int) -> bool:
    """Whether rows of several cells stand between two lines of headings."""
    return any(sum(map(bool, row)) > 1 for row in head[first + 1 : last])


def _over_two_lines(upper: Sequence[str], lower: Sequence[str]) -> Iterator[list[str]]:
    """Headings on two lines as one: the groups as a part of the titles, then as what may change their meaning."""
    joined = under(upper, lower)
    if joined:
        yield joined
        own = [str(text).strip() for text in lower] + [""] * (len(joined) - len(lower))
        grouped = [title.removesuffix(text).strip() if text else "" for title, text in zip(joined, own, strict=True)]
        yield [f"{text} ({group})" if group else title for title, text, group in zip(joined, own, grouped, strict=True)]


def under(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Headings on two lines as one: « Inscrits » merged over « Professionnels | Bénévoles ».

    Empty when the line above groups nothing. A heading merged over both lines stands for itself.
    """
    found, group, groups = [], "", 0
    for place in range(max(len(upper), len(lower))):
        over = str(upper[place]).strip() if place < len(upper) else ""
        text = str(lower[place]).strip() if place < len(lower) else ""
        if over:
            group = over if text and text != over else ""
            groups += bool(group)
        found.append(f"{group} {text}" if group and text else text or over)
    return found if groups else []


def check_complete(matched: Matched, dataset: Dataset) -> None:
    """Refuse headings among which a required column is missing, or that say the same one twice.

    Raises FileRefused.
    """
    _refuse_doubles(matched, dataset)
    if missing := missing_columns(matched, dataset):
        names = _quoted(f"{c.title} ({c.name})" for c in missing)
        seen = _quoted(text for text in matched.headings if text)
        what = "Il manque la colonne" if len(missing) == 1 else "Il manque les colonnes"
        said = f"{what} {names}. Titres lus à la ligne {matched.row + 1} : {seen}."
        remedy = "Ajoutez ce qui manque, ou corrigez le titre."
        lacking = tuple(
            Problem(matched.row + 1, c.name, "", "Cette colonne manque.", remedy, code="colonne_manquante")
            for c in missing
        )
        raise FileRefused(f"{said} {remedy}", lacking, [text for text in matched.headings if text])


def missing_columns(matched: Matched, dataset: Dataset) -> list[Column]:
    """The required columns that no heading means."""
    return [c for c in dataset.columns if c.required and c.name not in matched.columns.values()]


class _Vocabulary:
    """The writings of each column's heading, from the most to the least faithful."""

    def __init__(self, columns: Iterable[Column], remembered: Mapping[str, str]) -> None:
        self._by_name = {column.name: column for column in columns}
        self._remembered = {same_title(text): name for text, name in remembered.items()}
        self._levels = [self._writings(form) for form in _FORMS]
        self._whole = [self._writings(form, bare=False) for form in _WHOLE_FORMS]

    def _writings(self, form: Callable[[str], str], *, bare: bool = True) -> dict[str, dict[str, HeadingWords]]:
        """For each writing, the columns that bear it, with what stands beside it in the column's own title."""
        found: dict[str, dict[str, HeadingWords]] = {}
        for column in self._by_name.values():
            for text in (column.name, column.title):
                apart = taken_apart(text)
                found.setdefault(form(apart.bare if bare else text), {}).setdefault(column.name, apart)
        return found

    def match(self, number: int, row: Sequence[str], *, close: bool = True) -> Matched:
        """What each cell of a row means as a heading."""
        texts = tuple(" ".join(str(cell).split()) for cell in row)
        columns = {position: name for position, text in enumerate(texts) if (name := self._exact(text))}
        asked = self._asked(texts, columns)
        guesses = self._guesses(texts, columns | asked) if close else {}
        guessed = asked | guesses
        asked |= {at: name for at, name in guesses.items() if self._may_differ(texts[at], name)}
        found = columns | guessed
        units = {at: how for at, name in found.items() if (how := self._conversion(texts[at], name))}
        return Matched(number, texts, found, frozenset(guessed), frozenset(asked), units)

    def _may_differ(self, text: str, name: str) -> bool:
        column = self._by_name[name]
        return _says_more(text, column) or _counts_women(text, column)

    def at_most(self, row: Sequence[str]) -> float:
        """The score that a row would reach if all that is not exact were understood by close spelling."""
        texts = [" ".join(str(cell).split()) for cell in row]
        exact = sum(self._exact(text) is not None for text in texts)
        return exact + 0.5 * (sum(map(bool, texts)) - exact)

    def _conversion(self, text: str, name: str) -> Conversion | None:
        return conversion(taken_apart(text).unit, self._by_name[name])

    def _exact(self, text: str) -> str | None:
        if not text or len(text) > 120:
            return None
        if (name := self._remembered.get(same_title(text))) is not None:
            return name or None  # "": the person said that this column is none of ours
        if name := self._by_all_its_words(text):
            return name
        found = self._by_its_bare_words(text)
        return found[0] if found and found[2] else None

    def _by_all_its_words(self, text: str) -> str | None:
        """« Date (prévue) » is the column « Date prévue », whose title says as much."""
        apart = taken_apart(text)
        for form, writings in zip(_WHOLE_FORMS, self._whole, strict=True):
            names = writings.get(form(text), {})
            if len(names) == 1:
                name, own = next(iter(names.items()))
                if apart.unit == own.unit and not apart.has_signs and not _counts_women(text, self._by_name[name]):
                    return name
        return None

    def _by_its_bare_words(self, text: str) -> tuple[str, HeadingWords, bool] | None:
        """The column whose words are those of the heading, and whether what stands beside them agrees."""
        apart = taken_apart(text)
        for form, writings in zip(_FORMS, self._levels, strict=True):
            names = writings.get(form(apart.bare), {})
            if len(names) == 1:
                name, own = next(iter(names.items()))
                column = self._by_name[name]
                return name, own, agrees(apart, own, column) and not _counts_women(apart.bare, column)
        return None

    def _asked(self, texts: Sequence[str], columns: Mapping[int, str]) -> dict[int, str]:
        """The headings whose words are a column's, but whose brackets or unit may mean something else."""
        found: dict[int, str] = {}
        for position, text in enumerate(texts):
            if not text or position in columns or len(text) > 120 or same_title(text) in self._remembered:
                continue
            alike = self._by_its_bare_words(text)
            if alike and alike[0] not in columns.values():
                found[position] = alike[0]
        return _alone(found)

    def _guesses(self, texts: Sequence[str], columns: Mapping[int, str]) -> dict[int, str]:
        free = [column for column in self._by_name.values() if column.name not in columns.values()]
        found: dict[int, str] = {}
        for position, text in enumerate(texts):
            if position in columns or same_title(text) in self._remembered or taken_apart(text).doubts:
                continue
            name = _closest(text, free)
            if name and agrees(taken_apart(text), taken_apart(self._by_name[name].title), self._by_name[name]):
                found[position] = name
        return _alone(found)


def _alone(found: Mapping[int, str]) -> dict[int, str]:
    """The columns that one heading only could mean."""
    doubled = [name for name in found.values() if list(found.values()).count(name) > 1]
    return {position: name for position, name in found.items() if name not in doubled}


def likely(text: str, columns: Sequence[Column]) -> str | None:
    """The column that a heading nobody understood most likely means: « Nb de diagnostics réalisés ».

    The only one of which every word of the title stands in it, else the only one that shares a word.
    Never read as such: offered, for somebody to say.
    """
    words = set(stem(_words(text)).split()) - _COUNTING
    titles = {column.name: set(stem(_words(column.title)).split()) - _COUNTING for column in columns}
    whole = [name for name, title in titles.items() if title and title <= words]
    some = [name for name, title in titles.items() if {word for word in title & words if len(word) > 3}]
    return next((found[0] for found in (whole, some) if len(found) == 1), None)


def _closest(text: str, columns: Sequence[Column]) -> str | None:
    written = _words(taken_apart(text).bare)
    if not _SHORTEST_CLOSE <= len(written) <= 60 or not columns:
        return None
    scores = sorted(
        ((max(_likeness(written, _words(c.name)), _likeness(written, _bare_title(c))), c.name) for c in columns),
        reverse=True,
    )
    clear = len(scores) == 1 or scores[0][0] - scores[1][0] > 0.05
    return scores[0][1] if scores[0][0] >= _CLOSE and clear else None


def _says_more(text: str, column: Column) -> bool:
    """Whether a heading close to a column's has a word that is none of the column's: « accords prévus »."""
    own = _own_words(column)
    return any(not any(_is_mistyped(word, one) for one in own) for word in _words(text).split())


def _own_words(column: Column) -> set[str]:
    return {word for writing in (column.name, column.title) for word in _words(writing).split()}


def _is_mistyped(word: str, own: str) -> bool:
    """Whether a word is another one, badly typed: « recption ». « Inéligibles », « provision » are other words."""
    if stem(word) == stem(own):
        return True
    shorter, longer = sorted((stem(word), stem(own)), key=len)
    if len(shorter) < _SHORTEST_TYPO:
        return False
    is_other = any(longer == f"{before}{shorter}" for before in _BEFORE) or len(shorter) == len(longer)
    swapped = len(shorter) == len(longer) and sorted(shorter) == sorted(longer)
    return (swapped or not is_other) and bool(get_close_matches(word, [own], 1, 0.7))


def _counts_women(bare: str, column: Column) -> bool:
    """« Inscrites » over a count of « Inscrits »: a part of them, or all?"""
    if not column.kind.dtype.is_numeric():
        return False
    masculine = {stem(word) for word in _own_words(column) if not word.rstrip("s").endswith("e")}
    feminine = (word for word in _words(bare).split() if word.rstrip("s").endswith("e"))
    return any(stem(word) in masculine for word in feminine)


def _bare_title(column: Column) -> str:
    return _words(taken_apart(column.title).bare)


def _likeness(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= _CLOSE else 0.0


@lru_cache(maxsize=4_000)
def _words(text: str) -> str:
    words = (_WHOLE.get(word, word) for word in fold(_ASIDE.sub(" ", text)).split())
    return " ".join(word for word in words if word not in _SMALL)


def _sorted_stems(text: str) -> str:
    return " ".join(sorted(stem(_words(text)).split()))


_FORMS: tuple[Callable[[str], str], ...] = (fold, _words, _sorted_stems)
_WHOLE_FORMS: tuple[Callable[[str], str], ...] = (fold, _sorted_stems)


def _quoted(texts: Iterable[str]) -> str:
    shown = [f"« {text[:60]} »" for text in texts]
    return french.listing(shown) if len(shown) <= _MOST_QUOTED else ", ".join(shown[:_MOST_QUOTED]) + "…"


def _refuse_doubles(matched: Matched, dataset: Dataset) -> None:
    names = list(matched.columns.values())
    if len(doubled := {name for name in names if names.count(name) > 1}) > 2:
        both = _quoted(matched.headings[n] for n, meant in matched.columns.items() if meant in doubled)
        refuse(
            f"Deux tableaux sont côte à côte à la ligne {matched.row + 1} : {both}. "
            "Mettez les lignes du second sous celles du premier, ou gardez un seul tableau."
        )
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            both = _quoted(matched.headings[n] for n, meant in matched.columns.items() if meant == name)
            refuse(
                f"Deux colonnes de la ligne {matched.row + 1} veulent dire « {dataset.by_name[name].title} » : "
                f"{both}. Gardez-en une seule."
            )


def refuse_standing(head: Sequence[Sequence[str]], dataset: Dataset, matched: Matched | None) -> None:
    """Refuse a table whose titles stand one under the other, when no line holds as many of them.

    Raises FileRefused.
    """
    first = [str(row[0]) if row else "" for row in head]
    standing = _Vocabulary(dataset.columns, {}).match(0, first, close=False)
    if len(standing.columns) > max(2, len(matched.columns) if matched else 0):
        refuse(
            "Les titres de ce tableau sont les uns sous les autres, dans la première colonne. "
            "Copiez-le, puis collez-le par « Collage spécial », « Transposer », pour qu’ils soient sur une seule ligne."
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
