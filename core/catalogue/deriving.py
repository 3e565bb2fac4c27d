"""What derived datasets share: hidden columns, and how a rule judges a row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

import polars as pl
import sqlalchemy as sa

from core.domain.dataset import Hand, Rule, Severity

HIDDEN = ("_key", "_association", "_experiment", "_place")


class Columns(Protocol):
    """What gives a column by its name: the ``.c`` of a table, or a mapping of what ``col`` answers."""

    def __getitem__(self, name: str, /) -> sa.ColumnElement[object]: ...


def hidden(table: sa.FromClause) -> list[sa.Label[Any]]:
    """The key, association, experiment and place of a row, under their own names."""
    return [table.c[name].label(name) for name in HIDDEN]


def shown(table: sa.FromClause, *names: str) -> list[sa.Label[object]]:
    """Columns kept as they are, to be read behind a figure."""
    return [table.c[name].label(name) for name in names]


# --- Short ways to write the rules that judge typed rows -------------------------------------------
# A rule's ``broken`` is true on the rows that break it; a blank never breaks a rule unless the
# rule speaks of blanks.


def stop(code: str, columns: Iterable[str], broken: pl.Expr, expected: str, remedy: str) -> Rule:
    """A rule that refuses the row."""
    return Rule(code, Severity.ERROR, tuple(columns), broken, expected, remedy)


def warn(
    code: str, columns: Iterable[str], broken: pl.Expr, expected: str, remedy: str, hand: Hand, *, people: bool = False
) -> Rule:
    """A rule that lets the row in, counts it and raises a point to treat, shown first to ``hand``."""
    return Rule(code, Severity.WARNING, tuple(columns), broken, expected, remedy, people, hand)


def blank(column: str) -> pl.Expr:
    """True where the cell is blank."""
    return pl.col(column).is_null()


def before_any(column: str, earlier: Iterable[str]) -> pl.Expr:
    """True where the date of ``column`` comes before one of the ``earlier`` dates that is known."""
    return pl.col(column) < pl.max_horizontal(*earlier)


def more_than(column: str, ceiling: str) -> pl.Expr:
    """True where ``column`` exceeds ``ceiling``, both known."""
    return pl.col(column) > pl.col(ceiling)


def not_matching(column: str, pattern: str) -> pl.Expr:
    """True where the text is known and does not match the whole ``pattern``."""
    return ~pl.col(column).str.contains(f"^(?:{pattern})$")


def outside(column: str, values: Iterable[str]) -> pl.Expr:
    """True where one of the values, separated by « | », is not among ``values``."""
    allowed = list(values)
    items = pl.col(column).str.split("|")
    return ~items.list.eval(pl.element().str.strip_chars().is_in(allowed)).list.all()
