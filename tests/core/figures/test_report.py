"""A plugin's page receives the figures and the rows of its own experiment alone."""

from __future__ import annotations

from datetime import date

from core.catalogue.equiper import STOCK
from core.domain.calendar import Period
from tests.core.figures.rig import AIX, LEAD, SALON, Rig, diagnostics, handed_over
from tests.core.figures.test_reported import starts


def test_a_report_gives_figures_parts_and_rows(quick: Rig) -> None:
    quick.put(LEAD, "dates_experimentations", [starts(AIX, date(2021, 7, 1))])
    rows = [handed_over("A1", "aix", date(2021, 11, 3)), handed_over("A2", "salon", date(2021, 12, 3))]
    quick.put("anonymal", "materiel", rows)
    quick.put("anonymal", "diagnostics", [diagnostics("aix", date(2021, 11, 1), 6)])
    report = quick.monitor().report(AIX)
    assert (report.experiment.code, report.period) == (AIX, Period.quarter(2022, 2))
    assert report.figure("EQ5a").observation.numerator == 1
    assert {one.place: one.numerator for one in report.by_place("EQ5a")}["aix"] == 1
    # No relevé was sent: a row tells the fourth quarter, and nothing the other two, which a later deposit made 0.
    assert [one.numerator for one in report.by_period("AC6")][:3] == [None, 6, None]
    assert sum(one.numerator or 0 for one in report.by_month("AC6")) == 6
    assert [row["numero_inventaire"] for row in report.rows("materiel")] == ["A1"]
    assert [row["date_remise"] for row in report.rows("materiel")] == [date(2021, 11, 3)]
    assert [row["numero_inventaire"] for row in report.of_derived(STOCK)] == ["A1"]
    assert [row["numero_inventaire"] for row in quick.monitor().report(SALON).rows("materiel")] == ["A2"]
