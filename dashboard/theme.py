"""Colours, type and spacing: the one place that decides how the product is dressed.

Warm white ground, ink text, one accent, three axis hues. The hues differ by lightness as much
as by tint, so that grey print and colour-blind readers keep them apart; tests/dashboard/test_theme.py
proves it. Style sheets use the names of ``css_variables`` and never a colour of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

FONT = "Fabrique Lisible"
FONT_STACK = f"'{FONT}', 'Atkinson Hyperlegible Next', 'Segoe UI', system-ui, sans-serif"
FONT_WEIGHTS = (400, 600, 700)


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours by meaning. ``series`` are the ten chart colours, derived from the axis hues."""

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
        "#25679F", "#B8770C", "#641B4B", "#6B6459", "#17467A",
        "#855607", "#A0548A", "#4C8FC9", "#A1552A", "#7E3568",
    ),
)  # fmt: skip

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
        "#78AFE2", "#F3CB7A", "#BC5C97", "#A59B8D", "#A9CDF0",
        "#C99B45", "#DB9CC4", "#4F8AC0", "#E08A5A", "#9A5480",
    ),
)  # fmt: skip

AXIS_NAMES = {1: "Équiper", 2: "Connecter", 3: "Accompagner"}


def axis_colour(number: int, palette: Palette = LIGHT) -> str:
    """The hue of axis 1, 2 or 3."""
    return str(getattr(palette, f"axis{number}"))


def luminance(colour: str) -> float:
    """The relative luminance of « #RRGGBB », 0 for black and 1 for white (WCAG 2)."""
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, two: str) -> float:
    """The contrast of two colours, 1 to 21 (WCAG 2)."""
    dark, light = sorted((luminance(one), luminance(two)))
    return (light + 0.05) / (dark + 0.05)


def text_on(colour: str) -> str:
    """Black or white, whichever is read better on ``colour``."""
    return max(("#FFFFFF", "#0D0B09"), key=lambda text: contrast(text, colour))


def css_variables(palette: Palette) -> str:
    """The palette as custom properties, « --ink-soft: #5C554B; »."""
    named = {name: value for name, value in asdict(palette).items() if name != "series"}
    named |= {f"series-{rank}": value for rank, value in enumerate(palette.series, 1)}
    return " ".join(f"--{name.replace('_', '-')}: {value};" for name, value in named.items())


def stylesheet_head() -> str:
    """What every style sheet stands on: font faces, and the palette by light, dark and paper."""
    faces = "\n".join(
        f"@font-face {{ font-family: '{FONT}'; font-weight: {weight}; font-display: swap; "
        f"src: url('/habillage/fabrique-lisible-{weight}.woff2') format('woff2'); }}"
        for weight in FONT_WEIGHTS
    )
    light, dark = css_variables(LIGHT), css_variables(DARK)
    return (
        f"{faces}\n:root {{ --font: {FONT_STACK}; {light} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n"
    )


def streamlit_options() -> Mapping[str, Any]:
    """The same dress for the framework's own widgets, as options of ``App.run``."""
    return {
        "theme.font": FONT_STACK,
        "theme.headingFont": FONT_STACK,
        "theme.baseFontSize": 16,
        "theme.baseRadius": "4px",
        "theme.showWidgetBorder": True,
        "theme.linkUnderline": True,
        **_colours("theme.light", LIGHT),
        **_colours("theme.dark", DARK),
    }


def _colours(section: str, palette: Palette) -> dict[str, Any]:
    return {
        f"{section}.primaryColor": palette.accent,
        f"{section}.backgroundColor": palette.ground,
        f"{section}.secondaryBackgroundColor": palette.sunken,
        f"{section}.textColor": palette.ink,
        f"{section}.linkColor": palette.accent,
        f"{section}.borderColor": palette.line,
        f"{section}.chartCategoricalColors": list(palette.series),
    }
