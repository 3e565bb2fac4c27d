"""Which day a page speaks of, read from its address and offered as a choice.

``?periode=2022-T2`` shows the figures at the end of that period, ``?periode=aujourd-hui`` those
of today, ``?revision=41`` those that were known then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st

from core.domain import french
from core.domain.period import Period, quarters_between
from core.errors import UnknownName
from dashboard.components import Choice, Html, choices
from dashboard.context import Context
from dashboard.navigation import address
from dashboard.views.parts.kept import rows

TODAY = "aujourd-hui"


@dataclass(frozen=True, slots=True)
class Moment:
    """The day shown, the period that it ends, and the periods that may be chosen, oldest first."""

    today: date
    periods: tuple[Period, ...]
    period: Period | None
    revision: int | None = None

    @property
    def until(self) -> date:
        """The last day that counts."""
        return min(self.period.end, self.today) if self.period else self.today

    @property
    def code(self) -> str | None:
        """What the address says of it; None while there is nothing to choose between."""
        return self.period.code if self.period else (TODAY if self.periods else None)

    @property
    def keep(self) -> dict[str, str | None]:
        """What an address must say for another page to speak of the same moment."""
        return {"periode": self.code, "revision": None if self.revision is None else str(self.revision)}

    @property
    def asked(self) -> dict[str, Any]:
        """The same, as monitoring asks it."""
        return {"until": self.until, "revision": self.revision}

    @property
    def quarter(self) -> Period:
        """The period that the day falls in."""
        return self.period or Period.quarter_of(self.until)

    @property
    def before(self) -> date:
        """The day with which the figures are compared: the end of the period before."""
        return Period.quarter_of(date.fromordinal(self.until.toordinal() + 1)).previous.previous.end


def read_moment(context: Context) -> Moment:
    """The moment of the address; else the last period that is over, if anything is known, else today.

    Raises UnknownName when the address names a period that is not one.
    """
    today = context.today
    periods = known_periods(context)
    asked, revision = st.query_params.get("periode"), st.query_params.get("revision")
    return Moment(today, periods, _chosen(asked, periods, today), _revision(revision))


def known_periods(context: Context) -> tuple[Period, ...]:
    """The periods begun: those that the project lead set, else the quarters since the first start."""
    today = context.today
    held = [Period(row["debut"], row["fin"], row["code"]) for row in rows(context, "periodes")]
    begun = tuple(sorted(period for period in held if period.start <= today))
    if begun:
        return begun
    starts = [row["debut"] for row in rows(context, "dates_experimentations")]
    return quarters_between(min(starts), today) if starts and min(starts) <= today else ()


def moment_chooser(path: str, moment: Moment, **others: Any) -> Html | None:
    """The periods as links, the one shown marked; None while there is nothing to choose between."""
    if not moment.periods:
        return None
    offered = [
        Choice(label_of(period), address(path, periode=period.code, **others), period == moment.period)
        for period in moment.periods
        if period.end <= moment.today
    ]
    now = Choice("Aujourd’hui", address(path, periode=TODAY, **others), moment.period is None)
    return choices("Période", [*offered, now])


def label_of(period: Period) -> str:
    """« T2 2022 », short enough for a choice."""
    return f"T{period.code[-1]} {period.start.year}" if period.is_quarter else period.label


def said(moment: Moment) -> str:
    """« Depuis le début, jusqu’au 30 juin 2022 »."""
    return f"Depuis le début, jusqu’au {french.day(moment.until)}"


def _chosen(asked: str | None, periods: tuple[Period, ...], today: date) -> Period | None:
    if asked == TODAY:
        return None
    if asked:
        return next((period for period in periods if period.code == asked), None) or Period.parse(asked)
    return next((period for period in reversed(periods) if period.end < today), None)


def _revision(text: str | None) -> int | None:
    if not text:
        return None
    if not text.isascii() or not text.isdecimal():
        raise UnknownName(f"Révision « {text} » inconnue. Écrivez un nombre, par exemple 41.")
    return int(text)
