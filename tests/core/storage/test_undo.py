"""A revision is undone whole, later ones are kept, and an undo can be undone."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.errors import Conflict, Refused, UnknownName
from core.storage.store import Store
from tests.core.storage.factories import KARIM, NADIA, NOON, dataset, frame, opened, prices, row, save


def undo(store: Store, revision: int) -> Any:
    with store.writing(KARIM, NOON + timedelta(days=100)) as writing:
        return writing.undo(revision)


def test_an_undone_import_leaves_no_row(database_url: str) -> None:
    with opened(database_url) as store:
        save(store, row("A", 1), row("B", 2))
        saved = undo(store, 1)
        assert (saved.revision, saved.added, saved.changed, saved.removed) == (2, 0, 0, 2)
        assert prices(store) == {}
        assert prices(store, 1) == {"A": 1, "B": 2}


def test_an_undo_restores_changed_and_removed_rows(database_url: str) -> None:
    with opened(database_url) as store:
        save(store, row("A", 1), row("B", 2))
        before = store.rows("anonymal", "materiel").drop("_since")
        save(store, row("A", 9), row("C", 3), day=1, remove=["B"])
        saved = undo(store, 2)
        assert (saved.added, saved.changed, saved.removed) == (1, 1, 1)
        assert store.rows("anonymal", "materiel").drop("_since").equals(before, null_equal=True)
        assert prices(store, 2) == {"A": 9, "C": 3}


def test_later_changes_elsewhere_are_kept(database_url: str) -> None:
    with opened(database_url) as store:
        save(store, row("A", 1))
        save(store, row("B", 2), day=1)
        undo(store, 1)
        assert prices(store) == {"B": 2}


def test_a_later_change_is_a_conflict(database_url: str) -> None:
    with opened(database_url) as store:
        save(store, row("A", 1), row("B", 2))
        save(store, row("A", 5), day=3)
        with pytest.raises(Conflict) as refused:
            undo(store, 1)
        # a row that moved is a value: whoever tells it gives it its name, and the number that undoes
        [moved] = refused.value.rows
        assert (moved.key, moved.words) == ("A", "modifiée par Nadia le 4\xa0octobre\xa02021 (dépôt n°\xa02).")
        assert prices(store) == {"A": 5, "B": 2}


def test_a_later_removal_is_a_conflict(database_url: str) -> None:
    with opened(database_url) as store:
        save(store, row("A", 1))
        save(store, row("A", 5), day=3)
        save(store, day=4, remove=["A"])
        with pytest.raises(Conflict):
            undo(store, 2)


def test_undone_changes_are_no_conflict(database_url: str) -> None:
    with opened(database_url) as store:
        save(store, row("A", 1))
        save(store, row("A", 5), day=3)
        undo(store, 2)
        undo(store, 1)
        assert prices(store) == {}


def test_an_undo_is_undone_in_turn(database_url: str) -> None:
    with opened(database_url) as store:
        save(store, row("A", 1))
        save(store, row("A", 5), row("B", 7), day=3)
        undo(store, 2)
        assert prices(store) == {"A": 1}
        undo(store, 3)
        assert prices(store) == {"A": 5, "B": 7}
        assert [d.undone_by for d in store.deposits()] == [None, None, 4, None]
        with pytest.raises(Conflict):
            undo(store, 1)
        undo(store, 2)
        assert prices(store) == {"A": 1}


def test_an_undone_revision_is_not_undone_twice(database_url: str) -> None:
    with opened(database_url) as store:
        save(store, row("A", 1))
        undo(store, 1)
        with pytest.raises(Refused, match=r"déjà annulé, par le dépôt n°.2"):
            undo(store, 1)


def test_an_undone_declaration_reports_nothing(database_url: str) -> None:
    with opened(database_url) as store:
        with store.writing(NADIA, NOON) as writing:
            writing.declare_nothing("anonymal", "materiel", "2021-T3")
        undo(store, 1)
        assert [d.reports for d in store.deposits()] == [False, False]
        assert [d.reports for d in store.deposits(1)] == [True]


def test_undoing_what_is_not_there_is_refused(database_url: str) -> None:
    with opened(database_url) as store, pytest.raises(UnknownName, match=r"dépôt n°.12"):
        undo(store, 12)


def test_one_revision_of_several_tables_is_undone_whole(database_url: str) -> None:
    with opened(database_url, dataset(), dataset(code="ecrans")) as store:
        with store.writing(KARIM, NOON) as writing, writing.one_revision():
            for code, key in (("materiel", "A"), ("ecrans", "E")):
                rows = frame(row(key, 1))
                assert writing.save("anonymal", code, rows).revision == 1
        assert [one.dataset for one in store.deposits_of(1)] == ["materiel", "ecrans"]
        assert undo(store, 1).removed == 2
        assert store.rows("anonymal", "ecrans").is_empty() and prices(store) == {}
        assert store.deposit(1, "ecrans").undone_by == 2
        store.journal.verify()


def test_a_store_of_before_lets_several_tables_share_a_revision(tmp_path: Path) -> None:
    """The list of deposits of the former version: one deposit a revision, and no more."""
    url = f"sqlite:///{tmp_path / 'avant.sqlite3'}"
    with opened(url) as store:
        save(store, row("A", 1))
    with closing(sqlite3.connect(tmp_path / "avant.sqlite3")) as base, base:
        (made,) = base.execute("SELECT sql FROM sqlite_master WHERE name = 'deposits'").fetchone()
        base.executescript(
            "ALTER TABLE deposits RENAME TO kept; DROP INDEX deposits_by_dataset;"
            + made.replace("PRIMARY KEY (number)", "PRIMARY KEY (number), UNIQUE (revision)")
            + "; INSERT INTO deposits SELECT * FROM kept; DROP TABLE kept;"
            "CREATE INDEX deposits_by_dataset ON deposits (association, dataset, revision);"
            "UPDATE fabrique_versions SET version = 3 WHERE part = 'core'"
        )
    with opened(url, dataset(), dataset(code="ecrans")) as store:
        assert [one.revision for one in store.deposits()] == [1]
        with store.writing(KARIM, NOON) as writing, writing.one_revision():
            for code, key in (("materiel", "B"), ("ecrans", "E")):
                writing.save("anonymal", code, frame(row(key, 1)))
        assert len(store.deposits_of(2)) == 2
        store.journal.verify()
