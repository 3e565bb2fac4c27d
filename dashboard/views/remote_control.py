"""« Télécommande »: a telephone turns the slides that another page projects for the same account."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from core.accounts import remote
from core.domain import french
from core.domain.meeting import Meeting
from dashboard.addresses import address
from dashboard.components import Html, empty, heading, lead, link, note, page_title, show, tag
from dashboard.components.text import plain_label
from dashboard.context import Context
from dashboard.views.meeting_agenda import PATH, may_convene, readable_meetings
from dashboard.views.meetings import chosen
from dashboard.views.projection import Slide, account_of, clipped, projected, slides

TITLE = "Télécommande"
LONGEST = 70
"""Characters of a slide's name, in the list."""
_HOW = "Ouvrez « Projeter » sur l’ordinateur de la salle, avec ce même compte : il suit ce téléphone."


def draw(context: Context) -> None:
    """Where the room stands, the two buttons, then every slide by its name."""
    every = readable_meetings(context)
    found = _committee(context, every)
    if found is None:
        told = "Un comité se projette une fois ses données arrêtées."
        show(page_title(TITLE), empty("Aucun comité n’est encore à projeter", told))
        return
    listed = slides(projected(context, found, every)[1])
    account = account_of(context)
    rank = remote.UNKNOWN
    if account is not None:
        rank = min(remote.open_remote(context.office, account, found.number, at=context.instant).slide, len(listed))
    show(_head(found, listed, rank))
    _buttons(context, account, found, len(listed), rank)
    show(note(_HOW), heading("Toutes les diapositives"))
    _list(context, account, found, listed, rank)


def _committee(context: Context, every: Sequence[Meeting]) -> Meeting | None:
    """The one of the address, else the last one that may be projected."""
    asked = st.query_params.get("comite")
    if asked is not None:
        return chosen(context, asked, every)
    ready = (one for one in reversed(every) if one.freeze is not None or may_convene(context))
    return next(ready, None)


def _head(found: Meeting, listed: Sequence[Slide], rank: int) -> Html:
    """What the room sees now; the script of the pages follows what it says."""
    where = "La salle ne projette pas encore ce comité."
    if rank != remote.UNKNOWN:
        where = f"Diapositive {rank} sur {len(listed)} : {listed[rank - 1].title}"
    back = link(found.title, address(PATH, comite=str(found.number)))
    return tag(
        "div",
        page_title(TITLE, kicker=found.full_title, aside=back),
        lead(clipped(where, 2 * LONGEST)),
        class_="section",
        data_committee=found.number,
        data_rank=rank,
    )


def _buttons(context: Context, account: str | None, found: Meeting, count: int, rank: int) -> None:
    """Before and after, as large as a thumb; and the button that only the script of the pages presses."""
    with st.container(horizontal=True, key="tourner"):
        for label, step, over in (("◀ Précédente", -1, rank <= 1), ("Suivante ▶", 1, rank >= count)):
            st.button(
                label,
                key=f"tourner-{step}",
                type="primary" if step > 0 else "secondary",
                width="stretch",
                disabled=over,
                on_click=partial(_step, context, account, found.number, step, count),
            )
    st.button("Suivre la salle", key="suivre-la-salle")


def _step(context: Context, account: str | None, committee: int, step: int, count: int) -> None:
    """From where the room stands now, which may no longer be what the telephone showed."""
    if account is None:
        return
    stands = remote.open_remote(context.office, account, committee, at=context.instant).slide
    remote.turn(context.office, account, committee, min(max(stands + step, 1), count), at=context.instant)


def _list(context: Context, account: str | None, found: Meeting, listed: Sequence[Slide], rank: int) -> None:
    with st.container(key="diapositives"):
        for at, one in enumerate(listed, 1):
            st.button(
                plain_label(french.typeset(clipped(f"{at}. {one.title}", LONGEST))),
                key=f"diapositive-{at}",
                type="secondary" if at == rank else "tertiary",
                width="stretch",
                disabled=account is None,
                on_click=partial(_turn, context, account, found.number, at),
            )


def _turn(context: Context, account: str | None, committee: int, slide: int) -> None:
    if account is not None:
        remote.turn(context.office, account, committee, slide, at=context.instant)
