"""The shared ground of all experiments: the datasets that associations hand in, by code."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.axes import accompagner, connecter, equiper, lead, transverse
from core.domain.dataset import Dataset

DATASETS: Mapping[str, Dataset] = MappingProxyType(
    {dataset.code: dataset for group in (equiper, connecter, accompagner, transverse) for dataset in group.DATASETS}
)
"""The datasets of associations, by code, in the order of the axes; ``core.axes.lead`` has the project lead's."""

CATALOGUE = {}

__all__ = ["CATALOGUE", "DATASETS", "accompagner", "connecter", "equiper", "lead", "transverse"]
