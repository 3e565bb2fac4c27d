"""The expressions that each database writes in its own way."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from core.domain.indicator import days_between

__all__ = ["days_between", "month_of"]


class month_of(FunctionElement[str]):
    """The month of a date column, as the text « 2021-09 », whose order is that of time."""

    type = sa.String()
    inherit_cache = True
    name = "month_of"


class endless(FunctionElement[bool]):
    """``endless(_until)``: the row holds today.

    SQLite would walk a whole table through the partial index on its keys as soon as it reads
    ``_until IS NULL``, row by row in random order (measured: five times slower than a scan);
    the unary plus keeps that index for who looks up keys.
    """

    type = sa.Boolean()
    inherit_cache = True
    name = "endless"


@compiles(endless, "sqlite")
def _endless_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"+{compiler.process(element.clauses, **options)} IS NULL"


@compiles(endless, "postgresql")
def _endless_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    return f"{compiler.process(element.clauses, **options)} IS NULL"


@compiles(month_of, "sqlite")
def _month_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"substr({compiler.process(element.clauses, **options)}, 1, 7)"


@compiles(month_of, "postgresql")
def _month_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    return f"to_char(CAST({compiler.process(element.clauses, **options)} AS DATE), 'YYYY-MM')"


@compiles(days_between, "sqlite")
def _days_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    start, end = (compiler.process(clause, **options) for clause in element.clauses)
    return f"CAST(julianday({end}) - julianday({start}) AS INTEGER)"


@compiles(days_between, "postgresql")
def _days_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    start, end = (compiler.process(clause, **options) for clause in element.clauses)
    return f"(CAST({end} AS DATE) - CAST({start} AS DATE))"
