"""Rows that a deposit left behind: each with what is wrong of it, its form, and the way to give it up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st

from core.checking import waiting
from core.checking.waiting import WaitingRow
from core.depositing.editing import Edits
from core.domain import french
from core.domain.calendar import day_in_france
from core.errors import FabriqueError
from core.reading.typed_in import typed_in
from dashboard.components import Html, answer, bullets, callout, empty, heading, lead, link, note, show, strong, tag
from dashboard.components.forms import row_form
from dashboard.context import Context
from dashboard.views.row_editor import Bench
from dashboard.views.shared import kept

_LISTED = 40


def left_behind(bench: Bench) -> tuple[WaitingRow, ...]:
    """The rows of this table that wait."""
    return waiting.waiting(bench.context.store, bench.association.code, bench.dataset.code)


def draw_waiting(bench: Bench) -> None:
    """One row to correct, the others in a list."""
    rows = left_behind(bench)
    if not rows:
        show(empty("Rien n’attend", "Aucune ligne d’un dépôt n’attend d’être corrigée."))
        return
    asked = st.query_params.get("attente")
    one = next((row for row in rows if row.id == asked), rows[0])
    show(lead(strong(waiting.told_of(rows)), ". Un fichier redéposé avec ces lignes les règle aussi."))
    _one(bench, one)
    _others(bench, [row for row in rows if row.id != one.id])


def name_of(bench: Bench, row: WaitingRow) -> str:
    """How people recognise it: what identifies it as it was written, else its line."""
    written = [row.texts[name] for name in bench.dataset.key if name in row.texts]
    return ", ".join(written) or f"ligne {row.line}"


def _one(bench: Bench, row: WaitingRow) -> None:
    day = french.day(day_in_france(row.at))
    where = f"Ligne {row.line} de « {row.file} », déposé le {day}."
    show(
        heading(name_of(bench, row), 2),
        note(where),
        callout(bullets(said for _column, said in row.reasons), "attention", title="À corriger"),
    )
    there = None if row.key is None else bench.row(row.key, bench.context.store.latest())
    read = typed_in(bench.dataset, [row.texts]).rows[0]
    shown = {**(there or {}), **{name: value for name, value in read.items() if value is not None}}
    key = bench.key(f"attente-{row.id}")
    seen = bench.seen(key, typing=bool(st.session_state.get(f"{key}-vu")))
    st.session_state[f"{key}-vu"] = True
    sent = row_form(bench.dataset, shown, key=key, button="Enregistrer cette ligne")
    if sent is not None:
        edits = _edits(row, dict(sent), there, bench.dataset.key)
        bench.save(edits, based_on=seen, again=lambda: _settle(bench, row), sent=sent)
    _drop(bench, row)


def _edits(row: WaitingRow, sent: dict[str, object], there: dict[str, object] | None, key: Sequence[str]) -> Edits:
    """The row as a change of the one that holds; as a new one when none does, or when its key was corrected."""
    if there is None or row.key is None or any(sent[name] != there[name] for name in key):
        return Edits(added=(sent,))
    return Edits(changed={row.key: {name: value for name, value in sent.items() if value != there.get(name)}})


def _settle(bench: Bench, row: WaitingRow) -> None:
    waiting.corrected(bench.scope, bench.association.code, bench.dataset, [row.id])


def _drop(bench: Bench, row: WaitingRow) -> None:
    key = bench.key(f"laisser-{row.id}")
    with st.expander("Laisser tomber cette ligne"):
        show(note("Elle n’entrera pas dans les données. Le motif reste dans l’histoire."))
        reason = st.text_input("Pourquoi", key=f"{key}-motif", max_chars=200)
        if st.button("Laisser tomber cette ligne", key=key):
            try:
                waiting.drop(bench.scope, bench.association.code, bench.dataset, [row.id], reason)
            except FabriqueError as error:
                show(answer(str(error), "attention"))
                return
            st.query_params.pop("attente", None)
            st.rerun()


def _others(bench: Bench, rows: Sequence[WaitingRow]) -> None:
    if not rows:
        return
    items = [
        tag("li", link(name_of(bench, row), bench.at_rows(facon="attente", attente=row.id))) for row in rows[:_LISTED]
    ]
    rest = len(rows) - _LISTED
    more = note(f"Et {french.count(rest, 'autre ligne', 'autres lignes')}.") if rest > 0 else None
    show(heading("Les autres lignes à corriger", 2), tag("ul", items, class_="row-names"), more)


# --- Beside figures and completeness: how many rows of an association wait to be corrected, and count nowhere ----


def left_behind_note(context: Context, associations: Iterable[str]) -> Html | None:
    """« 3 lignes de ces données attendent d’être corrigées : aucun chiffre ne les compte. »; None when none waits."""
    count = sum(sum(_counted(context, one).values()) for one in dict.fromkeys(associations))
    if not count:
        return None
    several = "attendent d’être corrigées : aucun chiffre ne les compte, ni la complétude"
    one = "attend d’être corrigée : aucun chiffre ne la compte, ni la complétude"
    return note(f"{french.count(count, 'ligne déposée', 'lignes déposées')} {several if count > 1 else one}.")


def _counted(context: Context, association: str) -> dict[str, int]:
    return kept(context, ("left behind", association), None, lambda: waiting.counted(context.store, association))
