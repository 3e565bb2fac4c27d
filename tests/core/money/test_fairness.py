"""Fair comparison on the fictitious year: by euro, by household, against one's own target; what is refused, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from core.domain.indicator import Indicator
from core.domain.observation import Cell, Missing, Observation
from core.money.fairness import Fair, of_target, per_euro, per_household, undivided_sentence
from core.money.ledger import Ledger, LineState, read_ledger
from tests.support.filled import demonstration_context

CT2, CT3, CT6 = "ct2-pays-d-aix", "ct3-pays-salonais", "ct6-pays-de-martigues"
FV, PLAN_D_AOU, RESEARCH = "ct1-frais-vallon", "ct1-plan-d-aou", "recherche-action"
NOW = {"until": demonstration_context().today}


def indicator(code: str) -> Indicator:
    return demonstration_context().registry.indicator(code)


def found(code: str, experiment: str) -> Observation:
    (one,) = demonstration_context().monitor.observe([code], [experiment], **NOW)
    return one


def cell(code: str, experiment: str) -> Cell:
    return demonstration_context().monitor.compare([code], [experiment], **NOW).cells[code, experiment]


def ledger() -> Ledger:
    return read_ledger(demonstration_context().store, **NOW)


def divided() -> Ledger:
    """The same, once a key has shared the 18 000 € in two."""
    share = {CT2: Fraction(1, 2), CT3: Fraction(1, 2)}
    lines = [
        LineState(one.line, one.paid, one.spent, one.spent_on, one.shares or share, "Décision fictive")
        for one in ledger().lines
    ]
    return Ledger(tuple(lines))


@pytest.mark.parametrize("experiment", [CT2, CT3, CT6, FV])
def test_equipment_is_not_compared_by_euro_while_18_000_are_not_divided(experiment: str) -> None:
    said = per_euro(found("EQ5a", experiment), indicator("EQ5a"), ledger(), 1)
    assert said.value is None
    assert "18\u202f000" in said.reason and "aucune clé de répartition" in said.reason


def test_what_is_said_not_to_compare_is_what_is_not_compared() -> None:
    """One page said that nothing compares per euro, another one compared the training."""
    said = undivided_sentence(ledger()).replace("\u202f", " ").replace("\u00a0", " ")
    assert said.endswith("d’ici là, les chiffres des axes 1 et 2 ne se comparent pas « pour 1 000 € votés ».")
    for code, axis in (("EQ5a", 1), ("CO5", 2), ("AC6", 3)):
        refused = "somme non ventilée" in per_euro(found(code, FV), indicator(code), ledger(), axis).reason
        assert refused is (axis in (1, 2))
    assert undivided_sentence(divided()) == ""
    without = Ledger(tuple(LineState(one.line, None, None, None, {}) for one in ledger().lines))
    assert "les chiffres de Frais Vallon et Plan d’Aou" in undivided_sentence(without)


def test_training_is_compared_by_euro_since_its_line_is_whole() -> None:
    said = per_euro(found("AC3a", RESEARCH), indicator("AC3a"), ledger(), 3)
    assert (said.numerator, said.denominator) == (121, 25_000)
    assert said.value == pytest.approx(4.84)


def test_a_decided_key_makes_it_comparable() -> None:
    said = per_euro(found("EQ5a", CT2), indicator("EQ5a"), divided(), 1)
    assert (said.numerator, said.denominator) == (84, 24_500 + 9_000)
    assert said.value == pytest.approx(1000 * 84 / 33_500)


def test_share_of_a_key_counts_for_its_experiment_only() -> None:
    said = per_euro(found("EQ5a", FV), indicator("EQ5a"), divided(), 1)
    assert said.denominator == 12_000


def test_connected_homes_for_a_hundred_dwellings_visited() -> None:
    said = per_household(found("CO5", FV), indicator("CO5"), found("CO2", FV))
    assert (said.numerator, said.denominator) == (89, 312)
    assert said.value == pytest.approx(100 * 89 / 312)


def test_computers_are_not_counted_by_household() -> None:
    said = per_household(found("EQ5a", CT2), indicator("EQ5a"), found("CO2", CT2))
    assert said.value is None and "immeubles suivis" in said.reason


def test_each_against_its_own_target() -> None:
    said = of_target(cell("EQ5a", CT2))
    assert (said.numerator, said.denominator, said.value) == (84, 100, pytest.approx(84.0))
    assert "objectif" in of_target(cell("CO5", CT2)).reason


def test_nothing_handed_over_yet_is_none_of_the_target() -> None:
    """No machine was ready in Plan d’Aou: « 0 sur 0 », late on the page, and 0 % of 25 here."""
    when = {"until": date(2022, 3, 31)}
    compared = demonstration_context().monitor.compare(["EQ5a"], [PLAN_D_AOU], **when).cells
    said = of_target(compared["EQ5a", PLAN_D_AOU])
    assert (said.numerator, said.denominator, said.value, said.missing) == (0, 25, 0.0, None)


def test_a_hidden_number_is_not_zero() -> None:
    hidden = replace(found("AC3a", RESEARCH), numerator=None, value=None, hidden="moins de 5")
    for said in (
        per_euro(hidden, indicator("AC3a"), ledger(), 3),
        of_target(replace(cell("AC3a", RESEARCH), observation=hidden)),
    ):
        assert said.value is None and "moins de 5" in said.reason


def test_what_is_missing_stays_missing() -> None:
    said = per_euro(found("EQ5a", RESEARCH), indicator("EQ5a"), ledger(), 1)
    assert said == Fair(RESEARCH, missing=Missing.NOT_APPLICABLE, reason=said.reason)


def test_a_rate_is_related_to_nothing() -> None:
    assert "se lit tel quel" in per_euro(found("CO3", FV), indicator("CO3"), divided(), 2).reason


def test_diagnostics_are_of_another_axis_than_the_line_of_the_place() -> None:
    assert "pour cet axe" in per_euro(found("AC6", CT2), indicator("AC6"), ledger(), 3).reason
    assert per_euro(found("AC6", CT6), indicator("AC6"), ledger(), 3).denominator == 6_000
