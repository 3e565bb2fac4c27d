"""A million rows handed in: read, judged, compared and stored with history, against the bare minimum.

The bare minimum is what nobody can avoid: polars reads the file, pandera checks the rows
(as typed values), one raw ``executemany`` stores them in a table without key, history or journal.
Every row is valid: a refused row would be work that the other side does not do.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from itertools import count as counting
from pathlib import Path
from typing import Any

import polars as pl

from bench.measure import Ratio, compare, timed
from bench.rows import ROWS, french_csv, machines
from core.domain import french
from core.domain.actor import Actor, Role
from core.registry import Registry
from core.services.belonging import Belonging
from core.services.keys import with_key
from core.services.opening import prepare
from core.services.submissions import Outcome, submit
from core.storage import Store

AT = datetime(2022, 7, 5, 9, tzinfo=UTC)
SOMEBODY = Actor("Mesure", Role.ASSOCIATION, "anonymal")
_APPENDED = 1_000


def run(folder: Path, *, count: int = ROWS, runs: int = 3) -> list[Ratio]:
    """Measure in ``folder``; both sides in turn."""
    registry = Registry.load()
    return [_handed_in(registry, folder, count, runs), _appended(registry, folder, max(11, 3 * runs))]


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


def _appended(registry: Registry, folder: Path, runs: int) -> Ratio:
    """A thousand valid rows more, with history and journal, against one raw transaction."""
    dataset = registry.dataset("anonymal", "materiel")
    columns = machines(count=1).columns
    numbers = counting()
    with (
        Store.open(f"sqlite:///{folder / 'append.sqlite3'}") as store,
        closing(_plain(folder / "append-bare.sqlite3", columns)) as connection,
    ):
        prepare(registry, store, at=AT)
        belonging = Belonging(registry, "anonymal", dataset)
        waiting: list[pl.DataFrame] = []

        def fresh() -> None:
            rows = _renumbered(machines(count=_APPENDED), next(numbers))
            placed, refused = belonging.apply(with_key(rows, dataset).with_row_index("_line"))
            assert not refused
            waiting[:] = [placed.drop("_line"), placed.select(columns)]

        def ours() -> None:
            with store.writing(SOMEBODY, AT) as writing:
                saved = writing.save("anonymal", dataset, waiting[0])
            assert saved.added == _APPENDED

        return compare(
            f"Ajout de {french.number(_APPENDED)} lignes jugées, contre une transaction nue",
            ours,
            lambda: _insert(connection, waiting[1]),
            bound=None,
            runs=runs,
            note="SQLite, avec historique et journal",
            before=fresh,
        )


def _hand_in(registry: Registry, store: Store, data: bytes) -> Outcome:
    return submit(registry, store, data, "materiel.csv", "anonymal", "materiel", actor=SOMEBODY, at=AT)


def _bare(file: Path, rows: pl.DataFrame, schema: Any, base: Path) -> None:
    pl.read_csv(file, separator=";", infer_schema=False)
    schema.validate(rows, lazy=True)
    with closing(_plain(base, rows.columns)) as connection:
        _insert(connection, rows)


def _plain(base: Path, columns: list[str]) -> sqlite3.Connection:
    connection = sqlite3.connect(base)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute(f"CREATE TABLE bare ({', '.join(columns)})")
    return connection


def _insert(connection: sqlite3.Connection, rows: pl.DataFrame) -> None:
    marks = ",".join("?" * rows.width)
    written = rows.with_columns(pl.col(pl.Date).cast(pl.String))
    connection.executemany(f"INSERT INTO bare VALUES ({marks})", written.iter_rows())
    connection.commit()


def _renumbered(rows: pl.DataFrame, turn: int) -> pl.DataFrame:
    return rows.with_columns(numero_inventaire=pl.format("{}-{}", "numero_inventaire", pl.lit(turn)))
