"""« Comités »: opens on what was decided last time, done or not, and on what is asked of the committee now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.domain import access, french
from core.domain.access import Action
from core.domain.meeting import Meeting, Stage
from core.errors import Forbidden, UnknownName
from core.services import meetings
from dashboard.components import Html, empty, lead, link, page_title, section, show, table, tag
from dashboard.context import Context
from dashboard.navigation import address
from dashboard.views.parts.meeting_forms import draw_convene
from dashboard.views.parts.meeting_page import draw_meeting
from dashboard.views.parts.meeting_words import (
    PATH,
    asked_sentence,
    decided_table,
    last_decided,
    points_asked,
    readable_meetings,
    stage_mark,
)

TITLE = "Comités"


def draw(context: Context) -> None:
    """The list, or the committee that the address names."""
    found = readable_meetings(context)
    asked = st.query_params.get("comite")
    if asked is None:
        _draw_list(context, found)
        return
    draw_meeting(context, chosen(context, asked, found), found)


def _draw_list(context: Context, found: Sequence[Meeting]) -> None:
    if not found:
        show(page_title(TITLE), lead("Aucun comité n’est encore préparé."), _nothing(context))
        draw_convene(context)
        return
    show(
        page_title(TITLE),
        lead(asked_sentence(context, found)),
        _last_time(found),
        _asked(found),
        _all(found),
    )
    if found[-1].stage is Stage.CLOSED:
        draw_convene(context)


def _nothing(context: Context) -> Html:
    if access.allowed(context.visitor, Action.CONVENE):
        return empty("Préparer le premier comité", "Choisissez son jour ; l’ordre du jour s’écrit ensuite.")
    return empty("Rien à lire", "Les comités se lisent ici une fois préparés par la Métropole.")


def _last_time(found: Sequence[Meeting]) -> Any:
    before = last_decided(found)
    if before is None:
        return None
    waiting = [one for one in meetings.all_decisions(found).values() if one.to_do and one.committee != before.number]
    body = [decided_table(before, f"Décisions du {before.full_title}")]
    if waiting:
        count = french.count(len(waiting), "décision plus ancienne attend", "décisions plus anciennes attendent")
        named = french.listing(f"n° {one.number} ({one.text.rstrip('.')})" for one in waiting)
        body.append(tag("p", f"{count} encore sa suite : {named}.", class_="note"))
    return section(f"Décidé la dernière fois, le {french.day(before.day)}", *body)


def _asked(found: Sequence[Meeting]) -> Any:
    last = found[-1]
    if last.stage is Stage.CLOSED:
        return None
    title = f"Demandé au {last.full_title.lower()}"
    to_it = tag("p", link(f"Ouvrir le {last.title.lower()}", address(PATH, comite=str(last.number))))
    return section(title, points_asked(last) or tag("p", "L’ordre du jour est encore vide."), to_it)


def _all(found: Sequence[Meeting]) -> Html:
    rows = [
        [
            link(one.full_title, address(PATH, comite=str(one.number))),
            stage_mark(one),
            one.freeze.mark if one.freeze else "non arrêtées",
            str(len(one.points)),
            str(len(one.decisions)),
        ]
        for one in reversed(found)
    ]
    headings = ["Comité", "État", "Données", "Points", "Décisions"]
    return section(
        "Tous les comités", table("Tous les comités", headings, rows, numeric=(3, 4), hide_caption=True)
    )  # fmt: skip


def chosen(context: Context, asked: str, found: Sequence[Meeting]) -> Meeting:
    """The committee of the address, which this person may read."""
    if not (asked.isascii() and asked.isdecimal()):
        raise UnknownName(french.typeset(f"Comité « {asked} » inconnu. Écrivez un nombre, par exemple 4."))
    known = {one.number: one for one in found}
    if int(asked) in known:
        return known[int(asked)]
    meetings.meeting(context.store, int(asked))
    raise Forbidden("Accès refusé : un comité se lit ici une fois clos.")
