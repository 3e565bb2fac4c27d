"""« Vue d’ensemble »: the six experiments side by side, on one screen."""

from __future__ import annotations

from typing import Any

from core.domain import french
from core.domain.experiment import Experiment
from core.services.overview import axis_states, overview_sentence
from dashboard.components import (
    Card,
    CardFigure,
    MatrixColumn,
    MatrixGroup,
    MatrixRow,
    Trend,
    band,
    cards,
    change_text,
    lead,
    matrix,
    page_title,
    section,
    show,
)
from dashboard.context import Context
from dashboard.navigation import address, experiment_path
from dashboard.theme import AXIS_NAMES

_SUBJECTS = {1: "équipement", 2: "connexion", 3: "accompagnement"}
_CARD_CODES = {1: ("EQ5a",), 2: ("CO4", "CO5"), 3: ("AC3a",)}


def draw(context: Context) -> None:
    """The page, for today."""
    compared = context.monitor.compare()
    show(
        page_title("Vue d’ensemble", kicker="Fabrique Inclusive Numérique"),
        band({"Données au": french.day(compared.until), "Expérimentations": str(len(compared.experiments))}),
        lead(overview_sentence(compared)),
    )
    show(section("Où en sont les six", cards([_card(compared, found) for found in compared.experiments])))
    show(section("Indicateur par indicateur", _matrix(compared)))


def _card(compared: Any, experiment: Experiment) -> Card:
    codes = [code for axis in experiment.axes for code in _CARD_CODES[axis]]
    figures = tuple(_card_figure(compared, code, experiment.code) for code in [*codes, "AC6"][:3])
    first = compared.cells[codes[0], experiment.code]
    change = change_text(first, headline=figures[0].headline)
    return Card(
        experiment=experiment,
        address=address(experiment_path(experiment.code)),
        states=tuple((state.progress, _SUBJECTS[state.axis]) for state in axis_states(compared, experiment)),
        figures=figures,
        freshness=first.observation.freshness,
        trend=Trend(f"{figures[0].label} : {change} sur la période") if change else None,
    )


def _card_figure(compared: Any, code: str, experiment: str) -> CardFigure:
    indicator = next(found for found in compared.indicators if found.code == code)
    axis = indicator.axes[0] if indicator.axes else None
    return CardFigure(indicator.label, compared.cells[code, experiment], axis, indicator.headline)


def _matrix(compared: Any) -> Any:
    columns = [
        MatrixColumn(found.short_title, found.association.name, address(experiment_path(found.code)))
        for found in compared.experiments
    ]
    groups = [MatrixGroup(AXIS_NAMES[axis], _rows(compared, axis), axis) for axis in AXIS_NAMES]
    groups.append(MatrixGroup("Pour tous les axes", _rows(compared, None)))
    return matrix("Les six expérimentations, indicateur par indicateur", columns, groups)


def _rows(compared: Any, axis: int | None) -> tuple[MatrixRow, ...]:
    return tuple(
        MatrixRow(
            label=found.label,
            cells=tuple(compared.cells.get((found.code, experiment.code)) for experiment in compared.experiments),
            hint=found.definition,
            axis=axis,
            headline=found.headline,
            address=f"/definitions#{found.code}",
        )
        for found in compared.indicators
        if found.rank is not None and (axis in found.axes if axis else not found.axes)
    )
