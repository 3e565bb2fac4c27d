"""Makes « Fabrique Lisible »: Atkinson Hyperlegible Next, and the marks of the screen.

    python docs/sources/fonts.py REGULAR.ttf SEMIBOLD.ttf BOLD.ttf

The original has neither the status marks (▲ ● ▼ ■ ○ □ ✓), nor the arrows, nor the thin
and figure no-break spaces of French numbers. Without them each browser and each PDF
would fetch them from another font, of another size. They are drawn here, on the cap
height of the font, and with the thickness of its own strokes.

Wants `fonttools` and `brotli`, which the product itself does not. Writes woff2 files for
the screen and TrueType files for the PDF.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path

from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

FAMILY = "Fabrique Lisible"
STYLES = {400: "Regular", 600: "SemiBold", 700: "Bold"}
TOP = Path(__file__).resolve().parents[2]
SCREEN = TOP / "dashboard/static/fonts"
PAPER = TOP / "core/data/fonts"
PAPER_WEIGHTS = (400, 700)

Points = list[tuple[float, float]]
MARK_WIDTH = 760
ARROW_ANGLES = {0x2192: 0, 0x2197: 45, 0x2191: 90, 0x2190: 180, 0x2198: 315, 0x2193: 270}


def main(files: list[str]) -> None:
    for file in files:
        font = TTFont(file, recalcTimestamp=False)  # the same files each time
        weight = font["OS/2"].usWeightClass
        add_marks(font)
        add_spaces(font)
        rename(font, weight)
        save(font, weight)


def add_marks(font: TTFont) -> None:
    """The marks stand on the base line and are as tall as a capital."""
    tall = font["OS/2"].sCapHeight
    thick = stroke(font)
    middle, half = (MARK_WIDTH / 2, tall / 2), tall / 2
    left, right = middle[0] - half, middle[0] + half
    add(font, 0x25B2, [[(left, 0), (middle[0], tall), (right, 0)]])
    add(font, 0x25BC, [[(left, tall), (right, tall), (middle[0], 0)]])
    add(font, 0x25A0, [square(middle, half * 0.9)])
    add(font, 0x25A1, [square(middle, half * 0.9), square(middle, half * 0.9 - thick)[::-1]])
    add_round(font, 0x25CF, [(middle, half, 1)])
    add_round(font, 0x25CB, [(middle, half, 1), (middle, half - thick, -1)])
    add(font, 0x2713, [tick(middle, half, thick)])
    for code, angle in ARROW_ANGLES.items():
        add(font, code, [turned(arrow(half, thick), angle, middle)])


def add_spaces(font: TTFont) -> None:
    """U+202F as wide as the font's thin space, U+2007 as wide as a figure in a column."""
    widths, names = font["hmtx"], font.getBestCmap()
    figure = widths["zero.tf"][0] if "zero.tf" in widths.metrics else widths[names[ord("0")]][0]
    for code, width in ((0x202F, widths[names[0x2009]][0]), (0x2007, figure)):
        place(font, code, TTGlyphPen(None).glyph(), width, 0)


def stroke(font: TTFont) -> int:
    """Thickness of the font's own strokes: that of its minus sign."""
    minus = font["glyf"][font.getBestCmap()[0x2212]]
    return minus.yMax - minus.yMin


def square(middle: tuple[float, float], half: float) -> Points:
    x, y = middle
    return [(x - half, y - half), (x - half, y + half), (x + half, y + half), (x + half, y - half)]


def tick(middle: tuple[float, float], half: float, thick: float) -> Points:
    x, y = middle
    low, knee, out = y - half * 0.85, x - half * 0.25, thick * 0.75
    return [
        (knee, low),
        (x - half, y - half * 0.05),
        (x - half + out, y - half * 0.05 + out),
        (knee, low + out * 2),
        (x + half - out, y + half * 0.95),
        (x + half, y + half * 0.95 - out),
    ]


def arrow(half: float, thick: float) -> Points:
    """An arrow to the right round (0, 0)."""
    head, side = half * 0.9, thick / 2
    neck = half - head
    upper = [(-half, -side), (-half, side), (neck, side), (neck, head * 0.75), (half, 0)]
    return [*upper, (neck, -head * 0.75), (neck, -side)]


def turned(points: Points, degrees: int, middle: tuple[float, float]) -> Points:
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return [(middle[0] + x * cos - y * sin, middle[1] + x * sin + y * cos) for x, y in points]


def add(font: TTFont, code: int, outlines: list[Points]) -> None:
    pen = TTGlyphPen(None)
    for points in outlines:
        first, *others = [(round(x), round(y)) for x, y in points]
        pen.moveTo(first)
        for point in others:
            pen.lineTo(point)
        pen.closePath()
    place(font, code, pen.glyph(), MARK_WIDTH)


def add_round(font: TTFont, code: int, circles: list[tuple[tuple[float, float], float, int]]) -> None:
    """Circles of eight arcs; direction -1 makes a hole."""
    pen = TTGlyphPen(None)
    for (x, y), radius, direction in circles:
        outer = radius / math.cos(math.pi / 8)
        angles = [direction * -math.pi * step / 8 for step in range(17)]
        spots = [
            (round(x + r * math.cos(a)), round(y + r * math.sin(a)))
            for a, r in ((a, radius if step % 2 == 0 else outer) for step, a in enumerate(angles))
        ]
        pen.moveTo(spots[0])
        for control, end in zip(spots[1::2], spots[2::2], strict=True):
            pen.qCurveTo(control, end)
        pen.closePath()
    place(font, code, pen.glyph(), MARK_WIDTH)


def place(font: TTFont, code: int, glyph: object, width: int, side: int | None = None) -> None:
    name = f"uni{code:04X}"
    font["glyf"][name] = glyph
    if side is None:
        glyph.recalcBounds(font["glyf"])
        side = glyph.xMin
    font["hmtx"][name] = (width, side)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[code] = name


def rename(font: TTFont, weight: int) -> None:
    """Another name, so that nobody takes it for the original."""
    style, names = STYLES[weight], font["name"]
    linked = style in ("Regular", "Bold")
    original = names.getDebugName(0)
    values = {
        0: f"{original}. Marks, arrows and spaces added by the Fabrique project.",
        1: FAMILY if linked else f"{FAMILY} {style}",
        2: style if linked else "Regular",
        3: f"{names.getDebugName(5)};{FAMILY.replace(' ', '')}-{style}",
        4: f"{FAMILY} {style}",
        6: f"{FAMILY.replace(' ', '')}-{style}",
        16: FAMILY,
        17: style,
    }
    for number, value in values.items():
        names.setName(value, number, 3, 1, 0x409)


def save(font: TTFont, weight: int) -> None:
    name = f"fabrique-lisible-{weight}"
    SCREEN.mkdir(parents=True, exist_ok=True)
    PAPER.mkdir(parents=True, exist_ok=True)
    if weight in PAPER_WEIGHTS:
        font.flavor = None
        font.save(PAPER / f"{name}.ttf")
    font.flavor = "woff2"
    font.save(SCREEN / f"{name}.woff2")


if __name__ == "__main__":
    main(sys.argv[1:])
