"""Numbers of people that a page tells by itself: as words, and by whatever moves with them where they are hidden."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.elements import BinaryExpression, ColumnClause

from core.contract import Registry
from core.contract.hookspecs import CONTRACT
from core.disclosure import Audience, hidden_numbers, page_text
from core.domain import french
from core.domain.dataset import RowDict
from core.domain.indicator import Count, Indicator, Measure, Source, Sum
from core.domain.observation import Cell, Observation
from core.domain.report import Block, Report
from core.errors import PluginProblem
from core.testing.declared import measures, names_in
from core.testing.findings import PluginFinding
from core.testing.pages import SMALLEST, crowded_report, plain_words

_FEW, _ONE_MORE = 2, 3
"""Two numbers of people below the threshold, plurals both: nobody may see which of them a page counted."""
_MANY = 40
"""What a part of so few is told of."""


def try_people(registry: Registry, code: str) -> Iterator[PluginFinding]:
    """The numbers of people that a page writes as text, instead of giving them as values."""
    if registry.contract_of(code) < CONTRACT:
        return
    asked = crowded_report(registry, registry.experiment(code))
    try:
        blocks = registry.build_report(code, asked)
    except PluginProblem:
        return  # these numbers do not agree with each other, as a page may require
    text = "\n".join(plain_words(blocks))
    for indicator in registry.indicators(code):
        found = asked.figure(indicator.code).observation
        if found.people and any(french.number(one) in text for one in (found.numerator, found.denominator) if one):
            yield PluginFinding(
                "persons",
                f"la page de « {code} »",
                f"elle écrit elle-même le nombre de « {indicator.code} », qui compte des personnes.",
                f'Donnez Figure("{indicator.code}", …) ou People(…).',
            )


# --- The same page of two and of three people, for who may not see small numbers: it must be the same ------


def try_small_counts(registry: Registry, code: str, report: Report) -> Iterator[PluginFinding]:
    """What still moves with a small number of people once it is hidden: a word, a bar, a row, an order.

    ``report`` is that of a filled store: its numbers of people are made small, one figure after the other, and what
    counts nobody stays as it is.
    """
    if registry.contract_of(code) < CONTRACT:
        return
    for indicator in (one for one in registry.indicators(code) if one.people):
        try:
            few, more = (
                _hidden_page(registry, code, _SmallCounts(registry, report, indicator, number).report())
                for number in (_FEW, _ONE_MORE)
            )
        except PluginProblem:
            continue  # these numbers do not agree with each other, as a page may require
        told = _first_difference(few, more)
        if told is not None:
            yield PluginFinding(
                "persons",
                f"la page de « {code} », petits nombres cachés",
                f"elle dit encore si « {indicator.code} » compte {_FEW} ou {_ONE_MORE} personnes : {told}",
                "Donnez People(…), Share(…) ou Figure(…), et Tells(…) pour les mots qui dépendent d’un nombre.",
            )


def _hidden_page(registry: Registry, code: str, report: Report) -> tuple[Block, ...]:
    def hidden(indicator: str) -> Cell:
        cell = report.figure(indicator)
        seen = cell.observation
        return replace(cell, observation=replace(seen, hidden=f"moins de {SMALLEST}")) if seen.people else cell

    blocks = registry.build_report(code, report)
    return page_text(blocks, Audience(hidden, hidden_numbers(blocks, SMALLEST), SMALLEST))


@dataclass(frozen=True)
class _SmallCounts:
    """A report where one figure counts ``number`` people, at its first place and in its last period, others nobody."""

    registry: Registry
    seen: Report
    indicator: Indicator
    number: int

    @cached_property
    def people(self) -> dict[str, Indicator]:
        """The figures of the experiment that count people, by code."""
        return {one.code: one for one in self.registry.indicators(self.seen.experiment.code) if one.people}

    def report(self) -> Report:
        """What the plugin receives."""
        return replace(
            self.seen,
            figure=self._figure,
            by_place=lambda code: self._parts(code, self.seen.by_place(code), 0),
            by_month=lambda code: [self._of(code, one) for one in self.seen.by_month(code)],
            by_period=lambda code: self._parts(code, self.seen.by_period(code), -1),
            rows=lambda source: self._rows(source, self.seen.rows(source)),
            of_derived=lambda source: self._rows(source, self.seen.of_derived(source)),
        )

    def _figure(self, code: str) -> Cell:
        cell = self.seen.figure(code)
        return replace(cell, observation=self._of(code, cell.observation), before=None) if code in self.people else cell

    def _parts(self, code: str, found: Sequence[Observation], at: int) -> Sequence[Observation]:
        return [self._of(code, one, here=one is found[at]) for one in found]

    def _of(self, code: str, one: Observation, *, here: bool = True) -> Observation:
        """The same figure of so few people; a number that counts no person stays."""
        if code not in self.people or one.numerator is None:
            return one
        indicator = self.people[code]
        counted = self.number if here and code == self.indicator.code else 0
        top = float(counted) if getattr(indicator.numerator, "people", False) else one.numerator
        bottom = one.denominator
        if bottom is not None and getattr(indicator.denominator, "people", False):
            bottom = float(_MANY)
        value = top if bottom is None else (100 * top / bottom if bottom else None)
        return replace(one, numerator=top, denominator=bottom, value=value)

    def _rows(self, source: Source, found: Sequence[RowDict]) -> Sequence[RowDict]:
        """So few people in the rows: so many rows where each is one, else the first row counts them all."""
        mine = [one for one in measures(self.indicator) if _counts(one, source)]
        if any(isinstance(one, Count) for one in mine):
            return found[: self.number]
        others = [one for indicator in self.people.values() for one in measures(indicator) if _counts(one, source)]
        summed = {name for one in (*mine, *others) if isinstance(one, Sum) for name in _columns(one)}
        told = next((name for one in mine if isinstance(one, Sum) for name in _columns(one)), None)

        def cell(at: int, name: str, value: object) -> object:
            if name not in summed or value is None:
                return value
            return self.number if at == 0 and name == told else 0

        return [{name: cell(at, name, value) for name, value in row.items()} for at, row in enumerate(found)]


def _columns(measure: Sum) -> list[str]:
    """The columns that hold its people, when it adds them up as they are; what it works out otherwise stays."""
    parts = visitors.iterate(measure.expression)
    plain = all(
        isinstance(one, ColumnClause) or (isinstance(one, BinaryExpression) and one.operator is operators.add)
        for one in parts
    )
    return sorted(names_in(replace(measure, where=None))) if plain else []


def _counts(measure: Measure, source: Source) -> bool:
    return getattr(measure, "people", False) and measure.source == source


def _first_difference(few: Sequence[Block], more: Sequence[Block]) -> str | None:
    """The first thing in which two pages differ, in words; None when they are the same."""
    for one, other in zip(few, more, strict=False):
        if one != other:
            said = next(
                (
                    f"« {a} » ou « {b} »."
                    for a, b in zip(plain_words([one]), plain_words([other]), strict=False)
                    if a != b
                ),
                "un dessin ou un tableau n’est pas le même.",
            )
            return said
    return None if len(few) == len(more) else "un bloc de plus ou de moins."
