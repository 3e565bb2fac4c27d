"""Of the rows behind a figure, those that the visitor may read: an association reads its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from core.domain import access, french
from core.domain.access import Action, On
from core.services.monitoring.evidence import Evidence
from dashboard.components import note
from dashboard.context import Context

_OF_THE_METROPOLE = frozenset({"lignes", "versements_ventiles"})
"""What the vote and the Métropole say of the money: everybody reads it on « Subventions »."""


def readable(context: Context, measure: Any, found: Evidence) -> Evidence:
    """The same evidence with the rows that the visitor may read only; ``count`` stays that of the figure."""
    if not found.keys or getattr(measure, "source", None) in _OF_THE_METROPOLE:
        return found
    hidden = _hidden(context, {association for association, _ in found.keys})
    kept = [at for at, (association, _) in enumerate(found.keys) if association not in hidden]
    return replace(found, rows=[found.rows[at] for at in kept], keys=tuple(found.keys[at] for at in kept))


def others_note(found: Evidence) -> Any:
    """« 165 lignes d’autres associations sont comptées et ne sont pas montrées. », or None."""
    count = found.count - len(found.rows)
    if not count:
        return None
    rows = french.count(count, "ligne", "lignes")
    return note(
        f"{rows} d’autres associations, que vous ne pouvez pas lire, "
        f"{'est comptée et n’est pas montrée' if count == 1 else 'sont comptées et ne sont pas montrées'}."
    )


def _hidden(context: Context, present: set[str]) -> set[str]:
    """The associations, among those present, whose rows the visitor may not read."""
    known = {one.code for one in context.registry.associations} & present
    return {code for code in known if not access.allowed(context.visitor, Action.READ_ROWS, On(code))}
