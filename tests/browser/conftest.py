"""Real pages in a real browser: the demonstration, an empty programme, and one with broken plugins."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page

from core.demonstration import people
from core.domain.access import Actor
from tests.browser.serving import serving
from tests.browser.signing import cookie
from tests.conftest import PATIENCE
from tests.plugins_broken import install
from tests.support.filled import served_empty_url, served_url


@pytest.fixture(scope="session")
def demonstration() -> Iterator[str]:
    """The address of the filled demonstration."""
    with serving(served_url()) as address:
        yield address


@pytest.fixture(scope="session")
def nothing_yet() -> Iterator[str]:
    """The address of a programme without any deposit."""
    with serving(served_empty_url()) as address:
        yield address


@pytest.fixture(scope="session")
def with_broken_plugins(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demonstration with four broken plugins installed beside the five."""
    with serving(served_url(), beside=install(tmp_path_factory.mktemp("broken"))) as address:
        yield address


Sign = Callable[[Actor], Page]


@pytest.fixture(scope="session")
def signed_in(browser: Browser) -> Iterator[Sign]:
    """``signed_in(actor)``: a page of that person of the demonstration, kept from test to test."""
    kept: dict[Actor, Page] = {}

    def page_of(actor: Actor) -> Page:
        if actor not in kept:
            context = new_context(browser)
            context.add_cookies([cookie(url, actor) for url in (served_url(), served_empty_url())])
            kept[actor] = context.new_page()
        return kept[actor]

    yield page_of
    for page in kept.values():
        page.context.close()


def new_context(browser: Browser) -> BrowserContext:
    """A browser of its own, in French, where nobody is signed in."""
    made = browser.new_context(locale="fr-FR", timezone_id="Europe/Paris", viewport={"width": 1280, "height": 800})
    made.set_default_timeout(PATIENCE)
    return made


@pytest.fixture(scope="session")
def as_lead(signed_in: Sign) -> Page:
    """A page of the project lead."""
    return signed_in(people.LEAD)


@pytest.fixture(scope="session")
def as_committee(signed_in: Sign) -> Page:
    """A page of a member of the committee."""
    return signed_in(people.COMMITTEE)


@pytest.fixture(scope="session")
def as_association(signed_in: Sign) -> Callable[[str], Page]:
    """``as_association("ifac")``: a page of that association."""
    return lambda code: signed_in(people.PEOPLE[code])


@pytest.fixture(scope="session")
def screen(as_lead: Page) -> Page:
    """One page of a browser, the project lead's, kept from test to test: what differs is its address."""
    return as_lead


@pytest.fixture(scope="session", autouse=True)
def _what_is_read_aloud_is_not_what_is_shown() -> Iterator[None]:
    """An answer stands on the page and, for who listens, in a region of its own: a test that looks finds the first."""
    everywhere = Page.get_by_text

    def shown(page: Page, text: str | re.Pattern[str], **more: bool) -> Locator:
        aloud = ", ".join(f"body > .visually-hidden[role={role}]" for role in ("status", "alert"))
        return everywhere(page, text, **more).and_(page.locator(f":not({aloud})"))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Page, "get_by_text", shown)
        yield
