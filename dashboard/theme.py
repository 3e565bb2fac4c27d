"""How the screens are dressed: type, and the palette of ``core.domain.palette`` as style sheets read it.

Style sheets use the names of ``css_variables`` and never a colour of their own.
"""

from __future__ import annotations

from collections.abc import Mapping

from core.domain.palette import DARK, FONT, LIGHT, Palette

FONT_STACK = f"'{FONT}', 'Atkinson Hyperlegible Next', 'Segoe UI', system-ui, sans-serif"
FONT_WEIGHTS = (400, 600, 700)


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
    named = {name: value for name, value in palette.by_name.items() if name != "series"}
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
        f"@media screen and (prefers-color-scheme: dark) {{ :root:not([data-brightness=light]) {{ {dark} }} }}\n"
        # What the person chose goes before what the device says; pictures follow the scheme of their page.
        f"@media screen {{ :root[data-brightness=dark] {{ color-scheme: dark; {dark} }} }}\n"
        ":root[data-brightness=light] { color-scheme: light; }\n"
        # A projector is read on a light wall, whatever the laptop of the room prefers.
        f":root:has(.slide) {{ color-scheme: light; {light} }}\n"
    )


def streamlit_options() -> Mapping[str, object]:
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


def _colours(section: str, palette: Palette) -> dict[str, object]:
    return {
        f"{section}.primaryColor": palette.accent,
        f"{section}.backgroundColor": palette.ground,
        f"{section}.secondaryBackgroundColor": palette.sunken,
        f"{section}.textColor": palette.ink,
        f"{section}.linkColor": palette.accent,
        f"{section}.borderColor": palette.line,
        f"{section}.chartCategoricalColors": list(palette.series),
    }
