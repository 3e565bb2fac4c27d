"""Indicators in the order of the screens and of the documents: the first-screen set by axis, then the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.domain.experiment import Experiment
from core.domain.indicator import Indicator, Sum
from core.domain.palette import AXIS_NAMES

TRANSVERSE = "Subvention et suivi"
_FAMILIES = {"EQ": 1, "CO": 2, "AC": 3, "TR": None}
_CARD = {1: ("EQ5a",), 2: ("CO4",), 3: ("AC3a", "AC1")}
_CARD_ALWAYS = ("AC6", "CO5", "EQ1a")
_MONEY = ("montant", "realisation", "prevision")
MOST = 3


def axis_of(indicator: Indicator) -> int | None:
    """The axis under which an indicator is read: that of its family, else the first of its axes."""
    family = indicator.code[:2]
    if family in _FAMILIES:
        return _FAMILIES[family]
    return indicator.axes[0] if indicator.axes else None


def parts_of(indicator: Indicator) -> str:
    """« € » when both sides of the rate are sums of money."""
    column = getattr(indicator.numerator.expression, "name", "") if isinstance(indicator.numerator, Sum) else ""
    return "€" if indicator.denominator is not None and column in _MONEY else ""


def first_screen(indicators: Iterable[Indicator]) -> list[Indicator]:
    """Those of the first screen, in its order."""
    return sorted((one for one in indicators if one.rank is not None), key=lambda one: one.rank or 0)


def the_rest(indicators: Iterable[Indicator]) -> list[Indicator]:
    """The other ones that everybody follows."""
    return [one for one in indicators if one.rank is None and one.shortlist == "socle"]


def by_axis(indicators: Sequence[Indicator]) -> list[tuple[int | None, str, list[Indicator]]]:
    """The indicators under their axis: (axis, title, indicators), empty groups left out."""
    titles: dict[int | None, str] = {**AXIS_NAMES, None: TRANSVERSE}
    grouped = ((axis, title, [one for one in indicators if axis_of(one) == axis]) for axis, title in titles.items())
    return [(axis, title, found) for axis, title, found in grouped if found]


def card_codes(experiment: Experiment, followed: Sequence[Indicator]) -> tuple[str, ...]:
    """The three figures that matter for the axes that an experiment tries."""
    known = [one.code for one in followed]
    wanted = [code for axis in experiment.axes for code in _CARD[axis]]
    found = [code for code in (*wanted, *_CARD_ALWAYS) if code in known and _concerns(experiment, followed, code)]
    return tuple(dict.fromkeys([*found, *known]))[:MOST]


def _concerns(experiment: Experiment, followed: Sequence[Indicator], code: str) -> bool:
    axes = next(one.axes for one in followed if one.code == code)
    return not axes or bool(set(axes) & set(experiment.axes))
