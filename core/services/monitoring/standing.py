"""Where a figure stands against its target, at the day that its data cover."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from core.domain import advancement
from core.domain.indicator import Direction, Indicator
from core.domain.observation import Observation, Progress, Standing
from core.services.monitoring.known import Held

BLOCKED = "Bloqué"


class Standings:
    """The targets and the blocked milestones, as of one revision."""

    def __init__(self, held: Held, blocked: Iterable[Mapping[str, Any]]) -> None:
        self._held = held
        self._blocked: dict[str, list[Mapping[str, Any]]] = {}
        for row in blocked:
            if row["_experiment"]:
                self._blocked.setdefault(row["_experiment"], []).append(row)

    def of(self, indicator: Indicator, figure: Observation, until: date) -> Standing:
        """The standing of ``figure``, which is since the start when the indicator is cumulative.

        Data that are waited for are compared at the last day that they cover.
        """
        goal = self._held.goal(figure.experiment, indicator.code, until)
        direction = (goal.direction if goal else None) or indicator.direction
        found = advancement.standing(
            shown(indicator, figure),
            goal.target if goal else None,
            self._share_of_time(indicator, figure, goal.target.until if goal else None, until),
            direction=direction,
        )
        return self._stopped(indicator, figure, found, direction)

    def _share_of_time(self, indicator: Indicator, figure: Observation, end: date | None, until: date) -> float | None:
        """The share of the time given that has passed; all of it for a figure that does not add up over time.

        The clock is the programme's, the same for all, from the first experiment's first day;
        a recorded starting value sets its own.
        """
        start = self._held.baselines.get((figure.experiment, indicator.code), self._held.programme_start)
        if end is None or not indicator.cumulative:
            return 1.0
        if start is None or end < start:
            return None
        day = until
        if figure.freshness.expected_since and figure.freshness.covers_until:
            day = min(until, figure.freshness.covers_until)
        return advancement.elapsed(start, end, day)

    def _stopped(self, indicator: Indicator, figure: Observation, found: Standing, direction: Direction) -> Standing:
        rows = [row for row in self._blocked.get(figure.experiment or "", ()) if _concerns(row, indicator)]
        reached = found.done is not None and found.done >= 1 and direction is Direction.UP
        if not rows or reached or (found.target is None and not indicator.axes):
            return found
        return replace(found, progress=Progress.BLOCKED, reason=_why(rows[0]))


def shown(indicator: Indicator, figure: Observation) -> float | None:
    """The number that a target speaks of: the numerator when that is what is shown large."""
    if indicator.headline == "numerator":
        return figure.numerator
    return figure.value


def _concerns(row: Mapping[str, Any], indicator: Indicator) -> bool:
    """Whether a blocked milestone stops the figure: one of its axis, or any axis when it names none."""
    axis = row.get("axe")
    return bool(indicator.axes) if axis is None else axis in indicator.axes


def _why(row: Mapping[str, Any]) -> str:
    cause = (row.get("cause") or row.get("libelle") or "").rstrip(".")
    after = (row.get("prochaine_action") or "").rstrip(".")
    return f"{cause}. Prochaine action\u202f: {after}." if after else f"{cause}."
