"""From dated rows to the deposits of one quarter: what has rows is a file, what has none is declared so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from core.demonstration.steps import Deposit, Nothing, Step, at
from core.demonstration.story import ANONYMAL, ARSENIC, IFAC, POINT_FORMATION, QUARTERS
from core.domain.period import Period

Row = dict[str, Any]

_HOURS = {ANONYMAL: 9, IFAC: 11, ARSENIC: 14, POINT_FORMATION: 17}


@dataclass(frozen=True, slots=True)
class Part:
    """One dataset of a quarter's statement, under the title that the association gives its file."""

    dataset: str
    title: str
    rows: Sequence[Row]


def quarter(number: int) -> Period:
    """Quarter 1 to 4 of the story."""
    return QUARTERS[number - 1]


def dated(rows: Iterable[Row], number: int, column: str = "date") -> list[Row]:
    """The rows dated in quarter 1 to 4."""
    return [row for row in rows if row[column] in quarter(number)]


def statement(association: str, day: date, number: int, parts: Iterable[Part]) -> list[Step]:
    """The deposits of one quarter, a few minutes apart."""
    start = at(day, _HOURS[association])
    return [
        _step(start + timedelta(minutes=4 * rank), association, quarter(number).code, part)
        for rank, part in enumerate(parts)
    ]


def _step(when: datetime, association: str, period: str, part: Part) -> Step:
    if not part.rows:
        return Nothing(when, association, part.dataset, period)
    return Deposit(when, association, part.dataset, part.title, tuple(part.rows), period=period)
