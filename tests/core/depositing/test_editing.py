"""Two people at the same rows: cells are merged, disputes are told one by one, nothing is lost."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from core.contract.scope import Scope
from core.depositing import submit
from core.depositing.editing import Edits, Result, save_edits, settle, undo_row
from core.domain.access import Actor, Role
from core.errors import Conflict, Forbidden, Refused, RowsRefused
from tests.core.desk import AT, MACHINE, Desk, who
from tests.dashboard.views.opening import plain

LATER = AT + timedelta(minutes=42)
OTHER = Actor("Inès", Role.ASSOCIATION, "anonymal")


def edit(desk: Desk, edits: Edits, based_on: int, **given: Any) -> Result:
    scope = Scope(desk.registry, desk.store, given.pop("actor", who("anonymal")), given.pop("at", LATER))
    return save_edits(scope, "anonymal", "materiel", edits, based_on=based_on, **given)


def changed(key: str = "A-1", **cells: Any) -> Edits:
    return Edits(changed={key: cells})


@pytest.fixture
def held(desk: Desk) -> Desk:
    """Two machines, at revision 1."""
    desk.save("anonymal", "materiel", MACHINE, {**MACHINE, "numero_inventaire": "A-2"})
    return desk


def test_a_cell_typed_over_is_stored_and_the_deposit_says_correction(held: Desk) -> None:
    result = edit(held, changed(lot="L1"), 1)
    assert result.outcome is not None and result.outcome.changed == 1
    assert held.rows()["A-1"]["lot"] == "L1"
    assert held.store.deposits()[-1].action == "correction"


def test_cells_that_others_changed_meanwhile_are_kept(held: Desk) -> None:
    edit(held, changed(lot="L1"), 1, actor=OTHER)
    result = edit(held, changed(numero_serie="S1"), 1)
    assert (result.disputes, result.kept) == ((), 1)
    row = held.rows()["A-1"]
    assert (row["lot"], row["numero_serie"]) == ("L1", "S1")


def test_a_cell_that_both_changed_is_told_and_nothing_is_stored(held: Desk) -> None:
    edit(held, changed(lot="L1"), 1, actor=OTHER)
    result = edit(held, Edits(changed={"A-1": {"lot": "L2", "numero_serie": "S1"}, "A-2": {"lot": "L9"}}), 1)
    (dispute,) = result.disputes
    assert result.outcome is None and result.revision == 2
    assert (dispute.key, dispute.column, dispute.seen, dispute.theirs, dispute.mine) == ("A-1", "lot", None, "L1", "L2")
    assert dispute.by is not None and (dispute.by.actor, dispute.by.at) == ("Inès", LATER)
    assert held.rows()["A-2"]["lot"] is None and held.store.latest() == 2


@pytest.mark.parametrize(("mine", "lot"), [((), "L1"), ((("A-1", "lot"),), "L2")])
def test_once_chosen_cell_by_cell_the_rest_is_stored(held: Desk, mine: Any, lot: str) -> None:
    edits = Edits(changed={"A-1": {"lot": "L2", "numero_serie": "S1"}})
    edit(held, changed(lot="L1"), 1, actor=OTHER)
    result = edit(held, edits, 1)
    after = edit(held, settle(edits, result, mine), result.revision)
    assert after.outcome is not None
    row = held.rows()["A-1"]
    assert (row["lot"], row["numero_serie"]) == (lot, "S1")


def test_the_same_value_typed_by_both_is_no_dispute(held: Desk) -> None:
    edit(held, changed(lot="L1"), 1, actor=OTHER)
    result = edit(held, changed(lot="L1"), 1)
    assert result.outcome is not None and result.outcome.revision is None


def test_a_row_that_the_other_removed_comes_back_only_when_chosen(held: Desk) -> None:
    edit(held, Edits(removed=("A-1",)), 1, actor=OTHER)
    mine = changed(lot="L2")
    result = edit(held, mine, 1)
    (dispute,) = result.disputes
    assert (dispute.column, dispute.theirs) == (None, None) and dispute.seen["statut"] == "reçu"
    assert settle(mine, result, ()).count == 0
    edit(held, settle(mine, result, [("A-1", None)]), result.revision)
    row = held.rows()["A-1"]
    assert (row["lot"], row["statut"]) == ("L2", "reçu")


def test_a_row_that_the_other_changed_is_removed_only_when_chosen(held: Desk) -> None:
    edit(held, changed(lot="L1"), 1, actor=OTHER)
    mine = Edits(removed=("A-1",))
    result = edit(held, mine, 1)
    (dispute,) = result.disputes
    assert (dispute.column, dispute.mine, dispute.theirs["lot"]) == (None, None, "L1")
    edit(held, settle(mine, result, [("A-1", None)]), result.revision)
    assert set(held.rows()) == {"A-2"}


def test_a_new_row_never_overwrites_one_that_is_there(held: Desk) -> None:
    with pytest.raises(RowsRefused) as refused:
        edit(held, Edits(added=({**MACHINE, "lot": "L9"},)), 1)
    (problem,) = refused.value.problems
    assert (problem.line, problem.column) == (1, "numero_inventaire")
    assert held.rows()["A-1"]["lot"] is None


def test_a_row_may_take_the_name_of_one_that_leaves(held: Desk) -> None:
    renamed = Edits(added=({**MACHINE, "numero_inventaire": "A-3"},), removed=("A-1",))
    result = edit(held, renamed, 1)
    assert result.outcome is not None and (result.outcome.added, result.outcome.removed) == (1, 1)
    assert set(held.rows()) == {"A-2", "A-3"}


def test_what_breaks_a_rule_is_refused_whole(held: Desk) -> None:
    edits = Edits(changed={"A-1": {"statut": "testé"}, "A-2": {"lot": "L1"}})
    with pytest.raises(RowsRefused):
        edit(held, edits, 1)
    assert held.rows()["A-2"]["lot"] is None


def test_another_association_may_not_correct(held: Desk) -> None:
    with pytest.raises(Forbidden):
        edit(held, changed(lot="L1"), 1, actor=who("ifac"))


def test_one_change_is_taken_back_and_later_ones_stay(held: Desk) -> None:
    edit(held, Edits(changed={"A-1": {"lot": "L1"}, "A-2": {"lot": "L1"}}), 1)
    edit(held, changed(numero_serie="S1"), 2, actor=OTHER)
    undo_row(Scope(held.registry, held.store, who("anonymal"), LATER), 2, "A-1")
    rows = held.rows()
    assert (rows["A-1"]["lot"], rows["A-1"]["numero_serie"], rows["A-2"]["lot"]) == (None, "S1", "L1")
    last = held.store.deposits()[-1]
    assert (last.action, last.undoes) == ("annulation", None)
    assert held.store.deposits()[1].undone_by is None
    assert next(iter(held.store.journal.lines())).action == "annulation"
    held.store.journal.verify()


def test_a_cell_that_changed_since_is_not_taken_back(held: Desk) -> None:
    edit(held, changed(lot="L1"), 1)
    edit(held, changed(lot="L2"), 2, actor=OTHER)
    with pytest.raises(Conflict) as conflict:
        undo_row(Scope(held.registry, held.store, who("anonymal"), LATER), 2, "A-1")
    assert [plain(one) for one in conflict.value.details] == [
        "« lot » : ce dépôt avait écrit « L1 », il y a maintenant « L2 »."
    ]
    assert held.rows()["A-1"]["lot"] == "L2"


def test_a_row_added_leaves_and_a_row_removed_comes_back(held: Desk) -> None:
    undo_row(Scope(held.registry, held.store, who("anonymal"), LATER), 1, "A-2")
    assert set(held.rows()) == {"A-1"}
    undo_row(Scope(held.registry, held.store, who("anonymal"), LATER), 2, "A-2")
    assert held.rows()["A-2"]["date_reception"] == date(2021, 9, 16)


def test_a_row_that_changed_or_left_since_is_a_conflict(held: Desk) -> None:
    edit(held, changed(lot="L1"), 1)
    with pytest.raises(Conflict):
        undo_row(Scope(held.registry, held.store, who("anonymal"), LATER), 1, "A-1")
    edit(held, Edits(removed=("A-1",)), 2)
    with pytest.raises(Conflict, match="a changé depuis"):
        undo_row(Scope(held.registry, held.store, who("anonymal"), LATER), 2, "A-1")


def test_what_a_deposit_did_not_touch_is_not_taken_back(held: Desk) -> None:
    edit(held, changed(lot="L1"), 1)
    with pytest.raises(Refused, match="n’a pas changé"):
        undo_row(Scope(held.registry, held.store, who("anonymal"), LATER), 2, "A-2")
    with pytest.raises(Forbidden):
        undo_row(Scope(held.registry, held.store, who("ifac"), LATER), 2, "A-1")


def test_a_dry_run_of_typed_rows_stores_nothing_and_says_all(held: Desk) -> None:
    rows = [{"numero_inventaire": "A-1", "lot": "L1"}, {"numero_inventaire": "A-2", "statut": "testé"}]
    told = submit.save_rows(
        Scope(held.registry, held.store, who("anonymal"), LATER), "anonymal", "materiel", rows, dry_run=True
    )
    assert (told.revision, told.refused, told.rejected) == (None, True, 2)
    assert held.store.latest() == 1
