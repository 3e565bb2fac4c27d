"""The programme as voted: every figure of the deliberation, none that it does not give."""

from __future__ import annotations

import pytest

from core import deliberation
from core.errors import UnknownName
from core.exports.programme import programme_document


def test_six_lines_make_115_000_euros() -> None:
    amounts = [line.cents // 100 for line in deliberation.LINES.values()]
    assert amounts == [24_500, 21_500, 18_000, 25_000, 6_000, 20_000]
    assert deliberation.TOTAL_CENTS == 115_000_00


def test_each_convention_is_the_sum_of_its_lines() -> None:
    for convention in deliberation.CONVENTIONS.values():
        lines = [line.cents for line in deliberation.LINES.values() if line.association == convention.association]
        assert sum(lines) == convention.cents


def test_two_lines_belong_to_no_single_experiment() -> None:
    shared = {code: line.experiments for code, line in deliberation.LINES.items() if len(line.experiments) != 1}
    assert shared == {"arsenic-equiper-connecter": (), "ifac": ("ct1-frais-vallon", "ct1-plan-d-aou")}


@pytest.mark.parametrize(
    ("experiment", "place", "axes"),
    [
        ("ct2-pays-d-aix", "aix", (1, 2)),
        ("ct2-pays-d-aix", "pertuis", (1,)),
        ("ct2-pays-d-aix", "gardanne", (1,)),
        ("ct3-pays-salonais", "salon", (1, 2)),
        ("ct6-pays-de-martigues", "martigues", (1, 2)),
        ("ct6-pays-de-martigues", "port-de-bouc", (1,)),
        ("ct1-frais-vallon", "frais-vallon", (1, 2)),
        ("ct1-plan-d-aou", "plan-d-aou", (1, 2)),
        ("recherche-action", "metropole", (3,)),
    ],
)
def test_each_place_tries_the_axes_voted(experiment: str, place: str, axes: tuple[int, ...]) -> None:
    found = deliberation.voted_experiment(experiment).place(place)
    assert found is not None
    assert found.axes == axes


def test_only_three_commitments_carry_the_axis_condition() -> None:
    conditional = [c.code for c in deliberation.COMMITMENTS if c.axis == 2]
    assert len(deliberation.COMMITMENTS) == 8
    assert conditional == ["E2", "E5", "E6"]


def test_every_fact_of_the_document_is_cited() -> None:
    document = programme_document()
    for part in ("experiments", "conventions", "subsidy_lines", "commitments", "anonymal_duties", "axes", "context"):
        assert all(fact["source"]["where"] for fact in document[part]), part


def test_the_equipment_is_455_computers_and_202_screens() -> None:
    assert (deliberation.EQUIPMENT.computers, deliberation.EQUIPMENT.screens) == (455, 202)


def test_an_unknown_experiment_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownName, match="ct2-pays-d-aix"):
        deliberation.voted_experiment("ct4")
