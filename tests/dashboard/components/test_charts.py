"""A chart says its conclusion in words, names its lines, and keeps its data at hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.domain.french import typeset
from core.domain.palette import DARK, LIGHT
from core.domain.report import Chart, Series
from dashboard.components.charts import CONFIG, chart_foot, chart_head, figure
from tests.dashboard.gallery_data import CHARTS

STEPS = replace(CHARTS["line"], kind="steps")
EVERY = pytest.mark.parametrize("chart", [*CHARTS.values(), STEPS], ids=lambda chart: chart.kind)


@EVERY
def test_the_conclusion_is_a_heading_outside_the_drawing(chart: Chart) -> None:
    assert f'<h3 class="chart__title">{typeset(chart.conclusion)}</h3>' in chart_head(chart)
    assert figure(chart).layout.title.text is None


@EVERY
def test_the_data_and_the_summary_are_one_click_away(chart: Chart) -> None:
    foot = chart_foot(chart)
    assert "<details" in foot
    assert typeset(chart.alternative) in foot
    assert all(name in foot for name in chart.categories)


@EVERY
def test_there_is_no_legend_and_no_button_bar(chart: Chart) -> None:
    assert figure(chart).layout.showlegend is False
    assert CONFIG["displayModeBar"] is False


@EVERY
def test_numbers_are_separated_as_in_french(chart: Chart) -> None:
    assert figure(chart).layout.separators == ",\u202f"


def test_equal_charts_are_drawn_once() -> None:
    assert figure(CHARTS["bars"]) is figure(replace(CHARTS["bars"]))


def test_the_dark_theme_has_its_own_hues() -> None:
    light, dark = figure(CHARTS["columns"]), figure(CHARTS["columns"], True)
    assert (light.data[0].marker.color, dark.data[0].marker.color) == (LIGHT.axis1, DARK.axis1)


def test_lines_are_named_at_their_end() -> None:
    named = {note.text for note in figure(CHARTS["line"]).layout.annotations}
    assert {"Pays d’Aix", "Pays Salonais", "Martigues", "objectif 100"} <= named


def test_a_gap_stays_a_gap() -> None:
    chart = Chart("line", ("a", "b", "c"), (Series("x", (1.0, None, 2.0)),), "c", "a")
    assert figure(chart).data[0].y == (1.0, None, 2.0)
    assert "Non renseigné" in chart_foot(chart)


def test_bars_start_at_zero() -> None:
    assert figure(CHARTS["bars"]).layout.xaxis.range[0] == 0
    assert figure(CHARTS["columns"]).layout.yaxis.range[0] == 0


def test_a_chart_without_any_value_is_still_drawn() -> None:
    empty = Chart("bars", (), (), "Rien encore", "Aucune donnée.")
    assert figure(empty).layout.height > 0
    assert "Rien encore" in chart_head(empty)


def test_months_do_not_run_together_on_a_phone() -> None:
    ticks = figure(CHARTS["line"]).layout.xaxis.tickvals
    assert ticks == ("juil. 21", "déc. 21", "juin 22")


def test_a_long_name_leaves_room_for_its_line() -> None:
    named = Chart("line", ("a", "b"), (Series("Ordinateurs remis <i>depuis</i> le début", (1.0, 2.0)),), "c", "a")
    note = figure(named).layout.annotations[0].text
    assert "<br>" in note
    assert "<i>" not in note


def test_an_empty_line_chart_is_still_drawn() -> None:
    assert figure(Chart("line", (), (), "Rien encore", "Aucune donnée.")).layout.height > 0


def test_a_number_is_clear_of_the_value_to_reach() -> None:
    bars = Chart(
        "bars", ("a", "b", "c"), (Series("x", (409.0, 179.0, 470.0)),), "c", "a", reference=("455 votés", 455.0)
    )
    (trace,) = figure(bars).data
    assert trace.textposition == ("inside", "outside", "outside")
    assert trace.insidetextanchor == "end"


def test_without_a_value_to_reach_every_number_follows_its_bar() -> None:
    bars = Chart("bars", ("a", "b"), (Series("x", (409.0, 179.0)),), "c", "a")
    assert set(figure(bars).data[0].textposition) == {"outside"}
