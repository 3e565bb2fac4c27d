"""A dataset: what one association hands in, row by row, declared once.

The schema is a pandera (polars) model whose fields carry a column kind in their metadata
(see ``core.axes.columns``); from it come the reader, the table, the form, the template,
the JSON Table Schema and the dictionary.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from core.domain.problem import Severity


@dataclass(frozen=True, slots=True)
class Column:
    """One column as declared.

    ``kind`` reads, stores, shows and documents the cells; ``required`` columns must be in
    the file, ``nullable`` ones may hold blank cells. ``personal_exempt`` columns are not
    searched for personal data (a public phone of a place).
    """

    name: str
    kind: Any
    title: str
    description: str
    nullable: bool
    required: bool
    personal_exempt: bool = False


@dataclass(frozen=True)
class Rule:
    """A judgement on typed rows, beyond one cell.

    ``broken`` is a polars expression, true on the rows that break the rule (null counts as
    kept). ``columns`` are those that the message shows, the first being where it points.
    ``found`` may be a polars string expression; None shows the columns' values.
    """

    code: str
    severity: Severity
    columns: tuple[str, ...]
    broken: Any
    expected: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Reference:
    """The column must exist as key of another dataset of the same association."""

    column: str
    dataset: str


@dataclass(frozen=True, slots=True)
class Upgrade:
    """A named step from the version before to ``version``: ``apply`` takes and gives a polars frame."""

    version: int
    name: str
    apply: Callable[[Any], Any]


@dataclass(frozen=True)
class Dataset:
    """One dataset of an association.

    code, title     what people type and read
    schema          pandera.polars DataFrameModel, every field made by ``core.axes.columns``
    key             columns that identify a row; a re-import updates it
    axis            1, 2, 3, or None when it belongs to every axis
    place           column that holds the place (kind Lieu), or None
    place_through   Reference whose target row holds the place (raccordements → immeubles)
    assigned        column that holds an experiment code until the place is known (materiel)
    date            column by which a row falls in a period, or None
    events          of a thing that lasts (a machine): the days of what happens to it, which an
                    accepted relevé holds; empty: the row is one fact, of the day of ``date``
    undated         of a thing that lasts: columns that say how it stands now, whatever the period (a
                    price); they may change after the relevé is accepted
    refreshed       of a thing that lasts: the day when what is said of it was last checked, or None
    programme_wide  rows belong to no experiment (appuis, accounts of a line)
    rules           row rules, both severities
    references      columns that must exist elsewhere
    optional        no relevé is expected from the association
    cadence         « trimestre » or « exercice »
    version         raised when the meaning or the columns change, with its upgrade
    """

    code: str
    title: str
    schema: Any
    key: tuple[str, ...]
    description: str = ""
    axis: int | None = None
    place: str | None = "lieu"
    place_through: Reference | None = None
    assigned: str | None = None
    date: str | None = None
    events: tuple[str, ...] = ()
    undated: tuple[str, ...] = ()
    refreshed: str | None = None
    programme_wide: bool = False
    rules: tuple[Rule, ...] = ()
    references: tuple[Reference, ...] = ()
    optional: bool = False
    cadence: str = "trimestre"
    version: int = 1
    upgrades: tuple[Upgrade, ...] = ()

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns in the order of the schema.

        Raises TypeError when a field was not made by ``core.axes.columns``.
        """
        found = self.schema.to_schema().columns
        return tuple(_column(self.code, name, field) for name, field in found.items())

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        """The columns by name."""
        return {column.name: column for column in self.columns}

    def rules_of(self, severity: Severity) -> tuple[Rule, ...]:
        """The row rules of one strength."""
        return tuple(rule for rule in self.rules if rule.severity is severity)


def _column(dataset: str, name: str, field: Any) -> Column:
    metadata = field.metadata or {}
    if "kind" not in metadata:
        raise TypeError(f"{dataset}.{name} has no column kind; declare it with a function of core.axes.columns")
    return Column(
        name=name,
        kind=metadata["kind"],
        title=field.title or name,
        description=field.description or "",
        nullable=field.nullable,
        required=field.required,
        personal_exempt=bool(metadata.get("personal_exempt", False)),
    )
