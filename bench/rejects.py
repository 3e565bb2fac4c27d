"""Ten thousand bad cells in a million rows: the two files that tell all of them, against the reading of the file.

Ours is what the person waits for besides the reading: the rows to correct as a spreadsheet, and the
list of every problem, both complete. Theirs is the reading itself, bytes to judged rows.
"""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path

import polars as pl

from bench.intake import AT, SOMEBODY
from bench.measure import Ratio, compare
from bench.rows import ROWS, french_csv, machines
from core.checking.outcome import Outcome
from core.contract import Registry
from core.contract.schema_setup import prepare
from core.contract.scope import Scope
from core.depositing.submit import submit
from core.domain import french
from core.exports.rejects import problem_list, rejected_rows
from core.reading import read
from core.storage import Store

_ONE_IN = 100
_CREATED = datetime(2022, 7, 5)


def run(folder: Path, *, count: int = ROWS, runs: int = 3) -> list[Ratio]:
    """Measure in ``folder``; both sides in turn, on what one look at the file gave."""
    registry = Registry.load()
    dataset = registry.dataset("anonymal", "materiel")
    data = _spoilt(french_csv(machines("anonymal", count), folder / "materiel.csv"))
    with Store.open(f"sqlite:///{folder / 'rejects.sqlite3'}") as store:
        prepare(registry, store, at=AT)
        looked = submit(
            Scope(registry, store, SOMEBODY, AT), data, "materiel.csv", "anonymal", "materiel", dry_run=True
        )
        assert looked.rejected == count // _ONE_IN, looked.rejected

        def ours() -> None:
            _check(looked, problem_list(looked, dataset))
            assert rejected_rows(registry, "anonymal", "materiel", looked, created=_CREATED)

        return [
            compare(
                f"Les {french.number(looked.rejected)} lignes à corriger et la liste de leurs problèmes, "
                f"contre lire les {french.number(count)} lignes du fichier",
                ours,
                lambda: read(data, "materiel.csv", dataset),
                bound=1.0,
                runs=runs,
                note=f"CSV de {len(data) >> 20} Mio, une cellule fausse pour {_ONE_IN} lignes",
            )
        ]


def _spoilt(file: Path) -> bytes:
    """The file with a day that does not exist in one row of a hundred."""
    rows = pl.read_csv(file, separator=";", infer_schema=False).with_row_index("at")
    wrong = pl.when(pl.col("at") % _ONE_IN == 0).then(pl.lit("31/02/2022")).otherwise(pl.col("date_reception"))
    rows.with_columns(wrong.alias("date_reception")).drop("at").write_csv(file, separator=";")
    return file.read_bytes()


def _check(looked: Outcome, listed: bytes) -> None:
    """Every problem is in the list."""
    lines = sum(1 for _ in csv.reader(io.StringIO(listed.decode("utf-8-sig")), delimiter=";"))
    assert lines == 1 + len(looked.problems), lines
