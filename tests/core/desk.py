"""A desk to hand things in at: short calls, and rows to start from."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from core.checking.outcome import Outcome
from core.contract import Registry
from core.contract.scope import Scope
from core.depositing import submit as submissions
from core.domain.access import Actor, Role
from core.storage import Store

AT = datetime(2022, 7, 5, 9, 30, tzinfo=UTC)
WHO = Actor("Karim", Role.LEAD)
MACHINE = {"numero_inventaire": "A-1", "type": "ordinateur fixe", "statut": "reçu", "date_reception": date(2021, 9, 16)}
BUILDING = {"code_immeuble": "MA-01", "lieu": "martigues", "bailleur": "bailleur C", "nb_logements": 40}


def who(association: str) -> Actor:
    """Claire, of that association; what the Métropole holds is Karim's."""
    return WHO if association == "metropole" else Actor("Claire", Role.ASSOCIATION, association)


class Desk:
    """The two services, with the things that every call needs."""

    def __init__(self, registry: Registry, store: Store) -> None:
        self.registry, self.store = registry, store

    def submit(self, text: str, association: str = "anonymal", dataset: str = "materiel", **given: Any) -> Outcome:
        data = text.encode()
        return submissions.submit(self.scope(association), data, "fichier.csv", association, dataset, **given)

    def save(self, association: str, dataset: str, *rows: dict[str, Any], **given: Any) -> Outcome:
        return submissions.save_rows(self.scope(association), association, dataset, rows, **given)

    def scope(self, association: str = "metropole") -> Scope:
        """Somebody of that association, now."""
        return Scope(self.registry, self.store, who(association), AT)

    def rows(self, association: str = "anonymal", dataset: str = "materiel") -> dict[str, dict[str, Any]]:
        return {row["_key"]: row for row in self.store.rows(association, dataset).to_dicts()}
