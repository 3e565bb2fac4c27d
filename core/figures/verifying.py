"""The kept answers, compared with what the rows say."""

from __future__ import annotations

from datetime import date

from core.contract import Registry
from core.domain import french
from core.errors import Refused
from core.figures.answers import Shelf
from core.figures.cache import Cache
from core.figures.keeping import code_of
from core.figures.monitor import Monitor
from core.storage import Store


def refuse_stale(registry: Registry, store: Store, today: date) -> int:
    """Work every figure out of the rows alone, and compare it with what the kept answers give; how many figures.

    Raises Refused when one differs: what was kept is then thrown away, and nothing else is changed.
    """
    code, alone = code_of(registry), Cache()
    alone.get(("shelf", code), Shelf)
    kept, found = (Monitor(registry, store, today=today, cache=one).compare().cells for one in (Cache(), alone))
    stale = sorted({indicator for (indicator, whom), cell in found.items() if kept[indicator, whom] != cell})
    if stale:
        store.forget_answers()
        raise Refused(
            french.typeset(
                f"Ces chiffres gardés ne sont pas ceux des lignes : {', '.join(stale)}. Ce qui était gardé est "
                "oublié : redémarrez le service, il les recalculera. Les lignes n’ont pas changé."
            )
        )
    return len(found)
