"""The shared ground of all experiments: the datasets that associations hand in, and the catalogue of figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.catalogue import (
    accompagner,
    accompagner_figures,
    connecter,
    connecter_figures,
    equiper,
    equiper_figures,
    lead,
    transverse,
    transverse_figures,
)
from core.domain.dataset import Dataset
from core.domain.indicator import Indicator
from core.domain.programme import Experiment


@dataclass(frozen=True, slots=True)
class Discarded:
    """A figure that the programme does not compute."""

    code: str
    label: str
    reason: str


_HOMES = "Il faudrait suivre des foyers dans le temps ; le programme ne compte que des nombres par lieu et par mois."
_PEOPLE = (
    "Il faudrait suivre des personnes dans le temps ; le programme ne compte que des nombres par lieu et par mois."
)

DISCARDED = (
    Discarded("CO8", "Maintien de la connexion", _HOMES),
    Discarded("CO9", "Délai entre l’accord et la mise en service", _HOMES),
    Discarded("AC5", "Aidants actifs", _PEOPLE),
    Discarded("AC9", "Progression d’autonomie", _PEOPLE),
)


# --- The shared ground of all experiments: the datasets that associations hand in, and the catalogue of figures ----


DATASETS: Mapping[str, Dataset] = MappingProxyType(
    {dataset.code: dataset for group in (equiper, connecter, accompagner, transverse) for dataset in group.DATASETS}
)
"""The datasets of associations, by code, in the order of the axes; ``core.catalogue.lead`` has the project lead's."""

CATALOGUE: Mapping[str, Indicator] = MappingProxyType(
    {
        indicator.code: indicator
        for group in (equiper_figures, connecter_figures, accompagner_figures, transverse_figures)
        for indicator in group.INDICATORS
    }
)
"""The shared figures, by code: one code has one meaning everywhere."""


def indicators_for(experiment: Experiment) -> tuple[Indicator, ...]:
    """The shared figures that have an object in ``experiment``: those of its axes, and the transverse ones."""
    return tuple(
        indicator
        for indicator in CATALOGUE.values()
        if not indicator.programme_only
        and (not indicator.axes or any(experiment.tries(axis) for axis in indicator.axes))
    )
