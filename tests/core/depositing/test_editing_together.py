"""Two sessions type in the same dataset at once: no update is lost, the journal holds."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

from core.contract import Registry, schema_setup
from core.contract.scope import Scope
from core.depositing.editing import Edits, Result, save_edits, settle
from core.domain.access import Actor, Role
from core.storage import Store
from tests.core.desk import AT, Desk

SESSIONS, TURNS, ROWS = ("Claire", "Inès"), 100, 3
SHARED, OWN = "libelle", ("cause", "prochaine_action")
MILESTONE = {"libelle": "début", "date_prevue": date(2022, 3, 1), "statut": "En cours"}


class Session:
    """One person who types: a cell that both change, and one that only this person changes."""

    def __init__(self, registry: Registry, store: Store, name: str) -> None:
        self.registry, self.store, self.name = registry, store, name
        self.written: list[tuple[str, str, str]] = []

    def work(self) -> None:
        """A hundred times: look, type, and on a dispute look again and choose one's own."""
        for turn in range(TURNS):
            key, mine = f"J-{turn % ROWS}", f"{self.name} {turn}"
            seen = self.store.latest()
            before = self._shared(key, seen)
            edits = Edits(changed={key: {SHARED: mine, OWN[SESSIONS.index(self.name)]: mine}})
            while (result := self._save(edits, seen, turn)).outcome is None:
                (dispute,) = result.disputes
                assert (dispute.column, dispute.seen, dispute.mine) == (SHARED, before, mine)
                before, seen = dispute.theirs, result.revision
                edits = settle(edits, result, [(key, SHARED)])
            self.written.append((key, before, mine))

    def _shared(self, key: str, seen: int) -> Any:
        rows = self.store.rows("anonymal", "jalons", seen).to_dicts()
        return next(row[SHARED] for row in rows if row["_key"] == key)

    def _save(self, edits: Edits, seen: int, turn: int) -> Result:
        actor, at = Actor(self.name, Role.ASSOCIATION, "anonymal"), AT + timedelta(seconds=turn)
        return save_edits(Scope(self.registry, self.store, actor, at), "anonymal", "jalons", edits, based_on=seen)


def test_two_hundred_interleaved_edits_lose_nothing(database_url: str, installed_registry: Registry) -> None:
    with Store.open(database_url) as store:
        schema_setup.prepare(installed_registry, store, at=AT)
        rows = [{**MILESTONE, "code_jalon": f"J-{n}"} for n in range(ROWS)]
        Desk(installed_registry, store).save("anonymal", "jalons", *rows)
        sessions = [Session(installed_registry, store, name) for name in SESSIONS]
        with ThreadPoolExecutor(len(SESSIONS)) as pool:
            list(pool.map(Session.work, sessions))

        cells = [
            cell
            for n in range(ROWS)
            for event in store.history("anonymal", "jalons", f"J-{n}")[1:]
            for cell in event.cells
        ]
        shared = [(cell.key, cell.before, cell.after) for cell in cells if cell.column == SHARED]
        assert sorted(shared) == sorted(one for session in sessions for one in session.written)
        assert len(shared) == len(SESSIONS) * TURNS
        own = sorted(cell.after for cell in cells if cell.column in OWN)
        assert own == sorted(mine for session in sessions for _key, _before, mine in session.written)
        assert store.latest() == 1 + len(SESSIONS) * TURNS
        store.journal.verify()
