"""Warnings that need more than one file: over all associations, over all months."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.alerts.attention import points_to_treat
from core.checking.outcome import Outcome
from core.domain.dataset import Severity
from core.errors import RowsRefused
from tests.core.desk import BUILDING, MACHINE, Desk

GIVEN = {
    "statut": "remis",
    "date_test": date(2021, 10, 1),
    "date_reconditionnement": date(2021, 10, 8),
    "date_remise": date(2022, 2, 3),
    "type_beneficiaire": "étudiant",
    "preuve_effacement": "C-1",
    "date_effacement": date(2021, 10, 5),
}
SENT = {"statut": "transféré", "transfere_a": "Point Formation", "date_transfert": date(2022, 5, 19)}
MONTH = {"code_immeuble": "MA-01", "mois": date(2022, 4, 1), "accords": 5, "mises_en_service": 0}


def machines(count: int, **columns: Any) -> list[dict[str, Any]]:
    return [{**MACHINE, "provenance": "Métropole", "numero_inventaire": f"M-{n}", **columns} for n in range(count)]


def warnings(outcome: Outcome) -> list[str]:
    assert all(one.severity is Severity.WARNING for one in outcome.warnings)
    return [one.code for one in outcome.warnings]


@pytest.mark.parametrize(("kind", "ceiling"), [("ordinateur fixe", 455), ("écran", 202)])
def test_more_than_was_voted_warns(desk: Desk, kind: str, ceiling: int) -> None:
    assert "materiel_au_dela_du_vote" not in warnings(desk.save("anonymal", "materiel", *machines(ceiling, type=kind)))
    one_more = desk.save("anonymal", "materiel", {**machines(1, type=kind)[0], "numero_inventaire": "M-plus"})
    (problem,) = [one for one in one_more.warnings if one.code == "materiel_au_dela_du_vote"]
    assert problem.line is None and str(ceiling) in problem.expected
    assert one_more.added == 1


def test_machines_not_yet_received_are_not_counted(desk: Desk) -> None:
    rows = machines(460, statut="cédé", date_reception=None)
    assert "materiel_au_dela_du_vote" not in warnings(desk.save("anonymal", "materiel", *rows))


def test_one_number_in_two_associations_counts_once(desk: Desk) -> None:
    desk.save("anonymal", "materiel", *machines(455))
    again = desk.save("ifac", "materiel", *machines(10))
    assert "materiel_au_dela_du_vote" not in warnings(again)


def test_an_unconfirmed_transfer_warns_until_received(desk: Desk) -> None:
    sent = desk.save("anonymal", "materiel", {**MACHINE, **SENT})
    (problem,) = [one for one in sent.warnings if one.code == "transfert_non_confirme"]
    assert (problem.line, problem.column) == (1, "numero_inventaire")
    assert problem.expected == "Point Formation n’a pas confirmé la réception."
    desk.save("point-formation", "materiel", {**MACHINE, "provenance": "autre association"})
    again = desk.save("anonymal", "materiel", {**MACHINE, **SENT})
    assert "transfert_non_confirme" not in warnings(again)


def test_a_relay_structure_confirms_nothing(desk: Desk) -> None:
    sent = desk.save("anonymal", "materiel", {**MACHINE, **SENT, "transfere_a": "Centre social"})
    assert "transfert_non_confirme" not in warnings(sent)


def test_a_machine_handed_over_twice_warns_the_second(desk: Desk) -> None:
    first = desk.save("anonymal", "materiel", {**MACHINE, **GIVEN, "lieu": "aix"})
    assert "remis_deux_fois" not in warnings(first)
    second = desk.save("ifac", "materiel", {**MACHINE, **GIVEN, "lieu": "frais-vallon"})
    (problem,) = [one for one in second.warnings if one.code == "remis_deux_fois"]
    assert "Anonymal et IFAC" in problem.found
    mended = desk.save("ifac", "materiel", {**MACHINE, **GIVEN, "lieu": "frais-vallon", "numero_inventaire": "A-2"})
    assert "remis_deux_fois" not in warnings(mended)


def test_a_warning_about_other_rows_stays_silent(desk: Desk) -> None:
    desk.save("anonymal", "materiel", {**MACHINE, **SENT})
    other = desk.save("anonymal", "materiel", {**MACHINE, "numero_inventaire": "A-9"})
    assert "transfert_non_confirme" not in warnings(other)


BUILDINGS = [
    # months of (agreements, put in service), expected warnings
    ([(20, 0), (20, 0)], []),
    ([(20, 0), (21, 0)], ["accords_trop_nombreux"]),
    ([(20, 5), (0, 16)], ["mises_en_service_trop_nombreuses"]),
]


@pytest.mark.parametrize(("months", "expected"), BUILDINGS)
def test_a_building_is_judged_over_all_months(desk: Desk, months: list[tuple[int, int]], expected: list[str]) -> None:
    desk.save("point-formation", "immeubles", {**BUILDING, "nb_logements": 40})
    for number, (agreed, served) in enumerate(months, start=1):
        row = {**MONTH, "mois": date(2022, number, 1), "accords": agreed, "mises_en_service": served}
        last = desk.save("point-formation", "raccordements", row)
    assert warnings(last) == expected


THRESHOLDS = [
    ({"part": 50.0}, 19, ["mise_en_service_sous_seuil"]),
    ({"part": 50.0}, 20, []),
    ({"nombre": 25}, 24, ["mise_en_service_sous_seuil"]),
    ({"nombre": 25}, 25, []),
    (None, 3, []),
]


@pytest.mark.parametrize(("threshold", "agreed", "expected"), THRESHOLDS)
def test_service_under_the_threshold_warns(
    desk: Desk, threshold: dict[str, Any] | None, agreed: int, expected: list[str]
) -> None:
    desk.save("point-formation", "immeubles", {**BUILDING, "nb_logements": 40})
    if threshold:
        whose = {"association": "point-formation", "code_immeuble": "MA-01", "decision": "Comité n° 1"}
        desk.save("metropole", "seuils", {**whose, **threshold})
    found = desk.save("point-formation", "raccordements", {**MONTH, "accords": agreed, "mises_en_service": 2})
    assert warnings(found) == expected


@pytest.mark.parametrize(("homes", "part", "agreed"), [(50, 14.0, 7), (375, 8.8, 33)])
def test_a_share_met_exactly_raises_no_warning(desk: Desk, homes: int, part: float, agreed: int) -> None:
    desk.save("point-formation", "immeubles", {**BUILDING, "nb_logements": homes})
    whose = {"association": "point-formation", "code_immeuble": "MA-01", "decision": "Comité n° 1"}
    desk.save("metropole", "seuils", {**whose, "part": part})
    found = desk.save("point-formation", "raccordements", {**MONTH, "accords": agreed, "mises_en_service": 2})
    assert warnings(found) == []


def test_the_building_itself_is_judged_when_it_shrinks(desk: Desk) -> None:
    desk.save("point-formation", "immeubles", {**BUILDING, "nb_logements": 40})
    desk.save("point-formation", "raccordements", {**MONTH, "accords": 30})
    smaller = desk.save("point-formation", "immeubles", {**BUILDING, "nb_logements": 20})
    assert warnings(smaller) == ["accords_trop_nombreux"]


KEY = {"ligne": "ifac", "decision": "Comité n° 2", "date": date(2022, 1, 20)}


def test_a_key_that_is_no_whole_warns_until_completed(desk: Desk) -> None:
    first = desk.save("metropole", "cles", {**KEY, "experience": "ct1-frais-vallon", "part": 60.0})
    (problem,) = first.warnings
    assert (problem.code, problem.line, problem.column) == ("cle_incomplete", 1, "ligne")
    assert "60" in problem.found
    assert [point.code for point in points_to_treat(desk.registry, desk.store)] == ["cle_incomplete"]
    second = desk.save("metropole", "cles", {**KEY, "experience": "ct1-plan-d-aou", "part": 40.0})
    assert warnings(second) == []
    assert points_to_treat(desk.registry, desk.store) == ()


@pytest.mark.parametrize(
    ("line", "experiment"),
    [("ifac", "ct2-pays-d-aix"), ("anonymal-ct2", "ct3-pays-salonais"), ("anonymal-ct2", "ct2-pays-d-aix")],
)
def test_a_key_divides_only_what_its_line_pays_for(desk: Desk, line: str, experiment: str) -> None:
    with pytest.raises(RowsRefused) as refused:
        desk.save("metropole", "cles", {**KEY, "ligne": line, "experience": experiment, "part": 100.0})
    assert [one.code for one in refused.value.problems] == ["cle_hors_ligne"]


def test_a_line_for_the_whole_programme_may_go_anywhere(desk: Desk) -> None:
    row = {**KEY, "ligne": "arsenic-equiper-connecter", "experience": "ct2-pays-d-aix", "part": 100.0}
    assert warnings(desk.save("metropole", "cles", row)) == []
