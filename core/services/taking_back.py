"""Taking back one change: one row of one deposit, without losing what was done to it since."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core.domain import french
from core.domain.actor import Actor
from core.errors import Conflict, Refused
from core.registry import Registry
from core.services import opening, submissions
from core.services.editing import Edits, save_edits
from core.services.outcome import Outcome
from core.services.reading import heading
from core.storage import Store
from core.storage.deposits import UNDO, UPGRADE, Deposit
from core.storage.history import ADDED, REMOVED, Event


def undo_row(registry: Registry, store: Store, revision: int, key: str, *, actor: Actor, at: datetime) -> Outcome:
    """Give back to the row ``key`` the cells that ``revision`` changed; the later changes of its other cells stay.

    A row that the revision added leaves, one that it removed comes back. It is a revision of its own
    (« annulation »), judged like any correction. Raises UnknownName when there is no such revision,
    Refused when it did not touch the row, Conflict with the cells concerned when they changed since,
    Forbidden when the data are not the actor's to change.
    """
    opening.prepare(registry, store, at=at)
    done = store.deposit(revision)
    submissions.may_change(actor, done.association)
    events = store.history(done.association, done.dataset, key)
    event = next((one for one in events if one.revision == revision), None)
    if event is None or done.action == UPGRADE:
        raise Refused(french.typeset(f"Ce dépôt n’a pas changé la ligne « {key} » : il n’y a rien à annuler."))
    now = store.latest()
    edits = _edits(registry, store, done, event, now)
    result = save_edits(
        registry, store, done.association, done.dataset, edits, based_on=now, actor=actor, at=at, action=UNDO
    )
    if result.outcome is None:
        raise _conflict(event, ["La ligne vient d’être modifiée."])
    return result.outcome


def _edits(registry: Registry, store: Store, done: Deposit, event: Event, now: int) -> Edits:
    dataset = registry.dataset(done.association, done.dataset)
    rows = store.rows(done.association, done.dataset, now)
    held = next((row for row in rows.filter(rows["_key"] == event.key).to_dicts()), None)
    cells = [one for one in event.cells if one.column in dataset.by_name]
    if event.what == REMOVED:
        if held is not None:
            raise _conflict(event, ["La ligne existe de nouveau."])
        return Edits(added=({one.column: one.before for one in cells},))
    if held is None:
        raise _conflict(event, ["La ligne a été retirée."])
    compared = list(dataset.by_name) if event.what == ADDED else [one.column for one in cells]
    after = {one.column: one.after for one in cells}
    moved = [name for name in compared if held[name] != after.get(name)]
    if moved:
        raise _conflict(
            event, [_said(heading(name, dataset), dataset, name, after.get(name), held[name]) for name in moved]
        )
    if event.what == ADDED:
        return Edits(removed=(event.key,))
    return Edits(changed={event.key: {one.column: one.before for one in cells}})


def _said(title: str, dataset: Any, name: str, after: Any, now: Any) -> str:
    kind = dataset.by_name[name].kind
    words = ["(vide)" if value is None else kind.show(value) for value in (after, now)]
    return french.typeset(f"« {title} » : ce dépôt avait écrit « {words[0]} », il y a maintenant « {words[1]} ».")


def _conflict(event: Event, details: list[str]) -> Conflict:
    return Conflict(
        french.typeset(
            f"La ligne « {event.key} » a changé depuis ce dépôt. Rien n’a été annulé : "
            "annulez d’abord le changement le plus récent, ou corrigez la ligne."
        ),
        details,
    )
