"""What a person feels: a command that answers, a service that starts, a cold browser, a click until it is painted.

Each against the framework as it comes, in turn, in new processes or in the same browser. The time from a click is
taken in the browser, from the event to the frame in which another title stands; what of it is the server’s is told
by a websocket that asks for the same page right after.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from bench.client import client
from bench.measure import Ratio, Times, compare
from bench.service import FABRIQUE, HEALTH, env, filled, free_port, serving, signed_in
from core.domain import french
from tests.support.tools import find_chromium

STOCK = str(Path(__file__).with_name("stock_page.py"))
QUIET = ("--server.headless", "true", "--browser.gatherUsageStats", "false")
_CLICKED = """() => {
  window.measured = null;
  const title = () => document.querySelector("h1")?.textContent;
  addEventListener("click", (event) => { window.measured = [event.timeStamp, title()]; }, { capture: true });
}"""
_PAINTED = """() => new Promise((done) => {
  const look = () => {
    const title = document.querySelector("h1")?.textContent;
    if (window.measured && title && title !== window.measured[1]) {
      requestAnimationFrame(() => setTimeout(() => {
        const spent = performance.now() - window.measured[0];
        window.measured = null;
        done(spent);
      }));
    } else requestAnimationFrame(look);
  };
  look();
})"""
_COLD = """() => {
  const entry = performance.getEntriesByName("first-contentful-paint")[0];
  return entry ? entry.startTime : 0;
}"""
_BYTES = """() => performance.getEntriesByType("resource")
  .concat(performance.getEntriesByType("navigation"))
  .reduce((sum, one) => sum + (one.transferSize || 0), 0)"""


@dataclass(frozen=True, slots=True)
class Site:
    """One of the two sites: where it answers, and what to press there in turn: another title comes each time."""

    port: int
    cookie: tuple[str, str] | None
    presses: tuple[str, ...]

    @property
    def address(self) -> str:
        """Its first page."""
        return f"http://127.0.0.1:{self.port}/"


def run(folder: Path, *, runs: int = 7, clicks: int = 40) -> list[Ratio]:
    """Everything, on the demonstration filled in ``folder`` unless it is there."""
    base = filled(folder)
    return [
        *commands(folder, base, runs=runs),
        *starts(base, runs=runs),
        *browsers(base, runs=runs, clicks=clicks),
    ]


def commands(folder: Path, base: str, *, runs: int) -> list[Ratio]:
    """The help, against that of the framework; a whole dossier, against the help."""

    def fabrique(*words: str) -> None:
        subprocess.run([*FABRIQUE, *words], env=env(base), check=True, capture_output=True)

    def streamlit() -> None:
        subprocess.run([sys.executable, "-m", "streamlit", "--help"], env=env(), check=True, capture_output=True)

    paper = str(folder / "dossier.pdf")
    return [
        compare(
            "L’aide de la commande, contre celle de Streamlit",
            lambda: fabrique("--help"),
            streamlit,
            bound=None,
            runs=runs,
        ),
        compare(
            "Le dossier en PDF, la commande entière, contre l’aide de Streamlit",
            lambda: fabrique("export", "pdf", paper),
            streamlit,
            bound=None,
            runs=runs,
            note="chiffres lus, mis en page et écrits, démonstration",
        ),
    ]


def starts(base: str, *, runs: int) -> list[Ratio]:
    """From nothing to « ready », and the first page after it, against an empty page of the framework."""
    ready, first = [], []
    for _ in range(runs):
        ours, theirs = _started(True, base), _started(False, base)
        ready.append((ours[0], theirs[0]))
        first.append((ours[1], theirs[1]))
    return [
        Ratio("Le service prêt, contre une page d’origine prête", tuple(ready), 1.5, "un processus neuf à chaque fois"),
        Ratio(
            "La première page d’un service qui vient de démarrer, contre une page d’origine",
            tuple(first),
            None,
            "démonstration, réponses gardées dans la base",
        ),
    ]


def _started(ours: bool, base: str) -> tuple[Times, Times]:
    """Seconds until the service is ready, then those of its first page."""
    begun = time.perf_counter()
    with _site(ours, base) as site:
        ready = time.perf_counter() - begun
        with client(site.port, "=".join(site.cookie or ())) as somebody:
            first = somebody.rerun().seconds
    return Times(ready, 0), Times(first, 0)


def browsers(base: str, *, runs: int, clicks: int) -> list[Ratio]:
    """A browser that keeps nothing, then clicks in one that does, the two sites in turn."""
    with sync_playwright() as program, _site(True, base) as ours, _site(False, base) as stock:
        browser = program.chromium.launch(executable_path=find_chromium())
        try:
            cold = [(_cold(browser, ours), _cold(browser, stock)) for _ in range(runs)]
            pages = [_opened(browser, site) for site in (ours, stock)]
            pressed = [
                tuple(_clicks(page, site, at) for page, site in zip(pages, (ours, stock), strict=True))
                for at in range(clicks)
            ]
            served = _served(ours, clicks)
        finally:
            browser.close()
    mine, other = ([pair[side] for pair in pressed] for side in (0, 1))
    paint = tuple((Times(a, 0), Times(b, 0)) for a, b in zip(mine, other, strict=True))
    weight = statistics.median(one[1] for one, _ in cold)
    return [
        Ratio(
            "Navigateur neuf : premier texte, contre une page d’origine",
            tuple((Times(one[0], 0), Times(two[0], 0)) for one, two in cold),
            None,
            f"{french.number(weight / 1024)} Kio reçus en tout",
        ),
        Ratio(
            "Du clic à la page peinte, contre un bouton d’une page d’origine",
            paint,
            None,
            f"au plus {_ms(_at(mine, 95))} pour 95 % des clics ({_ms(_at(other, 95))} en face) ; "
            f"dont le serveur : médiane {_ms(statistics.median(served))}",
        ),
    ]


def _cold(browser: Browser, site: Site) -> tuple[float, float]:
    """Seconds until the first text is painted, and bytes received once the page stands."""
    page = _opened(browser, site)
    found = page.evaluate(_COLD) / 1000, float(page.evaluate(_BYTES))
    page.context.close()
    return found


def _opened(browser: Browser, site: Site) -> Page:
    context = browser.new_context(locale="fr-FR")
    if site.cookie is not None:
        name, value = site.cookie
        context.add_cookies([{"name": name, "value": value, "domain": "127.0.0.1", "path": "/"}])
    page = context.new_page()
    page.goto(site.address)
    page.locator("h1").first.wait_for()
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').first.wait_for()
    page.evaluate(_CLICKED)
    return page


def _clicks(page: Page, site: Site, at: int) -> float:
    """Seconds from one click to the frame that shows its page."""
    page.wait_for_timeout(250)  # a person reads; closer clicks wait on the framework’s own pacing
    page.locator(site.presses[at % len(site.presses)]).first.click()
    return float(page.evaluate(_PAINTED)) / 1000


def _served(site: Site, times: int) -> list[float]:
    """Seconds of the server for the same two pages, asked for by a websocket."""
    found = []
    with client(site.port, "=".join(site.cookie or ())) as somebody:
        for at in range(times + 2):
            time.sleep(0.25)
            found.append(somebody.rerun(("comparer", "avant-le-comite")[at % 2]).seconds)
    return found[2:]


@contextmanager
def _site(ours: bool, base: str) -> Iterator[Site]:
    port = free_port()
    if ours:
        command = (*FABRIQUE, "serve", "--port", str(port))
        presses = ('a[href$="/comparer"]', 'a[href$="/avant-le-comite"]')
        with serving(command, base, port, ready="/pret"):
            yield Site(port, signed_in(base), presses)
    else:
        command = (sys.executable, "-m", "streamlit", "run", STOCK, "--server.port", str(port), *QUIET)
        with serving(command, base, port, ready=HEALTH):
            yield Site(port, None, ('[data-testid="stButton"] button',))


def _at(found: list[float], share: int) -> float:
    return statistics.quantiles(found, n=100)[share - 1] if len(found) > 1 else found[0]


def _ms(seconds: float) -> str:
    return f"{french.number(seconds * 1000)} ms"
