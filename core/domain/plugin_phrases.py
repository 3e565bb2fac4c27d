"""Sentences with values inside: what the page of a plugin may count, and how each value is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import overload

from core.domain import french
from core.domain.calendar import Period
from core.domain.french import listing_marks
from core.domain.observation import Cell, Missing, Observation


@dataclass(frozen=True, slots=True)
class People:
    """A number of persons or homes: « 3 familles », « 3 » in a cell; None is « non renseigné »."""

    number: float | None
    singular: str = ""
    plural: str = ""

    @property
    def several(self) -> str:
        """The plural of what is counted."""
        return self.plural or (f"{self.singular}s" if self.singular else "")


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole: « 8 sur 11 (73 %) »; with ``of``, « 73 % des personnes formées (8 sur 11) ».

    In a chart it is drawn as a percentage. A side that counts people is a ``People``.
    """

    part: People | float | None
    whole: People | float | None
    of: str = ""


@dataclass(frozen=True, slots=True)
class Tells:
    """Words that would give these counts of people away (« il manque 16 accords »), and what is said instead."""

    words: str
    counts: tuple[People, ...]
    instead: str = "non montré"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the experiment by its code: « 84 ordinateurs remis », as the core writes it."""

    code: str
    singular: str
    plural: str = ""

    @property
    def several(self) -> str:
        """The plural of what is counted."""
        return self.plural or f"{self.singular}s"


Value = People | Share | Tells | Figure
Part = str | Value


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words and values, in reading order."""

    parts: tuple[Part, ...]


Text = str | Phrase


def plain(text: Part | Phrase) -> str:
    """The words of a text that has been written for its reader: it holds no value any more."""
    assert isinstance(text, str)
    return text


def phrase(*parts: Part | Phrase) -> Phrase:
    """``phrase("Au 30 juin, ", People(3, "famille"), ".")``: words and values, one after the other."""
    return Phrase(tuple(parts_of(*parts)))


def listed(parts: Iterable[Part | Phrase]) -> Phrase:
    """« 3 familles, 2 étudiants et 1 école », from words and values."""
    items = list(parts)
    marks = listing_marks(len(items))
    return phrase(*(one for item, mark in zip(items, marks, strict=True) for one in (item, mark) if one != ""))


def parts_of(*texts: Part | Phrase) -> Iterator[Part]:
    """The words and the values of texts, in reading order."""
    for one in texts:
        if isinstance(one, Phrase):
            yield from one.parts
        else:
            yield one


def people_of(value: Part | float | None) -> tuple[People, ...]:
    """The counts of people that a value shows, or would tell."""
    match value:
        case People():
            return (value,)
        case Share():
            return tuple(side for side in (value.part, value.whole) if isinstance(side, People))
        case Tells():
            return value.counts
        case _:
            return ()


# --- Figures inside sentences: a number with its noun, or the honest word when there is no number ----


WORDS: Mapping[Missing, str] = {
    Missing.NOT_REPORTED: "non renseigné",
    Missing.NOT_APPLICABLE: "sans objet",
    Missing.NOT_FOLLOWED: "non suivi",
    Missing.ERROR: "calcul impossible",
}
"""How a sentence says that a figure is not there; never as zero."""


def known(figure: Cell | Observation) -> float | None:
    """The number counted (the numerator of a rate), or None when it is not known."""
    return _observation(figure).numerator


def counted(figure: Cell | Observation, singular: str = "", plural: str = "") -> People | float | None:
    """What ``known`` gives, as a ``People`` when the figure counts persons or homes, for a cell or a chart."""
    found = _observation(figure)
    return People(found.numerator, singular, plural) if found.people else found.numerator


def known_base(figure: Cell | Observation) -> float | None:
    """The number to which a rate is related (its denominator), or None when it is not known."""
    return _observation(figure).denominator


def said(figure: Cell | Observation, singular: str, plural: str | None = None) -> str:
    """« 84 ordinateurs », « 0 ordinateur », or « ordinateurs : non renseigné »."""
    number = known(figure)
    if number is not None:
        return french.count(number, singular, plural)
    missing = _observation(figure).missing_because or Missing.NOT_REPORTED
    return f"{plural or f'{singular}s'} : {WORDS[missing]}"


def share(part: float | None, whole: float | None) -> str:
    """« 84 sur 149 (56 %) », « 84 » when the whole is not known, « non renseigné » without the part."""
    if part is None or not whole:
        return written(part)
    return f"{french.out_of(part, whole)} ({french.percent(100 * part / whole)})"


def rate(part: float | None, whole: float | None, of: str) -> str:
    """« 68 % des ordinateurs testés (149 sur 219) »; without a known whole, what is known of the part."""
    if part is None or not whole:
        return f"{written(part)} {of}"
    return f"{french.percent(100 * part / whole)} {of} ({french.out_of(part, whole)})"


def so_far(observations: Iterable[Observation], until: date) -> tuple[Observation, ...]:
    """The months or periods that were over at the end of ``until``, without unknown ones at the end."""
    found = [one for one in observations if _last_day(one) <= until]
    while found and known(found[-1]) is None:
        found.pop()
    return tuple(found)


def written(number: float | None) -> str:
    """« 84 », or « non renseigné »."""
    return WORDS[Missing.NOT_REPORTED] if number is None else french.number(number, 1)


def left(whole: float | None, *parts: float | None) -> float | None:
    """What remains of ``whole`` without ``parts``; None when one is unknown, or when they exceed it."""
    numbers = [part for part in parts if part is not None]
    if whole is None or len(numbers) < len(parts) or sum(numbers) > whole:
        return None
    return whole - sum(numbers)


@overload
def told(pairs: Iterable[tuple[str, float | None]]) -> str: ...
@overload
def told(pairs: Iterable[tuple[str, People | Share | float | None]]) -> Phrase | str: ...
def told(pairs: Iterable[tuple[str, People | Share | float | None]]) -> Phrase | str:
    """« Aix : 46, Pertuis : 17 et Gardanne : non renseigné », for the words beside a chart.

    Text for numbers; a phrase as soon as a value counts people.
    """
    items = [(name, value if isinstance(value, People | Share) else written(value)) for name, value in pairs]
    if all(isinstance(value, str) for _, value in items):
        return french.listing(f"{name} : {value}" for name, value in items)
    return listed(phrase(f"{name}\u00a0: ", _bare(value)) for name, value in items)


def _bare(value: People | Share | str) -> People | Share | str:
    """A count without its noun: what is listed has said it."""
    return People(value.number) if isinstance(value, People) else value


def waited_for(figures: Sequence[Cell | Observation]) -> date | None:
    """The oldest due date that passed without the deposit that these figures wait for."""
    days = (_observation(figure).freshness.expected_since for figure in figures)
    return min((day for day in days if day is not None), default=None)


def covered_until(figures: Sequence[Cell | Observation]) -> date | None:
    """The last day that all these figures speak of."""
    days = (_observation(figure).freshness.covers_until for figure in figures)
    return min((day for day in days if day is not None), default=None)


def as_of(figures: Sequence[Cell | Observation], until: date) -> date:
    """The day that a sentence about these figures may begin with: ``until``, or the last that all of them speak of."""
    return min(covered_until(figures) or until, until)


def not_yet(figure: Cell | Observation, until: date) -> str:
    """« rien encore », or « rien au 31 mars 2022 » when the data stop before ``until`` and say nothing of since."""
    day = as_of([figure], until)
    return "rien encore" if day == until else f"rien au {french.day(day)}"


def _last_day(one: Observation) -> date:
    if one.month is not None:
        return Period.month(one.month.year, one.month.month).end
    return one.period.end if one.period else date.min


def _observation(figure: Cell | Observation) -> Observation:
    return figure.observation if isinstance(figure, Cell) else figure
