"""Every figure of the story comes out of the indicators, computed from the rows deposited."""

from __future__ import annotations

from datetime import date

import pytest

from core.demonstration import story
from core.demonstration.story import CT2, CT3, CT6, EXPERIMENTS, FRAIS_VALLON, PLAN_D_AOU, QUARTERS, RECHERCHE
from core.domain.calendar import Period
from core.domain.figure_text import apart_text
from core.domain.observation import Clock, Missing, Observation, Progress
from tests.core.demonstration.conftest import Demo

END = QUARTERS[3].end
PROGRAMME = None


def observed(
    demo: Demo,
    code: str,
    experiment: str | None = None,
    *,
    until: date | None = None,
    period: Period | None = None,
    revision: int | None = None,
) -> Observation:
    (found,) = demo.monitor.observe([code], [experiment], until=until, period=period, revision=revision)
    return found


def count(demo: Demo, code: str, experiment: str | None = None, **when: object) -> float | None:
    return observed(demo, code, experiment, **when).numerator


def parts(demo: Demo, code: str, experiment: str | None = None, **when: object) -> tuple[float | None, float | None]:
    found = observed(demo, code, experiment, **when)
    return found.numerator, found.denominator


# --- 2. the equipment ---------------------------------------------------------------------


@pytest.mark.parametrize("number", range(4))
def test_received_computers_grow_as_told(before: Demo, number: int) -> None:
    assert parts(before, "EQ1a", until=QUARTERS[number].end) == (story.RECEIVED_CUMULATED[number], 455)


def test_received_screens_are_180_of_202(before: Demo) -> None:
    assert parts(before, "EQ1b") == (180, 202)


@pytest.mark.parametrize(("experiment", "computers", "screens"), [(CT2, 229, 104), (CT3, 180, 76)])
def test_received_units_stand_by_experiment(before: Demo, experiment: str, computers: int, screens: int) -> None:
    assert count(before, "EQ1a", experiment) == computers
    assert count(before, "EQ1b", experiment) == screens


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("pool", [CT2, CT3])
def test_tests_and_refurbishing_grow_as_told(before: Demo, pool: str, number: int) -> None:
    until = QUARTERS[number].end
    assert count(before, "EQ2", pool, until=until) == story.TESTED[pool][number]
    assert parts(before, "EQ3", pool, until=until) == (story.REFURBISHED[pool][number], story.TESTED[pool][number])


def test_reuse_is_262_of_388(before: Demo) -> None:
    found = observed(before, "EQ3")
    assert (found.numerator, found.denominator) == (262, 388)
    assert found.value == pytest.approx(67.5, abs=0.05)
    assert parts(before, "EQ2") == (388, 409)


TABLE = {
    CT2: (0, 19, 31, 34),
    CT3: (0, 8, 20, 24),
    FRAIS_VALLON: (0, 0, 10, 14),
    PLAN_D_AOU: (0, 0, 0, 13),
    PROGRAMME: (0, 27, 67, 85),
}


@pytest.mark.parametrize("experiment", TABLE)
@pytest.mark.parametrize("number", range(4))
def test_computers_handed_over_are_those_of_the_table(before: Demo, experiment: str | None, number: int) -> None:
    assert count(before, "EQ5a", experiment, period=QUARTERS[number]) == TABLE[experiment][number]


@pytest.mark.parametrize(
    ("experiment", "handed_over", "ready"),
    [(CT2, 84, 99), (CT3, 52, 89), (FRAIS_VALLON, 24, 28), (PLAN_D_AOU, 13, 22), (CT6, 6, 10), (PROGRAMME, 179, 262)],
)
def test_handed_over_computers_stand_over_those_ready_where_they_are(
    before: Demo, experiment: str | None, handed_over: int, ready: int
) -> None:
    """What left the workshop is ready elsewhere: 149 and 113 were refurbished, 50 and 24 of them sent on."""
    assert parts(before, "EQ5a", experiment) == (handed_over, ready)


@pytest.mark.parametrize(
    ("experiment", "screens", "ready"),
    [(CT2, 51, 52), (CT3, 33, 46), (FRAIS_VALLON, 15, 18), (PLAN_D_AOU, 8, 12), (CT6, 4, 5), (PROGRAMME, 111, 142)],
)
def test_handed_over_screens_stand_over_the_good(
    before: Demo, experiment: str | None, screens: int, ready: int
) -> None:
    assert parts(before, "EQ5b", experiment) == (screens, ready)


def test_parts_and_what_is_in_transit_make_the_programme(before: Demo) -> None:
    everybody = (CT2, CT3, CT6, FRAIS_VALLON, PLAN_D_AOU)
    ready, waiting = observed(before, "EQ5a"), observed(before, "EQ11")
    assert sum(parts(before, "EQ5a", one)[1] for one in everybody) + 14 == ready.denominator == 262
    assert [one.words for one in (*ready.apart, *waiting.apart)] == ["en transit", "en transit"]
    assert apart_text(waiting) == "dont 14 en transit"
    assert apart_text(ready) == "parmi les 262, 14 en transit"
    assert [count(before, "EQ11", one) for one in everybody] == [15, 37, 4, 4, 9]
    assert waiting.numerator == 83


@pytest.mark.parametrize(
    ("experiment", "days"), [(CT2, 106), (CT3, 133), (CT6, 181), (FRAIS_VALLON, 185.5), (PLAN_D_AOU, 132), (None, 126)]
)
def test_the_delay_runs_from_the_first_reception(before: Demo, experiment: str | None, days: float) -> None:
    """One clock for all: 42, 26 and 29 days at the relays were counted from the transfer, and 104 for the programme."""
    assert observed(before, "EQ9", experiment).value == days


def test_the_cost_of_a_refurbished_computer_lies_between_its_parts(before: Demo) -> None:
    """It was 215.64 € by computer handed over, below both of its parts (260.71 and 321.15 €)."""
    values = [observed(before, "EQ10", one).value for one in (CT2, None, CT3)]
    assert [round(value or 0, 2) for value in values] == [146.98, 147.33, 147.79]


def by_place(demo: Demo, code: str, experiment: str | None, **when: object) -> dict[str | None, float | None]:
    return {one.place: one.numerator for one in demo.monitor.observe([code], [experiment], by="place", **when)}


def test_computers_stand_by_place_and_quarter(before: Demo) -> None:
    for number, quarter in enumerate(QUARTERS):
        found = by_place(before, "EQ5a", PROGRAMME, period=quarter)
        told = {place: given[number] for place, given in story.HANDED_OVER.items()}
        assert {place: found.get(place) or 0 for place in told} == told


def test_nothing_is_said_for_martigues_in_the_last_quarter(before: Demo) -> None:
    found = observed(before, "EQ5a", CT6, period=QUARTERS[3])
    assert found.missing_because is Missing.NOT_REPORTED
    assert found.value is None
    assert [count(before, "EQ5a", CT6, period=QUARTERS[n]) for n in (1, 2)] == [0, 6]


def test_the_first_quarter_has_no_object_at_martigues(before: Demo) -> None:
    assert observed(before, "EQ5a", CT6, period=QUARTERS[0]).missing_because is Missing.NOT_APPLICABLE


def test_live_deposit_adds_twelve_computers(after: Demo) -> None:
    assert parts(after, "EQ5a", CT6) == (18, 24)
    assert parts(after, "EQ5b", CT6) == (11, 14)
    assert parts(after, "EQ5a") == (191, 262)
    assert parts(after, "EQ5b") == (118, 142)
    assert count(after, "EQ5a", CT6, period=QUARTERS[3]) == 12
    assert count(after, "EQ5a", period=QUARTERS[3]) == 97
    assert {"martigues": 11, "port-de-bouc": 7}.items() <= by_place(after, "EQ5a", CT6).items()
    last = by_place(after, "EQ5a", CT6, period=QUARTERS[3])
    assert {"martigues": 5, "port-de-bouc": 7}.items() <= last.items()


BENEFICIARIES = {
    CT2: (31, 53),
    CT3: (12, 40),
    CT6: (2, 4),
    FRAIS_VALLON: (5, 19),
    PLAN_D_AOU: (3, 10),
    PROGRAMME: (53, 126),
}


def beneficiaries(demo: Demo, experiment: str | None) -> tuple[int, int]:
    found = demo.monitor.rows_behind("EQ5a", experiment)
    column = [row[found.columns.index("Type de bénéficiaire")] for row in found.rows]
    return column.count("étudiant"), column.count("famille")


@pytest.mark.parametrize("experiment", BENEFICIARIES)
def test_students_and_families_are_those_told(before: Demo, experiment: str | None) -> None:
    assert beneficiaries(before, experiment) == BENEFICIARIES[experiment]


def test_live_deposit_adds_students_and_families(after: Demo) -> None:
    assert beneficiaries(after, CT6) == (7, 11)
    assert beneficiaries(after, PROGRAMME) == (58, 133)


def test_three_handovers_miss_the_target(before: Demo) -> None:
    assert parts(before, "EQ7", CT2) == (84 + 51 - 3, 84 + 51)
    assert parts(before, "EQ7") == (179 + 111 - 3, 179 + 111)


@pytest.mark.parametrize("experiment", [CT2, CT3, CT6, FRAIS_VALLON, PLAN_D_AOU, PROGRAMME])
def test_nothing_was_ever_sold(before: Demo, experiment: str | None) -> None:
    assert observed(before, "EQ8", experiment).value == 0


def test_two_exits_lack_a_proof(before: Demo) -> None:
    proven, gone = parts(before, "EQ4")
    # Handed over, recycled, sent on: each exit counts where it happened, and the programme adds them up.
    assert gone == 179 + 104 + 28 + 22 + 24
    assert proven == gone - 2


# --- 3. the buildings ---------------------------------------------------------------------

AXIS_TWO = {
    # experiment: (eligible, diagnosed) dwellings, (at threshold, fixed), agreements, (in service, eligible)
    FRAIS_VALLON: ((264, 312), (3, 5), 139, (89, 264)),
    PLAN_D_AOU: ((90, 132), (0, 2), 31, (0, 90)),
    CT2: ((146, 240), (1, 3), 58, (18, 146)),
    CT3: ((92, 132), (1, 2), 39, (21, 92)),
    PROGRAMME: ((676, 900), (5, 12), 280, (128, 676)),
}


@pytest.mark.parametrize("experiment", AXIS_TWO)
def test_buildings_are_those_of_the_table(before: Demo, experiment: str | None) -> None:
    dwellings, threshold, agreements, served = AXIS_TWO[experiment]
    assert parts(before, "CO2", experiment) == dwellings
    assert parts(before, "CO4", experiment) == threshold
    assert parts(before, "CO3", experiment) == (agreements, dwellings[0])
    assert parts(before, "CO5", experiment) == served


def test_martigues_has_no_verdict_before_nor_after(before: Demo, after: Demo) -> None:
    for demo, agreements, served in ((before, 13, 0), (after, 26, 9)):
        assert parts(demo, "CO3", CT6) == (agreements, 84)
        assert parts(demo, "CO5", CT6) == (served, 84)
        found = observed(demo, "CO4", CT6)
        assert (found.value, found.missing_because) == (None, Missing.NOT_REPORTED)


def test_live_deposit_adds_agreements_and_connections(after: Demo) -> None:
    assert parts(after, "CO3") == (293, 676)
    assert parts(after, "CO5") == (137, 676)
    assert parts(after, "CO4") == (5, 12)


def test_axis_two_has_no_object_at_the_research(before: Demo) -> None:
    for code in ("CO2", "CO3", "CO4", "CO5", "EQ5a"):
        assert observed(before, code, RECHERCHE).missing_because is Missing.NOT_APPLICABLE


def test_axis_two_is_not_tried_at_pertuis(before: Demo) -> None:
    found = {one.place: one for one in before.monitor.observe(["CO5"], [CT2], by="place")}
    assert found["aix"].numerator == 18
    assert found["pertuis"].missing_because is Missing.NOT_APPLICABLE


def test_homes_save_the_difference_of_prices(before: Demo) -> None:
    assert observed(before, "CO6").value is not None
    assert count(before, "CO7") == 2


def test_meetings_gathered_456_people(before: Demo) -> None:
    """A shared dataset gives a shared figure: it was 260 for « Les six ensemble », IFAC’s part."""
    parts_of = {FRAIS_VALLON: 214, PLAN_D_AOU: 46, CT2: 97, CT3: 71, CT6: 28}
    assert {one: count(before, "CO10", one) for one in parts_of} == parts_of
    assert count(before, "CO10") == sum(parts_of.values()) == 456
    rows = [before.store.rows(code, "concertations") for code in ("anonymal", "ifac", "point-formation")]
    assert sum(frame.height for frame in rows) == 24


# --- 4. diagnostics and accompaniment -----------------------------------------------------

DIAGNOSED = {
    CT2: (22, 44, 53, 49),
    CT3: (0, 31, 42, 39),
    FRAIS_VALLON: (12, 36, 44, 36),
    PLAN_D_AOU: (9, 27, 19, 16),
    RECHERCHE: (0, 40, 138, 207),
    PROGRAMME: (43, 186, 312, 347),
}


@pytest.mark.parametrize("experiment", DIAGNOSED)
def test_diagnostics_are_those_of_the_table(before: Demo, experiment: str | None) -> None:
    found = tuple(observed(before, "AC6", experiment, period=quarter).value for quarter in QUARTERS)
    assert found == DIAGNOSED[experiment]
    assert observed(before, "AC6", experiment).value == sum(DIAGNOSED[experiment])
    assert parts(before, "CO1", experiment)[1] == sum(DIAGNOSED[experiment])


def test_diagnostics_of_martigues_come_with_the_deposit(before: Demo, after: Demo) -> None:
    assert [observed(demo, "AC6", CT6).value for demo in (before, after)] == [24, 46]
    assert [observed(demo, "AC6").value for demo in (before, after)] == [888, 910]
    assert observed(before, "AC6", CT6, period=QUARTERS[3]).missing_because is Missing.NOT_REPORTED
    assert observed(after, "AC6", CT6, period=QUARTERS[3]).value == 22
    assert observed(after, "AC6", period=QUARTERS[3]).value == 369


@pytest.mark.parametrize(("name", "told"), [("before", [434, 286, 588]), ("after", [448, 295, 601])])
def test_needs_are_those_of_the_table(name: str, told: list[int], request: pytest.FixtureRequest) -> None:
    demo: Demo = request.getfixturevalue(name)
    assert [count(demo, code) for code in ("BE1", "CO1", "BE2")] == told


def test_levels_are_told_beside_each_other(before: Demo) -> None:
    assert [parts(before, code) for code in ("NI1", "NI2", "NI3")] == [(490, 888), (293, 888), (105, 888)]


def test_supports_of_the_18_000_euros_are_fifteen(before: Demo) -> None:
    assert count(before, "AP1") == 15
    found = observed(before, "AP1", RECHERCHE)
    assert found.missing_because is Missing.NOT_APPLICABLE and "programme" in found.reason


def test_freshness_of_the_programme_is_that_of_the_oldest_who_owes(before: Demo) -> None:
    """It was 1 day beside a part of 73."""
    assert observed(before, "TR5b").value == observed(before, "TR5b", CT6).value == 73


@pytest.mark.parametrize("number", range(4))
def test_actors_grow_as_told(before: Demo, number: int) -> None:
    assert observed(before, "AC1", RECHERCHE, until=QUARTERS[number].end).value == story.ACTORS_CUMULATED[number]


def test_complete_actors_are_131_of_164(before: Demo) -> None:
    assert parts(before, "AC2", RECHERCHE) == (131, 164)
    assert observed(before, "AC1").value == 164


def test_trainings_are_those_told(before: Demo) -> None:
    assert [observed(before, "AC3a", RECHERCHE, period=q).value for q in QUARTERS] == [0, 28, 51, 42]
    assert observed(before, "AC3a").value == 121
    assert observed(before, "AC3b").value == 194
    assert parts(before, "AC4") == (121, 152)


def test_accompaniments_are_1180(before: Demo) -> None:
    assert observed(before, "AC7", RECHERCHE).value == 1180


# --- 6. the money -------------------------------------------------------------------------

SPENT = {
    CT2: (21_900, 24_500),
    CT3: (16_700, 21_500),
    RECHERCHE: (21_500, 25_000),
    CT6: (1_900, 6_000),
    FRAIS_VALLON: (9_480, 12_000),
    PLAN_D_AOU: (6_320, 8_000),
    PROGRAMME: (89_000, 115_000),
}


@pytest.mark.parametrize("experiment", SPENT)
def test_spending_is_that_of_the_table(before: Demo, experiment: str | None) -> None:
    assert parts(before, "TR2", experiment) == SPENT[experiment]


@pytest.mark.parametrize(("number", "spent"), list(enumerate((10_900, 34_400, 62_700))))
def test_spending_grows_as_told(before: Demo, number: int, spent: int) -> None:
    assert count(before, "TR2", until=QUARTERS[number].end) == spent


def test_live_deposit_tells_the_last_spending(after: Demo) -> None:
    assert parts(after, "TR2", CT6) == (3_150, 6_000)
    assert parts(after, "TR2") == (90_250, 115_000)


def test_payments_are_82_300_of_115_000(before: Demo) -> None:
    assert parts(before, "TR1") == (82_300, 115_000)
    assert parts(before, "TR1", CT6) == (6_000, 6_000)
    assert parts(before, "TR1", FRAIS_VALLON) == (8_400, 12_000)


def test_one_of_two_documents_was_received(before: Demo) -> None:
    assert parts(before, "TR6") == (1, 2)
    assert parts(before, "TR6", RECHERCHE) == (1, 1)
    assert parts(before, "TR6", PLAN_D_AOU) == (0, 1)
    assert observed(before, "TR6", CT2).value is None


# --- statuses -----------------------------------------------------------------------------

STATUSES = [
    ("EQ5a", CT2, Progress.AHEAD),
    ("CO4", CT2, Progress.LATE),
    ("EQ5a", CT3, Progress.ON_TIME),
    ("EQ5a", CT6, Progress.LATE),
    ("EQ5a", FRAIS_VALLON, Progress.AHEAD),
    ("CO4", FRAIS_VALLON, Progress.ON_TIME),
    ("EQ5a", PLAN_D_AOU, Progress.LATE),
    ("CO4", PLAN_D_AOU, Progress.BLOCKED),
    ("CO5", PLAN_D_AOU, Progress.BLOCKED),
    ("AC3a", RECHERCHE, Progress.ON_TIME),
    ("AC1", RECHERCHE, Progress.ON_TIME),
    ("AC6", CT6, Progress.ON_TIME),  # 30 % for 39 % expected by its own clock, late by the programme's 50 %
    ("CO4", CT3, Progress.NO_TARGET),
]


@pytest.mark.parametrize(("code", "experiment", "progress"), STATUSES)
def test_statuses_are_those_told(before: Demo, code: str, experiment: str, progress: Progress) -> None:
    cell = before.monitor.compare([code], [experiment]).cells[code, experiment]
    assert cell.standing.progress is progress


def test_late_data_are_compared_at_the_day_they_cover(before: Demo) -> None:
    standing = before.monitor.compare(["EQ5a"], [CT6]).cells["EQ5a", CT6].standing
    assert standing.done == pytest.approx(0.24)
    # Its own dates (K2), from 4 October 2021: 39 %. The programme's clock said 50 %.
    assert standing.expected == pytest.approx(0.39, abs=0.005)
    assert standing.clock == Clock(date(2021, 10, 4), story.END, date(2022, 3, 31), standing.expected)


def test_martigues_is_ahead_after_the_deposit(after: Demo) -> None:
    """The story says on time, by the programme's clock; by its own, 72 % are done for 59 % expected at 30 June."""
    cells = after.monitor.compare(["EQ5a", "AC6"], [CT6]).cells
    assert cells["EQ5a", CT6].standing.progress is Progress.AHEAD
    assert cells["AC6", CT6].standing.progress is Progress.ON_TIME


@pytest.mark.parametrize(("day", "percent"), [(date(2022, 3, 31), 50), (END, 66), (story.TODAY, 66)])
def test_two_thirds_of_the_time_have_passed(before: Demo, day: date, percent: int) -> None:
    """The story says 67 % on 30 June, counting months (12 of 18); days, which the tool counts, give 66 %.

    On 5 July the data speak of 30 June: the share is that of the data's day, and no longer the page's (67 %).
    """
    standing = before.monitor.compare(["EQ5a"], [CT2], until=day).cells["EQ5a", CT2].standing
    assert round(100 * standing.expected) == percent


def test_the_programme_has_its_own_targets(before: Demo) -> None:
    cells = before.monitor.compare(["EQ5a", "AC6"], list(EXPERIMENTS)).cells
    assert cells["EQ5a", None].standing.target.value == 250
    assert cells["AC6", None].standing.target.value == 1270


# --- the accounts -------------------------------------------------------------------------


def test_the_accounts_of_arsenic_stand_for_the_whole_action(before: Demo) -> None:
    found = observed(before, "TR3", RECHERCHE)
    assert (found.numerator, found.denominator) == (25_000, 25_600), "voted, over what the action received in 2021"
