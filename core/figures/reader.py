"""Runs the selects as of one revision, and keeps what they gave under the revisions that they read."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, TypeVar

import sqlalchemy as sa

from core.deliberation import LINES
from core.domain.indicator import (
    AnyMeasure,
    Constant,
    CountDistinct,
    Derived,
    Indicator,
    Measure,
    Median,
    Source,
)
from core.errors import FabriqueError
from core.figures import lines, queries, standing
from core.figures import sources as descriptions
from core.figures.answers import Answers, Marks, Moments, Question
from core.figures.cache import Cache
from core.figures.queries import Histogram, MeasureGroup, Repeated, Subject, Summed
from core.figures.sources import Branch, SourceDescription, Sources
from core.figures.standing import DayRepeated, DayStock, Stays
from core.figures.window import Window
from core.storage import Store
from core.storage.rows import among

# Beyond, the database finds the repeated values by itself again rather than be told them.
_TEXTS_AT_MOST = 200_000  # one parameter, whatever their number
_OTHERS_AT_MOST = 2_000  # one parameter each


class MeasureReader:
    """What the database says of groups of measures. Nothing is built nor read for what is kept."""

    def __init__(self, store: Store, cache: Cache, sources: Sources, answers: Answers) -> None:
        self._store, self._cache, self._sources, self._answers = store, cache, sources, answers

    def rows(
        self, statement: sa.Executable, until: date, day: date | None = None, keys: Sequence[str] = ()
    ) -> Sequence[sa.Row[*tuple[Any, ...]]]:
        """What a statement over the sources gives: rows dated up to ``until``, seen on ``day`` (else ``until``).

        ``keys``: those looked up, for sources that hold no others.
        """
        return self._answers.read(statement, day or until, until=until, keys=keys)

    def tuples(self, statement: sa.Select[Any], until: date, day: date) -> Sequence[tuple[Any, ...]]:
        """The same as ``rows``, as plain tuples."""
        return self._answers.tuples(statement, day, until=until)

    def summed(self, group: MeasureGroup, day: date) -> Summed | DayStock:
        """The sums of all its measures."""

        def read() -> Summed:
            return Summed(self._each(group, seen, "sums", 3, queries.summed), group.date is None)

        if standing.counts_stays(group):
            return DayStock(self._moves(group), day)
        seen = self._seen(group, day)
        return self._cache.get(("summed", group, self._mark(group), seen), read)

    def _moves(self, group: MeasureGroup) -> Summed:
        """What begins and ends on each day, of what stands."""

        def read() -> Summed:
            select = partial(standing.moves, group)
            question = self._of_stays(group, "moves", 3, lambda sources: select(sources.stays(_derived(group))))
            return Summed(self._answers.of(question), undated=False)

        return self._cache.get(("moves", group, self._mark(group)), read)

    def _of_stays(
        self, group: MeasureGroup, asked: str, told_apart: int, select: Callable[[Sources], sa.Select[object]]
    ) -> Question:
        """What is asked of the stays of a source, good for every day."""
        reads = self._sources.described(group.source).reads
        by_key, named = self._sources.by_key(group.source, reads), group.named(asked)
        return Question((group, asked), reads, None, told_apart, select, by_key=by_key, kept_as=named)

    def histogram(self, group: MeasureGroup, measure: Median, day: date) -> Histogram:
        """The values of a median, with how many times each occurs."""
        asked, seen = f"each value of {group.rank(measure)}", self._seen(group, day)

        def read() -> Histogram:
            return Histogram(self._each(group, seen, asked, 4, partial(queries.histogram, measure=measure)))

        return self._cache.get((asked, group, self._mark(group), seen), read)

    def repeated(self, group: MeasureGroup, alike: Sequence[CountDistinct], day: date) -> Repeated | DayRepeated | None:
        """The values that several rows bear, for distinct counts of one expression; None when there are none."""
        values = self._values(group, alike[0], day)
        if not values:
            return None
        if standing.counts_stays(group):
            return self._stays(group, alike, values).on(day)

        def read() -> Repeated:
            return Repeated(self._bearing(group, alike, day, values), group.date is None)

        return self._cache.get(("repeated", group, id(alike[0]), self._mark(group), self._seen(group, day)), read)

    def lines_kept(self, group: MeasureGroup, measure: Measure) -> frozenset[str]:
        """The subsidy lines that the measure's condition lets through, as far as it speaks of lines."""
        if measure.where is None or not lines.speaks_of_lines(measure.where):
            return frozenset(LINES)
        condition = measure.where

        def read() -> frozenset[str]:
            (branch,) = self._sources.branches(descriptions.SUBSIDY_LINES)
            kept = sa.select(branch.columns["ligne"]).select_from(branch.clause).where(branch.bind(condition))
            return frozenset(row[0] for row in self.rows(kept, date.min))

        return self._cache.get(("lines", group, id(measure)), read)

    def reads_day(self, group: MeasureGroup) -> bool:
        """Whether its figures depend on the day on which they are looked at."""
        return self._sources.group_uses_day(group, group.source, lambda: group.uses_day)

    # --- helpers ------------------------------------------------------------------------

    def _each(
        self,
        group: MeasureGroup,
        seen: date | None,
        asked: str,
        told_apart: int,
        select: Callable[..., sa.Select[object]],
    ) -> Iterator[Sequence[object]]:
        """The rows of every branch; of a branch whose tables changed, what changed is read again."""
        for rank, reads in enumerate(self._sources.layout(group.source)):
            question = Question(
                (group, asked, rank),
                reads,
                seen,
                told_apart,
                partial(_of_branch, select, group, rank),
                by_key=self._sources.by_key(group.source, reads),
                kept_as=group.named(f"{asked}/{rank}"),
            )
            yield from self._answers.of(question)

    def _bearing(
        self, group: MeasureGroup, alike: Sequence[CountDistinct], day: date, values: Mapping[object, str]
    ) -> Iterator[Sequence[object]]:
        """The rows of every branch that bear one of ``values``."""
        reads, first = self._sources.described(group.source).reads, group.rank(alike[0])
        by_key = self._told_by_key(alike[0], group.source)
        for rank in range(len(self._sources.layout(group.source))):
            question = Question(
                (group, "bearing", first, rank),
                reads,
                self._seen(group, day),
                4,
                partial(self._bearing_of, group, alike, rank, values),
                by_key=by_key,
                kept_as=group.named(f"bearing {first}/{rank}"),
                keys=sorted(values.values()) if by_key else None,
                passing=not by_key,
            )
            yield from self._answers.of(question)

    def _bearing_of(
        self,
        group: MeasureGroup,
        alike: Sequence[CountDistinct],
        rank: int,
        values: Mapping[object, str],
        sources: Sources,
    ) -> sa.Select[object]:
        branch = sources.branches(group.source)[rank]
        return self._bearing_in(group, alike, values, sources, branch, queries.repeated)

    def _stays(self, group: MeasureGroup, alike: Sequence[CountDistinct], values: Mapping[object, str]) -> Stays:
        """The stays of the rows that bear one of ``values``."""
        first = group.rank(alike[0])

        def select(sources: Sources) -> sa.Select[object]:
            return self._bearing_in(group, alike, values, sources, sources.stays(_derived(group)), standing.bearing)

        def read() -> Stays:
            by_key = self._told_by_key(alike[0], group.source)
            question = replace(
                self._of_stays(group, f"stays {first}", 5, select),
                by_key=by_key,
                keys=sorted(values.values()) if by_key else None,
                passing=not by_key,
            )
            return Stays(self._answers.of(question))

        return self._cache.get(("stays", group, id(alike[0]), self._mark(group)), read)

    def _bearing_in(
        self,
        group: MeasureGroup,
        alike: Sequence[CountDistinct],
        values: Mapping[object, str],
        sources: Sources,
        branch: Branch,
        make: Callable[..., sa.Select[object]],
    ) -> sa.Select[object]:
        where = self._where_repeated(alike[0])
        found_again = queries.repeated_values(alike[0].expression, sources.branches(where))
        chosen = frozenset[Any]() if sources.changing else frozenset(values)
        with self._store.connect() as connection:
            return make(group, alike, branch, partial(_among, connection, chosen, found_again))

    def _values(self, group: MeasureGroup, measure: CountDistinct, day: date) -> Mapping[object, str]:
        """The values that several rows bear, each with the key of one of them."""
        source = self._where_repeated(measure)
        described = self._sources.described(source)
        if _is_only_key(measure, described):
            return {}
        written = _written(measure.expression)
        question = Question(
            ("values", source, written),
            described.reads,
            day if self._sources.uses_day(source) else None,
            2,
            lambda sources: queries.counted_values(measure.expression, sources.branches(source)),
            by_key=self._told_by_key(measure, source),
            kept_as=group.named(f"values {group.rank(measure)}"),
        )
        return {value: key for value, key, _ in self._answers.of(question)}

    def _told_by_key(self, measure: CountDistinct, source: Source) -> bool:
        """Whether rows that bear one value are rows of one key: the value is the whole key of each table."""
        described = self._sources.described(source)
        codes = source.datasets if isinstance(source, Derived) else (source,)
        holders = [one for code in codes for one in self._sources.holders(code).values()]
        return self._sources.by_key(source, described.reads) and all(one.key == (_name(measure),) for one in holders)

    def _where_repeated(self, measure: CountDistinct) -> Source:
        """Where to look for repeated values: what has a row for each of one dataset repeats no key that it does not."""
        source = measure.source
        if isinstance(source, Derived) and (source.by_row or source.by_key) and len(source.datasets) == 1:
            holders = self._sources.holders(source.datasets[0])
            if all(dataset.key == (_name(measure),) for dataset in holders.values()):
                return source.datasets[0]
        return source

    def _seen(self, group: MeasureGroup, day: date) -> date | None:
        """The day on which its rows are looked at, the first that gives the same; None when all days do."""
        if not self.reads_day(group):
            return None
        source = group.source
        if not isinstance(source, Derived) or not source.compared or group.uses_day:
            return day
        return self._answers.first_like(day, self._moments(group, source))

    def _moments(self, group: MeasureGroup, source: Derived) -> Moments:
        """When the rows of its source change."""
        reads = self._sources.described(source).reads
        question = Question(
            ("moments", source),
            reads,
            None,
            2,
            lambda sources: sources.moments(source),
            by_key=True,
            kept_as=group.named("moments"),
        )
        key = ("moments", source, self._mark(group))
        return self._cache.get(key, lambda: Moments.of(self._answers.of(question)))

    def _mark(self, group: MeasureGroup) -> Marks:
        return self._answers.marks(self._sources.described(group.source).reads)


def _derived(group: MeasureGroup) -> Derived:
    """Its source, of which it counts stays."""
    assert isinstance(group.source, Derived)
    return group.source


def _of_branch(
    select: Callable[..., sa.Select[object]], group: MeasureGroup, rank: int, sources: Sources
) -> sa.Select[object]:
    return select(group, branch=sources.branches(group.source)[rank])


def _among(
    connection: sa.Connection, values: frozenset[Any], found_again: sa.Select[Any], column: sa.ColumnElement[Any]
) -> sa.ColumnElement[bool]:
    """The condition that ``column`` is one of ``values``; the database finds them again when none is told."""
    texts = all(isinstance(value, str) for value in values)
    if not values or len(values) > (_TEXTS_AT_MOST if texts else _OTHERS_AT_MOST):
        return column.in_(found_again)
    listed = sorted(values)
    return among(connection, column, listed) if texts else column.in_(listed)


def _written(expression: sa.ClauseElement) -> tuple[object, ...]:
    """An expression as a key: its text, and the constants that its text only names."""
    compiled = expression.compile()
    return str(compiled), *sorted((name, repr(value)) for name, value in compiled.params.items())


def _is_only_key(measure: CountDistinct, described: SourceDescription) -> bool:
    """Whether no two rows can bear one value: one table, of which it is the whole key."""
    return len(described.datasets) == 1 and all(one.key == (_name(measure),) for one in described.datasets.values())


def _name(measure: CountDistinct) -> str | None:
    """The column that is counted, when it is one."""
    return measure.expression.name if isinstance(measure.expression, sa.ColumnClause) else None


# --- The value of a measure for somebody, somewhere, over some days: read once, then added up ------


T = TypeVar("T")


class BrokenMeasure(FabriqueError):
    """A measure cannot be computed: its own fault, and no other figure's."""


class Groups:
    """The measures of a catalogue, gathered by what they read. One lasts as long as its registry."""

    def __init__(self, indicators: Iterable[Indicator]) -> None:
        gathered: dict[object, dict[int, Measure]] = {}
        for indicator in indicators:
            for measure in measures_of(indicator):
                # With the count that says whether it is known: one statement answers both.
                for one in filter(None, (measure, measure.known_if)):
                    gathered.setdefault(_what_it_reads(one), {})[id(one)] = one
        self._of: dict[int, MeasureGroup] = {}
        self._alone: dict[int, MeasureGroup] = {}
        for number, measures in enumerate(gathered.values()):
            one, *_ = measures.values()
            group = MeasureGroup(one.source, one.date, tuple(measures.values()), str(number))
            self._of.update(dict.fromkeys(measures, group))

    def of(self, measure: Measure) -> MeasureGroup:
        """The group of a measure; a measure of no indicator makes its own."""
        if id(measure) not in self._of:
            self._of[id(measure)] = MeasureGroup(measure.source, measure.date, (measure,))
        return self._of[id(measure)]

    def alone(self, measure: Measure) -> MeasureGroup:
        """The measure by itself, when another one of its group breaks."""
        if id(measure) not in self._alone:
            self._alone[id(measure)] = MeasureGroup(measure.source, measure.date, (measure,))
        return self._alone[id(measure)]


class Figures:
    """The measures as of one revision, up to one day."""

    def __init__(self, reader: MeasureReader, sources: Sources, groups: Groups, until: date) -> None:
        self._reader, self._sources, self._groups, self._until = reader, sources, groups, until
        # What was asked already; the cache, which outlives this, is asked once for each.
        self._frames: dict[tuple[int, date], tuple[MeasureGroup, Summed | DayStock]] = {}
        self._days: dict[MeasureGroup, bool] = {}
        self._repetitions: dict[tuple[MeasureGroup, int, date], Repeated | DayRepeated | None] = {}

    def number(self, measure: AnyMeasure, subject: Subject, window: Window) -> float | int | None:
        """Its value; None for the median of nothing, and for a constant that is the programme's alone.

        Raises BrokenMeasure when it cannot be computed.
        """
        if isinstance(measure, Constant):
            return None if measure.programme_only and subject != (None, None) else measure.value
        group, frame = self._frame(measure, window)
        if isinstance(measure, Median):
            day = self.day_of(measure, window)
            return _guarded(lambda: self._reader.histogram(group, measure, day)).median(subject, window)
        number = frame.number(group.rank(measure) + 1, subject, window)
        if isinstance(measure, CountDistinct) and number:
            number -= self._excess(group, measure, subject, window)
        return number

    def apart(self, measure: Measure, window: Window) -> tuple[str, ...]:
        """In place of an experiment, what the measure’s rows bear that the programme alone counts."""
        return self._frame(measure, window)[1].apart(self._until)

    def rows(self, measure: Measure, subject: Subject, window: Window) -> int:
        """How many rows of the measure's source are dated in the window, whatever its condition."""
        return self._frame(measure, window)[1].number(0, subject, window)

    def places(self, measure: Measure, experiment: str | None, window: Window) -> set[str]:
        """The places that rows name."""
        return self._frame(measure, window)[1].places(experiment, self._until)

    def first_month(self, measure: Measure, subject: Subject, window: Window) -> str | None:
        """The month of the first dated row, « 2021-07 »."""
        return self._frame(measure, window)[1].first_month(subject, self._until)

    def described(self, measure: Measure) -> SourceDescription:
        """What the measure reads. Raises BrokenMeasure."""
        return _guarded(lambda: self._sources.described(measure.source))

    def lines_kept(self, measure: Measure) -> frozenset[str]:
        """The subsidy lines that the measure's condition lets through, as far as it speaks of lines."""
        return _guarded(lambda: self._reader.lines_kept(self._groups.of(measure), measure))

    def day_of(self, measure: Measure, window: Window) -> date:
        """The day bound as the day of the figure: the window's when the rows read it, else one for all windows."""
        group = self._groups.of(measure)
        if group not in self._days:
            self._days[group] = _guarded(lambda: self._reader.reads_day(group))
        return min(window.end, self._until) if self._days[group] else self._until

    def _frame(self, measure: Measure, window: Window) -> tuple[MeasureGroup, Summed | DayStock]:
        """The group that was summed up with this measure in it: its own when another one breaks it."""
        day = self.day_of(measure, window)
        asked = (id(measure), day)
        if asked not in self._frames:
            self._frames[asked] = self._summed(measure, day)
        return self._frames[asked]

    def _summed(self, measure: Measure, day: date) -> tuple[MeasureGroup, Summed | DayStock]:
        group = self._groups.of(measure)
        try:
            return group, _guarded(lambda: self._reader.summed(group, day))
        except BrokenMeasure:
            if len(group.measures) == 1:
                raise
        alone = self._groups.alone(measure)
        return alone, _guarded(lambda: self._reader.summed(alone, day))

    def _excess(self, group: MeasureGroup, measure: CountDistinct, subject: Subject, window: Window) -> int:
        """How many rows to take off, for the values that several rows bear."""
        day, alike = self.day_of(measure, window), group.alike(measure)
        asked = (group, id(alike[0]), day)
        if asked not in self._repetitions:
            self._repetitions[asked] = _guarded(lambda: self._reader.repeated(group, alike, day))
        found = self._repetitions[asked]
        if found is None:
            return 0
        return found.excess(next(rank for rank, one in enumerate(alike) if one is measure), subject, window)


def measures_of(indicator: Indicator) -> tuple[Measure, ...]:
    """What the indicator reads of the store: neither constants nor what is computed from other figures."""
    parts = (indicator.numerator, indicator.denominator)
    return tuple(part for part in parts if isinstance(part, Measure))


def _what_it_reads(measure: Measure) -> Hashable:
    """Source, date column, and whether the day is read; a measure whose source is ill made breaks alone."""
    try:
        hash(measure.source)
    except TypeError:
        return id(measure)
    return measure.source, measure.date, MeasureGroup(measure.source, measure.date, (measure,)).uses_day


def reason(problem: Exception) -> str:
    """One French sentence for the person in front."""
    if isinstance(problem, FabriqueError):
        return str(problem)
    cause = getattr(problem, "orig", None) or problem
    first = str(cause).strip().splitlines()[0] if str(cause).strip() else type(cause).__name__
    return f"La base de données refuse ce calcul\u202f: {first}"


def _guarded(make: Callable[[], T]) -> T:
    try:
        return make()
    except BrokenMeasure:
        raise
    except Exception as problem:
        raise BrokenMeasure(reason(problem)) from problem
