"""What a relevé that was sent or accepted lets nobody change: a pure judgement on a difference.

An accepted relevé holds for everybody, a sent one for the association. A row that tells one
fact is held by its day. A thing that lasts (a machine, a building) is held by what happened to
it: an event inside the period may not appear, disappear or move, and a detail of a thing to
which nothing happened since may not change unless something new happens in an open period.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

import polars as pl

from core.domain.access import State
from core.domain.actor import Actor, Role
from core.domain.dataset import Dataset
from core.domain.experiment import METROPOLE
from core.domain.period import Period
from core.domain.releve import DECIDES, KIND, Deed, Releve, Term
from core.services.releves.calendar import Rows, read_calendar
from core.services.releves.states import Files, by_subject
from core.storage.data_table import KEY
from core.storage.diff import Diff

EXPERIMENT = "_experiment"
DATES = "dates_experimentations"
_BEFORE = "before:"


@dataclass(frozen=True, slots=True)
class Span:
    """Days that are held, both included; ``state`` says why: accepted, or only sent."""

    start: date
    end: date
    state: State


@dataclass(frozen=True, slots=True)
class Locks:
    """The days held, by experiment.

    ``common`` holds for rows of no experiment: periods held in every experiment of the
    association. ``periods`` are the codes of the calendar's own rows that may not move, ``running``
    the accepted periods of each experiment, which its own days may not leave out. False when
    nothing is held.
    """

    by_experiment: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    common: tuple[Span, ...] = ()
    periods: frozenset[str] = frozenset()
    running: Mapping[str, tuple[Period, ...]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether anything at all is held."""
        return bool(self.periods) or bool(self.running) or any(self.by_experiment.values())

    def only(self, state: State) -> Locks:
        """The spans of one state."""
        kept = {code: _of(spans, state) for code, spans in self.by_experiment.items()}
        return Locks(kept, _of(self.common, state))

    def holds(self, start: date, end: date) -> State | None:
        """The state that holds these days for a row of no experiment; None when they are open."""
        return next((one.state for one in self.common if one.start <= end and start <= one.end), None)


def read_locks(
    registry: Any, association: str, actor: Actor, *, entries: Callable[[str], Iterable[Any]], rows: Rows, today: date
) -> Locks:  # fmt: skip
    """What is held for ``actor`` who changes data of ``association``.

    ``entries`` gives the entries of a kind and ``rows`` the rows that hold, as they stand for
    the transaction; the calendar is read only when some relevé was ever sent.
    """
    said = by_subject(entries(KIND))
    if association == METROPOLE:
        return _of_the_calendar(registry, said, rows)
    if not said:
        return Locks()
    files = Files(read_calendar(registry, rows), (), said)
    known = [files.fold(term, today) for term in files.calendar.terms if term.applies]
    wanted = {State.APPROVED, State.SUBMITTED} if actor.role is Role.ASSOCIATION else {State.APPROVED}
    return locks_of(known, association, wanted)


def locks_of(known: Iterable[Releve], association: str, wanted: Iterable[State]) -> Locks:
    """The days that these relevés hold, for the states ``wanted``."""
    states, listed = frozenset(wanted), list(known)
    by_experiment: dict[str, list[Span]] = {}
    own: dict[Any, list[Releve]] = {}
    for one in listed:
        if one.state in states:
            by_experiment.setdefault(one.experiment, []).append(Span(one.period.start, one.period.end, one.state))
        if one.association == association:
            own.setdefault(one.period, []).append(one)
    common = [
        Span(period.start, period.end, _weakest(found))
        for period, found in own.items()
        if all(one.state in states for one in found)
    ]
    return Locks({code: tuple(spans) for code, spans in by_experiment.items()}, tuple(common))


def held_keys(dataset: Dataset, diff: Diff, locks: Locks, gone: pl.DataFrame | None = None) -> dict[str, State]:
    """The rows of ``diff``, and of ``gone`` (those that would end), that may not change, and why.

    The frames need the columns of the dataset and ``_experiment`` (see ``placed``).
    """
    own = _held_dates(diff, locks.running) if dataset.code == DATES else _held_periods(diff, locks.periods, gone)
    found = dict.fromkeys(own, State.APPROVED)
    for state in (State.SUBMITTED, State.APPROVED):
        some = locks.only(state)
        if some:
            found |= dict.fromkeys(_held(dataset, diff, some, gone), state)
    return found


def undone(diff: Diff) -> Diff:
    """The difference that undoing ``diff`` makes; what it removed comes back."""
    before = diff.before.select(name for name in diff.before.columns if name in diff.changed.columns)
    returning = diff.added.clear() if diff.missing is None else diff.missing
    return Diff(returning, before, diff.changed, 0, diff.added)


def placed(dataset: Dataset, frame: pl.DataFrame, association: str, rows: Rows) -> pl.DataFrame:
    """``frame`` with the experiment of the thing that each row speaks of (the building of a connection)."""
    through = dataset.place_through
    if through is None or frame.is_empty():
        return frame
    known = rows(association, through.dataset).select(pl.col(KEY).alias(through.column), EXPERIMENT)
    return frame.drop(EXPERIMENT, strict=False).join(known, on=through.column, how="left", maintain_order="left")


def all_placed(dataset: Dataset, diff: Diff, association: str, rows: Rows) -> Diff:
    """``diff``, each of its frames with the experiment of its rows."""

    def place(frame: pl.DataFrame) -> pl.DataFrame:
        return placed(dataset, frame, association, rows)

    return replace(diff, added=place(diff.added), changed=place(diff.changed), before=place(diff.before))


def _of_the_calendar(registry: Any, said: Mapping[str, Iterable[Any]], rows: Rows) -> Locks:
    """The calendar's own rows, and the days of the experiments, that accepted relevés hold."""
    accepted = [name.split("/") for name, events in said.items() if _is_accepted(events)]
    if not accepted:
        return Locks()
    known = {one.code: one for one in read_calendar(registry, rows).periods}
    running: dict[str, tuple[Period, ...]] = {}
    for experiment, code in accepted:
        if code in known:
            running[experiment] = (*running.get(experiment, ()), known[code])
    return Locks(periods=frozenset(code for _, code in accepted), running=running)


def _is_accepted(events: Iterable[Any]) -> bool:
    return [one.deed for one in events if one.deed in DECIDES][-1:] == [Deed.ACCEPTED]


def _held_dates(diff: Diff, running: Mapping[str, tuple[Period, ...]]) -> list[str]:
    """The experiments whose own days would leave out a period of which the relevé is accepted."""
    before = {row[KEY]: row for row in diff.before.to_dicts()}
    after = [*diff.added.to_dicts(), *diff.changed.to_dicts()]
    return [row[KEY] for row in after if _leaves_out(before.get(row[KEY], {}), row, running.get(row[KEY], ()))]


def _leaves_out(before: Mapping[str, Any], after: Mapping[str, Any], periods: Iterable[Period]) -> bool:
    return any(_runs(before, one) and not _runs(after, one) for one in periods)


def _runs(days: Mapping[str, Any], period: Period) -> bool:
    """Whether an experiment of these days was running in the period (see ``Term.applies``)."""
    return Term("", "", period, period.end, days.get("debut"), days.get("fin")).applies


def _held_periods(diff: Diff, codes: frozenset[str], gone: pl.DataFrame | None) -> list[str]:
    """The rows of the calendar that would leave, or whose days would move, under an accepted relevé."""
    if not codes:
        return []
    moved = _pairs(diff).filter(_any(pl.col(day).ne_missing(pl.col(_BEFORE + day)) for day in ("debut", "fin")))
    leaving = [] if gone is None else gone[KEY].to_list()
    return [key for key in (*moved[KEY], *leaving) if key in codes]


# --- the judgement ------------------------------------------------------------------------


def _held(dataset: Dataset, diff: Diff, locks: Locks, gone: pl.DataFrame | None) -> list[str]:
    days = dataset.events or tuple(filter(None, (dataset.date,)))
    if not days:
        return []
    whole = _any(_inside(day, locks) for day in days)
    single = [frame.filter(whole)[KEY] for frame in (diff.added, gone) if frame is not None and frame.height]
    if diff.changed.height:
        single.append(_pairs(diff).filter(_moved(dataset, days, locks))[KEY])
    return [key for keys in single for key in keys]


def _pairs(diff: Diff) -> pl.DataFrame:
    """Each row that changes beside what it was; both frames are in the same order."""
    before = diff.before.select(pl.all().name.prefix(_BEFORE))
    return pl.concat([diff.changed, before], how="horizontal")


def _moved(dataset: Dataset, days: tuple[str, ...], locks: Locks) -> pl.Expr:
    if dataset.refreshed:  # the day moves on with each visit: what is said now counts, not what was said then
        named = pl.col(dataset.refreshed)
        return _within(named, locks, "") | (named.is_null() & _inside(dataset.refreshed, locks, _BEFORE))
    if not dataset.events:
        return _inside(days[0], locks) | _inside(days[0], locks, _BEFORE)
    changes = {day: pl.col(day).ne_missing(pl.col(_BEFORE + day)) for day in days}
    touched = _any(
        changes[day] & (_inside(day, locks) | _inside(day, locks, _BEFORE)) for day in days
    )  # fmt: skip
    happened = _any(changes[day] & pl.col(day).is_not_null() & ~_inside(day, locks) for day in days)
    last = pl.max_horizontal(_BEFORE + day for day in days)
    return touched | (_within(last, locks, _BEFORE) & ~happened & _detailed(dataset))


def _detailed(dataset: Dataset) -> pl.Expr:
    """Whether a detail changes that is not merely how the thing stands now."""
    told = [name for name in (*dataset.by_name, EXPERIMENT) if name not in dataset.undated]
    return _any(pl.col(name).ne_missing(pl.col(_BEFORE + name)) for name in told)


def _inside(day: str, locks: Locks, prefix: str = "") -> pl.Expr:
    return _within(pl.col(prefix + day), locks, prefix)


def _within(day: pl.Expr, locks: Locks, prefix: str) -> pl.Expr:
    """Whether ``day`` is held for the experiment of the row; never for a row without that day."""
    experiment = pl.col(prefix + EXPERIMENT)
    cases = [(experiment == code) & _during(day, spans) for code, spans in locks.by_experiment.items() if spans]
    cases.append(experiment.is_null() & _during(day, locks.common))
    return _any(cases).fill_null(False)


def _during(day: pl.Expr, spans: Iterable[Span]) -> pl.Expr:
    return _any(day.is_between(one.start, one.end) for one in spans)


def _any(conditions: Iterable[pl.Expr]) -> pl.Expr:
    return reduce(or_, conditions, pl.lit(False))


def _of(spans: Iterable[Span], state: State) -> tuple[Span, ...]:
    return tuple(one for one in spans if one.state is state)


def _weakest(found: Iterable[Releve]) -> State:
    """Several relevés that hold together: sent if one of them is only sent."""
    return State.SUBMITTED if any(one.state is State.SUBMITTED for one in found) else State.APPROVED
