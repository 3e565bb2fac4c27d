"""The same cells for many machines: chosen by a list, tried, then stored whole or not at all."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from core.checking.outcome import Outcome
from core.contract.scope import Scope
from core.depositing.editing import chosen, set_cells
from core.errors import Conflict, Forbidden, Refused, RowsRefused
from tests.core.desk import AT, MACHINE, Desk, who

READY = {"statut": "reconditionné", "date_reconditionnement": date(2022, 3, 1)}


@pytest.fixture
def park(desk: Desk) -> Desk:
    """Forty machines, at revision 1."""
    desk.save("anonymal", "materiel", *({**MACHINE, "numero_inventaire": f"A-{n}"} for n in range(40)))
    return desk


def batch(desk: Desk, *keys: str, **given: Any) -> Outcome:
    scope = Scope(desk.registry, desk.store, given.pop("actor", who("anonymal")), AT + timedelta(hours=1))
    return set_cells(scope, "anonymal", "materiel", keys, **{"cells": READY, **given})


def test_a_pasted_list_chooses_rows_and_tells_what_it_does_not_know(park: Desk) -> None:
    found = chosen(park.store.rows("anonymal", "materiel"), " a-1\r\nA-2;A-2\tB-9\n\nA-3")
    assert (found.keys, found.unknown) == (("A-1", "A-2", "A-3"), ("B-9",))


def test_forty_machines_are_refurbished_at_once(park: Desk) -> None:
    keys = list(park.rows())
    tried = batch(park, *keys, dry_run=True)
    assert (tried.changed, tried.refused, park.store.latest()) == (40, False, 1)
    done = batch(park, *keys)
    assert done.changed == 40
    rows = park.rows().values()
    assert {row["statut"] for row in rows} == {"reconditionné"} and {row["type"] for row in rows} == {"ordinateur fixe"}
    last = park.store.deposits()[-1]
    assert (last.action, last.revision, last.changed) == ("saisie par lot", 2, 40)


def test_one_row_that_breaks_a_rule_stops_the_batch_and_the_dry_run_tells_it(park: Desk) -> None:
    too_soon = {"statut": "reconditionné", "date_reconditionnement": date(2021, 1, 1)}
    tried = batch(park, "A-1", "A-2", cells=too_soon, dry_run=True)
    assert tried.refused and tried.rejected == 2
    with pytest.raises(RowsRefused):
        batch(park, "A-1", "A-2", cells=too_soon)
    assert park.rows()["A-1"]["statut"] == "reçu"


def test_a_machine_that_changed_since_it_was_tried_stops_the_batch(park: Desk) -> None:
    park.save("anonymal", "materiel", {**MACHINE, "lot": "L1"})
    with pytest.raises(Conflict):
        batch(park, "A-1", "A-2", based_on=1)
    assert batch(park, "A-2", based_on=1).changed == 1


@pytest.mark.parametrize(
    ("keys", "cells", "words"),
    [
        ((), READY, "au moins une ligne"),
        (("A-1",), {}, "au moins une ligne"),
        (("A-1", "Z-1"), READY, "n’est plus dans les données"),
        (("A-1",), {"numero_inventaire": "A-2"}, "un lot ne la change pas"),
        (tuple(map(str, range(5001))), READY, "lignes au plus"),
    ],
)
def test_what_cannot_be_a_batch_is_refused(park: Desk, keys: Any, cells: Any, words: str) -> None:
    with pytest.raises(Refused, match=words):
        batch(park, *keys, cells=cells)
    assert park.store.latest() == 1


def test_another_association_may_not(park: Desk) -> None:
    with pytest.raises(Forbidden):
        batch(park, "A-1", actor=who("ifac"))
