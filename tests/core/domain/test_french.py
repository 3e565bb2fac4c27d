"""French as people read it."""

from __future__ import annotations

import pytest

from core.domain import french


@pytest.mark.parametrize(
    ("name", "said"),
    [("Anonymal", "d’Anonymal"), ("IFAC", "d’IFAC"), ("Écoute", "d’Écoute"), ("Point Formation", "de Point Formation")],
)
def test_of_is_elided_before_a_vowel(name: str, said: str) -> None:
    assert french.of(name) == said


@pytest.mark.parametrize(
    ("value", "unit", "agreed"),
    [
        (0, "ordinateurs", "ordinateur"),
        (1, "jours", "jour"),
        (1, "jours-personnes", "jours-personne"),
        (2, "ordinateurs", "ordinateurs"),
        (1, "€ par ordinateur", "€ par ordinateur"),
        (1, "%", "%"),
    ],
)
def test_a_unit_agrees_with_its_number(value: float, unit: str, agreed: str) -> None:
    assert french.unit_of(value, unit) == agreed


def test_a_quoted_sum_stays_on_one_line() -> None:
    assert french.unbroken("6 000 euros pour 455 machines") == f"6{french.NARROW}000 euros pour 455 machines"
    assert french.unbroken("1 115 000") == f"1{french.NARROW}115{french.NARROW}000"
    assert french.unbroken("en 2021 1500 fois") == "en 2021 1500 fois"
