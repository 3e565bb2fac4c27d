"""Small counts of people among the observations of indicators.

A measure says that it counts people (``Sum(…, people=True)``); machines, buildings, structures
and money are things, and are shown as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from core.domain.indicator import CountDistinct, Indicator, Measure, Median
from core.domain.observation import Observation
from core.services.masking.table import Hidden, Total, mask, reason, words

Spot = tuple[str | None, str | None, str | None, str | None]
"""Experiment, period, place, month: where an observation stands in the table of what it counts.

A figure of some experiments only has, for the programme, the cell of these: « *ct1-frais-vallon|ct1-plan-d-aou ».
"""
_SOME = "*"
_PARTS = ("numerator", "denominator")


@dataclass(frozen=True, slots=True)
class Concealed:
    """An observation as it may be shown.

    What is hidden is None in ``observation``, its value too when it was made from it;
    ``numerator`` and ``denominator`` say why, ``said`` what to write in place of the value.
    """

    observation: Observation
    numerator: Hidden | None = None
    denominator: Hidden | None = None
    said: str = ""

    @property
    def hidden(self) -> bool:
        """Whether something is not shown."""
        return self.numerator is not None or self.denominator is not None


def conceal(
    observations: Iterable[Observation], catalogue: Mapping[str, Indicator], below: int
) -> tuple[Concealed, ...]:
    """The observations, in their order, without the small counts of people nor what gives them away.

    ``below`` is the first number that may be shown. Give together all that will be shown
    together, the programme and its six experiments whole: a total left out protects nothing.
    """
    given = tuple(observations)
    named = {code: _names(catalogue[code]) for code in {one.indicator for one in given} if code in catalogue}
    hidden = _hidden(given, catalogue, named, below)
    return tuple(_concealed(one, named.get(one.indicator, {}), hidden, catalogue, below) for one in given)


def counts_people(indicator: Indicator) -> tuple[str, ...]:
    """Which of its parts count people: « numerator », « denominator », both, none."""
    return tuple(part for part in _PARTS if getattr(getattr(indicator, part), "people", False))


def _names(indicator: Indicator) -> dict[str, str]:
    """For each part that counts people, the word of what it counts."""
    return {part: _what(getattr(indicator, part)) for part in counts_people(indicator)}


def _hidden(
    given: Sequence[Observation],
    catalogue: Mapping[str, Indicator],
    named: Mapping[str, Mapping[str, str]],
    below: int,
) -> dict[tuple[str, Spot], Hidden]:
    """For each measure of people and each spot, why it is not shown."""
    tables: dict[str, dict[Spot, float | None]] = {}
    adding: dict[str, bool] = {}
    for one in given:
        for part, name in named.get(one.indicator, {}).items():
            spot = _spot(one, getattr(catalogue[one.indicator], part))
            tables.setdefault(name, {})[spot] = getattr(one, part)
            adding[name] = not isinstance(getattr(catalogue[one.indicator], part), CountDistinct | Median)
    found = {name: mask(cells, _totals(cells) if adding[name] else (), below) for name, cells in tables.items()}
    return {(name, spot): why for name, spots in found.items() for spot, why in spots.items()}


def _what(measure: Measure) -> str:
    """The same word for two measures that count the same thing: hidden in one figure, hidden in the other."""
    source = measure.source if isinstance(measure.source, str) else measure.source.code
    read = (_written(getattr(measure, "expression", None)), _written(measure.where))
    return "|".join((type(measure).__name__, source, measure.date or "", *read))


def _written(expression: Any) -> str:
    if expression is None:
        return ""
    try:
        return str(expression.compile(compile_kwargs={"literal_binds": True}))
    except sa.exc.CompileError:  # the day of the figure has no value before it is computed
        return str(expression)


def _spot(one: Observation, measure: Measure) -> Spot:
    month = f"{one.month:%Y-%m}" if one.month else None
    some = None if measure.whose is None else _SOME + "|".join(measure.whose.experiments)
    return one.experiment or some, one.period.code if one.period else None, one.place, month


def _totals(cells: Iterable[Spot]) -> list[Total[Spot]]:
    """The programme over its experiments, a figure over its places, its periods, its months."""
    every = list(cells)
    return [total for axis in range(4) for total in _along(every, axis)]


def _along(spots: Sequence[Spot], axis: int) -> list[Total[Spot]]:
    lines: dict[Any, list[Spot]] = {}
    for spot in spots:
        lines.setdefault((spot[:axis], spot[axis + 1 :]), []).append(spot)
    return [total for line in lines.values() for total in _totals_of(line, axis)]


def _totals_of(line: Sequence[Spot], axis: int) -> Iterator[Total[Spot]]:
    """What adds up along one line: the whole over every part, and each cell of some experiments over theirs."""
    parts = tuple(spot for spot in line if not (spot[axis] or _SOME).startswith(_SOME))
    for spot in line:
        if spot[axis] is None and parts:
            yield Total(spot, parts)
        elif axis == 0 and (spot[0] or "").startswith(_SOME):
            theirs = (spot[0] or "").removeprefix(_SOME).split("|")
            mine = tuple(one for one in parts if one[0] in theirs)
            if mine:
                yield Total(spot, mine)


def _concealed(
    one: Observation,
    named: Mapping[str, str],
    hidden: Mapping[tuple[str, Spot], Hidden],
    catalogue: Mapping[str, Indicator],
    below: int,
) -> Concealed:
    measures = {part: getattr(catalogue[one.indicator], part) for part in named}
    found = {part: hidden.get((name, _spot(one, measures[part]))) for part, name in named.items()}
    gone = {part: why for part, why in found.items() if why is not None}
    if not gone:
        return Concealed(one)
    said = _said(catalogue[one.indicator], gone, below)
    why = reason(next(iter(gone.values())), below)
    shown = replace(one, **dict.fromkeys(gone), value=None, reason=why, hidden=said)
    return Concealed(shown, gone.get("numerator"), gone.get("denominator"), said)


def _said(indicator: Indicator, gone: Mapping[str, Hidden], below: int) -> str:
    """The words of the numerator when it is what is read; of a rate, only that it is not shown."""
    if "numerator" in gone and (indicator.denominator is None or indicator.headline == "numerator"):
        return words(gone["numerator"], below)
    return words(Hidden.GIVES_AWAY, below)
