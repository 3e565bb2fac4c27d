"""Stretches of time that people name: a quarter, a month, any two days."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from core.domain import french
from core.errors import UnknownName

_YEAR = r"(?:19|20|21)[0-9]{2}"  # a year further away is a slip of the finger


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Whole days from ``start`` to ``end``, both included; ``code`` is what people type."""

    start: date
    end: date
    code: str

    @classmethod
    def quarter(cls, year: int, number: int) -> Self:
        """The civil quarter ``number`` (1 to 4) of ``year``."""
        first = 3 * number - 2
        return cls(date(year, first, 1), _last_day(year, first + 2), f"{year}-T{number}")

    @classmethod
    def month(cls, year: int, number: int) -> Self:
        """The civil month ``number`` (1 to 12) of ``year``."""
        return cls(date(year, number, 1), _last_day(year, number), f"{year}-{number:02d}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read « 2021-T3 » or « 2021-09 ».

        Raises UnknownName when the text is neither.
        """
        if found := re.fullmatch(rf"({_YEAR})-?[Tt]([1-4])", text.strip()):
            return cls.quarter(int(found[1]), int(found[2]))
        if found := re.fullmatch(rf"({_YEAR})-(0[1-9]|1[0-2])", text.strip()):
            return cls.month(int(found[1]), int(found[2]))
        raise UnknownName(f"Période « {text} » inconnue. Écrivez un trimestre (2021-T3) ou un mois (2021-09).")

    @classmethod
    def quarter_of(cls, day: date) -> Self:
        """The civil quarter in which ``day`` falls."""
        return cls.quarter(day.year, (day.month + 2) // 3)

    @property
    def is_quarter(self) -> bool:
        """Whether this is a civil quarter."""
        return "T" in self.code

    @property
    def previous(self) -> Self:
        """The quarter or month just before this one."""
        eve = self.start - timedelta(days=1)
        return self.quarter_of(eve) if self.is_quarter else self.month(eve.year, eve.month)

    @property
    def next(self) -> Self:
        """The quarter or month just after this one."""
        day = self.end + timedelta(days=1)
        return self.quarter_of(day) if self.is_quarter else self.month(day.year, day.month)

    @property
    def label(self) -> str:
        """« 3e trimestre 2021 » or « septembre 2021 »."""
        if self.is_quarter:
            number = int(self.code[-1])
            return f"{number}{'er' if number == 1 else 'e'} trimestre {self.start.year}"
        return french.month(self.start)

    def __contains__(self, day: date) -> bool:
        """Whether ``day`` falls in the period."""
        return self.start <= day <= self.end


def quarters_between(start: date, end: date) -> tuple[Period, ...]:
    """The civil quarters that touch the days from ``start`` to ``end``, in order."""
    found = [Period.quarter_of(start)]
    while found[-1].end < end:
        found.append(found[-1].next)
    return tuple(found)


def _last_day(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])
