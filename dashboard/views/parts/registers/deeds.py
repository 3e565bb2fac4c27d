"""The cession, batch by batch: which machines make a batch, and the deed by which it left the inventory."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.axes.equiper.schema import SCREEN
from core.deliberation import EQUIPMENT
from core.domain import french
from core.services.registers import ceded
from core.services.transfers import contents
from dashboard.components import callout, empty, heading, link, note, section, show, table
from dashboard.context import Context
from dashboard.navigation import address
from dashboard.views.parts.registers.editing import PATH, Editor, edit, to_row
from dashboard.views.parts.registers.saving import save, seen, turn
from dashboard.views.parts.registers.words import rows

CODE = "lots_cession"


def draw(context: Context) -> None:
    """The deeds against 455 and 202, the batches without a deed, the machines without a batch."""
    deeds = sorted(rows(context, CODE), key=lambda row: row["date"])
    annex = rows(context, "annexe_materiel")
    _deeds(deeds)
    waiting = _without_deed(annex, {row["lot"] for row in deeds})
    _waiting(waiting)
    asked = st.query_params.get("lot")
    start = _start(asked, waiting[asked]) if asked in waiting else {}
    edit(context, Editor(CODE, "cet acte", "Inscrire un acte de cession", start=start), deeds,
         name=lambda row: f"lot {row['lot']}")  # fmt: skip
    _compose(context, [row for row in annex if not row["lot"]])


def _deeds(deeds: list[dict[str, Any]]) -> None:
    if not deeds:
        show(empty("Aucun acte n’est inscrit", "455 ordinateurs et 202 écrans sont votés ; aucun n’est encore cédé."))
        return
    body = [
        [
            row["lot"],
            french.day(row["date"]),
            french.number(row["ordinateurs"]),
            french.number(row["ecrans"]),
            row["reference"] or "",
            to_row(CODE, row["_key"], about=f"le lot {row['lot']}"),
        ]
        for row in deeds
    ]
    computers, screens = ceded(deeds)
    total = ["Cédés", "", french.out_of(computers, EQUIPMENT.computers), french.out_of(screens, EQUIPMENT.screens),
             "", ""]  # fmt: skip
    headings = ["Lot", "Date", "Ordinateurs", "Écrans", "Acte", "Changer"]
    shown = table("Actes de cession", headings, body, numeric=(2, 3), hide_caption=True, total=total, wide=True)
    show(section("Ce qui est sorti de l’inventaire de la Métropole", shown))


def _without_deed(annex: list[dict[str, Any]], ceded_lots: set[str]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in annex:
        if row["lot"] and row["lot"] not in ceded_lots:
            found.setdefault(row["lot"], []).append(row)
    return found


def _waiting(waiting: dict[str, list[dict[str, Any]]]) -> None:
    if waiting:
        body = [[lot, contents(machines), link("Inscrire son acte", f"{address(PATH, registre=CODE, lot=lot)}#saisie")]
                for lot, machines in waiting.items()]  # fmt: skip
        shown = table("Lots sans acte", ["Lot", "Machines", "Acte"], body, hide_caption=True)
        show(section("Lots composés, sans acte", shown))


def _start(lot: str, machines: list[dict[str, Any]]) -> dict[str, Any]:
    screens = sum(row["type"] == SCREEN for row in machines)
    return {"lot": lot, "ordinateurs": len(machines) - screens, "ecrans": screens}


def _compose(context: Context, free: list[dict[str, Any]]) -> None:
    """Choose machines of the annex that are in no batch, and name the batch."""
    show(heading("Composer un lot", 2))
    if not free:
        annex = link("l’annexe du matériel", address(PATH, registre="annexe_materiel"))
        show(note("Aucune machine n’attend de lot. Les machines se chargent dans ", annex, "."))
        return
    key = f"lot-{turn()}"
    based_on = seen(context, key)
    names = {row["numero_inventaire"]: f"{row['numero_inventaire']} ({row['type']})" for row in free}
    show(note(f"{contents(free)} de l’annexe ne sont dans aucun lot."))
    with st.container(key="formulaire-lot"):
        chosen = st.multiselect(
            "Machines du lot", list(names), format_func=names.__getitem__, key=f"{key}-machines",
            placeholder="Choisissez",
        )  # fmt: skip
        whole = st.checkbox(french.typeset(f"Toutes : {contents(free)}"), key=f"{key}-toutes")
        name = st.text_input("Nom du lot", key=f"{key}-nom", autocomplete="off").strip()
        picked = list(names) if whole else chosen
        pressed = st.button(
            f"Mettre {french.count(len(picked), 'machine')} dans ce lot", type="primary", key=f"{key}-envoi",
            disabled=not picked,
        )  # fmt: skip
    if pressed and not name:
        show(callout("Donnez un nom au lot, par exemple « Livraison 5 ».", tone="attention"))
    elif pressed:
        by_number = {row["numero_inventaire"]: row for row in free}
        lines = [{"numero_inventaire": one, "type": by_number[one]["type"], "lot": name} for one in picked]
        done = f"{french.count(len(lines), 'machine est', 'machines sont')} dans le lot « {name} »"
        save(context, "annexe_materiel", lines, done=done, based_on=based_on)
