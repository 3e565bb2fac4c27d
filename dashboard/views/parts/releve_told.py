"""What an association tells with its relevé: the form, or the words; and what was written before."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.domain import access, french
from core.domain.access import Action, On
from core.domain.actor import Role
from core.domain.experiment import Experiment
from core.domain.local_time import FRANCE
from core.domain.releve import Releve
from core.services import releves
from core.services.accounts import acting_for
from core.services.releves import Narrative
from dashboard.components import Html, fold, heading, note, section, show, table, tag
from dashboard.context import Context
from dashboard.views.parts.kept import kept
from dashboard.views.parts.moment import Moment
from dashboard.views.parts.releve_answers import did


def draw_told(context: Context, found: Releve) -> None:
    """The form for who may still write, the words for the others."""
    written = releves.narratives(context.store, found.experiment, found.period.code)
    owner = On(found.association, found.association, state=found.state)
    if access.allowed(context.visitor, Action.DEPOSIT, owner):
        _form(context, found, written[-1] if written else None)
    elif written:
        show(section("Ce que raconte l’association", told(written[-1])))
    if len(written) > 1:
        show(fold("Les versions précédentes", _before(written)))


def told(one: Narrative) -> Html:
    """The words of one narrative: how it went, the cause of a delay, what comes next."""
    parts = (("La cause", one.cause), ("La prochaine action", one.next_action))
    return tag(
        "div",
        tag("blockquote", tag("p", one.text), class_="told__text") if one.text else None,
        [tag("p", tag("strong", f"{name} : "), said) for name, said in parts if said],
        tag("p", f"Écrit par {one.actor}, le {french.moment(one.at.astimezone(FRANCE))}", class_="note"),
        class_="told",
    )


def last_told(context: Context, experiment: Experiment, moment: Moment) -> Html | None:
    """What the association last told of a period that had begun at ``moment``; nothing for a past revision."""
    if moment.revision is not None:
        return None
    board = kept(context, "relevés", None, lambda: releves.board(context.registry, context.store, context.today))
    mine = [one for one in board if one.experiment == experiment.code and one.period.start <= moment.until]
    for one in reversed(mine):
        written = releves.narrative(context.store, one.experiment, one.period.code)
        if written is not None:
            return section(f"Ce qu’en dit {experiment.association.name}, au {one.period.label}", told(written))
    return None


def _form(context: Context, found: Releve, last: Narrative | None) -> None:
    show(heading("Ce que vous racontez de cette période", 2))
    with st.form("recit", border=False):
        text = st.text_area("Comment la période s’est passée", last.text if last else "", height=120)
        cause = st.text_area("S’il y a du retard, sa cause", last.cause if last else "", height=80)
        action = st.text_area("La prochaine action", last.next_action if last else "", height=80)
        pressed = st.form_submit_button("Enregistrer le commentaire")
    show(note("Sans nom de personne, ni téléphone. Le comité lit ce commentaire avec les chiffres."))
    if pressed:
        did(lambda: _write(context, found, text, cause, action), "Le commentaire est enregistré.")


def _write(context: Context, found: Releve, text: str, cause: str, action: str) -> Any:
    actor = context.actor
    hand = acting_for(actor, found.association) if actor.role is Role.LEAD else actor
    return releves.tell(
        context.registry, context.store, found.experiment, found.period.code, text,
        actor=hand, at=context.now, cause=cause, next_action=action,
    )  # fmt: skip


def _before(written: list[Narrative]) -> Html:
    body = [
        [french.moment(one.at.astimezone(FRANCE)), one.actor, one.text, one.cause, one.next_action]
        for one in reversed(written[:-1])
    ]
    headings = ["Quand", "Écrit par", "Commentaire", "Cause", "Prochaine action"]
    return table("Les versions précédentes", headings, body, hide_caption=True)
