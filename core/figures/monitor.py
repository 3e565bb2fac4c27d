"""The door to figures: ask for observations, a comparison, the rows behind, a report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from core.contract import Registry
from core.domain.calendar import Period
from core.domain.indicator import AnyMeasure, Computed, Indicator
from core.domain.observation import Cell, Observation
from core.domain.programme import Experiment
from core.domain.report import Report
from core.figures.cache import Cache, cache_of
from core.figures.evidence import WHOLE, Evidence, RowsPage
from core.figures.known import read_known
from core.figures.observations import FigurePlace
from core.figures.view import Declared, FiguresView, report_of
from core.figures.window import Window, one_of
from core.storage import Store

Lines = dict[str | None, list[tuple[date, float | None]]]
"""By experiment, the number at the end of each month."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Experiments side by side: one cell per (indicator, experiment); None is the programme."""

    revision: int
    until: date
    period: Period | None
    experiments: tuple[Experiment, ...]
    indicators: tuple[Indicator, ...]
    cells: Mapping[tuple[str, str | None], Cell]


class Monitor:
    """The figures of a store, as a registry declares them, on the day ``today``.

    Cheap to make: what was read is shared by the monitors of one store. Every method takes
    ``revision`` (None: all that is known) and ``until`` (rows dated later do not count; None:
    today), and may be called from several threads. What is answered goes through ``observed``, ``compared``,
    ``refuse_rows``, ``proven`` and ``drawn``, which hide nothing here: a monitor for somebody who may not see
    everything says there what is hidden.
    """

    def __init__(self, registry: Registry, store: Store, *, today: date, cache: Cache | None = None) -> None:
        self._registry, self._store, self._today = registry, store, today
        self._cache = cache_of(store) if cache is None else cache
        self._declared = _declared_by(registry)

    def observe(
        self,
        codes: Iterable[str | Indicator] | None = None,
        experiments: Iterable[str | None] | None = None,
        *,
        revision: int | None = None,
        until: date | None = None,
        period: Period | None = None,
        by: str | None = None,
    ) -> tuple[Observation, ...]:
        """Flat observations, indicator by indicator.

        ``codes`` None = the whole catalogue (an Indicator outside it may be given instead of a code);
        ``experiments`` None = all of them, then the
        programme (None). ``by`` « place » or « month » gives the parts instead of the totals.
        Raises UnknownName for a code that nothing bears, ValueError for another ``by``.
        """
        if by not in (None, "place", "month"):
            raise ValueError(f"by={by!r}: « place » or « month »")
        view, window = self.view(revision, until), self._window(until, period)
        wanted = self._experiments(experiments)
        found: list[Observation] = []
        for indicator in self.indicators(codes):
            for experiment in wanted:
                found.extend(view.observations(indicator, experiment, window, by))
        return self.observed(tuple(found), until, by)

    def at_place(
        self, code: str, experiment: str | None, place: str, *, until: date, revision: int | None
    ) -> Observation:
        """The figure at a place; where no row speaks of the place it is still 0, unknown or without object."""
        (indicator,) = self.indicators((code,))
        found = self.view(revision, until).observe(indicator, FigurePlace(experiment, Window.of(until), place))
        return self.observed((found,), until)[0]

    def compare(
        self,
        codes: Iterable[str | Indicator] | None = None,
        experiments: Iterable[str] | None = None,
        *,
        revision: int | None = None,
        until: date | None = None,
        period: Period | None = None,
        since: date | None = None,
    ) -> Comparison:
        """The matrix of indicators and experiments, the programme included.

        Each cell has the figure, its standing, and the figure before: that of the day ``since``, None for the end
        of the period before (see ``window.previous``).
        """
        indicators, view = self.indicators(codes), self.view(revision, until)
        shown = self._experiments(experiments or [one.code for one in self._registry.experiments])
        key = (
            "compared",
            self._declared,
            view.known.stamp,
            tuple(map(id, indicators)),
            tuple(shown),
            self._until(until),
            period,
            self._today,
            since,
        )
        make = partial(self._compare, indicators, shown, view, self._window(until, period), since)
        return self.compared(self._cache.get(key, make))

    def _compare(
        self,
        indicators: tuple[Indicator, ...],
        shown: Sequence[str | None],
        view: FiguresView,
        window: Window,
        since: date | None,
    ) -> Comparison:
        cells = {
            (indicator.code, experiment): view.cell(indicator, experiment, window, since)
            for indicator in indicators
            for experiment in (*shown, None)
        }
        experiments = tuple(self._registry.experiment(code) for code in shown if code)
        return Comparison(view.known.revision, view.until, window.period, experiments, indicators, cells)

    def rows_behind(
        self,
        code: str | Indicator,
        experiment: str | None = None,
        *,
        part: str = "numerator",
        revision: int | None = None,
        until: date | None = None,
        period: Period | None = None,
        place: str | None = None,
        month: date | None = None,
        page: RowsPage = WHOLE,
    ) -> Evidence:
        """The rows that a figure counts; their count equals the number, or their total does for a sum.

        ``part``: « numerator » or « denominator »; ``page`` bounds the rows given, not the count.
        """
        (indicator,) = self.indicators((code,))
        view, window = self.view(revision, until), self._window(until, period)
        measure = indicator.denominator if part == "denominator" else indicator.numerator
        self.refuse_rows(indicator, measure)
        if month:
            window = window.until_end_of(month)
        return self.proven(view.evidence(indicator, FigurePlace(experiment, window, place, month), part, page), measure)

    def series(
        self,
        code: str | Indicator,
        experiments: Iterable[str | None],
        *,
        revision: int | None = None,
        until: date | None = None,
    ) -> Lines:
        """The figure at the end of each month since the start, cumulative, by experiment.

        The number is the one shown large: the value, or the numerator where that is the headline.
        """
        (indicator,) = self.indicators((code,))
        view, window = self.view(revision, until), self._window(until, None)
        found = {one: view.series(indicator, one, window) for one in self._experiments(experiments)}
        return self.drawn(found, indicator, until)

    def report(
        self,
        experiment_code: str,
        *,
        revision: int | None = None,
        until: date | None = None,
        period: Period | None = None,
    ) -> Report:
        """What the plugin of an experiment receives to draw its page.

        ``period`` None = the last quarter that was over at ``until``.
        """
        experiment = self._registry.experiment(experiment_code)
        day = self._until(until)
        return report_of(self.view(revision, until), experiment, self._today, day, period)

    def view(self, revision: int | None = None, until: date | None = None) -> FiguresView:
        """The figures as of one revision and up to one day (kept while nothing new is deposited)."""
        known = read_known(self._store, self._cache, revision, self._today)
        day = self._until(until)
        key = ("view", self._declared, known.stamp, known.day, day)
        return self._cache.get(
            key, lambda: FiguresView(self._registry, self._store, self._cache, self._declared, known, day)
        )

    def indicators(self, codes: Iterable[str | Indicator] | None) -> tuple[Indicator, ...]:
        """The indicators of these codes, in the order asked; all for None. Raises UnknownName."""
        catalogue = self._registry.catalogue
        if codes is None:
            return tuple(catalogue.values())
        return tuple(one_of(catalogue, code) for code in codes)

    # --- what whoever asks may be told: everything, here ------------------------------------

    def observed(
        self, found: tuple[Observation, ...], _until: date | None, _by: str | None = None
    ) -> tuple[Observation, ...]:
        """The observations as they may be shown; ``by`` as for ``observe``."""
        return found

    def compared(self, found: Comparison) -> Comparison:
        """The matrix as it may be shown."""
        return found

    def refuse_rows(self, indicator: Indicator, measure: AnyMeasure | Computed | None) -> None:
        """Raise Forbidden when the rows behind a part of a figure may not be shown."""

    def proven(self, found: Evidence, _measure: AnyMeasure | Computed | None) -> Evidence:
        """The rows behind a part of a figure as they may be shown."""
        return found

    def drawn(self, found: Lines, _indicator: Indicator, _until: date | None) -> Lines:
        """The lines of a figure as they may be shown."""
        return found

    def _experiments(self, codes: Iterable[str | None] | None) -> list[str | None]:
        if codes is None:
            return [*(one.code for one in self._registry.experiments), None]
        return [None if code is None else self._registry.experiment(code).code for code in codes]

    def _until(self, until: date | None) -> date:
        return self._today if until is None else until

    def _window(self, until: date | None, period: Period | None) -> Window:
        return Window.of(self._until(until), period)


def _declared_by(registry: Registry) -> Declared:
    return registry.memory.of(Declared, lambda: Declared(registry))
