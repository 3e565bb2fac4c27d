"""What people call things: a row by its key, a body, who did something and for whom.

A key (« martigues|2022-06-01| ») is the machine's word. Everybody who tells of a row, screen, command or
journal, asks its name here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

import polars as pl

from core.catalogue.keys import KEY, SEPARATOR
from core.contract import Registry
from core.domain import french
from core.domain.calendar import period_name
from core.domain.dataset import Column, Dataset
from core.domain.french import fold
from core.domain.programme import METROPOLE
from core.errors import Conflict, UnknownName
from core.storage.deposits import Deposit

PROGRAMME = "tout le programme"
LEAD = "la Métropole"
_BLANK = "(vide)"


def row_name(registry: Registry, dataset: Dataset, row: Mapping[str, object]) -> str:
    """How people recognise a row: « MET-PC-0115 », « Martigues, juin 2022 », « Remises, Pays d’Aix, 31/12/2022 »."""
    told = [_told(registry, dataset.by_name[name], row.get(name)) for name in dataset.key]
    return ", ".join(part for part in told if part) or _BLANK


def name_of(registry: Registry, dataset: Dataset, key: str) -> str:
    """The same from the key alone, whether the row still holds or not."""
    parts = key.split(SEPARATOR)
    if len(parts) != len(dataset.key):  # a text of the key holds the sign that separates
        return ", ".join(part for part in parts if part)
    try:
        row = {name: _value(dataset.by_name[name], part) for name, part in zip(dataset.key, parts, strict=True)}
    except ValueError:  # a key of before its column changed its kind
        return ", ".join(part for part in parts if part)
    return row_name(registry, dataset, row)


def partial(dataset: Dataset, words: str) -> bool:
    """Whether ``words`` are the value of one column of the key, and not a whole key."""
    return len(words.split(SEPARATOR)) != len(dataset.key)


def named(registry: Registry, dataset: Dataset, words: str, keys: Collection[str]) -> str | None:
    """The one key of ``keys`` that people mean by ``words``: the key itself, or the name of its row; else None."""
    if words in keys:
        return words
    wanted = fold(words)
    names = {key: fold(name_of(registry, dataset, key)) for key in keys}
    exact = [key for key, name in names.items() if name == wanted]
    found = exact or [key for key, name in names.items() if wanted and wanted in name]
    return found[0] if len(found) == 1 else None


def value(registry: Registry, column: Column, found: Any) -> str:
    """A value in words: what the registry holds by its name, the rest as its column shows it."""
    return _told(registry, column, found) or _BLANK


def body(registry: Registry, code: str) -> str:
    """« Anonymal », « la Métropole »; the code of one that is no longer there."""
    if code == METROPOLE:
        return LEAD
    try:
        return registry.association(code).name
    except UnknownName:
        return code


def subject(registry: Registry, association: str, dataset: str) -> str:
    """« Anonymal, Matériel », « la Métropole, Versements »."""
    try:
        title = registry.readable(association, dataset).title
    except UnknownName:
        title = dataset
    return f"{body(registry, association)}, {title}"


def who(registry: Registry, actor: str, on_behalf_of: str | None) -> str:
    """« Karim », « Karim, pour le compte d’Anonymal », « root, pour le compte de la Métropole »."""
    if on_behalf_of is None:
        return actor
    return f"{actor}, pour le compte {french.of(body(registry, on_behalf_of))}"


def deposit(one: Deposit) -> str:
    """« dépôt n° 14 »: the number that ``fabrique undo`` takes; a deposit that changed nothing has none."""
    return french.typeset(f"dépôt n° {one.revision}") if one.revision is not None else "dépôt sans changement"


@contextmanager
def in_words(registry: Registry, dataset: Dataset) -> Iterator[None]:
    """A conflict that the store tells by keys, told by the names of its rows."""
    try:
        yield
    except Conflict as error:
        if not error.rows:
            raise
        told = [french.typeset(f"« {name_of(registry, dataset, one.key)} » : {one.words}") for one in error.rows]
        raise Conflict(str(error), [*told, *error.details], error.rows) from error


def _told(registry: Registry, column: Column, found: Any) -> str:
    names = getattr(column.kind, "names", "")
    if column.kind.name == "experience":
        return PROGRAMME if found is None else _experiment(registry, found)
    if found is None:
        return ""
    if names:
        return _NAMES[names](registry, found)
    return column.kind.show(found)


def _experiment(registry: Registry, code: str) -> str:
    return next((one.short_title for one in registry.experiments if one.code == code), code)


def _indicator(registry: Registry, code: str) -> str:
    found = registry.catalogue.get(code)
    return found.label if found else code


def titles(registry: Registry) -> dict[str, str]:
    """The title of every dataset by its code, those of the associations before those of the Métropole."""
    bodies = [METROPOLE, *reversed([one.code for one in registry.associations])]
    return {one.code: one.title for who in bodies for one in registry.datasets(who)}


def _dataset(registry: Registry, code: str) -> str:
    return titles(registry).get(code, code)


_NAMES: Mapping[str, Callable[[Registry, str], str]] = {
    "association": body,
    "dataset": _dataset,
    "indicator": _indicator,
    "period": lambda _registry, code: period_name(code),
}
"""By what a text names: how the registry calls it."""


def _value(column: Column, text: str) -> object:
    """A part of a key as the value that it was written from."""
    if not text:
        return None
    if column.kind.dtype == pl.Date:
        return date.fromisoformat(text)
    if column.kind.dtype == pl.Int64:
        return int(text)
    if column.kind.dtype == pl.Float64:
        return float(text)
    return text == "true" if column.kind.dtype == pl.Boolean else text


def keys_named(registry: Registry, dataset: Dataset, rows: pl.DataFrame) -> dict[str, str]:
    """The name of each row of a frame, by its key."""
    return {row[KEY]: row_name(registry, dataset, row) for row in rows.iter_rows(named=True)}
