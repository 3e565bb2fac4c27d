"""A figure that plugins bring counts the rows of their experiments, at the level of the programme too."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from core.axes import CATALOGUE
from core.domain.indicator import Indicator, Measure, Whose
from core.registry.state import State


def confine(state: State) -> None:
    """Write, on each indicator that is not shared by all, the experiments that have it."""
    having: dict[str, list[str]] = {}
    for experiment, found in state.indicators.items():
        for one in found:
            having.setdefault(one.code, []).append(experiment)
    own = {
        code: _confined(state.catalogue[code], _whose(state, experiments))
        for code, experiments in having.items()
        if code not in CATALOGUE
    }
    state.catalogue.update(own)
    for experiment, found in state.indicators.items():
        state.indicators[experiment] = tuple(own.get(one.code, one) for one in found)


def _whose(state: State, experiments: list[str]) -> Whose:
    associations = {state.experiments[one].association.code for one in experiments}
    return Whose(tuple(sorted(experiments)), tuple(sorted(associations)))


def _confined(indicator: Indicator, whose: Whose) -> Indicator:
    return replace(
        indicator,
        numerator=_measured(indicator.numerator, whose),
        denominator=_measured(indicator.denominator, whose),
    )


def _measured(part: Any, whose: Whose) -> Any:
    """The same measure of these rows; constants and what is computed from other figures have none."""
    if not isinstance(part, Measure):
        return part
    known = None if part.known_if is None else replace(part.known_if, whose=whose)
    return replace(part, whose=whose, known_if=known)
