"""Figures by place: those that rows speak of, and, asked one by one, those of any other place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.domain.indicator import Indicator
from core.domain.observation import Observation
from core.services.monitoring import NO_PLACE
from core.services.monitoring.observations import Where
from core.services.monitoring.window import Window
from dashboard.context import Context
from dashboard.views.parts.moment import Moment

Key = tuple[str, str | None, str]


class ByPlace:
    """Observations by (indicator, experiment or None for all, place), up to one moment."""

    def __init__(self, context: Context, indicators: Sequence[Indicator], moment: Moment) -> None:
        self.indicators = tuple(indicators)
        self._known: Mapping[str, Indicator] = {one.code: one for one in indicators}
        self._monitor, self._moment = context.monitor, moment
        listed = context.monitor.observe(list(self._known), by="place", **moment.asked)
        self._found: dict[Key, Observation] = {(o.indicator, o.experiment, o.place or ""): o for o in listed}

    def figure(self, indicator: Indicator, experiment: str | None, place: str) -> Observation:
        """The figure there; where no row speaks of the place it is still 0, unknown or without object."""
        key = (indicator.code, experiment, place)
        if key not in self._found:
            view: Any = self._monitor.view(self._moment.revision, self._moment.until)
            self._found[key] = view.observe(indicator, Where(experiment, Window.of(self._moment.until), place))
        return self._found[key]

    def named(self) -> set[str]:
        """The places that a row speaks of."""
        known = {place for (_, _, place), one in self._found.items() if one.numerator or one.value}
        return known - {NO_PLACE, ""}

    def figures(self, experiment: str | None, place: str) -> Iterable[Observation]:
        """All the figures of an experiment at a place."""
        return [self.figure(one, experiment, place) for one in self.indicators]
