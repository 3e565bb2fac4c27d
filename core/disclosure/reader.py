"""The monitor of who may not see small counts of people: what a page asks of figures, as documents may show them.

One table is masked for each day: totals, places and quarters together, with what the documents of that day and the
pages of plugins hide. Each answer is a part of it, so that two pages put side by side tell no more than one.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache, partial

from core.committee import take_numbers
from core.contract import Registry
from core.disclosure.figures import elsewhere_of, known_elsewhere, quiet_cell
from core.disclosure.observed import Concealed, Elsewhere, conceal
from core.disclosure.published import quarters
from core.disclosure.table import Hidden, words
from core.domain.indicator import AnyMeasure, Computed, Derived, Indicator, Measure
from core.domain.observation import Cell, Observation
from core.errors import Forbidden
from core.figures import Comparison, Evidence, Monitor
from core.figures.cache import cache_of
from core.figures.monitor import Lines
from core.figures.parts import columns_of
from core.figures.view import FiguresView
from core.storage import Store

NO_REVISION = "L’état après un dépôt passé n’est pas montré quand les petits nombres de personnes sont cachés."
NO_ROWS = "Ces lignes ne sont pas montrées : elles comptent des personnes, parfois très peu."
Key = tuple[str, str | None, str | None, str | None]
Table = tuple[Mapping[Key, Concealed], Elsewhere]
"""The figures of one day as they may be shown, and the numbers that they hide."""


class DiscreetMonitor(Monitor):
    """The same questions as to a Monitor, answered without the counts of people under ``below``.

    What a block of a report counts is masked when it is written, with ``elsewhere``.
    """

    def __init__(self, registry: Registry, store: Store, *, today: date, below: int) -> None:
        super().__init__(registry, store, today=today)
        self._whole = Monitor(registry, store, today=today)
        self._below = below

    def view(self, revision: int | None = None, until: date | None = None) -> FiguresView:
        """See Monitor. Raises Forbidden for a past revision: every answer is read there."""
        if revision is not None:
            raise Forbidden(NO_REVISION)
        return super().view(revision, until)

    def observed(
        self, found: tuple[Observation, ...], until: date | None, by: str | None = None
    ) -> tuple[Observation, ...]:
        """See Monitor. Raises Forbidden for the months of a count of people."""
        if by == "month" and any(one.people for one in found):
            raise Forbidden(NO_ROWS)
        table = lru_cache(self._table)
        return tuple(self._seen(one, until, table) for one in found)

    def compared(self, found: Comparison) -> Comparison:
        """See Monitor: no standing of what is hidden, no figure before of what would give it away."""
        key = ("compared discreetly", self._made_of(found.until), id(found))
        return cache_of(self._store).get(key, partial(self._compared, found))[1]

    def refuse_rows(self, indicator: Indicator, measure: AnyMeasure | Computed | None) -> None:
        """See Monitor. Raises Forbidden where what they count of people is all that they say."""
        if indicator.people or _is_made_of_people(measure, self._counted):
            raise Forbidden(NO_ROWS)

    def proven(self, found: Evidence, measure: AnyMeasure | Computed | None) -> Evidence:
        """See Monitor: rows without what they count of people."""
        return without(found, self._titles(measure))

    def drawn(self, found: Lines, indicator: Indicator, until: date | None) -> Lines:
        """See Monitor: no month of what is hidden, nor of a line one step of which tells of few people."""
        if not indicator.people:
            return found
        gone = any(one.hidden for one in self.observe((indicator,), until=until))
        return {
            whom: [(month, None) for month, _ in line] if gone or _few(line, self._below) else line
            for whom, line in found.items()
        }

    def elsewhere(self, until: date, experiment: str) -> Mapping[float, Hidden]:
        """The numbers of people that the figures of that day hide, for the page of an experiment."""
        return self._table(until)[1].get(experiment, {})

    def prepare(self, days: Iterable[date]) -> None:
        """Have the masked tables of these days ready, so that nobody waits for them."""
        for day in days:
            self._table(day)

    # --- the table of a day -------------------------------------------------------------

    def _table(self, until: date | None) -> Table:
        day = until or self._today
        return cache_of(self._store).get(("discreet", *self._made_of(day)), partial(self._make, day))

    def _made_of(self, day: date) -> tuple[Hashable, ...]:
        """What the masked figures of a day change with."""
        return self._declared, self._whole.view(until=day).known.stamp, day, self._today, self._below

    def _make(self, day: date) -> Table:
        codes = tuple(_counting_people(self._registry.catalogue))
        seen = [*self._whole.observe(codes, until=day), *self._whole.observe(codes, until=day, by="place")]
        for period in quarters(self._store, day):
            seen += self._whole.observe(codes, until=day, period=period)
        known = elsewhere_of(take_numbers(self._registry, self._store, until=day, today=self._today), self._below)
        shown = conceal(seen, self._registry.catalogue, self._below, known)
        return {_key(one): kept for one, kept in zip(seen, shown, strict=True)}, known_elsewhere(seen, shown, known)

    def _compared(self, found: Comparison) -> tuple[Comparison, Comparison]:
        """The comparison, held so that no other one takes its place in memory, and as it may be shown."""
        table = lru_cache(self._table)
        cells = {key: self._cell(one, found.until, table) for key, one in found.cells.items()}
        return found, replace(found, cells=cells)

    def _seen(self, one: Observation, until: date | None, table: Callable[[date | None], Table]) -> Observation:
        """The figure as the table of its day shows it; one of people that the table does not hold is not shown."""
        if not one.people:
            return one
        held = table(until)[0].get(_key(one))
        if held is not None:
            return replace(held.observation, day=one.day)
        if not (one.numerator or one.denominator):
            return one
        hidden = words(Hidden.GIVES_AWAY, self._below)
        return replace(one, numerator=None, denominator=None, value=None, hidden=hidden, apart=())

    def _cell(self, cell: Cell, until: date, table: Callable[[date | None], Table]) -> Cell:
        seen = self._seen(cell.observation, until, table)
        before, reference = cell.before, cell.reference
        if before is not None and reference is not None and self._seen(before, reference.day, table).hidden:
            before = None
        return quiet_cell(replace(cell, before=before), seen, cell.observation.people, self._below)

    # --- rows ---------------------------------------------------------------------------

    @property
    def _counted(self) -> dict[str, frozenset[str]]:
        return people_columns(self._registry.catalogue.values())

    def _titles(self, measure: AnyMeasure | Computed | None) -> frozenset[str]:
        """The headings of the columns that count people, in the table that a measure reads."""
        source = getattr(measure, "source", None)
        if not isinstance(source, str):
            return frozenset()
        gone = self._counted.get(source, frozenset())
        every = (one for found in self._registry.associations for one in self._registry.datasets(found.code))
        held = (column for one in every if one.code == source for column in one.columns)
        return frozenset(column.title for column in held if column.name in gone)


def _counting_people(catalogue: Mapping[str, Indicator]) -> Iterator[str]:
    """The figures that count people, and those whose count is the whole of one of them: nothing else is hidden."""
    people = [one for one in catalogue.values() if one.people]
    wholes = {getattr(one.numerator, "part_of", "") for one in people}
    return (one.code for one in catalogue.values() if one.people or one.code in wholes)


def people_columns(catalogue: Iterable[Indicator]) -> dict[str, frozenset[str]]:
    """By table, the columns that only counts of people read: the numbers of them, or what tells one from another."""
    people: dict[str, set[str]] = {}
    things: dict[str, set[str]] = {}
    for measure in (part for one in catalogue for part in (one.numerator, one.denominator)):
        if isinstance(measure, Measure):
            kind = people if measure.people else things
            for source in _tables(measure):
                kind.setdefault(source, set()).update(_read_by(measure))
    return {source: frozenset(found - things.get(source, set())) for source, found in people.items()}


def without(found: Evidence, titles: frozenset[str]) -> Evidence:
    """The same rows without the columns of these headings."""
    kept = [at for at, title in enumerate(found.columns) if title not in titles]
    rows = [tuple(row[at] for at in kept) for row in found.rows]
    proving = frozenset(place for place, at in enumerate(kept) if at in found.proving)
    return replace(found, columns=tuple(found.columns[at] for at in kept), rows=rows, proving=proving)


def _tables(measure: Measure) -> tuple[str, ...]:
    return measure.source.datasets if isinstance(measure.source, Derived) else (measure.source,)


def _read_by(measure: Measure) -> frozenset[str]:
    parts = (getattr(measure, "expression", None), measure.where)
    return frozenset().union(*(columns_of(part) for part in parts if part is not None))


def _is_made_of_people(measure: AnyMeasure | Computed | None, counted: Mapping[str, frozenset[str]]) -> bool:
    """Whether rows are worked out from a table that counts people: nobody knows which of their columns do."""
    return (
        isinstance(measure, Measure) and isinstance(measure.source, Derived) and any(map(counted.get, _tables(measure)))
    )


def _key(one: Observation) -> Key:
    return one.indicator, one.experiment, one.place, one.period.code if one.period else None


def _few(line: Iterable[tuple[date, float | None]], below: int) -> bool:
    known = [0.0, *(value for _, value in line if value is not None)]
    return any(0 < abs(after - before) < below for before, after in itertools.pairwise(known))
