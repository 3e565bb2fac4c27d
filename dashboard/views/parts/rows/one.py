"""One row at a time: correct it, add one, take one out."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from core.domain import french
from core.services import comments
from core.services.comments import About
from core.services.editing import Edits
from core.services.keys import KEY
from dashboard.components import empty, heading, link, note, show, tag
from dashboard.components.forms import row_form
from dashboard.components.plain_label import plain_label
from dashboard.views.parts.history.said import draw_comments
from dashboard.views.parts.rows.bench import Bench
from dashboard.views.parts.rows.typing import search, search_form

_LISTED = 60


def draw_one(bench: Bench) -> None:
    """The form of the row that the address names; the list to choose from when it names none."""
    name = st.query_params.get("ligne")
    if not name:
        _choose(bench)
        return
    key = bench.key(f"ligne-{name}")
    seen = bench.seen(key, typing=_mounted(bench, key))
    row = next(iter(bench.rows(seen).filter(pl.col(KEY) == name).to_dicts()), None)
    if row is None:
        show(empty("Cette ligne n’est plus dans les données", "Elle a été retirée, ou son nom a changé.",
                   action=link("Voir son histoire", bench.past(ligne=name))))  # fmt: skip
        return
    show(heading(f"Ligne « {name} »", 2), note(link("Toute l’histoire de cette ligne", bench.past(ligne=name))))
    _form(bench, row, key, seen)
    _removal(bench, name, key, seen)
    draw_comments(bench.context, About(bench.association.code, bench.dataset.code, name), bench.actor, key=key)


def draw_new(bench: Bench) -> None:
    """The form of a row that is not there yet."""
    key = bench.key(f"ajout-{bench.memory.get('ajouts', 0)}")
    seen = bench.seen(key, typing=_mounted(bench, key))
    sent = row_form(bench.dataset, None, key=key, button="Ajouter cette ligne")

    def again() -> None:
        bench.memory["ajouts"] = bench.memory.get("ajouts", 0) + 1

    if sent is not None:
        bench.save(Edits(added=(dict(sent),)), based_on=seen, again=again, sent=sent)


def _form(bench: Bench, row: dict[str, Any], key: str, seen: int) -> None:
    sent = row_form(bench.dataset, row, key=f"{key}-{seen}", button="Enregistrer cette ligne", fixed=bench.dataset.key)
    if sent is None:
        return
    cells = {name: value for name, value in sent.items() if value != row[name]}
    if not cells:
        show(note("Rien n’a changé dans ce formulaire."))
        return
    bench.save(Edits(changed={row[KEY]: cells}), based_on=seen, again=lambda: _forget(bench, key), sent=sent)


def _removal(bench: Bench, name: str, key: str, seen: int) -> None:
    with st.expander("Retirer cette ligne"):
        show(note("La ligne quitte les données d’aujourd’hui et tous les chiffres. Son histoire reste, et le retrait "
                  "s’annule."))  # fmt: skip
        if st.button(plain_label(f"Retirer la ligne « {name} »"), key=f"{key}-retrait"):
            bench.save(Edits(removed=(name,)), based_on=seen, again=lambda: _forget(bench, key))


def _choose(bench: Bench) -> None:
    words = st.query_params.get("cherche", "")
    found = search(bench.rows(bench.context.store.latest()), bench.dataset, words)
    show(tag("div", search_form(bench, "ligne"), class_="rows-tools"))
    names = found[KEY].head(_LISTED).to_list()
    told = comments.counted(bench.context.store, bench.association.code, bench.dataset.code, actor=bench.actor)
    items = [tag("li", link(one, bench.here(facon="ligne", ligne=one)), _said(told.get(one, 0))) for one in names]
    rest = found.height - len(names)
    more = f"Et {french.count(rest, 'autre ligne', 'autres lignes')} : précisez la recherche." if rest else ""
    show(heading("Quelle ligne ?", 2), tag("ul", items, class_="row-names"), note(more) if more else None)
    if not names:
        show(empty("Aucune ligne", "Rien ne répond à cette recherche."))


def _said(number: int) -> Any:
    return tag("span", f" · {french.count(number, 'commentaire')}", class_="note") if number else None


def _mounted(bench: Bench, key: str) -> bool:
    """Whether the form stood on the page at the last run: what the person sees must not change under the hand."""
    held = bench.memory.get("vu", {}).get(key)
    first = bench.dataset.columns[0].name
    return held is not None and any(f"{start}-{first}" in st.session_state for start in (f"{key}-{held}", key))


def _forget(bench: Bench, key: str) -> None:
    bench.memory.get("vu", {}).pop(key, None)
