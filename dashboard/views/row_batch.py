"""Several rows at once: choose them, say what to write, see what would happen, then store it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st

from core.catalogue.equiper import DATE_OF, MATERIEL
from core.catalogue.keys import KEY
from core.checking.outcome import Outcome
from core.depositing import editing
from core.domain import french
from core.domain.dataset import RowDict
from core.errors import FabriqueError, RowsRefused
from core.reading.typed_in import by_column, typed_in
from dashboard.components import Html, announced, answer, callout, facts, heading, note, show, tag
from dashboard.components.fields import GridField, fields
from dashboard.components.forms import refused
from dashboard.views.row_editor import Bench, problems_told, search, search_form

_FOUND, _PASTED = "Les lignes trouvées par la recherche", "Une liste de numéros collée"
_STATUS = "statut"
"""The column that a batch most often writes."""


def draw_batch(bench: Bench) -> None:
    """Which rows, what to write, the trial, the button that says what it stores."""
    seen = bench.seen("lot", typing=bench.memory.get("essai") is not None)
    show(heading("Quelles lignes ?", 2))
    keys = _rows(bench, seen)
    if not keys:
        return
    show(heading("Quoi écrire ?", 2))
    cells = _cells(bench)
    if cells:
        _try(bench, keys, cells, seen)


def doing(bench: Bench, count: int, cells: dict[str, object]) -> str:
    """« Marquer 40 machines reconditionnées », else « Modifier 40 lignes »."""
    status = cells.get(_STATUS)
    if bench.dataset.code != MATERIEL.code or not status:
        return f"Modifier {french.count(count, 'ligne')}"
    return f"Marquer {french.count(count, 'machine')} {status}{'e' if count < 2 else 'es'}"


def _rows(bench: Bench, seen: int) -> list[str]:
    rows = bench.rows(seen)
    way = st.radio("Comment les choisir", [_FOUND, _PASTED], key=bench.key("lot-choix"), horizontal=True)
    if way == _FOUND:
        show(search_form(bench, "lot"))
        keys = search(rows, bench.dataset, st.query_params.get("cherche", ""))[KEY].to_list()
        show(note(french.count(len(keys), "ligne choisie", "lignes choisies"), "."))
        return keys
    text = st.text_area("Numéros, un par ligne", key=bench.key("lot-liste"), height=160, max_chars=200_000)
    found = editing.chosen(rows, text)
    if found.unknown:
        listed = french.listing(f"« {one} »" for one in found.unknown[:5])
        more = f" et {french.count(len(found.unknown) - 5, 'autre')}" if len(found.unknown) > 5 else ""
        show(answer(f"Aucune ligne ne porte {listed}{more} : ces numéros sont laissés de côté.", "attention"))
    if text.strip():
        show(note(french.count(len(found.keys), "ligne choisie", "lignes choisies"), "."))
    return list(found.keys)


def _cells(bench: Bench) -> RowDict:
    """The values to write, typed; {} while one of them cannot be read."""
    offered = {one.column.title: one for one in fields(bench.dataset, hidden=bench.dataset.key)}
    first = [one.column.title for one in offered.values() if one.name == _STATUS]
    titles = st.multiselect(
        "Colonnes à écrire", [*offered], default=first, key=bench.key("lot-colonnes"), placeholder="Choisissez"
    )
    with st.container(key=f"formulaire-{bench.key('lot')}"):
        texts = {offered[title].name: _value(bench, offered[title]) for title in titles}
        implied = _implied(bench, texts, [offered[title].name for title in titles])
        texts |= {one.name: _value(bench, one) for one in implied}
    read = typed_in(bench.dataset, [texts])
    wrong = {name: said for name, said in by_column(read.problems).items() if texts.get(name)}
    for name, message in wrong.items():
        show(answer(f"{bench.dataset.by_name[name].title} : {message}", "attention"))
    ready = not wrong and all(texts.get(one.name) or one.column.nullable for one in _named(bench, texts))
    return {name: read.rows[0][name] for name in texts} if ready else {}


def _named(bench: Bench, names: Iterable[str]) -> list[GridField]:
    return [one for one in fields(bench.dataset) if one.name in names]


def _implied(bench: Bench, texts: RowDict, chosen: Sequence[str]) -> list[GridField]:
    """The date that a status of a machine implies, unless it is among the columns already."""
    if bench.dataset.code != MATERIEL.code:
        return []
    date = DATE_OF.get(texts.get(_STATUS) or "")
    return _named(bench, [date]) if date and date not in chosen else []


def _value(bench: Bench, field: GridField) -> str | None:
    text = field.widget(None, bench.key(f"lot-{field.name}"))
    if field.hint:
        show(tag("p", field.hint, class_="field-hint"))
    return text


def _try(bench: Bench, keys: list[str], cells: RowDict, seen: int) -> None:
    asked = (tuple(keys), tuple(cells.items()))
    tried, outcome = bench.memory.get("essai") or (None, None)
    if st.button(f"Vérifier {french.count(len(keys), 'ligne')}", key=bench.key("lot-essai")):
        outcome = _run(bench, keys, cells, seen, dry_run=True)
        tried = asked if outcome is not None else None
        bench.memory["essai"] = (tried, outcome) if outcome is not None else None
    if outcome is None or tried != asked:
        return
    show(_foreseen(bench, outcome, keys))
    able = not outcome.refused and outcome.changed > 0
    words = doing(bench, outcome.changed, cells)
    if able and st.button(words, type="primary", key=bench.key("lot-envoi")):
        done = _run(bench, keys, cells, seen, dry_run=False)
        if done is not None:
            bench.memory["essai"] = None
            bench.stored(done)
            st.rerun()


def _run(bench: Bench, keys: list[str], cells: RowDict, seen: int, *, dry_run: bool) -> Outcome | None:
    try:
        return editing.set_cells(
            bench.scope, bench.association.code, bench.dataset.code, keys, cells, based_on=seen, dry_run=dry_run
        )
    except RowsRefused as error:
        refused(problems_told(bench.dataset, error.problems, [bench.name(key) for key in keys]))
    except FabriqueError as error:
        bench.memory["essai"] = None
        refused(callout(str(error), tone="attention"))
    return None


def _foreseen(bench: Bench, outcome: Outcome, keys: list[str]) -> Html:
    if outcome.refused:
        wrong = problems_told(bench.dataset, outcome.errors, [bench.name(key) for key in keys])
        return announced(wrong, urgent=True)
    told = {
        "À modifier": french.number(outcome.changed),
        "Déjà ainsi": french.number(outcome.unchanged),
        "À vérifier ensuite": french.number(len(outcome.warnings)),
    }
    words = "Rien n’est encore enregistré." if outcome.changed else "Rien à changer : ces lignes sont déjà ainsi."
    return announced(tag("p", words), facts(told))
