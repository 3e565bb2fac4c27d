"""Figures by place: asked once for all of them, and how one is written where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from core.domain.indicator import Constant, Indicator
from core.domain.observation import Observation
from core.domain.plugin_phrases import known, written
from core.figures import NO_PLACE
from core.figures.sentences import axis_of
from dashboard.components import Html, not_there, sentence, shown, with_marks
from dashboard.context import Context
from dashboard.views.shared import ReportingDate

Key = tuple[str, str | None, str]


class ByPlace:
    """Observations by (indicator, experiment or None for all, place), up to one moment."""

    def __init__(self, context: Context, indicators: Sequence[Indicator], moment: ReportingDate) -> None:
        self.indicators = tuple(indicators)
        self._known: Mapping[str, Indicator] = {one.code: one for one in indicators}
        self._monitor, self._moment = context.monitor, moment
        listed = context.monitor.observe(list(self._known), by="place", **moment.asked)
        self._found: dict[Key, Observation] = {(o.indicator, o.experiment, o.place or ""): o for o in listed}

    def figure(self, indicator: Indicator, experiment: str | None, place: str) -> Observation:
        """The figure there; where no row speaks of the place it is still 0, unknown or without object."""
        key = (indicator.code, experiment, place)
        if key not in self._found:
            self._found[key] = self._monitor.at_place(indicator.code, experiment, place, **self._moment.asked)
        return self._found[key]

    def named(self) -> set[str]:
        """The places that a row speaks of."""
        known = {place for (_, _, place), one in self._found.items() if one.numerator or one.value}
        return known - {NO_PLACE, ""}

    def figures(self, experiment: str | None, place: str) -> Iterable[Observation]:
        """All the figures of an experiment at a place."""
        return [self.figure(one, experiment, place) for one in self.indicators]


def at_place(indicator: Indicator, found: Observation) -> Html | str:
    """A figure at a place. Machines have a place once they are handed over only: there, no rate of axis 1."""
    if alone(indicator) and known(found) is not None:
        return with_marks(written(known(found)), found)
    if found.missing_because is not None:
        return not_there(found)
    return with_marks(sentence(found) if found.denominator is not None else shown(found).text, found)


def alone(indicator: Indicator) -> bool:
    """Whether only the number says something at a place."""
    if isinstance(indicator.denominator, Constant):
        return True  # « 1 sur 92 communes » says nothing on the page of one
    return axis_of(indicator) == 1 and indicator.headline == "numerator" and indicator.denominator is not None
