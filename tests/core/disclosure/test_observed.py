"""The same, on the figures of indicators: what counts people is declared by the measure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from core.catalogue.accompagner_figures import AC3A, AC4
from core.catalogue.transverse_figures import NI1, NI2, NI3
from core.contract import Registry
from core.disclosure import Hidden, conceal, counts_people
from core.domain.calendar import Period
from core.domain.observation import Observation

PEOPLE = {
    "AC3a": ("numerator",),
    "AC3b": ("numerator",),
    "AC4": ("numerator", "denominator"),
    "AC6": ("numerator",),
    "AC7": ("numerator",),
    "AC8": ("numerator",),
    "AC10": ("numerator", "denominator"),
    "CO3": ("numerator",),
    "CO5": ("numerator",),
    "CO10": ("numerator",),
    "CO11": ("numerator",),
    # Families among who received a computer, and those that live in no « quartier prioritaire » (EQ7), are people.
    "EQ6": ("numerator", "denominator"),
    "EQ7": ("numerator",),
    "IF2": ("numerator",),
    **dict.fromkeys(("BE1", "CO1", "BE2", "NI1", "NI2", "NI3"), ("numerator", "denominator")),
}
CATALOGUE = {one.code: one for one in (AC3A, AC4, NI1, NI2, NI3)}


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


def test_a_small_slice_is_not_found_by_taking_the_others_off() -> None:
    """The levels add up to the diagnostics whose level is known: 100 − 60 − 37 would tell the three people."""
    given = [seen("NI1", "a", 60, 100), seen("NI2", "a", 37, 100), seen("NI3", "a", 3, 100)]
    found = conceal(given, CATALOGUE, 5)
    assert found[2].said == "moins de 5"
    tops = [one.observation.numerator for one in found[:2]]
    assert None in tops or all(one.observation.denominator is None for one in found), "the whole or a slice is hidden"


def test_a_zero_is_shown() -> None:
    (found,) = conceal([seen("AC3a", "a", 0)], CATALOGUE, 5)
    assert not found.hidden
    assert found.observation.value == 0


@pytest.mark.filled
def test_the_demonstration_keeps_its_large_figures_and_hides_its_small_ones(catalogue) -> None:
    from core.figures import Monitor
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


def test_one_measure_read_over_other_days_hides_nothing_of_the_first(catalogue) -> None:
    """« Diagnostics » of a quarter is small; a rate of that quarter counts them since the start, or does not know."""
    quarter = Period.quarter(2021, 3)
    small = replace(seen("AC6", "a", 3), period=quarter)
    for other in (40, None):
        later = replace(seen("BE1", "a", 20, 40), denominator=other, period=quarter)
        for given in ([small, later], [later, small]):
            by_code = {one.observation.indicator: one for one in conceal(given, catalogue, 5)}
            assert by_code["AC6"].said == "moins de 5" and by_code["AC6"].observation.numerator is None
            assert by_code["BE1"].observation.denominator == other


def test_a_figure_that_does_not_know_a_count_does_not_show_that_of_another() -> None:
    """AC6 counts what NI1 relates to: NI1 without its denominator must not make AC6 forget its three people."""
    same = replace(NI1, numerator=replace(NI1.numerator, slice=None), denominator=AC3A.numerator)
    unknown = replace(seen("N", "a", 7), numerator=None, value=None)
    found = conceal([seen("AC3a", "a", 3), unknown], {**CATALOGUE, "N": same}, 5)
    assert found[0].said == "moins de 5"
