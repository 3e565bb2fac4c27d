"""Whether something was stored between the look of a person and her decision."""

from __future__ import annotations

from collections.abc import Mapping

from core.domain.programme import METROPOLE
from core.errors import Conflict
from core.storage import Store
from core.storage.deposits import last_revisions
from core.storage.writing import Writing


def state_of(store: Store, association: str) -> int:
    """The last revision of what an association's deposits are judged against: its own rows and the Métropole's."""
    return _last(store.last_revisions(), association)


def refuse_moved(seen: int | None, writing: Writing, association: str) -> None:
    """Raise Conflict when something was stored after ``seen``; None: nobody looked."""
    if seen is not None and _last(last_revisions(writing.connection), association) != seen:
        raise Conflict(
            "Les données ont changé depuis la vérification. Rien n’est enregistré : relisez la nouvelle "
            "vérification, puis confirmez."
        )


def _last(revisions: Mapping[tuple[str, str], int], association: str) -> int:
    return max((one for (whose, _), one in revisions.items() if whose in (association, METROPOLE)), default=0)
