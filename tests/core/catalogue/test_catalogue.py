from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import ClauseElement, ColumnClause

import core.storage.schema  # noqa: F401  (how each database writes days_between)
from core.catalogue import CATALOGUE, DATASETS, DISCARDED, indicators_for, lead
from core.deliberation import EXPERIMENTS
from core.domain.indicator import Computed, Constant, Derived, Direction, Indicator, Measure, Median, Programme

SOCLE = [
    *("EQ1a", "EQ1b", "EQ2", "EQ3", "EQ4", "EQ5a", "EQ5b", "EQ7", "EQ8", "EQ9", "EQ11", "EQ11b"),
    *("CO1", "CO2", "CO3", "CO4", "CO5", "CO6", "CO10"),
    *("AC1", "AC2", "AC3a", "AC3b", "AC4", "AC6"),
    *("BE1", "BE2", "NI1", "AP1"),
    *("TR1", "TR2", "TR4", "TR5a", "TR5b", "TR6"),
]
STEPS = [f"EQ{number}{kind}" for number in range(12, 20) for kind in "ab"]
OPTIONAL = ["EQ6", "EQ10", "CO7", "CO11", "AC7", "AC8", "AC10", "NI2", "NI3", "TR3", *STEPS]
FIRST_SCREENS = ["EQ1a", "EQ5a", "EQ1b", "EQ5b", "EQ7", "EQ8", "CO4", "CO5", "AC6", "AC3a", "TR1", "TR2", "TR5b", "TR6"]
EVERYWHERE = [
    *("CO1", "BE1", "BE2", "NI1", "NI2", "NI3"),
    *("AC1", "AC2", "AC3a", "AC3b", "AC4", "AC6"),
    *("TR1", "TR2", "TR3", "TR4", "TR5a", "TR5b", "TR6"),
]
PROGRAMME_ONLY = ["EQ18a", "EQ18b", "EQ19a", "EQ19b", "AP1"]
CORE_TABLES = {"lignes", "versements_ventiles", "depenses_ventilees"}
HIDDEN = {"_key", "_association", "_experiment", "_place"}

every_indicator = pytest.mark.parametrize("indicator", CATALOGUE.values(), ids=CATALOGUE)


def measures(indicator: Indicator) -> Iterator[Measure]:
    for part in (indicator.numerator, indicator.denominator):
        if isinstance(part, Measure):
            yield part


def expressions(measure: Measure) -> Iterator[ClauseElement]:
    for found in (measure.where, getattr(measure, "expression", None)):
        if found is not None:
            yield found


@pytest.mark.parametrize(("shortlist", "codes"), [("socle", SOCLE), ("optionnel", OPTIONAL)])
def test_the_retained_figures_are_all_there(shortlist: str, codes: list[str]) -> None:
    found = [code for code, indicator in CATALOGUE.items() if indicator.shortlist == shortlist]
    assert sorted(found) == sorted(codes)


def test_the_figures_left_out_say_why() -> None:
    assert [found.code for found in DISCARDED] == ["CO8", "CO9", "AC5", "AC9"]
    assert all(found.label and found.reason.endswith(".") for found in DISCARDED)
    assert not {found.code for found in DISCARDED} & set(CATALOGUE)


def test_first_screens_follow_the_agreed_order() -> None:
    ranked = [indicator for indicator in CATALOGUE.values() if indicator.rank is not None]
    assert [indicator.code for indicator in sorted(ranked, key=lambda found: found.rank or 0)] == FIRST_SCREENS
    assert len({indicator.rank for indicator in ranked}) == len(ranked)


@every_indicator
def test_a_figure_is_defined_in_one_sentence(indicator: Indicator) -> None:
    assert indicator.label and indicator.source and indicator.unit
    assert indicator.definition.endswith(".")
    assert indicator.definition.count(". ") == 0


@every_indicator
def test_conditions_and_expressions_are_sql(indicator: Indicator) -> None:
    for measure in measures(indicator):
        for expression in expressions(measure):
            assert isinstance(expression, ClauseElement)
            for dialect in (sqlite.dialect(), postgresql.dialect()):
                assert str(expression.compile(dialect=dialect))


@every_indicator
def test_columns_exist_in_the_source_that_is_read(indicator: Indicator) -> None:
    known = DATASETS | {dataset.code: dataset for dataset in lead.DATASETS}
    for measure in measures(indicator):
        if isinstance(measure.source, Derived):
            assert set(measure.source.datasets) <= set(known) | CORE_TABLES
            continue
        if measure.source in CORE_TABLES:
            continue
        read = {
            part.name
            for expression in expressions(measure)
            for part in visitors.iterate(expression)
            if isinstance(part, ColumnClause) and not part.is_literal
        }
        assert read | {measure.date or "_key"} <= set(known[measure.source].by_name) | HIDDEN


@every_indicator
def test_a_figure_shown_by_its_count_has_a_denominator(indicator: Indicator) -> None:
    if indicator.headline == "numerator":
        assert indicator.denominator is not None or isinstance(indicator.numerator, Computed)
        assert indicator.unit != "%"
    elif indicator.denominator is not None:
        assert indicator.unit == "%" or indicator.is_money


def test_only_the_455_and_the_202_are_given_numbers() -> None:
    constants = {
        code: indicator.denominator
        for code, indicator in CATALOGUE.items()
        if isinstance(indicator.denominator, Constant)
    }
    assert {code: constant.value for code, constant in constants.items()} == {"EQ1a": 455, "EQ1b": 202}
    assert all(constant.programme_only and constant.citation for constant in constants.values())


def test_what_should_stay_low_points_down() -> None:
    down = {code for code, indicator in CATALOGUE.items() if indicator.direction is Direction.DOWN}
    assert down == {"EQ8", "EQ9", "EQ10", "EQ11", "EQ11b", "TR5b"}


def test_figures_of_all_axes_apply_everywhere() -> None:
    found = [code for code, one in CATALOGUE.items() if not one.axes and not one.programme_only]
    assert sorted(found) == sorted(EVERYWHERE)


def test_what_only_the_programme_has_is_followed_by_no_experiment() -> None:
    assert [code for code, one in CATALOGUE.items() if one.programme_only] == PROGRAMME_ONLY
    followed = {one.code for experiment in EXPERIMENTS.values() for one in indicators_for(experiment)}
    assert not followed & set(PROGRAMME_ONLY)


@every_indicator
def test_a_figure_says_what_the_programme_shows(indicator: Indicator) -> None:
    """A count adds up, a rate of sums lies between its parts; only a plugin’s own figure has no total."""
    assert indicator.programme is not Programme.NONE
    if indicator.unit == "%" and not isinstance(indicator.numerator, Computed):
        assert indicator.programme in (Programme.RATIO, Programme.SUM)
    if isinstance(indicator.numerator, Median):
        assert indicator.programme is Programme.POOLED


def test_what_takes_the_worst_or_is_worked_out_again_is_told_here() -> None:
    by_total = {kind: [code for code, one in CATALOGUE.items() if one.programme is kind] for kind in Programme}
    assert by_total[Programme.WORST] == ["TR5b"]
    assert by_total[Programme.POOLED] == ["EQ9", "CO6", "CO7", "AC1", "TR6"]
    assert by_total[Programme.RATIO] == [
        *("EQ2", "EQ3", "EQ4", "EQ6", "EQ7", "EQ10", "CO2", "CO3", "AC2", "AC4", "TR3", "TR5a"),
    ]


def test_an_experiment_follows_the_figures_of_its_axes() -> None:
    aix = {indicator.code for indicator in indicators_for(EXPERIMENTS["ct2-pays-d-aix"])}
    research = {indicator.code for indicator in indicators_for(EXPERIMENTS["recherche-action"])}
    assert {"EQ5a", "CO4"} <= aix and "AC7" not in aix
    assert "AC7" in research and not research & {"EQ5a", "CO4"}
    assert aix & research == set(EVERYWHERE)
