"""Whose data a page is about, and who acts on them: an association on its own, the lead in its stead."""

from __future__ import annotations

import streamlit as st

from core.domain import access
from core.domain.access import Action, On
from core.domain.actor import Actor, Role
from core.domain.programme import Association
from core.services.accounts import acting_for
from dashboard.components import Choice, Html, choices
from dashboard.context import Context
from dashboard.navigation import address


def association_of(context: Context) -> Association:
    """The association that the address names, else the visitor's own, else the first one.

    Raises Forbidden when its data are not the visitor's to hand in, UnknownName.
    """
    visitor = context.actor
    asked = st.query_params.get("association")
    code = asked or visitor.association or context.registry.associations[0].code
    access.check(visitor, Action.DEPOSIT, On(code))
    return context.registry.association(code)


def hand_of(context: Context, association: Association) -> Actor:
    """Who acts: the visitor, for the account of the association when it is not his own."""
    visitor = context.actor
    return acting_for(visitor, association.code) if visitor.role is Role.LEAD else visitor


def association_chooser(context: Context, path: str, current: Association) -> Html | None:
    """The associations side by side, for the lead; nothing for an association."""
    if context.actor.role is not Role.LEAD:
        return None
    offered = [
        Choice(one.name, address(path, association=one.code), one.code == current.code)
        for one in context.registry.associations
    ]
    return choices("Saisir pour le compte de", offered)
