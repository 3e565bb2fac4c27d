"""The gesture shown live: put right what is wrong in the file, then deposit it sheet by sheet."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl

from core.checking.outcome import Outcome
from core.contract import Registry
from core.contract.scope import Scope
from core.demonstration.live import PRIVATE, SHEETS, corrections
from core.demonstration.people import PEOPLE
from core.demonstration.story import POINT_FORMATION
from core.depositing.submit import submit
from core.storage import Store

NOW = datetime(2022, 7, 5, 14, 30, tzinfo=ZoneInfo("Europe/Paris"))


def without_private_column(path: Path) -> Path:
    """The file once the column « Tél. maman » was taken out."""
    book = openpyxl.load_workbook(path)
    sheet = book[SHEETS["materiel"]]
    (cell,) = (cell for row in sheet.iter_rows() for cell in row if cell.value == PRIVATE)
    sheet.delete_cols(cell.column)
    return _saved(book, path, "sans-telephones")


def corrected(path: Path) -> Path:
    """The file once its two numbers and its date were put right too."""
    book = openpyxl.load_workbook(without_private_column(path))
    sheet = book[SHEETS["materiel"]]
    columns = {cell.value: cell.column for row in sheet.iter_rows() for cell in row if cell.value}
    for one in corrections():
        cell = sheet.cell(one.line, columns[one.heading])
        assert cell.value == one.found
        cell.value = one.right
    return _saved(book, path, "corrige")


def deposit(registry: Registry, store: Store, path: Path, dataset: str, **options: bool) -> Outcome:
    """One sheet, deposited by Point Formation on the day of the demonstration."""
    return submit(
        Scope(registry, store, PEOPLE[POINT_FORMATION], NOW),
        path.read_bytes(),
        path.name,
        POINT_FORMATION,
        dataset,
        sheet=SHEETS[dataset],
        **options,
    )


def deposit_all(registry: Registry, store: Store, path: Path) -> list[Outcome]:
    """Every sheet of the corrected file."""
    return [deposit(registry, store, corrected(path), dataset) for dataset in SHEETS]


def _saved(book: openpyxl.Workbook, path: Path, suffix: str) -> Path:
    target = path.with_stem(f"{path.stem}-{suffix}")
    book.save(target)
    return target
