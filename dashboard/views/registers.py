"""« Registres »: what the Métropole decides and holds, register by register, and what is still missing."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import streamlit as st

from core.domain import french
from core.domain.experiment import METROPOLE
from core.domain.local_time import day_in_france
from core.domain.words import nearest
from core.errors import UnknownName
from core.services import transfers
from core.services.registers import Register, registers
from dashboard.components import callout, join, lead, link, note, page_title, show, strong, table, tag
from dashboard.context import Context
from dashboard.navigation import address
from dashboard.views.parts.registers.editing import PATH
from dashboard.views.parts.registers.saving import tell

TITLE = "Registres"
SCREENS = {
    "objectifs": "targets",
    "valeurs_depart": "baselines",
    "periodes": "periods",
    "dates_experimentations": "dates",
    "seuils": "thresholds",
    "cles": "keys",
    "conventions": "agreements",
    "versements": "payments",
    "pieces": "documents",
    "autorisations": "grants",
    "annexe_materiel": "annex",
    "lots_cession": "deeds",
    "conservation": "durations",
}
"""The module of ``dashboard.views.parts.registers`` that draws each one."""


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
    show(table("Ce que la Métropole décide et tient", headings, rows, hide_caption=True, wide=True))


def _sentence(found: tuple[Register, ...]) -> list[Any]:
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
    tell()
    _screen(register.code)(context)
    history = link(
        "Historique de ce registre", address("historique", association=METROPOLE, jeu=register.code)
    )  # fmt: skip
    show(note("Dernier changement : ", changed(register), ". ", history))


def changed(register: Register) -> str:
    """« 21 janvier 2022, Karim »."""
    if register.last is None:
        return "jamais"
    return f"{french.day(day_in_france(register.last.at))}, {register.last.actor}"


def _screen(code: str) -> Callable[[Context], None]:
    return import_module(f"dashboard.views.parts.registers.{SCREENS[code]}").draw


def _unknown(code: str) -> str:
    close = nearest(code, SCREENS)
    hint = f"Vouliez-vous dire « {close} » ?" if close else "Choisissez-en un dans « Registres »."
    return french.typeset(f"Le registre « {code} » n’existe pas. {hint}")
