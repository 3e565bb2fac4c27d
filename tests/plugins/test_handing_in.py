"""Files handed in to the real plugins: the official example of the national standard, and own columns.

``official_example.csv`` is the valid example of « lieux de médiation numérique » 1.0.2
(La MedNum, Licence Ouverte 2.0), word for word.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.checking.outcome import Outcome
from core.contract import schema_setup
from core.contract.scope import Scope
from core.depositing import submit
from core.domain.access import Actor, Role
from core.figures import Monitor
from core.storage import Store
from tests.plugins.pages import registry
from tests.support.filled import empty_copy

AT = datetime(2024, 5, 2, 9, tzinfo=UTC)
EXAMPLE = Path(__file__).with_name("official_example.csv")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(empty_copy(tmp_path)) as opened:
        schema_setup.prepare(registry(), opened, at=AT)
        yield opened


def hand_in(store: Store, association: str, dataset: str, data: bytes) -> Outcome:
    who = Actor("Claire", Role.ASSOCIATION, association)
    return submit.submit(Scope(registry(), store, who, AT), data, "fichier.csv", association, dataset)


def test_the_official_example_enters_with_one_warning(store: Store) -> None:
    outcome = hand_in(store, "arsenic", "acteurs", EXAMPLE.read_bytes())
    assert (outcome.added, outcome.refused) == (1, False)
    assert [(problem.line, problem.column, problem.code) for problem in outcome.warnings] == [
        (2, "commune", "commune_hors_metropole")
    ]


def test_a_place_outside_the_92_counts_without_commune(store: Store) -> None:
    hand_in(store, "arsenic", "acteurs", EXAMPLE.read_bytes())
    monitor = Monitor(registry(), store, today=AT.date())
    found = {one.indicator: one.numerator for one in monitor.observe(["AC1", "AC2", "AR1"], ["recherche-action"])}
    assert found == {"AC1": 1, "AC2": 1, "AR1": 0}


def test_an_actor_without_insee_code_is_still_of_the_research(store: Store) -> None:
    hand_in(store, "arsenic", "acteurs", b"id;nom;commune\nx1;Maison du quartier;Gardanne\n")
    (found,) = Monitor(registry(), store, today=AT.date()).observe(["AC1"], ["recherche-action"])
    assert found.numerator == 1


def test_neighbours_of_a_meeting_are_read_and_counted(store: Store) -> None:
    heading = "code_reunion;date;lieu;participants;Voisins relais"
    file = f"{heading}\nR1;03/03/2022;Frais Vallon;22;4\nR2;04/03/2022;Frais Vallon;18;\n"
    assert hand_in(store, "ifac", "concertations", file.encode()).added == 2
    found = Monitor(registry(), store, today=AT.date()).observe(["CO10", "IF2"], ["ct1-frais-vallon"])
    assert [one.numerator for one in found] == [40, 4]


def test_an_actor_of_ifac_may_name_its_quartier(store: Store) -> None:
    file = "id;nom;commune;Quartier\nx1;Centre social;Marseille;Plan d’Aou\nx2;Maison pour tous;Marseille;\n"
    assert hand_in(store, "ifac", "acteurs", file.encode()).added == 2
    rows = {row["id"]: row["_experiment"] for row in store.rows("ifac", "acteurs").to_dicts()}
    assert rows == {"x1": "ct1-plan-d-aou", "x2": None}


@pytest.mark.parametrize(
    ("association", "place", "experiment"),
    [
        ("point-formation", "", "ct6-pays-de-martigues"),
        ("anonymal", "Salon", "ct3-pays-salonais"),
        ("anonymal", "", None),
    ],
)
def test_a_milestone_belongs_to_its_experiment(
    store: Store, association: str, place: str, experiment: str | None
) -> None:
    file = f"code_jalon;libelle;date_prevue;statut;lieu\nJ1;Atelier;01/03/2022;En cours;{place}\n"
    assert not hand_in(store, association, "jalons", file.encode()).refused
    (found,) = store.rows(association, "jalons").to_dicts()
    assert found["_experiment"] == experiment
