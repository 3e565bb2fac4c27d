"""The two parts of an indicator, with why one of them is unknown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import ColumnClause

from core.domain.experiment import METROPOLE, Experiment
from core.domain.indicator import AnyMeasure, Constant, CountDistinct, Measure
from core.domain.observation import Missing
from core.services.monitoring import telling
from core.services.monitoring.coverage import Coverage
from core.services.monitoring.descriptions import Described, Pair
from core.services.monitoring.figures import BrokenMeasure, Figures
from core.services.monitoring.frames import Subject
from core.services.monitoring.known import Known
from core.services.monitoring.observations import Part
from core.services.monitoring.sources import Sources
from core.services.monitoring.window import Window


@dataclass(frozen=True, slots=True)
class Span:
    """The rows to count, and the days for which something must have been handed in."""

    counted: Window
    told: Window


class Parts:
    """The parts of figures as of one revision."""

    def __init__(self, registry: Any, known: Known, sources: Sources, figures: Figures, coverage: Coverage) -> None:
        self._registry, self._known, self._sources = registry, known, sources
        self._figures, self._coverage = figures, coverage
        self._pairs: dict[tuple[int, str | None], list[Pair]] = {}

    def part(self, measure: AnyMeasure, who: Sequence[Experiment], subject: Subject, span: Span) -> Part:
        """The number of ``measure``; ``who`` are the experiments whose associations must have reported."""
        if isinstance(measure, Constant):
            return Part(self._figures.number(measure, subject, span.counted))
        try:
            described = self._figures.described(measure)
            number = self._figures.number(measure, subject, span.counted)
            money = is_money(measure, described)
            certain = number and span.counted == span.told
            missing = None if certain else self._unknown(measure, described, who, subject, span)
            missing = self._not_by_experiment(measure, described, subject[0]) or missing
            missing = missing or self._left_blank(measure, number, subject, span)
        except BrokenMeasure as problem:
            return Part(None, Missing.ERROR, f"Calcul impossible. {problem}")
        if missing is not None:
            return Part(None, *missing, money=money)
        return Part(number, money=money)

    def pairs(self, measure: Measure, experiment: Experiment | None) -> list[Pair]:
        """The datasets that must be handed in for ``experiment`` (None: those of the project lead)."""
        asked = (id(measure), experiment.code if experiment else None)
        if asked not in self._pairs:
            self._pairs[asked] = self._find_pairs(measure, experiment)
        return self._pairs[asked]

    def _find_pairs(self, measure: Measure, experiment: Experiment | None) -> list[Pair]:
        try:
            told = self._figures.described(measure).told
        except BrokenMeasure:
            return []
        held, asked = [], []
        for code in told:
            holders = self._sources.holders(code)
            if METROPOLE in holders:
                held.append((METROPOLE, code))
            elif experiment is not None and experiment.association.code in holders:
                asked.append((experiment.association.code, code))
        return asked or ([] if any(METROPOLE not in self._sources.holders(code) for code in told) else held)

    def quarterly(self, pairs: Iterable[Pair]) -> frozenset[Pair]:
        """Those that an association tells period by period, and that its relevés so speak of."""
        return frozenset(
            (association, code)
            for association, code in pairs
            if association != METROPOLE and self._sources.holders(code)[association].cadence == "trimestre"
        )

    def expected(self, pairs: Iterable[Pair]) -> frozenset[Pair]:
        """Those for which a relevé is due each period."""
        found = self.quarterly(pairs)
        return frozenset(pair for pair in found if not self._sources.holders(pair[1])[pair[0]].optional)

    # --- why a part is unknown ----------------------------------------------------------

    def _unknown(
        self, measure: Measure, described: Described, who: Sequence[Experiment], subject: Subject, span: Span
    ) -> tuple[Missing, str] | None:
        """Why « 0 » cannot be said: nothing was handed in that would say so."""
        if not described.told:
            return None
        told = span.told if measure.date else Window(None, span.told.end)
        # Rows of one dataset say that it was handed in; rows of a derived one, that one of them was.
        alone = len(described.told) == 1 or told.period
        if alone and any(self._figures.rows(measure, (one, None), told) for one in _whose(measure, subject[0])):
            return None
        return self._not_reported(measure, described, who, subject[0], told)

    def _not_reported(
        self, measure: Measure, described: Described, who: Sequence[Experiment], experiment: str | None, told: Window
    ) -> tuple[Missing, str] | None:
        asked = [(one, self.pairs(measure, one)) for one in who]
        if any(pairs and self._coverage.reported(pairs, told) for _, pairs in asked):
            return None
        if not who and self._coverage.reported(self.pairs(measure, None), told):
            return None
        titles = self._titles(described)
        if all(METROPOLE in self._sources.holders(code) for code in described.told):
            return Missing.NOT_REPORTED, telling.lead_has_not(titles)
        if experiment is None:
            return Missing.NOT_REPORTED, telling.nobody(titles, told.period)
        (one, pairs), *_ = asked
        if not pairs:
            return Missing.NOT_REPORTED, telling.not_among(one.association.name, titles)
        return Missing.NOT_REPORTED, telling.not_handed_in(one.association.name, titles, told.period)

    def _titles(self, described: Described) -> list[str]:
        titles = []
        for code in described.told:
            holders = self._sources.holders(code)
            if METROPOLE not in holders or len(described.told) == 1:
                titles.append(next(iter(holders.values())).title)
        return titles

    def _not_by_experiment(
        self, measure: Measure, described: Described, experiment: str | None
    ) -> tuple[Missing, str] | None:
        """A sum that no key divides, or that no line of this experiment pays for."""
        if experiment is None or not described.by_line or not is_money(measure, described):
            return None
        kept = self._figures.lines_kept(measure)
        waiting = [line for line in self._known.held.keys.undivided(experiment) if line.code in kept]
        if waiting:
            return Missing.NOT_REPORTED, telling.not_divided(waiting)
        if not any(experiment in shares for code, shares in self._known.held.keys.shares.items() if code in kept):
            return Missing.NOT_APPLICABLE, telling.NO_LINE
        return None

    def _left_blank(self, measure: Measure, number: Any, subject: Subject, span: Span) -> tuple[Missing, str] | None:
        """A sum of optional columns that nobody filled is not zero."""
        if number or measure.known_if is None or self._figures.number(measure.known_if, subject, span.counted):
            return None
        return Missing.NOT_REPORTED, telling.LEFT_BLANK


def _whose(measure: Measure, experiment: str | None) -> tuple[str | None, ...]:
    """Whose rows say that something was handed in: those of the experiment, or of all that the measure counts."""
    return (experiment,) if experiment or measure.whose is None else measure.whose.experiments


def is_money(measure: Measure, described: Described) -> bool:
    """Whether the measure's number is in cents: its expression is made of amounts."""
    expression = getattr(measure, "expression", None)
    if expression is None or isinstance(measure, CountDistinct):
        return False
    return bool(described.money & columns_of(expression))


def columns_of(expression: Any) -> frozenset[str]:
    """The names of the columns that an expression reads."""
    return frozenset(
        part.name for part in visitors.iterate(expression) if isinstance(part, ColumnClause) and not part.is_literal
    )
