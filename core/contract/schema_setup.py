"""Make a store ready for what the registry knows: one table per association and dataset."""

from __future__ import annotations

from datetime import datetime

from core.contract import Registry
from core.domain.access import Actor
from core.domain.programme import METROPOLE, Association
from core.errors import Conflict, FabriqueError, JournalBroken, PluginProblem, Refused, UnknownName
from core.storage import Store
from core.storage.rehearsing import Rehearsal

FICTITIOUS = "données fictives"


def prepare(registry: Registry, store: Store, *, at: datetime) -> None:
    """Create or extend the table of every dataset; idempotent, to be called once per process.

    A dataset whose table cannot follow its declaration costs the plugins that declare it, which are
    withdrawn and told so; the others stand, those of the same association included. Raises Refused when
    it is one of the project lead's own, JournalBroken when past rows of one of these would be filled that
    are not those that were sealed, Conflict when somebody else keeps the base busy.
    """
    store.seal_the_past(at=at)
    _prepare(registry, store, METROPOLE, at)
    for association in registry.associations:
        try:
            _prepare(registry, store, association.code, at)
        except Conflict:
            raise  # the base is busy: no plugin's fault
        except (Refused, JournalBroken):
            # Which of them? None is changed before it is known: a plugin that goes leaves its tables as they were.
            _withdraw_the_refused(registry, store, association.code, at)
    _keep_the_rest(registry, store)


def look(registry: Registry, store: Store, *, at: datetime) -> tuple[Rehearsal, ...]:
    """What ``prepare`` would change, and withdraw what the store refuses, without changing anything kept.

    The tables that are as declared are opened. Raises Conflict when somebody else keeps the base busy.
    """
    found: list[Rehearsal] = []
    for association in (METROPOLE, *(one.code for one in registry.associations)):
        datasets = registry.datasets(association)
        tried = store.rehearse(association, *datasets, at=at)
        late = {one.dataset for one in tried}
        store.open_ready(association, *(one for one in datasets if one.code not in late))
        for one in tried:
            if one.refusal is not None and association != METROPOLE:
                _withdraw(registry, association, one.dataset, one.refusal)
        found.extend(tried)
    _keep_the_rest(registry, store)
    return tuple(found)


def _withdraw_the_refused(registry: Registry, store: Store, association: str, at: datetime) -> None:
    """Withdraw the plugins whose tables cannot follow, and make ready those of the others."""
    for one in store.rehearse(association, *registry.datasets(association), at=at):
        if one.refusal is not None:
            _withdraw(registry, association, one.dataset, one.refusal)
    if association in {one.code for one in registry.associations}:
        _prepare(registry, store, association, at)


def _prepare(registry: Registry, store: Store, association: str, at: datetime) -> None:
    owner = registry.association(association).name
    store.prepare(association, *registry.datasets(association), at=at, owner=owner)


def _keep_the_rest(registry: Registry, store: Store) -> None:
    """What the store holds and nothing declares stays readable: the rows of a plugin that is gone or withdrawn."""
    bodies = (METROPOLE, *(one.code for one in registry.associations))
    declared = {(code, dataset.code) for code in bodies for dataset in registry.datasets(code)}
    left = store.keep_open(declared)
    registry.keep((Association(one.association, one.owner or one.association), one.dataset) for one in left)


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


def _withdraw(registry: Registry, association: str, dataset: str, error: FabriqueError) -> None:
    problem = PluginProblem(
        f"La base ne peut pas suivre ses données : {error}",
        stage="contribute",
        remedy=(error.remedy if isinstance(error, Refused) else "")
        or "« fabrique db upgrade --dry-run » montre ce que la base refuse ; rien n’y est changé entre-temps.",
    )
    for plugin in registry.plugins:
        if plugin.association == association and dataset in plugin.datasets:
            registry.withdraw(plugin.name, problem)
