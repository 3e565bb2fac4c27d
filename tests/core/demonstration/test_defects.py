"""The defects sown in the story are seen where it says, and gone once they are mended."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from core.alerts.attention import points_to_treat
from core.demonstration import receivers, story
from core.demonstration.filling import year
from core.demonstration.story import CT2, CT3, CT6, FRAIS_VALLON, QUARTERS
from core.money.ledger import read_ledger
from tests.core.demonstration.conftest import Demo

MARCH = QUARTERS[2].end


def points(demo: Demo, day: date | None = None) -> dict[tuple[str, str | None], tuple[str, ...]]:
    """The subjects of each point, by rule and experiment, as known on a day."""
    revision = None if day is None else demo.store.revision_at(day)
    found: dict[tuple[str, str | None], tuple[str, ...]] = {}
    for point in points_to_treat(demo.registry, demo.store, revision):
        key = (point.code, point.experiment)
        found[key] = (*found.get(key, ()), *point.subjects)
    return found


def handed_over(demo: Demo, known_on: date) -> float | None:
    """The programme's computers handed over to 31 March, as known on a day."""
    revision = demo.store.revision_at(known_on)
    (found,) = demo.monitor.observe(["EQ5a"], [None], until=MARCH, revision=revision)
    return found.numerator


def test_68_machines_were_never_ceded(before: Demo) -> None:
    annex = before.store.rows("metropole", "annexe_materiel").filter(pl.col("lot").is_null())
    screens = annex.filter(pl.col("type") == "écran").height
    assert (annex.height - screens, screens) == (46, 22)
    lots = before.store.rows("metropole", "lots_cession")
    assert (lots["ordinateurs"].sum(), lots["ecrans"].sum()) == (409, 180)


def test_three_families_outside_wait_for_the_committee(before: Demo) -> None:
    assert len(points(before)["famille_hors_qpv", CT2]) == 3
    rows = before.store.rows("anonymal", "materiel").filter(~pl.col("en_qpv"))
    assert rows["lieu"].to_list() == ["gardanne"] * 3


def test_two_dear_machines_are_set_aside(before: Demo) -> None:
    assert len(points(before)["valeur_superieure_a_300", CT2]) == 2


def test_four_of_six_missing_proofs_came_in_april(before: Demo) -> None:
    def unproven(day: date | None) -> int:
        found = points(before, day)
        return sum(len(found.get(("remise_sans_preuve_effacement", one), ())) for one in (CT2, CT3))

    assert [unproven(day) for day in (date(2022, 4, 25), date(2022, 4, 26), None)] == [6, 2, 2]


def test_the_number_given_twice_is_in_history_only(before: Demo) -> None:
    slip = receivers.february(year())
    on_the_11th = points(before, date(2022, 4, 11))
    assert on_the_11th["remis_deux_fois", CT2] == on_the_11th["remis_deux_fois", FRAIS_VALLON] == (slip.wrong,)
    assert not any(code == "remis_deux_fois" for code, _ in points(before, date(2022, 4, 12)))
    assert [handed_over(before, date(2022, 4, day)) for day in (11, 12, 23)] == [87, 88, 94]


def test_23_machines_are_on_their_way_until_the_deposit(before: Demo, after: Demo) -> None:
    waited = points(before)["transfert_non_confirme", CT3]
    assert (sum("-PC-" in number for number in waited), sum("-EC-" in number for number in waited)) == (14, 9)
    assert [one for code, one in points(before) if code == "transfert_non_confirme"] == [CT3]
    assert not any(code == "transfert_non_confirme" for code, _ in points(after))


def test_one_building_is_in_service_under_its_threshold(before: Demo) -> None:
    assert points(before)["mise_en_service_sous_seuil", FRAIS_VALLON] == ("FV-04",)


def test_pa_04_is_unknown_and_never_zero(before: Demo) -> None:
    homes = before.store.rows("ifac", "immeubles").filter(pl.col("code_immeuble") == "PA-04")
    assert homes["eligible_cable"].to_list() == [None]
    assert homes["date_diagnostic"].to_list() == [None]


def test_swapped_dates_were_returned_and_corrected(before: Demo) -> None:
    def met_on(day: date) -> list[date]:
        return before.store.rows("point-formation", "concertations", before.store.revision_at(day))["date"].to_list()

    assert met_on(date(2022, 1, 10)) == [date(2021, 12, 11)]
    assert met_on(date(2022, 1, 24)) == [date(2021, 11, 12)]


def test_only_the_missing_statement_is_waited_for(before: Demo, after: Demo) -> None:
    def waited(demo: Demo) -> dict[str, date | None]:
        found = demo.monitor.observe(["AC6"], list(story.EXPERIMENTS))
        return {one.experiment or "": one.freshness.expected_since for one in found if one.freshness.expected_since}

    assert waited(before) == {CT6: date(2022, 7, 4)}
    assert waited(after) == {}


def test_the_third_statement_sent_again_changes_nothing(before: Demo) -> None:
    again = [d for d in before.store.deposits(association="anonymal") if d.at.date() == date(2022, 4, 14)]
    assert again
    assert all(one.revision is None and one.unchanged > 0 for one in again)


@pytest.mark.parametrize(
    ("day", "lines"),
    [
        (date(2022, 1, 19), ["arsenic-equiper-connecter", "ifac"]),
        (date(2022, 1, 20), ["arsenic-equiper-connecter"]),
    ],
)
def test_18000_euros_stay_unallocated(before: Demo, day: date, lines: list[str]) -> None:
    ledger = read_ledger(before.store, until=day, revision=before.store.revision_at(day))
    assert sorted(state.line.code for state in ledger.unallocated) == lines


def test_the_ledger_is_that_of_the_story(before: Demo, after: Demo) -> None:
    ledger = read_ledger(before.store, until=story.TODAY)
    assert (ledger.voted, ledger.paid, ledger.spent) == (11_500_000, 8_230_000, 8_900_000)
    to_pay = {code: sum(s.to_pay for s in ledger.of_association(code)) for code in story.ASSOCIATIONS}
    assert to_pay == {"anonymal": 1_380_000, "arsenic": 1_290_000, "ifac": 600_000, "point-formation": 0}
    assert {state.line.code: state.spent for state in ledger.lines} == {
        line: amounts[-1] for line, amounts in story.SPENT.items()
    }
    assert read_ledger(after.store, until=story.TODAY).spent == 9_025_000


def test_budgets_are_kept_account_by_account(before: Demo) -> None:
    rows = before.store.rows("anonymal", "comptes")
    assert rows.filter(pl.col("compte") == "74.4")["prevision"].to_list() == [2_450_000]
    assert rows.filter(pl.col("compte").is_in(["864", "870"]))["prevision"].to_list() == [420_000, 420_000]


def test_the_journal_of_the_year_verifies(before: Demo, after: Demo) -> None:
    assert after.store.journal.verify().lines > before.store.journal.verify().lines > len(before.store.deposits())


def test_no_row_was_refused_nor_left_without_experiment(before: Demo) -> None:
    for association in story.ASSOCIATIONS:
        for dataset in before.registry.datasets(association):
            if dataset.programme_wide or dataset.place_through:
                continue
            rows = before.store.rows(association, dataset.code)
            assert rows["_experiment"].null_count() == 0, (association, dataset.code)
