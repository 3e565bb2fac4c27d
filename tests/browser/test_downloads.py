"""Every file that a page offers, to every role: found by walking the pages, clicked in a browser, opened and read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, TimeoutError, expect

from core import reporting
from core.contract import schema_setup
from core.contract.scope import Scope
from core.demonstration import TODAY, people
from core.depositing import comments
from core.depositing.comments import About
from core.domain.access import Actor
from core.settings import Settings, sqlite_url
from core.storage import Store
from dashboard import context as contexts
from dashboard.context import Context
from dashboard.views.history_parts import at as deposit_address
from tests.browser.conftest import new_context
from tests.browser.looking import look
from tests.browser.reading_files import words_of
from tests.browser.serving import serving
from tests.browser.signing import cookie
from tests.browser.walking import File, kinds, offering_functions, walk
from tests.support.filled import NOW, copied, registry, served_url
from tests.support.scopes import acting

pytestmark = pytest.mark.browser

IFAC = people.PEOPLE["ifac"]
ROLES = (people.LEAD, people.COMMITTEE, IFAC)
"""One of each role that a person may have (``OF_PEOPLE``)."""
SAYS = {
    r"accuse-de-reception-\d+\.pdf": "Accusé de réception",
    r"releve-ct.*\.pdf": "bien transmis à la Métropole",
    r"retour\.txt": "Une affiche de juin n’est pas déclarée.",
    r"rappels\.txt": "relevé",
    r"donnees-.*\.zip": ".xlsx",
    r"dossier-.*\.pdf": "Données fictives",
    r"compte-rendu-.*\.pdf": "Données fictives",
    r"etat-de-versement-.*\.pdf": "Données fictives",
    r"diaporama-.*\.pptx": "Données fictives",
    r"releve-de-decisions-.*\.docx": "Relevé de décisions Comité n°",
    r"EQ5a-.*\.csv": "Numéro d’inventaire",
    r"modele-materiel-.*\.xlsx": "Numéro d’inventaire",
    r"modele-.*\.xlsx": "Version du tableau",
    r"registres-.*\.xlsx": "Objectifs",
    r"comparaison\.csv": "Ordinateurs remis",
}
"""What a file must hold, by its name."""
HEAD = "Code de l’action;Lieu;Date;Canal\n"
ONE_BAD = HEAD + "ESSAI-1;Frais Vallon;14/06/2022;affichage\nESSAI-2;Frais Vallon;31/02/2022;affichage\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The demonstration, with a relevé that was returned and a comment that has its evidence."""
    path = copied(served_url(), tmp_path_factory.mktemp("telechargements") / "demonstration.sqlite3")
    with Store.open(sqlite_url(path)) as store:
        schema_setup.prepare(registry(), store, at=NOW)
        lead, why = Scope(registry(), store, people.LEAD, NOW), "Une affiche de juin n’est pas déclarée."
        reporting.give_back(lead, "ct1-frais-vallon", "2022-T2", why)
        last = store.deposits(association="ifac", dataset="communication")[-1].number
        about = About("ifac", "communication", deposit=last)
        comments.add(acting(store, IFAC, NOW), about, "La photo de l’affiche.", file=(PNG, "affiche.png"))
    return sqlite_url(path)


@pytest.fixture(scope="module")
def address(url: str) -> Iterator[str]:
    with serving(url) as found:
        yield found


@pytest.fixture(scope="module")
def offered(url: str) -> list[File]:
    """A file of each kind that the project lead is offered: who opens every page finds every page with files."""
    with Store.open(url) as store, pytest.MonkeyPatch.context() as patch:
        schema_setup.prepare(registry(), store, at=NOW)
        settings = Settings(database_url=url)
        told = Context(registry(), store, lambda: TODAY, demonstration=True, settings=settings)
        told.visitors = lambda: people.LEAD
        contexts.install(told)
        last = deposit_address(store.deposits(association="ifac", dataset="communication")[-1])
        start = (
            "/releve?experience=ct1-frais-vallon&periode=2022-T2",
            f"/historique?association=ifac&jeu=communication&depot={last}",
        )
        return list(kinds(walk(registry(), patch, start=start)))


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = new_context(browser)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("actor", ROLES, ids=lambda actor: actor.role)
def test_every_file_that_a_page_offers_comes_and_says_what_it_is(
    page: Page, url: str, address: str, offered: list[File], actor: Actor
) -> None:
    page.context.add_cookies([cookie(url, actor)])
    names, wrong = [], []
    for where in dict.fromkeys(one.address for one in offered):
        look(page, f"{address}{where}")
        for button in page.get_by_test_id("stDownloadButton").get_by_role("button").all():
            try:
                names.append(taken(page, button)[0])
            except (AssertionError, KeyError, ValueError, TimeoutError) as error:
                wrong.append(f"{where} « {button.inner_text()} »: {type(error).__name__} {str(error)[:200]}")
    assert not wrong, "\n".join(wrong)
    if actor is people.LEAD:
        assert {one.name for one in offered} <= set(names)
    assert len(names) > 8


def test_no_file_is_offered_that_nobody_meets(offered: list[File]) -> None:
    """Those of a deposit in hand are taken below; a new one has to be met on a page that the walk reaches.

    The rows of a plugin that is gone are offered where one is: tests/dashboard/views/test_kept_data.py.
    """
    met = {one.made_by for one in offered}
    assert offering_functions() - met == {"upload_preview.draw_downloads", "my_data._kept"}


def test_the_files_of_a_deposit_in_hand(page: Page, url: str, address: str, tmp_path: Path) -> None:
    page.context.add_cookies([cookie(url, IFAC)])
    look(page, f"{address}/deposer?association=ifac&jeu=communication")
    file = tmp_path / "communication.csv"
    file.write_text(ONE_BAD, encoding="utf-8")
    page.locator('input[type="file"]').set_input_files(file)
    name, words = taken(page, page.get_by_role("button", name=re.compile(r"à\scorriger\s\(XLSX\)")))
    assert name.endswith(".xlsx") and "31/02/2022" in words
    name, words = taken(page, page.get_by_role("button", name=re.compile(r"liste\sdes\sremarques")))
    assert name.endswith(".csv") and "31/02/2022" in words
    page.get_by_text(re.compile(r"Garder\sla\sligne\svalide")).click()
    page.get_by_role("button", name=re.compile(r"^Enregistrer\s1\sligne")).click()
    expect(page.get_by_text(re.compile(r"1\sligne\sest\senregistrée")).first).to_be_visible()
    name, words = taken(page, page.get_by_role("button", name=re.compile(r"accusé\sde\sréception")))
    assert "communication.csv" in words and "IFAC" in words


def taken(page: Page, button: Locator) -> tuple[str, str]:
    """Click, wait for the file, open it; its name and its words."""
    with page.expect_download() as waited:
        button.click()
    name = waited.value.suggested_filename
    words = words_of(waited.value.path(), name)
    for known, said in SAYS.items():
        if re.fullmatch(known, name):
            assert said.lower() in re.sub(r"\s+", " ", words).lower(), f"{name} does not say « {said} »"
    return name, words
