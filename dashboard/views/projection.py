"""The projector: one idea a screen, large type, left and right on the keyboard; frozen figures only, or marked so."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.domain import access, french
from core.domain.access import Action
from core.domain.meeting import Meeting
from core.errors import Refused, UnknownName
from core.services.snapshots import Snapshot, take
from dashboard.components import Html, empty, page_title, show, tag
from dashboard.context import Context
from dashboard.navigation import address
from dashboard.views.meetings import chosen
from dashboard.views.parts.discreet import least
from dashboard.views.parts.kept import kept
from dashboard.views.parts.meeting_words import PATH, before, frozen_figures, readable_meetings
from dashboard.views.parts.moment import read_moment
from dashboard.views.parts.projected import Deck, masked
from dashboard.views.parts.slides import Slide, slides

TITLE = "Projection"
PATH_HERE = "projection"


def draw(context: Context) -> None:
    """The slide that the address names, over the whole screen."""
    every = readable_meetings(context)
    asked = st.query_params.get("comite")
    if asked is None:
        show(page_title(TITLE), empty("Choisissez d’abord un comité", "Ouvrez un comité, puis « Projeter »."))
        return
    found = chosen(context, asked, every)
    figures = frozen_figures(context, found) or _live(context)
    last = before(every, found)
    old = frozen_figures(context, last) if last else None
    deck = Deck(found, every, masked(figures, least(context)), old and masked(old, least(context)), last)
    listed = slides(deck)
    rank = _rank(len(listed))
    show(_slide(found, figures, listed[rank - 1], rank, len(listed), context.demonstration))


def _live(context: Context) -> Snapshot:
    """The figures of now, for who prepares the committee; the slide says that they are not frozen."""
    if not access.allowed(context.visitor, Action.CONVENE):
        raise Refused("Les données de ce comité ne sont pas encore arrêtées : il n’y a rien à projeter.")
    until = read_moment(context).until
    return kept(
        context,
        ("live snapshot", until),
        None,
        lambda: take(context.registry, context.store, until=until, at=context.now, today=context.today),
    )


def _rank(count: int) -> int:
    """The slide of the address, the nearest one when there is none of that number."""
    text = st.query_params.get("diapo", "1")
    if not (text.isascii() and text.isdecimal()):
        raise UnknownName(french.typeset(f"Diapositive « {text} » inconnue. Écrivez un nombre, par exemple 1."))
    return min(max(int(text), 1), count)


def _slide(found: Meeting, figures: Snapshot, one: Slide, rank: int, count: int, fictitious: bool) -> Html:
    return tag(
        "section",
        tag(
            "header",
            tag("p", one.kicker, class_="slide__kicker"),
            tag("h1", one.title, class_="slide__title"),
            class_="slide__head",
        ),
        tag("div", one.body, class_="slide__body"),
        _foot(found, figures, rank, count, fictitious),
        class_=f"slide slide--{one.name}",
        data_count=count,
    )


def _foot(found: Meeting, figures: Snapshot, rank: int, count: int, fictitious: bool) -> Html:
    live = figures.number is None
    return tag(
        "footer",
        tag("span", figures.mark, class_="slide__mark slide__mark--live" if live else "slide__mark"),
        tag("strong", "Données fictives", class_="slide__fictitious") if fictitious else None,
        tag("nav", *_links(found, rank, count), class_="slide__nav", aria_label="Diapositives"),
        class_="slide__foot",
    )


def _links(found: Meeting, rank: int, count: int) -> list[Any]:
    def to(number: int) -> str:
        return address(PATH_HERE, comite=str(found.number), diapo=str(number))

    back = tag("a", "◀", href=to(rank - 1), rel="prev", target="_self", aria_label="Diapositive précédente")
    ahead = tag("a", "▶", href=to(rank + 1), rel="next", target="_self", aria_label="Diapositive suivante")
    out = tag("a", "Quitter", href=address(PATH, comite=str(found.number)), target="_self", data_leave="")
    return [back if rank > 1 else None, tag("span", f"{rank} sur {count}"), ahead if rank < count else None, out]
