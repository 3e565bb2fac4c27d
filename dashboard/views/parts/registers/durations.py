"""How long the past of each dataset is kept; without a duration, nothing is ever removed."""

from __future__ import annotations

import streamlit as st

from core.domain import french
from core.domain.observation import Missing
from core.services import retention
from dashboard.components import heading, link, mark, note, section, show, table
from dashboard.context import Context
from dashboard.views.parts.registers.editing import to_row
from dashboard.views.parts.registers.saving import save, seen
from dashboard.views.parts.registers.several import decide
from dashboard.views.parts.registers.words import decision, rows


def draw(context: Context) -> None:
    """Every dataset with its duration, or without; what the next purge would remove; the form."""
    held = {row["dataset"]: row for row in rows(context, retention.RETENTION)}
    titles = retention.datasets(context.registry)
    body = [
        [
            title,
            french.count(held[code]["duree_mois"], "mois", "mois") if code in held else mark(Missing.NOT_REPORTED),
            decision(held[code]) if code in held else "",
            to_row(retention.RETENTION, code, "Changer" if code in held else "Fixer", f"la durée de {title}"),
        ]
        for code, title in titles.items()
    ]
    shown = table("Durées de conservation", ["Tableau", "Durée", "Décision", "Changer"], body, hide_caption=True)
    show(section("Combien de temps le passé est gardé", shown, note(*_explained())))
    asked = st.query_params.get("ligne")
    show(heading("Fixer une durée", 2, anchor="saisie"))
    decide(
        context, retention.RETENTION, "Tableaux concernés", {code: {"dataset": code} for code in titles}, titles,
        [asked] if asked else [],
        button=("Fixer la durée de {} tableau", "Fixer la durée de {} tableaux"),
        done=("{} durée est fixée", "{} durées sont fixées"),
    )  # fmt: skip
    if asked in held:
        sure = st.checkbox("Retirer cette durée (son historique reste)", key=f"retirer-duree-{asked}")
        if sure and st.button("Retirer cette durée", key=f"retirer-{asked}"):
            based_on = seen(context, f"retirer-{asked}")
            save(context, retention.RETENTION, removals=[asked], done="la durée est retirée", based_on=based_on)


def _explained() -> list[object]:
    return [
        "La personne qui tient le serveur lance la suppression par la commande « fabrique purge » : les versions "
        "remplacées et les fichiers plus anciens que la durée partent pour de bon, les lignes en cours restent. ",
        link("Ce qui est conservé, et pourquoi", "/donnees-personnelles"),
    ]
