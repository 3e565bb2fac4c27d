"""From the parts of an indicator to an observation; over which rows each part counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.domain.calendar import Period
from core.domain.indicator import AnyMeasure, Computed, Constant, Indicator, Measure, Median, au, col
from core.domain.observation import Freshness, Missing, Observation
from core.figures.lines import uses_day
from core.figures.window import Window

RATE = "%"


@dataclass(frozen=True, slots=True)
class MeasuredTerm:
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
class FigurePlace:
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
    indicator: Indicator, where: FigurePlace, top: MeasuredTerm, bottom: MeasuredTerm | None, freshness: Freshness
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
        people=indicator.people,
    )


def unknown(
    indicator: Indicator,
    where: FigurePlace,
    missing: Missing,
    why: str,
    freshness: Freshness | None = None,
    own: str = "",
) -> Observation:
    """A figure that is not there, and why; ``own`` stands in place of a total that nobody makes."""
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
        own=own,
        people=indicator.people,
    )


def unit(indicator: Indicator, with_denominator: bool) -> str:
    """The unit of the value: that of the indicator, « % » for a rate that is not an amount per unit."""
    if with_denominator and not indicator.is_money:
        return RATE
    return indicator.unit


def _value(
    indicator: Indicator, top: MeasuredTerm, bottom: MeasuredTerm | None
) -> tuple[float | None, Missing | None, str]:
    for part in (top, bottom):
        if part is not None and part.missing is not None:
            return None, part.missing, part.reason
    if top.number is None or top.shown is None:
        return None, Missing.NOT_REPORTED, "Aucune ligne ne permet ce calcul."
    if bottom is None:
        return top.shown, None, ""
    if bottom.number is None or not bottom.shown:
        return None, Missing.NOT_REPORTED, "Le nombre auquel rapporter ce chiffre est 0."
    if indicator.is_money:
        return top.shown / bottom.shown, None, ""
    if top.money and bottom.money:
        return 100 * top.number / bottom.number, None, ""
    return 100 * top.shown / bottom.shown, None, ""


def _for_programme_only(part: AnyMeasure) -> bool:
    return isinstance(part, Constant) and part.programme_only


def is_computed(indicator: Indicator) -> bool:
    """Whether the figure is made from other figures."""
    return isinstance(indicator.numerator, Computed)


# --- Which rows each part of a figure counts over some days: both parts of a rate speak of the same rows ----
# Since the start, both parts count everything up to the day. In a period:
#
# - a count takes the rows dated in it; a stock (what stands there on the day of the figure) is read at the
# period's end and never cut;
# - a rate of two measures of one table follows the rows of its denominator: of the machines received in the
# quarter, those that were tested by its end. So that it never passes 100 %;
# - a number shown large with its rate beside (« 20 remis ») stays the count of the period. Its rate is kept
# only where the period's rows are some of those that it is related to (out of all the eligible dwellings),
# and left out where they are others (those made ready in the period) or a whole since the start (92 communes);
# - any other rate is read since the start, at the period's end.


@dataclass(frozen=True, slots=True)
class CountedSpan:
    """The rows to count, and the days for which something must have been handed in."""

    counted: Window
    told: Window


@dataclass(frozen=True, slots=True)
class FigureReading:
    """How a figure is read somewhere: its two measures (None: no denominator there), and over which rows."""

    numerator: AnyMeasure | Computed
    denominator: AnyMeasure | None
    span: CountedSpan


class Readings:
    """How the figures of a registry are read in a period; the measures made for it are kept with it."""

    def __init__(self) -> None:
        self._made: dict[int, tuple[Indicator, AnyMeasure | Computed]] = {}

    def of(self, indicator: Indicator, where: FigurePlace, *, cumulative: bool = False) -> FigureReading:
        """``cumulative``: a count of a month is since the start too."""
        top, bottom = indicator.numerator, indicator.denominator
        if where.month is not None:
            return FigureReading(top, bottom, _month(indicator, where, cumulative=cumulative))
        own = CountedSpan(where.window, where.window)
        if where.window.period is None:
            return FigureReading(top, bottom, own)
        whole = CountedSpan(Window(None, where.window.end), where.window)
        if bottom is None:
            return FigureReading(top, bottom, whole if is_stock(indicator) else own)
        if indicator.headline == "numerator":
            return FigureReading(top, None if _of_others(top, bottom) else bottom, own)
        if _one_table(indicator):
            return FigureReading(self._cohort(indicator), bottom, own)
        return FigureReading(top, bottom, whole)

    def _cohort(self, indicator: Indicator) -> AnyMeasure | Computed:
        """The numerator among the rows of the denominator, dated as they are, as it stood on the day of the figure."""
        if id(indicator) not in self._made:
            # The indicator is kept with its measure, so that nothing else may take its identity.
            self._made[id(indicator)] = indicator, _among(indicator.numerator, indicator.denominator)
        return self._made[id(indicator)][1]


def is_stock(indicator: Indicator) -> bool:
    """Whether a count says what stands there on the day of the figure: its condition reads that day."""
    measure = indicator.numerator
    return isinstance(measure, Measure) and measure.where is not None and uses_day(measure.where)


def _month(indicator: Indicator, where: FigurePlace, *, cumulative: bool) -> CountedSpan:
    """In a month: its own rows for a count, all those up to its end for a rate and for a stock."""
    assert where.month is not None
    told = Window.of(where.window.end, Period.month(where.month.year, where.month.month))
    whole = cumulative or indicator.denominator is not None or is_stock(indicator)
    return CountedSpan(where.window if whole else told, told)


def _one_table(indicator: Indicator) -> bool:
    """Whether both parts count rows of one table, each by a day of its own or by the same."""
    top, bottom = indicator.numerator, indicator.denominator
    if not isinstance(top, Measure) or not isinstance(bottom, Measure) or isinstance(top, Median):
        return False
    return top.source == bottom.source and None not in (top.date, bottom.date)


def _of_others(top: AnyMeasure | Computed, bottom: AnyMeasure) -> bool:
    """Whether a number of the period is related to other rows of it, or to a whole that is no period's."""
    if isinstance(bottom, Constant):
        return True
    same = isinstance(top, Measure) and (top.source, top.date) == (bottom.source, bottom.date)
    return bottom.date is not None and not same


def _among(top: Any, bottom: Any) -> Any:
    if top.date == bottom.date:
        return top
    done = col(top.date, sa.Date) <= au
    conditions = [one for one in (top.where, bottom.where, done) if one is not None]
    return replace(top, where=sa.and_(*conditions), date=bottom.date)
