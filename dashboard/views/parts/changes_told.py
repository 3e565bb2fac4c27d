"""What a deposit would change, row by row: added, changed cell by cell, and the rows that the file no longer has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from core.domain import french
from core.domain.dataset import Column, Dataset
from core.services.reading import heading
from core.storage.diff import CellChange, Diff
from dashboard.components import fold, join, note, section, table, tag

ADDED, CHANGED, MISSING = 10, 30, 500
"""At most on screen: rows added, cells changed, rows offered to be removed."""
_COLUMNS = 7


def changes_part(diff: Diff, dataset: Dataset) -> Any:
    """The cells that change, then the rows that are new."""
    if diff.changed.is_empty() and diff.added.is_empty():
        return None
    return section("Ce qui va changer", _changed(diff, dataset), _added(diff, dataset))


def row_name(row: Mapping[str, Any], dataset: Dataset) -> str:
    """How people recognise a row: its key, « MET-PC-0115 », « Martigues, juin 2022 »."""
    return ", ".join(_shown(dataset.by_name[name], row.get(name)) or "(vide)" for name in dataset.key)


def missing_names(diff: Diff, dataset: Dataset) -> dict[str, str]:
    """The rows that hold and that the file does not have, at most ``MISSING``: their key, and how to recognise them."""
    if diff.missing is None:
        return {}
    return {row["_key"]: row_name(row, dataset) for row in diff.missing.head(MISSING).iter_rows(named=True)}


def _changed(diff: Diff, dataset: Dataset) -> Any:
    if diff.changed.is_empty():
        return None
    rows = {row["_key"]: row_name(row, dataset) for row in diff.changed.head(CHANGED).iter_rows(named=True)}
    cells = [one for one in diff.cells(CHANGED) if one.column in dataset.by_name]
    body = [_cell(dataset, one, rows, first=at == 0 or cells[at - 1].key != one.key) for at, one in enumerate(cells)]
    count = french.count(diff.changed.height, "ligne modifiée", "lignes modifiées")
    more = diff.changed.height > CHANGED or len(cells) > CHANGED
    told = f"Les premières cellules modifiées de {count}." if more else ""
    return table(f"{count}, cellule par cellule", ["Ligne", "Colonne", "Avant", "Après"], body[:CHANGED], note=told)


def _cell(dataset: Dataset, change: CellChange, rows: Mapping[str, str], *, first: bool) -> list[Any]:
    """One cell before and after; the name of its row is seen once, and heard each time."""
    name = rows.get(change.key, change.key)
    return [
        name if first else tag("span", name, class_="visually-hidden"),
        _title(dataset, change.column),
        _before(dataset, change.column, change.before),
        _after(dataset, change.column, change.after),
    ]


def _added(diff: Diff, dataset: Dataset) -> Any:
    if diff.added.is_empty():
        return None
    columns = [one for one in dataset.columns if _filled(diff.added, one.name)][:_COLUMNS]
    body = [
        [_shown(one, row[one.name]) for one in columns] for row in diff.added.head(ADDED).iter_rows(named=True)
    ]  # fmt: skip
    count = french.count(diff.added.height, "ligne nouvelle", "lignes nouvelles")
    rest = diff.added.height - len(body)
    shown = table(count, [one.title for one in columns], body, hide_caption=True, stacked=False)
    told = note(f"Et {french.count(rest, 'autre ligne', 'autres lignes')}.") if rest > 0 else None
    return fold(f"Voir {_first(diff.added.height)}", join([shown, told]), opened=diff.changed.is_empty())


def _first(count: int) -> str:
    if count == 1:
        return "la ligne nouvelle"
    return (
        f"les {french.number(count)} lignes nouvelles" if count <= ADDED else f"les {ADDED} premières lignes nouvelles"
    )


def _filled(rows: pl.DataFrame, name: str) -> bool:
    return name in rows.columns and rows[name].null_count() < rows.height


def _title(dataset: Dataset, column: str) -> str:
    name = heading(column, dataset)
    return name[:1].upper() + name[1:]


def _before(dataset: Dataset, column: str, value: Any) -> Any:
    return tag("del", _shown(dataset.by_name[column], value) or "(vide)", class_="before")


def _after(dataset: Dataset, column: str, value: Any) -> Any:
    return tag("ins", _shown(dataset.by_name[column], value) or "(vide)", class_="after")


def _shown(column: Column, value: Any) -> str:
    return "" if value is None else column.kind.show(value)
