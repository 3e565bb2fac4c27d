"""Small counts of people among the observations of indicators.

A measure says that it counts people (``Sum(…, people=True)``); machines, buildings, structures
and money are things, and are shown as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from core.domain.indicator import CountDistinct, Indicator, Measure, Median
from core.domain.observation import Observation
from core.services.masking.table import Hidden, Total, mask, reason, words

Spot = tuple[str | None, str | None, str | None, str | None]
"""Experiment, period, place, month: where an observation stands in the table of its indicator."""
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
    hidden = _hidden(given, catalogue, below)
    return tuple(_concealed(one, hidden, catalogue.get(one.indicator), below) for one in given)


def counts_people(indicator: Indicator) -> tuple[str, ...]:
    """Which of its parts count people: « numerator », « denominator », both, none."""
    return tuple(part for part in _PARTS if getattr(getattr(indicator, part), "people", False))


def _hidden(
    given: Sequence[Observation], catalogue: Mapping[str, Indicator], below: int
) -> dict[tuple[str, Spot], Hidden]:
    """For each measure of people and each spot, why it is not shown."""
    tables: dict[str, dict[Spot, float | None]] = {}
    adding: dict[str, bool] = {}
    for one in given:
        indicator = catalogue.get(one.indicator)
        for part in counts_people(indicator) if indicator else ():
            measure = getattr(indicator, part)
            name = _what(measure)
            tables.setdefault(name, {})[_spot(one)] = getattr(one, part)
            adding[name] = not isinstance(measure, CountDistinct | Median)
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


def _spot(one: Observation) -> Spot:
    month = f"{one.month:%Y-%m}" if one.month else None
    return one.experiment, one.period.code if one.period else None, one.place, month


def _totals(cells: Iterable[Spot]) -> list[Total[Spot]]:
    """The programme over its experiments, a figure over its places, its periods, its months."""
    every = list(cells)
    return [total for axis in range(4) for total in _along(every, axis)]


def _along(spots: Sequence[Spot], axis: int) -> list[Total[Spot]]:
    lines: dict[Any, list[Spot]] = {}
    for spot in spots:
        lines.setdefault((spot[:axis], spot[axis + 1 :]), []).append(spot)
    found = []
    for line in lines.values():
        parts = tuple(spot for spot in line if spot[axis] is not None)
        whole = next((spot for spot in line if spot[axis] is None), None)
        if whole is not None and parts:
            found.append(Total(whole, parts))
    return found


def _concealed(
    one: Observation, hidden: Mapping[tuple[str, Spot], Hidden], indicator: Indicator | None, below: int
) -> Concealed:
    if indicator is None:
        return Concealed(one)
    why = {part: hidden.get((_what(getattr(indicator, part)), _spot(one))) for part in counts_people(indicator)}
    gone = {part: found for part, found in why.items() if found is not None}
    if not gone:
        return Concealed(one)
    first = next(iter(gone.values()))
    shown = replace(one, **dict.fromkeys(gone), value=None, reason=reason(first, below))
    return Concealed(shown, gone.get("numerator"), gone.get("denominator"), _said(indicator, gone, below))


def _said(indicator: Indicator, gone: Mapping[str, Hidden], below: int) -> str:
    """The words of the numerator when it is what is read; of a rate, only that it is not shown."""
    if "numerator" in gone and (indicator.denominator is None or indicator.headline == "numerator"):
        return words(gone["numerator"], below)
    return words(Hidden.GIVES_AWAY, below)
