"""What is done with a relevé on screen: one button for each thing that may be done, and its reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from core.domain import french
from core.domain.local_time import FRANCE
from core.domain.releve import Releve
from core.errors import FabriqueError, Forbidden
from core.services import releves
from dashboard.components import callout, heading, link, show, tag
from dashboard.context import Context
from dashboard.views.parts.releve_words import releve_address

_DONE = "releve-fait"


def tell() -> None:
    """What was just done, once."""
    done = st.session_state.pop(_DONE, None)
    if done:
        show(tag("div", callout(done, title="C’est fait"), role="status"))


def did(act: Callable[[], Any], done: str) -> None:
    """Do it and draw the page again with ``done`` on top; or say why not, under the button."""
    try:
        act()
    except Forbidden:
        raise
    except FabriqueError as error:
        show(tag("div", callout(str(error), tone="attention"), role="alert"))
        return
    st.session_state[_DONE] = french.typeset(done)
    st.rerun()


def draw_requests(context: Context, asked: Sequence[Releve]) -> None:
    """The requests to open a relevé again, each to grant or to refuse with a reason."""
    if not asked:
        return
    show(heading(f"Réouvertures demandées ({len(asked)})", 2))
    for one in asked:
        draw_request(context, one)


def draw_request(context: Context, one: Releve) -> None:
    """One request: who asks, why, and the two answers."""
    assert one.asked is not None
    title = f"{context.registry.experiment(one.experiment).title}, {one.period.label}"
    when = french.moment(one.asked.at.astimezone(FRANCE))
    show(
        tag(
            "div",
            tag("p", link(title, releve_address(one))),
            callout(one.asked.reason, "question", title=f"{one.asked.actor}, le {when}"),
        )
    )
    with st.form(f"reouverture-{one.subject}", border=False):
        reason = st.text_area("Votre réponse", help="Le motif, que l’association lira.", height=80)
        with st.container(horizontal=True):
            granted = st.form_submit_button("Rouvrir ce relevé", type="primary")
            refused = st.form_submit_button("Refuser la réouverture")
    asked = (context.registry, context.store, one.experiment, one.period.code)
    whom = {"actor": context.actor, "at": context.now}
    if granted:
        did(lambda: releves.reopen(*asked, reason, **whom), "Le relevé est rouvert : l’association peut le modifier.")
    if refused:
        did(lambda: releves.refuse_reopening(*asked, reason, **whom), "La réouverture est refusée, avec votre motif.")
