"""Invariants 4 and 5 of a figure, over programmes made at random.

4. Status and sentence agree with the value, the target and the clock that they print.
5. Nothing is said of data that were not received: neither 0, nor that everybody told.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import reporting
from core.contract.scope import Scope
from core.domain import french, observation
from core.domain.access import Actor, Role
from core.domain.calendar import Period
from core.domain.figure_text import cause_text, expected_text, wait_text
from core.domain.observation import Cell, Missing, Progress
from tests.core.figures.rig import LEAD, MARTIGUES, Rig, begun_again, diagnostics, moment
from tests.core.figures.test_reported import T3, T4, periods
from tests.support.profile import cases

QUARTERS = (T3, T4, Period.quarter(2022, 1), Period.quarter(2022, 2))
TODAY = date(2022, 9, 1)
CLAIRE = Actor("Claire", Role.ASSOCIATION, "point-formation")
TABLE = "diagnostics"


@dataclass(frozen=True)
class Goal:
    """A target: how many, by when, decided on which day, from which starting value read on which day."""

    value: int
    until: date
    decided: date
    base: tuple[int, date] | None


@dataclass(frozen=True)
class Year:
    """What happened: the dates of the experiment, its targets, and for each quarter rows, sending, « rien »."""

    begins: date
    ends: date
    goals: tuple[Goal, ...]
    rows: tuple[tuple[date, int], ...]
    sent: frozenset[int]
    nothing: frozenset[int]

    def runs(self, quarter: Period) -> bool:
        return quarter.end >= self.begins and quarter.start <= self.ends

    def told(self, rank: int) -> bool:
        """By an oracle that shares nothing with the monitor."""
        return rank in self.nothing or rank in self.sent

    def has_rows(self, quarter: Period) -> bool:
        return any(quarter.start <= month <= quarter.end for month, _ in self.rows)


days = st.dates(date(2021, 7, 1), date(2022, 12, 31))
months = st.integers(0, 13).map(lambda n: date(2021 + (6 + n) // 12, (6 + n) % 12 + 1, 1))
goals = st.builds(
    Goal,
    st.integers(1, 60),
    st.dates(date(2022, 1, 1), date(2022, 12, 31)),
    st.dates(date(2021, 6, 10), date(2022, 8, 1)),
    st.none() | st.tuples(st.integers(0, 40), st.dates(date(2021, 6, 10), date(2022, 8, 1))),
)
years = st.builds(
    Year,
    st.dates(date(2021, 7, 1), date(2022, 1, 31)),
    st.dates(date(2022, 2, 1), date(2022, 12, 31)),
    st.lists(goals, max_size=2, unique_by=lambda one: one.until).map(tuple),
    st.lists(st.tuples(months, st.integers(0, 20)), max_size=5, unique_by=lambda one: one[0]).map(tuple),
    st.frozensets(st.integers(0, 3)),
    st.frozensets(st.integers(0, 3), max_size=2),
)


@contextmanager
def happened(year: Year) -> Iterator[Rig]:
    """A programme in which this happened to Pays de Martigues."""
    with begun_again() as rig:
        rig.put(LEAD, "periodes", periods(), on=date(2021, 6, 10))
        dates = {"experience": MARTIGUES, "debut": year.begins, "fin": year.ends}
        rig.put(LEAD, "dates_experimentations", [dates], on=date(2021, 6, 10))
        _decide(rig, year)
        if year.rows:
            rows = [diagnostics("martigues", month, number) for month, number in year.rows]
            rig.put("point-formation", TABLE, rows, on=date(2022, 8, 20))
        for rank in sorted(year.nothing):
            rig.nothing("point-formation", TABLE, QUARTERS[rank].code, on=date(2022, 8, 21))
        for rank in sorted(year.sent):
            _send(rig, QUARTERS[rank])
        yield rig


def _decide(rig: Rig, year: Year) -> None:
    rows = [
        {
            "experience": MARTIGUES,
            "indicateur": "AC6",
            "valeur": goal.value,
            "echeance": goal.until,
            "decision": "Comité",
            "decide_le": goal.decided,
        }
        for goal in year.goals
    ]
    if rows:
        rig.put(LEAD, "objectifs", rows, on=date(2022, 8, 25))
    bases = [goal.base for goal in year.goals if goal.base]
    if bases:
        value, day = bases[0]
        one = {"experience": MARTIGUES, "indicateur": "AC6", "valeur": value, "date": day}
        rig.put(LEAD, "valeurs_depart", [one], on=date(2022, 8, 25))


def _send(rig: Rig, quarter: Period) -> None:
    """Sent, when something was handed in and the experiment was running."""
    found = reporting.state_of(rig.registry, rig.store, MARTIGUES, quarter.code, TODAY)
    if found.state is None:
        return
    if not found.begun:
        with rig.store.writing(CLAIRE, moment(date(2022, 8, 22))) as writing:
            writing.declare_nothing("point-formation", "communication", quarter.code)
    at = datetime(2022, 8, 23, 9, tzinfo=UTC)
    reporting.transmit(Scope(rig.registry, rig.store, CLAIRE, at), MARTIGUES, quarter.code)


@pytest.mark.generated
@settings(
    max_examples=cases(200, 2_000),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(years, st.lists(days, min_size=1, max_size=2))
def test_a_status_agrees_with_what_it_prints_and_nothing_is_said_of_what_never_came(
    year: Year, looked_at: list[date]
) -> None:
    with happened(year) as rig:
        monitor = rig.monitor(TODAY)
        for until in (*(min(day, TODAY) for day in looked_at), TODAY):
            cell = monitor.compare(["AC6"], [MARTIGUES], until=until).cells["AC6", MARTIGUES]
            _agrees(year, cell, until)
            _says_no_more_than_it_knows(year, cell, until)
        for rank, quarter in enumerate(QUARTERS):
            (one,) = monitor.observe(["AC6"], [MARTIGUES], period=quarter)
            if not year.runs(quarter):
                assert one.missing_because is Missing.NOT_APPLICABLE
            elif one.numerator == 0:
                assert year.told(rank) or year.has_rows(quarter), "0 was said of a quarter that nobody told"


def _agrees(year: Year, cell: Cell, until: date) -> None:
    """Invariant 4."""
    standing, known = cell.standing, cell.observation.freshness.covers_until
    assert (standing.cause is not None) is (standing.progress is Progress.LATE)
    assert cause_text(standing) == ("Cause non donnée." if standing.progress is Progress.LATE else "")
    if standing.target is None:
        assert standing.progress is Progress.NO_TARGET and standing.done is None
        assert standing.later is None or standing.later.decided > until
        return
    assert standing.target.decided <= until
    if standing.done is None:
        return
    value, target = cell.observation.numerator, standing.target
    assert standing.done == pytest.approx(observation.way_done(value, target.value, standing.base))
    said = expected_text(standing)
    assert french.percent(100 * standing.done) in said
    if until > year.ends and target.until > year.ends and standing.done < 1:
        assert standing.progress is Progress.NO_DATA and "terminée" in said  # it has a target
        return
    if until > target.until:
        assert (standing.progress is Progress.LATE) is (standing.done < 1) is standing.missed
        if standing.missed:
            assert f"objectif du {french.day(target.until)} non atteint" in said
            assert known is None or f"données au {french.day(known)}" in said
        return
    clock = standing.clock
    assert clock is not None and not standing.missed
    assert clock.day <= min(until, known) and clock.expected == standing.expected
    assert (clock.start, clock.end) == (clock.start, min(year.ends, target.until))
    assert clock.start >= year.begins
    assert standing.expected == pytest.approx(observation.elapsed(clock.start, clock.end, clock.day))
    assert f"attendus au {french.day(clock.day)} (du {french.day(clock.start)} au {french.day(clock.end)})" in said
    gap = round(100 * (standing.done - standing.expected), 6)
    assert standing.gap == pytest.approx(gap)
    word = Progress.AHEAD if gap > 10 else Progress.LATE if gap < -10 else Progress.ON_TIME
    assert standing.progress is word


def _says_no_more_than_it_knows(year: Year, cell: Cell, until: date) -> None:
    """Invariant 5, and that a figure older than what is owed says so."""
    found = cell.observation
    if found.missing_because is Missing.NOT_APPLICABLE:
        return
    fresh = found.freshness
    owing = [
        quarter
        for rank, quarter in enumerate(QUARTERS)
        if year.runs(quarter) and quarter.start <= until and not year.told(rank)
    ]
    assert fresh.complete is (not owing)
    assert bool(wait_text(found)) or not owing
    assert fresh.covers_until is None or fresh.covers_until <= until
    if fresh.covers_until is not None and not owing:
        last = max((one.end for one in QUARTERS if year.runs(one) and one.start <= until), default=None)
        assert last is None or fresh.covers_until >= min(last, until)
    awaited = [one for one in owing if not year.has_rows(one)]
    assert (fresh.expected_since is not None) is bool(awaited)
