"""Figures come out of rows alike on both databases."""

from __future__ import annotations

from datetime import date

from core.domain.calendar import Period
from core.domain.observation import Missing
from tests.core.figures.rig import (
    AIX,
    FRAIS_VALLON,
    SALON,
    Rig,
    computer,
    diagnostics,
    handed_over,
)


def one(rig: Rig, code: str, experiment: str | None, **asked):
    (found,) = rig.monitor().observe([code], [experiment], **asked)
    return found


def stock(rig: Rig) -> None:
    rig.put(
        "anonymal",
        "materiel",
        [
            handed_over("A1", "aix", date(2021, 11, 3)),
            handed_over("A2", "gardanne", date(2022, 1, 10), type="écran"),
            handed_over("A3", "salon", date(2022, 2, 3), type_beneficiaire="famille", en_qpv=False),
            computer("A4", affectation=AIX),
            computer("A5", affectation=AIX, statut="transféré", date_transfert=date(2022, 1, 4)),
        ],
    )
    sent = {"provenance": "autre association", "date_reception": date(2022, 1, 6)}
    rig.put("ifac", "materiel", [handed_over("A5", "frais-vallon", date(2022, 4, 1), **sent)])


def test_every_figure_of_an_empty_store_says_why(rig: Rig) -> None:
    found = rig.monitor().observe()
    assert {one.missing_because for one in found} == {Missing.NOT_REPORTED, Missing.NOT_APPLICABLE}
    assert all(one.reason for one in found)


def test_a_machine_in_two_associations_counts_once(rig: Rig) -> None:
    stock(rig)
    assert one(rig, "EQ5a", None).numerator == 3
    assert one(rig, "EQ5a", AIX).numerator == 1
    assert one(rig, "EQ5a", SALON).numerator == 1
    assert one(rig, "EQ5a", FRAIS_VALLON).numerator == 1
    assert one(rig, "EQ5a", None).denominator == 3


def test_a_number_handed_over_twice_counts_once_for_all(rig: Rig) -> None:
    stock(rig)
    rig.put("ifac", "materiel", [handed_over("A1", "plan-d-aou", date(2022, 5, 1))])
    assert one(rig, "EQ5a", None).numerator == 3
    assert sum(one(rig, "EQ5a", code).numerator for code in (AIX, SALON, FRAIS_VALLON, "ct1-plan-d-aou")) == 4


def test_the_deliberation_denominator_is_the_programmes_alone(rig: Rig) -> None:
    stock(rig)
    whole, part = one(rig, "EQ1a", None), one(rig, "EQ1a", AIX)
    assert (whole.numerator, whole.denominator, whole.unit) == (4, 455, "%")
    assert (part.numerator, part.denominator, part.value, part.unit) == (3, None, 3, "ordinateurs")


def test_a_rate_is_recomputed_from_its_parts(rig: Rig) -> None:
    stock(rig)
    found = one(rig, "EQ7", None)
    assert (found.numerator, found.denominator, found.value) == (3, 4, 75.0)


def test_a_median_runs_from_the_first_reception_in_the_programme(rig: Rig) -> None:
    """The clock of A5 does not start again at Frais Vallon: 197 days, and no longer 85."""
    stock(rig)
    whole = one(rig, "EQ9", None)
    assert whole.value == 140.0  # of 48, 140 and 197 days
    assert one(rig, "EQ9", FRAIS_VALLON).value == 197.0
    assert not whole.additive


def test_a_period_keeps_the_rows_dated_in_it(rig: Rig) -> None:
    stock(rig)
    found = one(rig, "EQ5a", None, period=Period.quarter(2022, 1))
    assert found.numerator == 1
    assert found.period == Period.quarter(2022, 1)


def test_rows_dated_after_the_day_do_not_count(rig: Rig) -> None:
    stock(rig)
    assert one(rig, "EQ5a", None, until=date(2022, 2, 2)).numerator == 1
    assert one(rig, "EQ5a", None, until=date(2022, 2, 3)).numerator == 2


def test_places_add_up_to_the_total(rig: Rig) -> None:
    stock(rig)
    parts = rig.monitor().observe(["EQ1a"], [AIX], by="place")
    assert {part.place: part.numerator for part in parts} == {"aix": 1, "pertuis": 0, "gardanne": 0, "sans-lieu": 2}


def test_a_place_without_the_axis_is_without_object(rig: Rig) -> None:
    rig.put("anonymal", "immeubles", [building("AX-01", "aix")])
    found = {part.place: part.missing_because for part in rig.monitor().observe(["CO2"], [AIX], by="place")}
    assert found == {"aix": None, "pertuis": Missing.NOT_APPLICABLE, "gardanne": Missing.NOT_APPLICABLE}


def test_a_count_by_month_is_the_months_own(rig: Rig) -> None:
    rig.put(
        "anonymal", "diagnostics", [diagnostics("aix", date(2021, 9, 1), 4), diagnostics("aix", date(2021, 11, 1), 6)]
    )
    found = {part.month: part.numerator for part in rig.monitor().observe(["AC6"], [AIX], by="month")}
    assert [found[date(2021, month, 1)] for month in (9, 10, 11, 12)] == [
        4,
        None,
        6,
        None,
    ]  # nobody told October nor December


def test_a_ratio_by_month_is_cumulative_on_both_sides(rig: Rig) -> None:
    stock(rig)
    found = {part.month: part for part in rig.monitor().observe(["EQ7"], [None], by="month")}
    january, april = found[date(2022, 1, 1)], found[date(2022, 4, 1)]
    assert (january.numerator, january.denominator) == (2, 2)
    assert (april.numerator, april.denominator) == (3, 4)
    assert april.period == Period.month(2022, 4)


def test_connections_take_the_place_of_their_building(rig: Rig) -> None:
    rig.put("ifac", "immeubles", [building("FV-01", "frais-vallon"), building("PA-01", "plan-d-aou")])
    rig.put("ifac", "raccordements", [connection("FV-01", 12, 5), connection("PA-01", 3, 0)])
    assert one(rig, "CO5", FRAIS_VALLON).numerator == 5
    assert one(rig, "CO3", FRAIS_VALLON).value == 20.0
    assert one(rig, "CO3", None).numerator == 15
    assert one(rig, "CO4", FRAIS_VALLON).missing_because is Missing.NOT_REPORTED


def test_a_building_at_its_threshold_counts(rig: Rig) -> None:
    rig.put("ifac", "immeubles", [building("FV-01", "frais-vallon"), building("FV-02", "frais-vallon")])
    rig.put("ifac", "raccordements", [connection("FV-01", 30, 5), connection("FV-02", 29, 0)])
    rig.put("metropole", "seuils", [threshold("FV-01"), threshold("FV-02")])
    found = one(rig, "CO4", FRAIS_VALLON)
    assert (found.numerator, found.denominator) == (1, 2)


def building(code: str, place: str, **cells):
    return {
        "code_immeuble": code,
        "lieu": place,
        "bailleur": "bailleur A",
        "nb_logements": 60,
        "date_diagnostic": date(2021, 10, 1),
        "eligible_cable": True,
        **cells,
    }


def connection(code: str, agreements: int, in_service: int, month: date = date(2022, 3, 1)):
    return {"code_immeuble": code, "mois": month, "accords": agreements, "mises_en_service": in_service}


def threshold(code: str):
    return {"association": "ifac", "code_immeuble": code, "part": 50.0, "decision": "Comité n° 1"}
