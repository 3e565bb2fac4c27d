"""A change says how much, since when, and what of it came late."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from core.domain.calendar import Period
from core.domain.change import change_text, late_text, moved, nothing_changed, reference_text, since_text
from core.domain.french import NBSP
from core.domain.observation import Cell, ChangeReference, Freshness, Missing, Observation, Progress, Standing

MARCH, JUNE = date(2022, 3, 31), date(2022, 6, 30)
AT_COMMITTEE = ChangeReference(MARCH, 3)


def figure(number: float | None, **more: object) -> Observation:
    return replace(Observation("EQ5a", "Ordinateurs remis", "ordinateurs", numerator=number, value=number), **more)  # type: ignore[arg-type]


def cell(now: float, before: float, then: float | None = None, reference: ChangeReference = AT_COMMITTEE) -> Cell:
    known = None if then is None else figure(then)
    return Cell(figure(now), Standing(Progress.NO_TARGET), figure(before), reference, known)


def test_a_change_is_told_with_what_it_is_counted_from_and_what_came_late() -> None:
    found = cell(179, 88, then=94)
    assert change_text(found) == "+91"
    late = "dont 6 arrivés en retard pour le 1er trimestre 2022 ou avant"
    assert since_text(found) == f"depuis le comité n°{NBSP}3, {late}"


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (cell(179, 88), ""),
        (cell(179, 88, then=88), ""),
        (cell(179, 88, then=89), "dont 1 arrivé en retard pour le 1er trimestre 2022 ou avant"),
        (cell(179, 88, then=86), "dont −2 en corrigeant ce qui était dit pour le 1er trimestre 2022 ou avant"),
        (
            cell(9, 3, then=5, reference=ChangeReference(date(2022, 5, 20), 3)),
            f"dont 2 arrivés en retard jusqu’au 20{NBSP}mai{NBSP}2022",
        ),
    ],
)
def test_what_came_late_is_what_that_day_shows_now_and_did_not_show(found: Cell, words: str) -> None:
    assert late_text(found) == words


def test_what_a_change_is_counted_from_is_a_value() -> None:
    assert reference_text(ChangeReference(MARCH)) == f"depuis le 31{NBSP}mars{NBSP}2022"
    assert reference_text(ChangeReference(MARCH, period=Period.parse("2022-T1"))) == "par rapport au 1er trimestre 2022"
    assert since_text(replace(cell(3, 1), reference=None)) == ""


@pytest.mark.parametrize(("gap", "words"), [(1.0, "point"), (1.6, "points"), (2.4, "points"), (0.4, "point")])
def test_points_agree_with_the_number_as_it_reads(gap: float, words: str) -> None:
    assert moved(gap, points=True).split(NBSP)[1] == words


def test_nothing_changed_is_said_of_what_was_received_only() -> None:
    known, waited = figure(3), figure(3, freshness=Freshness(None, MARCH, date(2022, 7, 4)))
    assert nothing_changed([known]) == "Aucun chiffre n’a changé."
    assert nothing_changed([known, waited]) == "Aucun des chiffres reçus n’a changé ; les autres sont attendus."
    assert "On ne sait pas ce qui a changé" in nothing_changed(
        [waited, figure(None, missing_because=Missing.NOT_APPLICABLE)]
    )
