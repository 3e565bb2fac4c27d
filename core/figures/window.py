"""Which rows count: those dated from one day to another, or from the start to a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches

from core.domain.calendar import Period
from core.domain.indicator import Indicator
from core.errors import UnknownName


@dataclass(frozen=True, slots=True)
class Window:
    """Days that count, both included. ``start`` None = since the start.

    A start is always the first day of a month: rows are added up month by month, and only the
    last day of the window may cut a month.
    """

    start: date | None
    end: date
    period: Period | None = None

    @classmethod
    def of(cls, until: date, period: Period | None = None) -> Window:
        """The rows dated up to ``until``, in ``period`` only when there is one."""
        if period is None:
            return cls(None, until)
        return cls(period.start, min(period.end, until), period)

    @property
    def first_month(self) -> str:
        """« 2021-07 », or an empty text (before every month) since the start."""
        return f"{self.start:%Y-%m}" if self.start else ""

    @property
    def last_month(self) -> str:
        """« 2022-06 »."""
        return f"{self.end:%Y-%m}"

    @property
    def cuts_a_month(self) -> bool:
        """Whether it ends before the last day of a month."""
        return (self.end + timedelta(days=1)).day != 1

    def until_end_of(self, month: date) -> Window:
        """The same start, up to the end of ``month`` at the latest."""
        last = Period.month(month.year, month.month).end
        return Window(self.start, min(last, self.end), self.period)

    def only(self, month: date) -> Window:
        """The days of ``month`` alone."""
        named = Period.month(month.year, month.month)
        return Window(named.start, min(named.end, self.end), named)


def previous(window: Window) -> Window:
    """What the figure is compared with: the period before, or the end of the quarter before.

    Since the start, « the quarter before » is the one before the last quarter that was over
    at the window's end: at 5 July, the figures of 30 June are compared with those of 31 March.
    """
    if window.period is not None:
        before = window.period.previous
        return Window(before.start, before.end, before)
    last_over = Period.quarter_of(window.end + timedelta(days=1)).previous
    return Window(None, last_over.previous.end)


def months_between(first: date, last: date) -> list[date]:
    """The first days of the months from ``first`` to ``last``."""
    found, month = [], first.replace(day=1)
    while month <= last:
        found.append(month)
        month = Period.month(month.year, month.month).next.start
    return found


# --- Codes as people type them ---------------------------------------------------------------------


def one_of(catalogue: Mapping[str, Indicator], code: str | Indicator) -> Indicator:
    """The indicator ``code``, whatever its case; raises UnknownName with the nearest right one.

    An indicator itself is given back: what is not in the catalogue may be asked as well.
    """
    if isinstance(code, Indicator):
        return code
    if code in catalogue:
        return catalogue[code]
    folded = {known.casefold(): known for known in catalogue}
    if code.casefold() in folded:
        return catalogue[folded[code.casefold()]]
    near = get_close_matches(code.casefold(), folded, 1, 0.4)
    hint = f" Vouliez-vous dire «\u00a0{folded[near[0]]}\u00a0»\u202f?" if near else ""
    raise UnknownName(f"Indicateur «\u00a0{code}\u00a0» inconnu.{hint}")


# --- The places that a breakdown shows -------------------------------------------------------------


NO_PLACE = "sans-lieu"
"""The line of a breakdown by place for rows that have no place yet, so that the parts add up."""
