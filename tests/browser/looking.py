"""Opening a page and waiting until it has said everything."""

from __future__ import annotations

import re

from playwright.sync_api import Page, TimeoutError, expect

READY = '[data-testid="stApp"][data-test-script-state="notRunning"] [data-run]'
PAGES = (
    "",
    "comparer",
    "lieux",
    "lieux?lieu=port-de-bouc",
    "materiel",
    "besoins",
    "pourquoi",
    "chercher?q=remis",
    "avant-le-comite",
    "deposer?association=metropole&jeu=objectifs",
    "subventions",
    "engagements",
    "points",
    "guide",
    "guide?partie=association",
    "guide?partie=comite",
    "definitions",
    "dictionnaire",
    "dictionnaire?jeu=materiel",
    "chiffre?indicateur=EQ5a&experience=ct3-pays-salonais",
    "etat-des-plugins",
    "mes-donnees",
    "deposer?association=point-formation&jeu=diagnostics",
    "registres",
    "registres?registre=objectifs",
    "lignes?association=anonymal&jeu=jalons",
    "historique?association=anonymal&jeu=materiel",
    "registres?registre=seuils",
    "transferts",
    "journal",
    "donnees-personnelles",
    "accessibilite",
    "experimentation-ct1-frais-vallon",
    "experimentation-ct1-plan-d-aou",
    "experimentation-ct2-pays-d-aix",
    "experimentation-ct3-pays-salonais",
    "experimentation-ct6-pays-de-martigues",
    "experimentation-recherche-action",
    "echeances",
    "releve?experience=ct6-pays-de-martigues&periode=2022-T1",
    "documents",
    "comptes",
    "jetons",
    "mon-compte",
    "comites",
    "comites?comite=3",
    "comites?comite=4&etape=preparer&point=p1",
    "projection?comite=3&diapo=3",
    "projection?comite=3&diapo=9",
    "telecommande?comite=3",
    "comparer?a=jour&a-jour=2022-02-15&b=jour-connu&b-jour=2022-05-15",
)


def look(page: Page, address: str) -> Page:
    """Open an address and wait for the end of the page."""
    page.goto(address)
    settled(page)
    return page


def settled(page: Page) -> None:
    """Wait until the page stands still: all that was asked is drawn, and no part of it is still a grey place.

    A run draws its mark last (``run_mark``); from a press until the mark of its run stands there, the page works.
    """
    expect(page.locator("html[data-working]")).to_have_count(0)
    expect(page.locator(READY)).to_have_count(1)
    expect(page.get_by_role("heading", level=1).first).to_be_visible()
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    expect(page.locator('[data-testid="stPlotlyChart"]:not(:has(.main-svg))')).to_have_count(0)
    page.evaluate("document.fonts.ready.then(() => null)")


def sized(page: Page, width: int, height: int) -> None:
    """Give the page that size, and wait until it is drawn so: the browser answers before the page knows."""
    page.set_viewport_size({"width": width, "height": height})
    until(page, f"innerWidth === {width} && innerHeight === {height}")


def until(page: Page, condition: str, patience: float | None = None) -> None:
    """Wait until a condition, told in the page's own language, is true.

    As a function: our pages forbid that words become a program, so that an expression is read once and never again.
    """
    page.wait_for_function(f"() => ({condition})", timeout=patience)


def holds(page: Page, condition: str) -> bool:
    """Whether a condition comes true within a while."""
    try:
        until(page, condition, 30_000)
    except TimeoutError:
        return False
    return True


def fits(page: Page) -> bool:
    """Whether nothing has to be scrolled sideways, once what is drawn by hand (a grid, a chart) took its new width."""
    main = "document.querySelector('[data-testid=stMain]')"
    return holds(page, f"{main}.scrollWidth <= {main}.clientWidth")


def no_longer(page: Page, most: int) -> bool:
    """Whether the page is no longer than ``most`` pixels."""
    return holds(page, f"document.querySelector('[data-testid=stMain]').scrollHeight <= {most}")


def picked(page: Page, name: str | re.Pattern[str]) -> None:
    """Choose one answer of a question of the framework by its words, once it stands where it is pressed."""
    settled(page)
    radio = page.get_by_role("radio", name=name)
    page.locator("label").filter(has=radio).click()
    expect(radio).to_be_checked()
