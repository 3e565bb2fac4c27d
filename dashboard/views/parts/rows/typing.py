"""The grid: search, type, and save what was typed."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import streamlit as st

from core.axes.columns import Coded
from core.domain import french
from core.domain.dataset import Column, Dataset
from core.services.editing import Edits
from dashboard.components import chooser_form, join, link, note, show, tag
from dashboard.components.forms import grid, grid_pending, grid_reset
from dashboard.components.grids import Edits as Typed
from dashboard.views.parts.rows.bench import Bench, problems_told

PAGE = 200
"""Rows of one page of the grid."""


def draw_grid(bench: Bench) -> None:
    """The search, one page of rows to type in, the button that says what it will store."""
    key = bench.key("grille")
    pending = grid_pending(key)
    seen = bench.seen("grille", typing=pending)
    found = search(bench.rows(seen), bench.dataset, st.query_params.get("cherche", ""))
    page, shown = _page(found)
    if not pending:
        show(tag("div", search_form(bench), _pager(bench, found.height, page), class_="rows-tools"))
    else:
        show(note("Enregistrez ou abandonnez ce que vous avez saisi avant de chercher ou de changer de page."))
    typed = grid(bench.dataset, shown, key=key, name=f"{bench.dataset.title}, à corriger")
    said = "Une cellule se tape comme dans un tableur : 14/10/2021, 24\u202f500\u00a0€, oui."
    show(note(f"{said} Un collage est compris aussi."))
    _end(bench, typed, seen, key)


def search(rows: pl.DataFrame, dataset: Dataset, words: str) -> pl.DataFrame:
    """The rows of which one cell holds ``words`` as they are read on screen, whatever their case."""
    wanted = words.strip().lower()
    if not wanted:
        return rows
    held = [_text(column).str.to_lowercase().str.contains(wanted, literal=True) for column in dataset.columns]
    return rows.filter(pl.any_horizontal(one.fill_null(False) for one in held))


def search_form(bench: Bench, facon: str | None = None) -> object:
    """« Chercher », in the address."""
    words = st.query_params.get("cherche", "")
    field = tag(
        "label",
        tag("span", "Chercher dans les lignes", class_="field__label"),
        tag("input", type="search", name="cherche", value=words, autocomplete="off"),
        class_="field field--one",
    )
    hidden = {"association": bench.association.code, "jeu": bench.dataset.code, "facon": facon}
    return chooser_form("lignes", field, button="Chercher", hidden=hidden, boxed=False)


def _text(column: Column) -> pl.Expr:
    cell = pl.col(column.name)
    if column.kind.dtype == pl.Date:
        return cell.dt.to_string("%d/%m/%Y")
    if column.kind.dtype == pl.Boolean:
        return pl.when(cell).then(pl.lit("oui")).when(~cell).then(pl.lit("non"))
    if isinstance(column.kind, Coded):
        return cell.replace(column.kind.codes)
    return cell.cast(pl.String)


def _page(rows: pl.DataFrame) -> tuple[int, pl.DataFrame]:
    last = max(0, (rows.height - 1) // PAGE)
    asked = st.query_params.get("page", "1")
    page = min(max(int(asked) if asked.isdecimal() else 1, 1), last + 1)
    return page, rows.slice((page - 1) * PAGE, PAGE)


def _pager(bench: Bench, count: int, page: int) -> object:
    words = st.query_params.get("cherche") or None
    told = french.count(count, "ligne trouvée" if words else "ligne", "lignes trouvées" if words else "lignes")
    if count <= PAGE:
        return tag("p", f"{told}.", class_="rows-count")
    first, last = (page - 1) * PAGE + 1, min(page * PAGE, count)
    steps = [link(f"Page {one}", bench.here(cherche=words, page=str(one)))
             for one in (page - 1, page + 1) if 0 < one <= (count - 1) // PAGE + 1]  # fmt: skip
    whole = [f"{told}, de {french.number(first)} à {french.number(last)} ici. ", *_spaced(steps)]
    return tag("p", join(whole), class_="rows-count")


def _spaced(parts: Sequence[object]) -> list[object]:
    return [one for part in parts for one in (part, " · ")][:-1]


def _end(bench: Bench, typed: Typed, seen: int, key: str) -> None:
    """What is wrong, what leaves, and the two buttons."""
    if not typed.count and not typed.problems:
        return
    if typed.problems:
        show(problems_told(bench.dataset, typed.problems, typed.numbered))
    sure = not typed.removed or st.checkbox(_leaving(typed.removed), key=f"{key}-retrait")
    with st.container(horizontal=True):
        words = french.count(typed.count, "modification")
        ready = bool(sure and typed.count and not typed.problems)
        if st.button(f"Enregistrer {words}", type="primary", key=f"{key}-envoi", disabled=not ready):
            edits = Edits(typed.changed, typed.added, typed.removed)
            bench.save(edits, based_on=seen, again=lambda: grid_reset(key))
        if st.button("Abandonner la saisie", key=f"{key}-abandon"):
            grid_reset(key)
            st.rerun()


def _leaving(keys: Sequence[str]) -> str:
    listed = french.listing(f"« {one} »" for one in keys[:5])
    more = f" et {french.count(len(keys) - 5, 'autre')}" if len(keys) > 5 else ""
    return french.typeset(f"Retirer {french.count(len(keys), 'ligne')} : {listed}{more}")
