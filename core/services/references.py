"""Rows that name a row of another dataset: it must be there, and it may not leave while they need it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

import polars as pl

from core.domain import french
from core.domain.dataset import Dataset, Reference
from core.domain.problem import Problem
from core.errors import Conflict, Refused
from core.services.reading.problems import Findings, Part

_RANK = 900  # after what is said of the cells themselves

Rows = Callable[[str], pl.DataFrame]
"""The current rows of a dataset of the association, by its code, with ``_key``."""


def missing(dataset: Dataset, rows: pl.DataFrame, current: Rows) -> list[Part[Problem]]:
    """The rows (with ``_line``) that name something which is neither stored nor in the file itself."""
    parts = []
    for reference in _all(dataset):
        named = rows.filter(pl.col(reference.column).is_not_null()).select("_line", reference.column)
        known = current(reference.dataset)["_key"]
        if reference.dataset == dataset.code:
            known = pl.concat([known, rows["_key"]])
        lost = named.filter(~pl.col(reference.column).cast(pl.String).is_in(known.implode()))
        if not lost.is_empty():
            parts.append(Part(lost["_line"], _RANK, partial(_problem, reference, lost)))
    return parts


def refuse_orphans(dataset: Dataset, leaving: Iterable[str], others: Iterable[Dataset], current: Rows) -> None:
    """Raise Refused when a row of ``others`` names one of the keys that would leave ``dataset``."""
    keys = list(leaving)
    if not keys:
        return
    for other in others:
        for reference in _all(other):
            if reference.dataset != dataset.code:
                continue
            needing = current(other.code).filter(pl.col(reference.column).is_in(keys))
            if not needing.is_empty():
                raise Refused(
                    french.typeset(
                        f"« {needing[reference.column][0]} » ne peut pas être supprimé : "
                        f"{french.count(needing.height, 'ligne')} de « {other.code} » en parlent encore."
                    )
                )


def refuse_lost(datasets: Iterable[Dataset], current: Rows) -> None:
    """Raise Conflict when current rows name rows that no longer hold (after an undo)."""
    for dataset in datasets:
        if not _all(dataset):
            continue
        for one in Findings(missing(dataset, current(dataset.code).with_row_index("_line", 1), current)):
            raise Conflict(
                french.typeset(
                    f"« {one.found} » ne peut pas disparaître : des lignes de « {dataset.code} » en parlent encore. "
                    "Annulez d’abord le dépôt qui les a apportées."
                )
            )


def _all(dataset: Dataset) -> tuple[Reference, ...]:
    through = (dataset.place_through,) if dataset.place_through else ()
    return tuple(dict.fromkeys((*dataset.references, *through)))


def _problem(reference: Reference, lost: pl.DataFrame, place: int) -> Problem:
    line, value = lost.row(place)
    return Problem(
        line,
        reference.column,
        str(value),
        french.typeset(f"« {reference.dataset} » n’a pas de ligne de ce nom."),
        french.typeset(f"Corrigez « {value} », ou déposez d’abord « {reference.dataset} » avec cette ligne."),
        code="reference_inconnue",
    )
