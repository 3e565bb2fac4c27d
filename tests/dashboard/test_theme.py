"""The dress is legible, and says the same to every eye."""

from __future__ import annotations

from itertools import combinations

import pytest

from core.domain.palette import DARK, LIGHT, Palette
from dashboard import theme
from dashboard.theme import contrast
from tests.dashboard.colours import EYES, distance

PALETTES = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
GROUNDS = ("ground", "surface", "sunken")


@PALETTES
@pytest.mark.parametrize("name", ["ink", "ink_soft", "accent", "ahead", "on_time", "late", "blocked"])
@pytest.mark.parametrize("ground", GROUNDS)
def test_text_reads_on_every_ground(palette: Palette, name: str, ground: str) -> None:
    assert contrast(getattr(palette, name), getattr(palette, ground)) >= 4.5


@PALETTES
@pytest.mark.parametrize("soft", ["axis1_soft", "axis2_soft", "axis3_soft", "accent_soft", "attention_soft"])
def test_text_reads_on_tinted_grounds(palette: Palette, soft: str) -> None:
    assert contrast(palette.ink, getattr(palette, soft)) >= 4.5
    assert contrast(palette.ink_soft, getattr(palette, soft)) >= 4.5


@PALETTES
def test_text_reads_on_a_filled_button(palette: Palette) -> None:
    assert contrast(palette.on_accent, palette.accent) >= 4.5


@PALETTES
def test_marks_stand_out_from_the_ground(palette: Palette) -> None:
    marks = [palette.axis1, palette.axis2, palette.axis3, palette.line_strong, palette.muted, *palette.series]
    for colour in marks:
        assert contrast(colour, palette.ground) >= 3, colour


@PALETTES
@pytest.mark.parametrize("eye", EYES)
def test_axis_hues_differ_for_every_eye(palette: Palette, eye: str) -> None:
    hues = (palette.axis1, palette.axis2, palette.axis3)
    for one, two in combinations(hues, 2):
        assert distance(one, two, eye) >= 10, f"{one} and {two} look alike"


@PALETTES
def test_chart_colours_are_exactly_ten(palette: Palette) -> None:
    assert len(palette.series) == 10
    assert len(set(palette.series)) == 10
    assert palette.series[:3] == (palette.axis1, palette.axis2, palette.axis3)


@PALETTES
def test_chart_colours_differ_from_one_another(palette: Palette) -> None:
    for one, two in combinations(palette.series, 2):
        assert distance(one, two) >= 10, f"{one} and {two} look alike"


@pytest.mark.parametrize("colour", [*LIGHT.series, *DARK.series])
def test_words_inside_a_bar_are_readable(colour: str) -> None:
    assert contrast(theme.text_on(colour), colour) >= 4.5


def test_black_and_white_contrast_is_twenty_one() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


def test_options_carry_both_themes_and_ten_colours() -> None:
    options = theme.streamlit_options()
    for section, palette in (("light", LIGHT), ("dark", DARK)):
        assert options[f"theme.{section}.backgroundColor"] == palette.ground
        assert len(options[f"theme.{section}.chartCategoricalColors"]) == 10


def test_stylesheet_knows_every_colour_by_name() -> None:
    head = theme.stylesheet_head()
    for name in ("--ink-soft", "--axis1-soft", "--series-10", "--on-accent"):
        assert f"{name}:" in head
