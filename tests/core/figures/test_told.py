"""Is this period told? One answer for the figures, the board of relevés, the points and the reminders."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from core import reporting
from core.contract.scope import Scope
from core.domain import french
from core.domain.access import Actor, Role
from core.domain.calendar import Period
from core.domain.observation import Missing, Progress
from core.domain.releve import PeriodTold, ReleveAction
from tests.core.figures.rig import (
    FRAIS_VALLON,
    LEAD,
    MARTIGUES,
    PLAN_D_AOU,
    Rig,
    diagnostics,
    handed_over,
)
from tests.core.figures.test_reported import NEXT, T3, T4, figure, periods, starts
from tests.core.figures.test_standing import cell, target

KARIM = Actor("Karim", Role.LEAD)


def done(rig: Rig, experiment: str, period: Period, deed: ReleveAction, at: datetime) -> None:
    """One deed on a relevé, by the people whose it is."""
    owner = Actor("Claire", Role.ASSOCIATION, rig.registry.experiment(experiment).association.code)
    if deed is ReleveAction.SENT:
        if not stated(rig, experiment, period, at.date()).begun:
            rig.nothing(owner.association or "", "communication", period.code, on=at.date() - timedelta(days=1))
        reporting.transmit(Scope(rig.registry, rig.store, owner, at), experiment, period.code)
    elif deed is ReleveAction.ACCEPTED:
        reporting.accept(Scope(rig.registry, rig.store, KARIM, at), experiment, period.code)
    else:
        reporting.give_back(Scope(rig.registry, rig.store, KARIM, at), experiment, period.code, "Une date")


def stated(rig: Rig, experiment: str, period: Period, today: date) -> reporting.Releve:
    return reporting.state_of(rig.registry, rig.store, experiment, period.code, today)


def calendar(rig: Rig) -> None:
    rig.put(LEAD, "periodes", periods(), on=date(2021, 7, 5))


# --- R1: sent on the last day of its quarter ------------------------------------------------


def test_a_relevé_sent_on_the_last_day_of_its_quarter_tells_it(quick: Rig) -> None:
    calendar(quick)
    last = datetime(2021, 9, 30, 15, 30, tzinfo=UTC)
    quick.put("ifac", "materiel", [handed_over("A1", "frais-vallon", date(2021, 9, 28))], on=date(2021, 9, 30))
    for one in (FRAIS_VALLON, PLAN_D_AOU):
        done(quick, one, T3, ReleveAction.SENT, last)
        done(quick, one, T3, ReleveAction.ACCEPTED, datetime(2021, 10, 1, 8, tzinfo=UTC))
    monitor = quick.monitor(date(2021, 10, 12))
    given, none = monitor.observe(["EQ5a"], [FRAIS_VALLON, PLAN_D_AOU], period=T3)
    assert (given.numerator, none.numerator) == (1, 0)
    assert none.missing_because is None or none.stands  # « 0 », and never « n’a rien transmis »
    for one in (given, none):
        fresh = one.freshness
        assert (fresh.expected_since, fresh.covers_until) == (None, date(2021, 9, 30))
        assert fresh.complete and fresh.accepted
    assert stated(quick, PLAN_D_AOU, T3, date(2021, 10, 12)).told is PeriodTold.TOLD


# --- R2: an experiment that ended -----------------------------------------------------------


def test_an_experiment_that_ended_owes_nothing_and_is_late_no_more(quick: Rig) -> None:
    calendar(quick)
    quick.put(LEAD, "dates_experimentations", [{**starts(MARTIGUES, date(2021, 10, 4)), "fin": date(2022, 3, 31)}])
    quick.put(LEAD, "objectifs", [target(MARTIGUES, 80)], on=date(2022, 1, 20))
    quick.put("point-formation", "diagnostics", [diagnostics("martigues", date(2022, 3, 1), 6)], on=date(2022, 4, 3))
    for one in (T4, NEXT):
        done(quick, MARTIGUES, one, ReleveAction.SENT, datetime(2022, 4, 5, 8, tzinfo=UTC))
    found = cell(quick, experiment=MARTIGUES)
    assert found.observation.freshness.expected_since is None
    assert found.observation.freshness.complete
    assert found.observation.freshness.covers_until == date(2022, 3, 31)
    assert found.standing.progress is Progress.NO_DATA  # it has a target: it is not « sans objectif »
    assert found.standing.target is not None and found.standing.clock is None
    assert f"terminée le {french.day(date(2022, 3, 31))}" in found.standing.reason
    assert figure(quick, period=NEXT.next).missing_because is Missing.NOT_APPLICABLE
    assert stated(quick, MARTIGUES, NEXT.next, date(2022, 7, 5)).told is PeriodTold.WITHOUT_OBJECT
    before = cell(quick, experiment=MARTIGUES, until=date(2022, 2, 28)).standing
    assert before.clock is not None and before.clock.end == date(2022, 3, 31)


# --- R6: a row of the next quarter ----------------------------------------------------------


def test_a_row_of_july_does_not_tell_the_second_quarter(quick: Rig) -> None:
    calendar(quick)
    quick.put(LEAD, "dates_experimentations", [starts(MARTIGUES, date(2021, 10, 4))])
    quick.put(LEAD, "objectifs", [target(MARTIGUES, 25, "EQ5a")], on=date(2022, 1, 20))
    quick.put("point-formation", "materiel", [handed_over("A1", "martigues", date(2022, 3, 3))], on=date(2022, 4, 3))
    for one in (T4, NEXT):
        done(quick, MARTIGUES, one, ReleveAction.SENT, datetime(2022, 4, 5, 8, tzinfo=UTC))
    before = cell(quick, "EQ5a", MARTIGUES)
    quick.put("point-formation", "materiel", [handed_over("A2", "martigues", date(2022, 7, 4))], on=date(2022, 7, 5))
    after = cell(quick, "EQ5a", MARTIGUES)
    for one in (before, after):
        assert one.observation.freshness.expected_since == date(2022, 7, 4)
        assert one.observation.freshness.covers_until == date(2022, 3, 31)
        assert not one.observation.freshness.complete
    assert before.standing.clock == after.standing.clock
    quick.put("anonymal", "materiel", [handed_over("B1", "aix-en-provence", date(2022, 6, 3))], on=date(2022, 7, 5))
    whole = quick.monitor(date(2022, 7, 5)).observe(["EQ5a"], [None])[0].freshness
    assert (whole.covers_until, whole.oldest) == (date(2022, 6, 3), date(2022, 3, 31))
    assert stated(quick, MARTIGUES, NEXT.next, date(2022, 7, 5)).awaited


# --- partly told, « rien à déclarer », returned ----------------------------------------------


def test_rows_of_a_period_that_was_not_sent_are_shown_incomplete(quick: Rig) -> None:
    calendar(quick)
    rows = [diagnostics("martigues", month, 8) for month in (date(2021, 8, 1), date(2021, 11, 1))]
    quick.put("point-formation", "diagnostics", rows, on=date(2021, 12, 1))
    done(quick, MARTIGUES, T3, ReleveAction.SENT, datetime(2021, 12, 2, 8, tzinfo=UTC))
    found = quick.monitor(date(2022, 1, 15)).observe(["AC6"], [MARTIGUES])[0].freshness
    assert (found.unsent_since, found.expected_since) == (date(2022, 1, 10), None)
    assert found.covers_until == date(2021, 11, 30)  # a row of November speaks of the whole month
    assert not found.complete and not found.accepted


@pytest.mark.parametrize(
    ("deed", "told"), [(ReleveAction.RETURNED, PeriodTold.TOLD), (ReleveAction.ACCEPTED, PeriodTold.TOLD)]
)
def test_a_relevé_sent_once_stays_told(quick: Rig, deed: ReleveAction, told: PeriodTold) -> None:
    calendar(quick)
    quick.put("point-formation", "diagnostics", [diagnostics("martigues", date(2021, 8, 1), 8)], on=date(2021, 10, 1))
    done(quick, MARTIGUES, T3, ReleveAction.SENT, datetime(2021, 10, 2, 8, tzinfo=UTC))
    done(quick, MARTIGUES, T3, deed, datetime(2021, 10, 3, 8, tzinfo=UTC))
    assert stated(quick, MARTIGUES, T3, date(2021, 10, 12)).told is told
    found = quick.monitor(date(2021, 10, 12)).observe(["AC6"], [MARTIGUES])[0].freshness
    assert found.accepted is (deed is ReleveAction.ACCEPTED)
    assert (found.provisional_since is None) is (deed is ReleveAction.ACCEPTED)


def test_nothing_to_declare_of_every_table_tells_a_period_without_a_sending(quick: Rig) -> None:
    calendar(quick)
    term = next(
        one for one in reporting.board(quick.registry, quick.store, date(2021, 9, 1)) if one.experiment == MARTIGUES
    )
    for code in sorted(term.term.tables):
        assert not stated(quick, MARTIGUES, T3, date(2021, 10, 12)).declared
        quick.nothing("point-formation", code, "2021-T3", on=date(2021, 10, 1))
    found = stated(quick, MARTIGUES, T3, date(2021, 10, 12))
    assert (found.told, found.awaited, found.days_late) == (PeriodTold.TOLD, False, 0)


def test_a_due_date_moved_after_the_fact_rewrites_nobody_s_delay(quick: Rig) -> None:
    calendar(quick)
    quick.put("point-formation", "diagnostics", [diagnostics("martigues", date(2021, 8, 1), 8)], on=date(2021, 10, 19))
    done(quick, MARTIGUES, T3, ReleveAction.SENT, datetime(2021, 10, 19, 8, tzinfo=UTC))
    moved = [{**one, "echeance": date(2021, 12, 31)} for one in periods()[:1]]
    quick.put(LEAD, "periodes", moved, on=date(2021, 11, 5))
    found = stated(quick, MARTIGUES, T3, date(2021, 12, 1))
    assert (found.due, found.days_late) == (date(2021, 10, 7), 12)
    assert found.due_changed == date(2021, 11, 5)
    other = stated(quick, FRAIS_VALLON, T3, date(2021, 12, 1))  # never sent: it has the time that it was given
    assert (other.due, other.days_late) == (date(2021, 12, 31), 0)


def test_without_any_period_a_quarter_is_told_by_what_is_said_of_it_alone(quick: Rig) -> None:
    quick.put("point-formation", "diagnostics", [diagnostics("martigues", date(2021, 11, 1), 8)], on=date(2022, 1, 5))
    found = figure(quick, period=T4)
    assert (found.numerator, found.freshness.covers_until) == (8, date(2021, 11, 30))
    assert found.freshness.expected_since is None and found.freshness.complete
    assert figure(quick, period=T3).missing_because is Missing.NOT_REPORTED
    quick.nothing("point-formation", "diagnostics", "2021-T3", on=date(2022, 1, 5))
    assert figure(quick, period=T3).numerator == 0
