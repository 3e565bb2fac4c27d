"""The shared ground of all experiments: the datasets that associations hand in, and the catalogue of figures."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.axes import accompagner, connecter, equiper, lead, transverse
from core.axes.accompagner import indicators as _accompagner
from core.axes.connecter import indicators as _connecter
from core.axes.discarded import DISCARDED, Discarded
from core.axes.equiper import indicators as _equiper
from core.axes.transverse import indicators as _transverse
from core.domain.dataset import Dataset
from core.domain.experiment import Experiment
from core.domain.indicator import Indicator

DATASETS: Mapping[str, Dataset] = MappingProxyType(
    {dataset.code: dataset for group in (equiper, connecter, accompagner, transverse) for dataset in group.DATASETS}
)
"""The datasets of associations, by code, in the order of the axes; ``core.axes.lead`` has the project lead's."""

CATALOGUE: Mapping[str, Indicator] = MappingProxyType(
    {
        indicator.code: indicator
        for group in (_equiper, _connecter, _accompagner, _transverse)
        for indicator in group.INDICATORS
    }
)
"""The shared figures, by code: one code has one meaning everywhere."""


def indicators_for(experiment: Experiment) -> tuple[Indicator, ...]:
    """The shared figures that have an object in ``experiment``: those of its axes, and the transverse ones."""
    return tuple(
        indicator
        for indicator in CATALOGUE.values()
        if not indicator.axes or any(experiment.tries(axis) for axis in indicator.axes)
    )


__all__ = [
    "CATALOGUE",
    "DATASETS",
    "DISCARDED",
    "Discarded",
    "accompagner",
    "connecter",
    "equiper",
    "indicators_for",
    "lead",
    "transverse",
]
