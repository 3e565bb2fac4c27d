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
