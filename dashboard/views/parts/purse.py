"""The money as screens show it: six lines, what no key divides, what cannot be compared."""

from __future__ import annotations

from collections.abc import Sequence

from core.deliberation import ASSOCIATIONS
from core.domain import french
from core.services.ledger import Ledger, LineState
from core.services.purse import money_sentence, purpose, serves, undivided_sentence
from dashboard.components import Html, MoneyLine, money_table

__all__ = ["money_lines", "money_of", "money_sentence", "purpose", "serves", "undivided_sentence"]


def money_lines(states: Sequence[LineState], *, short: bool = False) -> list[MoneyLine]:
    """The lines as the money table wants them; ``short`` names them by what they serve, for a narrow place."""
    return [_line(state, short) for state in states]


def _line(state: LineState, short: bool) -> MoneyLine:
    for_whom = serves(state)
    return MoneyLine(
        name=f"{for_whom[:1].upper()}{for_whom[1:]}" if short else purpose(state),
        association=ASSOCIATIONS[state.line.association].name,
        voted=state.voted,
        paid=state.paid,
        spent=state.spent,
        serves="" if short else for_whom,
        undivided=not state.allocated,
        source=f"{purpose(state)}. {state.line.source.where} : « {french.unbroken(state.line.source.words)} »",
        address=f"/subventions#{state.line.code}",
    )


def money_of(ledger: Ledger, caption: str, *, short: bool = False) -> Html:
    """The table of the six lines."""
    return money_table(money_lines(ledger.lines, short=short), caption=caption)
