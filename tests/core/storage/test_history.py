"""The row itself tells who changed what, from which value to which, and from which file."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.errors import Conflict, UnknownName
from core.storage.history import RowEvent
from tests.core.storage.factories import KARIM, NADIA, NOON, frame, opened, prices, row, save


def told(event: RowEvent) -> tuple[int, str, list[tuple[str, object, object]]]:
    return event.revision, event.what, [(c.column, c.before, c.after) for c in event.cells]


def test_a_row_tells_its_whole_life(database_url: str) -> None:
    with opened(database_url) as store:
        save(store, row("A", 1), file=(b"a;b", "septembre.csv"))
        save(store, row("B", 1), day=1)
        save(store, row("A", None, en_qpv=True), day=2, actor=KARIM, action="grille")
        save(store, day=3, remove=["A"])
        save(store, row("A", 4), day=4)
        with store.writing(KARIM, NOON + timedelta(days=5)) as writing:
            writing.undo(5)
        events = store.history("anonymal", "materiel", "A")
    placed = [("_place", None, "aix"), ("_experiment", None, "ct2")]
    gone = [("_place", "aix", None), ("_experiment", "ct2", None)]
    assert [told(event) for event in events] == [
        (1, "ajoutée", [("numero", None, "A"), ("prix", None, 1), *placed]),
        (3, "modifiée", [("prix", 1, None), ("en_qpv", None, True)]),
        (4, "retirée", [("numero", "A", None), ("en_qpv", True, None), *gone]),
        (5, "ajoutée", [("numero", None, "A"), ("prix", None, 4), *placed]),
        (6, "retirée", [("numero", "A", None), ("prix", 4, None), *gone]),
    ]
    first, second = events[0].deposit, events[1].deposit
    assert (first.actor, first.file_name, first.action) == ("Nadia", "septembre.csv", "import")
    assert (second.actor, second.on_behalf_of, second.action) == ("Karim", "anonymal", "grille")
    assert events[1].at == NOON + timedelta(days=2)


def test_a_key_nobody_gave_has_no_history(database_url: str) -> None:
    with opened(database_url) as store:
        assert store.history("anonymal", "materiel", "A") == []


def test_a_revision_tells_what_it_did(database_url: str) -> None:
    with opened(database_url) as store:
        save(store, row("A", 1), row("B", 2))
        save(store, row("A", 9), row("C", 3), day=1, remove=["B"])
        save(store, row("A", 10), day=2)
        deposit, diff = store.changes(2)
        assert (deposit.added, deposit.changed, deposit.removed) == (1, 1, 1)
        assert diff.added["numero"].to_list() == ["C"]
        assert [(c.column, c.before, c.after) for c in diff.cells()] == [("prix", 1, 9)]
        assert diff.missing is not None
        assert diff.missing["numero"].to_list() == ["B"]
        with pytest.raises(UnknownName):
            store.changes(4)


def test_the_second_editor_is_told(database_url: str) -> None:
    with opened(database_url) as store:
        save(store, row("A", 1), row("B", 2))
        save(store, row("A", 5), day=1)
        with pytest.raises(Conflict) as refused:
            save(store, row("A", 7), row("B", 3), day=2, actor=KARIM, based_on=1)
        [moved] = refused.value.rows
        assert (moved.key, moved.words) == ("A", "modifiée par Nadia le 2\xa0octobre\xa02021 (dépôt n°\xa02).")
        assert prices(store) == {"A": 5, "B": 2}


def test_editing_other_rows_is_no_conflict(database_url: str) -> None:
    with opened(database_url) as store:
        save(store, row("A", 1), row("B", 2))
        save(store, row("A", 5), day=1)
        save(store, row("A", 5), row("B", 3), day=2, based_on=1)
        assert prices(store) == {"A": 5, "B": 3}


@pytest.mark.parametrize("edit", ["change", "remove", "add"])
def test_a_row_that_went_away_is_a_conflict(database_url: str, edit: str) -> None:
    with opened(database_url) as store:
        save(store, row("A", 1), row("B", 2))
        if edit == "add":
            save(store, row("C", 5), day=1)
        else:
            save(store, day=1, remove=["A"])
        rows = {"change": [row("A", 7)], "remove": [], "add": [row("C", 6)]}[edit]
        with pytest.raises(Conflict):
            save(store, *rows, day=2, based_on=1, remove=["A"] if edit == "remove" else [])


def test_hundreds_of_conflicts_are_told_briefly(database_url: str) -> None:
    many = [row(f"{n:03}", 1) for n in range(300)]
    with opened(database_url) as store:
        save(store, *many)
        save(store, *(row(r["numero"], 2) for r in many), day=1)
        with pytest.raises(Conflict) as refused, store.writing(NADIA, NOON) as writing:
            writing.save("anonymal", "materiel", frame(*(row(r["numero"], 3) for r in many)), based_on=1)
    assert len(refused.value.rows) == 20, "as values, for whoever names them in words"
    assert refused.value.details[-1] == "… et 280 autres lignes."
