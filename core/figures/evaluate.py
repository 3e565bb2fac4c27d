"""One observation: is the question raised here, were the data handed in, and what do they say?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from core.contract import Registry
from core.deliberation import ACT, is_voted
from core.domain.indicator import AnyMeasure, Computed, Constant, Indicator, Measure, Programme
from core.domain.observation import Cell, Freshness, Missing, Observation
from core.domain.programme import METROPOLE, Experiment
from core.errors import PluginProblem
from core.figures import parts as totals
from core.figures import status
from core.figures.coverage import Coverage, merged
from core.figures.known import StateAtRevision
from core.figures.observations import (
    CountedSpan,
    FigurePlace,
    FigureReading,
    MeasuredTerm,
    Readings,
    observation,
    unknown,
)
from core.figures.parts import Parts
from core.figures.reader import BrokenMeasure, Figures, measures_of
from core.figures.window import NO_PLACE, Window, months_between


class Evaluator:
    """The figures of declared measures, as of one revision and up to one day."""

    def __init__(
        self,
        registry: Registry,
        known: StateAtRevision,
        figures: Figures,
        parts: Parts,
        coverage: Coverage,
        readings: Readings,
    ) -> None:
        self._registry = registry
        self._known, self._figures, self._parts, self._coverage = known, figures, parts, coverage
        self._readings = readings
        self._experiments: tuple[Experiment, ...] = registry.experiments
        self._voted = tuple(one for one in self._experiments if is_voted(one.code))
        self._by_code = {one.code: one for one in self._experiments}
        self._catalogue = registry.catalogue
        self._followed = {
            one.code: frozenset(indicator.code for indicator in registry.indicators(one.code))
            for one in self._experiments
        }

    def observe(self, indicator: Indicator, where: FigurePlace, *, cumulative: bool = False) -> Observation:
        """The figure, or why it is missing; ``cumulative``: a count of a month is since the start too."""
        absent = self.absent(indicator, where)
        if absent:
            return absent
        who, read = self._who(indicator, where), self._readings.of(indicator, where, cumulative=cumulative)
        top, bottom = self._both(indicator, where, who, read)
        found = observation(indicator, where, top, bottom, self.freshness(indicator, where))
        parted = indicator.programme is Programme.SUM and not indicator.programme_only
        if where.experiment is not None or not parted:
            return found
        shown = [one for one in self._voted if self.absent(indicator, replace(where, experiment=one.code)) is None]
        return replace(found, apart=totals.apart(self._figures, indicator, read, shown, where.place))

    def _both(
        self, indicator: Indicator, where: FigurePlace, who: Sequence[Experiment], read: FigureReading
    ) -> totals.Both:
        """Numerator and denominator: for the programme’s rate, both over the same experiments."""
        same = self.over_the_same(indicator, where, read)
        return totals.added(same.values()) if same else self._parts_of(read, where, who)

    def over_the_same(self, indicator: Indicator, where: FigurePlace, read: FigureReading) -> dict[str, totals.Both]:
        """The experiments that a rate of the programme sums, with their two sides; empty for any other figure."""
        if where.experiment is not None or indicator.programme is not Programme.RATIO:
            return {}
        alone = {one.code: replace(where, experiment=one.code) for one in self._who(indicator, where)}
        if where.month is not None:  # who is silent that month still has what she told before: the rate is cumulative
            read = replace(read, span=CountedSpan(read.span.counted, read.span.counted))
        found = {
            code: self._parts_of(read, there, (self._by_code[code],))
            for code, there in alone.items()
            if self.absent(indicator, there) is None
        }
        return totals.over_the_same(found)

    def _parts_of(self, read: FigureReading, where: FigurePlace, who: Sequence[Experiment]) -> totals.Both:
        subject = (where.experiment, where.place)
        if isinstance(read.numerator, Computed):  # made of other figures: it has no rows of its own
            return MeasuredTerm(None, Missing.ERROR), None
        top = self._parts.part(read.numerator, who, subject, read.span)
        if read.denominator is None or _unused(read.denominator, where):
            return top, None
        return top, self._parts.part(read.denominator, who, subject, read.span)

    def computed(self, indicator: Indicator, where: FigurePlace, cells: Mapping[str, Cell]) -> Observation:
        """The figure that a function makes from ``cells``, those of the same experiment and days."""
        absent = self.absent(indicator, where)
        if absent:
            return absent
        assert isinstance(indicator.numerator, Computed)
        made, freshness = indicator.numerator.function, self.last_deposit(where)

        def both() -> tuple[float | None, ...]:
            return tuple(None if part is None else float(part) for part in made(cells, freshness, self._known.day))

        try:
            top, bottom = self._registry.compute(indicator.code, both)
        except (PluginProblem, ValueError) as problem:
            return unknown(indicator, where, Missing.ERROR, f"Calcul impossible. {problem}", freshness)
        if top is None:
            return unknown(indicator, where, Missing.NOT_REPORTED, status.NOTHING_AT_ALL, freshness)
        return observation(
            indicator, where, MeasuredTerm(top), None if bottom is None else MeasuredTerm(bottom), freshness
        )

    def of_experiments(self, indicator: Indicator, where: FigurePlace, parts: Mapping[str, Observation]) -> Observation:
        """The programme’s figure, from the same figure of each experiment: their sum, or the worst of those who owe."""
        freshness = self.last_deposit(where)
        worst = indicator.programme is Programme.WORST
        shown = [one for code, one in parts.items() if not worst or self._owes(code)]
        found = totals.worst(shown) if worst else totals.summed(shown)
        if found is None:
            return unknown(indicator, where, Missing.NOT_REPORTED, status.NOTHING_AT_ALL, freshness)
        made = observation(indicator, where, *found, freshness)
        return replace(made, apart=totals.silent(shown)) if worst else made

    def _owes(self, experiment: str) -> bool:
        """Whether an experiment has begun and has not ended: nobody owes data before nor after."""
        held, day = self._known.held, self._known.day
        start, end = held.starts.get(experiment), held.ends.get(experiment)
        return (start is None or start <= day) and (end is None or day <= end)

    def last_deposit(self, where: FigurePlace) -> Freshness:
        """The last deposit of the associations concerned, whatever the dataset: an age is that of today."""
        shown = [self._by_code[where.experiment]] if where.experiment else self._voted
        return self._coverage.last_of({one.association.code for one in shown}, self._known.day)

    def freshness(self, indicator: Indicator, where: FigurePlace) -> Freshness:
        """How recent the data behind the figure are: at a place, those of all who work there."""
        who = self._who(indicator, where)
        there = [one for one in who if where.place and one.place(where.place) and _tries(one, indicator, where.place)]
        return merged(self._freshness(indicator, one, where.window) for one in there or who)

    def is_dated(self, indicator: Indicator, where: FigurePlace) -> bool:
        """Whether associations tell what the figure counts period by period: it is then of the last day that they told.

        What the Métropole keeps itself is as it stands; accounts are of their year.
        """
        measures = measures_of(indicator)
        return any(
            self._parts.told_by_period(measure, one) for one in self._who(indicator, where) for measure in measures
        )

    # --- is the question raised? --------------------------------------------------------

    def absent(self, indicator: Indicator, where: FigurePlace) -> Observation | None:
        """The figure that is not there because it is not asked, or not followed there; None when it is."""
        refusal = self._not_asked(indicator, where)
        if refusal:
            return unknown(indicator, where, Missing.NOT_APPLICABLE, refusal)
        if where.experiment is None:
            if indicator.programme is not Programme.NONE:
                return None
            own = status.own_to(dict.fromkeys(one.association.name for one in self._who(indicator, where)))
            return unknown(indicator, where, Missing.NOT_FOLLOWED, status.no_total(own), own=own)
        if not self._follows(self._by_code[where.experiment], indicator):
            return unknown(indicator, where, Missing.NOT_FOLLOWED, status.NOT_FOLLOWED)
        idle = self._not_running(where.experiment, where.window)
        return unknown(indicator, where, Missing.NOT_APPLICABLE, idle) if idle else None

    def _not_asked(self, indicator: Indicator, where: FigurePlace) -> str:
        """Why the question is not raised there; empty when it is."""
        place = None if where.place == NO_PLACE else where.place
        if where.month and indicator.denominator is None and not _is_dated(indicator):
            return status.NOT_BY_MONTH
        if where.month and isinstance(indicator.numerator, Computed):
            return status.NOT_BY_MONTH
        if where.place and (isinstance(indicator.numerator, Computed) or not self._placed(indicator)):
            return status.NOT_BY_PLACE
        if where.experiment is None:
            return self._nowhere(indicator, place)
        if indicator.programme_only:
            return status.FOR_THE_PROGRAMME
        if not _tries(self._by_code[where.experiment], indicator, place):
            return status.axis_not_tried(indicator.axes, place is not None)
        return ""

    def _not_running(self, experiment: str, window: Window) -> str:
        """Why a period is without object: the experiment had not begun, or it was over."""
        start, end = self._known.held.starts.get(experiment), self._known.held.ends.get(experiment)
        if start and window.end < start:
            return status.not_started(start)
        over = end and window.period and window.period.start > end
        return status.ended(end) if end and over else ""

    def _follows(self, experiment: Experiment, indicator: Indicator) -> bool:
        """Whether the experiment has the figure; one that no catalogue holds is asked of all of them."""
        asked = indicator.programme_only or indicator.code not in self._catalogue
        return asked or indicator.code in self._followed[experiment.code]

    def _nowhere(self, indicator: Indicator, place: str | None) -> str:
        if place is None or any(_tries(one, indicator, place) for one in self._voted):
            return ""
        return status.axis_not_tried(indicator.axes, True) if indicator.axes else ""

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
        shown = [self._by_code[experiment]] if experiment else list(self._voted)
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

    def _who(self, indicator: Indicator, where: FigurePlace) -> Sequence[Experiment]:
        if where.experiment:
            return (self._by_code[where.experiment],)
        return tuple(one for one in self._voted if self._follows(one, indicator) and _tries(one, indicator, None))

    def _freshness(self, indicator: Indicator, experiment: Experiment, window: Window) -> Freshness:
        pairs = dict.fromkeys(
            pair for measure in measures_of(indicator) for pair in self._parts.pairs(measure, experiment)
        )
        return self._coverage.freshness(self._parts.asking(experiment, pairs), window.end)


def _tries(experiment: Experiment, indicator: Indicator, place: str | None) -> bool:
    if not indicator.axes:
        return True
    return any(experiment.tries(axis, place) for axis in indicator.axes)


def _unused(denominator: AnyMeasure | None, where: FigurePlace) -> bool:
    return (
        isinstance(denominator, Constant)
        and denominator.programme_only
        and (where.experiment is not None or where.place is not None)
    )


def _is_dated(indicator: Indicator) -> bool:
    return any(isinstance(part, Measure) and part.date for part in (indicator.numerator, indicator.denominator))
