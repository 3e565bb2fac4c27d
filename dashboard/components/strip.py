"""What one visitor has to know first, as a strip of short parts above the page: each leads to its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.components.html import Child, Html, tag
from dashboard.components.text import link


@dataclass(frozen=True, slots=True)
class StripPart:
    """A part: what it is about, its answer, which leads to ``address``, and a few lines under it."""

    title: str
    answer: str
    address: str
    lines: tuple[Child, ...] = ()


def strip(name: str, parts: Sequence[StripPart]) -> Html:
    """The parts side by side, one under the other on a phone; ``name`` calls the whole."""
    return tag("section", tag("ul", [tag("li", _part(one)) for one in parts]), class_="strip", aria_label=name)


def _part(part: StripPart) -> Html:
    return tag(
        "div",
        tag("p", part.title, class_="strip__title"),
        tag("p", link(part.answer, part.address), class_="strip__answer"),
        tag("ul", [tag("li", line) for line in part.lines]) if part.lines else None,
    )
