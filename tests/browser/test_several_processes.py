"""« fabrique serve --workers 2 », as people meet it: two real processes behind one address, on both bases."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

from core.accounts import cookie_name
from core.demonstration import people
from core.domain.access import Actor
from core.settings import sqlite_url
from core.storage import Store
from dashboard.processes.routing import Wish, WorkerPlaces
from tests.browser import signing
from tests.browser.conftest import new_context
from tests.browser.looking import look
from tests.browser.test_deposit import EXPERIMENT, HEADINGS, Desk, cells, plain, spaced
from tests.conftest import PATIENCE
from tests.dashboard.serving import ROOT, free_port, once_ready
from tests.support.filled import copied, served_url

LONG = PATIENCE / 1000
"""Seconds after which what does not come is said never to come."""
KEY = "seize-caracteres-et-plus"
FABRIQUE = [sys.executable, "-c", "import sys; from core.cli import main; sys.exit(main())"]


@dataclass
class House:
    """Two processes behind one address."""

    process: subprocess.Popen[str]
    url: str
    address: str
    cookie: str

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    def told(self) -> list[str]:
        """What the command said before it served."""
        assert self.process.stdout is not None
        return [self.process.stdout.readline() for _ in range(4)]

    def workers(self) -> list[int]:
        """The numbers, in the system, of those that serve."""
        found = []
        for one in psutil.Process(self.process.pid).children():
            with suppress(psutil.NoSuchProcess):  # it ends meanwhile
                found += [one.pid] if "dashboard.processes" in one.cmdline() else []
        return found

    def holder(self, actor: Actor) -> int:
        """Which process holds the pages of somebody: the first is 0."""
        return self.chosen(signing.cookie(self.url, actor)["value"].partition(".")[0])

    def chosen(self, key: str) -> int:
        found = WorkerPlaces(2).choose(Wish(key=key), {0, 1})
        assert found is not None
        return found

    def stranger(self, number: int) -> httpx.Client:
        """Somebody who is not signed in, in front of process ``number``."""
        key = next(str(at) for at in range(100) if self.chosen(str(at)) == number)
        return httpx.Client(
            base_url=self.address,
            headers={"Origin": self.address},
            cookies={self.cookie: f"{key}.faux"},
            trust_env=False,
            timeout=LONG,
        )

    def counted(self, number: int, address: str) -> float:
        """How many answers process ``number`` gave at a kind of address."""
        asked = {"Authorization": f"Bearer {KEY}"}
        text = httpx.get(
            f"{self.address}/metrics?processus={number + 1}", headers=asked, trust_env=False, timeout=LONG
        ).text
        found = re.findall(rf'^fabrique_http_requests_total{{address="{address}".*}} (\S+)$', text, re.M)
        return sum(map(float, found))

    def state(self) -> dict[str, object]:
        found: dict[str, object] = httpx.get(f"{self.address}/sante", trust_env=False, timeout=LONG).json()
        return found


@contextmanager
def served(url: str) -> Iterator[House]:
    """The command itself, on the base at ``url``."""
    port = free_port()
    path = os.pathsep.join([str(ROOT), str(ROOT / "plugins")])
    settings = {"FABRIQUE_DATABASE_URL": url, "FABRIQUE_METRICS_TOKEN": KEY}
    process = subprocess.Popen(
        [*FABRIQUE, "serve", "--workers", "2", "--port", str(port)],
        env={**os.environ, "PYTHONPATH": path, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
    )
    try:
        address = once_ready(process, f"http://127.0.0.1:{port}")
        with Store.open(url) as store:
            name = cookie_name(store)
        yield House(process, url, address, name)
    finally:
        process.terminate()
        process.communicate(timeout=LONG)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """On a copy of the demonstration, where nobody else writes."""
    copy = copied(served_url(), tmp_path_factory.mktemp("deux") / "demonstration.sqlite3")
    with served(sqlite_url(copy)) as found:
        yield found


def page_of(browser: Browser, house: House, actor: Actor) -> Page:
    context = new_context(browser)
    context.add_cookies([signing.cookie(house.url, actor)])
    return context.new_page()


def test_all_of_them_are_told(house: House) -> None:
    assert house.state() == {"etat": "en marche", "processus": {"voulus": 2, "prêts": 2}}
    ready = httpx.get(f"{house.address}/pret", trust_env=False, timeout=LONG)
    assert (ready.status_code, ready.json()["processus"]) == (200, {"voulus": 2, "prêts": 2})
    assert len(house.workers()) == 2


@pytest.mark.browser
def test_deposit_made_through_one_is_seen_by_the_other_at_its_next_run(
    browser: Browser, house: House, tmp_path: Path
) -> None:
    """Its file goes to the process that holds its page: nothing but the account says which."""
    association = people.PEOPLE["point-formation"]
    elsewhere = next(
        one for one in (people.LEAD, *people.PEOPLE.values()) if house.holder(one) != house.holder(association)
    )
    reader = page_of(browser, house, elsewhere)
    figure = f"{house.address}/chiffre?indicateur=EQ5a&experience={EXPERIMENT}"
    look(reader, figure)
    assert "6 lignes = 6" in plain(reader.locator(".equal").inner_text())

    desk = Desk(page_of(browser, house, association), house.address)
    file = tmp_path / "deux.csv"
    file.write_text("\n".join(";".join(line) for line in (HEADINGS, cells(1), cells(2))), encoding="utf-8")
    desk.open("materiel")
    desk.give(file)
    desk.says("2 lignes sont prêtes")
    desk.press("Enregistrer 2 lignes")
    desk.says("2 lignes sont enregistrées")

    look(reader, figure)
    assert "8 lignes = 8" in plain(reader.locator(".equal").inner_text())
    assert all(house.counted(number, "page") for number in (0, 1)), "both were asked"


def test_wrong_passwords_spread_over_both_slow_down_as_over_one(house: House) -> None:
    before = [house.counted(number, "/connexion") for number in (0, 1)]
    told = []
    for at in range(7):
        with house.stranger(at % 2) as browser:
            form = browser.get("/connexion")
            token = re.search(r'name="jeton" value="(\w+)"', form.text)
            assert token
            fields = {"jeton": token[1], "courriel": "comite@demonstration.invalid", "mot_de_passe": "faux"}
            told.append(browser.post("/connexion", data=fields).text)
    assert ["Trop d’essais faux" in text for text in told] == [False] * 5 + [True] * 2
    after = [house.counted(number, "/connexion") for number in (0, 1)]
    assert [late - early for early, late in zip(before, after, strict=True)] == [8, 6]


def test_programs_have_one_process_whoever_they_say_they_are(house: House) -> None:
    for number in (0, 1):
        with house.stranger(number) as program:
            assert program.get("/api/v1/openapi.json").status_code == 200
    assert house.counted(1, "/api") == 0


@pytest.mark.browser
def test_worker_that_is_killed_is_started_again_and_its_page_comes_back_by_itself(
    browser: Browser, house: House
) -> None:
    page = page_of(browser, house, people.COMMITTEE)
    look(page, house.address)
    before = house.workers()
    os.kill(before[house.holder(people.COMMITTEE)], signal.SIGKILL)
    page.get_by_role("link", name="Comparer").first.click()
    expect(page.get_by_role("heading", level=1, name=spaced("Comparer"))).to_be_visible()
    until = time.monotonic() + LONG
    # That both are ready may still be said of the one that is dead: another has to stand in its place.
    while not _replaced(before, house.workers()) or house.state()["processus"] != {"voulus": 2, "prêts": 2}:
        assert time.monotonic() < until, (before, house.workers(), house.state())
        time.sleep(0.2)


def _replaced(before: list[int], now: list[int]) -> bool:
    """Whether as many serve, and one of them is another."""
    return len(now) == len(before) and len({*before} & {*now}) == len(before) - 1


def test_one_set_up_link_opens_once_whichever_is_asked(postgresql_database_url: str) -> None:
    with served(postgresql_database_url) as house:
        links = [line for line in house.told() if "/invitation/" in line]
        assert len(links) == 1
        path = links[0].strip().removeprefix(house.address)
        with house.stranger(0) as first, house.stranger(1) as second:
            assert second.get(path).status_code == 200
            form = first.get(path)
            token = re.search(r'name="jeton" value="(\w+)"', form.text)
            assert token
            password = "un chapeau de paille"
            fields = {"jeton": token[1], "courriel": "claire@exemple.fr", "nom": "Claire"}
            made = first.post(path, data={**fields, "nouveau": password, "encore": password})
            assert made.status_code == 303, made.text
            assert second.get(path).status_code == 410
        assert _ended(house, signal.SIGINT) == (0, [])


def test_parent_that_is_killed_leaves_nobody_behind(sqlite_database_url: str) -> None:
    with served(sqlite_database_url) as house:
        assert _ended(house, signal.SIGKILL) == (-9, [])


def _ended(house: House, stop: signal.Signals) -> tuple[int, list[psutil.Process]]:
    """The status of the parent that was told to stop, and those of its two workers that stay."""
    workers = [psutil.Process(pid) for pid in house.workers()]
    assert len(workers) == 2
    house.process.send_signal(stop)
    code = house.process.wait(timeout=LONG)
    return code, psutil.wait_procs(workers, timeout=LONG)[1]


def test_address_that_is_taken_is_told(house: House, sqlite_database_url: str) -> None:
    told = subprocess.run(
        [*FABRIQUE, "serve", "--workers", "2", "--port", str(house.port)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "FABRIQUE_DATABASE_URL": sqlite_database_url},
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=LONG,
    )
    assert told.returncode == 1
    assert "Un autre programme l’a peut-être prise" in told.stderr.replace(" ", " ")
