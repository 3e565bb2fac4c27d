"""The figures of one place, as a table: what is there first, the rest one click away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.domain import french
from core.domain.experiment import Experiment
from core.domain.indicator import Indicator
from core.domain.observation import Missing, Observation
from dashboard.components import fold, join, link, mark, sentence, shown, table, tag
from dashboard.views.parts.by_place import ByPlace
from dashboard.views.parts.groups import axis_of
from dashboard.views.parts.links import to_definition, to_figure
from dashboard.views.parts.moment import Moment

ORDER = ("EQ5a", "AC6", "CO4", "CO5", "AC3a", "AC1")
"""What is told of a place, the first first."""


def figures_table(
    found: ByPlace, working: Sequence[Experiment], code: str, moment: Moment
) -> Any:  # fmt: skip
    """One row per indicator, one column per experiment that works there and one for all of them."""
    whom = [*(one.code for one in working), None]
    raised = [one for one in found.indicators if any(_raised(found, one, who, code) for who in whom)]
    first = [one for one in raised if one.code in ORDER or any(_something(found, one, who, code) for who in whom)]
    rest = [one for one in raised if one not in first]
    headings = ["Indicateur", *(one.short_title for one in working), "Ensemble à ce lieu"]

    def drawn(kept: Sequence[Indicator], caption: str) -> Any:
        rows = [_line(found, one, whom, code, moment) for one in kept]
        return table(caption, headings, rows, numeric=range(1, len(headings)), hide_caption=True)

    others = (
        fold(f"Voir les {len(rest)} autres indicateurs", drawn(rest, "Les autres chiffres de ce lieu"))
        if rest
        else None
    )
    return join([drawn(first, "Les chiffres de ce lieu"), others])


def at_place(indicator: Indicator, found: Observation) -> Any:
    """A figure at a place. Machines have a place once they are handed over only: there, no rate of axis 1."""
    if alone(indicator) and found.numerator is not None:
        return french.number(found.numerator)
    if found.missing_because is not None:
        return tag("span", mark(found.missing_because), title=found.reason or None)
    return sentence(found) if found.denominator is not None else shown(found).text


def alone(indicator: Indicator) -> bool:
    """Whether only the number says something at a place."""
    return axis_of(indicator) == 1 and indicator.headline == "numerator" and indicator.denominator is not None


def _raised(found: ByPlace, indicator: Indicator, who: str | None, code: str) -> bool:
    return found.figure(indicator, who, code).missing_because is not Missing.NOT_APPLICABLE


def _something(found: ByPlace, indicator: Indicator, who: str | None, code: str) -> bool:
    one = found.figure(indicator, who, code)
    return bool(one.numerator or one.value)


def _line(found: ByPlace, indicator: Indicator, whom: Sequence[str | None], code: str, moment: Moment) -> list[Any]:
    cells = [_linked(found.figure(indicator, who, code), indicator, who, code, moment) for who in whom]
    return [link(indicator.label, to_definition(indicator), quiet=True), *cells]


def _linked(found: Observation, indicator: Indicator, who: str | None, code: str, moment: Moment) -> Any:
    text = at_place(indicator, found)
    if found.missing_because is not None or not (found.numerator or found.value):
        return text
    where = to_figure(indicator, who, moment, place=code)
    return link(text, where, quiet=True) if where else text
