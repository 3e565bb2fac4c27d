"""The allocation keys: how a line voted for several experiments is divided; its parts make 100 %."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.deliberation import LINES
from core.domain import french
from core.domain.experiment import METROPOLE
from core.services.reading.typed_in import typed_in
from core.services.registers import Sharing, remainder, sharings
from dashboard.components import callout, heading, note, show, table, tag
from dashboard.context import Context
from dashboard.views.parts.registers.saving import save, seen, turn
from dashboard.views.parts.registers.words import experiment, line, rows


def draw(context: Context) -> None:
    """Each line that is not of a single experiment: its parts, and the form to decide them."""
    held = rows(context, "cles")
    lines = sorted(sharings(context.registry, context.store), key=lambda one: not LINES[one.line].experiments)
    for one in lines:
        show(heading(line(one.line), 2), note(f"{french.euros(LINES[one.line].cents)} votés."))
        show(_state(context, one, [row for row in held if row["ligne"] == one.line]))
        if one.parts or LINES[one.line].experiments:
            _form(context, one)
        else:
            with st.expander("Décider une clé pour cette ligne"):
                _form(context, one)
    show(note("Les autres lignes ont été votées pour une seule expérimentation : elles ne se répartissent pas."))


def _state(context: Context, one: Sharing, held: list[dict[str, Any]]) -> Any:
    if not held:
        return callout("Non ventilé : aucune clé n’est décidée. La somme n’est comptée à aucune expérimentation.")
    body = [[experiment(context, row["experience"]), french.percent(row["part"], 2),
             french.euros(round(LINES[one.line].cents * row["part"] / 100)), row["decision"], french.day(row["date"])]
            for row in held]  # fmt: skip
    shown = table(
        "Clé de répartition", ["Expérimentation", "Part", "Montant", "Décision", "Date"], body, numeric=(1, 2),
        hide_caption=True,
    )  # fmt: skip
    if one.divided:
        return shown
    left = french.percent(float(one.remainder), 2)
    return [shown, callout(f"Non ventilé : il manque {left} pour que les parts fassent 100 %.", tone="attention")]


def _form(context: Context, one: Sharing) -> None:
    """One field for each experiment, the remainder said at once, one decision for all."""
    dataset = context.registry.dataset(METROPOLE, "cles")
    key = f"cle-{one.line}-{turn()}"
    based_on = seen(context, key)
    with st.container(key=f"formulaire-cle-{one.line}"):
        show(heading("Décider les parts" if not one.parts else "Changer les parts", 3))
        write = dataset.by_name["part"].kind.write
        typed = {
            code: st.text_input(
                french.typeset(f"{experiment(context, code)} (en %)"), key=f"{key}-{code}", autocomplete="off",
                value=write(one.parts[code]) if code in one.parts else "",
            )
            for code in one.experiments
        }  # fmt: skip
        decision = st.text_input("Décision", key=f"{key}-decision", autocomplete="off")
        day = st.text_input("Date de la décision (jj/mm/aaaa)", key=f"{key}-date", autocomplete="off")
        given = {code: text for code, text in typed.items() if text.strip()}
        read = typed_in(dataset, [{"ligne": one.line, "experience": code, "part": text, "decision": decision,
                                   "date": day} for code, text in given.items()])  # fmt: skip
        parts = [row["part"] for row in read.rows]
        show(_remainder(parts))
        whole = bool(parts) and None not in parts and remainder(parts) == 0
        pressed = st.button("Enregistrer la clé", type="primary", key=f"{key}-envoi", disabled=not whole)
    if not pressed:
        return
    if read.problems:
        said = {f"{french.sentence(found.expected)} {found.remedy}" for found in read.problems}
        show(tag("div", callout(" ".join(sorted(said)), tone="attention"), role="alert"))
        return
    gone = [f"{one.line}|{code}" for code in one.parts if code not in given]
    save(context, "cles", read.rows, removals=gone, done="la clé est inscrite", based_on=based_on)


def _remainder(parts: list[float | None]) -> Any:
    if None in parts:
        said = "Une part n’est pas un nombre entre 0 et 100."
    elif not parts:
        said = "Reste à répartir : 100 %."
    else:
        left = remainder([part for part in parts if part is not None])
        said = f"Reste à répartir : {french.percent(float(left), 2)}." if left else "Les parts font 100 %."
        if left < 0:
            said = f"Les parts dépassent 100 % de {french.percent(float(-left), 2)}."
    return tag("p", said, class_="remainder", role="status")
