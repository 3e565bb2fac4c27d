"""« Non renseigné », « 0 », « sans objet » and « calcul impossible » are four different things."""

from __future__ import annotations

from datetime import date

import pytest

from core.domain.calendar import Period
from core.domain.observation import Missing
from tests.core.figures.rig import (
    LEAD,
    MARTIGUES,
    PLAN_D_AOU,
    RECHERCHE,
    SALON,
    Rig,
    diagnostics,
    handed_over,
)

T3, T4, NEXT = Period.quarter(2021, 3), Period.quarter(2021, 4), Period.quarter(2022, 1)
UNKNOWN, WITHOUT_OBJECT = Missing.NOT_REPORTED, Missing.NOT_APPLICABLE


def figure(rig: Rig, code: str = "AC6", experiment: str | None = MARTIGUES, **asked):
    (found,) = rig.monitor().observe([code], [experiment], **asked)
    return found


def handed_in(rig: Rig, on: date, month: date = date(2021, 11, 1)) -> None:
    rig.put("point-formation", "diagnostics", [diagnostics("martigues", month, 8)], on=on)


@pytest.mark.parametrize(
    ("on", "period", "number", "missing"),
    [
        (date(2022, 1, 5), None, 8, None),
        (date(2022, 1, 5), T4, 8, None),
        # The hour of a deposit tells nothing of the periods before it (figures.md, « What is known »): these
        # three were 0 because something had been handed in after their end.
        (date(2022, 1, 5), T3, None, UNKNOWN),
        (date(2021, 12, 31), T4, 8, None),  # a row is dated in it
        (date(2021, 12, 31), T3, None, UNKNOWN),
        (date(2022, 4, 1), NEXT, None, UNKNOWN),
        (date(2021, 12, 31), Period.month(2021, 12), None, UNKNOWN),
    ],
)
def test_a_period_is_known_when_a_row_tells_of_it_whatever_the_hour_of_the_deposit(
    quick: Rig, on: date, period: Period | None, number: int | None, missing: Missing | None
) -> None:
    handed_in(quick, on)
    found = figure(quick, period=period)
    assert (found.numerator, found.missing_because) == (number, missing)
    assert bool(found.reason) == (missing is not None)


def test_nothing_to_declare_is_a_zero_for_its_period_alone(rig: Rig) -> None:
    rig.nothing("point-formation", "diagnostics", "2021-T4", on=date(2021, 12, 20))
    assert figure(rig, period=T4).value == 0
    assert figure(rig, period=Period.month(2021, 11)).value == 0
    assert figure(rig, period=NEXT).missing_because is UNKNOWN
    assert figure(rig).value == 0


def test_another_association_does_not_report_for_this_one(quick: Rig) -> None:
    handed_in(quick, date(2022, 1, 5))
    assert figure(quick, experiment=SALON).missing_because is UNKNOWN
    assert figure(quick, experiment=None).value == 8


def test_an_undone_deposit_reports_nothing_any_more(quick: Rig) -> None:
    handed_in(quick, date(2022, 1, 5))
    with quick.store.writing(*undoer()) as writing:
        writing.undo(quick.store.latest())
    assert figure(quick).missing_because is UNKNOWN


def test_a_file_handed_in_twice_reports_nothing_once_its_rows_are_undone(quick: Rig) -> None:
    """What the second one received are the rows of the first: when these are gone, it holds no zero."""
    for day in (5, 6):
        handed_in(quick, date(2022, 1, day))
    with quick.store.writing(*undoer()) as writing:
        writing.undo(quick.store.latest())
    assert figure(quick).missing_because is UNKNOWN and figure(quick).value is None
    assert figure(quick, experiment=None).missing_because is UNKNOWN
    with quick.store.writing(*undoer()) as writing:
        writing.undo(quick.store.latest())
    assert figure(quick).value == 8, "the undo was undone"


def test_an_axis_that_is_not_tried_has_no_object(quick: Rig) -> None:
    found = figure(quick, "EQ5a", RECHERCHE)
    assert found.missing_because is WITHOUT_OBJECT
    assert "axe 1 (Équiper)" in found.reason


def test_a_period_before_the_start_has_no_object(quick: Rig) -> None:
    quick.put(LEAD, "dates_experimentations", [starts(MARTIGUES, date(2021, 10, 4)), starts(SALON, date(2021, 7, 1))])
    assert figure(quick, period=T3).missing_because is WITHOUT_OBJECT
    assert figure(quick, period=T4).missing_because is UNKNOWN
    assert figure(quick, experiment=SALON, period=T3).missing_because is UNKNOWN
    assert figure(quick, until=date(2021, 10, 3)).missing_because is WITHOUT_OBJECT


def test_a_denominator_of_zero_keeps_its_parts(quick: Rig) -> None:
    quick.put("ifac", "materiel", [handed_over("B1", "frais-vallon", date(2022, 2, 1))])
    found = figure(quick, "EQ7", PLAN_D_AOU)
    assert (found.numerator, found.denominator, found.value) == (0, 0, None)
    assert found.missing_because is UNKNOWN


def test_the_months_after_the_last_relevé_are_unknown(quick: Rig) -> None:
    handed_in(quick, date(2022, 1, 5))
    found = {one.month: one.missing_because for one in quick.monitor().observe(["AC6"], [MARTIGUES], by="month")}
    assert found[date(2021, 11, 1)] is None
    assert found[date(2021, 12, 1)] is UNKNOWN  # no relevé was sent: the deposit of January told November alone
    series = dict(quick.monitor().series("AC6", [MARTIGUES])[MARTIGUES])
    assert (series[date(2021, 11, 1)], series[date(2021, 12, 1)]) == (8, None)


def test_freshness_names_the_day_since_when_data_are_expected(quick: Rig) -> None:
    quick.put(LEAD, "periodes", periods())
    quick.put(LEAD, "dates_experimentations", [starts(MARTIGUES, date(2021, 10, 4))])
    handed_in(quick, date(2022, 1, 22))
    fresh = figure(quick).freshness
    assert fresh.deposited is not None
    assert fresh.deposited.date() == date(2022, 1, 22)
    # A row of November tells November; the fourth quarter waits for its relevé, the first of 2022 for anything.
    assert (fresh.covers_until, fresh.expected_since) == (date(2021, 11, 30), date(2022, 4, 11))
    assert fresh.unsent_since == date(2022, 1, 10)
    assert figure(quick, until=date(2021, 12, 31)).freshness.expected_since is None


def test_optional_datasets_are_never_expected(quick: Rig) -> None:
    quick.put(LEAD, "periodes", periods())
    assert figure(quick, "AC7", RECHERCHE).freshness.expected_since is None
    assert figure(quick, "AC6", RECHERCHE).freshness.expected_since == date(2021, 10, 7)


def test_the_past_is_looked_at_from_its_own_day(quick: Rig) -> None:
    quick.put(LEAD, "periodes", periods(), on=date(2021, 7, 5))
    quick.put(LEAD, "dates_experimentations", [starts(MARTIGUES, date(2021, 10, 4))], on=date(2021, 7, 5))
    handed_in(quick, date(2022, 1, 5))
    then = quick.store.latest()
    quick.put("anonymal", "diagnostics", [diagnostics("aix", date(2022, 5, 1), 2)], on=date(2022, 7, 2))
    assert figure(quick, revision=then).freshness.expected_since is None
    assert figure(quick).freshness.expected_since == date(2022, 4, 11)


def starts(experiment: str, day: date):
    return {"experience": experiment, "debut": day, "fin": date(2022, 12, 31)}


def periods():
    dues = [date(2021, 10, 7), date(2022, 1, 10), date(2022, 4, 11), date(2022, 7, 4)]
    quarters = [T3, T4, NEXT, NEXT.next]
    return [
        {"code": one.code, "debut": one.start, "fin": one.end, "echeance": due}
        for one, due in zip(quarters, dues, strict=True)
    ]


def undoer():
    from tests.core.figures.rig import SOMEBODY, moment

    return SOMEBODY, moment(date(2022, 1, 6))
