"""« Guide »: how to use the product, in three short parts, with pictures of the real screens."""

from __future__ import annotations

from pathlib import PurePosixPath

import streamlit as st

from core.domain.actor import Actor, Role
from core.errors import UnknownName
from dashboard.components import Choice, choices, empty, page_title, show
from dashboard.components.markdown import document
from dashboard.context import Context
from dashboard.navigation import address
from dashboard.web import guide_files

TITLE = "Guide"
PARTS = {
    "association": "Pour les associations",
    "comite": "Pour le comité",
    "chefferie": "Pour la cheffe ou le chef de projet",
}
_OF_ROLE = {Role.ASSOCIATION: "association", Role.COMMITTEE: "comite"}


def draw(context: Context) -> None:
    """The part of the address, else the one of the visitor's role.

    Raises UnknownName for a part that does not exist.
    """
    chosen = st.query_params.get("partie") or part_of(context.visitor)
    if chosen not in PARTS:
        raise UnknownName(f"Le guide n’a pas de partie « {chosen} ». Choisissez parmi : {', '.join(PARTS)}.")
    offered = [Choice(name, address("guide", partie=code), code == chosen) for code, name in PARTS.items()]
    show(page_title(TITLE, kicker=PARTS[chosen], aside=choices("Partie", offered)))
    text = guide_files.part(chosen)
    if text is None:
        show(empty("Le guide n’est pas installé", "Il est dans le dossier docs/guide du code."))
        return
    show(document(text, picture=_picture, address=_address))


def part_of(visitor: Actor | None) -> str:
    """Which part is meant for somebody."""
    return _OF_ROLE.get(visitor.role, "chefferie") if visitor else "chefferie"


def _picture(path: str) -> str:
    return guide_files.picture_url(PurePosixPath(path).name)


def _address(target: str) -> str:
    """Another part of the guide is a choice of this page; what is elsewhere in the code is not followed."""
    name = PurePosixPath(target).stem
    return address("guide", partie=name) if target.endswith(".md") and name in PARTS else target
