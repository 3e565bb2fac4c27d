"""« Relevé »: what was handed in for one experiment and period, what is told of it, and what to do with it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.domain import access, french
from core.domain.access import Action, On
from core.domain.local_time import FRANCE
from core.domain.releve import Deed, Releve
from core.exports.statement import words_of
from core.services import releves
from core.services.groups import axis_of, card_codes, parts_of
from dashboard.components import (
    KeyFigure,
    callout,
    empty,
    facts,
    key_figures,
    lead,
    link,
    note,
    page_title,
    section,
    show,
    strong,
    table,
    tag,
)
from dashboard.context import Context
from dashboard.navigation import address, experiment_path
from dashboard.views.parts.releve_acts import draw_acts
from dashboard.views.parts.releve_answers import tell
from dashboard.views.parts.releve_told import draw_told
from dashboard.views.parts.releve_words import late_words, state_mark

_MOST = 6


def draw(context: Context) -> None:
    """The relevé that the address names; only its association, the committee and the project lead open it."""
    found = _named(context)
    if found is None:
        back = link("Voir les échéances", address("echeances"))
        show(
            page_title("Relevé"), empty("Choisissez d’abord un relevé", "Ouvrez-le depuis les échéances.", action=back)
        )
        return
    access.check(context.actor, Action.READ_ROWS, On(found.association))
    experiment = context.registry.experiment(found.experiment)
    show(page_title(f"Relevé du {found.period.label}", kicker=f"{experiment.title} · {experiment.association.name}",
                    aside=link("Toutes les échéances", address("echeances"))))  # fmt: skip
    tell()
    if found.state is None:
        show(lead("Ce relevé est ", strong("sans objet"), " : l’expérimentation ne courait pas sur cette période."))
        return
    show(lead(*_sentence(found)), _reason(context, found), _facts(context, found))
    draw_acts(context, found)
    show(_contents(context, found), _figures(context, found))
    draw_told(context, found)
    show(_history(context, found))


def _named(context: Context) -> Releve | None:
    experiment, period = st.query_params.get("experience", ""), st.query_params.get("periode", "")
    if not experiment or not period:
        return None
    return releves.state_of(context.registry, context.store, experiment, period, context.today)


def _sentence(found: Releve) -> list[Any]:
    late = late_words(found)
    said: list[Any] = [strong(state_mark(found)), f" ; {late}" if late else "", "."]
    if found.locked:
        said.append(" Ses données ne se modifient plus, sauf réouverture.")
    return said


def _reason(context: Context, found: Releve) -> Any:
    """Why it stands so, in the words of whoever did it last; a request that one may answer stands below."""
    done = releves.history(context.store, found.experiment, found.period.code)
    if not done or not done[-1].reason or releves.may(context.visitor, Deed.REFUSED, found):
        return None
    tone = "attention" if done[-1].deed in (Deed.RETURNED, Deed.REFUSED) else "info"
    return callout(done[-1].reason, tone, title=f"{done[-1].deed.capitalize()} par {done[-1].actor}")


def _facts(context: Context, found: Releve) -> Any:
    experiment = context.registry.experiment(found.experiment)
    sent = french.moment(found.first_sent.astimezone(FRANCE)) if found.first_sent else "pas encore"
    return facts({
        "Attendu le": french.day(found.due),
        "Transmis la première fois": sent,
        "Expérimentation": link(experiment.title, f"/{experiment_path(experiment.code)}"),
    })  # fmt: skip


def _contents(context: Context, found: Releve) -> Any:
    parts = releves.contents(context.registry, context.store, found)
    missing = [one.dataset.title for one in parts if one.missing]
    title = f"Ce qui manque : {french.listing(missing)}" if missing else "Tout ce qui est attendu est là"
    body = [
        [
            one.dataset.title,
            french.number(one.rows),
            tag("strong", words_of(one)) if one.missing else words_of(one),
        ]
        for one in parts
    ]
    hand_in = None
    if access.allowed(context.visitor, Action.DEPOSIT, On(found.association, found.association, state=found.state)):
        hand_in = note(link("Déposer un fichier", address("mes-donnees", association=found.association)))
    headings = ["Tableau", "Lignes de la période", "Ce qui a été dit"]
    return section(title, table("Ce que le relevé contient", headings, body, numeric=(1,), hide_caption=True), hand_in)


def _figures(context: Context, found: Releve) -> Any:
    experiment = context.registry.experiment(found.experiment)
    followed = context.registry.indicators(experiment.code)
    by_code = {one.code: one for one in followed}
    codes = card_codes(experiment, followed)[:_MOST]
    compared = context.monitor.compare(codes, [experiment.code], period=found.period)
    shown = [
        KeyFigure(
            by_code[code].label, compared.cells[code, experiment.code], axis_of(by_code[code]),
            by_code[code].headline, parts_of(by_code[code]), hint=by_code[code].definition,
            since="par rapport à la période d’avant",
        )
        for code in codes
    ]  # fmt: skip
    return section("Chiffres de la période", key_figures(shown)) if shown else None


def _history(context: Context, found: Releve) -> Any:
    events = releves.history(context.store, found.experiment, found.period.code)
    if not events:
        return None
    body = [
        [
            french.moment(one.at.astimezone(FRANCE)),
            one.deed.capitalize(),
            one.actor + (" (pour le compte de l’association)" if one.on_behalf_of else ""),
            one.reason,
        ]
        for one in reversed(events)
    ]
    return section(
        "Ce qui a été fait", table("Ce qui a été fait", ["Quand", "Quoi", "Par", "Motif"], body, hide_caption=True)
    )
