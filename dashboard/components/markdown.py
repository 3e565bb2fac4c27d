"""A document written in Markdown, as HTML of ours: escaped, with our headings and addresses."""

from __future__ import annotations

import re
from collections.abc import Callable

from markdown_it import MarkdownIt
from markupsafe import Markup

from core.domain.french import typeset
from dashboard.components.html import Html, tag

_READER = MarkdownIt("commonmark", {"html": False}).enable("table")


def document(text: str, *, picture: Callable[[str], str], address: Callable[[str], str]) -> Html:
    """The text as HTML; ``picture`` and ``address`` give where a picture and a link lead.

    Its own title (« # … ») is left out: the page has one.
    """
    tokens = _READER.parse(re.sub(r"\A# .*\n", "", typeset(text)))
    for token in tokens:
        for child in token.children or ():
            if child.type == "image":
                child.attrSet("src", picture(str(child.attrGet("src"))))
            if child.type == "link_open":
                child.attrSet("href", address(str(child.attrGet("href"))))
                child.attrSet("target", "_self")
    # Built by the reader, which escapes every text and lets no HTML through.
    made = Markup(_READER.renderer.render(tokens, _READER.options, {}))
    return tag("div", made, class_="document")
