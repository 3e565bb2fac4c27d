"""The side-by-side page: what a rerun costs on the server, against the same page with ready figures.

Three servers of the same machine, each in its own process, are asked in turn through the
websocket that a browser uses: the page on the demonstration; the same page whose monitor gives
back, from memory, what it answered the first time; an empty page under the framework's default
settings, in a process that has imported what ours has. What comes back is looked at each time:
an error page is never taken for a quick one.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bench.client import Answer, BrokenPage, Client, client
from bench.empty_page import WORD
from bench.measure import Ratio, Times
from bench.service import filled, free_port, processor, serving, signed_in
from core.contract import Registry
from core.contract.schema_setup import prepare
from core.demonstration import TODAY
from core.domain.calendar import Period
from core.figures import Monitor
from core.figures.sentences import overview_sentence
from core.storage import Store

KINDS = ("ours", "constant", "empty")
PAUSE = 0.25  # seconds between two reruns: closer ones wait on the framework's own pacing


@dataclass(frozen=True, slots=True)
class Page:
    """One of the three pages, and what it has to say."""

    client: Client
    process: int
    words: str
    elements: int = 0

    def rerun(self) -> tuple[Times, Answer]:
        """One run, and what it sent. Raises BrokenPage when something is missing from it."""
        before = processor(self.process)
        answer = self.client.rerun()
        if not answer.says(self.words):
            raise BrokenPage(f"The page does not say « {self.words} »; it has {answer.elements} elements.")
        if self.elements and answer.elements != self.elements:
            raise BrokenPage(f"The page has {answer.elements} elements, and had {self.elements}.")
        return Times(answer.seconds, processor(self.process) - before), answer


def run(folder: Path, *, runs: int = 40, warming: int = 8) -> list[Ratio]:
    """Measure ``runs`` of the first page after ``warming`` others, the three servers in turn.

    The demonstration is filled in ``folder``, unless it is there.
    """
    base = filled(folder)
    figures = _figures(base)
    words = {"ours": figures, "constant": figures, "empty": WORD}
    with ExitStack() as opened:
        pages = {kind: opened.enter_context(_serving(kind, base, words[kind])) for kind in KINDS}
        answers = {kind: _warmed(page, warming) for kind, page in pages.items()}
        ours, constant = answers["ours"], answers["constant"]
        if ours.elements != constant.elements:
            raise BrokenPage(f"Ours has {ours.elements} elements, and the constant one {constant.elements}.")
        pages = {kind: replace(page, elements=answers[kind].elements) for kind, page in pages.items()}
        turns = [_turn(pages) for _ in range(runs)]
    size = f"{ours.elements} éléments, {len(ours.content) // 1024} Kio"
    return [
        _ratio("Page côte à côte, contre la même aux chiffres tout prêts", turns, "constant", 1.5, size),
        _ratio("Page côte à côte, contre une page vide aux réglages d’origine", turns, "empty", 0.5, size),
    ]


def _warmed(page: Page, times: int) -> Answer:
    for _ in range(times):
        time.sleep(PAUSE)
        _, answer = page.rerun()
    return answer


def _turn(pages: dict[str, Page]) -> dict[str, Times]:
    """One run of each, in an order that changes, so that none always comes after the same one."""
    times = {}
    for kind in random.sample(KINDS, len(KINDS)):
        time.sleep(PAUSE)
        times[kind], _ = pages[kind].rerun()
    return times


def _ratio(name: str, turns: list[dict[str, Times]], other: str, bound: float, size: str) -> Ratio:
    pairs = tuple((one["ours"], one[other]) for one in turns)
    return Ratio(name, pairs, bound, f"à chaud, figures en cache, {size}")


def _figures(base: str) -> str:
    """A sentence of the page that only the right figures can make; the page opens on the last quarter that is over."""
    registry = Registry.load()
    with Store.open(base) as store:
        prepare(registry, store, at=datetime.now(UTC))
        over = Period.quarter_of(TODAY).previous.end
        return overview_sentence(Monitor(registry, store, today=TODAY).compare(until=over))


@contextmanager
def _serving(kind: str, base: str, words: str) -> Iterator[Page]:
    port = free_port()
    command = (sys.executable, "-m", "bench.servers", kind, str(port))
    cookie = "" if kind == "empty" else "=".join(signed_in(base))
    with serving(command, base, port) as process, client(port, cookie) as somebody:
        yield Page(somebody, process, words)
