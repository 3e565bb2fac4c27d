"""A machine that comes back, goes again or is recycled: the hand-over that a quarter counted stays counted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from core.domain.calendar import Period
from core.settings import sqlite_url
from tests.core.figures.rig import AIX, Rig, computer, handed_over, prepared_on_sqlite
from tests.support.filled import copied

DECEMBER, RETURNED = date(2021, 12, 2), date(2022, 5, 3)
QUARTER = Period.quarter(2021, 4)


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = Rig(sqlite_url(copied(prepared_on_sqlite(), tmp_path / "fabrique.sqlite3")))
    yield made
    made.close()


def given(rig: Rig, code: str = "EQ5a", **when: object) -> float | None:
    (found,) = rig.monitor().observe([code], [AIX], **when)
    return found.numerator


@pytest.mark.parametrize(
    "since",
    [
        {"date_retour": RETURNED, "statut": "reconditionné"},
        {"date_retour": RETURNED, "date_nouvelle_remise": date(2022, 6, 1)},
        {"date_recyclage": RETURNED, "statut": "recyclé"},
        {"date_retour": RETURNED, "date_recyclage": date(2022, 6, 1), "statut": "recyclé"},
    ],
)
def test_what_a_quarter_counted_stays_counted(rig: Rig, since: dict[str, object]) -> None:
    machine = handed_over("A1", "aix", DECEMBER, preuve_effacement="C-1")
    rig.put("anonymal", "materiel", [machine], on=date(2022, 1, 5))
    before = given(rig, period=QUARTER), given(rig, "EQ4", until=QUARTER.end)
    rig.put("anonymal", "materiel", [{**machine, **since}], on=date(2022, 6, 2))
    assert (given(rig, period=QUARTER), given(rig, "EQ4", until=QUARTER.end)) == before == (1, 1)
    assert given(rig) == 1, "counted once, at its first hand-over"


def test_a_machine_recycled_later_leaves_on_its_own_day(rig: Rig) -> None:
    tested = computer("A1", date_test=date(2021, 10, 1), statut="testé", lieu="aix", preuve_effacement="C-1")
    rig.put("anonymal", "materiel", [tested], on=date(2022, 1, 5))
    recycled = {**tested, "statut": "recyclé", "date_recyclage": RETURNED}
    rig.put("anonymal", "materiel", [recycled], on=date(2022, 6, 2))
    assert given(rig, "EQ4", until=QUARTER.end) == 0
    assert given(rig, "EQ4") == 1
