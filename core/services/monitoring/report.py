"""What a plugin receives to draw its page: ready figures of its own experiment, and nothing to write with."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from core.domain.experiment import Experiment
from core.domain.observation import Cell, Observation
from core.domain.period import Period, quarters_between
from core.domain.report import Report
from core.services.monitoring.evidence import rows_of
from core.services.monitoring.view import View
from core.services.monitoring.window import Window


def report_of(view: View, experiment: Experiment, today: date, until: date, period: Period | None) -> Report:
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

    def rows(source: Any) -> list[dict[str, Any]]:
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
