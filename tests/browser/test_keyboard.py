"""Somebody types a reason and presses Ctrl+Enter, then Enter: nothing is decided, and not a word is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from core.demonstration import people
from core.domain.access import Actor
from core.settings import sqlite_url
from core.storage import Store
from dashboard.views.history_parts import at as deposit_address
from tests.browser.conftest import new_context
from tests.browser.looking import look, settled
from tests.browser.serving import serving
from tests.browser.signing import cookie
from tests.support.filled import copied, served_url

pytestmark = pytest.mark.browser

IFAC = people.PEOPLE["ifac"]
FORMS = (
    (people.LEAD, "releve?experience=ct3-pays-salonais&periode=2022-T2"),  # accept or return
    (people.LEAD, "releve?experience=ct3-pays-salonais&periode=2022-T1"),  # open again
    (people.LEAD, "comites?comite=4&etape=preparer&point=p1"),
    (people.LEAD, "comites?comite=3&etape=suivre"),
    (people.LEAD, "registres?registre=versements&ligne=nouvelle"),
    (people.LEAD, "registres?registre=periodes"),
    (people.LEAD, "points?point=nouveau"),
    (people.LEAD, "comptes"),
    (people.LEAD, "jetons"),
    (IFAC, "releve?experience=ct1-plan-d-aou&periode=2022-T2"),  # tell and send
    (IFAC, "releve?experience=ct1-frais-vallon&periode=2022-T2"),  # ask to take it back
    (IFAC, "historique?association=ifac&jeu=communication&depot=DERNIER"),  # comment
)
WORDS = "Le total ne correspond pas"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return sqlite_url(copied(served_url(), tmp_path_factory.mktemp("clavier") / "demonstration.sqlite3"))


JOURNEYS = (
    (people.COMMITTEE, "", r"7\sjuillet"),
    (people.LEAD, "avant-le-comite", "Arrêter les données"),
    (IFAC, "mes-donnees", "Déposer"),
)
"""Where each role starts, and the first words of what it goes to first."""


@pytest.fixture(scope="module")
def pages(browser: Browser, url: str) -> Iterator[dict[Actor, Page]]:
    """A page of each person, on a store of their own, before the same server."""
    with serving(url) as address:
        contexts = {actor: new_context(browser) for actor in (people.LEAD, IFAC, people.COMMITTEE)}
        for actor, context in contexts.items():
            context.add_cookies([cookie(url, actor)])
        yield {actor: _at(context.new_page(), address) for actor, context in contexts.items()}
        for context in contexts.values():
            context.close()


def _at(page: Page, address: str) -> Page:
    page.goto(address)
    return page


def written(url: str) -> tuple[int, int, int]:
    """How many things were written: revisions, deposits, lines of the journal."""
    with Store.open(url) as store:
        return store.latest(), len(store.deposits()), store.journal.lines(limit=1)[0].number


@pytest.mark.parametrize(("actor", "path"), FORMS)
def test_a_form_is_not_sent_by_the_keyboard(pages: dict[Actor, Page], url: str, actor: Actor, path: str) -> None:
    page, before = pages[actor], written(url)
    with Store.open(url) as store:
        last = deposit_address(store.deposits(association="ifac", dataset="communication")[-1])
    look(page, f"{page.url.split('/', 3)[0]}//{page.url.split('/')[2]}/{path.replace('DERNIER', last)}")
    expect(page.get_by_test_id("stForm").first).to_be_visible()
    settled(page)
    fields = _fields(page)
    assert fields, f"no field to type in at {path}"
    # Whatever the page sends of an act, it sends at the key: what it sent is counted, not waited for.
    page.evaluate(
        """() => {
          window.sent = 0;
          const send = WebSocket.prototype.send;
          WebSocket.prototype.send = function (...given) { window.sent += 1; return send.apply(this, given); };
        }"""
    )
    words = []
    for one in fields:
        words.append(_typed(one))
        for keys in ("Control+Enter", "Enter") if one.evaluate("one => one.tagName") == "INPUT" else ("Control+Enter",):
            one.press(keys)
    assert [one.input_value() for one in fields] == words
    settled(page)
    assert page.evaluate("window.sent") == 0
    assert written(url) == before


@pytest.mark.parametrize(("actor", "path", "words"), JOURNEYS)
def test_each_role_reaches_what_it_comes_for_without_a_mouse(
    pages: dict[Actor, Page], actor: Actor, path: str, words: str
) -> None:
    """From the head of its first page, Tab and Enter alone; the focus is seen on the way, and led to the next title."""
    page = pages[actor]
    look(page, f"{'/'.join(page.url.split('/')[:3])}/{path}")
    before = page.get_by_role("heading", level=1).inner_text()
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("words => RegExp(`^${words}`).test(document.activeElement.innerText?.trim())", words):
            break
    focused = page.locator(":focus")
    expect(focused).to_have_text(re.compile(f"^{words}"))
    expect(focused).to_have_css("outline-style", "solid")
    expect(focused).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).not_to_have_text(before)
    expect(page.get_by_role("heading", level=1)).to_be_focused()


def _typed(field: Locator) -> str:
    """Type the words, or their beginning in a field that takes a code of some letters; what stands there then."""
    for words in (WORDS, WORDS[:8], WORDS[:2]):
        field.fill(words)
        if field.input_value() == words:
            return words
    raise AssertionError(f"{field.get_attribute('aria-label')} takes no word")


def _fields(page: Page) -> list[Locator]:
    """The texts of the forms that one may type in."""
    inside = page.get_by_test_id("stForm")
    texts = inside.locator("textarea:enabled, [data-testid=stTextInputRootElement] input:enabled")
    return [one for one in texts.all() if one.is_visible()]
