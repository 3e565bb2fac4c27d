"""« Guide »: how to use the product, a part for each role with pictures of its screens; and how to read a figure."""

from __future__ import annotations

from pathlib import PurePosixPath

import streamlit as st

from core.domain.access import Actor, Role
from core.errors import UnknownName
from dashboard.addresses import address
from dashboard.components import ChooserLink, choices, empty, page_title, show
from dashboard.components.text import document
from dashboard.context import Context
from dashboard.web import http

TITLE = "Guide"
FIGURES = "figures"
PARTS = {
    "association": "Pour les associations",
    "comite": "Pour le comité",
    "chefferie": "Pour la cheffe ou le chef de projet",
    FIGURES: "Comment lire un chiffre",
}
_OF_ROLE = {Role.ASSOCIATION: "association", Role.COMMITTEE: "comite"}


def draw(context: Context) -> None:
    """The part of the address, else the one of the visitor's role.

    Raises UnknownName for a part that does not exist.
    """
    chosen = st.query_params.get("partie") or part_of(context.visitor)
    if chosen not in PARTS:
        raise UnknownName(f"Le guide n’a pas de partie « {chosen} ». Choisissez parmi : {', '.join(PARTS)}.")
    offered = [ChooserLink(name, address("guide", partie=code), code == chosen) for code, name in PARTS.items()]
    show(page_title(TITLE, kicker=PARTS[chosen], aside=choices("Partie", offered)))
    text = http.part(chosen)
    if text is None:
        show(empty("Le guide n’est pas installé", "Il est dans le dossier docs/guide du code."))
        return
    show(document(text, picture=_picture, address=_address))


def part_of(visitor: Actor | None) -> str:
    """Which part is meant for somebody."""
    return _OF_ROLE.get(visitor.role, "chefferie") if visitor else "chefferie"


def _picture(path: str) -> str:
    return http.picture_url(PurePosixPath(path).name)


def _address(target: str) -> str:
    """Another part of the guide is a choice of this page; what is elsewhere in the code is not followed."""
    name = PurePosixPath(target).stem
    return address("guide", partie=name) if target.endswith(".md") and name in PARTS else target
