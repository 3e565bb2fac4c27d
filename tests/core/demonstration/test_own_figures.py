"""What a plugin counts of its own is told of its own rows, for the programme too."""

from __future__ import annotations

from core.demonstration.story import FRAIS_VALLON, PLAN_D_AOU, RECHERCHE
from core.domain.indicator import Indicator, Sum, Whose, col
from tests.core.demonstration.conftest import Demo


def count(demo: Demo, experiment: str | None) -> float | None:
    (found,) = demo.monitor.observe(["IF1"], [experiment])
    return found.numerator


def test_a_plugin_own_figure_counts_the_rows_of_its_experiments_only(before: Demo) -> None:
    programme, *its_own = (count(before, one) for one in (None, FRAIS_VALLON, PLAN_D_AOU))
    assert programme == sum(its_own) == 260
    everybody = before.store.rows("anonymal", "concertations")["participants"].sum()
    assert everybody, "Anonymal holds meetings too: they are not IFAC’s"
    behind = before.monitor.rows_behind("IF1")
    assert behind.total == programme and {association for association, _ in behind.keys} == {"ifac"}


def test_a_plugin_own_figure_keeps_what_no_key_divides_yet(before: Demo) -> None:
    """The 18 000 € of ARSENIC belong to no experiment: a figure of ARSENIC’s own still has them for the programme."""
    whose = Whose((RECHERCHE,), ("arsenic",))
    voted = Indicator(
        code="AR9", label="Voté", definition="Voté.", unit="€",
        numerator=Sum(source="lignes", expression=col("montant"), whose=whose),
    )  # fmt: skip
    (found,) = before.monitor.observe([voted], [None])
    assert found.numerator == 43_000
