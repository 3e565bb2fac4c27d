"""The figures as of one revision and up to one day: totals, parts, standings, series."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from core.deliberation import ACT
from core.domain.experiment import METROPOLE
from core.domain.indicator import Computed, Constant, Indicator
from core.domain.observation import Cell, Missing, Observation, Progress, Standing
from core.errors import UnknownName
from core.services.monitoring.belonging import Belonging
from core.services.monitoring.cache import Cache
from core.services.monitoring.coverage import Coverage
from core.services.monitoring.descriptions import Descriptions
from core.services.monitoring.evaluate import Evaluator, span_of
from core.services.monitoring.evidence import Evidence, evidence_of, of_cells, of_constant
from core.services.monitoring.figures import Figures, Groups
from core.services.monitoring.known import Known
from core.services.monitoring.names import one_of
from core.services.monitoring.observations import Where, is_computed
from core.services.monitoring.parts import Parts
from core.services.monitoring.places import NO_PLACE
from core.services.monitoring.reader import Reader
from core.services.monitoring.sources import Sources
from core.services.monitoring.standing import BLOCKED, Standings, shown
from core.services.monitoring.window import Window, previous


class Declared:
    """What a registry declares, prepared once: its sources, and its measures gathered."""

    def __init__(self, registry: Any) -> None:
        self.sources = Descriptions(registry)
        self.groups = Groups(registry.catalogue.values())


class View:
    """One state of knowledge, looked at up to one day."""

    def __init__(self, registry: Any, store: Any, cache: Cache, declared: Declared, known: Known, until: date) -> None:
        self.known, self.until = known, until
        self._observed: dict[tuple[int, Where], tuple[Indicator, Observation]] = {}
        self._registry, self._cache = registry, cache
        keys = known.held.keys
        self.sources = cache.get(
            ("sources", declared, known.marks.get((METROPOLE, "cles"), 0)),
            lambda: Sources(declared.sources, store, Belonging(registry.experiments), keys),
        )
        self.reader = Reader(store, cache, self.sources, known.revision, known.marks)
        self.figures = Figures(self.reader, self.sources, declared.groups, until)
        self._coverage = Coverage(known)
        self.parts = Parts(registry, known, self.sources, self.figures, self._coverage)
        self._evaluator = Evaluator(registry, known, self.figures, self.parts, self._coverage)

    def indicator(self, code: str) -> Indicator:
        """The indicator of this code; raises UnknownName."""
        return one_of(self._registry.catalogue, code)

    def observe(self, indicator: Indicator, where: Where) -> Observation:
        """One figure, worked out once."""
        asked = (id(indicator), where)
        if asked not in self._observed:
            # The indicator is kept with its figure, so that nothing else may take its identity.
            self._observed[asked] = indicator, self._observe(indicator, where)
        return self._observed[asked][1]

    def _observe(self, indicator: Indicator, where: Where) -> Observation:
        if is_computed(indicator):
            return self._evaluator.computed(indicator, where, self._cells(indicator, where))
        return self._evaluator.observe(indicator, where)

    def observations(
        self, indicator: Indicator, experiment: str | None, window: Window, by: str | None
    ) -> list[Observation]:
        """The figure, or its parts by place or by month."""
        if by == "place":
            return self._by_place(indicator, experiment, window)
        if by == "month":
            months = self._evaluator.months(indicator, experiment, window)
            return [self.observe(indicator, Where(experiment, window.until_end_of(m), None, m)) for m in months]
        return [self.observe(indicator, Where(experiment, window))]

    def cell(self, indicator: Indicator, experiment: str | None, window: Window) -> Cell:
        """The figure, where it stands, and the figure before."""
        figure = self.observe(indicator, Where(experiment, window))
        before = self.observe(indicator, Where(experiment, previous(window)))
        return Cell(figure, self.standing(indicator, figure, window), before)

    def standing(self, indicator: Indicator, figure: Observation, window: Window) -> Standing:
        """Where a figure stands: a cumulative one by its total since the start."""
        if is_computed(indicator) or figure.missing_because is Missing.NOT_APPLICABLE:
            return Standing(Progress.NO_TARGET, reason=figure.reason)
        if indicator.cumulative and window.period is not None:
            figure = self.observe(indicator, Where(figure.experiment, Window(None, window.end)))
        return self._standings.of(indicator, figure, window.end)

    def series(self, indicator: Indicator, experiment: str | None, window: Window) -> list[tuple[date, float | None]]:
        """The figure at the end of each month, cumulative; None where nothing tells of that month."""
        found = []
        for month in self._evaluator.months(indicator, experiment, window):
            where = Where(experiment, window.until_end_of(month), None, month)
            if is_computed(indicator):
                found.append((month, None))
            else:
                figure = self._evaluator.observe(indicator, where, cumulative=True)
                found.append((month, shown(indicator, figure)))
        return found

    def evidence(self, indicator: Indicator, where: Where, part: str, limit: int | None) -> Evidence:
        """The rows behind one part of a figure. Raises BrokenMeasure when it cannot be computed."""
        measure = indicator.denominator if part == "denominator" else indicator.numerator
        if isinstance(measure, Computed):
            return of_cells(indicator, self._registry.catalogue, self._cells(indicator, where))
        if isinstance(measure, Constant):
            return of_constant(measure)
        if measure is None:
            raise UnknownName(f"«\u00a0{indicator.label}\u00a0» n’a pas de dénominateur.")
        window = span_of(indicator, where).counted
        self.figures.described(measure)
        day = self.figures.day_of(measure, window)
        return evidence_of(measure, self.sources, self.reader, where, window, day, limit)

    def start_of(self, experiment: str) -> date:
        """The experiment's first day, else the programme's, else that of the vote."""
        held = self.known.held
        return held.starts.get(experiment) or held.programme_start or ACT.session

    # --- helpers ------------------------------------------------------------------------

    def _by_place(self, indicator: Indicator, experiment: str | None, window: Window) -> list[Observation]:
        found = []
        for place in self._evaluator.places(indicator, experiment, window):
            one = self.observe(indicator, Where(experiment, window, place))
            # Rows without a place are told only where there are some.
            if place != NO_PLACE or one.numerator or one.denominator:
                found.append(one)
        return found

    def _cells(self, indicator: Indicator, where: Where) -> dict[str, Cell]:
        """The cells that a computed figure may read: those it names, else all that are not computed."""
        assert isinstance(indicator.numerator, Computed)
        codes = indicator.numerator.codes or tuple(self._registry.catalogue)
        found: dict[str, Cell] = {}
        for code in codes:
            other = self._registry.catalogue[code]
            if not is_computed(other):
                figure = self.observe(other, Where(where.experiment, where.window))
                found[code] = Cell(figure, self.standing(other, figure, where.window))
        return found

    @cached_property
    def _standings(self) -> Standings:
        key = ("blocked", tuple(sorted((pair, self.known.marks.get(pair, 0)) for pair in self._milestones)))
        return Standings(self.known.held, self._cache.get(key, self._blocked))

    @property
    def _milestones(self) -> frozenset[tuple[str, str]]:
        return frozenset((association, "jalons") for association in self.sources.holders("jalons"))

    def _blocked(self) -> list[dict[str, Any]]:
        """The milestones that are blocked and not reached."""
        if not self._milestones:
            return []
        names = ("_experiment", "axe", "libelle", "cause", "prochaine_action", "statut", "date_reelle")
        found: list[dict[str, Any]] = []
        for branch in self.sources.branches("jalons"):
            kept = [branch.columns.get(name, sa.null()).label(name) for name in names]
            rows = self.reader.rows(sa.select(*kept).select_from(branch.clause), self.until)
            found.extend(dict(row._mapping) for row in rows)
        return [row for row in found if row["statut"] == BLOCKED and row["date_reelle"] is None]
