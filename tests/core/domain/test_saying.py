from __future__ import annotations

from datetime import date

import pytest

from core.domain import plugin_phrases
from core.domain.calendar import Period
from core.domain.observation import Freshness, Missing, Observation


def seen(number: float | None, missing: Missing | None = None, **more: object) -> Observation:
    return Observation("EQ5a", "Ordinateurs remis", "ordinateurs", numerator=number, missing_because=missing, **more)


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        (seen(84), "84 ordinateurs"),
        (seen(0), "0 ordinateur"),
        (seen(1), "1 ordinateur"),
        (seen(None), "ordinateurs : non renseigné"),
        (seen(None, Missing.NOT_APPLICABLE), "ordinateurs : sans objet"),
        (seen(None, Missing.ERROR), "ordinateurs : calcul impossible"),
    ],
)
def test_a_figure_is_said_with_its_noun(figure: Observation, expected: str) -> None:
    assert plain(plugin_phrases.said(figure, "ordinateur")) == expected


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [(84, 149, "84 sur 149 (56 %)"), (84, None, "84"), (0, 0, "0"), (None, 12, "non renseigné")],
)
def test_a_share_is_never_a_rate_alone(part: float | None, whole: float | None, expected: str) -> None:
    assert plain(plugin_phrases.share(part, whole)) == expected


def test_a_rate_opens_with_its_percentage() -> None:
    assert plain(plugin_phrases.rate(149, 219, "des ordinateurs")) == "68 % des ordinateurs (149 sur 219)"
    assert plain(plugin_phrases.rate(None, 219, "des ordinateurs")) == "non renseigné des ordinateurs"


@pytest.mark.parametrize(
    ("whole", "parts", "expected"),
    [(10, (4, 3), 3), (10, (10,), 0), (10, (11,), None), (None, (1,), None), (10, (None,), None)],
)
def test_what_is_left_is_known_or_not(whole: float | None, parts: tuple[float | None, ...], expected: float) -> None:
    assert plugin_phrases.left(whole, *parts) == expected


def test_the_oldest_waiting_and_coverage_speak_for_all() -> None:
    early = seen(1, freshness=Freshness(covers_until=date(2022, 3, 31), expected_since=date(2022, 7, 4)))
    late = seen(1, freshness=Freshness(covers_until=date(2022, 6, 30)))
    assert plugin_phrases.waited_for([early, late]) == date(2022, 7, 4)
    assert plugin_phrases.covered_until([early, late]) == date(2022, 3, 31)
    assert plugin_phrases.waited_for([late]) is None


def test_time_goes_so_far_as_it_is_known() -> None:
    quarters = [seen(value, period=Period.quarter(2022, number)) for number, value in ((1, 6), (2, None), (3, 2))]
    assert [found.numerator for found in plugin_phrases.so_far(quarters, date(2022, 7, 5))] == [6]
    months = [seen(value, month=date(2022, number, 1)) for number, value in ((4, 6), (5, None), (6, 2))]
    assert [found.numerator for found in plugin_phrases.so_far(months, date(2022, 7, 5))] == [6, None, 2]
