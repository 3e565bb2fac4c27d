"""Documents offered on a page: what each is for, its size once known, and a button that makes it at the click."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from core.domain import french
from dashboard.components import Html, callout, download, heading, join, show, tag

_MOST = 500
_sizes: dict[str, int] = {}
"""How large each document was when it was last made, by its key."""


@dataclass(frozen=True, slots=True)
class Offered:
    """One document: ``make`` is called at the click; ``unavailable`` says why it cannot be, instead of a button.

    ``key`` tells it from every other one, its figures included. ``format`` is « PDF ».
    """

    title: str
    purpose: str
    format: str
    button: str
    file_name: str
    mime: str
    key: str
    make: Callable[[], bytes]
    unavailable: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Documents under one title; ``ask`` draws what is typed before they are made."""

    title: str
    documents: Sequence[Offered]
    intro: str | Html = ""
    ask: Callable[[], None] | None = None


def show_section(found: Section) -> None:
    """Draw the title, then each document with its button."""
    show(join([heading(found.title, 2), tag("p", found.intro, class_="section__intro") if found.intro else None]))
    if found.ask is not None:
        found.ask()
    for one in found.documents:
        show_document(one)


def show_document(one: Offered) -> None:
    """One document: its name, what it is for and its size on the left, its button on the right."""
    with st.container(key=f"document-{one.key}"):
        left, right = st.columns([3, 2], vertical_alignment="center")
        with left:
            show(tag("div", heading(one.title, 3), tag("p", one.purpose), _size(one), class_="document"))
        with right:
            if one.unavailable:
                show(callout(one.unavailable))
            else:
                download(french.typeset(one.button), _measured(one), one.file_name, mime=one.mime, key=one.key)


def _size(one: Offered) -> object:
    known = _sizes.get(one.key)
    size = f"{one.format}, {french.number(max(1, known / 1000))} ko" if known else f"{one.format}, fait à la demande"
    return tag("p", size, class_="note")


def _measured(one: Offered) -> Callable[[], bytes]:
    """The document when it is asked for; its size is told on the page from then on."""

    def make() -> bytes:
        made = one.make()
        if len(_sizes) > _MOST:
            _sizes.clear()
        _sizes[one.key] = len(made)
        return made

    return make
