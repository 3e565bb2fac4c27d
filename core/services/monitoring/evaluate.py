"""One observation: is the question raised here, were the data handed in, and what do they say?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from core.deliberation import ACT
from core.domain.experiment import METROPOLE, Experiment
from core.domain.indicator import Computed, Constant, Indicator, Measure
from core.domain.observation import Cell, Freshness, Missing, Observation
from core.domain.period import Period
from core.services.monitoring import telling
from core.services.monitoring.acceptance import Acceptance
from core.services.monitoring.coverage import Coverage, merged
from core.services.monitoring.figures import BrokenMeasure, Figures, measures_of
from core.services.monitoring.known import Known
from core.services.monitoring.observations import Part, Where, observation, unknown
from core.services.monitoring.parts import Parts, Span
from core.services.monitoring.places import NO_PLACE
from core.services.monitoring.window import Window, months_between


class Evaluator:
    """The figures of declared measures, as of one revision and up to one day."""

    def __init__(self, registry: Any, known: Known, figures: Figures, parts: Parts, coverage: Coverage) -> None:
        self._known, self._figures, self._parts, self._coverage = known, figures, parts, coverage
        self._experiments: tuple[Experiment, ...] = registry.experiments
        self._by_code = {one.code: one for one in self._experiments}
        self._catalogue = registry.catalogue
        self._acceptance = Acceptance(self._experiments, known)
        self._followed = {
            one.code: frozenset(indicator.code for indicator in registry.indicators(one.code))
            for one in self._experiments
        }

    def observe(self, indicator: Indicator, where: Where, *, cumulative: bool = False) -> Observation:
        """The figure, or why it is missing; ``cumulative``: a count of a month is since the start too."""
        refusal = self.not_applicable(indicator, where)
        if refusal:
            return unknown(indicator, where, Missing.NOT_APPLICABLE, refusal)
        who, subject = self._who(indicator, where), (where.experiment, where.place)
        span = span_of(indicator, where, cumulative=cumulative)
        top = self._parts.part(indicator.numerator, who, subject, span)
        bottom = None
        if indicator.denominator is not None and not _unused(indicator.denominator, where):
            bottom = self._parts.part(indicator.denominator, who, subject, span)
        return observation(indicator, where, top, bottom, self.freshness(indicator, where))

    def computed(self, indicator: Indicator, where: Where, cells: Mapping[str, Cell]) -> Observation:
        """The figure that a function makes from ``cells``, those of the same experiment and days."""
        refusal = self.not_applicable(indicator, where)
        if refusal:
            return unknown(indicator, where, Missing.NOT_APPLICABLE, refusal)
        assert isinstance(indicator.numerator, Computed)
        freshness = self.last_deposit(where)
        try:
            top, bottom = (
                None if part is None else float(part)
                for part in indicator.numerator.function(cells, freshness, self._known.day)
            )
        except Exception as problem:  # noqa: BLE001 — a plugin's own code may raise anything
            return unknown(indicator, where, Missing.ERROR, f"Calcul impossible. {problem!r}", freshness)
        if top is None:
            return unknown(indicator, where, Missing.NOT_REPORTED, telling.NOTHING_AT_ALL, freshness)
        return observation(indicator, where, Part(top), None if bottom is None else Part(bottom), freshness)

    def last_deposit(self, where: Where) -> Freshness:
        """The last deposit of the associations concerned, whatever the dataset: an age is that of today."""
        shown = [self._by_code[where.experiment]] if where.experiment else self._experiments
        return self._coverage.last_of({one.association.code for one in shown}, self._known.day)

    def freshness(self, indicator: Indicator, where: Where) -> Freshness:
        """How recent the data behind the figure are."""
        return merged(self._freshness(indicator, one, where.window) for one in self._who(indicator, where))

    # --- is the question raised? --------------------------------------------------------

    def not_applicable(self, indicator: Indicator, where: Where) -> str:
        """Why the question is not raised there; empty when it is."""
        place = None if where.place == NO_PLACE else where.place
        if where.month and indicator.denominator is None and not _is_dated(indicator):
            return telling.NOT_BY_MONTH
        if where.month and isinstance(indicator.numerator, Computed):
            return telling.NOT_BY_MONTH
        if where.place and (isinstance(indicator.numerator, Computed) or not self._placed(indicator)):
            return telling.NOT_BY_PLACE
        if where.experiment is None:
            return self._nowhere(indicator, place)
        one = self._by_code[where.experiment]
        if not _tries(one, indicator, place):
            return telling.axis_not_tried(indicator.axes, place is not None)
        if not self._follows(one, indicator):
            return telling.NOT_FOLLOWED
        start = self._known.held.starts.get(one.code)
        return telling.not_started(start) if start and where.window.end < start else ""

    def _follows(self, experiment: Experiment, indicator: Indicator) -> bool:
        """Whether the experiment has the figure; one that no catalogue holds is asked of all of them."""
        return indicator.code not in self._catalogue or indicator.code in self._followed[experiment.code]

    def _nowhere(self, indicator: Indicator, place: str | None) -> str:
        if place is None or any(_tries(one, indicator, place) for one in self._experiments):
            return ""
        return telling.axis_not_tried(indicator.axes, True) if indicator.axes else ""

    def _placed(self, indicator: Indicator) -> bool:
        """Whether what the figure counts has places."""
        found = []
        for measure in measures_of(indicator):
            try:
                found.append(self._figures.described(measure).placed)
            except BrokenMeasure:
                found.append(True)
        return all(found)

    # --- where and when -----------------------------------------------------------------

    def places(self, indicator: Indicator, experiment: str | None, window: Window) -> list[str]:
        """The places to show: those of the experiment, and those that rows name."""
        shown = [self._by_code[experiment]] if experiment else list(self._experiments)
        known = dict.fromkeys(place.code for one in shown for place in one.places if place.code != METROPOLE)
        named: set[str] = set()
        for measure in measures_of(indicator):
            try:
                named |= self._figures.places(measure, experiment, window)
            except BrokenMeasure:
                continue
        return [*known, *sorted(named - set(known), key=lambda code: (code == NO_PLACE, code))]

    def months(self, indicator: Indicator, experiment: str | None, window: Window) -> list[date]:
        """The months to show: from the start, or from the first row when it is earlier.

        Figures without a date nor a recorded start are told since the vote.
        """
        if window.start:
            return months_between(window.start, window.end)
        held = self._known.held
        start = held.starts.get(experiment) if experiment else held.programme_start
        firsts = [start] if start else []
        for measure in measures_of(indicator):
            try:
                first = self._figures.first_month(measure, (experiment, None), window)
                undated = not measure.date and self._figures.rows(measure, (experiment, None), window)
            except BrokenMeasure:
                continue
            if first:
                firsts.append(date.fromisoformat(f"{first}-01"))
            elif undated and not start:
                firsts.append(ACT.session)
        return months_between(min(firsts), window.end) if firsts else []

    # --- who must have reported ---------------------------------------------------------

    def _who(self, indicator: Indicator, where: Where) -> Sequence[Experiment]:
        if where.experiment:
            return (self._by_code[where.experiment],)
        return tuple(one for one in self._experiments if self._follows(one, indicator) and _tries(one, indicator, None))

    def _freshness(self, indicator: Indicator, experiment: Experiment, window: Window) -> Freshness:
        pairs = dict.fromkeys(
            pair for measure in measures_of(indicator) for pair in self._parts.pairs(measure, experiment)
        )
        start = self._known.held.starts.get(experiment.code)
        found = self._coverage.freshness(pairs, start, self._parts.expected(pairs), window.end)
        if not found.deposited or not self._parts.quarterly(pairs):
            return found
        return replace(
            found,
            provisional_since=self._acceptance.provisional_since(experiment.code, window),
            unsent_since=self._acceptance.unsent_since(experiment.code, window),
        )


def span_of(indicator: Indicator, where: Where, *, cumulative: bool = False) -> Span:
    """The rows to count: in a month, its own for a count, all those up to its end for a ratio."""
    if where.month is None:
        return Span(where.window, where.window)
    told = Window.of(where.window.end, Period.month(where.month.year, where.month.month))
    return Span(where.window if cumulative or indicator.denominator is not None else told, told)


def _tries(experiment: Experiment, indicator: Indicator, place: str | None) -> bool:
    if not indicator.axes:
        return True
    return any(experiment.tries(axis, place) for axis in indicator.axes)


def _unused(denominator: Any, where: Where) -> bool:
    return (
        isinstance(denominator, Constant)
        and denominator.programme_only
        and (where.experiment is not None or where.place is not None)
    )


def _is_dated(indicator: Indicator) -> bool:
    return any(isinstance(part, Measure) and part.date for part in (indicator.numerator, indicator.denominator))
