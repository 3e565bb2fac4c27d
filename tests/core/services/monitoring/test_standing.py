"""A figure stands where the time that its data cover would have it."""

from __future__ import annotations

from datetime import date

import pytest

from core.domain.observation import Progress
from core.domain.period import Period
from tests.core.services.monitoring.rig import AIX, LEAD, MARTIGUES, SALON, Rig, diagnostics
from tests.core.services.monitoring.test_reported import periods, starts

END = date(2022, 12, 31)


def target(experiment: str | None, value: float, code: str = "AC6", until: date = END, **cells):
    return {
        "experience": experiment,
        "indicateur": code,
        "valeur": value,
        "echeance": until,
        "decision": "Comité n° 1",
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
    begun(quick)  # on 5 July 2022, 67.4 % of the eighteen months have passed
    quick.put(LEAD, "objectifs", [target(AIX, 100)])
    quick.put("anonymal", "diagnostics", [diagnostics("aix", date(2021, 11, 1), number)], on=date(2022, 7, 2))
    found = cell(quick).standing
    assert (found.progress, found.target.value, found.done) == (progress, 100, number / 100)


def test_late_data_are_compared_at_the_day_that_they_cover(rig: Rig) -> None:
    begun(rig)
    rig.put(LEAD, "objectifs", [target(MARTIGUES, 100)])
    rig.put("point-formation", "diagnostics", [diagnostics("martigues", date(2022, 2, 1), 55)], on=date(2022, 4, 23))
    found = cell(rig, experiment=MARTIGUES)
    assert found.observation.freshness.covers_until == date(2022, 3, 31)
    assert found.standing.progress is Progress.ON_TIME
    assert round(found.standing.expected, 3) == 0.499
    rig.put("point-formation", "diagnostics", [diagnostics("martigues", date(2022, 3, 1), 0)], on=date(2022, 7, 5))
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
    rows = [diagnostics("aix", date(2021, 11, 1), 3), diagnostics("aix", date(2022, 5, 1), 4)]
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
    quick.put(LEAD, "objectifs", [target(AIX, 10), target(AIX, 10, "CO1"), target(AIX, 10, "AC3a")])
    quick.put("anonymal", "diagnostics", [diagnostics("aix", date(2021, 11, 1), 7)])
    found = cell(quick, "TR4").observation
    assert (found.numerator, found.denominator) == (2, 3)
    assert quick.monitor().rows_behind("TR4", AIX).count == 3
