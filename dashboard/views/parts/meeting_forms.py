"""The steps of a committee, one form at a time: agenda, freeze, decisions, follow-up, end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import streamlit as st

from core.domain import access, french
from core.domain.access import Action
from core.domain.meeting import Meeting, Stage
from core.errors import FabriqueError
from core.services import meetings
from dashboard.components import bullets, callout, heading, join, link, show, tag
from dashboard.context import Context
from dashboard.views.parts.meeting_agenda import draw_agenda
from dashboard.views.parts.meeting_deciding import draw_decide, draw_follow_up
from dashboard.views.parts.meeting_words import step_address
from dashboard.views.parts.moment import read_moment

_SAID = "comite-dit"
_OPEN = (Stage.PREPARED, Stage.FROZEN, Stage.IN_SESSION)
STEPS: dict[str, tuple[str, tuple[Stage, ...]]] = {
    "preparer": ("Préparer l’ordre du jour", _OPEN),
    "arreter": ("Arrêter les données", (Stage.PREPARED, Stage.FROZEN)),
    "decider": ("Écrire les décisions", (Stage.FROZEN, Stage.IN_SESSION, Stage.CLOSED)),
    "clore": ("Clore", (Stage.FROZEN, Stage.IN_SESSION)),
    "suivre": ("Suivre les décisions", tuple(Stage)),
}
"""The steps, their titles, and when they are offered."""


def draw_step(context: Context, found: Meeting, every: Sequence[Meeting], step: str) -> None:
    """One step; the visitor must be allowed to convene."""
    access.check(context.actor, Action.CONVENE)
    if said := st.session_state.pop(_SAID, None):
        show(callout(said, title="C’est fait"))
    title, stages = STEPS[step]
    if found.stage not in stages:
        show(heading(title), callout(_not_now(found), tone="attention", title="Pas maintenant"))
        return
    forms: dict[str, Callable[[], None]] = {
        "preparer": lambda: draw_agenda(context, found, _done),
        "arreter": lambda: _draw_freeze(context, found),
        "decider": lambda: draw_decide(context, found, every, _done),
        "clore": lambda: _draw_close(context, found),
        "suivre": lambda: draw_follow_up(context, every, _done),
    }
    forms[step]()


def _not_now(found: Meeting) -> str:
    """Why a step is not offered at this stage."""
    if found.stage is Stage.PREPARED:
        return "Arrêtez d’abord les données : chaque décision dit au vu de quels chiffres elle est prise."
    if found.stage is Stage.CLOSED:
        return f"Le {found.title.lower()} est clos : il ne se modifie plus."
    return "Ce comité a déjà décidé au vu de données arrêtées : elles restent celles de cette séance."


def draw_convene(context: Context) -> None:
    """The form of the next committee, for who convenes."""
    if not access.allowed(context.visitor, Action.CONVENE):
        return
    show(heading("Préparer le comité suivant"))
    with st.container(key="formulaire-convoquer"), st.form("convoquer", border=False):
        day = st.date_input("Jour du comité", context.today + timedelta(days=14), format="DD/MM/YYYY")
        sent = st.form_submit_button("Préparer ce comité", type="primary")
    if sent and isinstance(day, date):
        _done(
            lambda: meetings.convene(context.registry, context.store, day, actor=context.actor, at=context.now),
            "Le comité est inscrit : ouvrez-le pour écrire son ordre du jour.",
        )


def _done(deed: Callable[[], Any], said: str) -> None:
    """Do it and tell it on the next run; a refusal is told in place, and nothing is lost of what was typed."""
    try:
        deed()
    except FabriqueError as error:
        show(callout(str(error), tone="attention", title="Rien n’est enregistré"))
        return
    st.session_state[_SAID] = french.typeset(said)
    st.rerun()


def _draw_freeze(context: Context, found: Meeting) -> None:
    number = 1 + sum(len(one.freezes) for one in meetings.meetings(context.store))
    moment = read_moment(context)
    show(heading("Arrêter les données"), _what_is_frozen(context, found, number))
    with st.container(key="formulaire-arreter"), st.form("arreter", border=False):
        day = st.date_input(
            "Données jusqu’au", moment.until, max_value=context.today, format="DD/MM/YYYY",
            help="Le dernier jour compté ; ce qui est daté d’après n’entre pas dans les chiffres.",
        )  # fmt: skip
        sent = st.form_submit_button(french.typeset(f"Arrêter les données (n° {number})"), type="primary")
    if sent and isinstance(day, date):
        _done(lambda: _freeze(context, found, day), f"Les données sont arrêtées au {french.day(day)} (n° {number}).")


def _freeze(context: Context, found: Meeting, day: date) -> None:
    meetings.freeze(
        context.registry, context.store, found.number, day, actor=context.actor, at=context.now,
        fictitious=context.demonstration,
    )  # fmt: skip


def _what_is_frozen(context: Context, found: Meeting, number: int) -> Any:
    """What the button will do, before it is pressed."""
    failed = sorted({one.plugin for one in context.registry.failures})
    again = (
        f"Remplacent, pour ce comité, les données n° {found.freeze.number}, qui restent lisibles dans le registre."
        if found.freeze
        else ""
    )
    items = [
        f"{len(context.registry.catalogue)} indicateurs, pour les {len(context.registry.experiments)} expérimentations "
        "et le programme, avec objectifs et avancement.",
        "L’argent, les engagements, les jalons, ce que racontent les associations, la page de chaque plugin.",
        "La version de chaque formule et de chaque plugin, et une empreinte qui prouve que rien n’a bougé.",
        f"Ne fonctionne pas aujourd’hui : {french.listing(failed)} ; sa page sera arrêtée vide." if failed else "",
        again,
    ]
    return join([
        tag("p", f"Seront figés sous le n° {number} :"), bullets([one for one in items if one]),
        tag("p", "Ensuite rien ne les change : les dépôts suivants seront pour le prochain comité."),
    ])  # fmt: skip


def _draw_close(context: Context, found: Meeting) -> None:
    waiting = [one.title for one in found.points if not found.decisions_on(one.code)]
    count = french.count(len(found.decisions), "décision écrite", "décisions écrites")
    show(
        heading("Clore le comité"),
        tag("p", f"{count}. Une fois clos, le comité se lit par tous et ne se modifie plus : une décision ne change "
            "que par une nouvelle, qui dit laquelle elle remplace."),
        callout(join([f"Sans décision : {french.listing(waiting)}. ",
                      link("Écrire une décision", step_address(found, "decider"))]), tone="attention")
        if waiting else None,
    )  # fmt: skip
    if st.button(french.typeset(f"Clore le {found.title.lower()}"), type="primary", disabled=bool(waiting)):
        _done(
            lambda: meetings.close(context.store, found.number, actor=context.actor, at=context.now),
            f"Le {found.title.lower()} est clos.",
        )
