"""A million rows handed in: read, judged, compared and stored with history, against the bare minimum.

The bare minimum is what nobody can avoid: polars reads the file, pandera checks the rows
(as typed values), one raw ``executemany`` stores them in a table without key, history or journal.
"""

from __future__ import annotations

import sqlite3
import statistics
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from bench.measure import Ratio, timed
from bench.rows import ROWS, french_csv, machines
from core.domain.actor import Actor, Role
from core.registry import Registry
from core.services.opening import prepare
from core.services.submissions import submit
from core.storage import Store

AT = datetime(2022, 7, 5, 9, tzinfo=UTC)
SOMEBODY = Actor("Mesure", Role.ASSOCIATION, "anonymal")


def run(folder: Path, *, count: int = ROWS, runs: int = 3) -> list[Ratio]:
    """Measure in ``folder``; both sides in turn, each time on new bases."""
    rows = machines("anonymal", count)
    file = french_csv(rows, folder / "materiel.csv")
    registry = Registry.load()
    schema = registry.dataset("anonymal", "materiel").schema.to_schema()
    minimal = schema.remove_columns([name for name in schema.columns if name not in rows.columns])
    data = file.read_bytes()
    pairs = []
    for turn in range(runs):
        store = Store.open(f"sqlite:///{folder / f'ours-{turn}.sqlite3'}")
        prepare(registry, store, at=AT)
        outcome = []
        ours = timed(lambda store=store, outcome=outcome: outcome.append(_hand_in(registry, store, data)))
        assert outcome[0].added == count, outcome[0].problems[:3]
        store.close()
        theirs = timed(lambda turn=turn: _bare(file, rows, minimal, folder / f"bare-{turn}.sqlite3"))
        pairs.append((ours, theirs))
        for made in (*folder.glob("ours-*"), *folder.glob("bare-*")):
            made.unlink()
    return [
        Ratio(
            f"Dépôt d’un fichier CSV de {count:,} lignes".replace(",", "\u202f"),
            statistics.median(ours for ours, _ in pairs),
            statistics.median(theirs for _, theirs in pairs),
            statistics.median(ours / theirs for ours, theirs in pairs),
            3.0,
            "sans cache, base neuve",
        )
    ]


def _hand_in(registry: Registry, store: Store, data: bytes):
    return submit(registry, store, data, "materiel.csv", "anonymal", "materiel", actor=SOMEBODY, at=AT)


def _bare(file: Path, rows: pl.DataFrame, schema, base: Path) -> None:
    pl.read_csv(file, separator=";", infer_schema=False)
    schema.validate(rows, lazy=True)
    connection = sqlite3.connect(base)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute(f"CREATE TABLE bare ({', '.join(rows.columns)})")
    marks = ",".join("?" * rows.width)
    written = rows.with_columns(pl.col(pl.Date).cast(pl.String))
    connection.executemany(f"INSERT INTO bare VALUES ({marks})", written.iter_rows())
    connection.commit()
    connection.close()
