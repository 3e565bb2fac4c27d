"""A figure stands where the time that its data cover would have it."""

from __future__ import annotations

from datetime import date

import pytest

from core import reporting
from core.contract.scope import Scope
from core.depositing.reference_tables import move_due_date
from core.domain import french
from core.domain.access import Actor, Role
from core.domain.calendar import Period
from core.domain.change import change_text, late_text
from core.domain.figure_text import apart_text, cause_text, expected_text, shown_cell, target_text
from core.domain.observation import Clock, Missing, Progress
from core.errors import Refused
from tests.core.figures.rig import (
    AIX,
    LEAD,
    MARTIGUES,
    RECHERCHE,
    SALON,
    Rig,
    computer,
    diagnostics,
    handed_over,
    moment,
)
from tests.core.figures.test_observe import building, connection
from tests.core.figures.test_reported import periods, starts

END = date(2022, 12, 31)


def target(experiment: str | None, value: float, code: str = "AC6", until: date = END, **cells):
    return {
        "experience": experiment,
        "indicateur": code,
        "valeur": value,
        "echeance": until,
        "decision": "Comité n° 1",
        "decide_le": date(2021, 7, 1),
        **cells,
    }


def cell(rig: Rig, code: str = "AC6", experiment: str | None = AIX, **asked):
    return rig.monitor().compare([code], **asked).cells[code, experiment]


def begun(rig: Rig) -> None:
    rig.put(LEAD, "dates_experimentations", [starts(AIX, date(2021, 7, 1)), starts(MARTIGUES, date(2021, 10, 4))])
    rig.put(LEAD, "periodes", periods())


@pytest.mark.parametrize(
    ("number", "progress"),
    [
        (78, Progress.AHEAD),
        (76, Progress.ON_TIME),
        (58, Progress.ON_TIME),
        (56, Progress.LATE),
    ],
)
def test_ten_points_around_the_share_of_time_are_on_time(quick: Rig, number: int, progress: Progress) -> None:
    begun(quick)  # the data speak of 30 June 2022, when 66.5 % of the eighteen months have passed
    quick.put(LEAD, "objectifs", [target(AIX, 100)])
    rows = [diagnostics("aix", date(2021, 11, 1), number), diagnostics("aix", date(2022, 6, 1), 0)]
    quick.put("anonymal", "diagnostics", rows, on=date(2022, 7, 2))
    found = cell(quick).standing
    assert (found.progress, found.target.value, found.done) == (progress, 100, number / 100)


def test_late_data_are_compared_at_the_day_that_they_cover(rig: Rig) -> None:
    begun(rig)
    rig.put(LEAD, "objectifs", [target(MARTIGUES, 100)])
    rig.put("point-formation", "diagnostics", [diagnostics("martigues", date(2022, 3, 1), 45)], on=date(2022, 4, 23))
    found = cell(rig, experiment=MARTIGUES)
    assert found.observation.freshness.covers_until == date(2022, 3, 31)
    assert found.standing.progress is Progress.ON_TIME
    # Its own clock, from 4 October 2021: 39 %, where the programme's said 50 % (figures.md, « The clock »).
    assert round(found.standing.expected, 3) == 0.394
    assert found.standing.clock == Clock(date(2021, 10, 4), END, date(2022, 3, 31), found.standing.expected)
    rig.put("point-formation", "diagnostics", [diagnostics("martigues", date(2022, 6, 1), 0)], on=date(2022, 7, 5))
    assert cell(rig, experiment=MARTIGUES).standing.progress is Progress.LATE


def test_without_a_target_nothing_is_judged(quick: Rig) -> None:
    begun(quick)
    quick.put("anonymal", "diagnostics", [diagnostics("aix", date(2021, 11, 1), 3)])
    assert cell(quick).standing.progress is Progress.NO_TARGET


def test_the_next_target_to_fall_due_is_the_one_read(quick: Rig) -> None:
    begun(quick)
    quick.put(LEAD, "objectifs", [target(AIX, 50, until=date(2022, 6, 30)), target(AIX, 100)])
    quick.put("anonymal", "diagnostics", [diagnostics("aix", date(2021, 11, 1), 3)])
    assert cell(quick).standing.target.value == 100
    assert cell(quick, until=date(2022, 6, 30)).standing.target.value == 50


def test_a_figure_that_is_not_shown_is_not_judged(quick: Rig) -> None:
    """« En retard » stood above « Non renseigné »: no threshold is fixed, so nobody can say how many reached theirs."""
    begun(quick)
    quick.put(LEAD, "objectifs", [target(AIX, 3, "CO4")])
    quick.put("anonymal", "immeubles", [building("AX-01", "aix")])
    quick.put("anonymal", "raccordements", [connection("AX-01", 12, 5)])
    found = cell(quick, "CO4")
    assert shown_cell(found, headline="numerator").missing is Missing.NOT_REPORTED
    assert found.standing.progress is Progress.NO_DATA


def test_a_recorded_direction_turns_the_target_into_a_ceiling(quick: Rig) -> None:
    begun(quick)
    quick.put(LEAD, "objectifs", [target(AIX, 10, sens="baisse")])
    quick.put("anonymal", "diagnostics", [diagnostics("aix", date(2021, 11, 1), 3)])
    assert cell(quick).standing.progress is Progress.ON_TIME


def test_a_blocked_milestone_stops_the_figures_of_its_axis(quick: Rig) -> None:
    begun(quick)
    blocked = {
        "code_jalon": "J1",
        "libelle": "Convention",
        "date_prevue": date(2022, 1, 1),
        "statut": "Bloqué",
        "cause": "Travaux du bailleur.",
        "prochaine_action": "Réunion en septembre",
        "lieu": "salon",
        "axe": 2,
    }
    quick.put("anonymal", "jalons", [blocked])
    found = cell(quick, "CO2", SALON).standing
    assert found.progress is Progress.BLOCKED
    assert found.reason == "Travaux du bailleur. Prochaine action\u202f: Réunion en septembre."
    assert cell(quick, "EQ5a", SALON).standing.progress is Progress.NO_TARGET
    assert cell(quick, "CO2", AIX).standing.progress is Progress.NO_TARGET
    quick.put("anonymal", "jalons", [{**blocked, "date_reelle": date(2022, 6, 1), "statut": "Terminé"}])
    assert cell(quick, "CO2", SALON).standing.progress is Progress.NO_TARGET


def test_the_figure_before_is_that_of_the_quarter_before(quick: Rig) -> None:
    begun(quick)
    rows = [diagnostics("aix", *one) for one in ((date(2021, 11, 1), 3), (date(2022, 2, 1), 0), (date(2022, 5, 1), 4))]
    quick.put("anonymal", "diagnostics", rows)
    found = cell(quick)
    assert (found.observation.value, found.before.value) == (7, 3)
    found = cell(quick, period=Period.quarter(2022, 2))
    assert (found.observation.value, found.before.value) == (4, 0)


def test_a_period_is_judged_by_its_total_since_the_start(quick: Rig) -> None:
    begun(quick)
    quick.put(LEAD, "objectifs", [target(AIX, 10)])
    rows = [diagnostics("aix", date(2021, 11, 1), 6), diagnostics("aix", date(2022, 5, 1), 1)]
    quick.put("anonymal", "diagnostics", rows)
    found = cell(quick, period=Period.quarter(2022, 2))
    assert (found.observation.value, found.standing.done) == (1, 0.7)


def test_targets_on_time_are_counted(quick: Rig) -> None:
    begun(quick)
    quick.put(LEAD, "objectifs", [target(AIX, 10), target(AIX, 10, "BE1"), target(AIX, 10, "AC3a")])
    quick.put("anonymal", "diagnostics", [diagnostics("aix", date(2021, 11, 1), 7)])
    found = cell(quick, "TR4").observation
    assert (found.numerator, found.denominator) == (2, 3)
    assert quick.monitor().rows_behind("TR4", AIX).count == 3


# --- through time (issue 9, 10d) ------------------------------------------------------------


def told_until_june(quick: Rig, number: int) -> None:
    rows = [diagnostics("aix", date(2022, 5, 1), number), diagnostics("aix", date(2022, 6, 1), 0)]
    quick.put("anonymal", "diagnostics", rows, on=date(2022, 7, 2))


def test_a_starting_value_moves_both_ends_of_the_way(quick: Rig) -> None:
    begun(quick)
    quick.put(LEAD, "objectifs", [target(AIX, 70)])
    start = {"experience": AIX, "indicateur": "AC6", "valeur": 50, "date": date(2022, 6, 1)}
    quick.put(LEAD, "valeurs_depart", [start])
    told_until_june(quick, 52)
    found = cell(quick).standing
    assert (found.base, found.done) == (50, 0.1)  # 2 of the 20 that are to be done, and not 74 %
    assert found.clock is not None
    assert found.clock.start == date(2022, 6, 1)
    assert found.progress is Progress.ON_TIME
    days = [french.day(day) for day in (date(2022, 6, 30), date(2022, 6, 1), END)]
    said = "10\u202f% du chemin de 50 à 70, 14\u202f% attendus au {} (du {} au {})"
    assert expected_text(found) == said.format(*days)
    early = cell(quick, until=date(2022, 5, 31)).standing  # nobody had read the starting value yet
    assert early.base is None


@pytest.mark.parametrize(("number", "missed"), [(24, True), (29, True), (30, False)])
def test_after_the_target_s_day_silence_keeps_no_status(quick: Rig, number: int, missed: bool) -> None:
    begun(quick)
    quick.put(LEAD, "objectifs", [target(AIX, 30, until=date(2022, 7, 31))])
    told_until_june(quick, number)
    for today in (date(2022, 8, 31), date(2031, 8, 31)):
        found = quick.monitor(today).compare(["AC6"]).cells["AC6", AIX].standing
        assert found.missed is missed
        assert (found.progress is Progress.LATE) is missed
        assert found.expected == 1
        if missed:
            days = french.day(date(2022, 7, 31)), french.day(date(2022, 6, 30))
            assert found.reason == "Objectif du {} non atteint (données au {}).".format(*days)


def test_a_target_decided_later_is_told_and_judges_nothing(quick: Rig) -> None:
    begun(quick)
    quick.put(LEAD, "objectifs", [target(AIX, 30, decide_le=date(2022, 1, 20))])
    told_until_june(quick, 3)
    rows = [diagnostics("aix", date(2021, 8, 1), 1)]
    quick.put("anonymal", "diagnostics", rows, on=date(2022, 7, 2))
    then = cell(quick, until=date(2021, 12, 31))
    assert (then.standing.target, then.standing.progress) == (None, Progress.NO_TARGET)
    assert target_text(then) == f"objectif\xa030, fixé le {french.day(date(2022, 1, 20))}"
    assert cell(quick, until=date(2022, 1, 20)).standing.target is not None


def test_a_replaced_target_still_judges_the_days_before(quick: Rig) -> None:
    begun(quick)
    first = target(AIX, 20, until=date(2022, 6, 30), decide_le=None)
    quick.put(LEAD, "objectifs", [first], on=date(2021, 10, 14))
    key = f"{AIX}|AC6|2022-06-30"
    quick.put(LEAD, "objectifs", [target(AIX, 30, decide_le=None)], on=date(2022, 1, 20), remove=[key])
    told_until_june(quick, 3)
    found = {day: cell(quick, until=day).standing.target for day in DAYS}
    assert [one and one.value for one in found.values()] == [None, 20, 20, 30]


DAYS = (date(2021, 10, 13), date(2021, 10, 14), date(2022, 1, 19), date(2022, 1, 20))


def test_a_block_stops_the_period_whose_relevé_told_it_and_none_before(quick: Rig) -> None:
    begun(quick)
    blocked = {
        "code_jalon": "J1",
        "libelle": "Convention",
        "date_prevue": date(2021, 12, 15),
        "statut": "Bloqué",
        "cause": "Travaux.",
        "lieu": "salon",
        "axe": 2,
    }
    quick.put("anonymal", "jalons", [blocked], on=date(2022, 1, 5))  # with the relevé of the fourth quarter
    assert cell(quick, "CO2", SALON, until=date(2021, 12, 31)).standing.progress is Progress.BLOCKED
    assert cell(quick, "CO2", SALON, until=date(2021, 9, 30)).standing.progress is Progress.NO_TARGET
    reached = {**blocked, "statut": "Terminé", "date_reelle": date(2022, 4, 20)}
    quick.put("anonymal", "jalons", [reached], on=date(2022, 5, 2))
    assert cell(quick, "CO2", SALON, until=date(2022, 3, 31)).standing.progress is Progress.BLOCKED
    assert cell(quick, "CO2", SALON).standing.progress is Progress.NO_TARGET


def test_a_delay_bears_the_cause_of_the_narrative_else_of_a_milestone(quick: Rig) -> None:
    begun(quick)
    quick.put(LEAD, "objectifs", [target(SALON, 100, "EQ5a")])
    machine = handed_over("A1", "salon", date(2022, 6, 30))
    quick.put("anonymal", "materiel", [machine], on=date(2022, 7, 2))
    assert cell(quick, "EQ5a", SALON).standing.cause == ""
    overdue = {
        "code_jalon": "J1",
        "libelle": "Local",
        "date_prevue": date(2022, 3, 1),
        "statut": "En retard",
        "cause": "Pas de local.",
        "lieu": "salon",
        "axe": 1,
    }
    quick.put("anonymal", "jalons", [overdue], on=date(2022, 7, 2))
    assert cell(quick, "EQ5a", SALON).standing.cause == "Pas de local."
    claire = Actor("Claire", Role.ASSOCIATION, "anonymal")
    reporting.tell(
        Scope(quick.registry, quick.store, claire, moment(date(2022, 7, 3))),
        SALON,
        "2022-T2",
        "",
        cause="Peu de relais",
        axis=1,
    )
    found = cell(quick, "EQ5a", SALON).standing
    assert found.cause == "Peu de relais (récit du 2e trimestre 2022)."
    assert cause_text(found).startswith("Cause : Peu de relais")
    assert cell(quick, "EQ5a", AIX).standing.cause is None


@pytest.mark.parametrize(
    ("axis", "period", "cause"),
    [
        (1, "2022-T2", "Peu de relais (récit du 2e trimestre 2022)."),
        (2, "2022-T2", "Pas de local."),  # of another axis than the one that is late
        (None, "2022-T2", "Pas de local."),  # what is said of the axis comes before what is said of all
        (1, "2022-T1", "Pas de local."),  # of another quarter than the one that the figure speaks of
    ],
)
def test_a_cause_is_of_the_axis_and_of_the_quarter_that_are_late(
    quick: Rig, axis: int | None, period: str, cause: str
) -> None:
    begun(quick)
    quick.put(LEAD, "objectifs", [target(SALON, 100, "EQ5a")])
    quick.put("anonymal", "materiel", [handed_over("A1", "salon", date(2022, 6, 30))], on=date(2022, 7, 2))
    late = {"code_jalon": "J1", "libelle": "Local", "date_prevue": date(2022, 3, 1), "statut": "En retard"}
    quick.put(
        "anonymal", "jalons", [{**late, "cause": "Pas de local.", "lieu": "salon", "axe": 1}], on=date(2022, 7, 2)
    )
    reporting.tell(
        Scope(quick.registry, quick.store, Actor("Claire", Role.ASSOCIATION, "anonymal"), moment(date(2022, 7, 3))),
        SALON,
        period,
        "",
        cause="Peu de relais",
        axis=axis,
    )
    assert cell(quick, "EQ5a", SALON).standing.cause == cause


def test_no_rate_of_a_quarter_passes_a_hundred(quick: Rig) -> None:
    begun(quick)
    old = computer("A1", date_test=date(2022, 2, 3), lieu="aix")  # received in 2021, tested in the first quarter
    new = [
        computer(f"B{n}", date_reception=date(2022, 1, 27), date_test=day, lieu="aix") for n, day in enumerate(TESTED)
    ]
    quick.put("anonymal", "materiel", [old, *new], on=date(2022, 4, 2))
    (found,) = quick.monitor().observe(["EQ2"], [AIX], period=Period.quarter(2022, 1))
    assert (found.numerator, found.denominator) == (1, 3)  # of the three received, one was tested by 31 March
    assert quick.monitor().rows_behind("EQ2", AIX, period=Period.quarter(2022, 1)).count == 1
    (whole,) = quick.monitor().observe(["EQ2"], [AIX])
    assert (whole.numerator, whole.denominator) == (3, 4)


TESTED = (date(2022, 2, 1), date(2022, 4, 20), None)


def test_a_due_date_that_moves_leaves_the_past_its_target(quick: Rig) -> None:
    """Who was late before the decision stays late then, although it was written down some days after."""
    begun(quick)
    quick.put("anonymal", "diagnostics", [diagnostics("aix", date(2021, 9, 1), 10)], on=date(2022, 1, 3))
    first = target(AIX, 100, until=date(2022, 3, 31), decide_le=date(2021, 9, 1))
    quick.put(LEAD, "objectifs", [first], on=date(2022, 1, 4))
    before = cell(quick, "AC6", AIX, until=date(2022, 3, 31)).standing
    assert before.progress is Progress.LATE
    (row,) = quick.store.rows(LEAD, "objectifs").to_dicts()
    edits = move_due_date(row, date(2023, 12, 31), "Comité n° 3", date(2022, 4, 20))
    quick.put(LEAD, "objectifs", list(edits.added), on=date(2022, 5, 2), remove=list(edits.removed))
    assert cell(quick, "AC6", AIX, until=date(2022, 3, 31)).standing == before
    held = {
        day: cell(quick, "AC6", AIX, until=day).standing.target
        for day in (date(2022, 4, 19), date(2022, 4, 20), date(2022, 6, 30))
    }
    assert [one.until for one in held.values() if one] == [first["echeance"], date(2023, 12, 31), date(2023, 12, 31)]


@pytest.mark.parametrize(
    ("due", "decided"), [(date(2022, 3, 31), date(2022, 4, 20)), (date(2023, 3, 31), date(2021, 9, 1))]
)
def test_a_due_date_moves_by_a_later_decision(due: date, decided: date) -> None:
    first = {**target(AIX, 100, until=date(2022, 3, 31), decide_le=date(2021, 9, 1)), "_key": "k"}
    with pytest.raises(Refused):
        move_due_date(first, due, "Comité n° 3", decided)


def test_an_age_moves_by_the_clock_and_has_no_change(quick: Rig) -> None:
    """« −97 en corrigeant »: a deposit made it younger, nobody corrected it."""
    begun(quick)
    quick.put("anonymal", "materiel", [handed_over("A1", "salon", date(2022, 6, 30))], on=date(2022, 7, 2))
    found = cell(quick, "TR5b", SALON)
    assert found.observation.value is not None and found.before is None
    assert change_text(found) == late_text(found) == ""


def test_who_owes_and_never_gave_anything_is_named_beside_the_oldest(quick: Rig) -> None:
    silent = "expérimentations n’ont rien transmis"
    quick.put("point-formation", "diagnostics", [diagnostics("martigues", date(2022, 3, 1), 6)], on=date(2022, 4, 3))
    (total,) = quick.monitor().observe(["TR5b"], [None])
    assert total.value == 93 and apart_text(total) == f"5 {silent}"
    over = {"experience": RECHERCHE, "debut": date(2021, 7, 1), "fin": date(2022, 3, 31)}
    quick.put(LEAD, "dates_experimentations", [over])
    (total,) = quick.monitor().observe(["TR5b"], [None])
    assert apart_text(total) == f"4 {silent}", "nothing is owed after the end"
