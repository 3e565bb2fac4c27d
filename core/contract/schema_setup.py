"""Make a store ready for what the registry knows: one table per association and dataset."""

from __future__ import annotations

from datetime import datetime

from core.contract import Registry
from core.domain.access import Actor
from core.domain.programme import METROPOLE
from core.errors import Conflict, FabriqueError, JournalBroken, PluginProblem, Refused, UnknownName
from core.storage import Store

FICTITIOUS = "données fictives"


def prepare(registry: Registry, store: Store, *, at: datetime) -> None:
    """Create or extend the table of every dataset; idempotent, to be called once per process.

    A dataset whose table cannot follow its declaration costs the plugins of its association,
    which are withdrawn and told so; the others stand. Raises Refused when it is one of the
    project lead's own, JournalBroken when past rows of one of these would be filled that are not those
    that were sealed, Conflict when somebody else keeps the base busy.
    """
    store.seal_the_past(at=at)
    store.prepare(METROPOLE, *registry.datasets(METROPOLE), at=at)
    for association in registry.associations:
        try:
            store.prepare(association.code, *registry.datasets(association.code), at=at)
        except Conflict:
            raise  # the base is busy: no plugin's fault
        except (Refused, JournalBroken) as error:
            _withdraw(registry, association.code, error)


def ensure(registry: Registry, store: Store, association: str, dataset: str, *, at: datetime) -> None:
    """Prepare the store unless this dataset's table is known already, and the project lead's."""
    try:
        store.data(association, dataset)
        store.data(METROPOLE, "autorisations")
    except UnknownName:
        prepare(registry, store, at=at)


def mark_fictitious(store: Store, actor: Actor, at: datetime) -> None:
    """Write in the journal of an empty store that what it will hold is fictitious: every screen then says so."""
    with store.writing(actor, at) as writing:
        writing.note(FICTITIOUS, "store", {})


def is_fictitious(store: Store) -> bool:
    """Whether the store holds the demonstration, and not real data."""
    return store.journal.tells(FICTITIOUS)


def _withdraw(registry: Registry, association: str, error: FabriqueError) -> None:
    problem = PluginProblem(
        f"La base ne peut pas suivre ses données : {error}",
        stage="contribute",
        remedy="Revenez à la version précédente du plugin, ou donnez l’étape de mise à niveau qui manque.",
    )
    for plugin in registry.plugins:
        if plugin.association == association:
            registry.withdraw(plugin.name, problem)
