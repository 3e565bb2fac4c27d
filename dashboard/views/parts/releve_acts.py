"""The buttons of one relevé: each says what happens, and asks for a reason where one is due."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.domain.access import State
from core.domain.actor import Actor, Role
from core.domain.releve import Deed, Releve
from core.exports.statement import statement, statement_name
from core.services import releves
from core.services.accounts import acting_for
from core.services.releves import letters
from dashboard.components import download, heading, note, show
from dashboard.context import Context
from dashboard.navigation import address
from dashboard.views.parts.releve_answers import did, draw_request

_HEAD = "Ce que vous pouvez faire"


def draw_acts(context: Context, found: Releve) -> None:
    """What this person may do now with this relevé, and the papers to keep."""
    offered = [deed for deed in Deed if releves.may(context.visitor, deed, found)]
    if offered:
        show(heading(_HEAD, 2))
    if Deed.SENT in offered:
        _send(context, found)
    if Deed.ACCEPTED in offered or Deed.RETURNED in offered:
        _review(context, found, offered)
    if Deed.REFUSED in offered:
        draw_request(context, found)
    elif Deed.REOPENED in offered and found.state is State.APPROVED:
        _with_reason(context, found, releves.reopen, "Rouvrir ce relevé", "Le relevé est rouvert.", "rouvrir")
    if Deed.ASKED in offered:
        ask = "Demander la réouverture" if found.locked else "Demander à reprendre ce relevé"
        _with_reason(
            context, found, releves.ask_reopening, ask, "Votre demande est envoyée à la Métropole.", "demander"
        )
    _papers(context, found)


def _send(context: Context, found: Releve) -> None:
    if st.button("Transmettre le relevé", type="primary", key="transmettre"):
        done = "Le relevé est transmis ; un accusé de réception est disponible."
        did(lambda: releves.transmit(*_asked(context, found), actor=_hand(context, found), at=context.now), done)
    show(note("Prévient la Métropole ; vous pouvez encore demander à le reprendre."))


def _review(context: Context, found: Releve, offered: list[Deed]) -> None:
    whom: dict[str, Any] = {"actor": context.actor, "at": context.now}
    with st.form("relire", border=False):
        said = st.text_area("Motif ou remarque", help="Obligatoire pour un retour ; l’association le lira.", height=100)
        with st.container(horizontal=True):
            accepted = Deed.ACCEPTED in offered and st.form_submit_button("Accepter le relevé", type="primary")
            returned = Deed.RETURNED in offered and st.form_submit_button("Retourner pour correction")
    show(note("Accepté, le relevé est verrouillé. Retourné, l’association peut de nouveau le modifier."))
    if accepted:
        done = "Le relevé est accepté : ses données sont verrouillées."
        did(lambda: releves.accept(*_asked(context, found), note=said, **whom), done)
    if returned:
        done = "Le relevé est retourné à l’association, avec votre motif. La lettre est prête."
        did(lambda: releves.give_back(*_asked(context, found), said, **whom), done)


def _with_reason(
    context: Context, found: Releve, act: Callable[..., Any], label: str, done: str, key: str
) -> None:  # fmt: skip
    with st.form(key, border=False):
        reason = st.text_area("Motif", height=80, help="Pourquoi, en une phrase.")
        pressed = st.form_submit_button(label, type="primary" if key == "demander" else "secondary")
    if pressed:
        did(lambda: act(*_asked(context, found), reason, actor=_hand(context, found), at=context.now), done)


def _papers(context: Context, found: Releve) -> None:
    if found.sent:
        download(
            "Télécharger l’accusé de réception (PDF)",
            lambda: statement(
                context.registry, context.store, found, actor=context.actor, fictitious=context.demonstration
            ),
            statement_name(found),
            mime="application/pdf",
            key="accuse",
        )
    if found.state is State.RETURNED and context.actor.role is Role.LEAD:
        text = letters.returned(context.registry, found, _public(context, found)).text.encode()
        download("Télécharger la lettre de retour", text, "retour.txt", mime="text/plain", key="retour")


def _public(context: Context, found: Releve) -> str:
    """The page's whole address, when the server knows its own."""
    base = context.settings.public_url if context.settings else None
    return f"{base}{address('releve', experience=found.experiment, periode=found.period.code)}" if base else ""


def _asked(context: Context, found: Releve) -> tuple[Any, ...]:
    return context.registry, context.store, found.experiment, found.period.code


def _hand(context: Context, found: Releve) -> Actor:
    """Who acts: the visitor, in the association's stead when the project lead sends."""
    actor = context.actor
    stands_in = actor.role is Role.LEAD and found.state in (State.DRAFT, State.RETURNED)
    return acting_for(actor, found.association) if stands_in else actor
