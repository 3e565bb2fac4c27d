"""A thousand judged rows more, with their history and their journal line, against one raw transaction of the same.

Both sides write to a table that grows from turn to turn, under the same settings of SQLite.
"""

from __future__ import annotations

from contextlib import closing
from itertools import count as counting
from pathlib import Path

import polars as pl

from bench.intake import AT, SOMEBODY, insert_bare, plain_base
from bench.measure import Ratio, compare
from bench.rows import machines
from core.catalogue.keys import with_key
from core.checking.belonging import ExperimentAssigner
from core.contract import Registry
from core.contract.schema_setup import prepare
from core.domain import french
from core.storage import Store

_APPENDED = 1_000


def run(folder: Path, *, runs: int = 15) -> list[Ratio]:
    """Measure in ``folder``; both sides in turn."""
    registry = Registry.load()
    dataset = registry.dataset("anonymal", "materiel")
    columns = machines(count=1).columns
    numbers = counting()
    with (
        Store.open(f"sqlite:///{folder / 'append.sqlite3'}") as store,
        closing(plain_base(folder / "append-bare.sqlite3", columns)) as connection,
    ):
        prepare(registry, store, at=AT)
        belonging = ExperimentAssigner(registry, "anonymal", dataset)
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

        ratio = compare(
            f"Ajout de {french.number(_APPENDED)} lignes jugées, contre une transaction nue",
            ours,
            lambda: insert_bare(connection, waiting[1]),
            bound=10.0,
            runs=runs,
            note="SQLite, avec historique et journal",
            before=fresh,
        )
    return [ratio]


def _renumbered(rows: pl.DataFrame, turn: int) -> pl.DataFrame:
    return rows.with_columns(numero_inventaire=pl.format("{}-{}", "numero_inventaire", pl.lit(turn)))
