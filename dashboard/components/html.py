"""HTML by construction: every text is escaped unless it was built here.

``tag("p", "1 < 2", class_="note")`` gives ``<p class="note">1 &lt; 2</p>``. What comes out is
``markupsafe.Markup``, the only kind of text that passes unescaped into another tag.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import streamlit as st
from markupsafe import Markup, escape

from core.domain.french import typeset

Html = Markup
Child = str | Markup | int | float | None | Iterable["Child"]
_SAID = frozenset({"alt", "aria-label", "data-label", "label", "title"})
"""Attributes that people read or hear."""
_VOID = frozenset({"br", "col", "hr", "img", "input", "link", "meta"})


def tag(name: str, /, *children: Child, **attributes: object) -> Html:
    """One element. ``class_`` and ``for_`` lose their underscore, other underscores become dashes.

    An attribute that is None or False is left out; True stands bare.
    """
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Markup(f"<{name}{written}>")
    return Markup(f"<{name}{written}>{join(children)}</{name}>")


def join(children: Child) -> Html:
    """The children one after the other, None left out, plain text escaped."""
    if children is None:
        return Markup("")
    if isinstance(children, Markup):
        return children
    if isinstance(children, str):
        return _text(children)
    if isinstance(children, int | float):
        return escape(children)
    return Markup("").join(join(child) for child in children)


def _attribute(key: str, value: object) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(_spaced(name, str(value)))}"'


@lru_cache(maxsize=8192)
def _text(plain: str) -> Html:
    """Escaped, with the spaces of French typography: the one place where every word passes."""
    return escape(typeset(plain))


def _spaced(name: str, value: str) -> str:
    return typeset(value) if name in _SAID else value


class _Ready:
    """Hands built HTML to the framework without its dedent, which is slow on long pages."""

    def __init__(self, html: Html) -> None:
        self.html = html

    def _repr_html_(self) -> str:
        return str(self.html)


def show(*parts: Child) -> None:
    """Put built HTML on the page."""
    html = join(parts)
    if html:
        st.html(_Ready(html))


def classes(*names: str | bool | None) -> str | None:
    """The class attribute made of the names that are there."""
    kept = [name for name in names if isinstance(name, str) and name]
    return " ".join(kept) or None
