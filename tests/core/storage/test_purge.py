"""A purge removes the past for good, says so, and leaves a journal that verifies."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from core.errors import JournalBroken, Refused, UnknownName
from core.storage import Store
from core.storage.event_log import erase, keep
from core.storage.purge import Ending
from tests.core.storage.factories import KARIM, NOON, opened, prices, row, save

SECRET, SHARED = b"secret", b"shared"


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A machine whose price changed twice: files at 1 and 2, the second handed in again at 3."""
    with opened(database_url) as made:
        save(made, row("A", 1), row("B", 1), file=(SECRET, "a.csv"))
        save(made, row("A", 2), day=1, file=(SHARED, "b.csv"))
        save(made, row("A", 3), day=2, file=(SHARED, "c.csv"))
        yield made


def purged(store: Store, revision: int) -> tuple[int, tuple[str, ...]]:
    with store.writing(KARIM, NOON) as writing:
        gone = writing.purge("anonymal", "materiel", revision, {"months": 12})
    return gone.rows, gone.files


def test_what_ended_leaves_and_what_holds_stays(store: Store) -> None:
    [secret] = {one.sha256 for one in store.deposits() if one.file_name == "a.csv"}
    assert purged(store, 2) == (1, (secret,))
    assert prices(store) == {"A": 3, "B": 1}
    assert [event.what for event in store.history("anonymal", "materiel", "B")] == ["ajoutée"]
    assert purged(store, 2) == (0, ())


def test_the_bytes_are_gone_and_the_journal_holds(store: Store) -> None:
    before = store.journal.verify().lines
    _rows, [secret] = purged(store, 2)
    with pytest.raises(UnknownName, match="durée de conservation"):
        store.file(secret)
    assert store.journal.verify().lines == before + 2, "the purge, and the seal of what it leaves"
    told = store.entries("purge", "anonymal/materiel")[0].content
    assert told == {"months": 12, "revision": 2, "rows": 1, "files": [secret], "entries": []}


def test_a_file_handed_in_again_is_kept_again(store: Store) -> None:
    _rows, [secret] = purged(store, 2)
    with store.writing(KARIM, NOON) as writing:
        assert keep(writing.connection, SECRET) == secret
    assert store.file(secret) == SECRET
    store.journal.verify()


def test_a_file_that_an_entry_names_stays(store: Store) -> None:
    with store.writing(KARIM, NOON) as writing:
        writing.enter("commentaire", "anonymal/materiel", {"pièce": writing.keep_file(SECRET)})
    assert purged(store, 2) == (1, ())


def these(*numbers: int) -> Ending:
    return lambda _connection, _data: numbers


def said(store: Store, evidence: bytes) -> int:
    with store.writing(KARIM, NOON) as writing:
        told = {"text": "Voir Mme D.", "file": {"sha256": writing.keep_file(evidence)}}
        return writing.enter("commentaire", "anonymal/materiel/A", told)


def test_what_an_entry_said_leaves_with_its_evidence_and_the_journal_holds(store: Store) -> None:
    number, other = said(store, b"photo"), said(store, b"bon")
    with store.writing(KARIM, NOON) as writing:
        gone = writing.purge("anonymal", "materiel", 0, {"months": 12}, these(number))
    assert (gone.rows, gone.entries) == (0, (number,))
    [first, second] = store.entries("commentaire")
    assert first.content == {"erased": True} and (first.number, first.actor) == (number, KARIM.name)
    assert second.number == other and store.file(second.content["file"]["sha256"]) == b"bon"
    with pytest.raises(UnknownName, match="durée de conservation"):
        store.file(gone.files[0])
    store.journal.verify()
    store.refuse_purged(1)
    with store.writing(KARIM, NOON) as writing:
        assert writing.purge("anonymal", "materiel", 0, {"months": 12}, these(number)).nothing


def test_evidence_that_another_entry_or_deposit_names_stays(store: Store) -> None:
    one, _other, third = said(store, b"photo"), said(store, b"photo"), said(store, SHARED)
    with store.writing(KARIM, NOON) as writing:
        assert writing.purge("anonymal", "materiel", 0, {"months": 12}, these(one, third)).files == ()


def test_an_entry_emptied_without_a_purge_is_found(store: Store) -> None:
    number, other = said(store, b"photo"), said(store, b"bon")
    with store.writing(KARIM, NOON) as writing:
        writing.purge("anonymal", "materiel", 0, {"months": 12}, these(number))
    with store._engine.begin() as connection:
        erase(connection, [other])
    with pytest.raises(JournalBroken, match=f"inscription {other} "):
        store.journal.verify()


def test_a_past_that_is_not_whole_is_not_read(store: Store) -> None:
    purged(store, 2)
    assert prices(store, 2) == {"A": 2, "B": 1}
    with pytest.raises(Refused, match="durée de conservation"):
        prices(store, 1)
    with pytest.raises(Refused, match="durée de conservation"):
        store.refuse_purged(1)
    with store.writing(KARIM, NOON) as writing, pytest.raises(Refused, match="durée de conservation"):
        writing.undo(2)


def test_a_file_emptied_without_a_purge_is_found(store: Store) -> None:
    purged(store, 2)
    with store._engine.begin() as connection:
        connection.execute(sa.text("UPDATE files SET content = ''"))
    with pytest.raises(JournalBroken, match="ses octets ont changé"):
        store.journal.verify()
