"""The colours of the product, by meaning: one palette for the screen, the paper and the slides.

Warm white ground, ink text, one accent, three axis hues that differ by lightness as much as by
tint, so that grey print and colour-blind readers keep them apart; tests/dashboard/test_theme.py
proves it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

FONT = "Fabrique Lisible"


class Palette(NamedTuple):
    """Colours by meaning. ``series`` are the ten chart colours, derived from the axis hues.

    A named tuple: a document is typeset in a new process, which then loads no machinery for data classes.
    """

    ground: str
    surface: str
    sunken: str
    ink: str
    ink_soft: str
    line: str
    line_strong: str
    accent: str
    accent_soft: str
    on_accent: str
    axis1: str
    axis2: str
    axis3: str
    axis1_soft: str
    axis2_soft: str
    axis3_soft: str
    ahead: str
    on_time: str
    late: str
    blocked: str
    attention_soft: str
    muted: str
    series: tuple[str, ...]

    @property
    def by_name(self) -> Mapping[str, object]:
        """The colours by their names, and the ten of the charts as a list."""
        return {**self._asdict(), "series": list(self.series)}


LIGHT = Palette(
    ground="#FBF9F5",
    surface="#FFFFFF",
    sunken="#F2EEE6",
    ink="#1F1B16",
    ink_soft="#5C554B",
    line="#DED7CA",
    line_strong="#8B8273",
    accent="#0A5468",
    accent_soft="#DDEBEC",
    on_accent="#FFFFFF",
    axis1="#25679F",
    axis2="#B8770C",
    axis3="#641B4B",
    axis1_soft="#E2ECF6",
    axis2_soft="#F8EBD2",
    axis3_soft="#F1E3EC",
    ahead="#1A6B54",
    on_time="#44566B",
    late="#B1301A",
    blocked="#2A2320",
    attention_soft="#FBE7E0",
    muted="#8B8273",
    series=(
        "#25679F",
        "#B8770C",
        "#641B4B",
        "#6B6459",
        "#17467A",
        "#855607",
        "#A0548A",
        "#4C8FC9",
        "#A1552A",
        "#7E3568",
    ),
)

DARK = Palette(
    ground="#1A1815",
    surface="#23201C",
    sunken="#2B2722",
    ink="#F4F0E8",
    ink_soft="#BDB4A6",
    line="#403A33",
    line_strong="#8F8576",
    accent="#7CC7D3",
    accent_soft="#173A42",
    on_accent="#10262B",
    axis1="#78AFE2",
    axis2="#F3CB7A",
    axis3="#BC5C97",
    axis1_soft="#1E3247",
    axis2_soft="#43351A",
    axis3_soft="#43223A",
    ahead="#7FD0B1",
    on_time="#A9BACB",
    late="#FF9B85",
    blocked="#F4F0E8",
    attention_soft="#47251D",
    muted="#8F8576",
    series=(
        "#78AFE2",
        "#F3CB7A",
        "#BC5C97",
        "#A59B8D",
        "#A9CDF0",
        "#C99B45",
        "#DB9CC4",
        "#4F8AC0",
        "#E08A5A",
        "#9A5480",
    ),
)
