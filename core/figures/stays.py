"""The rows of a derived dataset as stays: each as it is from one day that changes it to the next.

A dataset that names its ``changes`` holds the same rows between two of these days. Its select is put to each
of them in turn, instead of to the day of the figure: what stands on any day is then known without reading
the rows again for a day that nobody looked at yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import visitors

from core.domain.indicator import au
from core.storage.schema import text_of_day

FROM, TO = "_from", "_to"
"""The first day of a stay, and the first after it."""
NEVER = date.max


def as_stays(made: sa.Select[Any], changes: Sequence[str], dialect: str) -> sa.CompoundSelect[Any]:
    """The rows of ``made``, a select over one clause of which ``changes`` are columns, with FROM and TO."""
    (clause,) = made.get_final_froms()
    days = [clause.c[name] for name in changes]
    return sa.union_all(*(_since(made, clause, days, rank, dialect) for rank in range(len(days))))


def _since(made: sa.Select[Any], clause: sa.FromClause, days: Sequence[Any], rank: int, dialect: str) -> sa.Select[Any]:
    """The rows as they are from one of their days to the next one."""
    day, never = days[rank], sa.literal(NEVER, sa.Date)
    least: Any = sa.func.min if dialect == "sqlite" else sa.func.least
    later = (sa.case((other > day, other), else_=never) for other in days if other is not day)
    until = sa.type_coerce(least(*later, never), sa.Date)
    # Of several changes on one day, the first one named makes the stay.
    once = [sa.or_(other.is_(None), other != day) for other in days[:rank]]
    columns = [_on(day, column).label(column.key) for column in made.selected_columns]
    conditions = [] if made.whereclause is None else [_on(day, made.whereclause)]
    asked = sa.select(*columns, day.label(FROM), until.label(TO)).select_from(clause)
    return asked.where(day.is_not(None), *once, *conditions)


def changing_on(rows: sa.FromClause, day: sa.ColumnElement[Any], since: Any) -> sa.Select[Any]:
    """Rows (day, revision, number) of a table: its days, and where they are blank its revisions ``since``, if any."""
    never = sa.cast(sa.null(), sa.BigInteger)
    revision = never if since is None else sa.case((day.is_(None), since), else_=never)
    columns = (text_of_day(day).label("day"), revision.label("revision"), sa.func.count().label("rows"))
    return sa.select(*columns).select_from(rows).group_by(day, revision)


def _on(day: sa.ColumnElement[Any], expression: Any) -> Any:
    """The expression, with this day in place of that of the figure."""

    def replaced(element: object, **_options: object) -> object:
        return day if isinstance(element, sa.BindParameter) and element.key == au.key else None

    return visitors.replacement_traverse(expression, {}, replaced)
