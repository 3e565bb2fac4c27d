"""What the project lead's calendar asks: one term per experiment and period."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl

from core.domain import french
from core.domain.experiment import METROPOLE
from core.domain.period import Period
from core.domain.releve import Term
from core.errors import UnknownName

Rows = Callable[[str, str], pl.DataFrame]
"""The rows that hold, by association and dataset code."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The periods in the order of time, and every term, period by period."""

    periods: tuple[Period, ...]
    terms: tuple[Term, ...]

    def term(self, experiment: str, period: str) -> Term:
        """The term of one experiment and period; raises UnknownName when the calendar does not ask it."""
        for one in self.terms:
            if (one.experiment, one.period.code) == (experiment, period):
                return one
        known = ", ".join(one.code for one in self.periods) or "aucune n’est encore fixée"
        said = f"Aucun relevé n’est attendu pour « {experiment} » et la période « {period} ». Périodes : {known}."
        raise UnknownName(french.typeset(said))


def read_calendar(registry: Any, rows: Rows) -> Calendar:
    """The calendar that ``rows`` hold."""
    listed = sorted(rows(METROPOLE, "periodes").to_dicts(), key=lambda row: row["debut"])
    known = [(Period(row["debut"], row["fin"], row["code"]), row["echeance"]) for row in listed]
    days = {row["experience"]: row for row in rows(METROPOLE, "dates_experimentations").to_dicts()}
    terms = tuple(
        _term(experiment, period, due, days.get(experiment.code, {}))
        for period, due in known
        for experiment in registry.experiments
    )
    return Calendar(tuple(period for period, _ in known), terms)


def _term(experiment: Any, period: Period, due: Any, days: dict[str, Any]) -> Term:
    return Term(experiment.code, experiment.association.code, period, due, days.get("debut"), days.get("fin"))
