"""What is true of a source at every revision: which tables it reads, who hands it in, what it holds.

Worked out once per registry, without building any statement: what is in the cache is found
again by these alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.domain.dataset import Dataset
from core.domain.experiment import METROPOLE
from core.domain.indicator import Derived, Source
from core.errors import UnknownName

Pair = tuple[str, str]
"""An association and a dataset's code."""

LINES, PAYMENTS, SPENDING = "lignes", "versements_ventiles", "depenses_ventilees"
_OF_LINES = {LINES: None, PAYMENTS: "versements", SPENDING: "depenses_a_date"}


@dataclass(frozen=True, slots=True)
class Described:
    """A source.

    ``reads`` are the tables that decide its content; ``told`` the datasets that must have been
    handed in for a figure to be known; ``datasets`` who hands it in, for a plain dataset;
    ``money`` the columns in cents; ``placed`` whether its rows can be told by place;
    ``by_line`` whether it holds sums of subsidy lines.
    """

    reads: frozenset[Pair]
    told: tuple[str, ...] = ()
    datasets: Mapping[str, Dataset] = field(default_factory=dict)
    money: frozenset[str] = frozenset()
    placed: bool = True
    by_line: bool = False


class Descriptions:
    """The sources of one registry."""

    def __init__(self, registry: Any) -> None:
        self._holders: dict[str, dict[str, Dataset]] = {}
        for association in (*(one.code for one in registry.associations), METROPOLE):
            for dataset in registry.datasets(association):
                self._holders.setdefault(dataset.code, {})[association] = dataset
        self._made: dict[Source, Described] = {}
        # What only a built statement tells, but is the same at every revision.
        self.day_readers: dict[Source, bool] = {}
        self.layouts: dict[Source, tuple[frozenset[Pair], ...]] = {}

    def holders(self, code: str) -> Mapping[str, Dataset]:
        """The associations that hand in dataset ``code`` (``metropole`` included), with their declaration."""
        return self._holders.get(code, {})

    def of(self, source: Source) -> Described:
        """The source; raises UnknownName when nothing bears that name."""
        if source not in self._made:
            self._made[source] = self._make(source)
        return self._made[source]

    def _make(self, source: Source) -> Described:
        if isinstance(source, Derived):
            return self._derived(source)
        if source in _OF_LINES:
            return self._lines(_OF_LINES[source])
        return self._dataset(source)

    def _dataset(self, code: str) -> Described:
        holders = self.holders(code)
        if not holders:
            raise UnknownName(f"Le jeu de données «\u00a0{code}\u00a0» n’existe pas.")
        reads = {(association, code) for association in holders}
        for association, dataset in holders.items():
            if dataset.place_through:
                reads.add((association, dataset.place_through.dataset))
        return Described(
            reads=frozenset(reads),
            told=(code,),
            datasets=holders,
            money=frozenset().union(*(_money(dataset) for dataset in holders.values())),
            placed=any(dataset.place or dataset.place_through for dataset in holders.values()),
            by_line=any(has_line(dataset) for dataset in holders.values()),
        )

    def _lines(self, code: str | None) -> Described:
        reads = {(association, code) for association in self.holders(code)} if code else set()
        return Described(
            reads=frozenset({*reads, (METROPOLE, "cles")}),
            told=(code,) if code else (),
            money=frozenset({"montant"}),
            placed=False,
            by_line=True,
        )

    def _derived(self, source: Derived) -> Described:
        parts = [self.of(code) for code in source.datasets]
        return Described(
            reads=frozenset().union(*(part.reads for part in parts)),
            told=tuple(dict.fromkeys(code for part in parts for code in part.told)),
            money=frozenset().union(*(part.money for part in parts)),
            placed=any(part.placed for part in parts),
            by_line=all(part.by_line for part in parts),
        )


def has_line(dataset: Dataset) -> bool:
    """Whether the rows speak of a subsidy line, which says to which experiment they belong."""
    return dataset.programme_wide and any(word.startswith("ligne") for word in dataset.key)


def _money(dataset: Dataset) -> frozenset[str]:
    if dataset.schema is None:
        return frozenset()
    return frozenset(column.name for column in dataset.columns if getattr(column.kind, "name", "") == "montant")
