"""The journal cannot be rewritten without being found out."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from core.domain import french
from core.errors import JournalBroken
from core.storage import engine
from core.storage.journal import START, seal
from core.storage.store import Store
from tests.core.storage.factories import KARIM, NADIA, NOON, frame, opened, row, save

DROPS = {
    "sqlite": ("DROP TRIGGER journal_no_update", "DROP TRIGGER journal_no_delete"),
    "postgresql": ("DROP TRIGGER journal_no_change ON journal",),
}


def fill(store: Store) -> None:
    """Five lines: the schema, two revisions, a deposit that changes nothing, a note."""
    save(store, row("A", 1), file=(b"a", "a.csv"), period="2021-T3")
    save(store, row("A", 2), day=1, actor=KARIM)
    save(store, row("A", 2), day=2, actor=KARIM)
    with store.writing(NADIA, NOON) as writing:
        writing.note("extension", "ct2_anonymal", {"version": "1.2"})


def forge(url: str, *statements: str) -> None:
    """Change the journal behind the store's back."""
    bound = engine.open_engine(url)
    with engine.writing(bound) as connection:
        for statement in (*DROPS[bound.dialect.name], *statements):
            connection.exec_driver_sql(statement)
    bound.dispose()


def test_an_untouched_journal_verifies(database_url: str) -> None:
    with opened(database_url) as store:
        fill(store)
        verified = store.journal.verify()
        newest = store.journal.lines(limit=1)[0]
    assert verified.lines == 5
    assert verified.last_hash == newest.hash
    assert (newest.action, newest.subject, newest.details) == ("extension", "ct2_anonymal", {"version": "1.2"})


def test_an_empty_journal_verifies(database_url: str) -> None:
    with Store.open(database_url) as store:
        assert store.journal.verify().last_hash == START


def test_a_line_tells_counts_never_values(database_url: str) -> None:
    with opened(database_url) as store:
        save(store, row("SECRET", 424242), file=(b"SECRET", "a.csv"), period="2021-T3")
        line = store.journal.lines(limit=1)[0]
    assert line.details["added"] == 1
    assert line.details["file"] == "a.csv"
    assert (line.actor, line.action, line.subject, line.revision) == ("Nadia", "import", "anonymal/materiel", 1)
    assert line.at == NOON
    assert "SECRET" not in json.dumps(line.details)
    assert "424242" not in json.dumps(line.details)


@pytest.mark.parametrize("statement", ["UPDATE journal SET actor = 'X'", "DELETE FROM journal"])
def test_the_base_refuses_to_rewrite(database_url: str, statement: str) -> None:
    with opened(database_url) as store:
        fill(store)
        with pytest.raises(sa.exc.DBAPIError, match="ne se modifie pas"), store.writing(NADIA, NOON) as writing:
            writing.connection.exec_driver_sql(statement)
        assert store.journal.verify().lines == 5


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE journal SET actor = 'Personne' WHERE number = 2", "à la ligne 2"),
        ("UPDATE journal SET details = replace(details, '1', '2') WHERE number = 3", "à la ligne 3"),
        ("UPDATE journal SET on_behalf_of = NULL WHERE number = 3", "à la ligne 3"),
        ("DELETE FROM journal WHERE number = 2", "la ligne 2 manque"),
        ("DELETE FROM journal WHERE number = 1", "la ligne 1 manque"),
        ("DELETE FROM journal WHERE number > 2", "le dépôt n° 2"),
        ("UPDATE deposits SET revision = 7 WHERE revision = 2", "le dépôt n° 2"),
        ("UPDATE deposits SET actor = 'Personne' WHERE number = 2", "le dépôt n° 2 ne correspond"),
        ("UPDATE deposits SET added = 9 WHERE number = 1", "le dépôt n° 1 ne correspond"),
        ("UPDATE deposits SET period = '2021-T4' WHERE number = 1", "le dépôt n° 1 ne correspond"),
        ("UPDATE deposits SET association = 'ifac' WHERE number = 1", "le dépôt n° 1 ne correspond"),
        ("UPDATE deposits SET undoes = 1 WHERE number = 2", "le dépôt n° 2 ne correspond"),
        ("UPDATE files SET content = CAST('b' AS BLOB)", "fichier"),
        ("DELETE FROM deposits WHERE number = 3", "le dépôt sans numéro inscrit au rang 3"),
    ],
)
def test_tampering_names_the_first_broken_line(database_url: str, statement: str, found: str) -> None:
    with opened(database_url) as store:
        fill(store)
        if store.dialect == "postgresql":
            statement = statement.replace("CAST('b' AS BLOB)", "'b'::bytea")
        forge(database_url, statement)
        with pytest.raises(JournalBroken, match=french.typeset(found)):
            store.journal.verify()


def test_both_databases_seal_alike(sqlite_database_url: str, postgresql_database_url: str) -> None:
    hashes = []
    for url in (sqlite_database_url, postgresql_database_url):
        with opened(url) as store:
            fill(store)
            hashes.append([line.hash for line in store.journal.lines()])
    assert hashes[0] == hashes[1]


def test_a_seal_depends_on_what_came_before() -> None:
    assert seal(START, {"a": 1}) != seal(seal(START, {}), {"a": 1})
    assert seal(START, {"a": 1, "b": 2}) == seal(START, {"b": 2, "a": 1})


def test_a_dropped_writing_leaves_no_line(database_url: str) -> None:
    with opened(database_url) as store:
        with pytest.raises(RuntimeError), store.writing(NADIA, NOON) as writing:
            writing.save("anonymal", "materiel", frame(row("A")))
            raise RuntimeError
        assert store.journal.verify().lines == 1
