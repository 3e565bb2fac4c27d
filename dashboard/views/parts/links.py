"""Where a figure, an experiment, a place lead, with the moment kept."""

from __future__ import annotations

from collections.abc import Sequence

from core.domain.experiment import Experiment
from core.domain.indicator import Computed, Constant, Indicator
from core.domain.observation import Cell
from dashboard.components import MatrixColumn
from dashboard.navigation import address, experiment_path
from dashboard.views.parts.moment import Moment

PROGRAMME = "programme"
PARTS = {"numerateur": "numerator", "denominateur": "denominator"}


def to_figure(
    indicator: Indicator, experiment: str | None, moment: Moment, *, place: str | None = None, **more: str | None
) -> str | None:
    """The rows behind a figure; None when it is made of other figures and has no rows of its own."""
    if isinstance(indicator.numerator, Computed | Constant):
        return None
    return address(
        "chiffre",
        indicateur=indicator.code,
        experience=experiment or PROGRAMME,
        lieu=place,
        **more,
        **moment.keep,
    )


def to_cell(indicator: Indicator, experiment: str | None, cell: Cell | None, moment: Moment) -> str | None:
    """The rows behind a cell that shows a figure."""
    if cell is None or cell.observation.missing_because is not None:
        return None
    return to_figure(indicator, experiment, moment)


def to_experiment(experiment: Experiment, moment: Moment) -> str:
    """The page of an experiment."""
    return address(experiment_path(experiment.code), **moment.keep)


def to_place(code: str, moment: Moment) -> str:
    """The page of a commune or quartier."""
    return address("lieux", lieu=code, **moment.keep)


def to_definition(indicator: Indicator) -> str:
    """The card that says what an indicator means."""
    return address("definitions", indicateur=indicator.code)


def columns_of(experiments: Sequence[Experiment], moment: Moment) -> list[MatrixColumn]:
    """One column per experiment."""
    return [
        MatrixColumn(found.short_title, found.association.name, to_experiment(found, moment)) for found in experiments
    ]
