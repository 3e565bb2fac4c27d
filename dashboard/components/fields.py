"""A column as people type it: one field of a form, or one column of a grid."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import polars as pl
import streamlit as st

from core.catalogue.choices import CodeCommune, Coded, Liste, OuiNon
from core.catalogue.keys import with_key
from core.catalogue.numbers import Decimal, Entier, Montant
from core.catalogue.texts import Texte
from core.domain.column_type import Choice
from core.domain.dataset import Column, Dataset, Problem, Row, RowDict
from core.domain.french import NBSP, typeset
from core.reading.typed_in import typed_in
from dashboard.components.html import show, tag

BLANK = "Non renseigné"
_AREA = 1000  # a text that may be longer has several lines


@dataclass(frozen=True)
class GridField:
    """A column on the screen; ``options`` gives the words of each value when one chooses among few."""

    column: Column
    options: Mapping[object, str] | None = None

    @property
    def offered(self) -> Mapping[object, str]:
        """What one chooses among; nothing where one types."""
        return self.options or {}

    @property
    def name(self) -> str:
        """The column's name."""
        return self.column.name

    @property
    def several(self) -> bool:
        """Whether a cell may hold several values of its list."""
        return isinstance(self.column.kind, Liste) and self.column.kind.multiple

    @property
    def label(self) -> str:
        """« Montant (en euros) », « Bailleur (facultatif) »."""
        unit = " (en euros)" if isinstance(self.column.kind, Montant) else ""
        return typeset(f"{self.column.title}{unit}{' (facultatif)' if self.column.nullable else ''}")

    @property
    def hint(self) -> str:
        """What stands under the field: what it means, and how it is written when nothing else shows it."""
        said = [self.column.description.strip()]
        if self.options is None and not isinstance(self.column.kind, Texte):
            said.append(f"On attend {self.column.kind.expected}, par exemple {self.column.kind.example}.")
        return typeset(" ".join(part for part in said if part))

    @property
    def number(self) -> bool:
        """Whether cells are aligned as numbers."""
        return isinstance(self.column.kind, Entier | Montant | Decimal)

    def words(self, value: object) -> str | None:
        """The value as it stands in the field, None when blank."""
        if value is None:
            return None
        if self.options is not None and not self.several:
            return self.options.get(value) or self.column.kind.show(value)
        return self.column.kind.write(value)

    def text(self, words: Any) -> str | None:
        """What the column's own reading gets for what stands in the field."""
        if words is None or words == "":
            return None
        if isinstance(words, list | tuple):
            return "|".join(self.text(one) or "" for one in words) or None
        value = self._values.get(words)
        return str(words) if value is None else self.column.kind.write(value)

    @property
    def _values(self) -> RowDict:
        return {words: value for value, words in self.offered.items()}

    def widget(self, value: object, key: str) -> str | None:
        """Draw the field with ``value`` in it; return the text that stands there."""
        if self.several:
            return self.text(self._many(value, key))
        if self.options is not None:
            return self.text(self._one(value, key))
        words, longest = self.words(value) or "", getattr(self.column.kind, "max_length", None)
        if (longest or 0) >= _AREA:
            return st.text_area(self.label, words, key=key, max_chars=longest)
        return st.text_input(self.label, words, key=key, max_chars=longest, autocomplete="off")

    def _one(self, value: Any, key: str) -> str | None:
        offered = [*self.offered.values()]
        words = self.words(value)
        offered += [words] if words is not None and words not in offered else []
        blank = [BLANK] if self.column.nullable else []
        if isinstance(self.column.kind, OuiNon):
            at = [*offered, *blank].index(words or BLANK) if words or blank else None
            chosen = st.radio(self.label, [*offered, *blank], index=at, key=key, horizontal=True)
        else:
            at = [*blank, *offered].index(words or BLANK) if words or blank else None
            chosen = st.selectbox(self.label, [*blank, *offered], index=at, key=key, placeholder="Choisissez")
        return None if chosen == BLANK else chosen

    def _many(self, value: Any, key: str) -> list[str]:
        chosen = [self.offered.get(one, one) for one in (value or "").split("|") if one]
        return st.multiselect(self.label, [*self.offered.values()], default=chosen, key=key, placeholder="Choisissez")


def fields(
    dataset: Dataset,
    *,
    hidden: Iterable[str] = (),
    choices: Mapping[str, Sequence[Choice | str]] | None = None,
    required: Mapping[str, str] | None = None,
) -> list[GridField]:
    """The fields of a dataset in order, without the ``hidden`` ones; ``choices`` closes the list of a column.

    The ``required`` ones are not said to be free, and have a help of their own.
    """
    given, asked = choices or {}, required or {}
    columns = [one for one in dataset.columns if one.name not in set(hidden)]
    return [
        GridField(_asked(one, asked[one.name]) if one.name in asked else one, _options(one, given.get(one.name)))
        for one in columns
    ]


def _asked(column: Column, help: str) -> Column:
    return replace(column, nullable=False, description=help)


def _options(column: Column, given: Sequence[Choice | str] | None) -> Mapping[object, str] | None:
    kind = column.kind
    if given is not None:
        listed = [one if isinstance(one, Choice) else Choice(one, kind.show(one)) for one in given]
        return {one.value: one.label for one in listed}
    if isinstance(kind, OuiNon):
        return {True: "oui", False: "non"}
    if isinstance(kind, Coded) and not isinstance(kind, CodeCommune):
        return {code: kind.listed(code).replace("  ", NBSP) for code in kind.codes}
    return None


# --- The editable grid of any dataset: texts as in a French spreadsheet, lists to choose from, typed edits out ----


_KEY = "_key"
_VERSIONS = "grilles"
_TALLEST = 640  # pixels

Rows = Literal["fixed", "dynamic", "add", "delete"]
"""Whether rows may be added to a grid, or taken out of it, in the framework's words."""


@dataclass(frozen=True)
class GridEdits:
    """What somebody changed in a grid, typed.

    ``added`` are whole rows; ``changed`` gives, by key, the cells that differ; ``removed`` the keys
    of rows taken out. A row whose key was retyped is one removed and one added. ``problems`` count
    the rows of ``numbered``: what each of them is called on the screen.
    """

    added: tuple[RowDict, ...] = ()
    changed: Mapping[str, RowDict] = field(default_factory=dict)
    removed: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    numbered: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How many rows change."""
        return len(self.added) + len(self.changed) + len(self.removed)

    def rows(self, held: pl.DataFrame) -> list[RowDict]:
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
    num_rows: Rows = "dynamic",
    name: str = "",
) -> GridEdits:
    """Draw ``rows`` (with their ``_key``) as a grid to type in, and say what was typed.

    The same ``rows`` must be given while somebody types: read them at one revision, and call
    ``grid_reset`` once saved. ``num_rows`` is the framework's: « fixed », « dynamic », « add », « delete ».
    """
    import pandas as pd  # loaded by the first grid, or beside the first pages

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
    if grid_pending(key):
        show(tag("span", data_unsaved=True, hidden=True))  # the script of the pages asks before it is lost
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


def _cells(field: GridField, values: pl.Series) -> list[object]:
    if field.several:
        return [[field.offered.get(one, one) for one in (value or "").split("|") if one] for value in values]
    return [field.words(value) for value in values]


def _column(field: GridField, pinned: bool) -> Any:
    config, hint, first = st.column_config, field.hint or None, pinned or None
    title = field.column.title + (" (€)" if "en euros" in field.label else "")
    if field.several:
        return config.MultiselectColumn(title, options=[*field.offered.values()], help=hint, pinned=first)
    if field.options is not None:
        return config.SelectboxColumn(title, options=[*field.options.values()], help=hint, pinned=first)
    aligned: Literal["right"] | None = "right" if field.number else None
    longest = getattr(field.column.kind, "max_length", None)
    return config.TextColumn(title, alignment=aligned, max_chars=longest, help=hint, pinned=first)


def _edits(dataset: Dataset, rows: pl.DataFrame, shown: Sequence[GridField], state: Row) -> GridEdits:
    held = rows.to_dicts()
    gone = sorted({int(place) for place in state.get("deleted_rows", ())})
    typed = {int(place): cells for place, cells in state.get("edited_rows", {}).items() if int(place) not in gone}
    new = [cells for cells in state.get("added_rows", ()) if any(cells.values())]
    texts = [_texts(dataset, shown, held[place], cells) for place, cells in typed.items()]
    read = typed_in(dataset, [*texts, *(_texts(dataset, shown, {}, cells) for cells in new)])
    pairs = [(held[place], row) for place, row in zip(typed, read.rows, strict=False)]
    again = [(before[_KEY], row) for before, row in pairs if _renamed(dataset, before, row)]
    return GridEdits(
        added=(*(row for _key, row in again), *read.rows[len(typed) :]),
        changed=_changed(pairs, {key for key, _row in again}),
        removed=(*(held[place][_KEY] for place in gone), *(key for key, _row in again)),
        problems=read.problems,
        numbered=(*(held[place][_KEY] for place in typed), *(f"ligne ajoutée {n}" for n in range(1, len(new) + 1))),
    )


def _changed(pairs: Sequence[tuple[Row, Row]], but: Collection[str]) -> dict[str, RowDict]:
    """By key, the cells that differ, for the rows that have some."""
    cells = {
        before[_KEY]: {name: value for name, value in row.items() if value != before.get(name)} for before, row in pairs
    }
    return {key: differing for key, differing in cells.items() if differing and key not in but}


def _renamed(dataset: Dataset, before: Mapping[str, object], row: Mapping[str, object]) -> bool:
    schema = {column.name: column.kind.dtype for column in dataset.columns}
    return with_key(pl.DataFrame([row], schema=schema), dataset)[_KEY][0] != before[_KEY]


def _texts(
    dataset: Dataset, shown: Sequence[GridField], before: Mapping[str, object], cells: Mapping[str, object]
) -> dict[str, str | None]:
    """A row as texts: what it held, and over it what was typed."""
    texts = {
        name: column.kind.write(before[name])
        for name, column in dataset.by_name.items()
        if before.get(name) is not None
    }
    return {**texts, **{one.name: one.text(cells[one.name]) for one in shown if one.name in cells}}
