"""Opening a page and waiting until it has said everything."""

from __future__ import annotations

from playwright.sync_api import Page, expect

READY = '[data-testid="stApp"][data-test-script-state="notRunning"] .stHtml'
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
    """Wait until the page stands still: its script has ended, and no part of it is still a grey place."""
    expect(page.locator(READY).first).to_be_visible()
    expect(page.get_by_role("heading", level=1).first).to_be_visible()
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
