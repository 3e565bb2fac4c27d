"""What a real browser sees: every component, in French, from this server only, for every reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.looking import fits, look, settled, sized
from tests.dashboard.serving import GALLERY, serving

pytestmark = pytest.mark.browser

# Words of the framework that a person could meet; a few would be enough to feel abroad.
ENGLISH = re.compile(
    r"\b(Upload|Browse|Choose|Drag and drop|per file|Clear|Search|Fullscreen|Download as|Show/hide|Skip to|Open|Close"
    r"|Select|options available|arrow keys|Decrement|Increment|Press Enter|June|April|App pages|date range)\b"
)
# Faults of the framework's own widgets, with no setting to mend them.
THEIRS = {"svg-img-alt", "target-size", "presentation-role-conflict"}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(GALLERY) as url:
        yield url


@pytest.fixture(scope="module")
def asked() -> list[str]:
    """Every address that the page asked for, and what it complained of."""
    return []


@pytest.fixture(scope="module")
def gallery(browser: Browser, address: str, asked: list[str]) -> Iterator[Page]:
    context = browser.new_context(locale="fr-FR", timezone_id="Europe/Paris", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    page.on("console", lambda message: asked.append(f"console:{message.text}") if message.type == "error" else None)
    look(page, address)
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    yield page
    context.close()


def words(page: Page) -> list[str]:
    """What the framework wrote: visible texts and spoken attributes outside of our own HTML."""
    found: list[str] = page.evaluate(
        """() => {
          const found = new Set();
          const what = NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT;
          const walk = document.createTreeWalker(document.documentElement, what);
          while (walk.nextNode()) {
            const node = walk.currentNode;
            const element = node.nodeType === 3 ? node.parentElement : node;
            if (element.closest('.stHtml, style, script, noscript, [translate="no"]:not(html)')) continue;
            if (node.nodeType === 3) found.add(node.data.trim());
            else for (const name of ["aria-label", "title", "placeholder", "alt", "aria-valuetext"])
              if (node.hasAttribute(name)) found.add(node.getAttribute(name));
          }
          return [...found];
        }"""
    )
    return [word for word in found if word]


def test_page_is_declared_in_french(gallery: Page) -> None:
    assert gallery.evaluate("document.documentElement.lang") == "fr"


def test_nothing_is_asked_of_another_server(gallery: Page, asked: list[str], address: str) -> None:
    assert gallery.url.startswith(address)
    foreign = [url for url in asked if not url.startswith(("console:", "data:", "blob:"))]
    assert {urlsplit(url).netloc for url in foreign} == {urlsplit(address).netloc}


def test_browser_has_nothing_to_complain_of(gallery: Page, asked: list[str]) -> None:
    expect(gallery).to_have_title("Composants – Pour les essais · Composants")  # the heading, its kicker, the product
    assert not [line for line in asked if line.startswith("console:")]


def test_no_english_word_is_left_at_rest(gallery: Page) -> None:
    assert not [word for word in words(gallery) if ENGLISH.search(word)]


@pytest.mark.parametrize(
    ("widget", "button", "opened"),
    [("stSelectbox", "input", "listbox"), ("stMultiSelect", "input", "listbox"), ("stDateInput", "button", "dialog")],
)
def test_no_english_word_is_left_in_an_open_list(gallery: Page, widget: str, button: str, opened: str) -> None:
    control = gallery.get_by_test_id(widget).first.locator(button).first
    control.focus()
    control.press("Enter" if button == "button" else "ArrowDown")
    expect(gallery.get_by_role(opened).first).to_be_visible()
    found = [word for word in words(gallery) if ENGLISH.search(word)]
    gallery.keyboard.press("Escape")
    assert not found


def test_our_font_is_the_one_that_shows(gallery: Page) -> None:
    assert gallery.evaluate("name => document.fonts.check(`16px '${name}'`, 'é')", "Fabrique Lisible")
    assert "Fabrique Lisible" in gallery.evaluate("getComputedStyle(document.querySelector('.stHtml p')).fontFamily")


def test_every_reader_is_served(gallery: Page) -> None:
    violations: list[dict[str, Any]] = Axe().run(gallery).response["violations"]
    ours = {one["id"]: [node["html"][:160] for node in one["nodes"]] for one in violations if one["id"] not in THEIRS}
    assert not ours


@pytest.mark.parametrize("width", [320, 390, 1280, 1920])
def test_page_never_scrolls_sideways(gallery: Page, width: int) -> None:
    sized(gallery, width, 900)
    expect(gallery.get_by_test_id("stMain")).to_be_visible()
    assert fits(gallery)


def test_phone_shows_money_line_by_line(gallery: Page) -> None:
    sized(gallery, 390, 844)
    expect(gallery.locator(".money tbody td[data-label='Versé']").first).to_be_visible()
    expect(gallery.locator(".money thead").first).not_to_be_in_viewport()
    sized(gallery, 1280, 900)


def _same_document(page: Page) -> None:
    """Leave a sign that a reload would lose."""
    page.evaluate("window.sameDocument = true")


def test_link_of_ours_changes_the_address_without_reloading(gallery: Page) -> None:
    _same_document(gallery)
    gallery.get_by_role("link", name="T1", exact=True).click()
    expect(gallery.get_by_text("Période demandée : 2022-T1")).to_be_visible()
    settled(gallery)
    assert gallery.url.endswith("/?periode=2022-T1")
    assert gallery.evaluate("window.sameDocument === true")


def test_back_button_restores_the_view(gallery: Page) -> None:
    gallery.get_by_role("link", name="T1", exact=True).click()
    expect(gallery.get_by_text("Période demandée : 2022-T1")).to_be_visible()
    gallery.get_by_role("link", name="T2", exact=True).click()
    expect(gallery.get_by_text("Période demandée : 2022-T2")).to_be_visible()
    settled(gallery)
    gallery.go_back()
    expect(gallery.get_by_text("Période demandée : 2022-T1")).to_be_visible()


def test_form_of_ours_puts_its_choices_in_the_address(gallery: Page) -> None:
    settled(gallery)
    _same_document(gallery)
    gallery.get_by_label("Aix", exact=True).check()
    gallery.get_by_label("Salon", exact=True).check()
    gallery.get_by_role("button", name="Voir", exact=True).click()
    expect(gallery.get_by_text("Lieux demandés : aix, salon")).to_be_visible()
    assert gallery.url.endswith("/?lieu=aix&lieu=salon")
    assert gallery.evaluate("window.sameDocument === true")


def test_paper_opens_every_fold(gallery: Page) -> None:
    gallery.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert gallery.evaluate("document.querySelectorAll('.stHtml details:not([open])').length") == 0
    gallery.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert gallery.evaluate("document.querySelectorAll('.stHtml details:not([open])').length") > 0
