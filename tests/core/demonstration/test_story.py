"""The tables of the story agree with one another and with the text, added up by hand here."""

from __future__ import annotations

from core.demonstration import story
from core.demonstration.story import BUILDINGS, CT2, CT3, CT6, DIAGNOSTICS, FRAIS_VALLON, PLAN_D_AOU, SESSIONS


def test_deliveries_add_up_to_what_was_ceded() -> None:
    computers = [(d.ct2[0], d.ct3[0]) for d in story.DELIVERIES]
    screens = [(d.ct2[1], d.ct3[1]) for d in story.DELIVERIES]
    assert [sum(column) for column in zip(*computers, strict=True)] == [229, 180]
    assert [sum(column) for column in zip(*screens, strict=True)] == [104, 76]
    assert {kind: story.CEDED[kind] + story.NOT_CEDED[kind] for kind in story.CEDED} == {
        "ordinateur": 455,
        "écran": 202,
    }


def test_every_tested_computer_has_one_fate() -> None:
    for pool in (CT2, CT3):
        fates = story.REFURBISHED[pool][-1] + story.RECYCLED[pool] + story.WAITING[pool]
        assert story.TESTED[pool][-1] == fates
        assert story.SCREENS_TESTED[pool] == story.SCREENS_GOOD[pool] + story.SCREENS_RECYCLED[pool]
    assert sum(story.TESTED[pool][-1] for pool in (CT2, CT3)) == 388
    assert sum(story.REFURBISHED[pool][-1] for pool in (CT2, CT3)) == 262


def test_ready_machines_are_where_the_story_says() -> None:
    assert sum(story.READY_NOT_HANDED_OVER.values()) + story.IN_TRANSIT["ordinateur"] == 83
    handed = {code: sum(story.STUDENTS_FAMILIES[code]) for code in story.STUDENTS_FAMILIES}
    assert handed == {CT2: 84, CT3: 52, CT6: 6, FRAIS_VALLON: 24, PLAN_D_AOU: 13}
    assert sum(handed.values()) + sum(story.STUDENTS_FAMILIES_LIVE) == 191
    assert sum(handed.values()) == 262 - 83


def test_handovers_by_place_give_each_experiment() -> None:
    for code, places in story.PLACES_OF.items():
        given = sum(sum(story.HANDED_OVER.get(place, ())) for place in places)
        assert given == sum(story.STUDENTS_FAMILIES[code])
    assert sum(story.HANDED_OVER_LIVE.values()) == sum(story.STUDENTS_FAMILIES_LIVE) == 12


def test_buildings_add_up_to_the_programme() -> None:
    visited = [b for b in BUILDINGS if b.eligible is not None]
    eligible = [b for b in BUILDINGS if b.eligible]
    assert (len(BUILDINGS), sum(b.dwellings for b in BUILDINGS)) == (20, 936)
    assert (len(visited), sum(b.dwellings for b in visited)) == (19, 900)
    assert (len(eligible), sum(b.dwellings for b in eligible)) == (14, 676)
    assert (sum(b.agreements for b in BUILDINGS), sum(b.in_service for b in BUILDINGS)) == (280, 128)
    assert (sum(b.live_agreements for b in BUILDINGS), sum(b.live_in_service for b in BUILDINGS)) == (13, 9)


def test_five_of_twelve_thresholds_are_reached() -> None:
    fixed = [b for b in BUILDINGS if b.has_threshold]
    reached = tuple(b.code for b in fixed if 100 * b.agreements >= story.THRESHOLD_PERCENT * b.dwellings)
    assert len(fixed) == 12
    assert reached == story.AT_THRESHOLD


def test_diagnostics_add_up_quarter_by_quarter() -> None:
    quarters = [sum(column) for column in zip(*(told.quarters for told in DIAGNOSTICS.values()), strict=True)]
    assert quarters == [43, 186, 312, 347]
    needs = [(d.equipment, d.connection, d.accompaniment) for d in DIAGNOSTICS.values()]
    assert [sum(column) for column in zip(*needs, strict=True)] == [434, 286, 588]


def test_sessions_add_up_to_the_trainings() -> None:
    assert [sum(s.quarter == q for s in SESSIONS) for q in (1, 2, 3, 4)] == [0, 3, 6, 5]
    assert [sum(s.days == d for s in SESSIONS) for d in (1, 2, 3)] == [8, 4, 2]
    assert [sum(s.enrolled[i] for s in SESSIONS) for i in (0, 1)] == [97, 55]
    assert [sum(s.finished[i] for s in SESSIONS) for i in (0, 1)] == [84, 37]
    assert [sum(sum(s.finished) for s in SESSIONS if s.days == d) for d in (1, 2, 3)] == [66, 37, 18]
    assert sum(sum(s.finished) for s in SESSIONS if s.quarter < 4) == 79


def test_actors_are_counted_three_ways_alike() -> None:
    assert sum(story.ACTORS_BY_TYPE.values()) == sum(story.ACTORS_BY_RELAY.values()) == 164


def test_payments_and_spending_are_those_told() -> None:
    paid = {code: sum(cents for _, cents in one.paid) for code, one in story.AGREEMENTS.items()}
    assert paid == {
        "anonymal": 3_220_000,
        "ifac": 1_400_000,
        "arsenic": 3_010_000,
        "point-formation": 600_000,
    }
    assert sum(amounts[-1] for amounts in story.SPENT.values()) == 8_900_000
    by_quarter = [sum(amounts[q] for amounts in story.SPENT.values()) for q in (0, 1, 2)]
    assert by_quarter == [1_090_000, 3_440_000, 6_270_000]


def test_both_budgets_are_balanced() -> None:
    for line, total in (("anonymal-ct2", 3_100_000), ("point-formation", 740_000)):
        accounts = story.BUDGETS[line]
        spending = sum(v for k, v in accounts.items() if k[:2] in ("60", "61", "62", "63", "64", "in"))
        income = sum(v for k, v in accounts.items() if k[:2] in ("74", "75", "pr"))
        assert spending == income == total
    assert story.BUDGETS["anonymal-ct2"]["864"] == story.BUDGETS["anonymal-ct2"]["870"] == 420_000


def test_days_between_signature_and_payment_are_told() -> None:
    waits = {code: (one.paid_on - one.signed).days for code, one in story.AGREEMENTS.items()}
    assert (waits["ifac"], waits["arsenic"]) == (64, 84)


def test_targets_of_experiments_add_up_to_the_programme() -> None:
    for code in ("EQ5a", "AC6"):
        targets = dict(story.TARGETS[code])
        assert targets.pop(None) == sum(targets.values())
