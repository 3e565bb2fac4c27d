"""Days, periods and legal delays: moments are kept in UTC, the day on which they fall is that of France."""

from __future__ import annotations

import calendar
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self

from core.domain import french
from core.domain.french import FRANCE
from core.errors import UnknownName


def day_in_france(moment: datetime) -> date:
    """The day of the aware instant ``moment`` for somebody in France."""
    return moment.astimezone(FRANCE).date()


def start_of(day: date) -> datetime:
    """The aware instant at which ``day`` begins in France."""
    return datetime.combine(day, time(), FRANCE)


# --- Stretches of time that people name: a quarter, a month, any two days --------------------------


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


def period_name(code: str) -> str:
    """« 3e trimestre 2021 » for « 2021-T3 »; a text that names no period, as it stands."""
    try:
        return Period.parse(code).label
    except UnknownName:
        return code


def periods_begun(held: Iterable[Period], starts: Collection[date], today: date) -> tuple[Period, ...]:
    """The periods begun, oldest first: those ``held``, else the quarters since the first of ``starts``."""
    begun = tuple(sorted(period for period in held if period.start <= today))
    if begun:
        return begun
    return quarters_between(min(starts), today) if starts and min(starts) <= today else ()


def last_over(periods: Iterable[Period], today: date) -> Period | None:
    """The last of ``periods`` (oldest first) that is over: what pages show until another is chosen."""
    return next((period for period in reversed(tuple(periods)) if period.end < today), None)


def quarters_between(start: date, end: date) -> tuple[Period, ...]:
    """The civil quarters that touch the days from ``start`` to ``end``, in order."""
    found = [Period.quarter_of(start)]
    while found[-1].end < end:
        found.append(found[-1].next)
    return tuple(found)


def _last_day(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


# --- The delays that the law gives, counted from a day that people record --------------------------


AGREEMENT_THRESHOLD = 23_000_00
"""Cents a year above which a subsidy must have an agreement, whose data are published (decree 2001-495, article 1)."""
REPORT_MONTHS, PUBLICATION_MONTHS = 6, 3


def report_due(end_of_year: date) -> date:
    """The day by which the financial report is due: six months after the end of the accounting year.

    Source: law n° 2000-321 of 12 April 2000, article 10; decree of 11 October 2006.
    """
    return after(end_of_year, REPORT_MONTHS)


def is_published(cents: int) -> bool:
    """Whether the law asks to publish the data of the agreement of a subsidy, voted for a year.

    Source: law n° 2000-321 of 12 April 2000, article 10; decrees n° 2001-495 (the threshold) and n° 2017-779.
    """
    return cents > AGREEMENT_THRESHOLD


def publication_due(signed: date) -> date:
    """The day by which the essential data of an agreement are published: three months after its signature.

    Source: decree n° 2017-779 of 5 May 2017, article 2.
    """
    return after(signed, PUBLICATION_MONTHS)


def after(day: date, months: int) -> date:
    """The same day some months later; the end of a month stays the end of a month."""
    count = day.year * 12 + day.month - 1 + months
    last = Period.month(count // 12, count % 12 + 1).end
    ends = day == Period.month(day.year, day.month).end
    return last if ends or day.day > last.day else last.replace(day=day.day)
