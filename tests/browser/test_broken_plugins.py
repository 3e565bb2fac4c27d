"""Broken plugins installed beside the five: the rest stands, and each failure is told."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import look

pytestmark = pytest.mark.browser


def test_the_six_stand_and_the_failures_are_announced(screen: Page, with_broken_plugins: str) -> None:
    look(screen, with_broken_plugins)
    expect(screen.get_by_text("179 ordinateurs remis (objectif 250, incomplet)")).to_be_visible()
    assert screen.locator(".card").count() >= 6
    screen.get_by_role("link", name="Voir pourquoi et que faire").click()
    expect(screen.get_by_role("heading", name="État des plugins")).to_be_visible()
    expect(screen.get_by_text("broken_import_fails").first).to_be_visible()
    expect(screen.get_by_text("Que faire").first).to_be_visible()


def test_page_that_breaks_keeps_its_head(screen: Page, with_broken_plugins: str) -> None:
    look(screen, f"{with_broken_plugins}/experimentation-essai-3")
    expect(screen.get_by_role("heading", name="Essai 3", level=1)).to_be_visible()
    expect(screen.get_by_text("Aucune ligne votée pour cette expérimentation.")).to_be_visible()
    expect(screen.get_by_text("La page de cette expérimentation ne s’affiche pas aujourd’hui.")).to_be_visible()


def test_pages_of_the_others_are_whole(screen: Page, with_broken_plugins: str) -> None:
    look(screen, f"{with_broken_plugins}/experimentation-ct2-pays-d-aix")
    expect(screen.get_by_text("Le chemin des machines")).to_be_visible()
    expect(screen.locator(".js-plotly-plot .plotly").first).to_be_visible()
