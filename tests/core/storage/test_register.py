"""The register: entries in order, told by the journal, found again when somebody touched them."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.errors import JournalBroken
from core.storage import Store
from tests.core.storage.factories import KARIM, NADIA, NOON


@pytest.fixture
def said(database_url: str):
    with Store.open(database_url) as store:
        with store.writing(NADIA, NOON) as writing:
            assert writing.enter("relevé", "ct3/2022-T2", {"état": "transmis"}) == 1
        with store.writing(KARIM, NOON + timedelta(days=1)) as writing:
            writing.enter("relevé", "ct3/2022-T2", {"état": "retourné", "motif": "jours et mois inversés"})
            writing.enter("commentaire", "anonymal/materiel", {"texte": "« é » et 👍"})
            assert [one.number for one in writing.entries("relevé")] == [1, 2]
        yield store


def test_entries_come_in_order_with_who_and_what(said: Store) -> None:
    first, second = said.entries("relevé", "ct3/2022-T2")
    assert (first.actor, second.on_behalf_of) == ("Nadia", "anonymal")
    assert second.content == {"état": "retourné", "motif": "jours et mois inversés"}
    assert said.entries("commentaire")[0].content["texte"] == "« é » et 👍"
    assert said.last_entry() == 3


def test_the_past_is_read_as_it_was(said: Store) -> None:
    assert [one.number for one in said.entries(until=NOON + timedelta(hours=1))] == [1]


def test_whole_register_verifies_with_the_journal(said: Store) -> None:
    assert set(said.journal.verify().entries) == {1, 2, 3}


@pytest.mark.parametrize(
    "crime",
    [
        "UPDATE register SET content = '{}' WHERE number = 2",
        "DELETE FROM register WHERE number = 3",
        "UPDATE register SET number = 9 WHERE number = 1",
    ],
)
def test_an_entry_touched_afterwards_is_found(said: Store, crime: str) -> None:
    with said._engine.begin() as connection:
        connection.execute(sa.text(crime))
    with pytest.raises(JournalBroken, match="Registre rompu"):
        said.journal.verify()
