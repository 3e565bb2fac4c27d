"""The door in a real browser: a link, a password, too many wrong ones, and a sign-out that ends every tab."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from core.accounts import Office, accounts, sign_in
from core.demonstration.people import COMMITTEE, LEAD
from core.domain.access import Role
from core.storage import Store
from tests.browser.conftest import new_context
from tests.browser.looking import holds, look, settled, sized
from tests.browser.signing import cookie
from tests.browser.test_every_reader import violations
from tests.support.filled import served_empty_url

pytestmark = pytest.mark.browser
KEEP_SOCKETS = """
    window.sockets = [];
    window.WebSocket = class extends WebSocket {
      constructor(...given) { super(...given); window.sockets.push(this); }
    };
"""
EMAIL, PASSWORD = "claire@ifac.fr", "un chapeau de paille"


@pytest.fixture
def somebody(browser: Browser) -> Iterator[BrowserContext]:
    """A browser where nobody is signed in."""
    context = new_context(browser)
    yield context
    context.close()


def invited(email: str) -> str:
    """The link of an invitation."""
    with Store.open(served_empty_url()) as store:
        now = datetime.now(UTC)
        return accounts.invite(Office(store), email, "Claire", Role.ASSOCIATION, "ifac", actor=LEAD, at=now)


def filled(page: Page, password: str, email: str = EMAIL) -> None:
    page.get_by_label("Courriel").fill(email)
    page.get_by_label("Mot de passe", exact=True).fill(password)
    with page.expect_navigation():  # a refusal looks like the one before it
        page.get_by_role("button", name="Se connecter").click()


def test_claire_comes_in_leaves_and_every_tab_with_her(somebody: BrowserContext, nothing_yet: str) -> None:
    page = somebody.new_page()
    answer = page.goto(f"{nothing_yet}/invitation/{invited(EMAIL)}")
    assert answer and answer.status == 200, page.locator("body").inner_text()
    assert not violations(page)
    page.get_by_label("Nouveau mot de passe").fill(PASSWORD)
    page.get_by_label("Le même, encore une fois").fill(PASSWORD)
    page.get_by_role("button", name="Ouvrir mon accès").click()
    settled(page)
    expect(page.get_by_test_id("stTopNavSection").filter(has_text="IFAC")).to_be_visible()
    stolen = somebody.cookies()
    other = look(somebody.new_page(), f"{nothing_yet}/lieux")
    look(page, f"{nothing_yet}/mon-compte")
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page).to_have_url(f"{nothing_yet}/connexion")
    other.get_by_role("link", name="Pertuis").first.click()
    expect(other.get_by_text("Votre session est terminée.")).to_be_visible()
    expect(other.get_by_role("heading")).to_have_count(0)
    expect(other.get_by_test_id("stTopNavLink")).to_have_count(0)
    somebody.clear_cookies()
    somebody.add_cookies(stolen)
    other.goto(f"{nothing_yet}/lieux")
    expect(other).to_have_url(f"{nothing_yet}/connexion?vers=%2Flieux")
    filled(other, PASSWORD)
    expect(other).to_have_url(f"{nothing_yet}/lieux")
    settled(other)


def test_page_cut_from_the_server_after_her_session_ended_leads_to_the_sign_in(
    somebody: BrowserContext, nothing_yet: str
) -> None:
    held = cookie.__wrapped__(served_empty_url(), COMMITTEE)  # a session of her own, that this test may end
    somebody.add_cookies([held])
    somebody.add_init_script(KEEP_SOCKETS)
    page = look(somebody.new_page(), f"{nothing_yet}/lieux")
    with Store.open(served_empty_url()) as store:
        sign_in.end(Office(store), held["value"], at=datetime.now(UTC))
    page.evaluate("sockets.forEach((one) => one.close())")
    expect(page).to_have_url(f"{nothing_yet}/connexion?vers=%2Flieux")


@pytest.mark.parametrize("width", [1280, 390])
def test_five_wrong_passwords_make_one_wait(somebody: BrowserContext, nothing_yet: str, width: int) -> None:
    page = somebody.new_page()
    sized(page, width, 844)
    page.goto(f"{nothing_yet}/comparer")
    assert not violations(page)
    for _ in range(5):
        filled(page, "faux", f"inconnue-{width}@ifac.fr")
        expect(page.get_by_role("alert")).to_have_text("Courriel ou mot de passe incorrect.")
    filled(page, "faux", f"inconnue-{width}@ifac.fr")
    expect(page.get_by_role("alert")).to_contain_text("Trop d’essais faux : réessayez dans 1 minute.")
    assert not violations(page)
    assert holds(page, f"document.documentElement.scrollWidth <= {width}")


def test_one_click_opens_the_page_that_was_wanted(somebody: BrowserContext, demonstration: str) -> None:
    page = somebody.new_page()
    page.goto(f"{demonstration}/lieux?lieu=port-de-bouc")
    assert not violations(page)
    page.get_by_role("button", name="Point Formation").click()
    expect(page).to_have_url(f"{demonstration}/lieux?lieu=port-de-bouc")
    settled(page)
    expect(page.get_by_test_id("stTopNavSection").filter(has_text="Point Formation")).to_be_visible()
