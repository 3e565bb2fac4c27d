"""The selects that a reader would send by hand for the same figures: one per (dataset, date column).

They are written from the declared measures, each with all the measures that read one table by
one date, grouped by experiment, place and month, over the rows that hold today. A distinct
count is ``count(distinct …)``. A median, which SQLite does not have, is the select of its
values with how many times each occurs. They are texts before the watch starts, and go
straight to the driver.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.contract import Registry
from core.domain.indicator import Computed, Count, CountDistinct, Measure, Median, Source, Sum
from core.figures.cache import Cache
from core.figures.known import read_known
from core.figures.ownership import OwnershipSql
from core.figures.sources import Branch, Descriptions, Pair, Sources
from core.storage import Store
from core.storage.schema import text_of_day


@dataclass(frozen=True, slots=True)
class Raw:
    """One select as a text, the tables whose rows it reads, and the measures that its last columns are."""

    sql: str
    reads: frozenset[Pair]
    measures: tuple[Measure, ...]


class _Now:
    """The tables of a store as they hold today, whatever the revision asked."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def visible(self, association: str, code: str, _revision: Any) -> Any:
        return self._store.visible(association, code, None)


def selects(registry: Registry, store: Store, today: date, *, distinct: bool = True) -> list[Raw]:
    """Every select, as a text for the store's database.

    ``distinct`` False writes a distinct count as a plain one: quicker, and wrong wherever a
    value comes twice.
    """
    keys = read_known(store, Cache(), None, today).held.keys(today)
    sources: Any = Sources(Descriptions(registry), _Now(store), OwnershipSql(registry.experiments), keys)
    with store.connect() as connection:
        dialect = connection.dialect
    found = []
    for (source, column), measures in _gathered(registry).items():
        for branch in sources.branches(source):
            for told, statement in _statements(branch, column, measures, distinct):
                bound = statement.params({"until": today, "au": today, "decided": store.latest()})
                text = str(bound.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
                found.append(Raw(text.replace("%%", "%"), branch.reads, told))
    return found


def send(store: Store, wanted: list[Raw]) -> int:
    """Send them one after the other, as they are; the number of rows that came back."""
    with store.connect() as connection:
        cursor: Any = connection.connection.cursor()
        rows = 0
        for one in wanted:
            cursor.execute(one.sql)
            rows += len(cursor.fetchall())
        cursor.close()
        return rows


def _gathered(registry: Registry) -> dict[tuple[Source, str | None], list[Measure]]:
    """The measures of the catalogue by what they read, each once."""
    found: dict[tuple[Source, str | None], list[Measure]] = {}
    for indicator in registry.catalogue.values():
        for measure in (indicator.numerator, indicator.denominator):
            if isinstance(measure, Measure) and not isinstance(measure, Computed):
                known = found.setdefault((measure.source, measure.date), [])
                if not any(one is measure for one in known):
                    known.append(measure)
    return found


def _statements(
    branch: Branch, column: str | None, measures: list[Measure], distinct: bool
) -> Iterator[tuple[tuple[Measure, ...], Any]]:
    """The select of the numbers, then one for each median, with the measures of each."""
    groups = [branch.columns["_experiment"], branch.columns["_place"]]
    conditions = []
    if column is not None:
        day = branch.bind(sa.column(column))
        groups.append(sa.func.substr(text_of_day(day), 1, 7))
        conditions.append(day <= sa.bindparam("until", type_=sa.Date))
    whole = sa.select(*groups).select_from(branch.clause).where(*conditions)
    told = tuple(measure for measure in measures if not isinstance(measure, Median))
    if told:
        yield told, whole.add_columns(*(_number(one, branch, distinct) for one in told)).group_by(*groups)
    for median in measures:
        if isinstance(median, Median):
            value = branch.bind(median.expression)
            kept = whole.where(value.is_not(None))
            condition = _condition(median, branch)
            if condition is not None:
                kept = kept.where(condition)
            yield (median,), kept.add_columns(value, sa.func.count()).group_by(*groups, value)


def _condition(measure: Measure, branch: Branch) -> sa.ColumnElement[bool] | None:
    """What the measure says of its rows; None for all of them."""
    return None if measure.where is None else branch.bind(measure.where)


def _number(measure: Measure, branch: Branch, distinct: bool) -> sa.ColumnElement[Any]:
    condition = _condition(measure, branch)
    if isinstance(measure, Count):
        return sa.func.count() if condition is None else sa.func.count(sa.case((condition, 1)))
    assert isinstance(measure, CountDistinct | Sum)
    value = branch.bind(measure.expression)
    if condition is not None:
        value = sa.case((condition, value))
    if isinstance(measure, Sum):
        return sa.func.sum(value)
    return sa.func.count(sa.distinct(value)) if distinct else sa.func.count(value)
