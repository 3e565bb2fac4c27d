"""The whole life of one row: what happened to it, from which value to which, and taking one change back."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.domain import french
from core.services import taking_back
from core.services.comments import About
from core.storage.deposits import UPGRADE
from core.storage.history import ADDED, REMOVED, Event
from dashboard.components import empty, join, lead, link, note, show, strong, tag
from dashboard.components import heading as title
from dashboard.views.parts.history.said import draw_comments
from dashboard.views.parts.history.sight import Sight
from dashboard.views.parts.history.words import cells_table, what, when, who

_SHOWN = 50


def draw_row(sight: Sight, key: str) -> None:
    """The sentence, then each turn of its life, the newest first."""
    events = sight.context.store.history(sight.association.code, sight.dataset.code, key)[::-1]
    onwards = [link("Tous les dépôts de ce tableau", sight.here())]
    if events and events[0].what != REMOVED and sight.may_change:
        onwards += [" · ", link("Corriger cette ligne", sight.rows(facon="ligne", ligne=key))]
    show(note(*onwards), lead(*_sentence(key, events)))
    if not events:
        show(empty("Aucune ligne de ce nom", "Vérifiez le nom : il s’écrit comme dans le tableau."))
        return
    for event in events[:_SHOWN]:
        _draw(sight, event)
    if len(events) > _SHOWN:
        show(note(f"Les {_SHOWN} derniers changements sont montrés, sur {french.number(len(events))}."))
    about = About(sight.association.code, sight.dataset.code, key)
    draw_comments(sight.context, about, sight.actor, key=sight.key(f"ligne-{key}"))


def _sentence(key: str, events: list[Event]) -> tuple[Any, ...]:
    if not events:
        return (strong(f"« {key} »"), " n’a jamais été dans ce tableau.")
    state = "est aujourd’hui retirée" if events[0].what == REMOVED else "est dans les données d’aujourd’hui"
    count = french.count(len(events), "changement")
    return (strong(f"« {key} »"), f" {state} ; {count} depuis le {when(events[-1].deposit)}.")


def _draw(sight: Sight, event: Event) -> None:
    done = event.deposit
    number = link(f"dépôt n° {done.number}", sight.here(depot=str(done.number)), quiet=True)
    caption = f"Cellules de la ligne, {event.what} le {when(done)}"
    show(
        tag(
            "article",
            title(f"{event.what.capitalize()} le {when(done)}", 3),
            note(join([f"{who(sight.context, done)} · {what(done)}, ", number])),
            cells_table(sight.dataset, list(event.cells), caption=caption),
            class_="event",
        )
    )
    if not sight.may_change or done.action == UPGRADE:
        return
    if st.button(_words(event), key=sight.key(f"retour-{event.revision}-{event.key}")):
        context = sight.context
        sight.take_back(
            lambda: taking_back.undo_row(
                context.registry, context.store, event.revision, event.key, actor=sight.actor, at=context.now
            )
        )


def _words(event: Event) -> str:
    if event.what == ADDED:
        return "Annuler cet ajout : retirer la ligne"
    if event.what == REMOVED:
        return "Annuler ce retrait : faire revenir la ligne"
    cells = [one for one in event.cells if not one.column.startswith("_")]
    return f"Annuler ce changement ({french.count(len(cells), 'cellule')})"
