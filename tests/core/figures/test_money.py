"""A sum is never divided without a key, and never loses a cent with one."""

from __future__ import annotations

from datetime import date

import pytest

from core.domain.calendar import Period
from core.domain.observation import Missing
from tests.core.figures.rig import AIX, FRAIS_VALLON, LEAD, MARTIGUES, PLAN_D_AOU, RECHERCHE, SALON, Rig

ALL = (FRAIS_VALLON, PLAN_D_AOU, AIX, SALON, MARTIGUES, RECHERCHE)


def figure(rig: Rig, code: str, experiment: str | None, **asked):
    (found,) = rig.monitor().observe([code], [experiment], **asked)
    return found


def paid(line: str, day: date, cents: int, reference: str = ""):
    return {"reference": reference or f"{line}-{day}", "ligne": line, "date": day, "montant": cents, "nature": "avance"}


def spent(line: str, day: date, cents: int):
    return {"ligne_subvention": line, "date": day, "montant": cents}


def key(line: str, **parts: float):
    return [
        {
            "ligne": line,
            "experience": code.replace("_", "-"),
            "part": part,
            "decision": "Comité",
            "date": date(2022, 1, 20),
        }
        for code, part in parts.items()
    ]


def test_without_a_key_the_sum_stays_the_programmes(rig: Rig) -> None:
    rig.put(LEAD, "versements", [paid("ifac", date(2021, 9, 22), 14_000_00)])
    whole, part = figure(rig, "TR1", None), figure(rig, "TR1", FRAIS_VALLON)
    assert (whole.numerator, whole.denominator) == (14_000.0, 115_000.0)
    assert (part.numerator, part.denominator, part.missing_because) == (None, None, Missing.NOT_REPORTED)
    assert "Somme non ventilée" in part.reason
    assert "clé de répartition" in part.reason


def test_a_key_divides_to_the_cent(rig: Rig) -> None:
    rig.put(LEAD, "versements", [paid("ifac", date(2021, 9, 22), 100_01), paid("ifac", date(2021, 12, 1), 33)])
    rig.put(LEAD, "cles", key("ifac", ct1_frais_vallon=33.3, ct1_plan_d_aou=66.7))
    parts = [figure(rig, "TR1", code) for code in (FRAIS_VALLON, PLAN_D_AOU)]
    assert [part.numerator for part in parts] == [33.41, 66.93]
    assert sum(part.denominator for part in parts) == 20_000.0
    assert figure(rig, "TR1", None).numerator == 100.34


@pytest.mark.parametrize("parts", [(60.0, 30.0), (70.0, 40.0)])
def test_a_key_that_misses_the_whole_divides_nothing(quick: Rig, parts: tuple[float, float]) -> None:
    quick.put(LEAD, "cles", key("ifac", ct1_frais_vallon=parts[0], ct1_plan_d_aou=parts[1]))
    quick.put(LEAD, "versements", [paid("ifac", date(2021, 9, 22), 100_00)])
    assert "non ventilée" in figure(quick, "TR1", FRAIS_VALLON).reason


def test_the_line_of_no_experiment_counts_once_for_the_programme(quick: Rig) -> None:
    quick.put("arsenic", "depenses_a_date", [spent("arsenic-equiper-connecter", date(2022, 3, 31), 6_800_00)])
    assert figure(quick, "TR2", None).numerator == 6_800.0
    assert figure(quick, "TR2", RECHERCHE).numerator == 0
    assert figure(quick, "TR2", RECHERCHE).denominator == 25_000.0


def test_a_key_may_give_that_line_to_experiments(quick: Rig) -> None:
    quick.put(
        LEAD, "cles", key("arsenic-equiper-connecter", **{AIX.replace("-", "_"): 25.0, SALON.replace("-", "_"): 75.0})
    )
    quick.put("arsenic", "depenses_a_date", [spent("arsenic-equiper-connecter", date(2022, 3, 31), 1_000_00)])
    quick.put("anonymal", "depenses_a_date", [spent("anonymal-ct2", date(2022, 3, 31), 500_00)])
    assert (figure(quick, "TR2", AIX).numerator, figure(quick, "TR2", AIX).denominator) == (750.0, 29_000.0)
    assert figure(quick, "TR2", SALON).numerator == 750.0
    assert figure(quick, "TR2", None).numerator == 1_500.0


def test_parts_of_all_experiments_and_the_rest_add_up(quick: Rig) -> None:
    quick.put(LEAD, "cles", key("ifac", ct1_frais_vallon=60.0, ct1_plan_d_aou=40.0))
    quick.put(LEAD, "versements", [paid("ifac", date(2021, 9, 22), 1), paid("point-formation", date(2021, 11, 18), 2)])
    parts = [figure(quick, "TR1", code) for code in ALL]
    assert sum(part.denominator for part in parts) == 115_000.0 - 18_000.0
    assert sum(part.numerator for part in parts) == 0.03


def test_spending_is_what_was_last_declared_by_the_day(rig: Rig) -> None:
    rows = [spent("point-formation", day, cents) for day, cents in SPENDING]
    rig.put("point-formation", "depenses_a_date", rows)
    assert figure(rig, "TR2", MARTIGUES).numerator == 1_900.0
    assert figure(rig, "TR2", MARTIGUES, until=date(2022, 1, 15)).numerator == 900.0
    months = {one.month: one.numerator for one in rig.monitor().observe(["TR2"], [MARTIGUES], by="month")}
    assert (months[date(2022, 2, 1)], months[date(2022, 3, 1)]) == (900.0, 1_900.0)


def test_an_experiment_that_no_such_line_pays_has_no_object(quick: Rig) -> None:
    quick.put("anonymal", "depenses_a_date", [spent("anonymal-ct2", date(2022, 3, 31), 500_00)])
    assert figure(quick, "EQ10", MARTIGUES).missing_because is Missing.NOT_APPLICABLE
    assert "Aucune ligne" in figure(quick, "EQ10", MARTIGUES).reason


def test_until_somebody_pays_the_payments_are_unknown(quick: Rig) -> None:
    assert figure(quick, "TR1", AIX).missing_because is Missing.NOT_REPORTED
    quick.put(LEAD, "versements", [paid("anonymal-ct3", date(2021, 8, 30), 100_00)])
    assert figure(quick, "TR1", AIX).value == 0.0


def test_a_sum_is_not_told_by_place(quick: Rig) -> None:
    found = quick.monitor().observe(["TR1"], [AIX], by="place")
    assert {one.missing_because for one in found} == {Missing.NOT_APPLICABLE}


def test_a_payment_counts_in_its_own_period(quick: Rig) -> None:
    quick.put(LEAD, "versements", [paid("anonymal-ct2", date(2021, 8, 30), 100_00)])
    assert figure(quick, "TR1", AIX, period=Period.quarter(2021, 3)).numerator == 100.0


def test_documents_of_an_association_count_in_each_of_its_experiments(quick: Rig) -> None:
    quick.put(LEAD, "pieces", [document("ifac", None), document("arsenic", date(2022, 6, 20))])
    assert (figure(quick, "TR6", FRAIS_VALLON).numerator, figure(quick, "TR6", FRAIS_VALLON).denominator) == (0, 1)
    assert figure(quick, "TR6", PLAN_D_AOU).denominator == 1
    assert (figure(quick, "TR6", None).numerator, figure(quick, "TR6", None).denominator) == (1, 2)


def document(association: str, received: date | None):
    return {
        "association": association,
        "type": "compte rendu financier",
        "exercice": 2021,
        "echeance": date(2022, 6, 30),
        "recue_le": received,
    }


SPENDING = ((date(2021, 12, 31), 900_00), (date(2022, 3, 31), 1_900_00), (date(2022, 9, 30), 3_000_00))
