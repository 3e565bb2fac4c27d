"""What is frozen is written as JSON and read again to the last digit, and presented by the same words."""

from __future__ import annotations

import json
from datetime import date

import pytest

from core.committee import Snapshot, take
from core.committee.formula import plain
from core.figures.sentences import axis_of, axis_states, overview_sentence, parts_of
from core.money.fairness import per_euro
from tests.core.demonstration.conftest import Demo
from tests.core.demonstration.live_deposit import NOW

DAY = date(2022, 6, 30)


@pytest.fixture(scope="module")
def taken(before: Demo) -> Snapshot:
    return take(before.registry, before.store, until=DAY, at=NOW, fictitious=True)


def test_what_is_read_again_is_equal_to_what_was_written(taken: Snapshot) -> None:
    again = Snapshot.from_content(json.loads(taken.text))
    assert again == taken
    assert (again.text, again.sha256) == (taken.text, taken.sha256)
    assert Snapshot.from_content(again.numbered(4, "Comité n° 4").to_content()).mark.endswith("(n°\u00a04)")


def test_the_figures_are_those_of_the_screen(before: Demo, taken: Snapshot) -> None:
    compared = before.monitor.compare(until=DAY)
    assert taken.cells == compared.cells
    assert taken.sentence == overview_sentence(compared) == overview_sentence(taken)
    assert taken.cells["EQ5a", None].observation.numerator == 179
    assert taken.mark.replace("\u00a0", " ") == "Données au 30 juin 2022, non arrêtées"


def test_states_by_axis_follow_from_what_is_frozen(before: Demo, taken: Snapshot) -> None:
    compared = before.monitor.compare(until=DAY)
    for one in taken.experiments:
        assert axis_states(taken, one) == axis_states(compared, one)


def test_indicators_are_presented_as_before_and_compute_nothing(before: Demo, taken: Snapshot) -> None:
    for code, one in taken.indicator.items():
        live = before.registry.indicator(code)
        assert (one.label, one.version, one.additive, one.is_money) == (
            live.label,
            live.version,
            live.additive,
            live.is_money,
        )
        assert (parts_of(one), axis_of(one)) == (parts_of(live), axis_of(live))
    formula = next(one for one in taken.formulas if one.code == "EQ5a")
    assert formula.numerator.source == "materiel" and "statut" in str(formula.numerator.where)
    assert "numéro d’inventaire" in formula.counted


def test_money_is_never_divided_without_its_key(taken: Snapshot) -> None:
    assert taken.ledger.voted == 11_500_000
    assert [one.line.code for one in taken.ledger.unallocated] == ["arsenic-equiper-connecter"]
    found = per_euro(taken.cells["EQ5a", "ct2-pays-d-aix"].observation, taken.indicator["EQ5a"], taken.ledger, 1)
    assert found.value is None and "non ventilée" in found.reason


def test_every_part_of_a_page_is_there(taken: Snapshot) -> None:
    assert all(page.blocks and not page.problem for page in taken.pages.values())
    assert {one.place for one in taken.places} >= {"aix", "pertuis", "gardanne", "salon", "frais-vallon"}
    assert taken.milestones["ct1-plan-d-aou"][0].cause
    assert taken.commitments["E1", "ct2-pays-d-aix"].evidence > 0
    assert {one.name for one in taken.plugins} >= {"ct1_ifac", "recherche_arsenic"}
    assert any(one.experiment == "ct2-pays-d-aix" and one.indicator == "EQ5a" for one in taken.trends)
    assert taken.fictitious


def test_what_was_frozen_stays_readable_when_names_are_dropped(taken: Snapshot) -> None:
    content = json.loads(taken.text)
    content["ancien"] = {"nom": 1}
    content["figures"][0]["observation"]["ancien"] = "mot"
    assert Snapshot.from_content(content) == taken


def test_what_json_would_not_give_back_is_refused() -> None:
    with pytest.raises(TypeError, match="cannot be frozen"):
        plain({"valeur": {1, 2}})
    with pytest.raises(TypeError, match="a name is text"):
        plain({1: "valeur"})
