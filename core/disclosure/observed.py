"""Small counts of people among the observations of indicators.

A measure says that it counts people (``Sum(…, people=True)``), and the monitor writes it on each observation
(``Observation.people``); machines, buildings, structures and money are things, and are shown as they are.
What a numerator leaves of its whole counts people as well, and is worked out with the rest.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from types import MappingProxyType

import sqlalchemy as sa

from core.disclosure.table import Hidden, Total, mask, reason, words
from core.domain.calendar import Period
from core.domain.indicator import Indicator, Measure, Median
from core.domain.observation import Observation

Spot = tuple[str | None, str | None, str | None, str | None, str | None]
"""Experiment, period, place, month, slice: where an observation stands in the table of what it counts."""
Cell = tuple[str, Spot, float | None]
"""What is counted, where, and how many: of one month, a count has its rows and a rate those since the start."""
RestCell = tuple[str, Cell, int]
"""What a rate leaves of its whole, or the whole itself when it counts no people."""
Elsewhere = Mapping[str | None, Mapping[float, Hidden]]
"""By experiment, the numbers of people that are hidden elsewhere in the same document, and why."""
_PARTS = ("numerator", "denominator")


@dataclass(frozen=True, slots=True)
class Rest:
    """What a count leaves of a whole; ``whole`` is its cell when it counts people itself, else None."""

    size: float
    left: float
    whole: Cell | None
    rank: int


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
    observations: Iterable[Observation],
    catalogue: Mapping[str, Indicator],
    below: int,
    elsewhere: Elsewhere | None = None,
) -> tuple[Concealed, ...]:
    """The observations, in their order, without the small counts of people nor what gives them away.

    ``below`` is the first number that may be shown. Give together all that will be shown
    together, the programme and its six experiments whole: a total left out protects nothing.
    ``elsewhere`` are the numbers of people that pages of the same document hide, by experiment.
    """
    given = tuple(observations)
    named = {code: _names(catalogue[code]) for code in {one.indicator for one in given} if code in catalogue}
    hidden = _hidden(given, catalogue, named, below, elsewhere or {})
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
    elsewhere: Elsewhere,
) -> dict[Cell, Hidden]:
    """For each measure of people and each spot, why it is not shown."""
    every = _Cells(given)
    for one in given:
        for part, name in named.get(one.indicator, {}).items():
            measure, number = getattr(catalogue[one.indicator], part), getattr(one, part)
            cell = name, _spot(one, measure), number
            source = "" if measure.slice else f"{one.indicator} {part}"
            every.add(cell, source, adds=not isinstance(measure, Median))
            if elsewhere.get(one.experiment, {}).get(number) is Hidden.GIVES_AWAY:
                every.gone.add(cell)
            if part == "numerator":
                bottom = catalogue[one.indicator].denominator
                people = named[one.indicator].get("denominator")
                whole = (
                    (people, _spot(one, bottom), one.denominator) if people and isinstance(bottom, Measure) else None
                )
                every.leaves(cell, one, one.denominator, whole, 0)
                every.leaves(cell, one, every.counted(measure.part_of, one), None, 1)
    return every.hidden(below)


class _Cells:
    """The counts of people of all figures, and what adds up: measure by measure, those that share a rate together."""

    def __init__(self, given: Iterable[Observation]) -> None:
        self._numerators = {(one.indicator, *_where(one)): one.numerator for one in given}
        self._tables: dict[str, dict[str, dict[Spot, Cell]]] = {}
        self._adding: dict[str, bool] = {}
        self._rests: dict[Cell, list[Rest]] = {}
        self.gone: set[Cell] = set()

    def add(self, cell: Cell, source: str, *, adds: bool) -> None:
        """One count, of a measure whose parts add up or not; the parts of one ``source`` count the same rows."""
        name, spot, _ = cell
        self._tables.setdefault(name, {}).setdefault(source, {})[spot] = cell
        self._adding[name] = adds

    def counted(self, code: str, like: Observation) -> float | None:
        """What another figure counts at the same spot."""
        return self._numerators.get((code, *_where(like)))

    def leaves(self, cell: Cell, one: Observation, size: float | None, whole: Cell | None, rank: int) -> None:
        """What the count leaves of its whole: people too. ``whole`` is a cell when it counts people itself."""
        if size is not None and one.numerator is not None and size >= one.numerator:
            self._rests.setdefault(cell, []).append(Rest(size, size - one.numerator, whole, rank))

    def hidden(self, below: int) -> dict[Cell, Hidden]:
        """Every table masked, with those that it shares a rate with."""
        found: dict[Cell, Hidden] = {}
        for names in self._together():
            found |= self._masked(names, below)
        return found

    def _masked(self, names: Iterable[str], below: int) -> dict[Cell, Hidden]:
        own: dict[Cell, float | None] = {}
        cells: dict[Cell | RestCell, float | None] = {}
        totals: list[Total[Cell | RestCell]] = []
        fixed: list[RestCell] = []
        free: list[RestCell] = []
        for name in names:
            for table in self._tables[name].values():
                for cell in table.values():
                    own[cell] = cells[cell] = cell[-1]
                for one in _totals(table) if self._adding[name] else ():
                    totals.append(Total(table[one.cell], tuple(table[part] for part in one.parts)))
        for cell in [cell for cell in own if cell in self._rests]:
            for rest in self._rests[cell]:
                whole, left = ("whole", cell, rest.rank), ("rest", cell, rest.rank)
                if rest.whole is None:
                    cells[whole] = rest.size
                    fixed.append(whole)
                cells[left] = rest.left
                free.append(left)
                totals.append(Total(rest.whole or whole, (cell, left)))
        gone = frozenset[Cell | RestCell](cell for cell in self.gone if cell in own)
        made = _mask(tuple(cells.items()), tuple(dict.fromkeys(totals)), below, gone, frozenset(fixed), frozenset(free))
        return {cell: made[cell] for cell in own if cell in made}

    def _together(self) -> list[list[str]]:
        """The names of the tables, those that one rate joins side by side."""
        groups = {name: [name] for name in self._tables}
        for (name, *_), rests in self._rests.items():
            for rest in rests:
                if rest.whole is not None and groups[name] is not groups[rest.whole[0]]:
                    joined = groups[name] + groups[rest.whole[0]]
                    groups |= dict.fromkeys(joined, joined)
        return list({id(group): group for group in groups.values()}.values())


@lru_cache(maxsize=160)
def _mask(
    cells: tuple[tuple[Cell | RestCell, float | None], ...],
    totals: tuple[Total[Cell | RestCell], ...],
    below: int,
    gone: frozenset[Cell | RestCell],
    fixed: frozenset[Cell | RestCell],
    free: frozenset[Cell | RestCell],
) -> Mapping[Cell | RestCell, Hidden]:
    """The same table masked once: a deposit changes some of what is counted, and leaves the others as they were."""
    return MappingProxyType(mask(dict(cells), totals, below, hidden=gone, fixed=fixed, free=free))


def _where(one: Observation) -> tuple[str | None, Period | None, str | None, date | None]:
    return one.experiment, one.period, one.place, one.month


def _what(measure: Measure) -> str:
    """The same word for two measures that count the same thing: hidden in one figure, hidden in the other."""
    if measure.slice is not None:
        return measure.slice[0]
    source = measure.source if isinstance(measure.source, str) else measure.source.code
    read = (_written(getattr(measure, "expression", None)), _written(measure.where))
    return "|".join((type(measure).__name__, source, measure.date or "", *read))


def _written(expression: sa.ClauseElement | None) -> str:
    if expression is None:
        return ""
    try:
        return str(expression.compile(compile_kwargs={"literal_binds": True}))
    except sa.exc.CompileError:  # the day of the figure has no value before it is computed
        return str(expression)


def _spot(one: Observation, measure: Measure) -> Spot:
    month = f"{one.month:%Y-%m}" if one.month else None
    part = measure.slice[1] if measure.slice else None
    return one.experiment, one.period.code if one.period else None, one.place, month, part


def _totals(cells: Iterable[Spot]) -> list[Total[Spot]]:
    """The programme over its experiments, a figure over its places, periods and months, a whole over its slices."""
    every = list(cells)
    return [total for axis in range(5) for total in _along(every, axis)]


def _along(spots: Sequence[Spot], axis: int) -> list[Total[Spot]]:
    lines: dict[Hashable, list[Spot]] = {}
    for spot in spots:
        lines.setdefault((spot[:axis], spot[axis + 1 :]), []).append(spot)
    return [total for line in lines.values() for total in _totals_of(line, axis)]


def _totals_of(line: Sequence[Spot], axis: int) -> Iterator[Total[Spot]]:
    """What adds up along one line: the whole over every part."""
    parts = tuple(spot for spot in line if spot[axis] is not None)
    if parts:
        yield from (Total(spot, parts) for spot in line if spot[axis] is None)


def _concealed(
    one: Observation,
    named: Mapping[str, str],
    hidden: Mapping[Cell, Hidden],
    catalogue: Mapping[str, Indicator],
    below: int,
) -> Concealed:
    measures = {part: getattr(catalogue[one.indicator], part) for part in named}
    found = {part: hidden.get((name, _spot(one, measures[part]), getattr(one, part))) for part, name in named.items()}
    gone = {part: why for part, why in found.items() if why is not None}
    if not gone:
        return Concealed(one)
    said = _said(catalogue[one.indicator], gone, below)
    why = reason(next(iter(gone.values())), below)
    top = None if "numerator" in gone else one.numerator
    bottom = None if "denominator" in gone else one.denominator
    shown = replace(one, numerator=top, denominator=bottom, value=None, reason=why, hidden=said, apart=())
    return Concealed(shown, gone.get("numerator"), gone.get("denominator"), said)


def _said(indicator: Indicator, gone: Mapping[str, Hidden], below: int) -> str:
    """The words of the numerator when it is what is read; of a rate, only that it is not shown."""
    if "numerator" in gone and (indicator.denominator is None or indicator.headline == "numerator"):
        return words(gone["numerator"], below)
    return words(Hidden.GIVES_AWAY, below)
