"""« Points à traiter »: what demands an action, who treats it and until when; and the risks written down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.domain import access, french
from core.domain.access import Action
from core.services.alerts import Followed, Kind, Status
from core.services.alerts.alert import KINDS
from dashboard.components import (
    Choice,
    Html,
    choices,
    empty,
    lead,
    link,
    page_title,
    section,
    show,
    tag,
)
from dashboard.context import Context
from dashboard.navigation import address
from dashboard.views.parts.point_detail import draw_point, draw_risk
from dashboard.views.parts.point_list import STATUSES, followed_points, point_item

TITLE = "Points à traiter"
PATH = "points"
NEW_RISK = "nouveau"
OPEN, CLOSED = "ouverts", "clos"


def draw(context: Context) -> None:
    """The list, or one point when the address names it."""
    asked = st.query_params.get("point")
    if asked == NEW_RISK:
        draw_risk(context)
        return
    found = followed_points(context)
    if asked is not None:
        draw_point(context, asked, found)
        return
    _draw_list(context, found)


def _draw_list(context: Context, found: Sequence[Followed]) -> None:
    shown, kept = st.query_params.get("etat", OPEN), st.query_params.get("experience")
    mine = [one for one in found if kept is None or one.alert.experiment == kept]
    listed = [one for one in mine if (one.status is Status.CLOSED) == (shown == CLOSED)]
    show(
        page_title(TITLE, aside=_risk_link(context)),
        lead(points_sentence(context, found)),
        _choices(context, shown, kept),
        _groups(context, listed),
        _legend(),
    )


def points_sentence(context: Context, found: Sequence[Followed]) -> str:
    """« Au 5 juillet 2022, 18 points demandent une action ; aucun n’a encore de responsable. »."""
    day = french.day(context.today)
    waiting = [one for one in found if one.status is not Status.CLOSED]
    if not waiting:
        return f"Au {day}, aucun point ne demande d’action."
    owned = sum(one.status is Status.TAKEN for one in waiting)
    late = sum(one.overdue(context.today) for one in waiting)
    count = french.count(len(waiting), "point demande une action", "points demandent une action")
    who = f"{owned} {'a' if owned == 1 else 'ont'} un responsable" if owned else "aucun n’a encore de responsable"
    when = f" et {late} {'a' if late == 1 else 'ont'} dépassé la date fixée" if late else ""
    return french.sentence(f"Au {day}, {count} ; {who}{when}")


def _choices(context: Context, shown: str, kept: str | None) -> Html:
    states = [
        Choice("À traiter", address(PATH, experience=kept), shown != CLOSED),
        Choice("Clos", address(PATH, etat=CLOSED, experience=kept), shown == CLOSED),
    ]
    whom = [Choice("Toutes", address(PATH, etat=shown), kept is None)]
    whom += [
        Choice(one.short_title, address(PATH, etat=shown, experience=one.code), kept == one.code)
        for one in context.registry.experiments
    ]
    return tag("div", choices("État", states), choices("Expérimentation", whom), class_="filters")


def _groups(context: Context, listed: Sequence[Followed]) -> Any:
    if not listed:
        return empty("Rien ici", "Aucun point ne correspond à ce choix.")
    return [
        section(f"{KINDS[kind][0]} ({len(members)})", _list(context, members), intro=KINDS[kind][1], anchor=kind.value)
        for kind in Kind
        if (members := [one for one in listed if one.alert.kind is kind])
    ]


def _list(context: Context, members: Sequence[Followed]) -> Html:
    return tag("ul", [tag("li", point_item(context, one), class_="point") for one in members], class_="points")


def _legend() -> Html:
    pairs = [tag("div", tag("dt", f"{shape} {word}"), tag("dd", meaning)) for shape, word, meaning in STATUSES.values()]
    return tag("dl", pairs, class_="legend")


def _risk_link(context: Context) -> Html | None:
    """Where the project lead writes a risk down."""
    if not access.allowed(context.visitor, Action.TREAT):
        return None
    return tag("p", link("Écrire un risque", address(PATH, point=NEW_RISK)))
