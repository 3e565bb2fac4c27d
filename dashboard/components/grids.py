"""The editable grid of any dataset: texts as in a French spreadsheet, lists to choose from, typed edits out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import polars as pl
import streamlit as st

from core.axes.columns import Choice
from core.domain.dataset import Dataset
from core.domain.problem import Problem
from core.services.keys import with_key
from core.services.reading.typed_in import typed_in
from dashboard.components.fields import Field, fields

_KEY = "_key"
_VERSIONS = "grilles"
_TALLEST = 640  # pixels


@dataclass(frozen=True)
class Edits:
    """What somebody changed in a grid, typed.

    ``added`` are whole rows; ``changed`` gives, by key, the cells that differ; ``removed`` the keys
    of rows taken out. A row whose key was retyped is one removed and one added. ``problems`` count
    the rows of ``numbered``: what each of them is called on the screen.
    """

    added: tuple[dict[str, Any], ...] = ()
    changed: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    removed: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    numbered: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How many rows change."""
        return len(self.added) + len(self.changed) + len(self.removed)

    def rows(self, held: pl.DataFrame) -> list[dict[str, Any]]:
        """The whole rows to store, ``held`` being those that the grid showed."""
        names = [name for name in held.columns if not name.startswith("_")]
        before = {row[_KEY]: {name: row[name] for name in names} for row in held.to_dicts()}
        return [*({**before[key], **cells} for key, cells in self.changed.items()), *self.added]


def grid(
    dataset: Dataset,
    rows: pl.DataFrame,
    *,
    key: str,
    hidden: Iterable[str] = (),
    choices: Mapping[str, Sequence[Choice | str]] | None = None,
    fixed: Iterable[str] = (),
    num_rows: str = "dynamic",
    name: str = "",
) -> Edits:
    """Draw ``rows`` (with their ``_key``) as a grid to type in, and say what was typed.

    The same ``rows`` must be given while somebody types: read them at one revision, and call
    ``grid_reset`` once saved. ``num_rows`` is the framework's: « fixed », « dynamic », « add », « delete ».
    """
    shown = fields(dataset, hidden=hidden, choices=choices)
    frame = pd.DataFrame({one.name: _cells(one, rows[one.name]) for one in shown}, dtype=object)
    whole = f"{key}-{_version(key)}"
    st.data_editor(
        frame,
        key=whole,
        hide_index=True,
        num_rows=num_rows,
        disabled=list(fixed),
        column_config={one.name: _column(one, one.name in dataset.key) for one in shown},
        height=min(_TALLEST, 35 * (len(frame) + 3)),
        placeholder="",
        alt=name or dataset.title,
    )
    return _edits(dataset, rows, shown, st.session_state.get(whole) or {})


def grid_pending(key: str) -> bool:
    """Whether something is typed in the grid ``key`` and neither stored nor given up."""
    state = st.session_state.get(f"{key}-{_version(key)}") or {}
    return any(state.get(part) for part in ("edited_rows", "added_rows", "deleted_rows"))


def grid_reset(key: str) -> None:
    """Forget what was typed in the grid ``key``: after it was saved, or given up."""
    st.session_state.setdefault(_VERSIONS, {})[key] = _version(key) + 1


def _version(key: str) -> int:
    return st.session_state.setdefault(_VERSIONS, {}).get(key, 0)


def _cells(field: Field, values: pl.Series) -> list[Any]:
    if field.several:
        return [[field.options.get(one, one) for one in (value or "").split("|") if one] for value in values]
    return [field.words(value) for value in values]


def _column(field: Field, pinned: bool) -> Any:
    config, shared = st.column_config, {"help": field.hint or None, "pinned": pinned or None}
    title = field.column.title + (" (€)" if "en euros" in field.label else "")
    if field.several:
        return config.MultiselectColumn(title, options=[*field.options.values()], **shared)
    if field.options is not None:
        return config.SelectboxColumn(title, options=[*field.options.values()], **shared)
    aligned = "right" if field.number else None
    return config.TextColumn(
        title, alignment=aligned, max_chars=getattr(field.column.kind, "max_length", None), **shared
    )


def _edits(dataset: Dataset, rows: pl.DataFrame, shown: Sequence[Field], state: Mapping[str, Any]) -> Edits:
    held = rows.to_dicts()
    gone = sorted({int(place) for place in state.get("deleted_rows", ())})
    typed = {int(place): cells for place, cells in state.get("edited_rows", {}).items() if int(place) not in gone}
    new = [cells for cells in state.get("added_rows", ()) if any(cells.values())]
    texts = [_texts(dataset, shown, held[place], cells) for place, cells in typed.items()]
    read = typed_in(dataset, [*texts, *(_texts(dataset, shown, {}, cells) for cells in new)])
    pairs = [(held[place], row) for place, row in zip(typed, read.rows, strict=False)]
    again = [(before[_KEY], row) for before, row in pairs if _renamed(dataset, before, row)]
    return Edits(
        added=(*(row for _key, row in again), *read.rows[len(typed) :]),
        changed=_changed(pairs, {key for key, _row in again}),
        removed=(*(held[place][_KEY] for place in gone), *(key for key, _row in again)),
        problems=read.problems,
        numbered=(*(held[place][_KEY] for place in typed), *(f"ligne ajoutée {n}" for n in range(1, len(new) + 1))),
    )


def _changed(
    pairs: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]], but: Collection[str]
) -> dict[str, dict[str, Any]]:
    """By key, the cells that differ, for the rows that have some."""
    cells = {
        before[_KEY]: {name: value for name, value in row.items() if value != before.get(name)} for before, row in pairs
    }
    return {key: differing for key, differing in cells.items() if differing and key not in but}


def _renamed(dataset: Dataset, before: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    schema = {column.name: column.kind.dtype for column in dataset.columns}
    return with_key(pl.DataFrame([row], schema=schema), dataset)[_KEY][0] != before[_KEY]


def _texts(
    dataset: Dataset, shown: Sequence[Field], before: Mapping[str, Any], cells: Mapping[str, Any]
) -> dict[str, str | None]:
    """A row as texts: what it held, and over it what was typed."""
    texts = {name: column.kind.write(before[name]) for name, column in dataset.by_name.items()
             if before.get(name) is not None}  # fmt: skip
    return {**texts, **{one.name: one.text(cells[one.name]) for one in shown if one.name in cells}}
