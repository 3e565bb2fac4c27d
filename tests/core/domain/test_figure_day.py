"""A figure is of the last day that its data speak of: every writing of it says so when the page is of a later one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from core.domain.figure_text import NOT_FINAL, aside, common_day, lacking_text, marked, wait_text
from core.domain.french import NBSP
from core.domain.observation import Freshness, Missing, Observation

MARCH, JUNE, DUE = date(2022, 3, 31), date(2022, 6, 30), date(2022, 7, 4)
OLD, DATED = Freshness(None, MARCH, DUE), f"au 31{NBSP}mars{NBSP}2022"


def figure(experiment: str | None = "ct6", **more: object) -> Observation:
    made = Observation("EQ5a", "Ordinateurs remis", "ordinateurs", experiment, numerator=0, value=0, day=JUNE)
    return replace(made, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (figure(freshness=Freshness(None, JUNE)), ""),
        (figure(freshness=OLD), DATED),
        # Nobody is late yet, and the data still stop in March.
        (figure(freshness=Freshness(None, MARCH)), DATED),
        (figure(freshness=Freshness(None, None, DUE)), "attendu"),
        (figure(freshness=Freshness(None, JUNE, None, date(2022, 4, 1))), NOT_FINAL),
        (figure(None, freshness=Freshness(None, JUNE, DUE)), "incomplet"),
        (figure(None, freshness=OLD), f"incomplet, {DATED}"),
        # At a place a total says what the programme’s says, beside parts that say their day.
        (figure(None, freshness=OLD, place="13077"), f"incomplet, {DATED}"),
        (figure(freshness=OLD, missing_because=Missing.NOT_APPLICABLE), ""),
    ],
)
def test_a_figure_carries_its_day(found: Observation, words: str) -> None:
    assert wait_text(found) == words


def test_what_no_medium_may_leave_out_does_not_hold_what_is_not_accepted_yet() -> None:
    assert lacking_text(figure(freshness=Freshness(None, JUNE, None, MARCH))) == ""
    assert marked("0", figure(freshness=OLD)) == f"0, {DATED}"


def test_a_sentence_begins_with_the_day_of_its_figures() -> None:
    old, new = figure(freshness=OLD), figure(freshness=Freshness(None, JUNE))
    assert common_day([old, old], JUNE) == MARCH
    assert common_day([old, new], JUNE) == MARCH and common_day([new, old], JUNE) == JUNE, "that of the first"
    assert aside(new, MARCH) == f"données au 30{NBSP}juin{NBSP}2022"
    assert aside(old, MARCH) == "" and aside(old, JUNE) == f"données {DATED}"
