"""What leaves a page, as a file or for a room, does not show small counts of people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.domain.observation import Observation
from core.services.masking import conceal
from dashboard.context import Context


def least(context: Context) -> int:
    """The first number of people that may be shown."""
    return context.settings.mask_below if context.settings is not None else 5


def discreet(context: Context, figures: Mapping[Any, Observation]) -> dict[Any, Observation]:
    """The same figures, without small counts of people nor what gives them away."""
    shown = conceal(figures.values(), context.registry.catalogue, least(context))
    return {key: one.observation for key, one in zip(figures, shown, strict=True)}
