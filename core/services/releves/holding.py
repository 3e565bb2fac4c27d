"""Deposits and locks: the lines that touch a sent or accepted relevé are refused like any other wrong line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import polars as pl

from core.domain import access, french
from core.domain.access import State
from core.domain.actor import Actor
from core.domain.experiment import METROPOLE
from core.domain.local_time import day_in_france
from core.domain.period import Period
from core.domain.problem import Problem
from core.errors import Refused
from core.services.judgement import Desk, Judged, Rows, Together
from core.services.reading import Findings
from core.services.reading.problems import Part
from core.services.releves.locks import DATES, Locks, all_placed, held_keys, placed, read_locks, undone
from core.storage import Store
from core.storage.data_table import KEY
from core.storage.diff import Diff
from core.storage.writing import Writing

CODES = {State.APPROVED: "releve_accepte", State.SUBMITTED: "releve_transmis"}
"""What groups these problems, by the state that holds the line."""
_SAID = {
    State.APPROVED: ("Ce relevé est accepté : il ne se modifie plus.", "Demandez sa réouverture."),
    State.SUBMITTED: ("Ce relevé est transmis.", "Demandez à le reprendre avant de le modifier."),
}
_RANK = 900  # after everything that is said of the line itself


def locks_for(desk: Desk, actor: Actor, at: datetime, source: Store | Writing, rows: Rows) -> Locks:
    """What sent and accepted relevés hold for ``actor`` at ``at``, as ``source`` knows it."""
    if desk.association == METROPOLE and desk.dataset.code not in ("periodes", DATES):
        return Locks()
    return read_locks(
        desk.registry, desk.association, actor, entries=source.entries, rows=rows, today=day_in_france(at)
    )


def unheld(desk: Desk, judged: Judged, locks: Locks, writing: Writing) -> Judged:
    """``judged`` without the lines that a relevé holds; nothing is compared when none holds anything."""
    if not locks:
        return judged
    diff = writing.compare(desk.association, desk.dataset, judged.storable)
    return stopped(desk, judged, diff, locks, writing.rows)[0]


def stopped(desk: Desk, judged: Judged, diff: Diff, locks: Locks, rows: Rows) -> tuple[Judged, Diff]:
    """``judged`` and its ``diff``, without the lines that may not change, which become problems."""
    if not locks:
        return judged, diff
    held = held_keys(desk.dataset, all_placed(desk.dataset, diff, desk.association, rows), locks)
    if not held:
        return judged, diff
    among = pl.col(KEY).is_in(list(held))
    found: Findings[Problem] = Findings(_parts(judged.valid.filter(among), held))
    kept = Judged(
        judged.valid.filter(~among), Together(judged.errors, found), judged.warnings, judged.rejected + len(found)
    )
    return kept, replace(
        diff, added=diff.added.filter(~among), changed=diff.changed.filter(~among), before=diff.before.filter(~among)
    )


def refuse_leaving(desk: Desk, leaving: Sequence[str], locks: Locks, rows: Rows) -> None:
    """Raise Refused when a row that would be removed belongs to a sent or accepted relevé."""
    if not locks or not leaving:
        return
    held = rows(desk.association, desk.dataset.code).filter(pl.col(KEY).is_in(list(leaving)))
    gone = placed(desk.dataset, held, desk.association, rows)
    nothing = Diff(held.clear(), held.clear(), held.clear(), 0)
    _refuse(held_keys(desk.dataset, nothing, locks, gone), "à retirer")


def refuse_undoing(desk: Desk, diff: Diff, locks: Locks, rows: Rows) -> None:
    """Raise Refused when undoing ``diff`` would touch a sent or accepted relevé."""
    if not locks:
        return
    back = undone(diff)
    gone = placed(desk.dataset, diff.added, desk.association, rows)
    _refuse(held_keys(desk.dataset, all_placed(desk.dataset, back, desk.association, rows), locks, gone), "à reprendre")


def refuse_declaring(locks: Locks, period: Period) -> None:
    """Raise Refused when nothing more may be declared for the days of ``period``."""
    state = locks.holds(period.start, period.end)
    if state is not None:
        raise Refused(french.typeset(access.LOCKED if state is State.APPROVED else access.SENT))


def _parts(lines: pl.DataFrame, held: Mapping[str, State]) -> list[Part[Problem]]:
    """The problems of each state, in the order of the lines."""
    by_state = {state: [key for key, found in held.items() if found is state] for state in _SAID}
    return [
        _part(lines.filter(pl.col(KEY).is_in(keys))["_line"], state) for state, keys in by_state.items() if keys
    ]  # fmt: skip


def _part(lines: pl.Series, state: State) -> Part[Problem]:
    expected, remedy = (french.typeset(text) for text in _SAID[state])

    def problem(place: int) -> Problem:
        return Problem(lines[place], None, "", expected, remedy, code=CODES[state])

    return Part(lines, _RANK, problem)


def _refuse(held: Mapping[str, State], doing: str) -> None:
    if not held:
        return
    first, state = next(iter(held.items()))
    count = french.count(len(held), "ligne", "lignes")
    said = access.LOCKED if state is State.APPROVED else access.SENT
    raise Refused(french.typeset(f"{count} {doing} (la première : « {first} »). {said} Rien n’a été changé."))
