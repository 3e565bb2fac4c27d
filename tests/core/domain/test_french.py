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
