"""From the parts of an indicator to an observation: value, unit, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from core.domain.indicator import Computed, Constant, Indicator
from core.domain.observation import Freshness, Missing, Observation
from core.domain.period import Period
from core.services.monitoring.window import Window

RATE = "%"


@dataclass(frozen=True, slots=True)
class Part:
    """The numerator or the denominator: its number, or why it is unknown."""

    number: float | int | None = None
    missing: Missing | None = None
    reason: str = ""
    money: bool = False

    @property
    def shown(self) -> float | None:
        """The number at the edge: euros for cents."""
        if self.number is None:
            return None
        return self.number / 100 if self.money else self.number


@dataclass(frozen=True, slots=True)
class Where:
    """For whom, where and when a figure is."""

    experiment: str | None
    window: Window
    place: str | None = None
    month: date | None = None

    @property
    def period(self) -> Period | None:
        """The period that the figure bears: its month in a breakdown by month."""
        return Period.month(self.month.year, self.month.month) if self.month else self.window.period


def observation(
    indicator: Indicator, where: Where, top: Part, bottom: Part | None, freshness: Freshness
) -> Observation:
    """The figure; ``bottom`` None = there is no denominator here."""
    value, missing, why = _value(indicator, top, bottom)
    return Observation(
        indicator=indicator.code,
        label=indicator.label,
        unit=unit(indicator, bottom is not None),
        experiment=where.experiment,
        period=where.period,
        place=where.place,
        month=where.month,
        numerator=top.shown,
        denominator=bottom.shown if bottom else None,
        value=value,
        missing_because=missing,
        reason=why,
        freshness=freshness,
        additive=indicator.additive,
        version=indicator.version,
        stands=indicator.stands,
    )


def unknown(
    indicator: Indicator, where: Where, missing: Missing, why: str, freshness: Freshness | None = None
) -> Observation:
    """A figure that is not there, and why."""
    rate = indicator.denominator is not None and not _for_programme_only(indicator.denominator)
    return Observation(
        indicator=indicator.code,
        label=indicator.label,
        unit=unit(indicator, rate or (where.experiment is None and indicator.denominator is not None)),
        experiment=where.experiment,
        period=where.period,
        place=where.place,
        month=where.month,
        missing_because=missing,
        reason=why,
        freshness=freshness or Freshness(),
        additive=indicator.additive,
        version=indicator.version,
    )


def unit(indicator: Indicator, with_denominator: bool) -> str:
    """The unit of the value: that of the indicator, « % » for a rate that is not an amount per unit."""
    if with_denominator and not indicator.is_money:
        return RATE
    return indicator.unit


def _value(indicator: Indicator, top: Part, bottom: Part | None) -> tuple[float | None, Missing | None, str]:
    for part in (top, bottom):
        if part is not None and part.missing is not None:
            return None, part.missing, part.reason
    if top.shown is None:
        return None, Missing.NOT_REPORTED, "Aucune ligne ne permet ce calcul."
    if bottom is None:
        return top.shown, None, ""
    if not bottom.shown:
        return None, Missing.NOT_REPORTED, "Le nombre auquel rapporter ce chiffre est 0."
    if indicator.is_money:
        return top.shown / bottom.shown, None, ""
    if top.money and bottom.money:
        return 100 * top.number / bottom.number, None, ""
    return 100 * top.shown / bottom.shown, None, ""


def _for_programme_only(part: Any) -> bool:
    return isinstance(part, Constant) and part.programme_only


def is_computed(indicator: Indicator) -> bool:
    """Whether the figure is made from other figures."""
    return isinstance(indicator.numerator, Computed)
