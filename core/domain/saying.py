"""Figures inside sentences: a number with its noun, or the honest word when there is no number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from core.domain import french
from core.domain.observation import Cell, Missing, Observation
from core.domain.period import Period

WORDS: Mapping[Missing, str] = {
    Missing.NOT_REPORTED: "non renseigné",
    Missing.NOT_APPLICABLE: "sans objet",
    Missing.ERROR: "calcul impossible",
}
"""How a sentence says that a figure is not there; never as zero."""


def known(figure: Cell | Observation) -> float | None:
    """The number counted (the numerator of a rate), or None when it is not known."""
    return _observation(figure).numerator


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


def told(pairs: Iterable[tuple[str, float | None]]) -> str:
    """« Aix : 46, Pertuis : 17 et Gardanne : non renseigné », for the words beside a chart."""
    return french.listing(f"{name} : {written(value)}" for name, value in pairs)


def waited_for(figures: Sequence[Cell | Observation]) -> date | None:
    """The oldest due date that passed without the deposit that these figures wait for."""
    days = (_observation(figure).freshness.expected_since for figure in figures)
    return min((day for day in days if day is not None), default=None)


def covered_until(figures: Sequence[Cell | Observation]) -> date | None:
    """The last day that all these figures speak of."""
    days = (_observation(figure).freshness.covers_until for figure in figures)
    return min((day for day in days if day is not None), default=None)


def _last_day(one: Observation) -> date:
    if one.month is not None:
        return Period.month(one.month.year, one.month.month).end
    return one.period.end if one.period else date.min


def _observation(figure: Cell | Observation) -> Observation:
    return figure.observation if isinstance(figure, Cell) else figure
