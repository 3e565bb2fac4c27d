"""The column of each experiment on the first screen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from core.domain import french
from core.domain.experiment import Experiment
from core.domain.figures import foremost, is_carried
from core.domain.indicator import Indicator
from core.domain.observation import Freshness
from core.services.overview import axis_states
from dashboard.components import Card, CardFigure, Trend, change_text
from dashboard.context import Context
from dashboard.views.parts.groups import axis_of, card_codes, parts_of
from dashboard.views.parts.kept import kept
from dashboard.views.parts.links import to_cell, to_experiment
from dashboard.views.parts.moment import Moment

Line = tuple[tuple[date, float | None], ...]
SUBJECTS = {1: "équipement", 2: "connexion", 3: "accompagnement"}


def cards_of(context: Context, compared: Any, moment: Moment) -> list[Card]:
    """One card per experiment, in the order of the columns."""
    codes = {one.code: _codes(context, compared, one) for one in compared.experiments}
    first = tuple((one, found[0]) for one, found in codes.items() if found)
    lines = kept(context, ("trends", first, moment.until), moment.revision, lambda: _lines(context, first, moment))
    return [_card(compared, one, codes[one.code], lines.get(one.code, ()), moment) for one in compared.experiments]


def _codes(context: Context, compared: Any, experiment: Experiment) -> tuple[str, ...]:
    known = {one.code for one in compared.indicators}
    followed = [one for one in context.registry.indicators(experiment.code) if one.code in known]
    return tuple(code for code in card_codes(experiment, followed) if (code, experiment.code) in compared.cells)


def _lines(context: Context, first: Sequence[tuple[str, str]], moment: Moment) -> dict[str, Line]:
    """The first figure of each experiment, month by month."""
    ask = context.monitor.series
    return {one: tuple(ask(code, [one], **moment.asked)[one]) for one, code in first}


def _card(compared: Any, experiment: Experiment, codes: Sequence[str], line: Line, moment: Moment) -> Card:
    known = {one.code: one for one in compared.indicators}
    return Card(
        experiment=experiment,
        address=to_experiment(experiment, moment),
        states=tuple((state.progress, SUBJECTS[state.axis]) for state in axis_states(compared, experiment)),
        figures=tuple(_figure(compared, known[code], experiment, moment) for code in codes),
        freshness=freshness_of(compared, experiment, codes),
        trend=_trend(compared, known[codes[0]], experiment, line, moment) if codes else None,
    )


def freshness_of(compared: Any, experiment: Experiment, codes: Sequence[str]) -> Freshness:
    """How recent the figures ``codes`` of an experiment are, in one line: the oldest wait first."""
    return foremost(
        compared.cells[code, experiment.code].observation.freshness
        for code in codes
        if (code, experiment.code) in compared.cells
    )


def _figure(compared: Any, indicator: Indicator, experiment: Experiment, moment: Moment) -> CardFigure:
    cell = compared.cells[indicator.code, experiment.code]
    return CardFigure(
        label=indicator.label,
        cell=cell,
        axis=axis_of(indicator),
        headline=indicator.headline,
        parts=parts_of(indicator),
        address=to_cell(indicator, experiment.code, cell, moment),
    )


def _trend(
    compared: Any, indicator: Indicator, experiment: Experiment, line: Line, moment: Moment
) -> Trend | None:  # fmt: skip
    cell = compared.cells[indicator.code, experiment.code]
    change = change_text(cell, headline=indicator.headline)
    if not change and cell.before is not None and is_carried(cell.observation, cell.before):
        change = "rien de reçu"
    if not change:
        return None
    text = f"{indicator.label} : {change} depuis le {french.day(moment.before)}"
    return Trend(text, line, f"{indicator.label}, {experiment.short_title}, mois par mois")
