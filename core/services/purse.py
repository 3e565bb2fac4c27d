"""The money in words: what was paid and spent of what was voted, what no key divides, what cannot be compared."""

from __future__ import annotations

from core.deliberation import ASSOCIATIONS, EXPERIMENTS
from core.domain import french
from core.services.ledger import Ledger, LineState

WHOLE = "toute la Métropole"


def purpose(state: LineState) -> str:
    """The object voted, with a capital."""
    return french.sentence(state.line.purpose).rstrip(".")


def serves(state: LineState) -> str:
    """For which experiments a line pays, by the text or by a key."""
    if state.key_decision:
        parts = [f"{_name(code)} {french.percent(float(100 * share))}" for code, share in state.shares.items()]
        return french.listing(parts)
    codes = state.line.experiments
    return french.listing(map(_name, codes)) if codes else WHOLE


def money_sentence(ledger: Ledger) -> str:
    """« 82 300 € versés sur 115 000 € votés (72 %) ; 89 000 € dépensés (77 %). »."""
    voted = f"{french.euros(ledger.voted)} votés"
    if ledger.paid is None and ledger.spent is None:
        return f"{voted} ; aucun versement et aucune dépense ne sont encore renseignés."
    paid = "aucun versement renseigné" if ledger.paid is None else f"{french.euros(ledger.paid)} versés"
    share = "" if ledger.paid is None else f" ({french.percent(100 * ledger.paid / ledger.voted)})"
    spent = "dépenses non renseignées"
    if ledger.spent is not None:
        spent = f"{french.euros(ledger.spent)} dépensés ({french.percent(100 * ledger.spent / ledger.voted)})"
    return french.sentence(f"{paid} sur {voted}{share}\u202f; {spent}")


def undivided_sentence(ledger: Ledger) -> str:
    """What no key divides, and what cannot be compared because of it; empty when all is divided."""
    waiting = ledger.unallocated
    if not waiting:
        return ""
    named = french.listing(
        f"{french.euros(state.voted)} d’{_association(state)}"
        if _association(state)[0] in "AEIOUY"
        else f"{french.euros(state.voted)} de {_association(state)}"
        for state in waiting
    )
    total = french.euros(sum(state.voted for state in waiting))
    sums = "cette somme n’est attachée" if len(waiting) == 1 else f"ces sommes ({total}) ne sont attachées"
    return french.sentence(
        f"{named} : {sums} à aucune expérimentation seule tant qu’aucune clé de répartition n’est décidée ; "
        "les six ne peuvent donc pas être comparées « par euro de subvention »"
    )


def _association(state: LineState) -> str:
    return ASSOCIATIONS[state.line.association].name


def _name(code: str) -> str:
    found = EXPERIMENTS.get(code)
    return found.short_title if found else code
