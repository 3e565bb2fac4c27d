"""A small programme told row by row, and what each figure of the catalogue says of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from core.domain.observation import Missing, Observation
from tests.core.figures.rig import AIX, FRAIS_VALLON, LEAD, MARTIGUES, RECHERCHE, SALON, Rig

PROGRAMME = None
RECEIVED, TESTED, READY = date(2021, 9, 16), date(2021, 9, 20), date(2021, 9, 25)
DECIDED = date(2021, 10, 14)


def machine(number: str, status: str, **cells: Any) -> dict[str, Any]:
    """A computer of the Métropole, meant for Aix until it has a place."""
    return {
        "numero_inventaire": number,
        "type": "ordinateur fixe",
        "provenance": "Métropole",
        "date_reception": RECEIVED,
        "affectation": AIX,
        "statut": status,
    } | cells


def given(number: str, place: str, day: date, **cells: Any) -> dict[str, Any]:
    """A computer tested, refurbished and given to a student, the proof of erasure at hand."""
    shown = {"date_test": TESTED, "date_reconditionnement": READY, "preuve_effacement": "C-1"}
    whom = {"lieu": place, "date_remise": day, "type_beneficiaire": "étudiant"}
    return machine(number, "remis", **(shown | whom | cells))


def building(code: str, dwellings: int, eligible: bool | None, **cells: Any) -> dict[str, Any]:
    """A building of Frais Vallon, visited when its eligibility is known."""
    return {
        "code_immeuble": code,
        "lieu": "frais-vallon",
        "bailleur": "bailleur A",
        "nb_logements": dwellings,
        "eligible_cable": eligible,
        "date_diagnostic": None if eligible is None else date(2021, 9, 1),
    } | cells


def month(code: str, number: int, agreed: int, connected: int = 0) -> dict[str, Any]:
    """What happened in one building during one month of 2022."""
    return {
        "code_immeuble": code,
        "mois": date(2022, number, 1),
        "accords": agreed,
        "mises_en_service": connected,
    }


def actor(code: str, **cells: Any) -> dict[str, Any]:
    """A complete and fresh record."""
    return {
        "id": code,
        "pivot": "43493312300029",
        "nom": "Maison",
        "commune": "Gardanne",
        "code_postal": "13120",
        "code_insee": "13041",
        "adresse": "1 place de la Mairie",
        "date_maj": date(2022, 3, 1),
    } | cells


def tell(rig: Rig) -> None:
    """Hand everything in."""
    family = {"type_beneficiaire": "famille"}
    screen = {"type": "écran", "preuve_effacement": None}
    rig.put(
        "anonymal",
        "materiel",
        [
            given("A1", "aix", date(2021, 10, 16)),
            given("A2", "aix", date(2021, 11, 5), preuve_effacement=None, prix_cession=500, en_qpv=False, **family),
            machine(
                "A3",
                "transféré",
                date_test=TESTED,
                date_reconditionnement=READY,
                date_transfert=date(2022, 1, 10),
                preuve_effacement="C-3",
            ),
            machine("A4", "recyclé", date_test=TESTED),
            machine("A5", "reçu"),
            given("E1", "aix", date(2021, 10, 16), en_qpv=True, **family, **screen),
            machine("E2", "reçu", **screen),
            given(
                "S1", "salon", date(2022, 3, 1), provenance="autre association", date_test=None, preuve_effacement=None
            ),
        ],
    )
    came_ready = {"provenance": "autre association", "date_reception": date(2022, 1, 12), "affectation": None}
    handed = given("A3", "frais-vallon", date(2022, 2, 11), **came_ready)
    rig.put("ifac", "materiel", [handed | {"date_test": None, "date_reconditionnement": None}])
    rig.put(
        "ifac",
        "immeubles",
        [
            building(
                "B1",
                60,
                True,
                fai="opérateur X",
                date_convention=date(2022, 2, 17),
                prix_mensuel_avant=24_00,
                prix_mensuel_apres=4_90,
            ),
            building(
                "B2",
                40,
                True,
                logements_eligibles=30,
                mode="pass-connexion",
                fai="opérateur Y",
                date_convention=date(2022, 2, 1),
                prix_mensuel_avant=20_00,
                prix_mensuel_apres=6_00,
            ),
            building("B3", 50, False),
            building("B4", 36, None),
            building("B5", 20, True, fai="opérateur X", date_convention=date(2022, 2, 18)),
        ],
    )
    rig.put(
        "ifac",
        "raccordements",
        [month("B1", 1, 10), month("B1", 2, 25, 20), month("B2", 2, 5), month("B5", 2, 9)],
    )
    rig.put(
        LEAD,
        "seuils",
        [
            {"association": "ifac", "code_immeuble": "B1", "part": 50.0, "decision": "Comité", "decide_le": DECIDED},
            {"association": "ifac", "code_immeuble": "B5", "nombre": 10, "decision": "Comité", "decide_le": DECIDED},
        ],
    )
    rig.put(
        "anonymal",
        "diagnostics",
        [
            {
                "lieu": "aix",
                "mois": date(2021, 10, 1),
                "diagnostics": 12,
                "besoin_equipement": 8,
                "besoin_connexion": 3,
                "besoin_accompagnement": 6,
            }
        ],
    )
    rig.put(
        "arsenic",
        "acteurs",
        [
            actor("1"),
            actor("2", date_maj=date(2021, 6, 1)),
            actor("3", adresse=None),
            actor("4", date_maj=None),
            actor("5", pivot="trop court"),
        ],
    )
    session = {"code_session": "S1", "date": date(2022, 3, 8), "duree_jours": 2, "commune": "13002"}
    enrolled = {"inscrits_professionnels": 8, "inscrits_benevoles": 4}
    finished = {"termine_professionnels": 7, "termine_benevoles": 2}
    rig.put("arsenic", "formations", [session | enrolled | finished])
    counted = {"lieu": "13002", "mois": date(2022, 3, 1), "individuels": 5, "participations_ateliers": 10}
    rig.put(
        "arsenic",
        "accompagnements",
        [
            counted | {"structure": "x", "beneficiaires_suivis": 3, "beneficiaires_anonymes": 9, "orientations": 6},
            counted | {"structure": "y"},
        ],
    )
    rig.put(
        LEAD,
        "versements",
        [
            {
                "reference": "1",
                "ligne": "point-formation",
                "date": date(2021, 11, 18),
                "montant": 6_000_00,
                "nature": "versement unique",
            },
            {"reference": "2", "ligne": "ifac", "date": date(2021, 9, 22), "montant": 14_000_00, "nature": "avance"},
        ],
    )
    spent = [(date(2022, 3, 31), 200_00), (date(2022, 6, 30), 300_00)]
    rig.put(
        "anonymal",
        "depenses_a_date",
        [{"ligne_subvention": "anonymal-ct2", "date": day, "montant": cents} for day, cents in spent],
    )
    accounts = {"60.1": 7_000_00, "74.4": 6_000_00, "prop": 1_500_00, "870": 900_00}
    rig.put(
        "point-formation",
        "comptes",
        [
            {"ligne_subvention": "point-formation", "exercice": 2022, "compte": account, "realisation": cents}
            for account, cents in accounts.items()
        ],
    )
    paper = {"type": "compte rendu financier", "exercice": 2021}
    rig.put(
        LEAD,
        "pieces",
        [
            {"association": "arsenic", **paper, "echeance": date(2022, 6, 30), "recue_le": date(2022, 6, 20)},
            {"association": "ifac", **paper, "echeance": date(2022, 6, 30)},
            {"association": "anonymal", **paper, "echeance": date(2022, 12, 31)},
        ],
    )


SAID: dict[tuple[str, str | None], tuple[float | None, float | None, float | None]] = {
    ("EQ1a", PROGRAMME): (5, 455, 100 * 5 / 455),
    ("EQ1a", AIX): (5, None, 5),
    ("EQ1a", FRAIS_VALLON): (0, None, 0),
    ("EQ1b", PROGRAMME): (2, 202, 100 * 2 / 202),
    ("EQ2", PROGRAMME): (4, 5, 80),
    ("EQ2", FRAIS_VALLON): (0, 0, None),
    ("EQ3", PROGRAMME): (3, 4, 75),
    # Three exits from Aix, Salon and Frais Vallon with a proof, of six: the sums of the three parts.
    ("EQ4", PROGRAMME): (3, 6, 50),
    ("EQ4", AIX): (2, 4, 50),
    ("EQ4", FRAIS_VALLON): (1, 1, 100),
    ("EQ5a", PROGRAMME): (4, 4, 100),
    # A3 left Aix for Frais Vallon: it is ready, and counted, there only.
    ("EQ5a", AIX): (2, 2, 100),
    ("EQ5a", FRAIS_VALLON): (1, 1, 100),
    ("EQ5b", AIX): (1, 1, 100),
    ("EQ6", AIX): (1, 8, 12.5),
    ("EQ7", AIX): (2, 3, 100 * 2 / 3),
    ("EQ8", AIX): (1, None, 1),
    ("EQ8", FRAIS_VALLON): (0, None, 0),
    ("EQ9", AIX): (40, None, 40),
    # 148 days from its reception by Anonymal, 30 of them since it came to Frais Vallon.
    ("EQ9", FRAIS_VALLON): (148, None, 148),
    # By computer refurbished at Aix, A3 included, wherever it was handed over.
    ("EQ10", AIX): (300, 3, 100),
    # Version 2: the needs for a connection, no longer every diagnostic.
    ("CO1", AIX): (3, 12, 25),
    ("BE1", AIX): (8, 12, 100 * 8 / 12),
    ("BE2", AIX): (6, 12, 50),
    ("NI1", AIX): (None, None, None),
    ("EQ11", AIX): (0, None, 0),
    ("EQ14a", AIX): (1, None, 1),
    ("EQ15a", AIX): (1, None, 1),
    ("EQ16a", AIX): (1, None, 1),
    ("CO2", FRAIS_VALLON): (110, 170, 100 * 110 / 170),
    ("CO3", FRAIS_VALLON): (49, 120, 100 * 49 / 120),
    ("CO4", FRAIS_VALLON): (1, 2, 50),
    ("CO5", FRAIS_VALLON): (20, 110, 100 * 20 / 110),
    ("CO6", FRAIS_VALLON): (16.55, None, 16.55),
    ("CO7", FRAIS_VALLON): (1, None, 1),
    ("AC1", RECHERCHE): (5, None, 5),
    ("AC2", RECHERCHE): (1, 5, 20),
    ("AC3a", RECHERCHE): (9, None, 9),
    ("AC3b", RECHERCHE): (18, None, 18),
    ("AC4", RECHERCHE): (9, 12, 75),
    ("AC6", AIX): (12, None, 12),
    ("AC7", RECHERCHE): (30, None, 30),
    ("AC8", RECHERCHE): (12, None, 12),
    ("AC10", RECHERCHE): (6, 15, 40),
    ("TR1", MARTIGUES): (6_000, 6_000, 100),
    ("TR1", PROGRAMME): (20_000, 115_000, 100 * 20_000 / 115_000),
    ("TR2", AIX): (300, 24_500, 100 * 300 / 24_500),
    ("TR3", MARTIGUES): (6_000, 7_500, 80),
    ("TR5a", SALON): (8, 9, 100 * 8 / 9),
    ("TR6", RECHERCHE): (1, 1, 100),
    ("TR6", FRAIS_VALLON): (0, 1, 0),
    ("TR6", AIX): (0, 0, None),
    ("TR6", PROGRAMME): (1, 2, 50),
}
"""Numerator, denominator and value of each figure; None where there is none."""


@pytest.fixture
def rig(database_url: str) -> Iterator[Rig]:
    made = Rig(database_url)
    tell(made)
    yield made
    made.close()


def figures(found: tuple[Observation, ...]) -> dict[tuple[str, str | None], tuple[Any, Any, Any]]:
    return {(one.indicator, one.experiment): (one.numerator, one.denominator, one.value) for one in found}


def test_each_figure_counts_what_it_says(rig: Rig) -> None:
    found = figures(rig.monitor().observe())
    said = {whom: found[whom] for whom in SAID}
    assert {whom: numbers for whom, numbers in said.items() if numbers != pytest.approx(SAID[whom])} == {}


def test_no_figure_is_in_error(rig: Rig) -> None:
    broken = [one for one in rig.monitor().observe() if one.missing_because is Missing.ERROR]
    assert not broken


def test_a_building_reaches_its_threshold_in_its_month(rig: Rig) -> None:
    def reached(until: date) -> tuple[Any, Any]:
        (found,) = rig.monitor().observe(["CO4"], [FRAIS_VALLON], until=until)
        return found.numerator, found.denominator

    assert reached(date(2022, 1, 31)) == (0, 2)
    assert reached(date(2022, 2, 28)) == (1, 2)


def test_spending_is_the_last_declared_by_the_day(rig: Rig) -> None:
    (found,) = rig.monitor().observe(["TR2"], [AIX], until=date(2022, 5, 1))
    assert found.numerator == 200


def test_an_axis_that_is_not_tried_is_without_object(rig: Rig) -> None:
    for code, experiment in (("EQ5a", RECHERCHE), ("CO4", RECHERCHE), ("AC7", AIX)):
        (found,) = rig.monitor().observe([code], [experiment])
        assert found.missing_because is Missing.NOT_APPLICABLE


def test_optional_columns_left_blank_are_not_zero(rig: Rig) -> None:
    rows = [
        {"lieu": "13002", "mois": date(2022, 3, 1), "structure": "x", "individuels": 5, "participations_ateliers": 1}
    ]
    rig.put("arsenic", "accompagnements", rows, remove=["13002|2022-03-01|y"])
    supports, people = rig.monitor().observe(["AC7", "AC8"], [RECHERCHE])
    assert supports.value == 6
    assert people.missing_because is Missing.NOT_REPORTED
