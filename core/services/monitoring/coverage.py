"""Is a figure known, and how recent is it? Reported, not reported, or without object.

For an association, a dataset and a period: reported when « rien à déclarer » was recorded
for it, when a deposit came after its end, or when a row is dated in it. Since the start: when
anything was ever deposited or declared.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from core.domain.observation import Freshness
from core.domain.period import Period
from core.services.monitoring.descriptions import Pair
from core.services.monitoring.known import Known, local_day, parse_period, periods
from core.services.monitoring.window import Window

_FIRST_PERIOD = date(2021, 1, 1)


@dataclass(frozen=True, slots=True)
class History:
    """What one association said of one dataset: when, and for which periods it declared nothing."""

    moments: tuple[datetime, ...]
    days: tuple[date, ...]
    nothing: tuple[Period, ...]

    @property
    def last_day(self) -> date | None:
        """The day of the last deposit or declaration."""
        return self.days[-1] if self.days else None

    def reports(self, period: Period) -> bool:
        """Whether the period was declared empty, or a deposit came after its end."""
        if self.days and self.days[-1] > period.end:
            return True
        return any(one.start <= period.start and period.end <= one.end for one in self.nothing)


class Coverage:
    """What was reported, as known at a revision."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._made: dict[tuple[Pair, date | None, bool, date], Freshness] = {}
        moments: dict[Pair, list[datetime]] = {}
        nothing: dict[Pair, list[Period]] = {}
        for deposit in known.deposits:
            if not deposit.reports:
                continue
            pair = (deposit.association, deposit.dataset)
            moments.setdefault(pair, []).append(deposit.at)
            period = parse_period(deposit.period, known.held.dues) if deposit.declares_nothing else None
            if period:
                nothing.setdefault(pair, []).append(period)
        self._histories = {
            pair: History(tuple(found), tuple(local_day(one) for one in found), tuple(nothing.get(pair, ())))
            for pair, found in moments.items()
        }

    def history(self, pair: Pair) -> History:
        """What was said of a dataset; empty when nothing ever was."""
        return self._histories.get(pair, History((), (), ()))

    def reported(self, pairs: Iterable[Pair], window: Window) -> bool:
        """Whether the datasets were handed in: all of them once, and one of them for the period."""
        histories = [self.history(pair) for pair in pairs]
        if not histories or not all(one.days for one in histories):
            return False
        return window.period is None or any(one.reports(window.period) for one in histories)

    def freshness(self, pairs: Iterable[Pair], start: date | None, expected: frozenset[Pair], until: date) -> Freshness:
        """How recent the datasets are: as recent as the oldest of them.

        ``start`` is the experiment's first day; a relevé is due for those ``expected`` only,
        and for the periods that ``until`` touches.
        """
        found = [self._once(pair, start, pair in expected, until) for pair in pairs]
        if not found:
            return Freshness()
        return Freshness(
            deposited=min((one.deposited for one in found if one.deposited), default=None)
            if all(one.deposited for one in found)
            else None,
            covers_until=min((one.covers_until for one in found if one.covers_until), default=None),
            expected_since=min((one.expected_since for one in found if one.expected_since), default=None),
        )

    def last_of(self, associations: Collection[str], until: date) -> Freshness:
        """The last deposit of some associations up to a day, whatever the dataset."""
        moments = [
            moment
            for (association, _), history in self._histories.items()
            if association in associations
            for moment, day in zip(history.moments, history.days, strict=True)
            if day <= until
        ]
        return Freshness(deposited=max(moments, default=None))

    def _once(self, pair: Pair, start: date | None, expected: bool, until: date) -> Freshness:
        asked = (pair, start, expected, until)
        if asked not in self._made:
            self._made[asked] = self._freshness(self.history(pair), start, expected, until)
        return self._made[asked]

    def _freshness(self, history: History, start: date | None, expected: bool, until: date) -> Freshness:
        return Freshness(
            deposited=history.moments[-1] if history.moments else None,
            covers_until=self._covers_until(history, start),
            expected_since=self._expected_since(history, start, until) if expected else None,
        )

    def _covers_until(self, history: History, start: date | None) -> date | None:
        """The end of the last period that the last deposit, or a declaration, speaks of."""
        if history.last_day is None:
            return None
        said = periods(self._known.held, start or _FIRST_PERIOD, history.last_day)
        ended = [one.end for one in said if history.reports(one)]
        return max((*ended, *(min(one.end, self._known.day) for one in history.nothing)), default=history.last_day)

    def _expected_since(self, history: History, start: date | None, until: date) -> date | None:
        waited = (
            due.day
            for due in self._known.held.dues
            if due.day < self._known.day
            and due.period.start <= until
            and (start is None or due.period.end >= start)
            and not history.reports(due.period)
        )
        return min(waited, default=None)


def merged(found: Iterable[Freshness]) -> Freshness:
    """The freshness of the programme: the last deposit of all, and whether one is waited for."""
    known = list(found)
    return Freshness(
        deposited=max((one.deposited for one in known if one.deposited), default=None),
        covers_until=max((one.covers_until for one in known if one.covers_until), default=None),
        expected_since=min((one.expected_since for one in known if one.expected_since), default=None),
        provisional_since=min((one.provisional_since for one in known if one.provisional_since), default=None),
        unsent_since=min((one.unsent_since for one in known if one.unsent_since), default=None),
    )
