"""The same, on the figures of indicators: what counts people is declared by the measure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from core.axes.accompagner.indicators import AC3A, AC4
from core.domain.indicator import Whose
from core.domain.observation import Observation
from core.registry import Registry
from core.services.masking import Hidden, conceal
from core.services.masking.observed import counts_people

PEOPLE = {
    "AC3a": ("numerator",), "AC3b": ("numerator",), "AC4": ("numerator", "denominator"), "AC6": ("numerator",),
    "AC7": ("numerator",), "AC8": ("numerator",), "AC10": ("numerator", "denominator"),
    "CO1": ("numerator",), "CO3": ("numerator",), "CO5": ("numerator",),
    "EQ6": ("denominator",), "IF1": ("numerator",),
}  # fmt: skip
CATALOGUE = {one.code: one for one in (AC3A, AC4)}


@pytest.fixture(scope="module")
def catalogue():
    return Registry.load().catalogue


def seen(code: str, experiment: str | None, numerator: float, denominator: float | None = None) -> Observation:
    value = numerator if denominator is None else 100 * numerator / denominator
    return Observation(code, code, "personnes", experiment, numerator=numerator, denominator=denominator, value=value)


def test_what_counts_people_is_declared_and_machines_are_things(catalogue) -> None:
    assert {code: found for code, one in catalogue.items() if (found := counts_people(one))} == PEOPLE


def test_a_small_count_is_hidden_with_what_gives_it_away() -> None:
    found = conceal(
        [seen("AC3a", "a", 3), seen("AC3a", "b", 20), seen("AC3a", "c", 9), seen("AC3a", None, 32)], CATALOGUE, 5
    )
    assert [one.said for one in found] == ["moins de 5", "", "non montré", ""]
    assert found[0].observation.value is None
    assert found[0].observation.numerator is None
    assert "reconnaître" in found[0].observation.reason
    assert found[2].numerator is Hidden.GIVES_AWAY
    assert found[3].observation.value == 32


def test_a_rate_that_would_give_the_number_back_is_hidden_with_it() -> None:
    found = conceal([seen("AC4", "a", 3, 30)], CATALOGUE, 5)
    assert found[0].observation.value is None
    assert found[0].observation.denominator == 30
    assert found[0].said == "non montré"


def test_what_one_figure_hides_no_other_shows() -> None:
    """« Aidants formés » is the numerator of « taux d’achèvement »: neither may tell the other."""
    given = [seen("AC3a", "a", 3), seen("AC3a", "b", 20), seen("AC3a", None, 23)]
    given += [seen("AC4", "a", 3, 10), seen("AC4", "b", 20, 25), seen("AC4", None, 23, 35)]
    found = conceal(given, CATALOGUE, 5)
    assert [one.numerator for one in found[:3]] == [one.numerator for one in found[3:]]
    assert found[4].observation.numerator is None


def test_a_figure_of_some_experiments_gives_nothing_away_of_the_others() -> None:
    """The same count, for one experiment only: its programme cell is that experiment’s, not the programme’s."""
    own = replace(AC3A, code="IF9", numerator=replace(AC3A.numerator, whose=Whose(("a",), ("ifac",))))
    given = [seen("AC3a", "a", 40), seen("AC3a", "b", 3), seen("AC3a", "c", 60), seen("AC3a", None, 103)]
    found = conceal([*given, seen("IF9", "a", 40), seen("IF9", None, 40)], {**CATALOGUE, "IF9": own}, 5)
    a, b, c, whole, own_a, own_whole = (one.said for one in found)
    assert (b, whole) == ("moins de 5", "") and (a or c), "103 − 40 − 60 would tell the three people of b"
    assert a == own_a == own_whole, "one figure does not show what the other hides"


def test_a_zero_is_shown() -> None:
    (found,) = conceal([seen("AC3a", "a", 0)], CATALOGUE, 5)
    assert not found.hidden
    assert found.observation.value == 0


def test_the_demonstration_keeps_its_large_figures_and_hides_its_small_ones(catalogue) -> None:
    from core.services.monitoring import Monitor
    from tests.support.filled import TODAY, demonstration_context

    context = demonstration_context()
    monitor = Monitor(context.registry, context.store, today=TODAY)
    seen_all = [*monitor.observe(), *monitor.observe(by="place"), *monitor.observe(by="month", until=date(2022, 6, 30))]
    found = conceal(seen_all, context.registry.catalogue, 5)
    shown = [
        getattr(one.observation, part) for one in found for part in counts_people(catalogue[one.observation.indicator])
    ]
    assert not [number for number in shown if number and number < 5]
    assert shown.count(None) < len(shown) / 2
    totals = {(one.observation.indicator, one.observation.experiment): one for one in found[: len(monitor.observe())]}
    assert totals["AC6", None].observation.value == 888
