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
    """The tables that an association owes for each period: those of the axes that it tries, and the common ones."""
    tried = {axis for one in registry.experiments if one.association.code == association for axis in one.axes}
    return [
        one for one in _quarterly(registry, association) if not one.optional and (one.axis is None or one.axis in tried)
    ]


def contents(registry: Any, store: Store, releve: Releve) -> tuple[Part, ...]:
    """Each table of the association, those that it owes first, in the order of its plugin."""
    files = read_files(registry, store)
    owed = expected_datasets(registry, releve.association)
    every = [_part(files, store, releve, one, one in owed) for one in _quarterly(registry, releve.association)]
    kept = [one for one in every if not one.optional or one.dataset.optional or one.rows or one.last]
    return tuple(sorted(kept, key=lambda part: part.optional))


def _quarterly(registry: Any, association: str) -> list[Dataset]:
    return [one for one in registry.datasets(association) if one.cadence == "trimestre"]


def _part(files: Files, store: Store, releve: Releve, dataset: Dataset, owed: bool) -> Part:
    said = [
        one
        for one in files.deposits
        if one.association == releve.association and one.dataset == dataset.code and one.reports
        if files.tells(one, releve.term)
    ]
    rows = _rows(store, releve, dataset)
    nothing = bool(said) and said[-1].declares_nothing and not rows
    return Part(dataset, rows, nothing, max((one.at for one in said), default=None), not owed)


def _rows(store: Store, releve: Releve, dataset: Dataset) -> int:
    """How many rows of the experiment, or of none in particular, have a day in the period."""
    days = dataset.events or tuple(filter(None, (dataset.date,)))
    if not days:
        return 0
    frame = placed(dataset, store.rows(releve.association, dataset.code), releve.association, store.rows)
    here = pl.col(EXPERIMENT).is_null() | (pl.col(EXPERIMENT) == releve.experiment)
    within = pl.any_horizontal(pl.col(day).is_between(releve.period.start, releve.period.end) for day in days)
    return frame.filter(here & within).height
