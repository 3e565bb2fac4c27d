"""A chart leaves the page as a picture or as its numbers, with its title, its source, its period, its address."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.looking import look, sized

pytestmark = pytest.mark.browser
PARK = "179 sur 455 ordinateurs sont remis"


def taken(page: Page, words: str, folder: Path) -> bytes:
    """The file that the first button of these words gives."""
    with page.expect_download() as waited:
        page.get_by_role("button", name=words).first.click()
    path = folder / waited.value.suggested_filename
    waited.value.save_as(path)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("path", "title", "number"),
    [
        ("materiel", PARK, "179"),
        ("experimentation-ct2-pays-d-aix", "", ""),
        ("comparer", "Ordinateurs remis", "84"),
    ],
)
def test_a_chart_leaves_in_three_ways(
    screen: Page, demonstration: str, tmp_path: Path, path: str, title: str, number: str
) -> None:
    sized(screen, 1280, 800)
    look(screen, f"{demonstration}/{path}")
    numbers = taken(screen, "données CSV", tmp_path).decode("utf-8-sig").replace("\u00a0", " ").replace("\u202f", " ")
    assert title in numbers.splitlines()[0] and number in numbers
    assert "Source" in numbers and "Données fictives" in numbers and f"{demonstration}/{path}" in numbers
    drawn = taken(screen, "image SVG", tmp_path).decode().replace("\u00a0", " ").replace("\u202f", " ")
    written = re.sub(r"</text><text[^>]*>", " ", drawn)  # a long line is drawn in several
    assert drawn.startswith("<svg") and "Données fictives" in written and title in written
    assert taken(screen, "image PNG", tmp_path).startswith(b"\x89PNG")
