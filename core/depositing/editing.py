"""Correcting rows in place, one or many, and taking one change back: nobody’s change is lost."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from core.catalogue.keys import KEY, with_key
from core.checking import naming
from core.checking.outcome import Outcome
from core.contract import Registry, schema_setup
from core.contract.scope import Scope
from core.depositing import submit
from core.domain import access, french
from core.domain.dataset import Dataset, Problem, Row, RowDict
from core.errors import Conflict, Refused, RowsRefused
from core.reading import problem_heading
from core.storage import Store
from core.storage.deposits import UNDO, UPGRADE, Deposit
from core.storage.history import ADDED, REMOVED, RowEvent
from core.storage.rows import RowsWanted

ACTION, TYPED = "correction", "saisie"
"""What history calls the save: rows that are there were changed, or rows were only added."""
TAKEN = "ligne_existante"
"""The code of the problem of a row that was added while one of the same key holds."""
ROW = None
"""In place of a column: the row as a whole, added or removed."""
_TRIES = 50  # each time somebody else saved one of the same rows in between


@dataclass(frozen=True)
class Edits:
    """What somebody wants of a dataset's rows.

    ``changed`` gives, by key, only the cells that the person changed; ``added`` whole new rows;
    ``removed`` keys.
    """

    changed: Mapping[str, Row] = field(default_factory=dict)
    added: tuple[Row, ...] = ()
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
    theirs: object
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
    scope: Scope, association: str, dataset: str, edits: Edits, *, based_on: int, action: str = ACTION
) -> Result:
    """Store ``edits``, typed over what held at ``based_on``; all of them, or none.

    Raises RowsRefused with the problems (lines are counted from 1: changed rows, then added ones),
    Refused, Forbidden as ``submissions.save_rows`` does; Conflict when others never stop saving.
    """
    declared = scope.registry.dataset(association, dataset)
    schema_setup.ensure(scope.registry, scope.store, association, dataset, at=scope.now)
    for _ in range(_TRIES):
        now = scope.store.latest()
        plan = _plan(scope, association, declared, edits, based_on, now)
        if plan.disputes:
            return Result(None, plan.disputes, now, plan.kept)
        try:
            outcome = submit.save_rows(
                scope, association, dataset, plan.rows, removals=plan.removals, action=action, based_on=now
            )
        except Conflict:
            if scope.store.latest() == now:
                raise
            continue
        return Result(outcome, (), now, plan.kept)
    raise Conflict("D’autres personnes enregistrent sans cesse ces lignes. Réessayez dans un instant.")


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


def _bare(row: Row | None) -> RowDict:
    return {name: value for name, value in (row or {}).items() if not name.startswith("_")}


@dataclass(frozen=True)
class _Plan:
    """What to store over the rows of now, or what stands in the way."""

    rows: list[RowDict]
    removals: list[str]
    disputes: tuple[Dispute, ...]
    kept: int


def _plan(scope: Scope, association: str, dataset: Dataset, edits: Edits, based_on: int, now: int) -> _Plan:
    seen, held = (_by_key(scope.store, association, dataset, edits, revision) for revision in (based_on, now))
    disputes = list(_disputes(edits, seen, held))
    rows = [{**_bare(held.get(key)), **cells} for key, cells in edits.changed.items()]
    added = [dict(row) for row in edits.added]
    _refuse_taken(scope.registry, dataset, len(rows), added, held, set(edits.removed))
    removals = [key for key in edits.removed if key in held]
    kept = sum(len(_differing(seen.get(key), held.get(key))) for key in edits.changed) - len(disputes)
    told = tuple(_told(scope.store, association, dataset, one, based_on) for one in disputes)
    return _Plan([*rows, *added], removals, told, max(kept, 0))


def _by_key(
    store: Store, association: str, dataset: Dataset, edits: Edits, revision: int
) -> dict[str, dict[str, object]]:
    """The rows that the edits concern, as they held at ``revision``."""
    new = _keys(dataset, edits.added)
    wanted = [*edits.changed, *edits.removed, *new]
    rows = store.rows(association, dataset.code, revision, RowsWanted(keys=wanted))
    return {row[KEY]: row for row in rows.to_dicts()}


def _keys(dataset: Dataset, rows: Collection[Mapping[str, object]]) -> list[str]:
    return with_key(submit.typed(dataset, list(rows)), dataset)[KEY].to_list() if rows else []


def _disputes(edits: Edits, seen: Row, held: Row) -> Iterator[Dispute]:
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


def _differing(before: Mapping[str, object] | None, after: Mapping[str, object] | None) -> set[str]:
    """The declared columns whose value is not the same in both."""
    names = (before or after or {}).keys()
    return {name for name in names if not name.startswith("_") and (before or {}).get(name) != (after or {}).get(name)}


def _refuse_taken(
    registry: Registry,
    dataset: Dataset,
    before: int,
    added: list[dict[str, object]],
    held: Mapping[str, object],
    leaving: set[str],
) -> None:
    """A new row never overwrites one that is there."""
    taken = [(place, key) for place, key in enumerate(_keys(dataset, added), 1) if key in held and key not in leaving]
    problems = [
        Problem(
            before + place,
            dataset.key[0],
            naming.name_of(registry, dataset, key),
            "Cette ligne existe déjà.",
            "Modifiez celle qui est là, ou donnez un autre nom à celle-ci.",
            code=TAKEN,
        )
        for place, key in taken
    ]
    if problems:
        more = f" et {french.count(len(problems) - 1, 'autre ligne')}" if len(problems) > 1 else ""
        exist = "existent" if more else "existe"
        said = f"« {problems[0].found} »{more} {exist} déjà dans « {dataset.title} » : rien n’est enregistré."
        raise RowsRefused(said, problems)


def _told(store: Store, association: str, dataset: Dataset, dispute: Dispute, based_on: int) -> Dispute:
    """The dispute with who wrote the other value."""
    events = store.history(association, dataset.code, dispute.key)
    after = [one for one in events if one.revision > based_on and _concerns(one, dispute.column)]
    return replace(dispute, by=after[-1].deposit if after else None)


def _concerns(event: RowEvent, column: str | None) -> bool:
    return column is ROW or any(cell.column == column for cell in event.cells)


# --- Taking back one change: one row of one deposit, without losing what was done to it since ------


def undo_row(scope: Scope, revision: int, key: str, *, dataset: str | None = None) -> Outcome:
    """Give back to the row ``key`` the cells that ``revision`` changed; the later changes of its other cells stay.

    ``dataset`` says of which table, for a revision that changed several. A row that the revision added
    leaves, one that it removed comes back. It is a revision of its own (« annulation »), judged like any
    correction. Raises UnknownName when there is no such revision, Refused when it did not touch the row,
    Conflict with the cells concerned when they changed since, Forbidden when the data are not the
    actor's to change.
    """
    schema_setup.prepare(scope.registry, scope.store, at=scope.now)
    done = scope.store.deposit(revision, dataset)
    access.check_change(scope.actor, done.association)
    events = scope.store.history(done.association, done.dataset, key)
    event = next((one for one in events if one.revision == revision), None)
    if event is None or done.action == UPGRADE:
        name = _name(scope.registry, done, key)
        raise Refused(f"Ce dépôt n’a pas changé la ligne « {name} » : il n’y a rien à annuler.")
    now = scope.store.latest()
    edits = _edits(scope, done, event, now)
    result = save_edits(scope, done.association, done.dataset, edits, based_on=now, action=UNDO)
    if result.outcome is None:
        raise _conflict(_name(scope.registry, done, key), ["La ligne vient d’être modifiée."])
    return result.outcome


def _edits(scope: Scope, done: Deposit, event: RowEvent, now: int) -> Edits:
    dataset, name = scope.registry.dataset(done.association, done.dataset), _name(scope.registry, done, event.key)
    rows = scope.store.rows(done.association, done.dataset, now, RowsWanted(keys=[event.key]))
    held = next(iter(rows.to_dicts()), None)
    cells = [one for one in event.cells if one.column in dataset.by_name]
    if event.what == REMOVED:
        if held is not None:
            raise _conflict(name, ["La ligne existe de nouveau."])
        return Edits(added=({one.column: one.before for one in cells},))
    if held is None:
        raise _conflict(name, ["La ligne a été retirée."])
    compared = list(dataset.by_name) if event.what == ADDED else [one.column for one in cells]
    after = {one.column: one.after for one in cells}
    moved = [one for one in compared if held[one] != after.get(one)]
    if moved:
        raise _conflict(name, [_said(scope.registry, dataset, one, after.get(one), held[one]) for one in moved])
    if event.what == ADDED:
        return Edits(removed=(event.key,))
    return Edits(changed={event.key: {one.column: one.before for one in cells}})


def _name(registry: Registry, done: Deposit, key: str) -> str:
    return naming.name_of(registry, registry.dataset(done.association, done.dataset), key)


def _said(registry: Registry, dataset: Dataset, column: str, after: object, now: object) -> str:
    title = problem_heading(column, dataset)
    words = [naming.value(registry, dataset.by_name[column], value) for value in (after, now)]
    return french.typeset(f"« {title} » : ce dépôt avait écrit « {words[0]} », il y a maintenant « {words[1]} ».")


def _conflict(name: str, details: list[str]) -> Conflict:
    return Conflict(
        f"La ligne « {name} » a changé depuis ce dépôt. Rien n’a été annulé : "
        "annulez d’abord le changement le plus récent, ou corrigez la ligne.",
        details,
    )


# --- The same cells for many rows at once: « Marquer 40 machines reconditionnées », tried before it is stored ----


BATCH = "saisie par lot"
MOST = 5000
"""Rows of one batch."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The rows that a pasted list names: their keys in the order of the list, and the words that name none."""

    keys: tuple[str, ...]
    unknown: tuple[str, ...]


def chosen(rows: pl.DataFrame, text: str) -> Chosen:
    """Find the rows (with their ``_key``) that a list names: one key a line, or separated by ; , or a tab.

    Case and the spaces around do not count; a key named twice counts once.
    """
    known = {key.casefold(): key for key in rows[KEY]}
    words = list(dict.fromkeys(word.strip() for word in re.split(r"[\n;,\t]", text) if word.strip()))
    found = [known.get(word.casefold()) for word in words]
    return Chosen(
        tuple(dict.fromkeys(key for key in found if key is not None)),
        tuple(word for word, key in zip(words, found, strict=True) if key is None),
    )


def set_cells(
    scope: Scope,
    association: str,
    dataset: str,
    keys: Sequence[str],
    cells: Mapping[str, object],
    *,
    based_on: int | None = None,
    dry_run: bool = False,
) -> Outcome:
    """Write ``cells`` into each row of ``keys``: all of them, or none.

    The other cells keep what they hold; ``based_on`` is the revision that the person saw (None: now).
    ``dry_run`` only says what would happen, with the rows that
    would be refused. Raises Refused when nothing is chosen, when a row is not there any more, when
    a cell of the key would change; RowsRefused, Conflict and Forbidden as ``submissions.save_rows``.
    """
    declared = scope.registry.dataset(association, dataset)
    if not keys or not cells:
        raise Refused("Choisissez au moins une ligne et une valeur à écrire : rien n’est enregistré.")
    if len(keys) > MOST:
        raise Refused(f"Un lot a {french.number(MOST)} lignes au plus. Faites-en plusieurs.")
    if touched := set(cells).intersection(declared.key):
        raise Refused(f"« {min(touched)} » identifie la ligne : un lot ne la change pas.")
    access.check_change(scope.actor, association)
    seen = scope.store.latest() if based_on is None else based_on
    rows = _rows(scope.registry, scope.store, association, declared, keys, seen)
    return submit.save_rows(
        scope, association, dataset, [{**row, **cells} for row in rows], action=BATCH, based_on=seen, dry_run=dry_run
    )


def _rows(
    registry: Registry, store: Store, association: str, dataset: Dataset, keys: Sequence[str], seen: int
) -> list[RowDict]:
    """The chosen rows as they held at ``seen``, in their order."""
    held = store.rows(association, dataset.code, seen, RowsWanted(keys=keys)).select(KEY, *dataset.by_name)
    by_key = {row.pop(KEY): row for row in held.to_dicts()}
    if gone := [one for one in keys if one not in by_key]:
        name = naming.name_of(registry, dataset, gone[0])
        raise Refused(f"« {name} » n’est plus dans les données : choisissez de nouveau les lignes.")
    return [by_key[one] for one in keys]
