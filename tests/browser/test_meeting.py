"""A whole committee in a real browser: prepared, frozen, presented with the keyboard, decided, closed, and reopened."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from core.contract import schema_setup
from core.demonstration import people
from core.demonstration.live import write_live_file
from core.storage import Store
from tests.browser.conftest import new_context
from tests.browser.looking import look, settled, sized
from tests.browser.serving import serving
from tests.browser.signing import cookie
from tests.core.demonstration.live_deposit import NOW, deposit_all
from tests.support.filled import copied, registry, served_url

pytestmark = pytest.mark.browser
ROOM = (1920, 1080)
LOOKED_AT = """() => {
  const slide = document.querySelector(".slide"), body = slide.querySelector(".slide__body");
  const words = document.createTreeWalker(slide, NodeFilter.SHOW_TEXT);
  let smallest = Infinity;
  while (words.nextNode()) {
    const around = words.currentNode.parentElement;
    if (words.currentNode.data.trim() && around.checkVisibility() && !around.closest(".visually-hidden"))
      smallest = Math.min(smallest, parseFloat(getComputedStyle(around).fontSize));
  }
  const fits = (one) => one.scrollHeight <= one.clientHeight + 1 && one.scrollWidth <= one.clientWidth + 1;
  const box = slide.getBoundingClientRect();
  return { smallest, fits: fits(slide) && fits(body), whole: box.width === innerWidth && box.height === innerHeight };
}"""


@pytest.fixture
def copy(tmp_path: Path) -> str:
    """The address of a store of its own: what is written here spoils nobody's."""
    path = copied(served_url(), tmp_path / "demonstration.sqlite3")
    return f"sqlite:///{path}"


@pytest.fixture
def lead(browser: Browser, copy: str) -> Iterator[tuple[Page, str]]:
    """A page of the project lead on that store, and its address."""
    with serving(copy) as address:
        context = new_context(browser)
        context.add_cookies([cookie(copy, people.LEAD)])
        yield context.new_page(), address
        context.close()


def test_a_committee_from_its_agenda_to_its_reopening(lead: tuple[Page, str], copy: str, tmp_path: Path) -> None:
    page, address = lead
    _prepare(page, address)
    _freeze(page, address, 4)
    _present(page, address)
    _decide(page, address)
    before = _read(page, address, 4)
    assert "Données arrêtées au 30 juin 2022 (n° 4)" in before and "179 ordinateurs remis" in before

    _change_data(copy, tmp_path)
    look(page, f"{address}/comites")
    page.get_by_role("button", name="Préparer ce comité").click()
    expect(page.get_by_test_id("stMain").get_by_text(re.compile(r"Le comité n°\s5 est inscrit")).first).to_be_visible()
    _freeze(page, address, 5)
    after = _read(page, address, 5)
    assert "Ce qui a changé depuis le comité n° 4" in after
    assert "+ 12 ordinateurs remis au Pays de Martigues : 18 sur 24 (75 %)" in after
    assert _read(page, address, 4) == before, "not a digit moved"


def _prepare(page: Page, address: str) -> None:
    look(page, f"{address}/comites?comite=4&etape=preparer&point=p2")
    page.get_by_label("Question posée au comité").fill("Faut-il transférer des machines à Martigues ?")
    page.get_by_role("button", name="Enregistrer ce point").click()
    expect(page.get_by_test_id("stMain").get_by_text("Le point est enregistré.")).to_be_visible()
    expect(page.get_by_test_id("stMain").get_by_text("Faut-il transférer des machines à Martigues ?")).to_be_visible()


def _freeze(page: Page, address: str, number: int) -> None:
    look(page, f"{address}/comites?comite={number}&etape=arreter")
    # Some relevés of the quarter are not accepted: the page names them, and asks for a deliberate yes.
    page.get_by_test_id("stMain").get_by_text(re.compile("Arrêter quand même")).click()
    page.get_by_role("button", name=re.compile("Arrêter les données")).click()
    expect(
        page.get_by_test_id("stMain").get_by_text(re.compile(rf"Les données sont arrêtées au .* \(n°\s{number}\)\."))
    ).to_be_visible()


def _present(page: Page, address: str) -> None:
    """Every slide with the keyboard alone: large type, nothing to scroll, and out again."""
    sized(page, *ROOM)
    look(page, f"{address}/projection?comite=4&diapo=1")
    count = int(page.locator(".slide").get_attribute("data-count") or 0)
    assert count == 1 + 1 + 6 + 1 + 2 + 2 + 1 + 3
    for rank in range(1, count + 1):
        expect(page.get_by_test_id("stMain").get_by_text(f"{rank} sur {count}", exact=True)).to_be_visible()
        settled(page)
        found: dict[str, Any] = page.evaluate(LOOKED_AT)
        assert found["smallest"] >= 28, f"slide {rank}: {found}"
        assert found["fits"] and found["whole"], f"slide {rank}: {found}"
        page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_test_id("stMain").get_by_text(f"{count - 1} sur {count}", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name=re.compile("Comité n°\\s4"), level=1)).to_be_visible()
    expect(page.locator(".slide")).to_have_count(0)
    sized(page, 1280, 800)


def _decide(page: Page, address: str) -> None:
    for rank, verdict in enumerate(("Validée", "En suspens", "À soumettre au Bureau"), start=1):
        look(page, f"{address}/comites?comite=4&etape=decider")
        page.get_by_test_id("stMain").get_by_text(re.compile(f"{verdict}$")).last.click()
        page.get_by_label("Décision", exact=True).fill(f"Décision prise en séance, la {rank}.")
        page.get_by_role("button", name=re.compile("Enregistrer la décision")).click()
        expect(
            page.get_by_test_id("stMain").get_by_text(re.compile(rf"La décision n°\s4\.{rank} est enregistrée\."))
        ).to_be_visible()
    look(page, f"{address}/comites?comite=4&etape=clore")
    page.get_by_role("button", name=re.compile("Clore le comité")).click()
    expect(page.get_by_test_id("stMain").get_by_text(re.compile("Le comité n°\\s4 est clos\\.")).first).to_be_visible()


def _read(page: Page, address: str, number: int) -> str:
    """The words of a committee's page, folds opened, with plain spaces."""
    look(page, f"{address}/comites?comite={number}")
    expect(page.get_by_role("heading", name="Les six côte à côte")).to_be_visible()
    page.evaluate("() => document.querySelectorAll('details').forEach((one) => (one.open = true))")
    return re.sub(r"\s+", " ", page.locator('[data-testid="stMain"]').inner_text())


def _change_data(copy: str, folder: Path) -> None:
    """Point Formation hands its last quarter in, after the committee."""
    live = write_live_file(folder)
    with Store.open(copy) as store:
        schema_setup.prepare(registry(), store, at=NOW)
        assert not any(outcome.refused for outcome in deposit_all(registry(), store, live))
