"""A file that takes its reading process down: a sentence for its owner, in her browser, and nothing for the others."""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

from core.demonstration import people
from core.settings import sqlite_url
from tests.browser.conftest import new_context
from tests.browser.looking import look
from tests.browser.serving import serving
from tests.browser.signing import cookie
from tests.support.filled import copied, served_url
from tests.support.profile import cases

pytestmark = pytest.mark.browser

ROWS = 60_000
SAID = "a arrêté la lecture"
MORE = 20
"""Moments tried beyond those wanted, while none was during the reading: a busy machine does other work first."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """A server of its own: its reading processes are killed."""
    copy = tmp_path_factory.mktemp("lecture") / "demonstration.sqlite3"
    copied(served_url(), copy)
    with serving(sqlite_url(copy)) as found:
        yield sqlite_url(copy), found


def reading_processes(port: int) -> list[psutil.Process]:
    """Those of the server that listens there, once none of them is still starting (that takes processor time too).

    One that waits for its turn on a busy machine takes none, and sleeps no more. None when all were killed at rest: the
    next file starts others.
    """
    spent, end = [-1.0], time.monotonic() + 60
    while time.monotonic() < end:
        found = _below(port)
        before, spent = spent, [sum(one.cpu_times()[:2]) for one in found]
        if spent == before and all(one.status() == psutil.STATUS_SLEEPING for one in found):
            return found
        time.sleep(1)
    raise AssertionError(f"no reading process of the server at {port} came to rest")


def _below(port: int) -> list[psutil.Process]:
    every = [(one, one.info["cmdline"] or []) for one in psutil.process_iter(["cmdline"])]
    (server,) = [one for one, words in every if "tests.browser.serving" in words and str(port) in words]
    below = {one.pid for one in server.children()}
    return [one for one, words in every if one.pid in below and "core.reading.worker" in words]


@pytest.mark.generated
def test_killed_while_it_reads_the_person_is_told_and_the_server_answers(
    browser: Browser, address: tuple[str, str], tmp_path: Path
) -> None:
    url, here = address
    file = tmp_path / "immeubles.csv"
    lines = (f"Z-{rank};Frais Vallon;bailleur A;{1 + rank % 60}" for rank in range(ROWS))
    file.write_text("code_immeuble;lieu;bailleur;nb_logements\n" + "\n".join(lines), encoding="utf-8")
    context = new_context(browser)
    context.add_cookies([cookie(url, people.PEOPLE["ifac"])])
    page, told, wanted = context.new_page(), 0, cases(3, 100)
    for seed in range(wanted + MORE):
        if seed >= wanted and told:
            break
        while not (processes := _ready(page, here)):
            hand_in(page, file)
            expect(page.get_by_text("prêtes").first).to_be_visible()
        killer = threading.Thread(target=kill_later, args=(processes, random.Random(seed), seed))
        killer.start()
        hand_in(page, file)
        refused, read = page.get_by_text(SAID), page.get_by_text("prêtes")
        expect(refused.or_(read).first).to_be_visible()
        killer.join()
        told += refused.count() > 0
        assert httpx.get(f"{here}/sante", timeout=60).status_code == 200
    assert told, "no moment was the right one: the test tried nothing"
    context.close()


def _ready(page: Page, here: str) -> list[psutil.Process]:
    """A page that waits for a file, and the reading processes that wait for it too."""
    look(page, f"{here}/deposer?association=ifac&jeu=immeubles")
    return reading_processes(int(here.rpartition(":")[2]))


def hand_in(page: Page, file: Path) -> None:
    """Give the page that file."""
    page.locator('input[type="file"]').set_input_files(file)


def kill_later(processes: list[psutil.Process], moment: random.Random, seed: int) -> None:
    """Kill the reading processes at some moment; every other time, the one that is seen at work on the file."""
    if seed % 2 == 0:
        _kill_at_work(processes)
        return
    time.sleep(moment.uniform(0.3, 1.5))
    for one in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            one.kill()


def _kill_at_work(processes: list[psutil.Process], patience: float = 60) -> None:
    """One that takes processor time holds a file: a question whether it is there costs it none."""
    rested = {one: sum(one.cpu_times()[:2]) for one in processes}
    end = time.monotonic() + patience
    while time.monotonic() < end:
        for one, before in rested.items():
            if sum(one.cpu_times()[:2]) - before >= 0.03:
                one.kill()
                return
        time.sleep(0.002)
