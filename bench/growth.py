"""How what people wait for grows with what is stored: ``python -m bench.growth [--sizes …] [--postgresql] [--write]``.

Each size has a base and a process of its own. The exponent is the slope between the last two sizes: 1 says that
ten times the rows take ten times as long, 0 that they change nothing.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from time import perf_counter

from bench import filling
from bench.indicators import QUARTER, REVISED, revise, scan
from bench.report import PAGE, Machine
from bench.rows import french_csv, machines
from core.contract import Registry
from core.contract.schema_setup import prepare
from core.contract.scope import Scope
from core.demonstration import TODAY
from core.depositing.submit import submit
from core.domain import french
from core.domain.access import Actor, Role
from core.figures import Monitor, RowsPage
from core.figures.cache import Cache
from core.figures.keeping import keep
from core.storage import Store
from core.storage.rows import RowsWanted

START, END = "<!-- growth -->", "<!-- end of growth -->"
SIZES = (1_000, 10_000, 100_000, 1_000_000)
MEMORY = "Mémoire du processus, au plus"
"""Bytes; everything else is in seconds."""
_PREVIEWED, _SHOWN, _PAGE, _TURNS = 50, 200, 100, 3
_SOMEBODY = Actor("Mesure", Role.ASSOCIATION, REVISED[0])

Work = Callable[[], object]


def measured(registry: Registry, store: Store, folder: Path) -> dict[str, float]:
    """Seconds on the clock of each thing that is done, over a filled store, and the memory that all of it took."""
    kept, started = Cache(), Cache()

    def ask(cache: Cache) -> Monitor:
        return Monitor(registry, store, today=TODAY, cache=cache)

    days = iter(QUARTER - timedelta(days=31 * rank) for rank in range(1, 9))
    file = french_csv(machines(REVISED[0], _PREVIEWED), folder / "apercu.csv").read_bytes()
    scope = Scope(registry, store, _SOMEBODY, filling.AT)
    prices = iter(range(1_001, 2_000))
    steps: dict[str, tuple[int, Work]] = {
        "Lire toutes les lignes, et rien d’autre": (_TURNS, lambda: scan(registry, store)),
        "Tous les chiffres, rien en mémoire": (1, lambda: ask(kept).compare(until=QUARTER)),
        "Garder les réponses pour le démarrage suivant": (1, lambda: keep(registry, store, kept)),
        "Tous les chiffres, au démarrage suivant": (_TURNS, lambda: ask(Cache()).compare(until=QUARTER)),
        "Les mêmes, une fois en mémoire": (_TURNS, lambda: ask(kept).compare(until=QUARTER)),
        "Un jour jamais regardé": (_TURNS, lambda: ask(kept).compare(until=next(days))),
        "Une révision du matériel d’une association": (_TURNS, lambda: revise(registry, store, next(prices))),
        "Tous les chiffres, après elle": (1, lambda: ask(kept).compare(until=QUARTER)),
        f"L’aperçu d’un fichier de {_PREVIEWED} lignes": (
            _TURNS,
            lambda: submit(scope, file, "apercu.csv", *REVISED, dry_run=True),
        ),
        f"Les {_SHOWN} premières lignes d’un tableau": (
            _TURNS,
            lambda: store.rows(*REVISED, wanted=RowsWanted(page=(0, _SHOWN))),
        ),
        f"Une page de {_PAGE} lignes derrière un chiffre": (
            _TURNS,
            lambda: ask(started).rows_behind("EQ5a", until=QUARTER, page=RowsPage(_PAGE, _PAGE)),
        ),
        "Toutes les lignes derrière un chiffre": (1, lambda: ask(started).rows_behind("EQ5a", until=QUARTER)),
    }
    found = {name: statistics.median(_timed(work) for _ in range(turns)) for name, (turns, work) in steps.items()}
    return {**found, MEMORY: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}


def _timed(work: Work) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def of_size(rows: int, url: str) -> dict[str, float]:
    """The same over ``rows`` rows beside the demonstration, in an empty base that is filled for it.

    The measuring is done in a process of its own, so that the memory is of nothing else.
    """
    with Store.open(url) as store:
        filling.fill(Registry.load(), store, share=rows / 1_000_000)
    command = [sys.executable, "-m", "bench.growth", "--filled", url]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _of_filled(url: str) -> dict[str, float]:
    registry = Registry.load()
    with tempfile.TemporaryDirectory() as folder, Store.open(url) as store:
        prepare(registry, store, at=filling.AT)
        return measured(registry, store, Path(folder))


def exponent(sizes: Sequence[int], found: Sequence[float]) -> float:
    """The slope between the last two sizes, on logarithmic scales."""
    return math.log(found[-1] / found[-2]) / math.log(sizes[-1] / sizes[-2])


def written(machine: Machine, base: str, by_size: dict[int, dict[str, float]]) -> str:
    """The curves as a table in Markdown, in French."""
    sizes = sorted(by_size)
    heads = [f"Sur {base}", *(f"{french.number(one)} lignes" for one in sizes), "Exposant"]
    lines = [f"| {' | '.join(heads)} |", f"| {' | '.join('---' for _ in heads)} |"]
    for name in by_size[sizes[0]]:
        found = [by_size[one][name] for one in sizes]
        told = [_memory(one) if name == MEMORY else _seconds(one) for one in found]
        slope = [french.number(exponent(sizes, found), 2)] if len(sizes) > 1 else ["–"]
        lines.append(f"| {' | '.join([name, *told, *slope])} |")
    load = "inconnue" if machine.load is None else french.number(machine.load, 1)
    said = f"{machine.words}, charge au départ : {load}. Temps à l’horloge ; l’exposant est celui des deux dernières."
    return french.typeset("\n".join([said, "", *lines]))


def _seconds(found: float) -> str:
    return f"{french.number(found * 1000, 1)} ms" if found < 1 else f"{french.number(found, 2)} s"


def _memory(found: float) -> str:
    return f"{french.number(found / 1e6)} Mo"


def main(arguments: list[str]) -> int:
    """Measure every size, print the table, and write it when it was asked."""
    parser = argparse.ArgumentParser(prog="python -m bench.growth", description="Ce que coûte chaque ligne gardée.")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="lignes (1 000 à 1 000 000)")
    parser.add_argument("--postgresql", action="store_true", help="sur PostgreSQL plutôt que SQLite")
    parser.add_argument("--filled", metavar="URL", help=argparse.SUPPRESS)
    parser.add_argument("--write", action="store_true", help="récrit le tableau de docs/benchmarks.md")
    asked = parser.parse_args(arguments)
    if asked.filled is not None:
        print(json.dumps(_of_filled(asked.filled)))
        return 0
    base, machine = "PostgreSQL" if asked.postgresql else "SQLite", Machine.now()
    by_size = {}
    for rows in asked.sizes:
        print(f"{base}, {rows} lignes…", file=sys.stderr, flush=True)
        with _empty_base(postgresql=asked.postgresql) as url:
            by_size[rows] = of_size(rows, url)
    text = written(machine, base, by_size)
    print(text)
    if asked.write:
        publish(base, text)
    return 0


@contextmanager
def _empty_base(*, postgresql: bool) -> Iterator[str]:
    if not postgresql:
        with tempfile.TemporaryDirectory(prefix="fabrique-croissance-") as folder:
            yield f"sqlite:///{Path(folder) / 'base.sqlite3'}"
        return
    from tests.support.databases import postgres_database, postgres_server

    with postgres_server() as server, postgres_database(server) as url:
        yield url


def publish(base: str, text: str, page: Path = PAGE) -> None:
    """Put the table of ``base`` in its place in ``page``. Raises ValueError when the page has no such place."""
    start, end = START.replace("growth", f"growth, {base}"), END.replace("growth", f"growth, {base}")
    before, found, rest = page.read_text(encoding="utf-8").partition(start)
    _, ended, after = rest.partition(end)
    if not (found and ended):
        raise ValueError(f"{page.name} has no place for the growth on {base}")
    page.write_text(f"{before}{start}\n\n{text}\n\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
