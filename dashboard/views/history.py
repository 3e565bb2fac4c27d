"""« Historique »: everything that was handed in and changed in a table, deposit by deposit and row by row."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.domain import access
from core.domain.access import Action, On
from core.domain.actor import Role
from core.domain.programme import Association
from dashboard.components import bullets, choices, lead, link, page_title, show
from dashboard.components.choosers import Choice
from dashboard.context import Context
from dashboard.navigation import address
from dashboard.views.parts.history.deposit import draw_deposit
from dashboard.views.parts.history.listing import draw_list
from dashboard.views.parts.history.row import draw_row
from dashboard.views.parts.history.sight import Sight
from dashboard.views.parts.whose import hand_of

TITLE = "Historique"


def draw(context: Context) -> None:
    """One row, one deposit, or the list of them."""
    association = _association(context)
    asked = st.query_params.get("jeu")
    if not asked:
        show(page_title(TITLE, kicker=association.name, aside=_chooser(context, association)))
        show(lead("Choisissez d’abord le tableau dont vous voulez l’histoire."), _tables(context, association))
        return
    dataset = context.registry.dataset(association.code, asked)
    sight = Sight(context, association, dataset, hand_of(context, association))
    show(page_title(TITLE, kicker=f"{association.name} · {dataset.title}"))
    sight.tell_done()
    row, deposit = st.query_params.get("ligne"), st.query_params.get("depot")
    if row:
        draw_row(sight, row)
    elif deposit:
        draw_deposit(sight, deposit)
    else:
        draw_list(sight)


def _association(context: Context) -> Association:
    visitor = context.actor
    code = st.query_params.get("association") or visitor.association or context.registry.associations[0].code
    access.check(visitor, Action.READ_ROWS, On(code))
    return context.registry.association(code)


def _chooser(context: Context, current: Association) -> Any:
    if context.actor.role is Role.ASSOCIATION:
        return None
    offered = [
        Choice(one.name, address("historique", association=one.code), one.code == current.code)
        for one in context.registry.associations
    ]
    return choices("Association", offered)


def _tables(context: Context, association: Association) -> Any:
    return bullets(
        link(one.title, address("historique", association=association.code, jeu=one.code))
        for one in context.registry.datasets(association.code)
    )
