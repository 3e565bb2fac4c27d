"""« Registres »: what the Métropole decides and holds, register by register, and what is still missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time
from functools import partial

import streamlit as st

from core.depositing import transfers
from core.depositing.reference_tables import Register, registers
from core.domain import french
from core.domain.calendar import day_in_france
from core.domain.french import nearest
from core.domain.programme import METROPOLE
from core.errors import UnknownName
from core.exports.template import filled_register, filled_registers
from dashboard.addresses import address
from dashboard.components import (
    Child,
    callout,
    download,
    heading,
    join,
    lead,
    link,
    note,
    page_title,
    show,
    strong,
    table,
    tag,
)
from dashboard.components.text import plain_label
from dashboard.context import Context
from dashboard.views.table_editing import PATH, draw_deeds, draw_keys
from dashboard.views.table_forms import draw_annex, draw_periods, draw_thresholds
from dashboard.views.table_saving import forget, told
from dashboard.views.table_screens import (
    draw_agreements,
    draw_baselines,
    draw_dates,
    draw_documents,
    draw_durations,
    draw_grants,
    draw_payments,
    draw_targets,
)

TITLE = "Registres"
SCREENS: Mapping[str, Callable[[Context], None]] = {
    "objectifs": draw_targets,
    "valeurs_depart": draw_baselines,
    "periodes": draw_periods,
    "dates_experimentations": draw_dates,
    "seuils": draw_thresholds,
    "cles": draw_keys,
    "conventions": draw_agreements,
    "versements": draw_payments,
    "pieces": draw_documents,
    "autorisations": draw_grants,
    "annexe_materiel": draw_annex,
    "lots_cession": draw_deeds,
    "conservation": draw_durations,
}
"""What draws each one."""


def draw(context: Context) -> None:
    """Every register, or the one that the address names."""
    found = registers(context.registry, context.store, today=context.today)
    code = st.query_params.get("registre")
    if code is None:
        _all(context, found)
        return
    register = next((one for one in found if one.code == code), None)
    if register is None:
        raise UnknownName(_unknown(code))
    _one(context, register)


def _all(context: Context, found: tuple[Register, ...]) -> None:
    forget(context, found)
    show(page_title(TITLE), lead(*_sentence(found)))
    if waiting := transfers.awaited(context.registry, context.store):
        said = [*(tag("p", line) for line in _waiting(context, waiting)), link("Voir les transferts", "/transferts")]
        show(callout(join(said), tone="attention", title="Transferts sans accusé de réception"))
    rows = [
        [
            link(one.title, address(PATH, registre=one.code)),
            one.purpose,
            french.count(one.count, "ligne") if one.count else "aucune",
            tag("strong", french.sentence(one.missing)) if one.missing else "Rien ne manque.",
            changed(one),
        ]
        for one in found
    ]
    headings = ["Registre", "À quoi il sert", "Inscrit", "Ce qui manque", "Dernier changement"]
    show(table("Ce que la Métropole décide et tient", headings, rows, wide=True))
    offer_registers(context)


def _sentence(found: tuple[Register, ...]) -> list[Child]:
    lacking = sum(bool(one.missing) for one in found)
    if not lacking:
        return [strong("Rien ne manque"), f" dans les {len(found)} registres de la Métropole."]
    named = french.count(lacking, "registre attend", "registres attendent")
    return [strong(f"{named} encore quelque chose"), f" sur {len(found)} : chacun dit quoi."]


def _waiting(context: Context, waiting: tuple[transfers.Parcel, ...]) -> list[str]:
    name = {one.code: one.name for one in context.registry.associations}
    return [
        f"{one.contents} {french.of(name[one.sender])} à {name[one.receiver]}"
        + (f", {'partis' if len(one.machines) > 1 else 'parti'} le {french.day(one.sent_on)}." if one.sent_on else ".")
        for one in waiting
    ]


def _one(context: Context, register: Register) -> None:
    show(
        page_title(register.title, kicker=TITLE, aside=link("Tous les registres", address(PATH))),
        lead(strong(french.sentence(register.missing)) if register.missing else "Rien ne manque dans ce registre."),
        note(register.purpose),
    )
    if not told(context, register.code):
        SCREENS[register.code](context)
        offer_register(context, register.code, register.title)
    history = link("Historique de ce registre", address("historique", association=METROPOLE, jeu=register.code))
    show(note("Dernier changement : ", changed(register), ". ", history))


def changed(register: Register) -> str:
    """« 21 janvier 2022, Karim »."""
    if register.last is None:
        return "jamais"
    return f"{french.day(day_in_france(register.last.at))}, {register.last.actor}"


def _unknown(code: str) -> str:
    close = nearest(code, SCREENS)
    hint = f"Vouliez-vous dire « {close} » ?" if close else "Choisissez-en un dans « Registres »."
    return french.typeset(f"Le registre « {code} » n’existe pas. {hint}")


# --- The registers as spreadsheets: each leaves filled, and is handed in again --------------------


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
