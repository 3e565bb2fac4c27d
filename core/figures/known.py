"""What is known at a revision beside rows: deposits, what the project lead holds, milestones."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby, zip_longest
from typing import Any
from zoneinfo import ZoneInfo

from core.domain.calendar import Period, day_in_france
from core.domain.dataset import Row, RowDict
from core.domain.indicator import Direction
from core.domain.observation import BLOCKED, Target, overdue
from core.domain.programme import METROPOLE
from core.domain.releve import KIND as RELEVE
from core.domain.releve import NARRATIVE, ReleveEvent, Term, subject
from core.figures.cache import Cache
from core.figures.lines import Keys
from core.figures.sources import Pair
from core.figures.told import NARRATIVES, Files, by_subject
from core.storage import Store, deposits, event_log

_LOCAL = ZoneInfo("Europe/Paris")
_DIRECTIONS = {"hausse": Direction.UP, "baisse": Direction.DOWN}


@dataclass(frozen=True, slots=True)
class Due:
    """A period that the project lead set, and the day by which its data are expected."""

    period: Period
    day: date


@dataclass(frozen=True, slots=True)
class Goal:
    """A target as decided; ``direction`` None = that of the indicator.

    It is in force from the day of its decision to the eve of ``replaced``, None when it still is.
    """

    target: Target
    direction: Direction | None = None
    replaced: date | None = None

    def holds(self, day: date) -> bool:
        """Whether it was decided on or before ``day``, and not replaced by then."""
        decided = self.target.decided
        return (decided is None or decided <= day) and (self.replaced is None or day < self.replaced)


@dataclass(frozen=True, slots=True)
class LeadSettings:
    """What the project lead holds, as of a revision.

    ``goals`` are every target ever decided, sorted by date, by (experiment or None for the programme,
    indicator); ``baselines`` the recorded starting values, with their day.
    """

    dues: tuple[Due, ...]
    starts: Mapping[str, date]
    goals: Mapping[tuple[str | None, str], tuple[Goal, ...]]
    baselines: Mapping[tuple[str | None, str], tuple[date, float]]
    shares: tuple[Row, ...]
    ends: Mapping[str, date] = field(default_factory=dict)

    @property
    def programme_start(self) -> date | None:
        """The first day of the first experiment."""
        return min(self.starts.values(), default=None)

    def days(self, experiment: str | None) -> tuple[date | None, date | None]:
        """The first and last day of an experiment as entered; those of the programme for None, or without its own."""
        whole = self.programme_start, max(self.ends.values(), default=None)
        if experiment is None:
            return whole
        return self.starts.get(experiment, whole[0]), self.ends.get(experiment, whole[1])

    def goal(self, experiment: str | None, indicator: str, day: date) -> Goal | None:
        """The target that ``day`` works towards, of those decided by then: the next to fall due, else the last."""
        found = [one for one in self.goals.get((experiment, indicator), ()) if one.holds(day)]
        return next((one for one in found if one.target.until >= day), found[-1] if found else None)

    def later(self, experiment: str | None, indicator: str, day: date) -> Target | None:
        """The target in force now, when it was decided after ``day``."""
        found = [one.target for one in self.goals.get((experiment, indicator), ()) if one.replaced is None]
        return next((one for one in found if one.decided and one.decided > day), None)

    def keys(self, day: date) -> Keys:
        """How the lines were divided on ``day``: by the keys decided by then."""
        return Keys.of(row for row in self.shares if row["date"] <= day)


@dataclass(frozen=True, slots=True)
class ToldCause:
    """What a narrative says of a delay; ``axis`` is the one that it concerns, None when it does not say."""

    text: str
    axis: int | None = None


@dataclass(frozen=True, slots=True)
class StateAtRevision:
    """One state of knowledge. ``marks`` gives the last revision of each dataset ever touched.

    ``day`` is the day from which it is looked at: today, or for a past revision the day of
    its last deposit. ``events`` are those of each relevé, and ``causes`` what it last said of its
    delay, by its subject.
    """

    revision: int
    marks: Mapping[Pair, int]
    deposits: tuple[Any, ...]
    held: LeadSettings
    day: date
    events: Mapping[str, Sequence[ReleveEvent]] = field(default_factory=dict)
    causes: Mapping[str, ToldCause] = field(default_factory=dict)
    said: int = 0

    @property
    def stamp(self) -> tuple[int, int, int]:
        """What changes as soon as anything is deposited, declared, told, sent or accepted."""
        return self.revision, self.deposits[-1].number if self.deposits else 0, self.said

    def last_on(self, day: date) -> int:
        """The last revision that was made on ``day`` or before."""
        made = (
            one.revision for one in reversed(self.deposits) if one.revision is not None and local_day(one.at) <= day
        )
        return max(next(made, 0), 0)

    def day_of(self, revision: int) -> date | None:
        """The day on which a revision was made; None when nothing tells it."""
        made = (one.at for one in self.deposits if one.revision is not None and one.revision >= revision)
        first = next(made, None)
        return None if first is None else local_day(first)

    def cause(self, experiment: str | None, day: date, axes: Collection[int | None]) -> str:
        """What the association says, in its narrative of the period that ``day`` ends or runs through, of its delay.

        Only a cause of one of ``axes`` (None: one that names no axis). Empty when it says nothing, and for the
        programme.
        """
        begun = [due.period for due in self.held.dues if due.period.start <= day]
        over = max((one for one in begun if one.end <= day), key=lambda one: one.end, default=None)
        for one in sorted(begun, reverse=True):
            cause = self.causes.get(subject(experiment or "", one.code))
            if cause and cause.text and cause.axis in axes and (one == over or one.end > day):
                return f"{cause.text.rstrip('.')} (récit du {one.label})."
        return ""


def read_known(store: Store, cache: Cache, revision: int | None, today: date) -> StateAtRevision:
    """What is known at ``revision`` (None: all that is); read again only once something was deposited."""
    with store.connect() as connection:
        number = deposits.last_number(connection), event_log.last_number(connection)
    return cache.get(("known", number, revision, today), lambda: _read_known(store, cache, revision, today))


def _read_known(store: Store, cache: Cache, asked: int | None, today: date) -> StateAtRevision:
    latest = store.latest()
    revision = latest if asked is None else max(0, min(asked, latest))
    past = revision < latest
    if past:
        store.refuse_purged(revision)
    listed = tuple(store.deposits(revision if past else None))
    marks = store.last_revisions(revision)
    lead = tuple((code, marks.get((METROPOLE, code), 0)) for code in _LEAD)
    held = cache.get(("held", lead), lambda: _read_held(store, revision))
    last = max((one.at for one in listed), default=None) if past else None
    day = today if last is None else min(local_day(last), today)
    told = store.entries(NARRATIVE, until=last)
    done = store.entries(RELEVE, until=last)
    narratives = {entry.subject: NARRATIVES.read(entry) for entry in told}
    causes = {subject: ToldCause(said.cause, said.axis) for subject, said in narratives.items()}
    said = max((entry.number for entry in (*told, *done)), default=0)
    return StateAtRevision(revision, marks, listed, held, day, by_subject(done), causes, said)


def local_day(moment: datetime) -> date:
    """The day of an instant in France."""
    return moment.astimezone(_LOCAL).date()


_LEAD = ("objectifs", "valeurs_depart", "periodes", "dates_experimentations", "cles")


def _read_held(store: Store, revision: int) -> LeadSettings:
    rows = {code: store.rows(METROPOLE, code, revision).to_dicts() for code in _LEAD if code != "objectifs"}
    return LeadSettings(
        dues=tuple(sorted(_dues(rows["periodes"]), key=lambda due: due.period)),
        starts={row["experience"]: row["debut"] for row in rows["dates_experimentations"]},
        goals=_goals(store.versions(METROPOLE, "objectifs", revision)),
        baselines={
            (row["experience"], row["indicateur"]): (row["date"], row["valeur"]) for row in rows["valeurs_depart"]
        },
        shares=tuple(rows["cles"]),
        ends={row["experience"]: row["fin"] for row in rows["dates_experimentations"]},
    )


def _dues(rows: list[RowDict]) -> Iterator[Due]:
    for row in rows:
        yield Due(Period(row["debut"], row["fin"], row["code"]), row["echeance"])


def _goals(versions: list[RowDict]) -> dict[tuple[str | None, str], tuple[Goal, ...]]:
    """Every target ever decided, each until the decision that replaced it, or until it was taken out.

    One that leaves in the revision that brings another of the same figure was moved by it: its due date names it.
    """
    changed = {(row["_key"], row["_until"]) for row in versions}
    moved = {_moved(row, row["_since"]): row for row in versions if (row["_key"], row["_since"]) not in changed}
    found: dict[tuple[str | None, str], list[Goal]] = {}
    for row, after in _chains(versions):
        target = Target(row["valeur"], row["echeance"], row["decision"] or "", _decided(row))
        removed = local_day(row["_to"]) if row["_to"] else None
        next_ = after or moved.get(_moved(row, row["_until"]))
        replaced = _decided(next_) if next_ else removed
        goal = Goal(target, _DIRECTIONS.get(row["sens"] or ""), replaced)
        found.setdefault((row["experience"], row["indicateur"]), []).append(goal)
    return {whom: tuple(sorted(goals, key=_until)) for whom, goals in found.items()}


def _moved(row: Row, revision: int | None) -> tuple[str | None, str, int | None]:
    return row["experience"], row["indicateur"], revision


def _until(goal: Goal) -> date:
    return goal.target.until


def _decided(row: Row) -> date:
    """The day of the decision, else that on which the row was first entered."""
    return row["decide_le"] or local_day(row["_from"])


def _chains(versions: list[RowDict]) -> Iterator[tuple[RowDict, RowDict | None]]:
    """Each state of each row with the one that followed it at once; a state that changes nothing is no state."""
    kept: list[RowDict] = []
    for row in versions:
        last = kept[-1] if kept else None
        if last and _same(last, row) and last["_until"] == row["_since"]:
            kept[-1] = {**row, "_since": last["_since"], "_from": last["_from"]}
        else:
            kept.append(row)
    for row, after in zip_longest(kept, kept[1:]):
        follows = after is not None and after["_key"] == row["_key"] and after["_since"] == row["_until"]
        yield row, after if follows else None


def _same(one: Row, other: Row) -> bool:
    return all(one[name] == other[name] for name in ("_key", "valeur", "sens", "decision", "decide_le"))


# --- Which milestones were blocked, or past their day without being reached, on a day of the past ----
# A milestone has no day of its own on which it stopped: it is what its association's relevé said. What was
# written before the relevé of a period was sent speaks of that period, up to its last day; what was written
# after holds from the day it was written. So the block of December, told in January with the fourth
# quarter's relevé, stops the figures of 31 December, and not those of 30 September.


def stopped_on(day: date, versions: Iterable[Row], told_on: Callable[[str | None, datetime], date]) -> list[Row]:
    """The milestones that were not reached on ``day`` and were blocked, or whose planned day had passed.

    ``versions`` are every state of every milestone, by key and in order of time; ``told_on`` gives the day
    of which something written for an experiment at an instant speaks.
    """
    found = []
    for _, states in groupby(versions, key=lambda row: row["_key"]):
        row = _state_on(day, list(states), told_on)
        if row is not None and _stopped(row, day):
            found.append(row)
    return found


def _stopped(row: Row, day: date) -> bool:
    reached = row["date_reelle"] is not None and row["date_reelle"] <= day
    return not reached and (row["statut"] == BLOCKED or overdue(row["statut"], row["date_prevue"], day))


def speaks_of(files: Files) -> Callable[[str | None, datetime], date]:
    """The day of which something written at an instant speaks, from the relevés of ``files``."""
    terms: dict[str, list[Term]] = {}
    for term in files.calendar.terms:
        terms.setdefault(term.experiment, []).append(term)

    def told_on(experiment: str | None, at: datetime) -> date:
        day = day_in_france(at)
        over = [one for one in terms.get(experiment or "", ()) if one.period.end < day and one.applies]
        if not over:
            return day
        last = max(over, key=lambda one: one.period.end)
        sent = files.fold(last, day).first_sent
        return day if sent is not None and sent < at else last.period.end

    return told_on


def _state_on(day: date, states: Sequence[Row], told_on: Callable[[str | None, datetime], date]) -> Row | None:
    """What held of one milestone on ``day``; None before it was written, and once it was taken out.

    That it was reached holds from the day it was.
    """
    said = [row for row in states if (row["date_reelle"] or told_on(row["_experiment"], row["_from"])) <= day]
    if not said:
        return None
    last, *_ = reversed(said)
    gone = last["_to"] is not None and last is states[-1] and told_on(last["_experiment"], last["_to"]) <= day
    return None if gone else last
