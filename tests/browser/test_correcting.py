"""Correcting in place, in a real browser: two tabs type in one cell of the grid, the second chooses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page, expect

from core.demonstration import people
from core.settings import sqlite_url
from tests.browser.conftest import new_context
from tests.browser.looking import look, settled
from tests.browser.serving import serving
from tests.browser.signing import cookie
from tests.browser.test_every_reader import violations
from tests.support.filled import copied, served_url

pytestmark = pytest.mark.browser

ANONYMAL = people.PEOPLE["anonymal"]


@pytest.fixture(scope="module")
def workshop(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[BrowserContext, str]]:
    """Anonymal's own browser, on a demonstration that may be written."""
    path = tmp_path_factory.mktemp("correction") / "fabrique.sqlite3"
    copied(served_url(), path)
    url = sqlite_url(Path(path))
    with serving(url) as address:
        context = new_context(browser)
        context.add_cookies([cookie(url, ANONYMAL)])
        yield context, address
        context.close()


def type_in(page: Page, column: int, words: str) -> None:
    """Type in a cell of the first row of the grid, reached with the keyboard: from the first cell, rightwards."""
    page.bring_to_front()
    editor = opened(page, column)
    editor.fill(words)
    editor.press("Enter")
    expect(page.get_by_role("button", name="Abandonner la saisie")).to_be_visible()


def opened(page: Page, column: int) -> Locator:
    """Open the editor of a cell: written in whole afterwards, as the grid drops keys typed while it opens.

    The grid is drawn on a canvas, and tells who listens which of its cells is chosen: each key waits for that of the
    key before. It may be drawn again meanwhile: it is asked again until it answers.
    """
    canvas, editor = page.get_by_test_id("data-grid-canvas"), page.locator("#portal textarea")
    expect(canvas).to_be_visible()
    settled(page)
    for _ in range(10):
        with suppress(Error, AssertionError):
            canvas.scroll_into_view_if_needed()
            canvas.click(position={"x": 90, "y": 37 * 1.5}, force=True)
            for at in range(column):
                chosen(page, at)
                page.keyboard.press("ArrowRight")
            chosen(page, column)
            page.keyboard.press("Enter")
            editor.wait_for(timeout=5_000)
            return editor
    raise AssertionError("the grid never opened the editor of its cell")


def chosen(page: Page, column: int) -> None:
    """Wait until that cell of the first row is the one that the grid has chosen."""
    cell = page.get_by_test_id(f"glide-cell-{column + 1}-0")
    expect(cell).to_have_attribute("aria-selected", "true", timeout=5_000)


def save(page: Page, words: str) -> None:
    button = page.get_by_role("button", name=re.compile(f"^Enregistrer {words}"))
    expect(button).to_be_enabled()
    button.click()


def test_two_tabs_on_one_cell_choose_between_both_versions(workshop: tuple[BrowserContext, str]) -> None:
    context, address = workshop
    where = f"{address}/lignes?association=anonymal&jeu=jalons&cherche=J-05"
    first, second = context.new_page(), context.new_page()
    for page in (first, second):
        look(page, where)
    type_in(first, 1, "Le premier")
    save(first, "1 modification")
    expect(first.get_by_test_id("stMain").get_by_text("1 ligne est modifiée.")).to_be_visible()

    type_in(second, 1, "Le second")
    save(second, "1 modification")
    expect(second.get_by_role("heading", name="Une autre personne a modifié ces lignes")).to_be_visible()
    expect(second.get_by_role("cell", name=re.compile("Le premier"))).to_be_visible()
    assert not violations(second)
    second.get_by_text(re.compile("Écrire la mienne")).click()
    save(second, "avec ces choix")
    expect(second.get_by_test_id("stMain").get_by_text("1 ligne est modifiée.")).to_be_visible()

    look(first, f"{address}/historique?association=anonymal&jeu=jalons&ligne=J-05")
    told = first.get_by_role("article").first
    expect(told.get_by_role("cell", name="Le premier")).to_be_visible()
    expect(told.get_by_role("cell", name="Le second")).to_be_visible()
