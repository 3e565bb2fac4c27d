"""``python -m tests.faults [--count 20] [--write]``: faults of every kind on both databases, and their table."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import date
from functools import partial
from pathlib import Path

from core.domain import french
from tests.faults import failing
from tests.faults.acts import ACTS, ON_BOTH
from tests.faults.bases import Bases
from tests.faults.killing import Child, Found, child, killed
from tests.support.databases import postgres_server, stop_and_start

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
START, END = "<!-- faults -->", "<!-- end of faults -->"
_HEADS = ("Panne", "Pendant", "Base", "Essais", "Avant", "Après", "Ni l’un ni l’autre", "Refusés", "Fautes")
Row = tuple[str, str, str, Found]


def main(arguments: list[str]) -> int:
    """Try them, print their table; 1 when one base was not what it should be."""
    parser = argparse.ArgumentParser(prog="make faults", description="Essaie les pannes.")
    parser.add_argument("--count", type=int, default=20, help="combien de fois chaque panne (20)")
    parser.add_argument("--write", action="store_true", help="récrit le tableau de docs/reliability.md")
    asked = parser.parse_args(arguments)
    rows = []
    for row in _tried(range(asked.count)):
        rows.append(row)
        print(*_cells(row), sep=" | ", file=sys.stderr, flush=True)
    wrong = [words for *_, found in rows for words in found.wrong]
    text = _table(rows, date.today())
    print(text)
    print(*wrong, sep="\n", file=sys.stderr)
    if asked.write:
        before, _, rest = PAGE.read_text(encoding="utf-8").partition(START)
        PAGE.write_text(f"{before}{START}\n\n{text}\n\n{END}{rest.partition(END)[2]}", encoding="utf-8")
    return 1 if wrong else 0


def _tried(seeds: range) -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="fabrique-pannes-") as name, child() as hands:
        folder = Path(name)
        for server in (nullcontext(None), postgres_server(careless=False)):
            with server as url, Bases(folder, url) as bases:
                yield from _on(bases, hands, seeds, folder)


def _on(bases: Bases, hands: Child, seeds: range, folder: Path) -> Iterator[Row]:
    server = bases.server
    kind = "PostgreSQL" if server else "SQLite"
    for code in ON_BOTH if server else ACTS:
        yield "processus tué (kill -9)", ACTS[code].said, kind, killed(bases, hands, code, seeds, folder)
    few = seeds[:20]
    if server is not None:
        stop: Callable[[bool], None] = partial(_stop, server)
        for code in ("correction", "depot"):
            found = failing.server_stopped(bases, hands, code, few, folder, stop)
            yield "serveur arrêté, de suite ou non", ACTS[code].said, kind, found
        return
    for code in ("correction", "depot"):
        yield "disque plein", ACTS[code].said, kind, failing.disk_full(bases, hands, code, few, folder)
    yield "page du fichier abîmée", "repos", kind, failing.damaged_pages(bases, seeds)
    yield "sauvegarde coupée ou altérée", "restauration", kind, failing.torn_archives(bases, seeds, folder)


def _stop(server: str, at_once: bool) -> None:
    stop_and_start(server, at_once=at_once)


def _cells(row: Row) -> tuple[str, ...]:
    fault, act, kind, found = row
    counts = found.counts
    tried = sum(counts[one] for one in ("before", "after", "neither")) or sum(counts.values())
    refused = counts["refused"] + counts["told"]
    numbers = (tried, counts["before"], counts["after"], counts["neither"], refused, len(found.wrong))
    return (fault, act, kind, *map(french.number, numbers))


def _table(rows: list[Row], day: date) -> str:
    lines = [_HEADS, ("---",) * len(_HEADS), *map(_cells, rows)]
    kills = sum(found.killed for fault, *_, found in rows if "kill" in fault)
    said = f"Essayé le {french.day(day)} ; {french.number(kills)} processus tués pendant qu’ils travaillaient."
    return "\n".join([said, "", *(f"| {' | '.join(line)} |" for line in lines)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
