"""The selects: all the measures of one (source, date column) in one, grouped as fine as breakdowns need.

Each returns short rows (marker of experiments, place, month, …); everything else — totals,
places, months, periods — is summed up from them without asking the database again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.domain.indicator import Count, CountDistinct, Measure, Median, Source, Sum
from core.services.monitoring import lines
from core.services.monitoring.belonging import is_of
from core.services.monitoring.sources import Branch, Branches
from core.storage.expressions import month_of


@dataclass(frozen=True, eq=False, slots=True)
class Group:
    """The measures that read one source by one date column. Compared by identity."""

    source: Source
    date: str | None
    measures: tuple[Measure, ...]

    @property
    def uses_day(self) -> bool:
        """Whether one of its expressions reads the day of the figure."""
        parts = (part for one in self.measures for part in (one.where, getattr(one, "expression", None)))
        return any(lines.uses_day(part) for part in parts if part is not None)

    def rank(self, measure: Measure) -> int:
        """Its place among the measures."""
        return next(rank for rank, one in enumerate(self.measures) if one is measure)

    def alike(self, measure: CountDistinct) -> tuple[CountDistinct, ...]:
        """The distinct counts of the same expression, in their order."""
        counts = (one for one in self.measures if isinstance(one, CountDistinct))
        return tuple(one for one in counts if one.expression.compare(measure.expression))


def summed(group: Group, branch: Branch) -> sa.Select[Any]:
    """Rows (experiments, place, month, rows, one number per measure) of one branch.

    A distinct count is here the number of rows that have a value; see ``repeated``. A median
    is null; see ``histogram``.
    """
    groups = _groups(group, branch)
    numbers = [_number(measure, branch).label(f"m{rank}") for rank, measure in enumerate(group.measures)]
    return (
        sa.select(*groups, sa.func.count().label("rows"), *numbers)
        .select_from(branch.clause)
        .where(*dated(group.date, branch))
        .group_by(*_by(groups, group))
    )


def repeated_values(expression: Any, branches: Branches) -> sa.Select[Any]:
    """The values of ``expression`` that more than one row of the source bears."""
    values = sa.union_all(
        *(sa.select(branch.bind(expression).label("value")).select_from(branch.clause) for branch in branches)
    ).subquery()
    return (
        sa.select(values.c.value)
        .where(values.c.value.is_not(None))
        .group_by(values.c.value)
        .having(sa.func.count() > 1)
    )


def repeated(
    group: Group, measures: Sequence[CountDistinct], branch: Branch, among: Callable[[Any], Any]
) -> sa.Select[Any]:
    """Rows (experiments, place, month, value, one number of rows per measure), for the values ``among`` some.

    The measures share one expression.
    """
    groups = _groups(group, branch)
    value = branch.bind(measures[0].expression)
    numbers = [_number(measure, branch).label(f"m{rank}") for rank, measure in enumerate(measures)]
    return (
        sa.select(*groups, value.label("value"), *numbers)
        .select_from(branch.clause)
        .where(*dated(group.date, branch), among(value))
        .group_by(*_by(groups, group), value)
    )


def histogram(group: Group, measure: Median, branch: Branch, *, placed: bool) -> sa.Select[Any]:
    """Rows (experiments, place, month, value, number): how many times each value occurs.

    The place is null unless ``placed``.
    """
    experiments, place, when = _groups(group, branch)
    value = branch.bind(measure.expression)
    shown = place if placed else sa.cast(sa.null(), sa.Text).label("place")
    by = [column for column in _by([experiments, place, when], group) if placed or column is not place.element]
    return (
        sa.select(experiments, shown, when, value.label("value"), sa.func.count().label("rows"))
        .select_from(branch.clause)
        .where(*dated(group.date, branch), kept(measure, branch))
        .group_by(*by, value)
    )


def kept(measure: Measure, branch: Branch) -> sa.ColumnElement[bool]:
    """The condition that a row of ``branch`` is counted by ``measure``, whatever its date."""
    conditions = chosen(measure, branch)
    if isinstance(measure, CountDistinct | Median):
        conditions.append(branch.bind(measure.expression).is_not(None))
    return sa.and_(sa.true(), *conditions)


def chosen(measure: Measure, branch: Branch) -> list[sa.ColumnElement[bool]]:
    """What the measure says of its rows: its condition, and whose they are."""
    found = [] if measure.where is None else [branch.bind(measure.where)]
    return found if measure.whose is None else [*found, is_of(branch.columns, measure.whose)]


def dated(column: str | None, branch: Branch, start: date | None = None) -> list[sa.ColumnElement[bool]]:
    """The conditions that a row is dated up to the day of the figure (bound as ``until``)."""
    if column is None:
        return []
    day = branch.bind(sa.column(column))
    conditions = [day <= sa.bindparam("until", type_=sa.Date)]
    return conditions if start is None else [*conditions, day >= start]


def month(column: str | None, branch: Branch) -> sa.ColumnElement[Any]:
    """The month of a row; an empty text when the measure is undated."""
    return sa.literal("", sa.Text) if column is None else month_of(branch.bind(sa.column(column)))


def _number(measure: Measure, branch: Branch) -> sa.ColumnElement[Any]:
    if isinstance(measure, Median):
        return sa.cast(sa.null(), sa.Integer)
    if isinstance(measure, Sum):
        amount, asked = branch.bind(measure.expression), chosen(measure, branch)
        return sa.func.sum(sa.case((sa.and_(*asked), amount)) if asked else amount)
    if isinstance(measure, Count) and not chosen(measure, branch):
        return sa.func.count()
    return sa.func.count(sa.case((kept(measure, branch), 1)))


def _groups(group: Group, branch: Branch) -> list[Any]:
    return [
        branch.columns["_experiment"].label("experiments"),
        branch.columns["_place"].label("place"),
        month(group.date, branch).label("month"),
    ]


def _by(groups: list[Any], group: Group) -> list[Any]:
    """What to group by: a constant month is no group."""
    named = groups if group.date else groups[:2]
    return [label.element for label in named]
