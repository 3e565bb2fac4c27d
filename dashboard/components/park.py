"""The computers voted as one bar: each at the one place where it is, the six parts under it with their marks."""

from __future__ import annotations

from collections.abc import Callable

from core.domain import french
from core.figures.park import SOURCE, Park, ParkPart
from dashboard.components.figures import figure_link, with_marks
from dashboard.components.html import Html, tag
from dashboard.components.text import note, take_chart

_NARROW = 0.035
"""The share under which a number has no room within its part; it stands in the list under the bar all the same."""


def park_bar(found: Park, address: Callable[[str], str | None], *, level: int = 3) -> Html:
    """The bar under its conclusion; ``address`` gives the rows behind an indicator."""
    names = [tag("li", _named(one, rank, address)) for rank, one in enumerate(found.parts, 1)]
    return tag(
        "figure",
        tag("figcaption", tag(f"h{level}", found.conclusion, class_="chart__title")),
        park_marks(found),
        tag("ul", names, class_="park__key"),
        note(f"Source : {SOURCE}. ", "Une machine ne compte qu’à un endroit. ", found.beyond),
        take_chart(found.conclusion),
        class_="park",
    )


def park_marks(found: Park) -> Html:
    """The bar alone; the list or the legend beside it says the same in words."""
    whole = max(1, found.whole)
    parts = [
        tag(
            "span",
            french.number(one.number) if one.number / whole >= _NARROW else None,
            class_=f"park__part park__part--{rank}",
            style=f"--share:{one.number / whole:.4f}",
        )
        for rank, one in enumerate(found.parts, 1)
        if one.number
    ]
    return tag("div", parts, class_="park__bar", aria_hidden="true")


def park_swatch(rank: int) -> Html:
    """The dress of a part, beside its name."""
    return tag("span", class_=f"park__swatch park__part--{rank}", aria_hidden="true")


def _named(part: ParkPart, rank: int, address: Callable[[str], str | None]) -> Html:
    number = french.number(part.number)
    to = address(part.indicator) if part.indicator and part.number else None
    shown = tag("strong", number)
    return tag(
        "span",
        park_swatch(rank),
        figure_link(shown, number, to, f"ordinateurs {part.name}") if to else shown,
        " ",
        tag("span", with_marks(part.name, part.seen), data_name=""),
    )
