"""A target whose due date moves: one decision ends the former one and begins the new one; the past keeps its own."""

from __future__ import annotations

from datetime import date

from core.catalogue.keys import KEY
from core.depositing.editing import Edits
from core.domain import french
from core.domain.dataset import Row
from core.errors import Refused


def moved(row: Row, due: date, decision: str, decided: date) -> Edits:
    """What writes that the target ``row`` falls due on ``due`` from the day ``decided``, by ``decision``.

    The due date is part of what names a target: the row leaves and another one comes, in one revision, which is
    how the figures know that the second follows the first (``core.figures.known``). Raises Refused when the day does
    not change, or when the decision is older than the one that it replaces.
    """
    if due == row["echeance"]:
        raise Refused(french.typeset(f"L’échéance est déjà le {french.day(due)} : rien n’est changé."))
    former = row["decide_le"]
    if former is not None and decided <= former:
        raise Refused(
            french.typeset(
                f"L’objectif d’avant est décidé le {french.day(former)} : la décision qui le déplace vient après. "
                "Si c’est sa date qui est fausse, corrigez-la dans le formulaire au-dessus."
            )
        )
    kept = {name: value for name, value in row.items() if not name.startswith("_")}
    new = {**kept, "echeance": due, "decision": decision, "decide_le": decided}
    return Edits(added=(new,), removed=(row[KEY],))
