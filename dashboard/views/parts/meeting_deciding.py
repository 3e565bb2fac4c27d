"""Decisions are written during the session, and followed up afterwards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from core.domain import french
from core.domain.meeting import FOLLOW_MARKS, VERDICT_MARKS, Decision, Meeting, Stage, Verdict
from core.services import meetings
from core.services.meetings import Proposal
from dashboard.components import callout, heading, show, tag
from dashboard.context import Context
from dashboard.views.parts.meeting_words import decided_table

Done = Callable[[Callable[[], Any], str], None]
OTHER = ""


def draw_decide(context: Context, found: Meeting, every: Sequence[Meeting], done: Done) -> None:
    """What is decided already, then the form of the next decision."""
    rank = f"{found.number}.{len(found.decisions) + 1}"
    closed = found.stage is Stage.CLOSED
    show(heading("Écrire une décision"), decided_table(found, "Décisions") if found.decisions else None)
    if closed:
        show(
            callout("Ce comité est clos : une décision ne change que par une nouvelle, qui dit laquelle elle remplace.")
        )
    if found.stage is Stage.FROZEN:
        _offer_to_open(context, found, done)
    points = {one.code: one for one in found.points}
    known = found.decisions if closed else meetings.all_decisions(every).values()
    replaceable = [one for one in known if one.stands]
    with st.container(key="formulaire-decider"), st.form("decider", border=False):
        point = st.selectbox(
            "Point de l’ordre du jour", [*points, OTHER], index=_next_point(found),
            format_func=lambda code: points[code].title if code else "Hors ordre du jour",
        )  # fmt: skip
        verdict = st.radio(
            "Issue", list(Verdict), horizontal=True, format_func=lambda one: " ".join(VERDICT_MARKS[one]),
            help="« À soumettre au Bureau » : le comité propose, seule une délibération peut décider.",
        )  # fmt: skip
        # Keys of their own: once a decision is written, the next one starts from an empty form.
        text = st.text_area("Décision", key=f"texte-{rank}", help="Une phrase que les absents comprendront.")
        owner = st.text_input("Responsable", key=f"responsable-{rank}")
        due = st.date_input("Échéance", None, key=f"echeance-{rank}", format="DD/MM/YYYY", help="Vide : pas de date.")
        numbers = [OTHER, *(one.number for one in replaceable)]
        replaces = st.selectbox("Remplace", numbers, format_func=lambda number: _named(number, replaceable))
        sent = st.form_submit_button(french.typeset(f"Enregistrer la décision n° {rank}"), type="primary")
    if sent:
        about = points.get(point)
        proposal = Proposal(
            verdict, text, point, owner, due, about.experiment if about else None, about.indicator if about else None,
            replaces,
        )  # fmt: skip
        done(
            lambda: meetings.decide(context.store, found.number, proposal, actor=context.actor, at=context.now),
            f"La décision n° {rank} est enregistrée.",
        )


def draw_follow_up(context: Context, every: Sequence[Meeting], done: Done) -> None:
    """The decisions that wait for something, and the form that says what became of one."""
    waiting = [one for one in meetings.all_decisions(every).values() if one.to_do]
    show(heading("Suivre les décisions"))
    if not waiting:
        show(tag("p", "Toutes les décisions ont leur suite."))
        return
    numbers = {one.number: one for one in waiting}
    with st.container(key="formulaire-suivre"), st.form("suivre", border=False):
        number = st.selectbox("Décision", list(numbers), format_func=lambda one: _named(one, waiting))
        made = st.radio("Suite", [True, False], horizontal=True, format_func=lambda one: FOLLOW_MARKS[one][1])
        note = st.text_area("Note", help="Ce qui est fait ; sinon pourquoi, et la suite.")
        sent = st.form_submit_button("Enregistrer la suite", type="primary")
    if sent:
        done(
            lambda: meetings.follow_up(context.store, number, made, note, actor=context.actor, at=context.now),
            f"La suite de la décision n° {number} est enregistrée.",
        )


def _offer_to_open(context: Context, found: Meeting, done: Done) -> None:
    if st.button("Ouvrir la séance"):
        done(
            lambda: meetings.open_session(context.store, found.number, actor=context.actor, at=context.now),
            "La séance est ouverte.",
        )


def _next_point(found: Meeting) -> int:
    """The first point that has no decision yet."""
    ranks = (rank for rank, one in enumerate(found.points) if not found.decisions_on(one.code))
    return next(ranks, len(found.points))


def _named(number: str, known: Sequence[Decision]) -> str:
    found = next((one for one in known if one.number == number), None)
    if found is None:
        return "Aucune décision"
    text = found.text if len(found.text) <= 90 else f"{found.text[:90].rsplit(' ', 1)[0]}…"
    return french.typeset(f"n° {number} : {text}")
