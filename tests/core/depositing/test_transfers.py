"""Machines in transit are acknowledged by their receiver, which enters them in its own equipment."""

from __future__ import annotations

from datetime import date

import pytest

from core.contract.scope import Scope
from core.depositing import transfers
from core.errors import Forbidden, Refused
from tests.core.desk import AT, Desk, who

SENT = date(2022, 5, 19)
ARRIVED = date(2022, 5, 24)


def sent(number: str, to: str = "Point Formation", type: str = "ordinateur fixe", **more: object) -> dict:
    return {
        "numero_inventaire": number,
        "type": type,
        "statut": "transféré",
        "transfere_a": to,
        "date_transfert": SENT,
        "date_reception": date(2021, 9, 16),
        "date_effacement": date(2021, 10, 1),
        "preuve_effacement": "CERT-1",
        "lot": "L1",
        **more,
    }


@pytest.fixture
def road(desk: Desk) -> Desk:
    """Two machines and a screen for Point Formation, one for IFAC, one for a relay structure."""
    desk.save(
        "anonymal",
        "materiel",
        sent("A-1"),
        sent("A-2"),
        sent("E-1", type="écran"),
        sent("I-1", to="ifac"),
        sent("R-1", to="Un relais"),
    )
    return desk


def received(desk: Desk, *numbers: str, to: str = "point-formation", day: date = ARRIVED, **more):
    scope = Scope(desk.registry, desk.store, more.pop("actor", who(to)), AT)
    return transfers.acknowledge(scope, to, numbers, day, **more)


def test_parcels_tell_what_waits_for_whom(road: Desk) -> None:
    mine = transfers.awaited(road.registry, road.store, receiver="point-formation")
    assert [(one.sender, one.sent_on, one.contents) for one in mine] == [("anonymal", SENT, "2 ordinateurs et 1 écran")]
    assert {one.receiver for one in transfers.awaited(road.registry, road.store)} == {"point-formation", "ifac"}


def test_what_is_acknowledged_is_the_receivers_and_waits_no_more(road: Desk) -> None:
    outcome = received(road, "A-1", "E-1")
    assert outcome.added == 2
    row = road.rows("point-formation")["A-1"]
    assert (row["statut"], row["provenance"], row["date_reception"]) == ("reçu", "autre association", ARRIVED)
    assert (row["affectation"], row["preuve_effacement"], row["lot"]) == ("ct6-pays-de-martigues", "CERT-1", None)
    [left] = transfers.awaited(road.registry, road.store, receiver="point-formation")
    assert left.numbers == ("A-2",)
    assert road.store.deposits(association="point-formation")[-1].action == "accusé de réception"
    assert not outcome.warnings


@pytest.mark.parametrize(
    ("numbers", "day", "told"),
    [
        ((), ARRIVED, "Aucune machine n’est choisie"),
        (("I-1",), ARRIVED, "n’attend plus"),
        (("A-1",), date(2022, 5, 18), "il n’a pas pu arriver"),
        (("A-1",), date(2022, 7, 6), "n’est pas encore passé"),
    ],
)
def test_what_cannot_be_is_refused(road: Desk, numbers: tuple, day: date, told: str) -> None:
    with pytest.raises(Refused, match=told):
        received(road, *numbers, day=day)
    assert road.rows("point-formation") == {}


def test_a_receiver_of_several_experiments_chooses(road: Desk) -> None:
    with pytest.raises(Refused, match="Choisissez l’expérimentation"):
        received(road, "I-1", to="ifac")
    with pytest.raises(Refused, match="n’est pas une expérimentation de cette association"):
        received(road, "I-1", to="ifac", experiment="ct2-pays-d-aix")
    assert received(road, "I-1", to="ifac", experiment="ct1-plan-d-aou").added == 1


def test_nobody_acknowledges_for_another(road: Desk) -> None:
    with pytest.raises(Forbidden):
        received(road, "A-1", actor=who("anonymal"))
    assert received(road, "A-1", actor=who("metropole")).added == 1
