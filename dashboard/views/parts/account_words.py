"""How an account is told: its role, its association, the address of a link."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st

from core.domain.actor import ROLE_WORDS, Actor, Role
from dashboard.context import Context


def association_names(context: Context) -> dict[str, str]:
    """The name of each association, by its code."""
    return {one.code: one.name for one in context.registry.associations}


def role_words(context: Context, role: Role, association: str | None) -> str:
    """« Association IFAC », « Chefferie de projet »."""
    word = ROLE_WORDS[role]
    if association is not None:
        word = f"{word} {association_names(context).get(association, association)}"
    return word[:1].upper() + word[1:]


def who_words(context: Context, actor: Actor) -> str:
    """« Claire, association IFAC »."""
    said = role_words(context, actor.role, actor.association)
    return f"{actor.name}, {said[:1].lower()}{said[1:]}"


def link_address(context: Context, secret: str) -> str:
    """The address that opens a link: the public one, else where this page is read."""
    public = getattr(context.settings, "public_url", None)
    return f"{public or _here()}/invitation/{secret}"


def _here() -> str:
    """« http://127.0.0.1:8501 », as the browser wrote it."""
    parts = urlsplit(st.context.url or "")
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
