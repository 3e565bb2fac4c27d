"""To which experiment a row without a place belongs: by its subsidy line, or by its association.

A row that concerns several experiments as a whole (the account of an association that runs
two) bears all their codes, joined by « | »: it counts in each of them, and once for the
programme. A sum is never treated so: it waits for its key (see ``lines``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from core.deliberation import LINES
from core.domain.indicator import Whose

SEPARATOR = "|"


class Belonging:
    """The experiments of each association and of each subsidy line."""

    def __init__(self, experiments: Iterable[Any]) -> None:
        self._of_association: dict[str, list[str]] = {}
        for one in experiments:
            self._of_association.setdefault(one.association.code, []).append(one.code)

    def of_association(self, code: str) -> str | None:
        """The marker of rows that concern an association as a whole."""
        return SEPARATOR.join(self._of_association.get(code, ())) or None

    def of_rows(self, dataset: str, columns: Mapping[str, Any]) -> dict[str, Any]:
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
    def _case(column: Any, codes: Mapping[str, Any], write: Any) -> Any:
        return _case(column, {code: write(found) for code, found in codes.items()})


def experiments_of(marker: str | None) -> tuple[str, ...]:
    """The experiments that a row counts in, from its marker."""
    return tuple(marker.split(SEPARATOR)) if marker else ()


def counts_in(column: Any, experiment: str) -> Any:
    """The SQL condition that a row counts in ``experiment``."""
    return sa.or_(
        column == experiment,
        column.like(f"{experiment}{SEPARATOR}%"),
        column.like(f"%{SEPARATOR}{experiment}"),
        column.like(f"%{SEPARATOR}{experiment}{SEPARATOR}%"),
    )


def _case(column: Any, values: Mapping[str, str]) -> Any:
    known = {code: value for code, value in values.items() if value}
    if column is None or not known:
        return sa.cast(sa.null(), sa.Text)
    return sa.case(*((column == code, sa.literal(value, sa.Text)) for code, value in known.items()))


def is_of(columns: Mapping[str, Any], whose: Whose) -> Any:
    """The SQL condition that a row is one of ``whose``."""
    experiment = columns["_experiment"]
    nobodys = sa.and_(experiment.is_(None), columns["_association"].in_(whose.associations))
    return sa.or_(nobodys, *(counts_in(experiment, one) for one in whose.experiments))
