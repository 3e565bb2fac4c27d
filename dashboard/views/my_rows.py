"""« Corriger mes lignes »: a grid, the form of one row, a batch; two people who type lose nothing."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.domain import french
from core.domain.experiment import METROPOLE
from core.domain.programme import Association
from dashboard.components import Choice, bullets, choices, lead, link, note, page_title, show, strong
from dashboard.context import Context
from dashboard.navigation import address
from dashboard.views.parts.kept import releves_of
from dashboard.views.parts.rows.bench import Bench, tell_done
from dashboard.views.parts.rows.choosing import draw_choice
from dashboard.views.parts.rows.many import draw_batch
from dashboard.views.parts.rows.one import draw_new, draw_one
from dashboard.views.parts.rows.typing import draw_grid
from dashboard.views.parts.whose import association_of, hand_of

TITLE = "Corriger mes lignes"
WAYS = {"grille": "Dans la grille", "ligne": "Une ligne", "ajout": "Ajouter une ligne", "lot": "Plusieurs à la fois"}
_DRAW = {"grille": draw_grid, "ligne": draw_one, "ajout": draw_new, "lot": draw_batch}


def draw(context: Context) -> None:
    """How many rows there are, then one way to correct them."""
    association = association_of(context)
    asked = st.query_params.get("jeu")
    if not asked:
        show(page_title(TITLE, kicker=association.name), *_choose_table(context, association))
        return
    dataset = context.registry.dataset(association.code, asked)
    bench = Bench(context, association, dataset, hand_of(context, association))
    title = page_title(TITLE, kicker=f"{association.name} · {dataset.title}", aside=_elsewhere(bench))
    show(title, _sentence(bench), _held(bench))
    tell_done(bench)
    if "litige" in bench.memory:
        draw_choice(bench)
        return
    way = st.query_params.get("facon", "grille")
    way = way if way in WAYS else "grille"
    show(choices("Corriger", [Choice(words, bench.here(facon=one), one == way) for one, words in WAYS.items()]))
    _DRAW[way](bench)


def _sentence(bench: Bench) -> Any:
    count = bench.rows(bench.context.store.latest()).height
    told = french.count(count, "ligne est enregistrée", "lignes sont enregistrées")
    return lead(strong(told), ". Ce que vous changez ici se voit aussitôt dans les chiffres, et tout peut s’annuler.")


def _held(bench: Bench) -> Any:
    """What nobody changes any more, said before somebody types it: the periods whose relevé is accepted."""
    context, code = bench.context, bench.association.code
    if code == METROPOLE:
        return None
    periods = dict.fromkeys(one.period.label for one in releves_of(context) if one.association == code and one.locked)
    if not periods:
        return None
    words = "Ce qui s’est passé pendant un relevé accepté ne se modifie plus : "
    return note(f"{words}{french.listing(periods)}. ", link("Demander sa réouverture", "/echeances"))


def _elsewhere(bench: Bench) -> Any:
    deposit = address("deposer", association=bench.association.code, jeu=bench.dataset.code)
    return note(link("Déposer un fichier", deposit), " · ", link("Historique", bench.past()))


def _choose_table(context: Context, association: Association) -> tuple[Any, ...]:
    links = [
        link(one.title, address("lignes", association=association.code, jeu=one.code))
        for one in context.registry.datasets(association.code)
    ]
    return lead("Choisissez d’abord le tableau à corriger."), bullets(links)
