"""Reports as a plugin receives them, made without a store: one that knows nothing, one full of known numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from core.contract import Failure, Registry
from core.domain.calendar import Period
from core.domain.dataset import RowDict
from core.domain.observation import Cell, Missing, Observation, Progress, Standing
from core.domain.programme import Experiment
from core.domain.report import Report
from core.errors import PluginProblem
from core.exports.description import DatasetDescription
from core.testing.rows import example_row

_SOME_DAY = date(2022, 7, 5)
_SOME_ROWS = 3
_CROWD = 7_654_321
"""No figure of a page comes near."""


def blank_report(experiment: Experiment, today: date = _SOME_DAY) -> Report:
    """What ``build_report`` receives for an experiment that has no data yet."""

    def figure(code: str) -> Cell:
        missing = Observation(code, code, "", experiment.code, missing_because=Missing.NOT_REPORTED)
        return Cell(missing, Standing(Progress.NO_TARGET))

    return Report(
        experiment=experiment,
        today=today,
        until=today,
        period=Period.quarter_of(today),
        figure=figure,
        by_place=lambda _code: (),
        by_month=lambda _code: (),
        by_period=lambda _code: (),
        rows=lambda _dataset: (),
    )


def crowded_report(registry: Registry, experiment: Experiment, today: date = _SOME_DAY) -> Report:
    """A report whose figures are all known, each number of people unlike any other: where they end up can be seen."""
    known = {one.code: one for one in registry.indicators(experiment.code)}
    quarter = Period.quarter_of(today).previous

    def seen(code: str, rank: int, **where: Any) -> Observation:
        number = float(_CROWD + 1009 * (list(known).index(code) * 10 + rank))
        return Observation(
            code,
            code,
            "",
            experiment.code,
            numerator=number,
            denominator=2 * number + 1,
            value=number,
            people=known[code].people,
            **where,
        )

    return replace(
        blank_report(experiment, today),
        figure=lambda code: Cell(seen(code, 0), Standing(Progress.NO_TARGET)),
        by_place=lambda code: [seen(code, at, place=one.code) for at, one in enumerate(experiment.places, 1)],
        by_month=lambda code: [seen(code, at, month=date(today.year, at, 1)) for at in range(1, 5)],
        by_period=lambda code: [seen(code, at, period=one) for at, one in enumerate((quarter.previous, quarter), 1)],
    )


def filled_report(registry: Registry, experiment: Experiment, today: date = _SOME_DAY) -> Report:
    """A report whose figures are known, and whose tables each hold the example of their template, a few times."""
    mine = {one.code: one for one in registry.datasets(experiment.association.code)}

    def rows(dataset: str) -> list[RowDict]:
        if dataset not in mine:
            return []
        example = example_row(DatasetDescription.of(registry, experiment.association.code, dataset))
        return [dict(example) for _ in range(_SOME_ROWS)]

    return replace(crowded_report(registry, experiment, today), rows=rows)


def page_failures(registry: Registry, today: date = _SOME_DAY) -> tuple[Failure, ...]:
    """Draw every page without data and return the failures of the registry, those of pages included."""
    for experiment in registry.experiments:
        try:
            registry.build_report(experiment.code, blank_report(experiment, today))
        except PluginProblem:
            continue  # the registry has recorded it
    return registry.failures
