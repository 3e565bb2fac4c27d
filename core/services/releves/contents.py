"""What a relevé holds: for each table of the association, its rows of the period, or what was said of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from core.domain.dataset import Dataset
from core.domain.releve import Releve
from core.services.releves.locks import EXPERIMENT, placed
from core.services.releves.states import Files, read_files
from core.storage import Store


@dataclass(frozen=True, slots=True)
class Part:
    """One table in a relevé.

    ``rows`` of the experiment fall in the period; ``nothing``: « rien à déclarer »; ``last`` is
    when something was last handed in for the period, None when nothing was; ``optional``: no
    relevé waits for it.
    """

    dataset: Dataset
    rows: int
    nothing: bool
    last: datetime | None
    optional: bool

    @property
    def missing(self) -> bool:
        """Whether it is waited for and nothing came."""
        return not self.optional and self.last is None and not self.rows


def expected_datasets(registry: Any, association: str) -> list[Dataset]:
    """The tables that an association owes for each period."""
    return [one for one in _quarterly(registry, association) if not one.optional]


def contents(registry: Any, store: Store, releve: Releve) -> tuple[Part, ...]:
    """Each table of the association, those that it owes first, in the order of its plugin."""
    files = read_files(registry, store)
    found = [_part(files, store, releve, one) for one in _quarterly(registry, releve.association)]
    return tuple(sorted(found, key=lambda part: part.optional))


def _quarterly(registry: Any, association: str) -> list[Dataset]:
    return [one for one in registry.datasets(association) if one.cadence == "trimestre"]


def _part(files: Files, store: Store, releve: Releve, dataset: Dataset) -> Part:
    said = [
        one
        for one in files.deposits
        if one.association == releve.association and one.dataset == dataset.code and one.reports
        if files.tells(one, releve.term)
    ]
    rows = _rows(store, releve, dataset)
    nothing = bool(said) and said[-1].declares_nothing and not rows
    return Part(dataset, rows, nothing, max((one.at for one in said), default=None), dataset.optional)


def _rows(store: Store, releve: Releve, dataset: Dataset) -> int:
    """How many rows of the experiment, or of none in particular, have a day in the period."""
    days = dataset.events or tuple(filter(None, (dataset.date,)))
    if not days:
        return 0
    frame = placed(dataset, store.rows(releve.association, dataset.code), releve.association, store.rows)
    here = pl.col(EXPERIMENT).is_null() | (pl.col(EXPERIMENT) == releve.experiment)
    within = pl.any_horizontal(pl.col(day).is_between(releve.period.start, releve.period.end) for day in days)
    return frame.filter(here & within).height
