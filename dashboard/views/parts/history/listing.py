"""The deposits of a table, the newest first, and the way to the life of one row."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.domain import french
from core.services.comments import About
from core.storage.deposits import Deposit
from dashboard.components import chooser_form, empty, join, lead, link, note, section, show, strong, table, tag
from dashboard.views.parts.history.said import draw_comments
from dashboard.views.parts.history.sight import Sight
from dashboard.views.parts.history.words import counted, what, when, who

PAGE = 30


def draw_list(sight: Sight) -> None:
    """The sentence, the search of a row, the deposits, what is said of the table."""
    found = sight.deposits()[::-1]
    show(_sentence(found))
    if found:
        show(_find(sight), section("Tous les dépôts", _table(sight, found)))
    else:
        show(empty("Aucun dépôt", "Ce tableau n’a encore rien reçu : son histoire commence au premier dépôt."))
    about = About(sight.association.code, sight.dataset.code)
    draw_comments(sight.context, about, sight.actor, key=sight.key("jeu"))


def _sentence(found: list[Deposit]) -> Any:
    if not found:
        return lead("Rien n’a encore été déposé.")
    count = french.count(len(found), "dépôt")
    last = found[0]
    return lead(strong(count), f" ; le dernier, le {when(last)} : {what(last).lower()}, {counted(last)}.")


def _find(sight: Sight) -> Any:
    field = tag(
        "label",
        tag("span", "L’histoire d’une ligne", class_="field__label"),
        tag("input", type="search", name="ligne", autocomplete="off", placeholder=sight.dataset.by_name[
            sight.dataset.key[0]].title),
        class_="field field--one",
    )  # fmt: skip
    hidden = {"association": sight.association.code, "jeu": sight.dataset.code}
    return chooser_form("historique", field, button="Voir", hidden=hidden, boxed=False)


def _table(sight: Sight, found: list[Deposit]) -> Any:
    asked = st.query_params.get("page", "1")
    last = (len(found) - 1) // PAGE + 1
    page = min(max(int(asked) if asked.isdecimal() else 1, 1), last)
    rows = [_row(sight, one) for one in found[(page - 1) * PAGE : page * PAGE]]
    headings = ["Dépôt", "Quand", "Qui", "Lignes", "Origine", "Suite"]
    if not any(row[-1] for row in rows):  # nothing was taken back
        headings, rows = headings[:-1], [row[:-1] for row in rows]
    body = table("Les dépôts, le plus récent d’abord", headings, rows, hide_caption=True, wide=True)
    steps = [link(f"Page {one}", sight.here(page=str(one))) for one in (page - 1, page + 1) if 0 < one <= last]
    return join([body, note(*[part for one in steps for part in (one, " ")]) if steps else None])


def _row(sight: Sight, one: Deposit) -> list[Any]:
    undone = None
    if one.undone_by is not None:
        number = sight.context.store.deposit(one.undone_by).number
        undone = join(["annulé par le ", link(f"dépôt n° {number}", sight.here(depot=str(number)), quiet=True)])
    return [
        link(f"n° {one.number} · {what(one)}", sight.here(depot=str(one.number))),
        when(one),
        who(sight.context, one),
        counted(one),
        one.file_name or "à l’écran",
        undone,
    ]
