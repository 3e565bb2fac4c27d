"""An observation as plain data, with the keys that the command and the API promise."""

from __future__ import annotations

from typing import Any

from core.domain.observation import Observation


def number(value: float | None) -> float | int | None:
    """A whole number without « .0 »."""
    return int(value) if value is not None and float(value).is_integer() else value


def as_dict(one: Observation) -> dict[str, Any]:
    """An observation with its stable keys, and a few more."""
    month = f"{one.month:%Y-%m}" if one.month else None
    return {
        "experiment": one.experiment,
        "indicator": one.indicator,
        "label": one.label,
        "unit": one.unit,
        "place": one.place,
        "period": one.period.code if one.period else month,
        "month": month,
        "numerator": number(one.numerator),
        "denominator": number(one.denominator),
        "value": number(one.value),
        "missing_because": one.missing_because.value if one.missing_because else None,
        "reason": one.reason,
        "version": one.version,
    }
