"""Is a figure where it should be today? Pro rata of time, with a tolerance in points."""

from __future__ import annotations

from datetime import date

from core.domain.indicator import Direction
from core.domain.observation import Progress, Standing, Target

TOLERANCE_POINTS = 10.0


def elapsed(start: date, end: date, today: date) -> float:
    """The share of the days from ``start`` to ``end`` that have passed at the end of ``today``, 0 to 1."""
    whole = (end - start).days + 1
    return min(1.0, max(0.0, ((today - start).days + 1) / whole))


def standing(
    value: float | None,
    target: Target | None,
    share_of_time: float | None,
    *,
    direction: Direction = Direction.UP,
    tolerance: float = TOLERANCE_POINTS,
) -> Standing:
    """Compare ``value`` to the share of ``target`` expected after ``share_of_time``.

    More than ``tolerance`` points above is ahead, more than ``tolerance`` below is late.
    A target to stay under (direction down) is met as long as the value does not exceed it.
    """
    if target is None:
        return Standing(Progress.NO_TARGET, reason="Le comité n’a pas fixé de nombre à atteindre.")
    if value is None or share_of_time is None:
        return Standing(Progress.NO_TARGET, target=target, reason="La comparaison n’est pas possible.")
    if direction is Direction.DOWN:
        return _under(value, target)
    done = value / target.value if target.value else 1.0
    gap = round(100 * (done - share_of_time), 6)  # 0.4 - 0.3 is a little more than ten points
    return Standing(_progress(gap, tolerance), target, done, share_of_time, gap)


def _under(value: float, target: Target) -> Standing:
    progress = Progress.ON_TIME if value <= target.value else Progress.LATE
    return Standing(progress, target)


def _progress(gap: float, tolerance: float) -> Progress:
    if gap > tolerance:
        return Progress.AHEAD
    return Progress.LATE if gap < -tolerance else Progress.ON_TIME
