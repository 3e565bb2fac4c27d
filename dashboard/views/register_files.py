"""The registers as spreadsheets: each leaves filled, and comes back through the same check as any deposit."""

from __future__ import annotations

from datetime import datetime, time
from functools import partial

import streamlit as st

from core.domain.programme import METROPOLE
from core.exports.template import filled_register, filled_registers
from dashboard.addresses import address
from dashboard.components import download, heading, link, note, show
from dashboard.components.text import plain_label
from dashboard.context import Context

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def offer_register(context: Context, code: str, title: str) -> None:
    """One register: as it stands, to be filled further; and where it is handed in again."""
    show(heading("Par un tableur", 2))
    with st.container(horizontal=True, key=f"tableur-{code}"):
        download(
            plain_label(f"Télécharger « {title} » (XLSX)"),
            partial(filled_register, context.registry, context.store, code, created=_made(context)),
            f"{code.replace('_', '-')}-{context.today:%Y-%m-%d}.xlsx",
            mime=_XLSX,
            key=f"registre-{code}",
        )
    show(
        note(
            "Le fichier porte ce qui est inscrit. Complétez-le, puis ",
            link("déposez-le", address("deposer", association=METROPOLE, jeu=code)),
            " : vous voyez ce qui va changer avant d’enregistrer. ",
            "Ce qui n’y est plus n’est retiré que si vous le dites.",
        )
    )


def offer_registers(context: Context) -> None:
    """All of them in one workbook: a whole programme is set up with it."""
    show(heading("Tout par un tableur", 2))
    with st.container(horizontal=True, key="tableur-registres"):
        download(
            "Télécharger les registres (un classeur XLSX)",
            partial(filled_registers, context.registry, context.store, created=_made(context)),
            f"registres-{context.today:%Y-%m-%d}.xlsx",
            mime=_XLSX,
            key="registres-classeur",
        )
    show(
        note(
            "Un onglet par registre, avec ce qui est inscrit et les listes. Remplissez ceux que vous voulez, puis ",
            link("déposez le classeur", address("deposer", association=METROPOLE)),
            " : une vérification, un bouton, un seul dépôt qui s’annule en entier. Un onglet vide n’est pas lu.",
        )
    )


def _made(context: Context) -> datetime:
    return datetime.combine(context.today, time())
