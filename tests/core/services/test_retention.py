"""What is kept too long leaves by one command; without a decided duration, nothing ever does."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.domain.actor import Actor, Role
from core.errors import Forbidden
from core.services import retention
from tests.core.services.desk import AT, MACHINE, WHO, Desk, who

LATER = AT + timedelta(days=800)


@pytest.fixture
def kept(desk: Desk) -> Desk:
    """A machine handed in by file, and corrected the same day."""
    desk.submit("numero_inventaire;type;statut;date_reception\nA-1;ordinateur fixe;reçu;16/09/2021\n")
    desk.save("anonymal", "materiel", MACHINE | {"lot": "L1"})
    return desk


def decide(desk: Desk, months: int) -> None:
    row = {"dataset": "materiel", "duree_mois": months, "decision": "Comité n° 1"}
    desk.save("metropole", "conservation", row)


def test_nothing_leaves_without_a_duration(kept: Desk) -> None:
    assert retention.foreseen(kept.registry, kept.store, at=LATER) == ()
    assert retention.purge(kept.registry, kept.store, actor=WHO, at=LATER) == ()


def test_what_is_beyond_its_duration_leaves(kept: Desk) -> None:
    decide(kept, 24)
    assert retention.foreseen(kept.registry, kept.store, at=AT) == ()
    [foreseen] = retention.foreseen(kept.registry, kept.store, at=LATER)
    assert (foreseen.association, foreseen.rows, foreseen.files) == ("anonymal", 1, 1)
    told = retention.in_words(foreseen, kept.registry).replace("\xa0", " ")
    assert told.startswith("Anonymal, « Matériel » : 1 ancienne version de ligne et 1 fichier déposé d’avant le ")
    assert told.endswith("12 septembre 2022 (24 mois)")
    assert retention.purge(kept.registry, kept.store, actor=WHO, at=LATER) == (foreseen,)
    assert retention.foreseen(kept.registry, kept.store, at=LATER) == ()
    assert kept.rows()["A-1"]["lot"] == "L1"
    kept.store.journal.verify()


def test_only_who_administers_may_purge(kept: Desk) -> None:
    decide(kept, 1)
    for actor in (who("anonymal"), Actor("Élue", Role.COMMITTEE)):
        with pytest.raises(Forbidden):
            retention.purge(kept.registry, kept.store, actor=actor, at=LATER)


@pytest.mark.parametrize(
    ("day", "months", "limit"),
    [
        (date(2022, 3, 31), 1, date(2022, 2, 28)),
        (date(2022, 3, 15), 15, date(2020, 12, 15)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
    ],
)
def test_months_are_those_of_the_calendar(day: date, months: int, limit: date) -> None:
    assert retention._months_before(day, months) == limit
