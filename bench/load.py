"""``make load``: many people at work on several processes, while files are handed in, figures frozen, workers killed.

A person is a websocket that asks for a page, reads it, thinks, asks for another; after a minute or so she leaves and
comes back. When a killed process cuts her connection she comes back as a browser does, at once and again, and what
she then waits is counted apart. An error is a page that ends badly or gives no answer for a minute, a connection that
is cut though nothing was killed, or for more than half a minute, a deposit or a freeze that is refused.
"""

from __future__ import annotations

import argparse
import platform
import random
import signal
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from multiprocessing import get_context
from multiprocessing.queues import Queue
from pathlib import Path

import psutil
from websockets.exceptions import WebSocketException

from bench.client import BrokenPage, client
from bench.report import Machine
from bench.service import FABRIQUE, filled, free_port, serving
from core.accounts import Office, accounts, cookie_name
from core.accounts.sign_in import known_as
from core.committee import meetings
from core.contract import Registry, schema_setup
from core.contract.scope import Scope
from core.demonstration.people import LEAD, PEOPLE
from core.depositing.submit import submit
from core.domain import french
from core.domain.access import Actor, Role
from core.errors import FabriqueError
from core.storage import Store

PAGE = Path(__file__).parents[1] / "docs" / "reliability.md"
START, END = "<!-- load -->", "<!-- end of load -->"
ASSOCIATION, DATASET = "point-formation", "materiel"
PAGES = ("", "", "comparer", "points", "materiel", "lieux", "subventions", "engagements")
"""What people open, the first page twice as often as another."""
VISIT = 60.0
"""Seconds after which somebody leaves, on average; from half of it to one and a half."""
BACK = 30
"""Seconds within which somebody whose connection is cut is served again."""
KILL_CUTS = 5
"""Seconds during which a killed process may cut a connection."""
BROKEN = ("Cette page ne s’affiche pas", "Page indisponible", "La base ne s’ouvre pas", "Quelqu’un d’autre enregistre")
"""What a page says when it is there and does not show."""
HEADINGS = (
    "Numéro d’inventaire;Type;Provenance;Affectation;Date de réception;Preuve d’effacement;Statut;Date de remise;"
    "Lieu;Type de bénéficiaire;En QPV"
)
ROW = (
    "CHARGE-{};ordinateur portable;Métropole;ct6-pays-de-martigues;19/05/2022;oui;remis;20/06/2022;Martigues;"
    "famille;oui"
)


@dataclass
class Seen:
    """What happened, from the threads of everybody; an append is one step for all of them."""

    times: list[float] = field(default_factory=list)
    cut: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    deposits: list[float] = field(default_factory=list)
    freezes: list[float] = field(default_factory=list)
    kills: list[float] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)
    spared: list[int] = field(default_factory=list)

    @property
    def killed_lately(self) -> bool:
        """Whether a process was killed so short a time ago that a connection is cut by that."""
        return bool(self.kills) and time.monotonic() - self.kills[-1] < KILL_CUTS


@dataclass(frozen=True, slots=True)
class Plan:
    """How many people, for how many seconds, over how many processes, how long each thinks between two pages.

    Every so many seconds, what happens beside; never where it is 0.
    """

    sessions: int = 100
    seconds: float = 600
    workers: int = 2
    thinks: float = 2
    deposit_every: float = 15
    freeze_every: float = 60
    kill_every: float = 60
    pages: tuple[str, ...] = PAGES


def run(plan: Plan, url: str) -> Seen:
    """Work as planned on the demonstration’s base at ``url``."""
    cookies = people_of(url, plan.sessions)
    port = free_port()
    command = (*FABRIQUE, "serve", "--port", str(port), "--workers", str(plan.workers))
    with serving(command, url, port, ready="/pret") as process:
        warm(port, cookies[: 2 * plan.workers])
        apart = get_context("spawn")
        told: Queue[tuple[str, float, str]] = apart.Queue()
        hands = apart.Process(target=_beside, args=(url, plan, told), daemon=True)
        hands.start()
        seen, until = Seen(), time.monotonic() + plan.seconds
        people = [thread(visit, seen, plan, port, cookie, until, number) for number, cookie in enumerate(cookies)]
        beside = [
            thread(_every, plan.kill_every, until, lambda: _kill_one(process, seen)),
            thread(_every, 1, until, lambda: _weigh(process, seen)),
        ]
        for one in (*people, *beside, hands):
            one.join()
        _gather(told, seen)
    return seen


def thread(work: Callable[..., None], *told: object) -> threading.Thread:
    made = threading.Thread(target=work, args=told, daemon=True)
    made.start()
    return made


def _every(seconds: float, until: float, work: Callable[[], None]) -> None:
    """Do it again and again, the first time after so many seconds; never when it is 0."""
    while seconds and time.monotonic() + seconds < until:
        time.sleep(seconds)
        work()


# --- People -------------------------------------------------------------------------------------


def people_of(url: str, count: int) -> list[str]:
    """The cookies of as many people, each with an account of her own."""
    now = datetime.now(UTC)
    with Store.open(url) as store:
        office, name = Office(store), cookie_name(store)
        found = []
        for number in range(count):
            role = Role.LEAD if number % 4 == 0 else Role.COMMITTEE
            email = f"charge-{number}@demonstration.invalid"
            accounts.open_account(office, email, Actor(f"Charge {number}", role), at=now)
            found.append(f"{name}={known_as(office, email, device='charge', at=now)}")
    return found


def warm(port: int, cookies: list[str]) -> None:
    """Each page once by a few, so that what a process works out once is not in the times."""
    for cookie in cookies:
        with client(port, cookie) as page:
            for path in sorted(set(PAGES)):
                page.rerun(path)


def visit(seen: Seen, plan: Plan, port: int, cookie: str, until: float, number: int) -> None:
    """One visit after the other until the end; what breaks is told, and she goes on."""
    chance = random.Random(number)
    time.sleep(chance.uniform(0, plan.thinks * 2))
    cut: float | None = None
    while time.monotonic() < until:
        leaves = min(until, time.monotonic() + chance.uniform(VISIT / 2, VISIT * 3 / 2))
        try:
            with client(port, cookie) as page:
                while time.monotonic() < leaves:
                    asked, path = cut or time.monotonic(), chance.choice(plan.pages)
                    answer = page.rerun(path)
                    seen.errors.extend(f"/{path} says: {one}" for one in BROKEN if answer.says(one))
                    (seen.cut if cut else seen.times).append(time.monotonic() - asked)
                    cut = None
                    page.rest(chance.uniform(plan.thinks / 2, plan.thinks * 3 / 2))
        except BrokenPage as error:
            seen.errors.append(str(error))
        except TimeoutError:
            seen.errors.append("no answer for a minute")
            cut = None
        except (OSError, WebSocketException) as error:
            if cut is None and not seen.killed_lately:
                seen.errors.append(f"cut though nothing was killed: {error!r}")
            cut = cut or time.monotonic()
            if time.monotonic() - cut > BACK:
                seen.errors.append(f"cut for {BACK} s: {error!r}")
                cut = None
            time.sleep(0.5)


# --- What happens beside --------------------------------------------------------------------------


def _beside(url: str, plan: Plan, told: Queue[tuple[str, float, str]]) -> None:
    """Files handed in and figures frozen, by a process that is neither the server nor the people."""
    registry, until = Registry.load(), time.monotonic() + plan.seconds
    with Store.open(url) as store:
        schema_setup.prepare(registry, store, at=_now())
        numbers = count()

        def deposit() -> list[str]:
            first = 20 * next(numbers)
            text = "\n".join([HEADINGS, *(ROW.format(first + at) for at in range(20))]).encode()
            whose = (ASSOCIATION, DATASET)
            outcome = submit(Scope(registry, store, PEOPLE[ASSOCIATION], _now()), text, "charge.csv", *whose)
            return [str(problem) for problem in outcome.errors]

        def freeze() -> list[str]:
            meetings.freeze(Scope(registry, store, LEAD, _now()), 4, date(2022, 6, 30))
            return []

        def timed(name: str, work: Callable[[], list[str]]) -> Callable[[], None]:
            def do() -> None:
                begun = time.monotonic()
                try:
                    wrong = work()
                except FabriqueError as error:
                    wrong = [str(error)]
                told.put((name, time.monotonic() - begun, " ; ".join(wrong)))

            return do

        both = [
            thread(_every, plan.deposit_every, until, timed("deposit", deposit)),
            thread(_every, plan.freeze_every, until, timed("freeze", freeze)),
        ]
        for one in both:
            one.join()


def _gather(told: Queue[tuple[str, float, str]], seen: Seen) -> None:
    while not told.empty():
        name, seconds, wrong = told.get()
        (seen.deposits if name == "deposit" else seen.freezes).append(seconds)
        if wrong:
            seen.errors.append(f"{name}: {wrong}")


def _now() -> datetime:
    """The demonstration’s day, at the hour of the machine."""
    return datetime(2022, 7, 5, tzinfo=UTC) + timedelta(seconds=time.time() % 86_400)


def _workers(process: int) -> list[psutil.Process]:
    """The workers, the one that lives longest first."""
    found = []
    for one in psutil.Process(process).children():
        with suppress(psutil.NoSuchProcess):  # it was killed, and is not buried yet
            if "dashboard.processes" in one.cmdline():
                found.append(one)
    return sorted(found, key=lambda one: (one.create_time(), one.pid))


def _kill_one(process: int, seen: Seen) -> None:
    """Kill the worker that was started last: the first one lives through it all, and what it holds is measured."""
    found = _workers(process)
    if len(found) > 1:  # the other one serves meanwhile
        seen.kills.append(time.monotonic())
        found[-1].send_signal(signal.SIGKILL)


def _weigh(process: int, seen: Seen) -> None:
    """Bytes that the parent and the workers hold, without the processes that read files; those of the first worker."""
    workers = []
    for one in _workers(process):
        with suppress(psutil.NoSuchProcess):
            workers.append(one.memory_info().rss)
    if workers:
        seen.spared.append(workers[0])
        seen.memory.append(psutil.Process(process).memory_info().rss + sum(workers))


# --- What is told ---------------------------------------------------------------------------------


def written(machine: Machine, plan: Plan, kind: str, seen: Seen) -> str:
    """The conditions in one paragraph, then the table."""
    load = "inconnue" if machine.load is None else french.number(machine.load, 1)
    said = (
        f"Mesuré le {french.day(date.today())} : {machine.words}, Python {platform.python_version()}, {kind}, charge "
        f"de la machine au départ {load} ; {plan.sessions} personnes pendant {french.number(plan.seconds)} s, une page "
        f"toutes les {french.number(plan.thinks)} s en moyenne, {plan.workers} processus, à chaud au départ. "
        "Les personnes, les dépôts et les "
        "arrêts de chiffres tournent sur la même machine."
    )
    rows = [
        ("Pages dessinées", french.number(len(seen.times))),
        ("Pages par seconde", french.number(len(seen.times) / plan.seconds, 1)),
        ("Temps d’une page, médiane", _seconds(share_of(seen.times, 50))),
        ("Temps d’une page, 95 % au plus", _seconds(share_of(seen.times, 95))),
        ("Temps d’une page, au plus", _seconds(max(seen.times, default=None))),
        ("Processus tués", french.number(len(seen.kills))),
        ("Pages coupées par eux, puis revenues", french.number(len(seen.cut))),
        ("Revenues en, médiane", _seconds(share_of(seen.cut, 50))),
        ("Revenues en, au plus", _seconds(max(seen.cut, default=None))),
        ("Dépôts, temps médian", f"{len(seen.deposits)}, {_seconds(share_of(seen.deposits, 50))}"),
        ("Arrêts de chiffres, temps médian", f"{len(seen.freezes)}, {_seconds(share_of(seen.freezes, 50))}"),
        ("Mémoire de tous, au début, à mi-temps, à la fin", _ends_and_middle(seen.memory)),
        ("Mémoire du processus jamais tué, au début, à mi-temps, à la fin", _ends_and_middle(seen.spared)),
        ("Erreurs", french.number(len(seen.errors))),
    ]
    table = "\n".join(f"| {name} | {value} |" for name, value in rows)
    return french.typeset(said) + "\n\n| Mesure | Valeur |\n| --- | --- |\n" + french.typeset(table)


def share_of(found: list[float], share: int) -> float | None:
    """The value under which ``share`` of a hundred are; None when there are too few."""
    return statistics.quantiles(found, n=100)[share - 1] if len(found) > 1 else next(iter(found), None)


def _seconds(value: float | None) -> str:
    return "aucun" if value is None else f"{french.number(value, 2)} s"


def _ends_and_middle(found: list[int]) -> str:
    """The medians of the first tenth, of the one in the middle and of the last."""
    some, half = max(1, len(found) // 10), len(found) // 2
    parts = (found[:some], found[half : half + some], found[-some:])
    told = [french.number(statistics.median(part) / 1e6) for part in parts if part]
    return f"{', '.join(told)} Mo" if told else "non mesurée"


def main(arguments: list[str]) -> int:
    """Measure and print; 1 when there was an error."""
    parser = argparse.ArgumentParser(prog="make load", description="Beaucoup de personnes à la fois.")
    parser.add_argument("--sessions", type=int, default=100, help="personnes (100)")
    parser.add_argument("--seconds", type=float, default=600, help="durée (600)")
    parser.add_argument("--workers", type=int, default=2, help="processus (2)")
    parser.add_argument("--thinks", type=float, default=2, help="secondes entre deux pages, en moyenne (2)")
    parser.add_argument("--no-kills", action="store_true", help="aucun processus n’est tué")
    parser.add_argument("--url", help="une base de démonstration remplie, qui sera modifiée (une SQLite neuve)")
    parser.add_argument("--write", action="store_true", help="récrit le tableau de docs/reliability.md")
    asked = parser.parse_args(arguments)
    often = min(60.0, asked.seconds / 3)
    kills = 0 if asked.no_kills else often
    plan = Plan(asked.sessions, asked.seconds, asked.workers, asked.thinks, often / 4, often, kills)
    machine = Machine.now()
    with tempfile.TemporaryDirectory(prefix="fabrique-charge-") as folder:
        url = asked.url or filled(Path(folder))
        seen = run(plan, url)
    text = written(machine, plan, "SQLite" if url.startswith("sqlite") else "PostgreSQL", seen)
    print(text)
    print(*seen.errors[:20], sep="\n", file=sys.stderr)
    if asked.write:
        before, _, rest = PAGE.read_text(encoding="utf-8").partition(START)
        PAGE.write_text(f"{before}{START}\n\n{text}\n\n{END}{rest.partition(END)[2]}", encoding="utf-8")
    return 1 if seen.errors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
