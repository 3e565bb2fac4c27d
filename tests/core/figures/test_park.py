"""The computers voted: each at one place, the parts making the whole, on the fictitious year and on made figures."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from core.deliberation import EQUIPMENT
from core.domain.observation import Freshness, Missing, Observation
from core.domain.palette import LIGHT
from core.figures.park import park, park_of
from dashboard.theme import contrast
from tests.dashboard.views.opening import plain
from tests.support.filled import demonstration_context

NUMBERS = {"EQ1a": 409, "EQ5a": 179, "EQ11": 83, "EQ18a": 14, "EQ16a": 21, "EQ17a": 22, "EQ15a": 104}
WHERE = {"remis": 179, "prêts": 69, "en transit": 14, "à l’atelier": 43, "recyclés": 104, "pas cédés": 46}


def figures(**other: float) -> dict[str, Observation]:
    numbers = {**NUMBERS, **other}
    return {code: Observation(code, code, "", numerator=number, value=number) for code, number in numbers.items()}


def test_the_year_says_where_each_of_the_455_is() -> None:
    context = demonstration_context()
    compared = context.monitor.compare(until=context.today.replace(month=6, day=30))
    found = park_of(compared.cells)
    assert found is not None
    assert {one.name: one.number for one in found.parts} == WHERE
    assert found.whole == EQUIPMENT.computers
    assert not found.beyond
    assert (
        plain(found.conclusion) == "179 sur 455 ordinateurs sont remis ; 126 attendent, 46 ne sont pas cédés, incomplet"
    )


def test_a_part_lacks_what_its_figures_lack() -> None:
    late = {**figures(), "EQ17a": replace(figures()["EQ17a"], freshness=Freshness(complete=False))}
    found = park(late)
    assert found is not None
    assert {one.name: one.seen.freshness.complete for one in found.parts}["à l’atelier"] is False
    assert {one.name: one.seen.freshness.complete for one in found.parts}["recyclés"] is True


@pytest.mark.parametrize("code", NUMBERS)
def test_nothing_is_drawn_while_one_number_is_not_known(code: str) -> None:
    known = figures()
    unknown = Observation(code, code, "", missing_because=Missing.NOT_REPORTED)
    assert park({**known, code: unknown}) is None
    assert park({name: one for name, one in known.items() if name != code}) is None


def test_machines_that_came_from_elsewhere_are_said() -> None:
    found = park(figures(EQ5a=185))
    assert found is not None
    assert found.whole == 461
    assert plain(found.beyond) == "6 ordinateurs viennent d’ailleurs que de la Métropole : les parts font 461."


def test_the_chart_of_documents_has_the_same_numbers() -> None:
    found = park(figures())
    assert found is not None
    assert {one.name: one.values for one in found.chart.series} == {name: (float(one),) for name, one in WHERE.items()}


def test_the_numbers_of_the_bar_are_read_on_their_colours_in_documents() -> None:
    """They are written in ink: pale grounds, no two that follow each other alike, and the first part stands out."""
    found = park(figures())
    assert found is not None
    grounds = [str(getattr(LIGHT, series.role)) for series in found.chart.series]
    assert all(contrast(LIGHT.ink, ground) >= 4 for ground in grounds[1:])
    assert all(contrast(one, other) >= 1.15 for one, other in pairwise(grounds))
    assert contrast(LIGHT.ink, grounds[0]) >= 2.5
