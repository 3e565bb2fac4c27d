"""French as people read it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from core.domain import french
from core.errors import Conflict, FabriqueError, Refused


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


@pytest.mark.parametrize(
    ("found", "lowest", "names", "count"),
    [
        ([("A", 1.0), ("B", 3.0), ("C", 2.0)], False, "B", 1),
        ([("A", 3.0), ("B", 3.0), ("C", 2.0)], False, "A et B", 2),
        ([("A", 3.0), ("B", 0.0), ("C", 0.0)], True, "B et C", 2),
        ([(name, 0.0) for name in "ABCDE"], False, "A, B et 3 autres", 5),
    ],
)
def test_who_are_equal_first_are_named_together(
    found: list[tuple[str, float]], lowest: bool, names: str, count: int
) -> None:
    first = french.extreme(found, lowest=lowest)
    assert (first.names, first.count) == (names, count)


@pytest.mark.parametrize("error", [FabriqueError, Refused, Conflict])
def test_an_error_sets_its_own_sentence(error: type[FabriqueError]) -> None:
    told = error("« lot » : à vérifier ; le dépôt n° 4 du 4 juin 2021 le dit.")
    assert str(told) == "«\u00a0lot\u00a0»\u00a0: à vérifier\u202f; le dépôt n°\u00a04 du 4\u00a0juin\u00a02021 le dit."


def test_an_instant_is_told_on_the_clocks_of_france() -> None:
    assert (
        french.moment(datetime(2021, 6, 4, 22, 5, tzinfo=UTC)) == f"{french.day(date(2021, 6, 5))} à 0\u00a0h\u00a005"
    )


@pytest.mark.parametrize(("text", "said"), [("état", "État"), ("SIRET", "SIRET"), ("", "")])
def test_a_title_begins_with_a_capital(text: str, said: str) -> None:
    assert french.capital(text) == said
