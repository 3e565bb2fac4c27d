"""A million rows handed in: read, judged, compared and stored with history, against the bare minimum.

The bare minimum is what nobody can avoid: polars reads the file, pandera checks the rows
(as typed values), one raw ``executemany`` stores them in a table without key, history or journal.
Every row is valid: a refused row would be work that the other side does not do.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from bench.measure import Ratio, timed
from bench.rows import ROWS, french_csv, machines
from core.checking.outcome import Outcome
from core.contract import Registry
from core.contract.schema_setup import prepare
from core.contract.scope import Scope
from core.depositing.submit import submit
from core.domain import french
from core.domain.access import Actor, Role
from core.storage import Store

AT = datetime(2022, 7, 5, 9, tzinfo=UTC)
SOMEBODY = Actor("Mesure", Role.ASSOCIATION, "anonymal")


def run(folder: Path, *, count: int = ROWS, runs: int = 3) -> list[Ratio]:
    """Measure in ``folder``; both sides in turn."""
    return [_handed_in(Registry.load(), folder, count, runs)]


def _handed_in(registry: Registry, folder: Path, count: int, runs: int) -> Ratio:
    """A whole file, on new bases each time."""
    rows = machines("anonymal", count)
    file = french_csv(rows, folder / "materiel.csv")
    schema = registry.dataset("anonymal", "materiel").schema.to_schema()
    minimal = schema.remove_columns([name for name in schema.columns if name not in rows.columns])
    data = file.read_bytes()
    pairs = []
    for turn in range(runs):
        with Store.open(f"sqlite:///{folder / f'ours-{turn}.sqlite3'}") as store:
            prepare(registry, store, at=AT)
            outcomes: list[Outcome] = []
            ours = timed(lambda store=store, found=outcomes: found.append(_hand_in(registry, store, data)))
            assert outcomes[0].added == count, list(outcomes[0].problems[:3])
        theirs = timed(lambda turn=turn: _bare(file, rows, minimal, folder / f"bare-{turn}.sqlite3"))
        pairs.append((ours, theirs))
        for made in (*folder.glob("ours-*"), *folder.glob("bare-*")):
            made.unlink()
    name = "Dépôt d’un fichier CSV de {} lignes, contre lire, vérifier et écrire les mêmes sans plus"
    note = f"SQLite, base neuve, {rows.width} colonnes, {len(data) >> 20} Mio"
    return Ratio(name.format(french.number(count)), tuple(pairs), 3.0, note)


def _hand_in(registry: Registry, store: Store, data: bytes) -> Outcome:
    return submit(Scope(registry, store, SOMEBODY, AT), data, "materiel.csv", "anonymal", "materiel")


def _bare(file: Path, rows: pl.DataFrame, schema: Any, base: Path) -> None:
    pl.read_csv(file, separator=";", infer_schema=False)
    schema.validate(rows, lazy=True)
    with closing(plain_base(base, rows.columns)) as connection:
        insert_bare(connection, rows)


def plain_base(base: Path, columns: list[str]) -> sqlite3.Connection:
    """A table without key, history or journal, under the settings of our own bases."""
    connection = sqlite3.connect(base)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(f"CREATE TABLE bare ({', '.join(columns)})")
    return connection


def insert_bare(connection: sqlite3.Connection, rows: pl.DataFrame) -> None:
    """The rows in one transaction and one ``executemany``."""
    marks = ",".join("?" * rows.width)
    written = rows.with_columns(pl.col(pl.Date).cast(pl.String))
    connection.executemany(f"INSERT INTO bare VALUES ({marks})", written.iter_rows())
    connection.commit()
