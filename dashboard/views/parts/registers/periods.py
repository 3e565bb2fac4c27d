"""The periods for which figures are due, and the quarters prepared together; no due date is made up."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from core.domain import french
from core.domain.experiment import METROPOLE
from core.domain.period import Period, quarters_between
from core.errors import UnknownName
from core.services.reading.typed_in import by_column, typed_in
from dashboard.components import callout, empty, heading, section, show, table
from dashboard.context import Context
from dashboard.views.parts.registers.editing import Editor, edit, to_row
from dashboard.views.parts.registers.saving import save, seen, turn
from dashboard.views.parts.registers.words import rows

_BETWEEN = "periodes-entre"


def draw(context: Context) -> None:
    """What is expected and when, the quarters to prepare, one period by itself."""
    held = sorted(rows(context, "periodes"), key=lambda row: (row["debut"], row["fin"]))
    if held:
        body = [[_label(row["code"]), french.day(row["debut"]), french.day(row["fin"]), french.day(row["echeance"]),
                 to_row("periodes", row["_key"], about=_label(row["code"]))] for row in held]  # fmt: skip
        headings = ["Période", "Du", "Au", "Relevé attendu le", "Changer"]
        show(section("Ce qui est attendu, et quand", table("Périodes", headings, body, hide_caption=True)))
    else:
        show(empty("Aucune période n’est préparée", "Les associations ne savent pas encore quand transmettre."))
    _prepare(context, {row["code"] for row in held})
    edit(
        context, Editor("periodes", "cette période", "Ajouter une période"), held, name=lambda row: _label(row["code"])
    )


def _label(code: str) -> str:
    try:
        return Period.parse(code).label
    except UnknownName:
        return code


def _prepare(context: Context, known: set[str]) -> None:
    """Two days, then one due date for each quarter between them that is not there yet."""
    show(heading("Préparer les trimestres", 2))
    with st.container(key="formulaire-trimestres"), st.form("trimestres-form", enter_to_submit=False):
        first = st.text_input("Du (jj/mm/aaaa)", key="trimestres-du", autocomplete="off")
        last = st.text_input("Au (jj/mm/aaaa)", key="trimestres-au", autocomplete="off")
        pressed = st.form_submit_button("Proposer les trimestres")
    if pressed:
        st.session_state[_BETWEEN] = _between(context, first, last)
    if between := st.session_state.get(_BETWEEN):
        _due_dates(context, [one for one in quarters_between(*between) if one.code not in known])


def _between(context: Context, first: str, last: str) -> tuple[date, date] | None:
    """The two days as typed; None, with what is wrong, when they are not two days in order."""
    dataset = context.registry.dataset(METROPOLE, "periodes")
    typed = typed_in(dataset, [{"code": "2021-T1", "debut": first, "fin": last, "echeance": last}])
    problems = by_column(typed.problems)
    if wrong := [french.typeset(f"{dataset.by_name[name].title} : {problems[name]}")
                 for name in ("debut", "fin") if name in problems]:  # fmt: skip
        show(callout(" ".join(wrong), tone="attention"))
        return None
    return typed.rows[0]["debut"], typed.rows[0]["fin"]


def _due_dates(context: Context, proposed: list[Period]) -> None:
    if not proposed:
        show(callout("Tous les trimestres entre ces deux jours sont déjà préparés."))
        return
    based_on = seen(context, f"trimestres-{turn()}")
    with st.container(key="formulaire-echeances"), st.form("echeances-form", enter_to_submit=False):
        typed = {
            one: st.text_input(
                french.typeset(f"{one.label} : relevé attendu le (jj/mm/aaaa)"), key=f"echeance-{turn()}-{one.code}",
                autocomplete="off",
            )
            for one in proposed
        }  # fmt: skip
        count = french.count(len(proposed), "trimestre")
        pressed = st.form_submit_button(f"Enregistrer {count}", type="primary")
    if pressed:
        _store(context, typed, based_on)


def _store(context: Context, typed: dict[Period, str], based_on: int) -> None:
    dataset = context.registry.dataset(METROPOLE, "periodes")
    write = dataset.by_name["debut"].kind.write
    texts = [
        {"code": one.code, "debut": write(one.start), "fin": write(one.end), "echeance": due}
        for one, due in typed.items()
    ]
    read: Any = typed_in(dataset, texts)
    if read.problems:
        listed = list(typed)
        wrong = {one.line: one for one in read.problems if one.line and one.column == "echeance"}
        said = [
            f"{listed[line - 1].label} : {french.sentence(one.expected)} {one.remedy}" for line, one in wrong.items()
        ]
        show(callout(" ".join(said) or "Corrigez les dates.", tone="attention"))
        return
    st.session_state.pop(_BETWEEN, None)
    done = french.count(len(texts), "trimestre est préparé", "trimestres sont préparés")
    save(context, "periodes", read.rows, done=done, based_on=based_on)
