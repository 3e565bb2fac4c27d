"""Sentences and titles written from figures: singular, plural, unknown, nothing to compare."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from core.catalogue import CATALOGUE, DISCARDED
from core.contract.failures import Failure, FailureStage
from core.deliberation import EXPERIMENTS, LINES
from core.domain.observation import Cell, Freshness, Missing, Observation, Progress, Standing, Target
from core.figures.definitions import counted_rows as counted_words
from core.figures.definitions import related
from core.figures.sentences import axis_of, card_codes, counted, parts_of
from core.money.fairness import undivided_sentence
from core.money.ledger import Ledger, LineState, money_sentence
from dashboard.views.comparison import Sides, gap_text, rise_conclusion
from dashboard.views.plugins import plugins_sentence
from dashboard.views.shared import ReportingDate, place_sentence
from tests.dashboard.views.opening import plain

EQ5A = CATALOGUE["EQ5a"]
TODAY = date(2022, 6, 30)


def figure(value: float | None = None, code: str = "EQ5a", **more: Any) -> Observation:
    return Observation(code, CATALOGUE[code].label, "", numerator=value, value=value, **more)


@pytest.mark.parametrize(
    ("code", "value", "words"),
    [("EQ5a", 1, "1 ordinateur remis"), ("EQ5a", 84, "84 ordinateurs remis"), ("AC3a", 0, "0 aidant formé")],
)
def test_number_is_said_with_its_noun(code: str, value: float, words: str) -> None:
    assert counted(code, figure(value, code)) == words


def test_unknown_number_is_not_said() -> None:
    assert counted("EQ5a", figure(missing_because=Missing.NOT_REPORTED)) == ""


def test_place_without_any_row_says_so() -> None:
    said = plain(place_sentence("Allauch", TODAY, {}, ("EQ5a",)))
    assert said == "Au 30 juin 2022, aucune ligne ne nomme Allauch."


def cells(**done: float | None) -> dict[tuple[str, str | None], Cell]:
    """One cell per experiment, with the share of its target when it has one."""
    return {
        ("EQ5a", code): Cell(figure(10.0), aimed(share))
        for code, share in zip(EXPERIMENTS, done.values(), strict=False)
    }


def aimed(share: float | None) -> Standing:
    """At ``share`` of a target, or without any."""
    if share is None:
        return Standing(Progress.NO_TARGET)
    return Standing(Progress.ON_TIME, Target(10, TODAY), share)


def sides(count: int) -> Sides:
    moment = ReportingDate(TODAY, (), None)
    return Sides(tuple(EXPERIMENTS.values())[:count], (EQ5A,), moment, moment, False)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (cells(a=0.8, b=0.52), "Frais Vallon est au plus près de son objectif (80 %), Plan d’Aou au plus loin (52 %)"),
        (cells(a=0.8, b=0.8), "toutes à 80 % de leur objectif"),
        (cells(a=None, b=None), "10 partout où le chiffre est connu"),
        (cells(a=None), "10, Frais Vallon"),
    ],
)
def test_chart_title_never_ranks_unequal_experiments(found: dict[tuple[str, str | None], Cell], words: str) -> None:
    assert words in plain(rise_conclusion(sides(len(found)), EQ5A, found))


def test_chart_title_of_nothing_known_says_so() -> None:
    unknown = {
        ("EQ5a", "ct1-frais-vallon"): Cell(figure(missing_because=Missing.NOT_REPORTED), Standing(Progress.NO_TARGET))
    }
    assert "aucun chiffre n’est encore renseigné" in rise_conclusion(sides(1), EQ5A, unknown)


@pytest.mark.parametrize(("gap", "words"), [(None, ""), (0.0, "stable"), (34.0, "+34"), (-3.0, "−3"), (0.5, "+0,5")])
def test_change_is_signed(gap: float | None, words: str) -> None:
    assert gap_text(EQ5A, gap, "%") == words


def line(code: str, *, paid: int | None = None, spent: int | None = None, shared: bool = False) -> LineState:
    shares = {code: Fraction(1)} if shared else {}
    return LineState(LINES[code], paid, spent, None, shares)


def test_money_unknown_is_not_zero() -> None:
    said = plain(money_sentence(Ledger((line("ifac"),))))
    assert "20 000 € votés ; aucun versement et aucune dépense ne sont encore renseignés" in said


def test_undivided_sums_are_named_and_added() -> None:
    both = Ledger((line("ifac"), line("arsenic-equiper-connecter"), line("anonymal-ct2", shared=True)))
    said = plain(undivided_sentence(both))
    assert said.startswith("20 000 € d’IFAC et 18 000 € d’ARSENIC : ces sommes (38 000 €) ne sont attachées")
    assert undivided_sentence(Ledger((line("anonymal-ct2", shared=True),))) == ""


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_indicator_has_its_computation_in_words(code: str) -> None:
    said = counted_words(CATALOGUE[code]) + related(CATALOGUE[code])
    assert said
    assert not {"_", "None", "sqlalchemy"} & set(said.split()) and "_" not in said


def test_condition_keeps_and_and_or_apart() -> None:
    said = counted_words(CATALOGUE["EQ7"])
    assert "(« type de bénéficiaire » est « étudiant » ou (« type de bénéficiaire » est « famille » et" in said


def test_discarded_indicators_are_not_computed() -> None:
    assert not {one.code for one in DISCARDED} & set(CATALOGUE)


@pytest.mark.parametrize(("code", "axis"), [("EQ5a", 1), ("CO4", 2), ("AC6", 3), ("TR1", None)])
def test_indicator_is_read_under_one_axis(code: str, axis: int | None) -> None:
    assert axis_of(CATALOGUE[code]) == axis


@pytest.mark.parametrize(
    ("code", "expected"),
    [("ct2-pays-d-aix", ("EQ5a", "CO4", "AC6")), ("recherche-action", ("AC3a", "AC1", "AC6"))],
)
def test_card_shows_the_figures_of_its_axes(code: str, expected: tuple[str, ...]) -> None:
    assert card_codes(EXPERIMENTS[code], tuple(CATALOGUE.values())) == expected


@pytest.mark.parametrize(("code", "parts"), [("TR1", "€"), ("TR2", "€"), ("EQ5a", ""), ("AC6", "")])
def test_sums_of_money_are_shown_in_euros(code: str, parts: str) -> None:
    assert parts_of(CATALOGUE[code]) == parts


@pytest.mark.parametrize(
    ("broken", "words"), [(0, "tous fonctionnent"), (1, "un a une panne"), (2, "deux ont une panne")]
)
def test_plugins_sentence_counts_the_broken_ones(broken: int, words: str) -> None:
    failures = tuple(Failure(f"p{rank}", "d", "1", FailureStage.LOAD, "", "") for rank in range(broken))
    assert words in plugins_sentence((None,) * 5, failures)


def test_a_day_after_a_name_is_closed_by_a_comma() -> None:
    old = Freshness(covers_until=TODAY - timedelta(days=90))
    found = cells(a=0.8, b=0.52)
    key = list(found)[1]
    seen = replace(found[key].observation, freshness=old, day=TODAY)
    said = plain(rise_conclusion(sides(2), EQ5A, {**found, key: replace(found[key], observation=seen)}))
    assert "(80 %), Plan d’Aou, au " in said and ", au plus loin (52 %)" in said
