"""To which experiment a row belongs: the marker that stands beside it, in SQL and read again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

from core.deliberation import EXPERIMENTS, LINES, is_voted
from core.domain.dataset import RowDict
from core.domain.indicator import APART

SEPARATOR = "|"
BESIDE = "-"
"""In place of a row's experiment: it is of none, and of an association whose experiments nobody voted."""


class OwnershipSql:
    """The experiments of each association and of each subsidy line."""

    def __init__(self, experiments: Iterable[Any]) -> None:
        self._of_association: dict[str, list[str]] = {}
        for one in experiments:
            self._of_association.setdefault(one.association.code, []).append(one.code)
        self._beside = [code for code, found in self._of_association.items() if not any(map(is_voted, found))]

    def beside(self, columns: Mapping[str, sa.ColumnElement[Any]]) -> sa.ColumnElement[object]:
        """The marker of rows, where what is of no experiment adds to the programme only if somebody voted its body."""
        marker, association = columns["_experiment"], columns["_association"]
        if not self._beside:
            return marker
        alone = sa.or_(marker.is_(None), marker.startswith(APART, autoescape=True))
        mine = sa.or_(*(association == code for code in self._beside))
        return sa.case((sa.and_(mine, alone), sa.literal(BESIDE, sa.Text)), else_=marker)

    def of_association(self, code: str) -> str | None:
        """The marker of rows that concern an association as a whole."""
        return SEPARATOR.join(self._of_association.get(code, ())) or None

    def of_rows(self, dataset: str, columns: Mapping[str, sa.ColumnElement[object]]) -> RowDict:
        """The hidden columns that the other columns of ``dataset`` decide."""
        line = columns.get("ligne_subvention", columns.get("ligne"))
        association = columns.get("association")
        if dataset == "pieces":
            by_association = self._case(association, self._of_association, SEPARATOR.join)
            by_line = _case(line, {code: SEPARATOR.join(one.experiments) for code, one in LINES.items()})
            return {"_experiment": sa.func.coalesce(by_line, by_association), "_association": association}
        if line is not None:
            alone = {code: one.experiments[0] for code, one in LINES.items() if len(one.experiments) == 1}
            return {"_experiment": _case(line, alone)}
        if association is not None:
            by_association = self._case(association, self._of_association, SEPARATOR.join)
            return {"_experiment": by_association, "_association": association}
        named = columns.get("experience", columns.get("experiment"))
        return {} if named is None else {"_experiment": named}

    @staticmethod
    def _case(
        column: sa.ColumnElement[object] | None,
        codes: Mapping[str, Sequence[str]],
        write: Callable[[Sequence[str]], str],
    ) -> sa.ColumnElement[object]:
        return _case(column, {code: write(found) for code, found in codes.items()})


def experiments_of(marker: str | None) -> tuple[str, ...]:
    """The experiments that a row counts in, from its marker."""
    return tuple(marker.split(SEPARATOR)) if marker and marker != BESIDE else ()


def counted_in(marker: str | None) -> tuple[str, ...]:
    """Beside the programme, what a row counts in: its experiments, else ``APART`` (see ``apart``)."""
    return experiments_of(marker) or (APART,)


@cache
def totals_of(marker: str | None) -> tuple[str | None, ...]:
    """What a row adds to: the programme (None), unless nobody voted its experiments, and what it is counted in."""
    if marker == BESIDE:
        return ()
    counted = counted_in(marker)
    voted = any(one.startswith(APART) or is_voted(one) for one in counted)
    return (None, *counted) if voted else counted


def of_the_programme(column: sa.ColumnElement[object]) -> sa.ColumnElement[bool]:
    """The SQL condition that a row counts in the programme: it is of no experiment, or of one that was voted."""
    return sa.or_(
        column.is_(None), column.startswith(APART, autoescape=True), *(counts_in(column, code) for code in EXPERIMENTS)
    )


def counts_in(column: sa.ColumnElement[object], experiment: str) -> sa.ColumnElement[bool]:
    """The SQL condition that a row counts in ``experiment``."""
    return sa.or_(
        column == experiment,
        column.like(f"{experiment}{SEPARATOR}%"),
        column.like(f"%{SEPARATOR}{experiment}"),
        column.like(f"%{SEPARATOR}{experiment}{SEPARATOR}%"),
    )


def _case(column: sa.ColumnElement[object] | None, values: Mapping[str, str | None]) -> sa.ColumnElement[object]:
    known = {code: value for code, value in values.items() if value}
    if column is None or not known:
        return sa.cast(sa.null(), sa.Text)
    return sa.case(*((column == code, sa.literal(value, sa.Text)) for code, value in known.items()))
