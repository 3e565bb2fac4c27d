"""Real pages in a real browser: the demonstration, an empty programme, and one with broken plugins."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.serving import serving
from tests.plugins_broken import install
from tests.support.filled import demonstration_url, empty_url


@pytest.fixture(scope="session")
def demonstration() -> Iterator[str]:
    """The address of the filled demonstration."""
    with serving(demonstration_url()) as address:
        yield address


@pytest.fixture(scope="session")
def nothing_yet() -> Iterator[str]:
    """The address of a programme without any deposit."""
    with serving(empty_url()) as address:
        yield address


@pytest.fixture(scope="session")
def with_broken_plugins(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demonstration with four broken plugins installed beside the five."""
    with serving(demonstration_url(), beside=install(tmp_path_factory.mktemp("broken"))) as address:
        yield address


@pytest.fixture(scope="session")
def screen(browser: Browser) -> Iterator[Page]:
    """One page of a browser, kept from test to test: what differs is its address."""
    context = browser.new_context(locale="fr-FR", timezone_id="Europe/Paris", viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()
