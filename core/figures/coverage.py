"""Until which day a figure speaks, and what tells a period in part."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from core.domain.access import ReleveState
from core.domain.calendar import Period, quarters_between
from core.domain.dataset import Dataset
from core.domain.observation import Freshness
from core.domain.programme import METROPOLE
from core.domain.releve import PeriodTold, Releve, Term
from core.figures.answers import Answers, Question
from core.figures.known import StateAtRevision, local_day
from core.figures.ownership import experiments_of
from core.figures.sources import Pair, Sources
from core.figures.told import Calendar, Files
from core.figures.window import Window
from core.storage.schema import text_of_day

_MONTH = "mois"


Days = tuple[date, date]
"""The first and the last day that a row speaks of: one day, or a whole month."""


class Dated:
    """The days of the rows as of one revision, read once for each table."""

    def __init__(self, sources: Sources, answers: Answers) -> None:
        self._sources, self._answers = sources, answers
        self._read_of: dict[Pair, dict[str | None, frozenset[Days]]] = {}
        self._of: dict[tuple[Pair, str | None], tuple[Days, ...]] = {}

    def days(self, pair: Pair, experiment: str | None) -> tuple[Days, ...]:
        """The days of the rows of ``experiment``, and of those that belong to none, in order."""
        asked = (pair, experiment)
        if asked not in self._of:
            found = self._table(pair)
            self._of[asked] = tuple(sorted(found.get(experiment, frozenset()) | found.get(None, frozenset())))
        return self._of[asked]

    def in_period(self, pair: Pair, experiment: str | None, period: Period) -> bool:
        """Whether a row is dated in ``period``."""
        days = self.days(pair, experiment)
        at = bisect_left(days, (period.start, date.min))
        return at < len(days) and days[at][0] <= period.end

    def last(self, pair: Pair, experiment: str | None, until: date) -> date | None:
        """The last day that a row dated up to ``until`` speaks of."""
        days = self.days(pair, experiment)
        at = bisect_right(days, (until, date.max))
        return min(days[at - 1][1], until) if at else None

    def _table(self, pair: Pair) -> dict[str | None, frozenset[Days]]:
        if pair not in self._read_of:
            self._read_of[pair] = self._read(pair)
        return self._read_of[pair]

    def _read(self, pair: Pair) -> dict[str | None, frozenset[Days]]:
        dataset, rank = self._sources.holders(pair[1])[pair[0]], list(self._sources.holders(pair[1])).index(pair[0])
        found: dict[str | None, set[Days]] = {}
        for name in _dates(dataset):
            for marker, day, _rows in self._answers.of(self._question(pair, rank, name)):
                for experiment in experiments_of(marker) or (None,):
                    found.setdefault(experiment, set()).add(_speaks_of(dataset, name, date.fromisoformat(day)))
        return {experiment: frozenset(days) for experiment, days in found.items()}

    def _question(self, pair: Pair, rank: int, name: str) -> Question:
        """The days of a column, by experiments, with how many rows bear each."""
        reads = self._sources.layout(pair[1])[rank]

        def select(sources: Sources) -> sa.Select[object]:
            branch = sources.branches(pair[1])[rank]
            marker, day = branch.columns["_experiment"], branch.columns[name]
            wanted = sa.select(marker, text_of_day(day), sa.func.count()).select_from(branch.clause)
            return wanted.where(day.is_not(None)).group_by(marker, day)

        by_key, kept_as = self._sources.by_key(pair[1], reads), "/".join(("days", *pair, name))
        return Question(("days", pair, name), reads, None, 2, select, by_key=by_key, kept_as=kept_as)


def _dates(dataset: Dataset) -> tuple[str, ...]:
    """The columns that say when something happened."""
    return dataset.events or tuple(filter(None, (dataset.date,)))


def _speaks_of(dataset: Dataset, name: str, day: date) -> Days:
    if dataset.by_name[name].kind.name == _MONTH:
        return day, Period.month(day.year, day.month).end
    return day, day


# --- Is a figure known, until which day, and who still owes data? ----------------------------------
# A period of an experiment is told, partly told, awaited or without object (see
# ``core.domain.releve.Told``): the figures ask here what the board of relevés asks of the same
# ``Files``, so that no two screens can differ. A deposit by itself tells nothing of the days before it.
#
# Three kinds of tables are no relevé's:
#
# - what the project lead holds is a reference table: it is told up to the day looked at as soon as it has an entry;
# - an optional table is told by the relevé for the periods that its rows speak of, and never awaited;
# - where the project lead set no period at all, the civil quarters stand in: nothing can be sent, so that a
# quarter is told by « rien à déclarer » alone, and partly by the rows dated in it.


_BEGUN = frozenset({ReleveState.DRAFT, ReleveState.SUBMITTED, ReleveState.RETURNED})
_FIRST_DAY = date(2021, 1, 1)


@dataclass(frozen=True, slots=True)
class TablesAsked:
    """The tables behind a figure: ``pairs`` all of them, ``owed`` those that a relevé waits for, for whom."""

    experiment: str | None
    pairs: tuple[Pair, ...]
    owed: frozenset[Pair]

    @property
    def handed(self) -> tuple[Pair, ...]:
        """Those that an association hands in; the others are reference tables of the project lead."""
        return tuple(pair for pair in self.pairs if pair[0] != METROPOLE)


@dataclass(frozen=True, slots=True)
class _Seen:
    """One period of one experiment, and whether it is told for the tables looked at."""

    releve: Releve
    told: PeriodTold

    @property
    def period(self) -> Period:
        return self.releve.period


class Coverage:
    """What was told, as known at a revision."""

    def __init__(self, experiments: Iterable[object], known: StateAtRevision, files: Files, dated: Dated) -> None:
        self._known, self._dated = known, dated
        self._files = files if files.calendar.terms else Files(_civil(experiments, known), files.deposits, files.events)
        self._calendar = bool(files.calendar.terms)
        self._terms: dict[str, list[Term]] = {}
        for term in self._files.calendar.terms:
            if term.period.start <= known.day:
                self._terms.setdefault(term.experiment, []).append(term)
        self._moments: dict[Pair, list[datetime]] = {}
        for deposit in known.deposits:
            if deposit.reports:
                self._moments.setdefault((deposit.association, deposit.dataset), []).append(deposit.at)
        self._seen: dict[TablesAsked, tuple[_Seen, ...]] = {}
        self._made: dict[tuple[TablesAsked, date], Freshness] = {}

    def reported(self, asked: TablesAsked, window: Window) -> bool:
        """Whether the tables were handed in: all of them once, and the period told when there is one."""
        if not asked.pairs or not all(pair in self._moments for pair in asked.pairs):
            return False
        if window.period is None or not asked.handed:
            return True
        return self._tells(asked, window.period)

    def freshness(self, asked: TablesAsked, until: date) -> Freshness:
        """How recent the tables are, for the periods that begin on ``until`` at the latest."""
        if (asked, until) not in self._made:
            self._made[asked, until] = self._freshness(asked, until)
        return self._made[asked, until]

    def last_of(self, associations: Collection[str], until: date) -> Freshness:
        """The last deposit of some associations up to a day, whatever the dataset."""
        moments = [
            moment
            for (association, _), found in self._moments.items()
            if association in associations
            for moment in found
            if local_day(moment) <= until
        ]
        return Freshness(deposited=max(moments, default=None))

    # --- the periods --------------------------------------------------------------------

    def periods(self, asked: TablesAsked) -> tuple[_Seen, ...]:
        """Each period that has begun, in order, and whether it is told for these tables."""
        if asked not in self._seen:
            terms = self._terms.get(asked.experiment or "", ())
            self._seen[asked] = tuple(_Seen(self._releve(term), self._told(term, asked)) for term in terms)
        return self._seen[asked]

    def _releve(self, term: Term) -> Releve:
        return self._files.fold(term, self._known.day)

    def _told(self, term: Term, asked: TablesAsked) -> PeriodTold:
        rows = any(self._dated.in_period(pair, asked.experiment, term.period) for pair in asked.handed)
        tables = [code for _, code in asked.handed]
        return self._files.told(term, self._known.day, tables, rows=rows, optional=not asked.owed)

    def _tells(self, asked: TablesAsked, period: Period) -> bool:
        """Whether every day of ``period`` on which the experiment ran is in a period that is told."""
        day, told = period.start, [one.period for one in self.periods(asked) if one.told is PeriodTold.TOLD]
        begins, ends = self._known.held.days(asked.experiment)
        day = max(day, begins) if begins else day
        last = min(period.end, ends) if ends else period.end
        for one in sorted(told):
            if one.start <= day <= one.end:
                day = one.end + timedelta(days=1)
        return day > last

    # --- how recent ---------------------------------------------------------------------

    def _freshness(self, asked: TablesAsked, until: date) -> Freshness:
        deposited = self._deposited(asked.pairs)
        if not asked.handed:
            covers = min(until, self._known.day) if deposited else None
            return Freshness(deposited, covers, accepted=covers is not None)
        seen = [
            one
            for one in self.periods(asked)
            if one.period.start <= until and one.told is not PeriodTold.WITHOUT_OBJECT
        ]
        owing = [one for one in seen if one.told is not PeriodTold.TOLD] if asked.owed else []
        late = [one for one in owing if one.releve.term.due < self._known.day] if self._calendar else []
        covers = self._covers_until(asked, seen, until)
        return Freshness(
            deposited=deposited,
            covers_until=covers,
            expected_since=_first_due(one for one in late if one.told is PeriodTold.AWAITED),
            provisional_since=min((one.period.start for one in seen if deposited and _open(one)), default=None),
            unsent_since=_first_due(one for one in late if one.told is PeriodTold.PARTLY),
            complete=not self._calendar or not any(one.period.end < self._known.day for one in owing),
            accepted=covers is not None and _accepted(seen, covers),
        )

    def _deposited(self, pairs: Sequence[Pair]) -> datetime | None:
        """When the tables were last handed in: the oldest of them, None when one never was."""
        if not pairs or not all(pair in self._moments for pair in pairs):
            return None
        return min(self._moments[pair][-1] for pair in pairs)

    def _covers_until(self, asked: TablesAsked, seen: Sequence[_Seen], until: date) -> date | None:
        """The end of the last told period, or the last row's day when later, unless an awaited period lies between."""
        bound = min(until, self._known.day)
        told = max((one.period.end for one in seen if one.told is PeriodTold.TOLD), default=None)
        days = (self._dated.last(pair, asked.experiment, bound) for pair in asked.handed)
        row = max((day for day in days if day), default=None)
        if told is None or row is None or row <= told:
            return min(told, bound) if told else row
        hole = any(one.told is PeriodTold.AWAITED and told < one.period.start and one.period.end < row for one in seen)
        return min(told if hole else row, bound)


def merged(found: Iterable[Freshness]) -> Freshness:
    """The freshness of the programme: the last day that somebody tells of, and whether all who owe told it."""
    known = list(found)
    last = max((one.covers_until for one in known if one.covers_until), default=None)
    behind = [one.covers_until for one in known if one.covers_until and one.covers_until != last and not one.complete]
    return Freshness(
        deposited=max((one.deposited for one in known if one.deposited), default=None),
        covers_until=last,
        expected_since=min((one.expected_since for one in known if one.expected_since), default=None),
        provisional_since=min((one.provisional_since for one in known if one.provisional_since), default=None),
        unsent_since=min((one.unsent_since for one in known if one.unsent_since), default=None),
        complete=all(one.complete for one in known),
        accepted=bool(known) and all(one.accepted for one in known),
        oldest=min(behind, default=None),
    )


def _civil(experiments: Iterable[Any], known: StateAtRevision) -> Calendar:
    """The civil quarters, where the project lead set no period: nothing is due, and nothing can be sent."""
    periods, held = quarters_between(_FIRST_DAY, known.day), known.held
    terms = tuple(
        Term(one.code, one.association.code, period, period.end, held.starts.get(one.code), held.ends.get(one.code))
        for period in periods
        for one in experiments
    )
    return Calendar(periods, terms)


def _first_due(found: Iterator[_Seen]) -> date | None:
    return min((one.releve.term.due for one in found), default=None)


def _open(one: _Seen) -> bool:
    """Whether the figure counts something of the period, and its relevé is not accepted yet."""
    return one.told is not PeriodTold.AWAITED and one.releve.state in _BEGUN


def _accepted(seen: Iterable[_Seen], covers: date) -> bool:
    """Whether every relevé that the figure counts rows of is accepted."""
    counted = [one.releve.state for one in seen if one.period.start <= covers and one.told is not PeriodTold.AWAITED]
    return bool(counted) and all(state is ReleveState.APPROVED for state in counted)
