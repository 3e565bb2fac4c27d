"""The threshold of agreement of each building; one decision may be applied to several."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.domain import french
from core.domain.experiment import METROPOLE
from core.domain.observation import Missing
from core.services.registers import Building, buildings
from dashboard.components import empty, heading, mark, section, show, table, tag
from dashboard.context import Context
from dashboard.views.parts.registers.editing import to_row
from dashboard.views.parts.registers.saving import save, seen
from dashboard.views.parts.registers.several import decide
from dashboard.views.parts.registers.words import place


def draw(context: Context) -> None:
    """Every building, those without a threshold first; then the decision, applied to those chosen."""
    found = buildings(context.registry, context.store)
    if not found:
        show(empty("Aucun immeuble n’est encore décrit", "Les seuils se fixent une fois les immeubles transmis."))
        return
    body = [_row(context, one) for one in found]
    headings = ["Immeuble", "Lieu", "Logements", "Éligible au câble", "Seuil d’accord", "Décision", "Changer"]
    shown = table("Immeubles", headings, body, numeric=(2,), hide_caption=True, wide=True)
    show(section("Les immeubles, ceux sans seuil d’abord", shown))
    show(heading("Fixer un seuil", 2, anchor="saisie"))
    asked = st.query_params.get("ligne")
    chosen = [asked] if asked else [one.key for one in found if one.eligible and not one.decided]
    decide(
        context, "seuils", "Immeubles concernés",
        {one.key: {"association": one.association, "code_immeuble": one.code} for one in found},
        {one.key: f"{one.code}, {place(one.place)}" for one in found}, chosen,
        button=("Fixer le seuil de {} immeuble", "Fixer le seuil de {} immeubles"),
        done=("{} seuil est fixé", "{} seuils sont fixés"),
    )  # fmt: skip
    if asked and any(one.key == asked and one.decided for one in found):
        _remove(context, asked)


def _row(context: Context, one: Building) -> list[Any]:
    verb = "Changer" if one.decided else "Fixer"
    return [
        one.code,
        place(one.place),
        french.number(one.dwellings),
        mark(Missing.NOT_REPORTED) if one.eligible is None else ("oui" if one.eligible else "non"),
        threshold(one),
        one.decision,
        to_row("seuils", one.key, verb, f"le seuil de {one.code}"),
    ]


def threshold(one: Building) -> Any:
    """« 50 % des logements, soit 22 », or that nothing is fixed."""
    if one.share is not None:
        least = -(-one.minimum // 1)  # as many agreements as needed: a part of one is one more
        return f"{french.percent(one.share, 2)} des logements, soit {french.number(least)}"
    if one.number is not None:
        return french.count(one.number, "logement")
    if one.eligible is False:
        return mark(Missing.NOT_APPLICABLE)
    return tag("strong", "à fixer") if one.eligible else "en attente du diagnostic"


def _remove(context: Context, key: str) -> None:
    sure = st.checkbox("Retirer ce seuil du registre (son historique reste)", key=f"retirer-seuil-{key}")
    if sure and st.button("Retirer ce seuil", key=f"retirer-{METROPOLE}-{key}"):
        save(context, "seuils", removals=[key], done="le seuil est retiré", based_on=seen(context, f"retirer-{key}"))
