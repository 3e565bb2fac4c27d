"""A figure reads as the glossary says, and « — » is never zero."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from core.domain.change import change_text, has_moved
from core.domain.figure_text import Shown, foremost, freshness_text, sentence, shown, shown_cell, target_text
from core.domain.french import NARROW, NBSP
from core.domain.observation import Cell, Freshness, Missing, Progress, Standing, Target
from dashboard.components import not_there
from dashboard.components.comparison import cell_content
from tests.dashboard.fakes import cell, observation

RATE: dict[str, Any] = {"numerator": 84, "denominator": 149, "value": 100 * 84 / 149, "unit": "%"}


@pytest.mark.parametrize(
    ("fields", "headline", "main", "rest"),
    [
        (RATE, "value", f"56{NARROW}%", "84 sur 149"),
        (RATE, "numerator", "84", f"sur 149 (56{NARROW}%)"),
        ({"value": 0}, "value", "0", ""),
        ({"value": 1234}, "value", f"1{NARROW}234", ""),
        ({"value": 36.5, "unit": "jours"}, "value", "36 jours", ""),
        ({"value": 24500, "unit": "€"}, "value", f"24{NARROW}500{NBSP}€", ""),
        ({"missing_because": Missing.NOT_REPORTED}, "value", "Non renseigné", ""),
        ({"missing_because": Missing.NOT_APPLICABLE}, "value", "Sans objet", ""),
        ({"missing_because": Missing.ERROR}, "value", "Calcul impossible", ""),
        (
            {"numerator": 0, "denominator": 0, "missing_because": Missing.NOT_REPORTED},
            "value",
            "Non renseigné",
            "",  # « (0 sur 0) » said nothing
        ),
        (
            {"numerator": 0, "denominator": 0, "missing_because": Missing.NOT_REPORTED, "stands": True},
            "numerator",
            "0",
            "",  # « 0 sur 0 » is no value
        ),
    ],
)
def test_a_figure_reads_as_the_glossary_says(fields: dict[str, Any], headline: str, main: str, rest: str) -> None:
    found = shown(observation(**fields), headline=headline)
    assert (found.main, found.rest) == (main, rest)


def test_a_number_that_was_judged_is_shown_with_its_mark() -> None:
    nothing = observation(numerator=0, denominator=0, missing_because=Missing.NOT_REPORTED)
    judged = Standing(Progress.LATE, Target(4, date(2022, 12, 31)), done=0.0, expected=0.4, gap=-40.0)
    late = Cell(nothing, judged)
    assert shown_cell(late, headline="numerator") == Shown("0")
    assert "En retard" in cell_content(late, headline="numerator")
    assert shown_cell(Cell(nothing, Standing(Progress.NO_TARGET)), headline="numerator").missing is Missing.NOT_REPORTED


def test_a_figure_of_one_association_alone_says_whose_it_is() -> None:
    """At a place its total said « Non suivi » beside the 1 that its association counts."""
    own = observation(missing_because=Missing.NOT_FOLLOWED, own="Propre à ARSENIC", reason="Pas de total.")
    assert "Propre à ARSENIC" in not_there(own) and "Non suivi" not in not_there(own)
    assert "Non suivi" in not_there(observation(missing_because=Missing.NOT_FOLLOWED))


def test_a_rate_never_stands_without_its_parts() -> None:
    assert sentence(observation(**RATE)) == f"84 sur 149 (56{NARROW}%)"


def test_parts_in_euros_are_written_in_euros() -> None:
    rate = observation(numerator=8400, denominator=12000, value=70, unit="%")
    assert shown(rate, parts="€").rest == f"8{NARROW}400{NBSP}€ sur 12{NARROW}000{NBSP}€"


@pytest.mark.parametrize(("value", "text"), [(0, "0 ordinateur"), (1, "1 ordinateur"), (84, "84 ordinateurs")])
def test_a_count_agrees_with_its_unit(value: float, text: str) -> None:
    assert sentence(observation(value=value, unit="ordinateurs")) == text


def test_the_reason_of_a_missing_figure_is_kept() -> None:
    found = shown(observation(missing_because=Missing.NOT_REPORTED, reason="Rien n’est arrivé."))
    assert (found.missing, found.reason) == (Missing.NOT_REPORTED, "Rien n’est arrivé.")


def test_a_target_is_read_on_the_number_shown_first() -> None:
    assert target_text(cell(84, of=149, target=100), headline="numerator") == f"objectif{NBSP}100"
    assert target_text(cell(84, of=149, target=100)) == f"objectif{NBSP}100{NARROW}%"
    assert target_text(cell(84)) == ""


@pytest.mark.parametrize(
    ("now", "before", "text"), [(84, 50, "+34"), (50, 84, "−34"), (50, 50, "stable"), (0, 0, "stable")]
)
def test_a_change_has_its_sign(now: float, before: float, text: str) -> None:
    assert change_text(cell(now, before=before)) == text


def test_no_change_is_told_when_one_side_is_missing() -> None:
    assert change_text(cell(84)) == ""


@pytest.mark.parametrize(
    ("waited", "before", "text"),
    [(date(2022, 7, 4), 50, "rien de reçu"), (None, 50, "stable"), (date(2022, 7, 4), 40, "+10")],
)
def test_a_figure_that_nobody_told_again_is_not_stable(waited: date | None, before: float, text: str) -> None:
    told = Freshness(None, date(2022, 3, 31))
    now = observation(value=50, freshness=Freshness(None, date(2022, 3, 31), waited))
    assert change_text(replace(cell(50), observation=now, before=observation(value=before, freshness=told))) == text


def test_data_that_stop_before_the_day_shown_are_not_stable() -> None:
    told = Freshness(None, date(2022, 6, 30))
    now = observation(value=50, freshness=told, day=date(2022, 7, 5))
    found = replace(cell(50), observation=now, before=observation(value=50, freshness=told, day=date(2022, 6, 30)))
    assert change_text(found) == "rien de reçu" and not has_moved(found)


@pytest.mark.parametrize(
    ("freshness", "text"),
    [
        (Freshness(), "Rien n’a encore été déposé"),
        (Freshness(datetime(2022, 7, 4)), f"Dernier dépôt le 4{NBSP}juillet{NBSP}2022"),
        (Freshness(None, date(2022, 6, 30)), f"Données au 30{NBSP}juin{NBSP}2022"),
        (
            Freshness(None, date(2022, 3, 31), date(2022, 7, 4)),
            f"Attendu depuis le 4{NBSP}juillet{NBSP}2022 ; données au 31{NBSP}mars{NBSP}2022",
        ),
        (
            Freshness(None, date(2022, 6, 30), oldest=date(2022, 3, 31)),
            f"Données au 30{NBSP}juin{NBSP}2022, dont une partie au 31{NBSP}mars{NBSP}2022",
        ),
    ],
)
def test_freshness_tells_what_is_waited_for(freshness: Freshness, text: str) -> None:
    assert freshness_text(freshness) == text


def test_one_line_tells_the_oldest_wait_then_the_latest_data() -> None:
    held = Freshness(None, date(2022, 6, 30))
    older = Freshness(None, date(2022, 3, 31))
    unsent = replace(held, unsent_since=date(2022, 7, 4))
    awaited = Freshness(None, date(2021, 12, 31), date(2022, 4, 4))
    assert foremost([older, held, unsent, awaited, replace(awaited, expected_since=date(2022, 7, 4))]) == awaited
    assert foremost([older, held, unsent]) == unsent
    assert foremost([older, held]) == held
    assert foremost([]) == Freshness()
