"""What a relevé that was sent or accepted lets nobody change, and the question asked before each change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

import polars as pl

from core.checking.judgement import JudgedRows, Together
from core.checking.near import JudgementScope, StoredRows
from core.contract import Registry
from core.domain import access, french
from core.domain.access import Actor, ReleveState, Role
from core.domain.calendar import Period
from core.domain.dataset import Dataset, Problem, Row
from core.domain.programme import METROPOLE
from core.domain.releve import DECIDES, KIND, Releve, ReleveAction, ReleveEvent, Term
from core.errors import Refused
from core.figures.told import Files, LeadRows, by_subject, read_calendar
from core.reading import Findings
from core.reading.problems import ProblemBatch
from core.storage import Store
from core.storage.event_log import Entry
from core.storage.rows import Diff
from core.storage.schema import KEY
from core.storage.writing import Writing

EXPERIMENT = "_experiment"
DATES = "dates_experimentations"
_BEFORE = "before:"


@dataclass(frozen=True, slots=True)
class HeldSpan:
    """Days that are held, both included; ``state`` says why: accepted, or only sent; ``label`` names the period."""

    start: date
    end: date
    state: ReleveState
    label: str = ""


@dataclass(frozen=True, slots=True)
class Locks:
    """The days held, by experiment.

    ``common`` holds for rows of no experiment: periods held in every experiment of the
    association. ``periods`` are the codes of the calendar's own rows that may not move, ``running``
    the accepted periods of each experiment, which its own days may not leave out. False when
    nothing is held.
    """

    by_experiment: Mapping[str, tuple[HeldSpan, ...]] = field(default_factory=dict)
    common: tuple[HeldSpan, ...] = ()
    periods: frozenset[str] = frozenset()
    running: Mapping[str, tuple[Period, ...]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether anything at all is held."""
        return bool(self.periods) or bool(self.running) or any(self.by_experiment.values())

    def only(self, state: ReleveState) -> Locks:
        """The spans of one state."""
        kept = {code: _of(spans, state) for code, spans in self.by_experiment.items()}
        return Locks(kept, _of(self.common, state))

    def spans(self, experiment: str | None, state: ReleveState) -> tuple[HeldSpan, ...]:
        """The days held, in one state, for the rows of an experiment; of none: those held in common."""
        found = self.common if experiment is None else self.by_experiment.get(experiment, ())
        return _of(found, state)

    def holds(self, start: date, end: date) -> ReleveState | None:
        """The state that holds these days for a row of no experiment; None when they are open."""
        return next((one.state for one in self.common if one.start <= end and start <= one.end), None)


def read_locks(
    registry: Registry,
    association: str,
    actor: Actor,
    *,
    entries: Callable[[str], Iterable[Entry]],
    rows: LeadRows,
    today: date,
) -> Locks:
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
    wanted = {ReleveState.APPROVED, ReleveState.SUBMITTED} if actor.role is Role.ASSOCIATION else {ReleveState.APPROVED}
    return locks_of(known, association, wanted)


def locks_of(known: Iterable[Releve], association: str, wanted: Iterable[ReleveState]) -> Locks:
    """The days that these relevés hold, for the states ``wanted``."""
    states, listed = frozenset(wanted), list(known)
    by_experiment: dict[str, list[HeldSpan]] = {}
    own: dict[Any, list[Releve]] = {}
    for one in listed:
        if one.state in states:
            by_experiment.setdefault(one.experiment, []).append(
                HeldSpan(one.period.start, one.period.end, one.state, one.period.label)
            )
        if one.association == association:
            own.setdefault(one.period, []).append(one)
    common = [
        HeldSpan(period.start, period.end, _weakest(found), period.label)
        for period, found in own.items()
        if all(one.state in states for one in found)
    ]
    return Locks({code: tuple(spans) for code, spans in by_experiment.items()}, tuple(common))


def held_keys(dataset: Dataset, diff: Diff, locks: Locks, gone: pl.DataFrame | None = None) -> dict[str, ReleveState]:
    """The rows of ``diff``, and of ``gone`` (those that would end), that may not change, and why.

    The frames need the columns of the dataset and ``_experiment`` (see ``placed``).
    """
    own = _held_dates(diff, locks.running) if dataset.code == DATES else _held_periods(diff, locks.periods, gone)
    found = dict.fromkeys(own, ReleveState.APPROVED)
    for state in (ReleveState.SUBMITTED, ReleveState.APPROVED):
        some = locks.only(state)
        if some:
            found |= dict.fromkeys(_held(dataset, diff, some, gone), state)
    return found


def undone(diff: Diff) -> Diff:
    """The difference that undoing ``diff`` makes; what it removed comes back."""
    before = diff.before.select(name for name in diff.before.columns if name in diff.changed.columns)
    returning = diff.added.clear() if diff.missing is None else diff.missing
    return Diff(returning, before, diff.changed, 0, diff.added)


def placed(dataset: Dataset, frame: pl.DataFrame, association: str, rows: LeadRows) -> pl.DataFrame:
    """``frame`` with the experiment of the thing that each row speaks of (the building of a connection)."""
    through = dataset.place_through
    if through is None or frame.is_empty():
        return frame
    known = rows(association, through.dataset).select(pl.col(KEY).alias(through.column), EXPERIMENT)
    return frame.drop(EXPERIMENT, strict=False).join(known, on=through.column, how="left", maintain_order="left")


def all_placed(dataset: Dataset, diff: Diff, association: str, rows: LeadRows) -> Diff:
    """``diff``, each of its frames with the experiment of its rows."""

    def place(frame: pl.DataFrame) -> pl.DataFrame:
        return placed(dataset, frame, association, rows)

    return replace(diff, added=place(diff.added), changed=place(diff.changed), before=place(diff.before))


def _of_the_calendar(registry: Registry, said: Mapping[str, Iterable[ReleveEvent]], rows: LeadRows) -> Locks:
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


def _is_accepted(events: Iterable[ReleveEvent]) -> bool:
    return [one.deed for one in events if one.deed in DECIDES][-1:] == [ReleveAction.ACCEPTED]


def _held_dates(diff: Diff, running: Mapping[str, tuple[Period, ...]]) -> list[str]:
    """The experiments whose own days would leave out a period of which the relevé is accepted."""
    before = {row[KEY]: row for row in diff.before.to_dicts()}
    after = [*diff.added.to_dicts(), *diff.changed.to_dicts()]
    return [row[KEY] for row in after if _leaves_out(before.get(row[KEY], {}), row, running.get(row[KEY], ()))]


def _leaves_out(before: Mapping[str, object], after: Mapping[str, object], periods: Iterable[Period]) -> bool:
    return any(_runs(before, one) and not _runs(after, one) for one in periods)


def _runs(days: Row, period: Period) -> bool:
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
    days = dataset.days
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
    touched = _any(changes[day] & (_inside(day, locks) | _inside(day, locks, _BEFORE)) for day in days)
    touched = touched | _any(
        pl.col(name).ne_missing(pl.col(_BEFORE + name)) & _inside(day, locks, _BEFORE)
        for name, day in dataset.told_by.items()
    )
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


def _during(day: pl.Expr, spans: Iterable[HeldSpan]) -> pl.Expr:
    return _any(day.is_between(one.start, one.end) for one in spans)


def _any(conditions: Iterable[pl.Expr]) -> pl.Expr:
    return reduce(or_, conditions, pl.lit(False))


def _of(spans: Iterable[HeldSpan], state: ReleveState) -> tuple[HeldSpan, ...]:
    return tuple(one for one in spans if one.state is state)


def _weakest(found: Iterable[Releve]) -> ReleveState:
    """Several relevés that hold together: sent if one of them is only sent."""
    return ReleveState.SUBMITTED if any(one.state is ReleveState.SUBMITTED for one in found) else ReleveState.APPROVED


# --- Deposits and locks: the lines that touch a sent or accepted relevé are refused like any other wrong line ----


CODES = {ReleveState.APPROVED: "releve_accepte", ReleveState.SUBMITTED: "releve_transmis"}
"""What groups these problems, by the state that holds the line."""
_SAID = {
    ReleveState.APPROVED: ("{releve} est accepté : il ne se modifie plus.", "Demandez sa réouverture."),
    ReleveState.SUBMITTED: ("{releve} est transmis.", "Demandez à le reprendre avant de le modifier."),
}
_RANK = 900  # after everything that is said of the line itself


def locks_for(desk: JudgementScope, source: Store | Writing, rows: StoredRows) -> Locks:
    """What sent and accepted relevés hold for the actor now, as ``source`` knows it."""
    if desk.association == METROPOLE and desk.dataset.code not in ("periodes", DATES):
        return Locks()
    return read_locks(desk.registry, desk.association, desk.actor, entries=source.entries, rows=rows, today=desk.today)


def unheld(desk: JudgementScope, judged: JudgedRows, locks: Locks, writing: Writing) -> JudgedRows:
    """``judged`` without the lines that a relevé holds; nothing is compared when none holds anything."""
    if not locks:
        return judged
    diff = writing.compare(desk.association, desk.dataset, judged.storable)
    return stopped(desk, judged, diff, locks, writing.rows)[0]


def stopped(
    desk: JudgementScope, judged: JudgedRows, diff: Diff, locks: Locks, rows: StoredRows
) -> tuple[JudgedRows, Diff]:
    """``judged`` and its ``diff``, without the lines that may not change, which become problems."""
    if not locks:
        return judged, diff
    placed_diff = all_placed(desk.dataset, diff, desk.association, rows)
    held = held_keys(desk.dataset, placed_diff, locks)
    if not held:
        return judged, diff
    among = pl.col(KEY).is_in(list(held))
    where = DayHeld(desk.dataset, placed_diff, locks)
    found: Findings[Problem] = Findings(_parts(judged.valid.filter(among), held, where))
    kept = replace(
        judged,
        valid=judged.valid.filter(~among),
        errors=Together(judged.errors, found),
        rejected=judged.rejected + len(found),
    )
    return kept, replace(
        diff, added=diff.added.filter(~among), changed=diff.changed.filter(~among), before=diff.before.filter(~among)
    )


def refuse_leaving(desk: JudgementScope, leaving: Sequence[str], locks: Locks, rows: StoredRows) -> None:
    """Raise Refused when a row that would be removed belongs to a sent or accepted relevé."""
    if not locks or not leaving:
        return
    held = rows(desk.association, desk.dataset.code).filter(pl.col(KEY).is_in(list(leaving)))
    gone = placed(desk.dataset, held, desk.association, rows)
    nothing = Diff(held.clear(), held.clear(), held.clear(), 0)
    _refuse(held_keys(desk.dataset, nothing, locks, gone), "à retirer")


def refuse_undoing(desk: JudgementScope, diff: Diff, locks: Locks, rows: StoredRows) -> None:
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
        raise Refused(access.LOCKED if state is ReleveState.APPROVED else access.SENT)


def _parts(lines: pl.DataFrame, held: Mapping[str, ReleveState], where: DayHeld) -> list[ProblemBatch[Problem]]:
    """The problems of each state, in the order of the lines."""
    by_state = {state: [key for key, found in held.items() if found is state] for state in _SAID}
    return [_part(lines.filter(pl.col(KEY).is_in(keys)), state, where) for state, keys in by_state.items() if keys]


def _part(lines: pl.DataFrame, state: ReleveState, where: DayHeld) -> ProblemBatch[Problem]:
    said, remedy = _SAID[state]

    def problem(place: int) -> Problem:
        row = lines.row(place, named=True)
        column, day, period = where.of(row[KEY], state)
        releve = f"Le relevé du {period}" if period else "Ce relevé"
        shown = where.dataset.by_name[column].kind.show(day) if column else ""
        expected = french.typeset(said.format(releve=releve))
        return Problem(row["_line"], column, shown, expected, french.typeset(remedy), code=CODES[state])

    return ProblemBatch(lines["_line"], _RANK, problem)


class DayHeld:
    """Which day of a row a relevé holds, in which column, and of which period: what a person has to know."""

    def __init__(self, dataset: Dataset, diff: Diff, locks: Locks) -> None:
        self.dataset = dataset
        self._locks = locks
        self._days = dataset.days
        self._frames = (diff.changed, diff.added, diff.before)

    def of(self, key: str, state: ReleveState) -> tuple[str | None, date | None, str]:
        """The column, its day as handed in (else as it holds), the period; all None when no day of its own is held."""
        for frame in self._frames:
            for row in frame.filter(pl.col(KEY) == key).to_dicts():
                spans = self._locks.spans(row.get(EXPERIMENT), state)
                for column in self._days:
                    day = row.get(column)
                    span = next((one for one in spans if day and one.start <= day <= one.end), None)
                    if span is not None:
                        return column, day, span.label
        return None, None, ""


def _refuse(held: Mapping[str, ReleveState], doing: str) -> None:
    if not held:
        return
    first, state = next(iter(held.items()))
    count = french.count(len(held), "ligne", "lignes")
    said = access.LOCKED if state is ReleveState.APPROVED else access.SENT
    raise Refused(f"{count} {doing} (la première : « {first} »). {said} Rien n’a été changé.")
