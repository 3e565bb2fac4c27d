"""The ledger of the machines holds for the story, quarter by quarter, whatever the seed."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from core.demonstration import machines, receivers, story
from core.demonstration.machines import Stock
from core.demonstration.story import COMPUTER, CT2, CT3, CT6, FRAIS_VALLON, PLAN_D_AOU, QUARTERS, SCREEN, TODAY
from core.domain.dataset import RowDict

SEEDS = (story.SEED, *range(8))


def stock(seed: int = story.SEED) -> Stock:
    return machines.stock(random.Random(seed))


def rows_at(found: Stock, quarter: int) -> list[RowDict]:
    return machines.rows(found.units, QUARTERS[quarter].end)


def computers(rows: list[RowDict]) -> list[RowDict]:
    return [row for row in rows if row["type"] != SCREEN]


@pytest.mark.parametrize("seed", SEEDS)
def test_each_quarter_ends_with_the_told_computers(seed: int) -> None:
    found = stock(seed)
    for quarter in range(4):
        rows = computers(rows_at(found, quarter))
        assert len(rows) == story.RECEIVED_CUMULATED[quarter]
        for pool in (CT2, CT3):
            mine = [row for row in rows if row["affectation"] == pool]
            assert sum(row["date_test"] is not None for row in mine) == story.TESTED[pool][quarter]
            assert sum(row["date_reconditionnement"] is not None for row in mine) == story.REFURBISHED[pool][quarter]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_year_ends_with_the_told_fates(seed: int) -> None:
    rows = rows_at(stock(seed), 3)
    for pool in (CT2, CT3):
        fates = Counter(row["statut"] for row in computers(rows) if row["affectation"] == pool)
        assert fates["recyclé"] == story.RECYCLED[pool]
        assert fates["testé"] == story.WAITING[pool]
        assert fates["reçu"] == story.TO_TEST[pool]
        assert fates["reconditionné"] == story.READY_NOT_HANDED_OVER[pool]
        screens = Counter(row["statut"] for row in rows if row["type"] == SCREEN and row["affectation"] == pool)
        assert screens["recyclé"] == story.SCREENS_RECYCLED[pool]
        assert screens["reçu"] == story.SCREENS_TO_TEST[pool]
        assert screens["remis"] == story.SCREENS_HANDED_OVER[pool]


@pytest.mark.parametrize("seed", SEEDS)
def test_no_machine_leaves_before_it_is_ready(seed: int) -> None:
    for row in rows_at(stock(seed), 3):
        steps = ("date_reception", "date_test", "date_effacement", "date_reconditionnement")
        exits = [row[name] for name in ("date_transfert", "date_remise") if row[name]]
        days = [row[name] for name in steps if row[name]]
        assert days == sorted(days)
        assert all(day >= max(days) for day in exits)


def test_inventory_numbers_are_never_given_twice() -> None:
    found = stock()
    numbers = [unit.number for unit in (*found.units, *found.kept_by_metropole)]
    assert len(numbers) == len(set(numbers)) == 455 + 202


def test_two_november_machines_are_too_dear() -> None:
    dear = [row for row in rows_at(stock(), 3) if row["valeur_unitaire"] > 30_000]
    assert sorted(row["valeur_unitaire"] for row in dear) == [34_000, 41_000]
    assert {(row["lot"], row["statut"], row["affectation"]) for row in dear} == {("L2", "testé", CT2)}


def test_three_families_of_gardanne_live_outside() -> None:
    outside = [row for row in rows_at(stock(), 3) if row["en_qpv"] is False]
    assert len(outside) == story.OUTSIDE_QPV
    assert all(row["lieu"] == "gardanne" and row["date_remise"] in QUARTERS[2] for row in outside)


def test_four_of_six_proofs_come_back() -> None:
    def unproven(rows: list[RowDict]) -> int:
        return sum(row["statut"] == "remis" and row["preuve_effacement"] is None for row in computers(rows))

    found = stock()
    assert unproven(rows_at(found, 2)) == 6
    assert unproven(rows_at(found, 3)) == 2


@pytest.mark.parametrize("seed", SEEDS)
def test_receivers_hand_over_what_the_story_tells(seed: int) -> None:
    rng = random.Random(seed)
    found = machines.stock(rng)
    for code in (FRAIS_VALLON, PLAN_D_AOU, CT6):
        rows = receivers.rows(receivers.held_machines(rng, found, code), TODAY)
        given = Counter(row["type_beneficiaire"] for row in computers(rows))
        assert (given["étudiant"], given["famille"]) == story.STUDENTS_FAMILIES[code]
        assert given[None] == story.READY_NOT_HANDED_OVER[code]
        assert (
            sum(r["statut"] == "remis" for r in rows) - sum(story.STUDENTS_FAMILIES[code])
            == (story.SCREENS_HANDED_OVER[code])
        )


@pytest.mark.parametrize("seed", SEEDS)
def test_the_live_file_confirms_what_was_in_transit(seed: int) -> None:
    rng = random.Random(seed)
    found = machines.stock(rng)
    live = receivers.held_live(rng, found, receivers.held_machines(rng, found, CT6))
    arrived = Counter(item.unit.kind for item in live if item.received == receivers.LIVE_RECEIVED)
    assert arrived == {COMPUTER: 14, SCREEN: 9}
    given = Counter(item.handover.place for item in live if item.handover and item.unit.kind == COMPUTER)
    assert given == story.HANDED_OVER_LIVE
    assert sum(item.handover is None and item.unit.kind == COMPUTER for item in live) == 6
