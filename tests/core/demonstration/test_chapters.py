"""Buildings, needs, trainings and money: rows that add up to the story's tables."""

from __future__ import annotations

import random
import statistics
from datetime import date

import pytest

from core.demonstration import accompaniment, associations, buildings, lead, story
from core.demonstration import accompaniment as diagnostics
from core.demonstration import lead as milestones
from core.demonstration.people import shares
from core.demonstration.story import BUILDINGS, DIAGNOSTICS, QUARTERS, TODAY, Diagnosed

NEEDS = ("besoin_equipement", "besoin_connexion", "besoin_accompagnement")


def rng() -> random.Random:
    return random.Random(story.SEED)


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (10, (1, 1), [5, 5]),
        (10, (1, 1, 1), [4, 3, 3]),
        (0, (2, 3), [0, 0]),
        (7, (0, 1), [0, 7]),
        (5, (5, 3, 1), [3, 2, 0]),
    ],
)
def test_shares_add_up_to_the_total(total: int, weights: tuple[int, ...], parts: list[int]) -> None:
    assert shares(total, weights) == parts


def check_needs(rows: list[dict], told: Diagnosed) -> None:
    by_quarter = tuple(sum(r["diagnostics"] for r in rows if r["mois"] in quarter) for quarter in QUARTERS)
    assert by_quarter == told.quarters
    assert [sum(r[name] for r in rows) for name in NEEDS] == [told.equipment, told.connection, told.accompaniment]
    assert all(r[name] <= r["diagnostics"] for r in rows for name in NEEDS)
    assert all(r["niveau_faible"] + r["niveau_moyen"] + r["niveau_autonome"] == r["diagnostics"] for r in rows)


@pytest.mark.parametrize("experiment", story.EXPERIMENTS)
def test_diagnostics_are_those_of_the_table(experiment: str) -> None:
    check_needs(diagnostics.rows(rng(), experiment), DIAGNOSTICS[experiment])


def test_live_diagnostics_are_those_of_the_table() -> None:
    check_needs(diagnostics.live_rows(rng()), story.DIAGNOSTICS_LIVE)


def test_five_relay_structures_are_silent_at_last() -> None:
    rows = diagnostics.rows(rng(), story.RECHERCHE)
    heard = [{row["structure"] for row in rows if row["mois"] in quarter} for quarter in QUARTERS]
    assert len(heard[2]) == 14
    assert len(heard[3]) == 14 - 5


@pytest.mark.parametrize("building", [b for b in BUILDINGS if b.eligible], ids=lambda b: b.code)
def test_a_building_never_connects_beyond_its_agreements(building: story.Building) -> None:
    rows = [*buildings.connections(building, date.min, date.max), *buildings.live_connections(building)]
    agreed = served = 0
    for row in rows:
        agreed, served = agreed + row["accords"], served + row["mises_en_service"]
        assert served <= agreed <= building.dwellings
    assert agreed == building.agreements + building.live_agreements
    assert served == building.in_service + building.live_in_service


def test_buildings_of_frais_vallon_wait_for_the_convention() -> None:
    for building in buildings.at("frais-vallon"):
        if building.eligible:
            served = [r for r in buildings.connections(building, date.min, date.max) if r["mises_en_service"]]
            assert all(row["mois"] > date(2022, 2, 17) for row in served)


def test_salon_reaches_its_threshold_in_april() -> None:
    building = next(b for b in BUILDINGS if b.code == "SA-01")
    rows = buildings.connections(building, date.min, date.max)
    agreed = {month: sum(r["accords"] for r in rows if r["mois"] <= date(2022, month, 1)) for month in (3, 4)}
    assert agreed[3] < building.dwellings / 2 <= agreed[4]


def test_the_building_that_could_not_be_visited_says_nothing() -> None:
    row = next(r for r in buildings.buildings("plan-d-aou", TODAY) if r["code_immeuble"] == "PA-04")
    assert row["eligible_cable"] is None
    assert row["date_diagnostic"] is None


def test_the_median_price_before_is_24_euros() -> None:
    assert statistics.median(buildings.PRICES_BEFORE.values()) == story.PRICE_BEFORE_MEDIAN
    assert set(buildings.PRICES_BEFORE) == {b.code for b in BUILDINGS if b.eligible}


@pytest.mark.parametrize(("place", "told"), list(story.MEETINGS.items()))
def test_meetings_are_those_of_the_text(place: str, told: tuple[int, int]) -> None:
    rows = buildings.meetings(rng(), place)
    assert (len(rows), sum(row["participants"] for row in rows)) == told


def test_actors_grow_as_told_in_41_communes() -> None:
    rows = accompaniment.actors(rng())
    assert tuple(sum(r["date_maj"] <= q.end for r in rows) for q in QUARTERS) == story.ACTORS_CUMULATED
    assert len({row["code_insee"] for row in rows}) == story.ACTORS_COMMUNES
    required = ("pivot", "nom", "commune", "code_postal", "adresse", "date_maj")
    assert sum(all(row[name] for name in required) for row in rows) == story.ACTORS_COMPLETE


def test_the_january_session_was_held_in_march() -> None:
    rows = accompaniment.sessions(rng())
    assert not any(row["date"].month == 1 for row in rows)
    assert sum(row["date"].month == 3 for row in rows) >= 1
    assert len({row["code_session"] for row in rows}) == 14


def test_nine_structures_accompany_1180_times() -> None:
    rows = accompaniment.supports(rng())
    assert len({row["structure"] for row in rows}) == 9
    assert sum(r["individuels"] + r["participations_ateliers"] for r in rows) == 1180
    assert sum(row["ateliers"] for row in rows) == 96


def test_a_workshop_without_people_is_no_workshop() -> None:
    for row in accompaniment.supports(rng()):
        assert (row["ateliers"] == 0) == (row["participations_ateliers"] == 0)


def test_the_line_without_experiment_visits_12_buildings() -> None:
    actions = [row["action"] for row in accompaniment.relay_support(rng())]
    assert (actions.count("visite technique"), actions.count("dépôt relais")) == (12, 3)


def test_plan_d_aou_is_blocked_on_axis_two() -> None:
    blocked = [row for row in milestones.rows(story.IFAC, TODAY) if row["statut"] == "Bloqué"]
    assert [(row["lieu"], row["axe"]) for row in blocked] == [("plan-d-aou", 2)]
    assert blocked[0]["cause"]
    assert blocked[0]["prochaine_action"]


@pytest.mark.parametrize("association", story.ASSOCIATIONS)
def test_every_delay_has_a_cause_and_a_next_action(association: str) -> None:
    for quarter in QUARTERS:
        for row in milestones.rows(association, quarter.end):
            if row["statut"] in ("En retard", "Bloqué"):
                assert row["cause"]
                assert row["prochaine_action"]


def test_point_formation_has_not_told_its_last_spending() -> None:
    assert associations.spent(story.POINT_FORMATION, 4) == []
    assert associations.spent_live()[0]["montant"] == 315_000


def test_martigues_has_no_threshold() -> None:
    fixed = [row["code_immeuble"] for place in lead.THRESHOLDS_ENTERED for row in lead.thresholds(place)]
    assert len(fixed) == 12
    assert not any(code.startswith("MA") for code in fixed)


@pytest.mark.parametrize("association", story.ASSOCIATIONS)
def test_communication_stays_in_the_year(association: str) -> None:
    assert all(any(row["date"] in quarter for quarter in QUARTERS) for row in associations.rows(association))
