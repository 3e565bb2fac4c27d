"""A dataset as declared: columns, key, rules, references; and what is wrong, odd or repaired in its file, as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl
    from pandera.polars import DataFrameModel

    from core.domain.column_type import ColumnType


Row = Mapping[str, Any]
"""One row of a table, by column. Each cell is of the type of its column, which only the dataset knows."""
RowDict = dict[str, Any]
"""The same, as it is made, or taken out of the store."""


class Severity(StrEnum):
    """An error stops the row; a warning lets it in, and is counted and followed up."""

    ERROR = "error"
    WARNING = "warning"


class Hand(StrEnum):
    """Who can do something about what is found; the order is that of the screen."""

    COMMITTEE = "comite"
    ASSOCIATION = "association"
    LEAD = "metropole"


@dataclass(frozen=True, slots=True)
class Problem:
    """One complaint.

    ``line`` is counted as the spreadsheet shows it (1 = first line of the file), None when
    the whole file is meant; ``column`` is the heading as the schema names it; ``code``
    groups problems of one cause (« date_impossible », « valeur_plus_300 »).
    """

    line: int | None
    column: str | None
    found: str
    expected: str
    remedy: str
    severity: Severity = Severity.ERROR
    code: str = ""

    @property
    def stops(self) -> bool:
        """Whether the row is refused."""
        return self.severity is Severity.ERROR


@dataclass(frozen=True, slots=True)
class Repair:
    """A cell that was understood although it was not written as expected, and is shown so."""

    line: int
    column: str
    found: str
    understood: str


# --- A dataset: what one association hands in, row by row, declared once ---------------------------
# The schema is a pandera (polars) model whose fields carry a column kind in their metadata
# (see ``core.catalogue.columns``); from it come the reader, the table, the form, the template,
# the JSON Table Schema and the dictionary.


@dataclass(frozen=True, slots=True)
class Column:
    """One column as declared.

    ``kind`` reads, stores, shows and documents the cells; ``required`` columns must be in
    the file, ``nullable`` ones may hold blank cells. ``personal_exempt`` columns are not
    searched for personal data (a public phone of a place). ``example`` is what its author gave to be
    shown in the template, empty when the kind's own will do.
    """

    name: str
    kind: ColumnType
    title: str
    description: str
    nullable: bool
    required: bool
    personal_exempt: bool = False
    example: str = ""


@dataclass(frozen=True)
class Rule:
    """A judgement on typed rows, beyond one cell.

    ``broken`` is a polars expression, true on the rows that break the rule (null counts as
    kept). ``columns`` are those that the message shows, the first being where it points.
    ``people``: each broken row is a person or a home, whose small number does not leave the restricted screens.
    ``hand`` is to whom a warning is shown first: the committee when the law or the vote is not kept, else whoever
    typed the rows.
    """

    code: str
    severity: Severity
    columns: tuple[str, ...]
    broken: pl.Expr
    expected: str
    remedy: str
    people: bool = False
    hand: Hand = Hand.ASSOCIATION


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
    apply: Callable[[pl.DataFrame], pl.DataFrame]


@dataclass(frozen=True, slots=True)
class FormerDataset:
    """The dataset of the same association that this one was, or was a part of: ``dataset`` is its former code.

    Without ``apply`` it is the same one renamed: its table, its whole past and its history follow. With it, a
    named step that takes the rows that hold there, as a polars frame, and gives those of this one; the former
    dataset keeps its rows and its past, which stay readable.
    """

    dataset: str
    name: str = "nouveau nom"
    apply: Callable[[pl.DataFrame], pl.DataFrame] | None = None


@dataclass(frozen=True)
class Dataset:
    """One dataset of an association.

    code, title     what people type and read
    schema          pandera.polars DataFrameModel, every field made by ``core.catalogue.columns``
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
    told_by         of a thing that lasts: columns that tell an event, with its day (the place of a
                    hand-over); they are held with it, whatever happens to the thing since
    refreshed       of a thing that lasts: the day when what is said of it was last checked, or None
    programme_wide  rows belong to no experiment (appuis, accounts of a line)
    rules           row rules, both severities
    references      columns that must exist elsewhere
    optional        no relevé is expected from the association
    cadence         « trimestre » or « exercice »
    version         raised when the meaning or the columns change, with its upgrade
    former          the dataset that it was, or was a part of, under another code; None for a new one
    """

    code: str
    title: str
    schema: type[DataFrameModel]
    key: tuple[str, ...]
    description: str = ""
    axis: int | None = None
    place: str | None = "lieu"
    place_through: Reference | None = None
    assigned: str | None = None
    date: str | None = None
    events: tuple[str, ...] = ()
    undated: tuple[str, ...] = ()
    told_by: Mapping[str, str] = field(default_factory=dict)
    refreshed: str | None = None
    programme_wide: bool = False
    rules: tuple[Rule, ...] = ()
    references: tuple[Reference, ...] = ()
    optional: bool = False
    cadence: str = "trimestre"
    version: int = 1
    upgrades: tuple[Upgrade, ...] = ()
    former: FormerDataset | None = None

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns in the order of the schema.

        Raises TypeError when a field was not made by ``core.catalogue.columns``.
        """
        found = self.schema.to_schema().columns
        return tuple(_column(self.code, name, field) for name, field in found.items())

    @property
    def days(self) -> tuple[str, ...]:
        """The columns of the days that a relevé speaks of: those of the events, else the one date."""
        return self.events or tuple(filter(None, (self.date,)))

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
        raise TypeError(f"{dataset}.{name} has no column kind; declare it with a function of core.catalogue.columns")
    return Column(
        name=name,
        kind=metadata["kind"],
        title=field.title or name,
        description=field.description or "",
        nullable=field.nullable,
        required=field.required,
        personal_exempt=bool(metadata.get("personal_exempt", False)),
        example=metadata.get("example", ""),
    )
