"""Two moments side by side, as the address of « Comparer » names them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.domain import french
from core.domain.experiment import Experiment
from core.domain.indicator import Computed, Indicator
from core.domain.period import Period
from core.errors import UnknownName
from core.services.fairness import Measure
from dashboard.context import Context
from dashboard.views.parts.groups import first_screen, the_rest
from dashboard.views.parts.moment import TODAY, Moment, read_moment

DEFAULT = ("EQ5a", "CO5", "AC6", "AC3a")
SINCE, WITHIN = "depuis-le-debut", "pendant"


@dataclass(frozen=True, slots=True)
class Sides:
    """What is compared: experiments, indicators, two moments, and how periods are read.

    ``within``: the figures of each period alone, instead of the totals at its end. ``measure``:
    totals, or figures related to money, households or targets.
    """

    experiments: tuple[Experiment, ...]
    indicators: tuple[Indicator, ...]
    before: Moment
    after: Moment
    within: bool
    measure: Measure = Measure.TOTAL

    def asked(self, moment: Moment) -> dict[str, Any]:
        """What monitoring is asked for one side."""
        return {**moment.asked, "period": moment.quarter if self.within else None}

    def name(self, moment: Moment) -> str:
        """« Au 31 mars 2022 », « 1er trimestre 2022 »."""
        return moment.quarter.label if self.within else f"Au {french.day(moment.until)}"


def read_sides(context: Context) -> Sides:
    """The comparison of the address; by default the last period that is over and the one before."""
    params = st.query_params
    now = read_moment(context)
    after = _moment(now, params.get("b"), _last(now))
    before = _moment(now, params.get("a"), _before(now, after))
    return Sides(
        _experiments(context, params.get_all("experience")),
        _indicators(context, params.get_all("indicateur")),
        before,
        after,
        params.get("lecture") == WITHIN,
        _measure(params.get("mesure")),
    )


def offered(context: Context) -> list[Indicator]:
    """The indicators that may be compared, those of the first screen first."""
    known = tuple(context.registry.catalogue.values())
    return [
        one
        for one in [*first_screen(known), *the_rest(known), *(x for x in known if x.shortlist != "socle")]
        if not isinstance(one.numerator, Computed)
    ]


def _measure(code: str | None) -> Measure:
    if code is None:
        return Measure.TOTAL
    if code not in set(Measure):
        raise UnknownName(f"Mesure « {code} » inconnue. Choisissez parmi : {', '.join(Measure)}.")
    return Measure(code)


def _experiments(context: Context, codes: Sequence[str]) -> tuple[Experiment, ...]:
    chosen = {context.registry.experiment(code).code for code in codes}
    return tuple(one for one in context.registry.experiments if not chosen or one.code in chosen)


def _indicators(context: Context, codes: Sequence[str]) -> tuple[Indicator, ...]:
    if codes:
        return tuple(context.registry.indicator(code) for code in dict.fromkeys(codes))
    catalogue = context.registry.catalogue
    return tuple(catalogue[code] for code in DEFAULT if code in catalogue)


def _moment(now: Moment, code: str | None, otherwise: Period | None) -> Moment:
    if code == TODAY:
        return Moment(now.today, now.periods, None, now.revision)
    found = next((one for one in now.periods if one.code == code), None) if code else otherwise
    return Moment(now.today, now.periods, found or (Period.parse(code) if code else None), now.revision)


def _last(now: Moment) -> Period | None:
    return next((one for one in reversed(now.periods) if one.end < now.today), None)


def _before(now: Moment, after: Moment) -> Period | None:
    return next((one for one in reversed(now.periods) if one.end < after.quarter.start), None)
