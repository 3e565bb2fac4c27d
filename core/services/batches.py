"""The same cells for many rows at once: « Marquer 40 machines reconditionnées », tried before it is stored."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from core.domain import french
from core.domain.actor import Actor
from core.domain.dataset import Dataset
from core.errors import Refused
from core.registry import Registry
from core.services import submissions
from core.services.keys import KEY
from core.services.outcome import Outcome
from core.storage import Store

ACTION = "saisie par lot"
MOST = 5000
"""Rows of one batch."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The rows that a pasted list names: their keys in the order of the list, and the words that name none."""

    keys: tuple[str, ...]
    unknown: tuple[str, ...]


def chosen(rows: pl.DataFrame, text: str) -> Chosen:
    """Find the rows (with their ``_key``) that a list names: one key a line, or separated by ; , or a tab.

    Case and the spaces around do not count; a key named twice counts once.
    """
    known = {key.casefold(): key for key in rows[KEY]}
    words = list(dict.fromkeys(word.strip() for word in re.split(r"[\n;,\t]", text) if word.strip()))
    found = [known.get(word.casefold()) for word in words]
    return Chosen(
        tuple(dict.fromkeys(key for key in found if key is not None)),
        tuple(word for word, key in zip(words, found, strict=True) if key is None),
    )


def set_cells(
    registry: Registry,
    store: Store,
    association: str,
    dataset: str,
    keys: Sequence[str],
    cells: Mapping[str, Any],
    *,
    actor: Actor,
    at: datetime,
    based_on: int | None = None,
    dry_run: bool = False,
) -> Outcome:
    """Write ``cells`` into each row of ``keys``: all of them, or none.

    The other cells keep what they hold; ``based_on`` is the revision that the person saw (None: now).
    ``dry_run`` only says what would happen, with the rows that
    would be refused. Raises Refused when nothing is chosen, when a row is not there any more, when
    a cell of the key would change; RowsRefused, Conflict and Forbidden as ``submissions.save_rows``.
    """
    declared = registry.dataset(association, dataset)
    if not keys or not cells:
        raise Refused(french.typeset("Choisissez au moins une ligne et une valeur à écrire : rien n’est enregistré."))
    if len(keys) > MOST:
        raise Refused(french.typeset(f"Un lot a {french.number(MOST)} lignes au plus. Faites-en plusieurs."))
    if touched := set(cells).intersection(declared.key):
        raise Refused(french.typeset(f"« {min(touched)} » identifie la ligne : un lot ne la change pas."))
    submissions.may_change(actor, association)
    seen = store.latest() if based_on is None else based_on
    rows = _rows(store, association, declared, keys, seen)
    return submissions.save_rows(
        registry, store, association, dataset, [{**row, **cells} for row in rows],
        actor=actor, at=at, action=ACTION, based_on=seen, dry_run=dry_run,
    )  # fmt: skip


def _rows(
    store: Store, association: str, dataset: Dataset, keys: Sequence[str], seen: int
) -> list[dict[str, Any]]:  # fmt: skip
    """The chosen rows as they held at ``seen``, in their order."""
    held = store.rows(association, dataset.code, seen).select(KEY, *dataset.by_name)
    by_key = {row.pop(KEY): row for row in held.filter(pl.col(KEY).is_in(list(keys))).to_dicts()}
    if gone := [one for one in keys if one not in by_key]:
        raise Refused(french.typeset(f"« {gone[0]} » n’est plus dans les données : choisissez de nouveau les lignes."))
    return [by_key[one] for one in keys]
