"""Every page for every reader: no fault of ours for axe, in French, from this server only, on a phone too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from core.demonstration import people
from core.domain.access import Actor
from tests.browser.conftest import Sign
from tests.browser.looking import PAGES, fits, look, no_longer, sized

pytestmark = pytest.mark.browser

SCREEN, PHONE = (1920, 1080), (390, 844)
LONGEST = 4000
"""Of a page on a phone, before anything is unfolded: five of its screens."""
NARROWEST, PAPER = (320, 640), (1040, 735)
"""A wide screen at 400 %, and A4 on its side without its margins."""
THEIR_PAGES: dict[Actor, tuple[str, ...]] = {
    people.COMMITTEE: ("", "comites", "comites?comite=4", "comparer", "points", "documents", "telecommande?comite=3"),
    people.PEOPLE["ifac"]: (
        "",
        "mes-donnees",
        "releve?experience=ct1-plan-d-aou&periode=2022-T2",
        "releve?experience=ct1-frais-vallon&periode=2022-T2",
        "deposer?association=ifac&jeu=immeubles",
        "lignes?association=ifac&jeu=immeubles",
        "transferts",
        "documents",
        "mon-compte",
    ),
}
"""What who does not lead sees otherwise than who does."""
# Every rule is tried; what passes is not described, element by element.
ONLY_FAULTS = {"resultTypes": ["violations"]}
# The framework's menu on a phone: a list whose items stand in groups of their own, with no setting.
THEIRS = dict.fromkeys(("list", "listitem"), '[data-testid="stSidebarNavItems"]')
ENGLISH = re.compile(
    r"\b(Upload|Browse|Choose|Clear|Search|Fullscreen|Download|Skip to|Main (?:content|menu)|Open|Close|Select|Loading"
    r"|Running|Rerun|Settings|Print|Navigation|Sidebar|View|Page not found|January|June|July)\b"
)


@pytest.fixture(scope="module")
def asked(screen: Page) -> Iterator[list[str]]:
    """Every address that the pages asked for, and what the browser complained of."""
    found: list[str] = []
    screen.on("request", lambda request: found.append(request.url))
    screen.on("websocket", lambda socket: found.append(socket.url))
    screen.on("pageerror", lambda error: found.append(f"error:{error}"))
    screen.on("response", lambda got: found.append(f"error:{got.status} {got.url}") if got.status >= 400 else None)
    yield found


@pytest.mark.parametrize("path", PAGES)
def test_page_serves_every_reader(screen: Page, demonstration: str, asked: list[str], path: str) -> None:
    """Opened on a telephone, then read on a wide screen and on paper: one visit, whatever it is looked at with."""
    sized(screen, *PHONE)
    look(screen, f"{demonstration}/{path}")
    assert no_longer(screen, LONGEST)
    serves(screen)
    sized(screen, *NARROWEST)
    assert fits(screen)
    sized(screen, *SCREEN)
    serves(screen)
    sized(screen, *PAPER)
    screen.emulate_media(media="print")
    assert fits(screen)
    screen.emulate_media(media="null")
    assert not [line for line in asked if line.startswith("error:")]
    places = {urlsplit(url).netloc for url in asked if not url.startswith(("data:", "blob:", "error:"))}
    assert places == {urlsplit(demonstration).netloc}


@pytest.mark.parametrize(
    ("actor", "path"), [(actor, path) for actor, paths in THEIR_PAGES.items() for path in paths], ids=str
)
def test_page_serves_every_role(signed_in: Sign, demonstration: str, actor: Actor, path: str) -> None:
    """The lead opens every page above; these say something else to the committee and to an association."""
    page = signed_in(actor)
    sized(page, *SCREEN)
    look(page, f"{demonstration}/{path}")
    serves(page)
    sized(page, *NARROWEST)
    assert fits(page)
    sized(page, 1280, 800)


def serves(page: Page) -> None:
    """All of the page unfolded: no fault for axe, in French, no wider than it is looked at."""
    assert page.evaluate("document.documentElement.lang") == "fr"
    page.evaluate(
        "document.querySelectorAll('details').forEach((fold) => (fold.open = true));"
        "document.querySelectorAll('[data-folds]').forEach((part) => (part.dataset.folds = 'open'))"
    )
    assert not violations(page)
    assert not [word for word in framework_words(page) if ENGLISH.search(word)]
    assert fits(page)


def violations(page: Page) -> list[tuple[str, str, list[str]]]:
    """What axe finds on the whole page: the rule, its help, the elements; but for ``THEIRS``."""
    there = page.evaluate("typeof axe !== 'undefined'")  # half a megabyte, sent once to each page that is opened
    found: list[dict[str, Any]] = (Axe("0") if there else Axe()).run(page, options=ONLY_FAULTS).response["violations"]
    told = [(one, [node for node in one["nodes"] if not _theirs(page, one["id"], node)]) for one in found]
    return [(one["id"], one["help"], [node["html"][:200] for node in nodes]) for one, nodes in told if nodes]


def _theirs(page: Page, rule: str, node: dict[str, Any]) -> bool:
    if rule not in THEIRS:
        return False
    inside: bool = page.locator(node["target"][0]).first.evaluate(
        "(element, place) => element.closest(place) !== null", THEIRS[rule]
    )
    return inside


def framework_words(page: Page) -> list[str]:
    """Visible texts and spoken attributes that the framework wrote, outside of our own HTML."""
    words: list[str] = page.evaluate(
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
    return [word for word in words if word]
