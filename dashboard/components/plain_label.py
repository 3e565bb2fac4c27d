"""Words of people in the labels of the framework's widgets, which read Markdown: shown as they were typed."""

from __future__ import annotations

import re

from core.domain.french import typeset

_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!~|$:<>&])")


def plain_label(text: str) -> str:
    """The text, in French typography, with nothing of it taken for a link, bold, an icon or a colour."""
    return _MARKS.sub(r"\\\1", typeset(" ".join(text.split())))
