"""What the store answered, kept with the revisions that it read; after a deposit, only the rows that changed are read.

An answer is short rows: columns that tell them apart, then numbers that add up. Where every
row of a source depends on the rows of its own key alone, an answer of before becomes that of
now by taking off what the changed keys gave then and adding what they give now: what a deposit
costs depends on what it brings, not on what is stored. The same goes for the past.
"""

from __future__ import annotations

import json
import zlib
from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Any

import sqlalchemy as sa

from core.errors import Refused
from core.figures.cache import Cache
from core.figures.known import StateAtRevision
from core.figures.sources import CHANGED, Pair, Sources
from core.storage import Store
from core.storage.answers import KeptAnswer

# Reading a small table again, or one of which a part changed, costs less than looking keys up.
_LARGE, _PART = 20_000, 20
# A figure is looked at on some days at a time: today, the end of each period offered and of the one before it, two
# dates compared. An answer is short; that of a day that was dropped is read from every row again after a deposit.
_DAYS_AT_MOST = 24

# What the driver gives otherwise than the columns say: SQLite has neither days nor booleans.
_CONVERTED = (sa.Date, sa.Boolean, sa.Numeric)

Marks = tuple[tuple[Pair, Any], ...]
"""The tables that an answer read, each with what it was last changed by."""
Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the tables ``reads``, on the day ``when`` (None: any day gives the same).

    ``select`` makes the statement from the sources; the first ``told_apart`` columns of its rows tell
    them apart. ``by_key``: each row depends on the rows of one key. ``kept_as`` is its name from
    one start to the next; empty for what is not kept. ``keys``: only the rows of these are asked about.
    ``passing``: the statement is good for once.
    """

    name: Hashable
    reads: frozenset[Pair]
    when: date | None
    told_apart: int
    select: Callable[[Sources], sa.Select[Any]]
    by_key: bool = False
    kept_as: str = ""
    keys: Sequence[str] | None = None
    passing: bool = False


@dataclass(frozen=True, slots=True)
class ReadAnswer:
    """The rows, as of ``revision``."""

    revision: int
    marks: Marks
    rows: Rows


@dataclass(frozen=True, slots=True)
class Moments:
    """When the rows of a source change: on these days, and with what was entered at these revisions; both in order."""

    days: tuple[date, ...]
    revisions: tuple[int, ...]

    @classmethod
    def of(cls, rows: Rows) -> Moments:
        """From rows (day, revision, number), of which one is not blank."""
        days = {date.fromisoformat(day) for day, _, _ in rows if day is not None}
        return cls(tuple(sorted(days)), tuple(sorted({revision for _, revision, _ in rows if revision is not None})))

    def up_to(self, day: date, revision: int) -> tuple[date | None, int | None]:
        """The last of each."""
        last, number = bisect_right(self.days, day), bisect_right(self.revisions, revision)
        return self.days[last - 1] if last else None, self.revisions[number - 1] if number else None


class Shelf:
    """The last answer to each question, for the days last looked at; safe between threads."""

    def __init__(self, kept: Iterable[KeptAnswer] = ()) -> None:
        self._lock = Lock()
        self._last: dict[Hashable, dict[date | None, ReadAnswer]] = {}
        self._kept = {(one.name, one.day): one for one in kept}
        self._fresh: dict[tuple[str, date | None], ReadAnswer] = {}

    def last(self, question: Question) -> ReadAnswer | None:
        """The last answer given to the question for its day, in this process or before it."""
        with self._lock:
            days = self._last.setdefault(question.name, {})
            if question.when not in days and (kept := self._kept.get((question.kept_as, question.when))) is not None:
                days[question.when] = _opened(kept)
            found = days.pop(question.when, None)
            if found is not None:
                days[question.when] = found  # the last looked at is the last to go
            return found

    def put(self, question: Question, answer: ReadAnswer) -> None:
        """Keep an answer; the past never takes the place of what is known now."""
        with self._lock:
            days = self._last.setdefault(question.name, {})
            before = days.get(question.when)
            if before is not None and before.revision > answer.revision:
                return
            days.pop(question.when, None)
            days[question.when] = answer
            while len(days) > _DAYS_AT_MOST:
                del days[next(iter(days))]
            if question.kept_as and (before is None or before.marks != answer.marks):
                self._fresh[question.kept_as, question.when] = answer

    def take(self) -> dict[tuple[str, date | None], ReadAnswer]:
        """The answers that nobody kept yet; who takes them keeps them, or gives them back."""
        with self._lock:
            taken, self._fresh = self._fresh, {}
        return taken

    def give_back(self, taken: Mapping[tuple[str, date | None], ReadAnswer]) -> None:
        """They could not be kept: they wait for the next time, unless newer ones do already."""
        with self._lock:
            self._fresh = {**taken, **self._fresh}


class Answers:
    """The answers of one state of knowledge."""

    def __init__(
        self,
        store: Store,
        cache: Cache,
        sources: Sources,
        changing: Callable[[], Sources],
        shelf: Shelf,
        known: StateAtRevision,
        marks: Mapping[Pair, object],
    ) -> None:
        self._store, self._cache, self._shelf = store, cache, shelf
        self._sources, self._changing = sources, changing
        self._known, self._revisions = known, marks

    def of(self, question: Question) -> Rows:
        """The rows that answer a question; nothing is read for what is kept."""
        marks = self.marks(question.reads)
        return self._cache.get(("answer", question.name, marks, question.when), lambda: self._find(question, marks))

    def marks(self, reads: frozenset[Pair]) -> Marks:
        """What each table was last changed by."""
        return tuple((pair, self._revisions.get(pair, 0)) for pair in sorted(reads))

    def first_like(self, day: date, moments: Moments) -> date:
        """The first day that gives the same rows as ``day``; it may be long before all of them."""
        reached, number = moments.up_to(day, self._known.last_on(day))
        entered = None if number is None else self._known.day_of(number)
        first = max((one for one in (reached, entered) if one is not None), default=date.min)
        same = moments.up_to(first, self._known.last_on(first)) == (reached, number)
        return first if same and first <= day else day

    def read(
        self,
        statement: sa.Executable,
        seen: date,
        *,
        until: date | None = None,
        revision: int | None = None,
        keys: Sequence[str] = (),
    ) -> Sequence[sa.Row[*tuple[object, ...]]]:
        """What a statement over the sources gives, looked at on the day ``seen``, of rows dated up to ``until``."""
        bound = self._bound(seen, until, revision, keys)
        return self._store.read(lambda connection: connection.execute(statement, bound).all())

    def tuples(self, statement: sa.Select[Any], seen: date, *, until: date) -> Sequence[tuple[Any, ...]]:
        """The same as plain tuples: of many rows, making an object of each would cost more than reading them."""
        bound = self._bound(seen, until, None, ())
        if any(isinstance(one.type, _CONVERTED) for one in statement.selected_columns):
            return [tuple(row) for row in self.read(statement, seen, until=until)]

        def read(connection: sa.Connection) -> list[tuple[Any, ...]]:
            cursor: Any = connection.execute(statement, bound).cursor
            found: list[tuple[Any, ...]] = cursor.fetchall()
            return found

        return self._store.read(read)

    def _bound(self, seen: date, until: date | None, revision: int | None, keys: Sequence[str]) -> dict[str, object]:
        return {
            "revision": self._known.revision if revision is None else revision,
            "until": until or seen,
            "au": seen,
            "decided": self._known.last_on(seen),
            CHANGED: list(keys),
        }

    # --- helpers ------------------------------------------------------------------------

    def _find(self, question: Question, marks: Marks) -> Rows:
        last, rows = self._shelf.last(question), None
        if last is not None and last.marks == marks:
            rows = last.rows
        elif last is not None and question.by_key:
            rows = self._moved(question, last, marks)
        if rows is None:
            rows = self._whole(question)
        self._shelf.put(question, ReadAnswer(self._known.revision, marks, rows))
        return rows

    def _whole(self, question: Question) -> Rows:
        sources = self._sources if question.keys is None else self._changing()
        return self.read(self._statement(question, sources), question.when or date.min, keys=question.keys or ())

    def _moved(self, question: Question, last: ReadAnswer, marks: Marks) -> Rows | None:
        """The answer of another revision, and what the rows that changed since did to it; None to read it all again."""
        keys = self._changed(last, marks)
        if keys is None:
            return None
        statement, when = self._statement(question, self._changing()), question.when or date.min
        before = self.read(statement, when, revision=last.revision, keys=keys)
        after = self.read(statement, when, revision=self._known.revision, keys=keys)
        try:  # asked once all is read: a purge since then is seen
            self._store.refuse_purged(min(last.revision, self._known.revision))
        except Refused:
            return None
        return _added_up(last.rows, before, after, question.told_apart)

    def _changed(self, last: ReadAnswer, marks: Marks) -> list[str] | None:
        """The keys of the rows that differ between the two; None when they are too many."""
        low, high = sorted((last.revision, self._known.revision))
        before, found = dict(last.marks), set[str]()
        for pair, mark in marks:
            if before.get(pair) == mark:
                continue
            changed = self._cache.get(("changed", pair, low, high), lambda pair=pair: self._between(pair, low, high))  # type: ignore[misc]
            if changed is None:
                return None
            found |= changed
        return sorted(found)

    def _between(self, pair: Pair, low: int, high: int) -> frozenset[str] | None:
        size = self._cache.get(("size", pair, self._revisions.get(pair, 0)), lambda: self._store.size(*pair))
        if size < _LARGE:
            return None
        return self._store.changed_keys(*pair, low, high, at_most=size // _PART)

    def _statement(self, question: Question, sources: Sources) -> sa.Select[object]:
        key = ("question", question.name)
        if question.passing:
            return question.select(sources)
        if key not in sources.statements:
            sources.statements[key] = question.select(sources)
        found: sa.Select[Any] = sources.statements[key]
        return found


def _added_up(rows: Rows, before: Rows, after: Rows, told_apart: int) -> Rows | None:
    """``rows`` without ``before``, with ``after``; None when decimals would not add up to the same digits."""
    moved = {tuple(row[:told_apart]) for row in (*before, *after)}
    kept, sums = [], {}
    for row in rows:
        key = tuple(row[:told_apart])
        if key in moved:
            sums[key] = row[told_apart:]
        else:
            kept.append(row)
    for part, sign in ((before, -1), (after, 1)):
        for row in part:
            key, numbers = tuple(row[:told_apart]), row[told_apart:]
            known = sums.get(key) or [0] * len(numbers)
            if any(isinstance(one, float) for one in (*known, *numbers)):
                return None
            sums[key] = [(a or 0) + sign * (b or 0) for a, b in zip(known, numbers, strict=True)]
    return [*kept, *((*key, *numbers) for key, numbers in sums.items() if any(numbers))]


# --- As they are kept from one start to the next --------------------------------------------------


def closed(taken: Mapping[tuple[str, date | None], ReadAnswer]) -> list[KeptAnswer]:
    """The answers as the base keeps them, but those whose values would not come back the same (a day, say)."""
    return [one for (name, day), answer in taken.items() if (one := _closed(name, day, answer)) is not None]


def _closed(name: str, day: date | None, answer: ReadAnswer) -> KeptAnswer | None:
    marks = [[*pair, mark] for pair, mark in answer.marks]
    try:
        body = json.dumps([marks, [list(row) for row in answer.rows]], ensure_ascii=False, separators=(",", ":"))
    except TypeError:
        return None
    return KeptAnswer(name, day, answer.revision, zlib.compress(body.encode(), 1))


def _opened(kept: KeptAnswer) -> ReadAnswer:
    marks, rows = json.loads(zlib.decompress(kept.body))
    read = tuple(((association, dataset), _mark(mark)) for association, dataset, mark in marks)
    return ReadAnswer(kept.revision, read, rows)


def _mark(mark: object) -> object:
    """Lists of JSON are tuples again."""
    return tuple(map(_mark, mark)) if isinstance(mark, list) else mark
