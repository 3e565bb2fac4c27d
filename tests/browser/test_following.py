"""After a link, a period, a file, a save: what happened is read aloud, and the focus is where one was or is led."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Locator, Page, expect

from core.demonstration import people
from core.demonstration.live import LIVE_FILE, PRIVATE, SHEETS, write_live_file
from core.settings import sqlite_url
from tests.browser.conftest import new_context
from tests.browser.looking import fits, look, picked, settled, sized, until
from tests.browser.serving import serving
from tests.browser.signing import cookie
from tests.browser.test_correcting import type_in
from tests.browser.test_deposit import spaced
from tests.support.filled import copied, served_url

pytestmark = pytest.mark.browser

LEAD, ASSOCIATION = people.LEAD, people.PEOPLE["point-formation"]


@pytest.fixture(scope="module")
def desks(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Page]]:
    """A page of the lead and one of an association, on a store that nobody else writes in."""
    url = sqlite_url(copied(served_url(), tmp_path_factory.mktemp("suivi") / "demonstration.sqlite3"))
    with serving(url) as address:
        pages = {}
        for name, actor in (("lead", LEAD), ("association", ASSOCIATION)):
            context = new_context(browser)
            context.add_cookies([cookie(url, actor)])
            pages[name] = context.new_page()
            pages[name].goto(address)
        yield pages
        for page in pages.values():
            page.context.close()


def opened(page: Page, path: str) -> Page:
    """Another page of the same server, and the two regions empty."""
    origin = "/".join(page.url.split("/")[:3])
    return look(page, f"{origin}/{path}")


def pressed(where: Locator) -> None:
    """Press it as one does without a mouse."""
    where.focus()
    where.press("Enter")


def announced(page: Page, words: str | re.Pattern[str], role: str = "status") -> None:
    """The region that never leaves the page says it."""
    expect(page.locator(f"body > [role={role}]")).to_contain_text(words)


def test_a_page_gives_its_title_the_focus_and_says_it(desks: dict[str, Page]) -> None:
    page = opened(desks["lead"], "")
    expect(page.locator("body > [role=status]")).to_be_empty()
    for link in (
        page.locator(".stMain a[href^='/experimentation-ct1']").first,
        page.get_by_test_id("stTopNavLink").get_by_text("Comparer"),
    ):
        before = page.get_by_role("heading", level=1).inner_text()
        pressed(link if link.evaluate("one => one.tagName") == "A" else link.locator("xpath=ancestor::a"))
        title = page.get_by_role("heading", level=1)
        expect(title).not_to_have_text(before)
        expect(title).to_be_focused()
        announced(page, title.inner_text())
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_be_focused()


def test_a_period_keeps_the_focus_and_says_the_sentence(desks: dict[str, Page]) -> None:
    page = opened(desks["lead"], "experimentation-ct6-pays-de-martigues")
    pressed(page.locator("nav.choices a").nth(1))
    announced(page, re.compile(r"Au \d+"))
    settled(page)
    announced(page, page.locator(".lead").inner_text())
    expect(page.locator("nav.choices a").nth(1)).to_be_focused()


def test_a_period_leaves_the_page_where_it_was_read(desks: dict[str, Page]) -> None:
    """Neither the scroll nor the focus moves, and nothing is loaded again."""
    page = opened(desks["lead"], "experimentation-ct2-pays-d-aix")
    sized(page, 1280, 500)
    page.evaluate("window.stayed = true")
    main, period = page.get_by_test_id("stMain"), page.locator("nav.choices a").nth(1)
    main.evaluate("one => one.scrollTo(0, 60)")
    period.evaluate("one => one.focus({ preventScroll: true })")
    before = page.locator(".lead").inner_text()
    period.press("Enter")
    expect(page.locator(".lead")).not_to_have_text(before)
    settled(page)
    announced(page, page.locator(".lead").inner_text())  # what moves the page is done before it is said
    expect(period).to_be_focused()
    assert main.evaluate("one => one.scrollTop") == 60
    assert page.evaluate("window.stayed")
    sized(page, 1280, 800)


def test_a_press_is_answered_by_a_sign_of_work_before_the_server_is(desks: dict[str, Page]) -> None:
    """The line is there before the server says a word, however slow it is, and leaves with what was asked."""
    page = opened(desks["lead"], "journal")
    page.evaluate(
        """() => {
          window.signs = [];
          const html = document.documentElement;
          new MutationObserver((found) => window.signs.push(...found.map((one) => one.attributeName)))
            .observe(html, { subtree: true, attributeFilter: ["data-working", "data-test-script-state"] });
        }"""
    )
    for press in (
        lambda: page.get_by_role("button", name="Vérifier le journal").click(),
        lambda: page.get_by_test_id("stTopNavLink").get_by_text("Comparer").click(),
        lambda: page.get_by_role("link", name="Définition").first.click(),
    ):
        page.evaluate("window.signs = []")
        press()
        settled(page)
        assert page.evaluate("window.signs[0]") == "data-working"


def test_the_sign_of_work_leaves_the_socket_of_the_framework_alone(desks: dict[str, Page]) -> None:
    page = opened(desks["lead"], "journal")
    assert page.evaluate("/native code/.test(String(WebSocket.prototype.send))")


def test_a_place_of_the_same_page_asks_nothing(desks: dict[str, Page]) -> None:
    """The address and the step back are one act of the browser: who listens after ours, as the framework does, heard it
    by the time that the address is read, and nothing else would tell that it draws the page again."""
    page = opened(desks["lead"], "definitions")
    until(page, "window.fabriqueStands()")
    page.evaluate("window.heard = 0; window.addEventListener('popstate', () => window.heard++)")
    page.evaluate("location.hash = 'EQ5a'")
    until(page, "location.hash")
    page.go_back()
    until(page, "!location.hash")
    assert page.evaluate("window.heard") == 0
    expect(page.locator("html[data-working]")).to_have_count(0)
    page.get_by_test_id("stTopNavLink").get_by_text("Comparer").click()
    page.wait_for_url("**/comparer")
    page.go_back()
    until(page, "window.heard === 1")
    settled(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Définitions")


def test_a_press_that_changes_nothing_keeps_no_sign_of_work(desks: dict[str, Page]) -> None:
    """The period that is shown is asked again: the run is too short to leave a trace, and the line left after 20 s.

    Here those 20 seconds never come: the page's clock is stopped.
    """
    page = opened(desks["lead"], "materiel")
    page.evaluate("(now => (performance.now = () => now))(performance.now())")
    page.locator("nav.choices a.choice--current").click()
    expect(page.locator("html[data-working]")).to_have_count(0)


def test_an_act_is_said_and_comes_into_view(desks: dict[str, Page]) -> None:
    page = opened(desks["lead"], "points?point=nouveau")
    button = page.get_by_role("button", name="Écrire ce risque")
    pressed(button)
    announced(page, re.compile("."), "alert")  # why it is refused: nothing is written
    expect(button).to_be_focused()
    page.locator("body > [role=alert]").evaluate("one => (one.textContent = '')")
    pressed(button)
    announced(page, re.compile("."), "alert")  # once more, the same
    page.get_by_role("textbox").first.fill("Un risque")
    pressed(button)
    announced(page, "Le risque est écrit")
    expect(page.locator("[data-told]")).to_be_in_viewport()


def test_a_file_is_said_chosen_refused_and_stored(desks: dict[str, Page], tmp_path: Path) -> None:
    page = opened(desks["association"], "deposer?association=point-formation&jeu=materiel")
    write_live_file(tmp_path)
    page.locator('input[type="file"]').set_input_files(tmp_path / LIVE_FILE)
    announced(page, "quatre onglets")
    picked(page, SHEETS["materiel"])
    pressed(page.get_by_role("button", name="Lire cet onglet"))
    announced(page, PRIVATE, "alert")
    expect(page.locator("body")).not_to_be_focused()
    opened(page, "deposer?association=point-formation&jeu=diagnostics")
    page.locator('input[type="file"]').set_input_files(tmp_path / LIVE_FILE)
    picked(page, SHEETS["diagnostics"])
    pressed(page.get_by_role("button", name="Lire cet onglet"))
    announced(page, spaced("Rien n’est encore enregistré"))
    pressed(page.get_by_role("button", name=re.compile("^Enregistrer")))
    announced(page, re.compile("enregistrées"))
    expect(page.locator("body")).not_to_be_focused()
    expect(page.locator(".lead")).to_be_in_viewport()
    pressed(page.get_by_role("button", name="Annuler ce dépôt"))
    announced(page, "annulé")


def test_what_a_run_draws_again_keeps_its_focus(desks: dict[str, Page]) -> None:
    """A button that only draws the page again."""
    page = opened(desks["lead"], "journal")
    button = page.get_by_role("button", name="Vérifier le journal")
    pressed(button)
    announced(page, "Le journal est intact")
    settled(page)
    expect(button).to_be_focused()


def test_the_folded_menu_is_entered_from_its_button_only(desks: dict[str, Page]) -> None:
    page = desks["lead"]
    sized(page, 640, 450)
    try:
        opened(page, "points")
        menu = page.get_by_test_id("stSidebar")
        expect(page.get_by_role("button", name="Ouvrir le menu")).to_be_visible()
        reached = []
        for _ in range(6):
            page.keyboard.press("Tab")
            reached.append(menu.evaluate("one => one.contains(document.activeElement)"))
        assert not any(reached)
        for leave in ("Escape", "Tab"):
            pressed(page.get_by_role("button", name="Ouvrir le menu"))
            expect(menu.get_by_role("link").first).to_be_focused()
            if leave == "Escape":
                page.keyboard.press(leave)
                expect(page.get_by_role("button", name="Ouvrir le menu")).to_be_focused()
            else:
                menu.get_by_role("link").last.focus()
                page.keyboard.press("Tab")
            expect(menu).to_have_attribute("data-collapsed", "true")
            expect(menu.get_by_role("link").first).to_be_hidden()
    finally:
        sized(page, 1280, 800)


@pytest.mark.parametrize(
    ("path", "button"),
    [("lignes?association=anonymal&jeu=materiel", "Chercher"), ("journal", "Chercher")],
)
def test_back_undoes_one_press(desks: dict[str, Page], path: str, button: str) -> None:
    page = opened(desks["lead"], path)
    before = page.evaluate("[history.length, location.href]")
    pressed(page.locator("form.chooser").get_by_role("button", name=button))
    settled(page)
    assert page.evaluate("history.length") == before[0] + 1
    page.go_back()
    expect(page).to_have_url(before[1])
    settled(page)


def test_back_undoes_one_choice_that_applies_at_once(desks: dict[str, Page]) -> None:
    page = opened(desks["lead"], "comparer")
    before = page.evaluate("[history.length, location.href]")
    page.get_by_role("checkbox", name="Frais Vallon").press("Space")
    page.wait_for_url(re.compile(r"comparer\?"))
    settled(page)
    assert page.evaluate("history.length") == before[0] + 1
    page.go_back()
    expect(page).to_have_url(before[1])
    settled(page)


def test_no_choice_is_lost_while_the_one_before_is_drawn(desks: dict[str, Page]) -> None:
    """The second is pressed when the first is on its way, the third once that is drawn: the clock is the test's."""
    page = opened(desks["lead"], "comparer")
    page.evaluate(
        """() => {
          const later = window.setTimeout;
          window.setTimeout = (act, ms, ...given) => (ms === 500 ? (window.act = act) : later(act, ms, ...given));
          window.form = document.querySelector("form[data-at-once]");
        }"""
    )
    box = {name: page.get_by_role("checkbox", name=name) for name in ("Frais Vallon", "Plan d’Aou", "Recherche-action")}
    first, second, third = box.values()
    first.uncheck()
    second.evaluate("one => { act(); one.click(); }")
    until(page, "!form.isConnected")
    third.uncheck()
    page.evaluate("act()")
    until(page, "new URLSearchParams(location.search).getAll('experience').length === 3")
    settled(page)
    for one in box.values():
        expect(one).not_to_be_checked()


def test_what_is_typed_in_the_grid_is_not_lost_without_a_word(desks: dict[str, Page]) -> None:
    page = opened(desks["lead"], "lignes?association=anonymal&jeu=jalons")
    page.get_by_role("searchbox").fill("J-05")
    pressed(page.get_by_role("button", name="Chercher", exact=True))
    page.wait_for_url("**cherche=J-05**")
    settled(page)
    here = page.url
    type_in(page, 1, "Un autre mot")
    expect(page.get_by_role("button", name=spaced("Enregistrer 1 modification"))).to_be_visible()
    asked: list[str] = []
    answers: list[bool] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.message)
        if answers.pop():
            dialog.accept()
        else:
            dialog.dismiss()

    page.on("dialog", answer)
    page.evaluate("window.moves = 0; navigation.addEventListener('currententrychange', () => window.moves++)")
    try:
        for leave, moves in (
            (lambda: page.locator(".stMain").get_by_role("link", name="Historique").first.click(), 0),
            (lambda: page.get_by_test_id("stTopNavLink").first.click(), 0),
            (lambda: page.evaluate("history.back()"), 2),  # a step back, and the page's own step forward
        ):
            answers.append(False)
            before = len(asked)
            leave()
            until(page, f"window.moves === {moves}")
            assert len(asked) == before + 1
            assert page.evaluate("location.href") == here
            expect(page.get_by_role("button", name=spaced("Enregistrer 1 modification"))).to_be_visible()
        answers.append(True)
        page.locator(".stMain").get_by_role("link", name="Historique").first.click()
        page.wait_for_url("**/historique?**")
        assert len(asked) == 4
    finally:
        page.remove_listener("dialog", answer)


def test_problems_belong_to_their_fields(desks: dict[str, Page]) -> None:
    page = opened(desks["lead"], "registres?registre=versements&ligne=nouvelle")
    form = page.get_by_test_id("stForm").first
    expect(form.locator(".field-hint").first).to_be_visible()
    described = form.locator("input[aria-describedby*=champ-]").first
    expect(described).to_be_visible()
    assert form.locator("[aria-invalid=true]").count() == 0
    pressed(form.get_by_role("button", name=re.compile("^(Ajouter|Enregistrer)")))
    problems = form.locator(".field-problem")
    expect(problems.first).to_be_visible()
    wrong = form.locator("[aria-invalid=true]")
    expect(wrong.first).to_be_focused()
    settled(page)
    expect(wrong).to_have_count(problems.count())
    for field, problem in zip(wrong.all(), problems.all(), strict=True):
        assert problem.get_attribute("id") in (field.get_attribute("aria-describedby") or "").split()


def test_backwards_no_stop_hides_under_the_head(desks: dict[str, Page]) -> None:
    page = opened(desks["lead"], "")
    page.locator(".stMain a").last.focus()
    head, hidden = page.get_by_test_id("stHeader").bounding_box(), []
    assert head is not None
    for _ in range(140):
        page.keyboard.press("Shift+Tab")
        top = page.evaluate("""() => {
            const one = document.activeElement;
            return one.closest('.stMain') ? one.getBoundingClientRect().top : null;
        }""")
        if top is not None and top < head["height"]:
            hidden.append(top)
    assert not hidden


WIDE = ("", "experimentation-ct6-pays-de-martigues", "subventions", "registres", "comparer", "points")


def test_the_size_chosen_in_the_browser_is_followed(launch_browser: Callable[..., Browser], demonstration: str) -> None:
    """Text at 200 %, on a screen that stays as it is: twice as large, and nothing past the edge."""
    browser = launch_browser(args=["--no-sandbox", "--blink-settings=defaultFontSize=32,defaultFixedFontSize=26"])
    try:
        context = new_context(browser)
        context.add_cookies([cookie(served_url(), LEAD)])
        page = context.new_page()
        for path in WIDE:
            look(page, f"{demonstration}/{path}")
            assert float(page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")) >= 32
            assert fits(page), path
    finally:
        browser.close()


def test_each_number_of_the_overview_says_what_it_counts_and_where_it_should_be(desks: dict[str, Page]) -> None:
    page = opened(desks["lead"], "")
    links = page.locator(".stMain a[href*='chiffre']")
    names = links.evaluate_all("all => all.map((one) => one.getAttribute('aria-label') ?? one.innerText.trim())")
    assert len(names) > 100
    assert not [name for name in names if re.fullmatch(r"[\d\s,.%€–-]+", name)]
    assert len({*names}) > len(names) / 2
    bars = page.locator(".bar:has(.bar__tick)")
    silent = bars.evaluate_all("all => all.filter((one) => !/attendus?/.test(one.parentElement.textContent)).length")
    assert bars.count() > 20
    assert silent == 0


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("comites?comite=3", "Comité"),
        ("releve?experience=ct6-pays-de-martigues&periode=2022-T1", "Relevé du 1er trimestre 2022 – .*Martigues"),
        ("deposer?association=point-formation&jeu=diagnostics", "Diagnostics des besoins – Déposer un fichier"),
        ("projection?comite=3&diapo=3", "."),
    ],
)
def test_a_window_is_called_by_what_it_shows(desks: dict[str, Page], path: str, said: str) -> None:
    page = opened(desks["lead"], path)
    title = page.get_by_role("heading", level=1).inner_text()
    whole = r"\s".join(map(re.escape, title.split()))
    expect(page).to_have_title(re.compile(rf"^{whole}(?: – .*)? · Fabrique"))
    assert re.search(said, page.title())


def test_a_slide_taller_than_the_screen_scrolls(desks: dict[str, Page]) -> None:
    page = opened(desks["lead"], "projection?comite=3&diapo=3")
    here = page.url
    sized(page, 640, 450)
    try:
        for key in ("PageDown", "Space"):
            page.keyboard.press(key)
            assert page.evaluate("location.href") == here  # a key that turns has moved the address by then
        page.keyboard.press("ArrowRight")
        expect(page.locator(".slide")).to_have_attribute("data-rank", "4")
    finally:
        sized(page, 1280, 800)
        settled(page)
    page.keyboard.press("PageDown")
    page.keyboard.press("PageDown")  # quicker than the page is drawn
    expect(page.locator(".slide")).to_have_attribute("data-rank", "6")


def test_what_is_refused_has_a_title_and_no_english(desks: dict[str, Page]) -> None:
    page = opened(desks["lead"], "projection?comite=99")
    expect(page.get_by_role("heading", level=1)).to_have_text("Projection")
    for english in (
        "Press Ctrl+Enter to submit form",
        "Press ⌘+Enter to apply",
        "The page that you have requested does not seem to exist. Running the app's main page.",
    ):
        page.evaluate("document.body.append(Object.assign(document.createElement('p'), {id: 'mots'}))")
        page.evaluate("text => (document.getElementById('mots').textContent = text)", english)
        expect(page.locator("#mots")).to_contain_text(re.compile("Entrée pour valider|Cette adresse n’existe pas"))
        page.evaluate("document.getElementById('mots').remove()")


def test_a_text_shows_where_it_is_typed(desks: dict[str, Page]) -> None:
    page = opened(desks["lead"], "points?point=nouveau")
    page.get_by_role("textbox").first.focus()
    page.keyboard.press("Tab")
    area = page.locator("textarea").first
    expect(area).to_be_focused()
    expect(area).to_have_css("outline-width", "3px")


def test_the_statement_is_read_without_an_account(browser: Browser, demonstration: str) -> None:
    context = new_context(browser)
    page = context.new_page()
    page.goto(f"{demonstration}/connexion")
    page.get_by_role("contentinfo").get_by_role("link", name=spaced("Accessibilité : non conforme")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Accessibilité")
    expect(page.get_by_text("Défenseur des droits")).to_be_visible()
    context.close()
