"""The figures as of one revision and up to one day: totals, parts, standings, series."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property

from core.contract import Registry
from core.deliberation import ACT, is_voted
from core.domain.calendar import Period, quarters_between
from core.domain.dataset import RowDict
from core.domain.indicator import Computed, Constant, Indicator, Programme, Source
from core.domain.observation import Cell, ChangeReference, Missing, Observation, Progress, Standing
from core.domain.programme import METROPOLE, Experiment
from core.domain.report import Report
from core.errors import UnknownName
from core.figures.answers import Answers
from core.figures.cache import Cache
from core.figures.coverage import Coverage, Dated
from core.figures.evaluate import Evaluator
from core.figures.evidence import Evidence, RowsPage, evidence_of, of_cells, of_constant, rows_of, together
from core.figures.keeping import shelf_of
from core.figures.known import StateAtRevision, speaks_of, stopped_on
from core.figures.lines import Keys
from core.figures.observations import FigurePlace, Readings, is_computed
from core.figures.ownership import OwnershipSql
from core.figures.parts import Parts
from core.figures.reader import Figures, Groups, MeasureReader
from core.figures.sources import Descriptions, Sources
from core.figures.status import Standings, shown
from core.figures.told import Calendar, Files, read_calendar
from core.figures.window import NO_PLACE, Window, one_of, previous
from core.storage import Store

_KEYS = (METROPOLE, "cles")


class Declared:
    """What a registry declares, prepared once: its sources, and its measures gathered."""

    def __init__(self, registry: Registry) -> None:
        self.sources = Descriptions(registry)
        self.groups = Groups(registry.catalogue.values())
        self.readings = Readings()


class FiguresView:
    """One state of knowledge, looked at up to one day."""

    def __init__(
        self, registry: Registry, store: Store, cache: Cache, declared: Declared, known: StateAtRevision, until: date
    ) -> None:
        self.known, self.until = known, until
        self._observed: dict[tuple[int, FigurePlace], tuple[Indicator, Observation]] = {}
        self._lines: dict[tuple[int, str | None, Window], tuple[Indicator, list[tuple[date, float | None]]]] = {}
        self._registry, self._cache = registry, cache
        self._voted = [one for one in registry.experiments if is_voted(one.code)]
        self._store, self._declared = store, declared
        keys, marks = known.held.keys(until), self._marks()
        self.sources = cache.get(
            ("sources", declared, marks.get(_KEYS, 0)),
            lambda: Sources(declared.sources, store, OwnershipSql(registry.experiments), keys),
        )
        self._answers = Answers(
            store, cache, self.sources, self._changing_sources, shelf_of(cache, registry, store), known, marks
        )
        self.reader = MeasureReader(store, cache, self.sources, self._answers)
        self.figures = Figures(self.reader, self.sources, declared.groups, until)
        self._files = Files(self._calendar(), known.deposits, known.events)
        dated = Dated(self.sources, self._answers)
        self._coverage = Coverage(registry.experiments, known, self._files, dated)
        self.parts = Parts(keys, self.sources, self.figures, self._coverage)
        self._evaluator = Evaluator(registry, known, self.figures, self.parts, self._coverage, declared.readings)

    def _changing_sources(self) -> Sources:
        """The same sources, of the rows that changed between two revisions: no subsidy line is divided there."""
        return self._cache.get(
            ("changing sources", self._declared),
            lambda: Sources(
                self._declared.sources,
                self._store,
                OwnershipSql(self._registry.experiments),
                Keys.of(()),
                changing=True,
            ),
        )

    def indicator(self, code: str) -> Indicator:
        """The indicator of this code; raises UnknownName."""
        return one_of(self._registry.catalogue, code)

    def observe(self, indicator: Indicator, where: FigurePlace) -> Observation:
        """One figure, worked out once."""
        asked = (id(indicator), where)
        if asked not in self._observed:
            # The indicator is kept with its figure, so that nothing else may take its identity.
            self._observed[asked] = indicator, self._dated(indicator, where, self._observe(indicator, where))
            self._tell_failure(indicator, where, self._observed[asked][1])
        return self._observed[asked][1]

    def _tell_failure(self, indicator: Indicator, where: FigurePlace, found: Observation) -> None:
        """A figure that cannot be computed is told to its plugin's account; it is forgotten once it can be."""
        if found.missing_because is Missing.ERROR:
            self._registry.indicator_failed(indicator.code, where.experiment, found.reason)
        elif where == FigurePlace(where.experiment, Window.of(self.until)) and self._registry.failures:
            self._registry.indicator_computed(indicator.code, where.experiment)

    def _observe(self, indicator: Indicator, where: FigurePlace) -> Observation:
        if not is_computed(indicator):
            return self._evaluator.observe(indicator, where)
        if where.experiment is None and indicator.programme in (Programme.SUM, Programme.WORST):
            return self._evaluator.of_experiments(indicator, where, self._each(indicator, where))
        return self._evaluator.computed(indicator, where, self._cells(indicator, where))

    def _each(self, indicator: Indicator, where: FigurePlace) -> dict[str, Observation]:
        """The same figure of each experiment."""
        return {one.code: self.observe(indicator, replace(where, experiment=one.code)) for one in self._voted}

    def _dated(self, indicator: Indicator, where: FigurePlace, found: Observation) -> Observation:
        """The figure with the day that it was asked for, where that day can be later than what its data speak of."""
        told = not is_computed(indicator) and self._evaluator.is_dated(indicator, where)
        return replace(found, day=where.window.end) if told else found

    def observations(
        self, indicator: Indicator, experiment: str | None, window: Window, by: str | None
    ) -> list[Observation]:
        """The figure, or its parts by place or by month."""
        if by == "place":
            return self._by_place(indicator, experiment, window)
        if by == "month":
            months = self._evaluator.months(indicator, experiment, window)
            return [self.observe(indicator, FigurePlace(experiment, window.until_end_of(m), None, m)) for m in months]
        return [self.observe(indicator, FigurePlace(experiment, window))]

    def cell(self, indicator: Indicator, experiment: str | None, window: Window, since: date | None = None) -> Cell:
        """The figure, where it stands, and the figure before: of ``since``, else of the end of the period before.

        An age has no figure before: the clock moved it, and no change is counted.
        """
        figure = self.observe(indicator, FigurePlace(experiment, window))
        earlier = previous(window) if since is None else Window(None, since)
        before = None if indicator.ages else self.observe(indicator, FigurePlace(experiment, earlier))
        return Cell(
            figure,
            self.standing(indicator, figure, window),
            before,
            ChangeReference(earlier.end, period=earlier.period),
        )

    def standing(self, indicator: Indicator, figure: Observation, window: Window) -> Standing:
        """Where a figure stands: a cumulative one by its total since the start."""
        if is_computed(indicator) or not figure.expected_here:
            return Standing(Progress.NO_TARGET, reason=figure.reason)
        if indicator.cumulative and window.period is not None:
            figure = self.observe(indicator, FigurePlace(figure.experiment, Window(None, window.end)))
        return self._standings.of(indicator, figure, window.end)

    def series(self, indicator: Indicator, experiment: str | None, window: Window) -> list[tuple[date, float | None]]:
        """The figure at the end of each month, cumulative; None where nothing tells of that month. Worked out once."""
        asked = (id(indicator), experiment, window)
        if asked not in self._lines:
            self._lines[asked] = indicator, self._line(indicator, experiment, window)
        return list(self._lines[asked][1])

    def _line(self, indicator: Indicator, experiment: str | None, window: Window) -> list[tuple[date, float | None]]:
        found: list[tuple[date, float | None]] = []
        for month in self._evaluator.months(indicator, experiment, window):
            where = FigurePlace(experiment, window.until_end_of(month), None, month)
            if is_computed(indicator):
                found.append((month, None))
            else:
                figure = self._evaluator.observe(indicator, where, cumulative=True)
                found.append((month, shown(indicator, figure)))
        return found

    def evidence(self, indicator: Indicator, where: FigurePlace, part: str, page: RowsPage) -> Evidence:
        """The rows behind one part of a figure. Raises BrokenMeasure when it cannot be computed."""
        read = self._declared.readings.of(indicator, where)
        measure = read.denominator if part == "denominator" else read.numerator
        if isinstance(measure, Computed):
            return self._computed_from(indicator, where)
        if isinstance(measure, Constant):
            return of_constant(measure)
        if measure is None:
            raise UnknownName(f"«\u00a0{indicator.label}\u00a0» n’a pas de dénominateur.")
        span = read.span
        self.figures.described(measure)
        day = self.figures.day_of(measure, span.counted)
        same: Collection[str | None] = self._evaluator.over_the_same(indicator, where, read) or (where.experiment,)
        # Of several figures, what is the page of all of them is known once all are read.
        each = page if len(same) == 1 else replace(page, first=0, size=None)
        found = [
            evidence_of(
                measure,
                self.sources,
                self.reader,
                replace(where, experiment=one),
                span.counted,
                day,
                each,
                self._changing_sources,
            )
            for one in same
        ]
        return found[0] if len(found) == 1 else together(found, page)

    def _computed_from(self, indicator: Indicator, where: FigurePlace) -> Evidence:
        """The figures behind one that is made of them; for the programme, those of each experiment."""
        if where.experiment is not None or indicator.programme is not Programme.SUM:
            whom = {"": self._cells(indicator, where)}
        else:
            whom = {one.title: self._cells(indicator, replace(where, experiment=one.code)) for one in self._voted}
        return of_cells(indicator, self._registry.catalogue, whom)

    def start_of(self, experiment: str) -> date:
        """The experiment's first day, else the programme's, else that of the vote."""
        held = self.known.held
        return held.starts.get(experiment) or held.programme_start or ACT.session

    # --- helpers ------------------------------------------------------------------------

    def _by_place(self, indicator: Indicator, experiment: str | None, window: Window) -> list[Observation]:
        found = []
        for place in self._evaluator.places(indicator, experiment, window):
            one = self.observe(indicator, FigurePlace(experiment, window, place))
            # Rows without a place are told only where there are some.
            if place != NO_PLACE or one.numerator or one.denominator:
                found.append(one)
        return found

    def _cells(self, indicator: Indicator, where: FigurePlace) -> dict[str, Cell]:
        """The cells that a computed figure may read: those it names, else all that are not computed."""
        assert isinstance(indicator.numerator, Computed)
        codes = indicator.numerator.codes or tuple(self._registry.catalogue)
        found: dict[str, Cell] = {}
        for code in codes:
            other = self._registry.catalogue[code]
            if not is_computed(other):
                figure = self.observe(other, FigurePlace(where.experiment, where.window))
                found[code] = Cell(figure, self.standing(other, figure, where.window))
        return found

    def _marks(self) -> dict[tuple[str, str], object]:
        """What each table was last changed by; for the keys, which of them were decided on the day looked at too."""
        recorded = self.known.marks.get(_KEYS, 0)
        decided = tuple(sorted(row["_key"] for row in self.known.held.shares if row["date"] <= self.until))
        return {**self.known.marks, _KEYS: (recorded, decided)}

    def _calendar(self) -> Calendar:
        revision = self.known.revision
        marks = tuple(self.known.marks.get((METROPOLE, code), 0) for code in ("periodes", "dates_experimentations"))

        def read() -> Calendar:
            return read_calendar(
                self._registry,
                lambda association, code: self._store.rows(association, code, revision),
                lambda association, code: self._store.versions(association, code, revision),
            )

        return self._cache.get(("calendar", self._declared, marks), read)

    @cached_property
    def _standings(self) -> Standings:
        pairs = [(association, "jalons") for association in self.sources.holders("jalons")]
        key = ("milestones", tuple((pair, self.known.marks.get(pair, 0)) for pair in sorted(pairs)))
        versions = self._cache.get(key, lambda: self._milestones(pairs))
        return Standings(self.known, stopped_on(self.until, versions, speaks_of(self._files)))

    def _milestones(self, pairs: Iterable[tuple[str, str]]) -> list[dict[str, object]]:
        """Every state of every milestone, by association, by key and in order of time."""
        found = []
        for association, code in pairs:
            for row in self._store.versions(association, code, self.known.revision):
                found.append({**row, "_key": (association, row["_key"])})
        return found


# --- What a plugin receives to draw its page: ready figures of its own experiment, and nothing to write with ----


def report_of(view: FiguresView, experiment: Experiment, today: date, until: date, period: Period | None) -> Report:
    """The report of one experiment; figures are since the start, up to ``until``."""
    whole = Window.of(until)

    def figure(code: str) -> Cell:
        return view.cell(view.indicator(code), experiment.code, whole)

    def parts(by: str, code: str) -> list[Observation]:
        return view.observations(view.indicator(code), experiment.code, whole, by)

    def by_period(code: str) -> list[Observation]:
        indicator = view.indicator(code)
        found = []
        for quarter in quarters_between(view.start_of(experiment.code), until):
            found.extend(view.observations(indicator, experiment.code, Window.of(until, quarter), None))
        return found

    def rows(source: Source) -> list[RowDict]:
        return rows_of(view.sources, view.reader, source, experiment.code, until)

    return Report(
        experiment=experiment,
        today=today,
        until=until,
        period=period or Period.quarter_of(until + timedelta(days=1)).previous,
        figure=figure,
        by_place=lambda code: parts("place", code),
        by_month=lambda code: parts("month", code),
        by_period=by_period,
        rows=rows,
        of_derived=rows,
    )
