"""Correcting rows in place: what two people typed is merged cell by cell, and nobody's change is lost.

A person types over what held at one revision. At the moment of saving, cells that others changed
meanwhile are kept; where both changed the same cell differently nothing is stored, and the person
is shown both values and chooses. Whatever happens to the browser, a save is one transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import polars as pl

from core.domain import french
from core.domain.actor import Actor
from core.domain.dataset import Dataset
from core.domain.problem import Problem
from core.errors import Conflict, RowsRefused
from core.registry import Registry
from core.services import opening, submissions
from core.services.keys import KEY, with_key
from core.services.outcome import Outcome
from core.storage import Store
from core.storage.deposits import Deposit
from core.storage.history import Event

ACTION = "correction"
ROW = None
"""In place of a column: the row as a whole, added or removed."""
_TRIES = 50  # each time somebody else saved one of the same rows in between


@dataclass(frozen=True)
class Edits:
    """What somebody wants of a dataset's rows.

    ``changed`` gives, by key, only the cells that the person changed; ``added`` whole new rows;
    ``removed`` keys.
    """

    changed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    added: tuple[Mapping[str, Any], ...] = ()
    removed: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How many rows they concern."""
        return len(self.changed) + len(self.added) + len(self.removed)


@dataclass(frozen=True, slots=True)
class Dispute:
    """One cell that two people changed: what the person had seen, what the other wrote, what the person wants.

    ``column`` is None for the row itself: removed by one and changed by the other (then ``theirs``
    or ``mine`` is None), or added by both. ``by`` says who wrote it, when and how.
    """

    key: str
    column: str | None
    seen: Any
    theirs: Any
    mine: Any
    by: Deposit | None = None


@dataclass(frozen=True)
class Result:
    """What became of edits: stored (``outcome``), or held up by ``disputes`` and nothing stored.

    ``revision`` is the state that they were compared with; ``kept`` how many cells of the same rows
    others had changed meanwhile, which stay as they wrote them.
    """

    outcome: Outcome | None
    disputes: tuple[Dispute, ...]
    revision: int
    kept: int = 0


def save_edits(
    registry: Registry,
    store: Store,
    association: str,
    dataset: str,
    edits: Edits,
    *,
    based_on: int,
    actor: Actor,
    at: datetime,
    action: str = ACTION,
) -> Result:
    """Store ``edits``, typed over what held at ``based_on``; all of them, or none.

    Raises RowsRefused with the problems (lines are counted from 1: changed rows, then added ones),
    Refused, Forbidden as ``submissions.save_rows`` does; Conflict when others never stop saving.
    """
    declared = registry.dataset(association, dataset)
    opening.ensure(registry, store, association, dataset, at=at)
    for _ in range(_TRIES):
        now = store.latest()
        plan = _plan(store, association, declared, edits, based_on, now)
        if plan.disputes:
            return Result(None, plan.disputes, now, plan.kept)
        try:
            outcome = submissions.save_rows(
                registry, store, association, dataset, plan.rows,
                removals=plan.removals, actor=actor, at=at, action=action, based_on=now,
            )  # fmt: skip
        except Conflict:
            if store.latest() == now:
                raise
            continue
        return Result(outcome, (), now, plan.kept)
    raise Conflict(french.typeset("D’autres personnes enregistrent sans cesse ces lignes. Réessayez dans un instant."))


def settle(edits: Edits, result: Result, mine: Collection[tuple[str, str | None]]) -> Edits:
    """The edits that remain once each dispute is settled: those of ``mine`` stand, the others are given up.

    Save them again with ``based_on=result.revision``.
    """
    lost = {(one.key, one.column) for one in result.disputes} - set(mine)
    gone = {one.key: one for one in result.disputes if one.column is ROW and one.theirs is None}
    changed = {}
    for key, cells in edits.changed.items():
        left = {name: value for name, value in cells.items() if (key, name) not in lost}
        if left and key not in gone and (key, ROW) not in lost:
            changed[key] = left
    again = [{**_bare(one.seen), **one.mine} for one in gone.values() if (one.key, ROW) not in lost]
    removed = tuple(key for key in edits.removed if (key, ROW) not in lost)
    return replace(edits, changed=changed, added=(*edits.added, *again), removed=removed)


def _bare(row: Mapping[str, Any] | None) -> dict[str, Any]:
    return {name: value for name, value in (row or {}).items() if not name.startswith("_")}


@dataclass(frozen=True)
class _Plan:
    """What to store over the rows of now, or what stands in the way."""

    rows: list[dict[str, Any]]
    removals: list[str]
    disputes: tuple[Dispute, ...]
    kept: int


def _plan(store: Store, association: str, dataset: Dataset, edits: Edits, based_on: int, now: int) -> _Plan:
    seen, held = (_by_key(store, association, dataset, edits, revision) for revision in (based_on, now))
    disputes = list(_disputes(edits, seen, held))
    rows = [{**_bare(held.get(key)), **cells} for key, cells in edits.changed.items()]
    added = [dict(row) for row in edits.added]
    _refuse_taken(dataset, len(rows), added, held, set(edits.removed))
    removals = [key for key in edits.removed if key in held]
    kept = sum(len(_differing(seen.get(key), held.get(key))) for key in edits.changed) - len(disputes)
    told = tuple(_told(store, association, dataset, one, based_on) for one in disputes)
    return _Plan([*rows, *added], removals, told, max(kept, 0))


def _by_key(
    store: Store, association: str, dataset: Dataset, edits: Edits, revision: int
) -> dict[str, dict[str, Any]]:  # fmt: skip
    """The rows that the edits concern, as they held at ``revision``."""
    new = _keys(dataset, edits.added)
    wanted = [*edits.changed, *edits.removed, *new]
    rows = store.rows(association, dataset.code, revision)
    return {row[KEY]: row for row in rows.filter(pl.col(KEY).is_in(wanted)).to_dicts()}


def _keys(dataset: Dataset, rows: Collection[Mapping[str, Any]]) -> list[str]:
    return with_key(submissions.typed(dataset, list(rows)), dataset)[KEY].to_list() if rows else []


def _disputes(edits: Edits, seen: Mapping[str, Any], held: Mapping[str, Any]) -> Iterator[Dispute]:
    for key, cells in edits.changed.items():
        if key not in held:
            yield Dispute(key, ROW, seen.get(key), None, cells)
            continue
        moved = _differing(seen.get(key), held[key])
        for name, mine in cells.items():
            if name in moved and mine != held[key][name]:
                yield Dispute(key, name, (seen.get(key) or {}).get(name), held[key][name], mine)
    for key in edits.removed:
        if key in held and _differing(seen.get(key), held[key]):
            yield Dispute(key, ROW, seen.get(key), held[key], None)


def _differing(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> set[str]:
    """The declared columns whose value is not the same in both."""
    names = (before or after or {}).keys()
    return {name for name in names if not name.startswith("_") and (before or {}).get(name) != (after or {}).get(name)}


def _refuse_taken(
    dataset: Dataset, before: int, added: list[dict[str, Any]], held: Mapping[str, Any], leaving: set[str]
) -> None:  # fmt: skip
    """A new row never overwrites one that is there."""
    taken = [(place, key) for place, key in enumerate(_keys(dataset, added), 1) if key in held and key not in leaving]
    problems = [
        Problem(
            before + place, dataset.key[0], key, french.typeset("Cette ligne existe déjà."),
            "Corrigez la ligne qui est là, ou donnez un autre nom à celle-ci.", code="ligne_existante",
        )
        for place, key in taken
    ]  # fmt: skip
    if problems:
        said = f"« {problems[0].found} » existe déjà dans « {dataset.title} » : rien n’est enregistré."
        raise RowsRefused(french.typeset(said), problems)


def _told(store: Store, association: str, dataset: Dataset, dispute: Dispute, based_on: int) -> Dispute:
    """The dispute with who wrote the other value."""
    events = store.history(association, dataset.code, dispute.key)
    after = [one for one in events if one.revision > based_on and _concerns(one, dispute.column)]
    return replace(dispute, by=after[-1].deposit if after else None)


def _concerns(event: Event, column: str | None) -> bool:
    return column is ROW or any(cell.column == column for cell in event.cells)
