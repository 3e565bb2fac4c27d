"""What the registers refuse, and what they record and leave to look at, each with its legal source."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.accounts.identity import email_of
from core.alerts.attention import points_to_treat
from core.errors import Refused, RowsRefused
from core.money.ledger import read_ledger, settle, settle_lines
from tests.core.depositing.test_register_acts import ROWS, plain
from tests.core.desk import Desk

TODAY = date(2022, 7, 5)
PAID = ROWS["versements"][0]
TARGET = ROWS["objectifs"][0]
T3 = ROWS["periodes"][0]


def refusal(desk: Desk, code: str, *rows: dict[str, Any]) -> tuple[str, str]:
    """The code of the only problem, and its words."""
    before = desk.store.latest()
    with pytest.raises(RowsRefused) as refused:
        desk.save("metropole", code, *rows)
    assert desk.store.latest() == before
    problem = refused.value.problems[0]
    return problem.code, plain(f"{problem.expected} {problem.remedy}")


def codes(desk: Desk) -> dict[str, tuple[str, ...]]:
    return {one.code: one.subjects for one in points_to_treat(desk.registry, desk.store)}


@pytest.mark.parametrize(
    ("code", "row", "why"),
    [
        ("periodes", {"code": "2022-T3", "debut": date(2020, 1, 1), "fin": date(2020, 12, 31)}, "dates_hors_periode"),
        ("periodes", {"debut": date(2021, 6, 1)}, "dates_hors_periode"),
        ("periodes", {"code": "2021-09", "debut": date(2021, 8, 1)}, "dates_hors_periode"),
        ("versements", {"date": date(2021, 5, 1)}, "versement_avant_le_vote"),
        ("versements", {"date": date(2031, 5, 1)}, "date_a_venir"),
        ("versements", {"montant": 0}, "montant_nul"),
        ("versements", {"montant": -500_00}, "signe_du_montant"),
        ("versements", {"nature": "reversement"}, "signe_du_montant"),
        ("conventions", {"date_signature": date(2023, 1, 1)}, "date_a_venir"),
        ("pieces", {"recue_le": date(2023, 1, 1)}, "date_a_venir"),
        ("cles", {"date": date(2023, 1, 1)}, "date_a_venir"),
        ("lots_cession", {"date": date(2023, 1, 1)}, "date_a_venir"),
        ("objectifs", {"decide_le": date(2023, 1, 1)}, "date_a_venir"),
        ("seuils", {"decide_le": date(2023, 1, 1)}, "date_a_venir"),
        ("objectifs", {"indicateur": "ZZ9"}, "code_inconnu"),
        ("objectifs", {"indicateur": "EQ5A"}, "code_inconnu"),
        ("objectifs", {"valeur": -5.0}, "trop_petit"),
        ("objectifs", {"experience": "recherche-action"}, "axe_non_essaye"),
        ("valeurs_depart", {"indicateur": "ZZ9"}, "code_inconnu"),
        ("valeurs_depart", {"valeur": -5.0}, "trop_petit"),
        ("valeurs_depart", {"experience": "recherche-action"}, "axe_non_essaye"),
        ("seuils", {"association": "personne"}, "code_inconnu"),
        ("autorisations", {"association": "personne"}, "code_inconnu"),
        ("autorisations", {"dataset": "inconnu"}, "code_inconnu"),
        ("conservation", {"dataset": "inconnu"}, "code_inconnu"),
    ],
)
def test_a_slip_of_typing_is_refused(desk: Desk, code: str, row: dict[str, Any], why: str) -> None:
    assert refusal(desk, code, {**ROWS[code][0], **row})[0] == why


def test_a_code_in_another_case_is_offered_as_it_is_written(desk: Desk) -> None:
    assert "Vouliez-vous dire « EQ5a » ?" in refusal(desk, "objectifs", {**TARGET, "indicateur": "EQ5A"})[1]


def test_a_file_is_judged_as_the_screen(desk: Desk) -> None:
    text = (
        "experience;indicateur;valeur;echeance;decision\n"
        "ct3-pays-salonais;ZZ9;12;31/12/2022;Comité\n"
        "ct3-pays-salonais;EQ5a;-5;31/12/2022;Comité\n"
        "recherche-action;EQ5a;12;31/12/2022;Comité\n"
    )
    outcome = desk.submit(text, "metropole", "objectifs")
    assert outcome.refused
    assert {one.line: one.code for one in outcome.errors} == {2: "code_inconnu", 3: "trop_petit", 4: "axe_non_essaye"}


def test_two_periods_never_cover_one_day(desk: Desk) -> None:
    desk.save("metropole", "periodes", T3)
    month = {"code": "2021-09", "debut": date(2021, 9, 1), "fin": date(2021, 9, 30), "echeance": date(2021, 10, 7)}
    why, words = refusal(desk, "periodes", month)
    assert why == "periodes_superposees"
    assert "3e trimestre 2021 va du 01/07/2021 au 30/09/2021" in words
    june = {"code": "2021-06", "debut": date(2021, 6, 1), "fin": date(2021, 6, 30), "echeance": date(2021, 7, 7)}
    desk.save("metropole", "periodes", june)
    desk.save("metropole", "periodes", {**T3, "debut": date(2021, 7, 5)})
    assert desk.rows("metropole", "periodes")["2021-T3"]["debut"] == date(2021, 7, 5), "the period itself may move"


def test_a_payment_before_the_signature_is_recorded_and_pointed_from_both_sides(desk: Desk) -> None:
    desk.save("metropole", "versements", PAID)
    assert "versement_avant_signature" not in codes(desk), "nothing is signed yet"
    signed = {"association": "anonymal", "date_signature": date(2022, 6, 15)}
    outcome = desk.save("metropole", "conventions", signed)
    assert [one.code for one in outcome.warnings] == ["versement_avant_signature"], "told to who records the agreement"
    assert codes(desk)["versement_avant_signature"] == ("M-1",)
    later = desk.save(
        "metropole", "versements", {**PAID, "reference": "M-2", "montant": 100_00, "date": date(2022, 6, 20)}
    )
    assert list(later.warnings) == []
    desk.save("metropole", "conventions", {**signed, "date_signature": date(2021, 10, 14)})
    assert "versement_avant_signature" not in codes(desk)


def test_a_balance_without_its_report_is_recorded_and_pointed(desk: Desk) -> None:
    terms = "Solde au vu du compte rendu financier."
    signed = {"association": "anonymal", "date_signature": date(2021, 10, 1), "conditions": terms}
    report = {**ROWS["pieces"][0], "association": "anonymal", "recue_le": None}
    desk.save("metropole", "conventions", signed)
    desk.save("metropole", "pieces", report)
    balance = {**PAID, "reference": "S-1", "nature": "solde", "date": date(2022, 6, 20)}
    [warning] = desk.save("metropole", "versements", balance).warnings
    assert warning.code == "solde_sans_compte_rendu"
    assert "convention : « Solde au vu du compte rendu financier »" in plain(warning.expected)
    assert "loi du 12 avril 2000, article 10" in plain(warning.expected)
    assert codes(desk)["solde_sans_compte_rendu"] == ("S-1",)
    desk.save("metropole", "pieces", {**report, "recue_le": date(2022, 6, 25)})
    assert "solde_sans_compte_rendu" in codes(desk), "it came after the payment"
    desk.save("metropole", "pieces", {**report, "recue_le": date(2022, 6, 15)})
    assert "solde_sans_compte_rendu" not in codes(desk)


def test_a_payment_beyond_the_vote_is_told_when_it_is_recorded(desk: Desk) -> None:
    over = {**PAID, "reference": "M-9", "ligne": "point-formation", "montant": 60_000_00}
    [warning] = desk.save("metropole", "versements", over).warnings
    assert warning.code == "versements_au_dela_du_vote"
    assert "54 000 € de trop" in plain(warning.found)


def test_a_repayment_is_recorded_and_counted_everywhere(desk: Desk) -> None:
    desk.save("metropole", "conventions", {"association": "anonymal", "date_signature": date(2021, 10, 1)})
    back = {**PAID, "reference": "R-1", "date": date(2022, 5, 2), "montant": -600_00, "nature": "reversement"}
    desk.save("metropole", "versements", PAID, back)
    ledger = read_ledger(desk.store, until=TODAY)
    line = next(one for one in ledger.lines if one.line.code == "anonymal-ct2")
    assert (line.paid, line.to_pay) == (19_000_00, 24_500_00 - 19_000_00)
    assert ledger.paid == 19_000_00
    agreement = next(
        one
        for one in settle(desk.store, settle_lines(desk.store, ledger, until=TODAY), until=TODAY)
        if one.money.association == "anonymal"
    )
    assert agreement.money.paid == 19_000_00
    assert agreement.first_paid == PAID["date"]


def test_what_is_given_back_without_having_been_paid_is_a_point(desk: Desk) -> None:
    back = {**PAID, "reference": "R-1", "montant": -600_00, "nature": "reversement"}
    desk.save("metropole", "versements", back)
    assert codes(desk)["reversement_au_dela_du_verse"] == ("R-1",)


def test_a_machine_of_the_annex_above_300_euros_is_a_point(desk: Desk) -> None:
    outcome = desk.save("metropole", "annexe_materiel", {**ROWS["annexe_materiel"][0], "valeur_unitaire": 350_00})
    [warning] = outcome.warnings
    assert "D3212-3" in warning.expected
    assert codes(desk)["valeur_superieure_a_300"] == ("PC-1",)
    desk.save("metropole", "annexe_materiel", {**ROWS["annexe_materiel"][0], "valeur_unitaire": 300_00})
    assert "valeur_superieure_a_300" not in codes(desk)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Point Formation", "point-formation"),
        ("point formation", "point-formation"),
        ("IFAC", "ifac"),
        ("déploiement des actions sur le CT6", "point-formation"),
        ("point-formation – déploiement des actions sur le CT6", "point-formation"),
        ("Point Formation : déploiement des actions sur le CT6", "point-formation"),
    ],
)
def test_a_line_is_found_by_the_name_of_who_it_pays(desk: Desk, typed: str, code: str) -> None:
    text = f"reference;ligne;date;montant;nature\nM-1;{typed};02/11/2021;100;avance\n"
    assert desk.submit(text, "metropole", "versements").added == 1
    assert desk.rows("metropole", "versements")["M-1"]["ligne"] == code


def test_an_association_with_two_lines_does_not_name_one(desk: Desk) -> None:
    outcome = desk.submit(
        "reference;ligne;date;montant;nature\nM-1;Anonymal;02/11/2021;100;avance\n", "metropole", "versements"
    )
    assert outcome.refused


@pytest.mark.parametrize("typed", ["o'connor@exemple.fr", "O’Connor@exemple.fr"])
def test_an_apostrophe_is_part_of_an_address(typed: str) -> None:
    """RFC 5322: « ' » may stand before the @; keyboards and word processors write « ’ »."""
    assert email_of(typed) == "o'connor@exemple.fr"


@pytest.mark.parametrize("typed", ["o connor@exemple.fr", 'o"connor@exemple.fr', "o'connor", "<o'connor@exemple.fr>"])
def test_what_is_no_address_stays_refused(typed: str) -> None:
    with pytest.raises(Refused):
        email_of(typed)
