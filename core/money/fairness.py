"""Figures of unequal experiments made comparable: per euro voted, per household, against their own target.

What cannot be compared is not: money that covers several experiments is never divided without
a recorded key, and the number of households is only known where buildings are followed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.deliberation import ASSOCIATIONS, EXPERIMENTS
from core.domain import french
from core.domain.indicator import Computed, Indicator, Median
from core.domain.observation import Cell, Missing, Observation
from core.money.ledger import Ledger, LineState

EUROS, HOUSEHOLDS = 1_000, 100
"""« Pour 1 000 € votés », « pour 100 foyers »: round numbers that keep figures readable."""


class FairMeasure(StrEnum):
    """How a figure is read beside the others."""

    TOTAL = "total"
    PER_EURO = "par-euro"
    PER_HOUSEHOLD = "par-foyer"
    OF_TARGET = "objectif"


@dataclass(frozen=True, slots=True)
class Fair:
    """A figure related to something; ``value`` is None where ``reason`` says why, or ``missing`` does.

    ``numerator`` over ``denominator`` (euros, households, or the target) gives ``value``: per
    1 000 €, per 100 households, or in per cent of the target. ``of`` is the figure that was related, whose day and
    whose gaps go with it.
    """

    experiment: str
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    missing: Missing | None = None
    reason: str = ""
    of: Observation | None = None


def of_target(cell: Cell) -> Fair:
    """The figure in per cent of the experiment's own target."""
    found, target = cell.observation, cell.standing.target
    known = found.missing_because is None or cell.standing.done is not None  # « 0 sur 0 » handed over is 0 % of 25
    if not known:
        return _missing(found)
    if found.hidden:
        return _unshown(found)
    if target is None or cell.standing.done is None:
        return Fair(_whose(found), reason="Le comité n’a pas fixé d’objectif pour ce chiffre.")
    return Fair(_whose(found), 100 * cell.standing.done, _number(found), target.value, of=found)


def per_euro(found: Observation, indicator: Indicator, ledger: Ledger, axis: int | None) -> Fair:
    """The figure for each 1 000 € voted for the experiment on ``axis``, under which the figure is read (None: all)."""
    if refused := _refused(found, indicator):
        return refused
    code = _whose(found)
    lines = [state for state in ledger.lines if _serves(state, axis)]
    if waiting := [state for state in lines if _waits(state, code)]:
        return Fair(code, reason=_undivided(waiting))
    cents = sum(state.part(state.voted, code) or 0 for state in lines)
    if not cents:
        return Fair(code, reason="Aucune somme n’est votée ici pour cet axe.")
    return _related(found, indicator, cents / 100, EUROS)


def per_household(found: Observation, indicator: Indicator, dwellings: Observation | None) -> Fair:
    """The figure for each 100 dwellings of the buildings that were visited; ``dwellings`` counts them."""
    if refused := _refused(found, indicator):
        return refused
    if 2 not in indicator.axes:
        return Fair(_whose(found), reason="Le nombre de foyers n’est connu que pour les immeubles suivis (axe 2).")
    if dwellings is None or not dwellings.denominator:
        return Fair(_whose(found), reason="Aucun immeuble n’est encore diagnostiqué ici.")
    return _related(found, indicator, dwellings.denominator, HOUSEHOLDS)


def _serves(state: LineState, axis: int | None) -> bool:
    """Whether the line may have paid for something of that axis: named by its object, or no axis named."""
    return axis is None or not state.line.axes or axis in state.line.axes


def _waits(state: LineState, experiment: str) -> bool:
    """Whether no key says yet what part of the line falls to the experiment, which it may have paid for."""
    return not state.allocated and (not state.line.experiments or experiment in state.line.experiments)


def undivided_sentence(ledger: Ledger) -> str:
    """What no key divides, and which figures are not compared because of it; empty when all is divided.

    The rule is that of ``per_euro``: the figures of an axis, for the experiments that such a line may have paid for.
    """
    waiting = ledger.unallocated
    if not waiting:
        return ""
    named = french.listing(f"{french.euros(state.voted)} {french.of(_association(state))}" for state in waiting)
    total = french.euros(sum(state.voted for state in waiting))
    sums = "cette somme n’est attachée" if len(waiting) == 1 else f"ces sommes ({total}) ne sont attachées"
    figures = french.listing(dict.fromkeys(map(_not_compared, waiting)))
    return french.sentence(
        f"{named} : {sums} à aucune expérimentation seule tant qu’aucune clé de répartition n’est décidée ; "
        f"d’ici là, {figures} ne se comparent pas « pour {french.number(EUROS)}{french.NBSP}€ votés »"
    )


def _not_compared(state: LineState) -> str:
    """« les chiffres des axes 1 et 2 », « les chiffres de Frais Vallon et Plan d’Aou »."""
    axes = french.listing(map(str, state.line.axes))
    which = (f"des axes {axes}" if len(state.line.axes) > 1 else f"de l’axe {axes}") if axes else ""
    whose = french.listing(EXPERIMENTS[code].short_title for code in state.line.experiments)
    return " ".join(filter(None, ("les chiffres", which, whose and french.of(whose))))


def _association(state: LineState) -> str:
    return ASSOCIATIONS[state.line.association].name


def _undivided(waiting: Sequence[LineState]) -> str:
    named = french.listing(f"{french.euros(state.voted)} ({state.line.purpose})" for state in waiting)
    return f"{named} : somme non ventilée, qu’aucune clé de répartition ne partage encore."


def _refused(found: Observation, indicator: Indicator) -> Fair | None:
    if found.missing_because is not None:
        return _missing(found)
    if found.hidden:
        return _unshown(found)
    rate = indicator.denominator is not None and indicator.headline != "numerator"
    if rate or indicator.is_money or isinstance(indicator.numerator, Median | Computed):
        return Fair(_whose(found), reason="Ce chiffre est déjà un rapport, un délai ou une somme : il se lit tel quel.")
    return None


def _related(found: Observation, indicator: Indicator, denominator: float, each: int) -> Fair:
    number = _number(found) or 0.0
    return Fair(_whose(found), each * number / denominator, number, denominator, of=found)


def _number(found: Observation) -> float | None:
    return found.numerator if found.numerator is not None else found.value


def _missing(found: Observation) -> Fair:
    return Fair(_whose(found), missing=found.missing_because, reason=found.reason)


def _unshown(found: Observation) -> Fair:
    return Fair(_whose(found), reason=f"Ce nombre n’est pas montré ici ({found.hidden}).")


def _whose(found: Observation) -> str:
    return found.experiment or ""
