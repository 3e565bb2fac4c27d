"""A figure as computed, how it stands against its target on its own clock, and the milestones beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from core.domain.calendar import Period
from core.domain.indicator import Direction


class Missing(StrEnum):
    """Why there is no value. Zero is a value, and none of these.

    ``NOT_APPLICABLE``: the axis is not tried there. ``NOT_FOLLOWED``: it is, but nobody there gives this figure.
    """

    NOT_REPORTED = "not_reported"
    NOT_APPLICABLE = "not_applicable"
    NOT_FOLLOWED = "not_followed"
    ERROR = "error"

    @property
    def never_here(self) -> bool:
        """Whether nothing is waited for: the question is not raised there, or nobody there answers it."""
        return self in (Missing.NOT_APPLICABLE, Missing.NOT_FOLLOWED)


class Progress(StrEnum):
    """Advancement against where the experiment should be today: word and shape, never colour alone."""

    AHEAD = "ahead"
    ON_TIME = "on_time"
    LATE = "late"
    BLOCKED = "blocked"
    NO_TARGET = "no_target"
    NO_DATA = "no_data"
    """A number to reach was set; there is nothing to compare with it yet."""

    @property
    def judged(self) -> bool:
        """Whether the figure was compared with a target, or is stopped: only then is there a word to write."""
        return self not in (Progress.NO_TARGET, Progress.NO_DATA)


@dataclass(frozen=True, slots=True)
class Freshness:
    """How recent the rows are.

    ``deposited`` is when the last deposit came; ``covers_until`` the last day that the data
    speak of (the end of the last told period, or the last row's day when later); ``expected_since``
    the due date that passed while nothing tells its period, or None; ``provisional_since`` the first day of
    the oldest period that the figure counts and whose relevé is not accepted yet, or None;
    ``unsent_since`` the due date that passed while a period of which rows came was not sent, or None;
    ``complete`` whether every period that is over was told (for a total: by all who owe it);
    ``accepted`` whether the Métropole accepted everything that the figure counts;
    ``oldest``, for a total, the last day of the oldest data that it counts and whose rest is due, None when there are
    none older than ``covers_until``.
    """

    deposited: datetime | None = None
    covers_until: date | None = None
    expected_since: date | None = None
    provisional_since: date | None = None
    unsent_since: date | None = None
    complete: bool = True
    accepted: bool = False
    oldest: date | None = None

    @property
    def late(self) -> bool:
        """Whether somebody is waited for: a deposit, or the sending of what was deposited."""
        return self.expected_since is not None or self.unsent_since is not None


@dataclass(frozen=True, slots=True)
class Apart:
    """What belongs to the programme and to none of its experiments: « dont 14 en transit ».

    ``denominator`` is None for a figure that has none; a number below zero is what several
    experiments count and the programme counts once. ``beside``: experiments that the total could not
    count, « 1 expérimentation n’a rien transmis ».
    """

    words: str
    numerator: float
    denominator: float | None = None
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Observation:
    """One figure.

    ``experiment`` None = the programme; ``period`` None = since the start; ``place`` None =
    all places. ``value`` is in the unit said by ``unit`` (« % »: percentage points; « € »:
    euros). ``reason`` is one French sentence when the value is missing. ``stands``: the
    numerator may be read alone when there is nothing to relate it to. ``hidden`` is what stands in place of
    a small count of people, « moins de 5 », where figures leave the restricted screens; ``people``: it counts
    persons or homes, so that it may have to be hidden there. ``own`` stands in place of the total of a figure
    that one association alone gives, « Propre à IFAC ». ``apart`` names what a total of the programme counts
    and no experiment does, so that the parts and these make the total. ``day`` is the day that was asked for, None
    for figures frozen before it was kept.
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
    people: bool = False
    own: str = ""
    apart: tuple[Apart, ...] = ()
    day: date | None = None

    @property
    def expected_here(self) -> bool:
        """Whether the figure exists or is waited for: neither « sans objet » nor « non suivi »."""
        return self.missing_because is None or not self.missing_because.never_here

    @property
    def older(self) -> date | None:
        """The last day that the data speak of, when it is before the day asked for: a figure is of that day."""
        covered = self.freshness.covers_until
        return covered if covered is not None and self.day is not None and covered < self.day else None


def tells_few(before: Observation, now: Observation, below: int) -> bool:
    """Whether the figure before, taken away from the one now, tells of fewer people than ``below``.

    Each of them is a count, what was added is one more; so it is of the two parts and of what is between them.
    """
    for first, last in zip(_counts(before), _counts(now), strict=True):
        if first is not None and (0 < first < below or (last is not None and 0 < abs(last - first) < below)):
            return True
    return False


def _counts(one: Observation) -> tuple[float | None, float | None, float | None]:
    top, bottom = one.numerator, one.denominator
    return top, bottom, None if top is None or bottom is None else bottom - top


@dataclass(frozen=True, slots=True)
class Target:
    """A number to reach by ``until``, set by the committee (never by default); ``decided``: the day of its decision."""

    value: float
    until: date
    decision: str = ""
    decided: date | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """On which clock a figure is judged: of the days from ``start`` to ``end``, the share passed on ``day``.

    ``expected`` is that share, 0 to 1; ``day`` is the last one that the data speak of, never the page's.
    """

    start: date
    end: date
    day: date
    expected: float


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a figure stands against its target.

    ``done`` and ``expected`` are shares of the way from the starting value ``base`` (None: 0) to the
    target (1.0 = reached), ``gap`` their difference in percentage points; ``clock`` says on which days
    the share expected was counted (None: the whole is, whatever the day). ``later`` is a target that was
    decided after the day shown: it is told, and judges nothing. ``missed``: the target's day is over and
    it is not reached. ``cause`` is what the association says of a delay or a block, empty when it says
    nothing, None when nothing is late.
    """

    progress: Progress
    target: Target | None = None
    done: float | None = None
    expected: float | None = None
    gap: float | None = None
    reason: str = ""
    clock: Clock | None = None
    base: float | None = None
    later: Target | None = None
    missed: bool = False
    cause: str | None = None


@dataclass(frozen=True, slots=True)
class ChangeReference:
    """What a change is counted from: the figures of ``day``, as committee ``committee`` saw them when there is one.

    ``period`` is the one before, for the figures of a period alone.
    """

    day: date
    committee: int | None = None
    period: Period | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell of the comparison shows: the figure, its standing, the figure before.

    ``before`` is the figure that ``reference`` names, as it was seen then. ``then`` is the figure of that same day
    as it is known now, when it was asked for: what it has more than ``before`` came late.
    """

    observation: Observation
    standing: Standing
    before: Observation | None = None
    reference: ChangeReference | None = None
    then: Observation | None = None


# --- Is a figure where it should be today? Pro rata of time, with a tolerance in points ------------


TOLERANCE_POINTS = 10.0


def elapsed(start: date, end: date, today: date) -> float:
    """The share of the days from ``start`` to ``end`` that have passed at the end of ``today``, 0 to 1."""
    whole = (end - start).days + 1
    return min(1.0, max(0.0, ((today - start).days + 1) / whole))


def clock_on(start: date, end: date, day: date) -> Clock:
    """The clock that runs from ``start`` to ``end``, read at the end of ``day``."""
    return Clock(start, end, day, elapsed(start, end, day))


def way_done(value: float, target: float, base: float | None = None) -> float:
    """The share of the way from the starting value to the target that was gone: 52, from 50 to 70, is a tenth."""
    whole = target - (base or 0)
    return (value - (base or 0)) / whole if whole else float(value >= target)


def standing(
    value: float | None,
    target: Target | None,
    share_of_time: float | None,
    *,
    direction: Direction = Direction.UP,
    tolerance: float = TOLERANCE_POINTS,
    base: float | None = None,
    over: bool = False,
) -> Standing:
    """Compare ``value`` to the share of ``target`` expected after ``share_of_time``.

    More than ``tolerance`` points above is ahead, more than ``tolerance`` below is late.
    A target to stay under (direction down) is met as long as the value does not exceed it.
    ``over``: the target's day has passed. The whole is expected then, and nothing less will do.
    """
    if target is None:
        return Standing(Progress.NO_TARGET, reason="Le comité n’a pas fixé de nombre à atteindre.")
    if value is None or share_of_time is None:
        return Standing(Progress.NO_DATA, target=target, reason="Rien ne se compare encore à ce nombre.")
    if direction is Direction.DOWN:
        return _under(value, target)
    expected = 1.0 if over else share_of_time
    done = way_done(value, target.value, base)
    gap = round(100 * (done - expected), 6)  # 0.4 - 0.3 is a little more than ten points
    missed = over and gap < 0
    return Standing(
        Progress.LATE if missed else _progress(gap, tolerance), target, done, expected, gap, base=base, missed=missed
    )


def _under(value: float, target: Target) -> Standing:
    progress = Progress.ON_TIME if value <= target.value else Progress.LATE
    return Standing(progress, target)


def _progress(gap: float, tolerance: float) -> Progress:
    if gap > tolerance:
        return Progress.AHEAD
    return Progress.LATE if gap < -tolerance else Progress.ON_TIME


# --- A milestone that is stopped, in a word and a shape of its own: those of progress are for targets only ----


BLOCKED = "Bloqué"
LATE = "En retard"
OVER = frozenset({"Abandonné", "Terminé"})
STOPPED = (BLOCKED, LATE)
"""The states, as associations type them, of a milestone of which a committee is told."""


def overdue(state: str, planned: date, day: date) -> bool:
    """Whether, at the end of ``day``, the planned one is over and the milestone neither reached nor given up."""
    return planned <= day and state not in OVER


def mark(state: str, planned: date | None, day: date) -> tuple[str, str]:
    """Shape and word of a milestone that is stopped: « ■ Bloqué », « ◆ Échéance dépassée ».

    One that its association calls late before its planned day is « échéance compromise ».
    """
    if state == BLOCKED:
        return "■", BLOCKED
    if planned is not None and planned > day:
        return "◆", "Échéance compromise"
    return "◆", "Échéance dépassée"


def title_of(state: str, planned: date | None, day: date, title: str) -> str:
    """« ◆ Échéance dépassée : Trouver des bénéficiaires »."""
    return f"{' '.join(mark(state, planned, day))} : {title}"
