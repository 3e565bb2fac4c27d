"""One point in full: what it is, what was said of it, and the form of who treats it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import streamlit as st

from core.domain import access, french
from core.domain.access import Action
from core.domain.local_time import FRANCE
from core.errors import FabriqueError, UnknownName
from core.services import alerts
from core.services.alerts import Followed, FollowUp, Kind
from core.services.alerts.alert import KINDS
from core.services.alerts.treating import history
from dashboard.components import callout, facts, heading, lead, link, page_title, section, show, table, tag
from dashboard.context import Context
from dashboard.navigation import address
from dashboard.views.parts.point_list import experiment_link, may_read, status_mark

_SAID = "suivi-dit"


def draw_point(context: Context, code: str, found: Sequence[Followed]) -> None:
    """The point that the address names.

    Raises UnknownName when it is no point any more.
    """
    one = next((one for one in found if one.alert.code == code), None)
    if one is None:
        raise UnknownName(french.typeset("Ce point n’existe plus : ce qui le causait a été corrigé."))
    alert = one.alert
    show(
        page_title(alert.title, kicker=KINDS[alert.kind][0], aside=_back()),
        lead(alert.why),
        facts({
            "État": status_mark(one),
            "Que faire": alert.remedy,
            "Expérimentation": experiment_link(context, alert.experiment),
            "Association": _name(context, alert.association),
            "Depuis": french.day(alert.since) if alert.since else "",
        }),
    )  # fmt: skip
    if alert.subjects and may_read(context, one):
        show(section("Ce qui est concerné", tag("p", ", ".join(alert.subjects))))
    if access.allowed(context.visitor, Action.TREAT):
        _form(context, one)
    _history(context, code)


def draw_risk(context: Context) -> None:
    """The form of a new risk."""
    access.check(context.actor, Action.TREAT)
    show(page_title("Écrire un risque", aside=_back()), lead("Ce qui pourrait arriver, et à quelle expérimentation."))
    with st.form("risque", border=False):
        title = st.text_input("En quelques mots")
        why = st.text_area("Pourquoi, et ce que l’on verrait")
        codes = [None, *(one.code for one in context.registry.experiments)]
        experiment = st.selectbox(
            "Expérimentation",
            codes,
            format_func=lambda code: context.registry.experiment(code).title if code else "Tout le programme",
        )
        sent = st.form_submit_button("Écrire ce risque", type="primary")
    if sent and _did(
        lambda: alerts.add_risk(
            context.registry, context.store, title, why, experiment, actor=context.actor, at=context.now
        )
    ):
        show(callout("Le risque est écrit : il figure parmi les points à traiter.", title="C’est fait"))


def _form(context: Context, one: Followed) -> None:
    said = one.follow_up
    show(heading("Suivi", 2))
    if st.session_state.pop(_SAID, None) == one.alert.code:
        show(callout("Le suivi est enregistré.", title="C’est fait"))
    with st.form("suivi", border=False):
        owner = st.text_input("Responsable", said.owner, help="La personne ou l’équipe qui s’en occupe.")
        note = st.text_area("Note", said.note, help="Ce qui a été fait, décidé, ou ce qui bloque.")
        due = st.date_input("Échéance", said.due, format="DD/MM/YYYY", help="Vide : pas de date.")
        closed = st.checkbox("Clore ce point", said.closed and not one.reopened)
        sent = st.form_submit_button("Enregistrer le suivi", type="primary")
    if sent and _did(lambda: _treat(context, one, owner, note, due, closed)):
        st.session_state[_SAID] = one.alert.code
        st.rerun()
    if one.alert.kind is Kind.RISK:
        _drop(context, one)


def _treat(context: Context, one: Followed, owner: str, note: str, due: date | None, closed: bool) -> None:
    alerts.treat(
        context.store, one.alert, owner=owner, note=note, due=due, closed=closed, actor=context.actor, at=context.now
    )


def _drop(context: Context, one: Followed) -> None:
    with st.form("ecarter", border=False):
        reason = st.text_input("Pourquoi ce risque est écarté")
        sent = st.form_submit_button("Écarter ce risque")
    if sent and _did(
        lambda: alerts.drop_risk(context.store, one.alert.code, reason, actor=context.actor, at=context.now)
    ):
        show(callout("Le risque est écarté ; il reste dans l’historique.", title="C’est fait"))


def _did(act: Any) -> bool:
    """Whether it was done; else the reason is shown under the form."""
    try:
        act()
    except FabriqueError as error:
        show(callout(str(error), tone="attention"))
        return False
    return True


def _history(context: Context, code: str) -> None:
    found = history(context.store, code)
    if found:
        rows = [[_when(one), one.actor, one.owner, one.note, _until(one)] for one in reversed(found)]
        headings = ["Quand", "Écrit par", "Responsable", "Note", "Échéance ou fin"]
        show(section("Ce qui a été dit", table("Ce qui a été dit", headings, rows, hide_caption=True)))


def _when(one: FollowUp) -> str:
    return french.moment(one.at.astimezone(FRANCE)) if one.at else ""


def _until(one: FollowUp) -> str:
    if one.closed:
        return "✓ Clos"
    return french.day(one.due) if one.due else ""


def _back() -> Any:
    return link("Tous les points à traiter", address("points"))


def _name(context: Context, code: str | None) -> str:
    return context.registry.association(code).name if code else ""
