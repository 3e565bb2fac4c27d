"""A figure as computed: for whom, when, where, from which parts, or why it is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from core.domain.period import Period


class Missing(StrEnum):
    """Why there is no value. Zero is a value, and none of these."""

    NOT_REPORTED = "not_reported"
    NOT_APPLICABLE = "not_applicable"
    ERROR = "error"


class Progress(StrEnum):
    """Advancement against where the experiment should be today: word and shape, never colour alone."""

    AHEAD = "ahead"
    ON_TIME = "on_time"
    LATE = "late"
    BLOCKED = "blocked"
    NO_TARGET = "no_target"


@dataclass(frozen=True, slots=True)
class Freshness:
    """How recent the rows are.

    ``deposited`` is when the last deposit came; ``covers_until`` the last day that the data
    speak of (end of the last reported period); ``expected_since`` the due date that passed
    without the deposit of a period already ended, or None; ``provisional_since`` the first day of
    the oldest period that the figure counts and whose relevé is not accepted yet, or None;
    ``unsent_since`` the due date that passed while the relevé of such a period, begun, was not sent, or None.
    """

    deposited: datetime | None = None
    covers_until: date | None = None
    expected_since: date | None = None
    provisional_since: date | None = None
    unsent_since: date | None = None

    @property
    def late(self) -> bool:
        """Whether somebody is waited for: a deposit, or the sending of what was deposited."""
        return self.expected_since is not None or self.unsent_since is not None


@dataclass(frozen=True, slots=True)
class Observation:
    """One figure.

    ``experiment`` None = the programme; ``period`` None = since the start; ``place`` None =
    all places. ``value`` is in the unit said by ``unit`` (« % »: percentage points; « € »:
    euros). ``reason`` is one French sentence when the value is missing. ``stands``: the
    numerator may be read alone when there is nothing to relate it to. ``hidden`` is what stands in place of
    a small count of people, « moins de 5 », where figures leave the restricted screens.
    """

    indicator: str
    label: str
    unit: str
    experiment: str | None = None
    period: Period | None = None
    place: str | None = None
    month: date | None = None
    numerator: float | None = None
    denominator: float | None = None
    value: float | None = None
    missing_because: Missing | None = None
    reason: str = ""
    freshness: Freshness = Freshness()
    additive: bool = True
    version: int = 1
    stands: bool = False
    hidden: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """A number to reach by ``until``, set by the committee (never by default)."""

    value: float
    until: date
    decision: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a figure stands against its target.

    ``done`` and ``expected`` are shares of the target (1.0 = reached), ``gap`` their
    difference in percentage points.
    """

    progress: Progress
    target: Target | None = None
    done: float | None = None
    expected: float | None = None
    gap: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell of the comparison shows: the figure, its standing, the figure before."""

    observation: Observation
    standing: Standing
    before: Observation | None = None
