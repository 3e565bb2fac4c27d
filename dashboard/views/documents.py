"""« Documents »: everything that leaves for the committee, the law or the room, from figures of now or frozen ones."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec

import streamlit as st

from core.domain import french
from core.domain.meeting import Freeze, Meeting
from core.errors import UnknownName
from core.exports.documents import KINDS, Kind, Order
from core.exports.dossier.choosing import freezes
from core.services.meetings import meetings, readable
from dashboard.components import Choice, Html, choices, lead, page_title, show
from dashboard.context import Context
from dashboard.navigation import address
from dashboard.views.parts.discreet import least
from dashboard.views.parts.moment import Moment, read_moment
from dashboard.views.parts.offered import Offered, Section, show_section

TITLE = "Documents"
PATH = "documents"
FORMATS = {"pdf": "PDF", "pptx": "PowerPoint", "xlsx": "Excel", "docx": "Word"}
OTHERS = "dashboard.views.parts.legal_documents"
"""What the law asks for and what is opened to everybody: the same ``sections(context, chosen)``."""


def draw(context: Context) -> None:
    """Which figures, then each document."""
    known = readable(context.actor, meetings(context.store))
    moment, freeze = read_moment(context), _asked(known)
    chosen = _order(context, moment, freeze, known)
    show(page_title(TITLE), lead(_sentence(moment, freeze)), _chooser(known, moment, freeze))
    for one in sections(context, chosen):
        show_section(one)


def sections(context: Context, chosen: Order) -> list[Section]:
    """Every document on offer, section by section; ``chosen`` says of which figures."""
    before, after = ([kind for kind in KINDS if kind.about == about] for about in ("figures", "committee"))
    found = [
        Section("Pour la séance", [_offered(kind, chosen) for kind in before]),
        Section("Après la séance", [_offered(kind, chosen) for kind in after], ask=lambda: _ask_present(chosen)),
    ]
    if find_spec(OTHERS) is not None:
        found += import_module(OTHERS).sections(context, chosen)
    return found


def _order(context: Context, moment: Moment, freeze: Freeze | None, known: Sequence[Meeting]) -> Order:
    committee = freeze.committee if freeze else (known[-1].number if known else None)
    return Order(
        context.registry, context.store, context.actor, context.now, context.today,
        until=moment.until, freeze=freeze.number if freeze else None, committee=committee,
        fictitious=context.demonstration, below=least(context),
        present=st.session_state.get(_present_key(committee), "") if committee else "",
    )  # fmt: skip


def _asked(known: Sequence[Meeting]) -> Freeze | None:
    """The frozen figures that the address names; raises UnknownName for a number that cannot be read."""
    asked = st.query_params.get("arrete")
    if not asked:
        return None
    found = next((one for one in freezes(known) if str(one.number) == asked), None)
    if found is None:
        raise UnknownName(french.typeset(f"Les données arrêtées n° {asked} ne se lisent pas. Choisissez-en d’autres."))
    return found


def _sentence(moment: Moment, freeze: Freeze | None) -> str:
    if freeze is not None:
        return (
            f"{freeze.mark} : chaque document reprend exactement ces chiffres, et le dit sur chaque page. "
            "Il se fait au moment où vous le demandez."
        )
    return (
        f"Données au {french.day(moment.until)}, qui peuvent encore changer : chaque document le dit sur chaque page. "
        "Pour des chiffres qui ne bougent plus, choisissez des données arrêtées."
    )


def _chooser(known: Sequence[Meeting], moment: Moment, freeze: Freeze | None) -> Html:
    """The figures of now, then each set of frozen ones, the last one first."""
    now = Choice(f"Au {french.day(moment.until)}", address(PATH, periode=moment.code), freeze is None)
    stopped = [
        Choice(f"Arrêtées au {french.day(one.until)} (n°{french.NBSP}{one.number})",
               address(PATH, arrete=str(one.number)), one == freeze)
        for one in reversed(freezes(known))
    ]  # fmt: skip
    return choices("Données", [now, *stopped])


def _ask_present(chosen: Order) -> None:
    """Who was there, typed at the meeting and written in the minutes."""
    if chosen.committee is not None:
        st.text_area(
            french.typeset(f"Présents au comité n° {chosen.committee}"),
            key=_present_key(chosen.committee),
            max_chars=2000,
            height=80,
            help=french.typeset("Repris en tête du relevé de décisions : noms et fonctions. Rien n’est enregistré."),
        )


def _present_key(committee: int) -> str:
    return f"presents-{committee}"


def _offered(kind: Kind, chosen: Order) -> Offered:
    about = chosen.committee if kind.about == "committee" else (chosen.freeze or chosen.until)
    return Offered(
        title=kind.title,
        purpose=kind.purpose,
        format=FORMATS[kind.extension],
        button=kind.button,
        file_name=kind.file_name(chosen),
        mime=kind.mime,
        key=f"{kind.code}-{about}",
        make=lambda: kind.make(chosen),
        unavailable=_unavailable(kind, chosen),
    )


def _unavailable(kind: Kind, chosen: Order) -> str:
    if kind.about == "committee" and chosen.committee is None:
        return "Aucun comité n’est encore préparé : il n’y a rien à relever."
    return ""
