"""The reminders: to whom, the letters to copy or to keep, and the button that sends them."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.domain import french
from core.services.releves import reminding
from core.services.releves.reminding import Reminder, Server
from dashboard.components import download, fold, heading, note, show, table, tag
from dashboard.context import Context
from dashboard.views.parts.releve_answers import did


def draw_reminders(context: Context) -> None:
    """The list, then what may be done with it."""
    found = reminding.reminders(context.registry, context.store, context.today, address=_address(context))
    show(heading("Rappels", 2))
    if not found:
        show(tag("p", "Aucun relevé n’est en retard ni attendu dans les deux semaines : rien à rappeler."))
        return
    show(_table(context, found), tag("div", [_letter(context, one) for one in found]))
    letters = "\n\n".join(one.letter.text for one in found).encode()
    download("Télécharger les lettres de rappel", letters, "rappels.txt", mime="text/plain", key="rappels")
    _sending(context, found)


def _address(context: Context) -> str:
    return (context.settings.public_url or "") if context.settings else ""


def _table(context: Context, found: tuple[Reminder, ...]) -> Any:
    body = [
        [
            context.registry.association(one.association).name,
            french.listing(context.registry.experiment(r.experiment).short_title for r in one.releves),
            french.day(min(r.due for r in one.releves)),
            ", ".join(one.addresses) or "aucun compte actif",
            "Envoyé aujourd’hui" if one.sent_today else "À envoyer",
        ]
        for one in found
    ]
    headings = ["Association", "Relevés attendus", "Le plus ancien", "Adresses", "Rappel"]
    return table("À qui écrire", headings, body, hide_caption=True)


def _letter(context: Context, one: Reminder) -> Any:
    name = context.registry.association(one.association).name
    return fold(f"Lire la lettre à {name}", tag("pre", one.letter.text, class_="letter"))


def _sending(context: Context, found: tuple[Reminder, ...]) -> None:
    server = reminding.server_of(context.settings)
    if server is None:
        show(note("Aucun serveur de courriel n’est réglé : copiez les lettres, ou téléchargez-les."))
        return
    waiting = [one for one in found if one.addresses and not one.sent_today]
    if st.button(f"Envoyer les rappels ({len(waiting)})", type="primary", disabled=not waiting, key="envoyer-rappels"):
        did(
            lambda: _send(context, found, server),
            "Les rappels sont partis ; ils ne partiront pas deux fois aujourd’hui.",
        )


def _send(context: Context, found: tuple[Reminder, ...], server: Server) -> None:
    reminding.send(context.store, found, server, actor=context.actor, at=context.now)
