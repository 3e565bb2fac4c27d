from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.core.catalogue.rows import stops, warnings

SEPTEMBER, OCTOBER, NOVEMBER = date(2021, 9, 16), date(2021, 10, 4), date(2021, 11, 2)
HANDED_OVER = {
    "statut": "remis",
    "date_reception": SEPTEMBER,
    "date_remise": NOVEMBER,
    "lieu": "gardanne",
    "type_beneficiaire": "famille",
    "en_qpv": True,
    "preuve_effacement": "C-12",
    "prix_cession": 0,
}


def test_a_machine_handed_over_by_the_book_passes() -> None:
    assert stops("materiel", **HANDED_OVER) == set()
    assert warnings("materiel", **HANDED_OVER) == set()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"date_reception": OCTOBER, "date_test": SEPTEMBER}, "date_test_trop_tot"),
        ({"date_reception": OCTOBER, "date_effacement": SEPTEMBER}, "date_effacement_trop_tot"),
        ({"date_test": OCTOBER, "date_reconditionnement": SEPTEMBER}, "date_reconditionnement_trop_tot"),
        ({"date_effacement": OCTOBER, "date_reconditionnement": SEPTEMBER}, "date_reconditionnement_trop_tot"),
        ({"date_reconditionnement": OCTOBER, "date_transfert": SEPTEMBER}, "date_transfert_trop_tot"),
        ({"date_transfert": OCTOBER, "date_remise": SEPTEMBER}, "date_remise_trop_tot"),
        ({"date_reception": OCTOBER, "date_remise": SEPTEMBER}, "date_remise_trop_tot"),
    ],
)
def test_dates_out_of_order_refuse_the_row(changes: dict[str, Any], code: str) -> None:
    assert stops("materiel", **changes) == {code}


def test_everything_may_happen_on_one_day() -> None:
    dates = ("reception", "test", "effacement", "reconditionnement", "transfert", "remise")
    assert stops("materiel", **{f"date_{name}": OCTOBER for name in dates}) == set()


@pytest.mark.parametrize(
    ("status", "date_column"),
    [
        ("reçu", "date_reception"),
        ("testé", "date_test"),
        ("reconditionné", "date_reconditionnement"),
        ("transféré", "date_transfert"),
    ],
)
def test_a_status_implies_its_own_date(status: str, date_column: str) -> None:
    assert stops("materiel", statut=status) == {f"{date_column}_manquante"}
    assert stops("materiel", statut=status, **{date_column: OCTOBER}) == set()


@pytest.mark.parametrize("status", ["cédé", "recyclé"])
def test_a_status_without_date_of_its_own_passes(status: str) -> None:
    assert stops("materiel", statut=status) == set()


@pytest.mark.parametrize(
    ("column", "code"),
    [
        ("date_remise", "date_remise_manquante"),
        ("lieu", "remise_sans_lieu"),
        ("type_beneficiaire", "remise_sans_beneficiaire"),
    ],
)
def test_handed_over_says_when_where_and_to_whom(column: str, code: str) -> None:
    assert stops("materiel", **(HANDED_OVER | {column: None})) == {code}


@pytest.mark.parametrize(("cents", "warned"), [(300_00, False), (300_01, True), (0, False), (None, False)])
def test_a_value_above_300_euros_warns(cents: int | None, warned: bool) -> None:
    assert ("valeur_superieure_a_300" in warnings("materiel", valeur_unitaire=cents)) is warned


@pytest.mark.parametrize(("cents", "warned"), [(0, False), (1, True), (None, False)])
def test_any_price_warns(cents: int | None, warned: bool) -> None:
    assert ("prix_non_nul" in warnings("materiel", prix_cession=cents)) is warned


@pytest.mark.parametrize(
    ("beneficiary", "in_qpv", "expected"),
    [
        ("famille", True, set()),
        ("famille", False, {"famille_hors_qpv"}),
        ("famille", None, {"famille_qpv_non_renseigne"}),
        ("étudiant", False, set()),
        ("étudiant", None, set()),
    ],
)
def test_only_families_must_live_in_a_qpv(beneficiary: str, in_qpv: bool | None, expected: set[str]) -> None:
    assert warnings("materiel", **(HANDED_OVER | {"type_beneficiaire": beneficiary, "en_qpv": in_qpv})) == expected


@pytest.mark.parametrize(
    ("kind", "warned"), [("ordinateur fixe", True), ("ordinateur portable", True), ("écran", False)]
)
def test_a_screen_needs_no_proof_of_erasure(kind: str, warned: bool) -> None:
    found = warnings("materiel", **(HANDED_OVER | {"type": kind, "preuve_effacement": None}))
    assert found == ({"remise_sans_preuve_effacement"} if warned else set())


def test_a_transfer_without_receiver_warns() -> None:
    sent = {"statut": "transféré", "date_transfert": OCTOBER}
    assert warnings("materiel", **sent) == {"transfert_sans_destinataire"}
    assert warnings("materiel", **sent, transfere_a="ifac") == set()


@pytest.mark.parametrize(("status", "warned"), [("reconditionné", True), ("remis", False), ("recyclé", False)])
def test_a_date_of_handing_over_wants_its_status(status: str, warned: bool) -> None:
    found = warnings("materiel", **(HANDED_OVER | {"statut": status, "date_reconditionnement": OCTOBER}))
    assert ("date_de_remise_sans_statut" in found) is warned
