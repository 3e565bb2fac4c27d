"""« Clair », « sombre » or as the device says: chosen on « Mon compte », kept by the browser, for every page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from core.demonstration import people
from core.domain.palette import DARK, LIGHT
from tests.browser.conftest import new_context
from tests.browser.looking import look
from tests.browser.signing import cookie
from tests.browser.test_every_reader import violations
from tests.support.filled import served_url

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A member's browser that remembers nothing, on a device set to light."""
    context = new_context(browser)
    context.add_cookies([cookie(served_url(), people.COMMITTEE)])
    opened = context.new_page()
    opened.emulate_media(color_scheme="light")
    yield opened
    context.close()


def stands_on(page: Page, colour: str) -> None:
    """The ground of the page and of what the framework draws in it has that colour, « rgb(251, 249, 245) »."""
    ground = f"rgb({', '.join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))})"
    for one in ("body", ".stApp"):
        expect(page.locator(one)).to_have_css("background-color", ground)


def choose(page: Page, words: str) -> None:
    with page.expect_navigation():
        page.get_by_role("group", name="Affichage").get_by_role("button", name=words).click()
    expect(page.get_by_role("button", name=words)).to_have_attribute("aria-pressed", "true")


def test_what_a_person_chose_is_what_every_page_shows(page: Page, demonstration: str) -> None:
    look(page, f"{demonstration}/mon-compte")
    expect(page.get_by_role("button", name="Comme mon appareil")).to_have_attribute("aria-pressed", "true")
    stands_on(page, LIGHT.ground)
    choose(page, "Sombre")
    for path in ("mon-compte", "", "comparer"):
        look(page, f"{demonstration}/{path}")
        stands_on(page, DARK.ground)
        assert not violations(page)
    look(page, f"{demonstration}/projection?comite=3&diapo=3")
    stands_on(page, LIGHT.ground)
    page.emulate_media(color_scheme="dark")
    look(page, f"{demonstration}/mon-compte")
    choose(page, "Clair")
    look(page, f"{demonstration}/comparer")
    stands_on(page, LIGHT.ground)
    look(page, f"{demonstration}/mon-compte")
    choose(page, "Comme mon appareil")
    look(page, f"{demonstration}/comparer")
    stands_on(page, DARK.ground)
