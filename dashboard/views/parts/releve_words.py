"""The state of a relevé as the screen draws it: words, a shape, and how late it is."""

from __future__ import annotations

from core.domain import access, french
from core.domain.access import Action, On, State
from core.domain.releve import Releve
from dashboard.components import Html, link, tag
from dashboard.context import Context
from dashboard.navigation import address

_SHAPES = {
    State.DUE: "□",
    State.DRAFT: "◧",
    State.SUBMITTED: "→",
    State.RETURNED: "↩",
    State.APPROVED: "✓",
}


def state_mark(found: Releve) -> Html:
    """« → Transmis le 4 juillet 2022 », « □ Attendu depuis le … », « — Sans objet »."""
    shape = "—" if found.state is None else _SHAPES[found.state]
    kind = "none" if found.state is None else found.state.value
    late = " releve--late" if found.awaited else ""
    return tag(
        "span",
        tag("span", shape, class_="releve__shape", aria_hidden="true"),
        tag("span", found.words, class_="releve__word"),
        class_=f"releve releve--{kind}{late}",
    )


def late_words(found: Releve) -> str:
    """« 12 jours de retard », « 2 jours de retard, pas encore transmis », or nothing."""
    if not found.days_late:
        return ""
    days = f"{french.count(found.days_late, 'jour')} après l’échéance"
    return days if found.sent else f"{days}, pas encore transmis"


def releve_address(found: Releve) -> str:
    """The address of its page."""
    return address("releve", experience=found.experiment, periode=found.period.code)


def may_read(context: Context, found: Releve) -> bool:
    """Whether the visitor may open its page."""
    return access.allowed(context.visitor, Action.READ_ROWS, On(found.association))


def cell(context: Context, found: Releve) -> Html:
    """What the board shows: the state, and the delay under it; it leads to the relevé."""
    state = state_mark(found)
    reachable = found.state is not None and may_read(context, found)
    late = late_words(found)
    asked = tag("span", "Réouverture demandée", class_="tag") if found.asked else None
    return tag(
        "div",
        link(state, releve_address(found), quiet=True) if reachable else state,
        tag("span", late, class_="releve__late") if late else None,
        asked,
        class_="releve-cell",
    )
