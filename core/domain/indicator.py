"""An indicator, declared: a measure, or a ratio of two, over validated rows.

Expressions are SQLAlchemy's over unbound columns: ``col("statut") == "remis"``. ``au`` is
the reference day, bound when the figure is computed. From one declaration follow the SQL,
the total, the breakdown by place and month, the rows behind, the definition on screen and
the line of every export.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement

au: sa.BindParameter[Any] = sa.bindparam("au", type_=sa.Date)
"""The reference day, as a bound parameter of every expression."""


def col(name: str, type_: Any = None) -> ColumnElement[Any]:
    """The column ``name`` of the measure's source; ``type_`` helps arithmetic on dates."""
    return sa.column(name, type_)


class days_between(FunctionElement[int]):
    """``days_between(start, end)``: whole days from one date to the other, negative when reversed.

    How each database writes it is said in ``core.storage.schema``.
    """

    type = sa.Integer()
    inherit_cache = True
    name = "days_between"


APART = "~"


def apart(words: str) -> str:
    """In place of a row's experiment: it counts for the programme only, under these words (« en transit »)."""
    return f"{APART}{words}"


class Direction(StrEnum):
    """Which way is good."""

    UP = "up"
    DOWN = "down"


class Programme(StrEnum):
    """What the programme shows beside its experiments.

    SUM     the parts add up; what belongs to none of them is named (« dont 14 en transit »)
    RATIO   both sides are summed over the same experiments: the total lies between its parts
    POOLED  worked out again on all rows (medians, distinct counts)
    WORST   the oldest of the experiments that owe data; those that never gave any are named beside it
    NONE    no total: one association alone gives the figure (« Propre à IFAC »)
    """

    SUM = "sum"
    RATIO = "ratio"
    POOLED = "pooled"
    WORST = "worst"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Derived:
    """A dataset made from others, by a SELECT with ``_key`` and the place column.

    ``build`` receives one FROM clause per name of ``datasets``, already filtered as of the
    revision, each with ``_key``, ``_association``, ``_experiment``, ``_place`` beside its
    columns, and returns a Select that keeps those four (``_key`` may be rebuilt) and may
    use ``au``. ``title`` names its rows on screen. ``by_row`` promises that each of its rows
    is made from one row of one dataset alone (no join, no grouping), so that a deposit makes
    only its own table be read again. ``by_key`` promises that its rows depend on the rows of one
    key alone, whosever they are (a machine that went from one association to another), at most
    one for each, so that a deposit makes only the keys that it brings be read again. ``changes``, of a
    Select over one FROM clause, names the columns of that clause that hold the days on which a row may
    change, or come, or go: between two of them it stays as it is, and before the first there is none, so
    that what stands on any day is known without reading the rows of that day. ``compared`` promises, of one
    that uses ``au``, that it does nothing with it but count the rows dated up to it by these columns
    (dataset → column): from one of their days to the next, its rows are the same. ``titles`` say what
    people read for the columns that it adds.
    """

    code: str
    title: str
    datasets: tuple[str, ...]
    build: Callable[[Mapping[str, sa.FromClause]], sa.SelectBase]
    by_row: bool = False
    by_key: bool = False
    changes: tuple[str, ...] = ()
    compared: Mapping[str, str] = field(default_factory=dict, hash=False)
    titles: Mapping[str, str] = field(default_factory=dict, hash=False)


Source = str | Derived
"""A dataset's code, a core table's code, or a derived dataset."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What is read: rows of ``source`` kept by ``where``, dated by ``date`` (None = undated).

    ``known_if`` counts the rows without which the measure is not known: a sum of optional
    columns that nobody filled is « non renseigné », not zero. ``people`` says that the number
    counts people (or homes): a small one is then not shown outside the restricted screens. ``part_of`` is
    the code of a figure of which this counts a part (families among the computers handed over): the rest of it
    counts people too, as does what a numerator leaves of its denominator.
    ``slice`` names a whole and which of its slices this is, None for the whole itself: the slices add up to
    it, so that a small one is not found by taking the others off.
    """

    source: Source
    where: ColumnElement[Any] | None = None
    date: str | None = None
    known_if: Count | None = None
    people: bool = False
    part_of: str = ""
    slice: tuple[str, str | None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Count(Measure):
    """The number of rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountDistinct(Measure):
    """The number of distinct values of ``expression``: not additive."""

    expression: ColumnElement[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum(Measure):
    """The sum of ``expression``."""

    expression: ColumnElement[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Median(Measure):
    """The median of ``expression``: not additive. Days between two dates: ``days_between``."""

    expression: ColumnElement[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant:
    """A number that a text gives, with where it stands; ``programme_only`` keeps it off the parts."""

    value: float
    citation: str
    programme_only: bool = False


AnyMeasure = Count | CountDistinct | Sum | Median | Constant


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed:
    """A value made from other indicators' values by ``function`` (TR4, TR5a)."""

    codes: tuple[str, ...]
    function: Callable[..., Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One figure, declared.

    code          « EQ5a »; one code has one meaning everywhere
    label         what the screen says (« Ordinateurs remis »)
    definition    one sentence, for everybody
    numerator     measure (or Computed)
    denominator   None for a count; with one, the value is a rate (``unit`` « % »: value × 100)
    unit          of the value without denominator (« ordinateurs », « jours », « € »); a money
                  measure is in cents inside and in euros in the observation
    headline      « value » or « numerator »: which one is big on screen when there is a denominator
    stands        the numerator is known and shown even when the denominator is 0 (« 0 remis »)
    axes          empty = transverse: it applies wherever there is an experiment
    cumulative    targets are read on the total since the start (else per period)
    shortlist     « socle » or « optionnel »
    declared      True when the association gives the figure, False when rows are counted
    rank          order on the first screens; None = not among them
    programme     what the total of the programme is; None = as the measure has it, see ``_usual``
    apart         words of what the programme counts and no experiment does (« en transit »)
    programme_only  whether no experiment has the figure: only the programme and its places do
    titles        what people read for the datasets and columns of a plugin's figure; the core fills it in
    """

    code: str
    label: str
    definition: str
    numerator: AnyMeasure | Computed
    denominator: AnyMeasure | None = None
    unit: str = ""
    headline: str = "value"
    stands: bool = False
    axes: tuple[int, ...] = ()
    direction: Direction = Direction.UP
    cumulative: bool = True
    source: str = ""
    version: int = 1
    shortlist: str = "socle"
    declared: bool = False
    rank: int | None = None
    note: str = ""
    programme: Programme | None = None
    apart: str = ""
    programme_only: bool = False
    titles: Mapping[str, str] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        if self.programme is None:
            object.__setattr__(self, "programme", _usual(self))

    @property
    def additive(self) -> bool:
        """Whether parts add up to the total."""
        return self.programme is Programme.SUM

    @property
    def people(self) -> bool:
        """Whether one of its parts counts persons or homes."""
        return any(getattr(part, "people", False) for part in (self.numerator, self.denominator))

    @property
    def ages(self) -> bool:
        """Whether the figure is an age, which grows by itself each day: nobody adds to it nor corrects it."""
        return self.programme is Programme.WORST

    @property
    def is_money(self) -> bool:
        """Whether the numerator is in cents."""
        return self.unit.startswith("€")


def _usual(indicator: Indicator) -> Programme:
    """Sums and counts of rows add up; a rate of them is made of its parts; the rest is worked out again."""
    parts = (indicator.numerator, indicator.denominator)
    if any(isinstance(part, CountDistinct | Median | Computed) for part in parts):
        return Programme.POOLED
    return Programme.SUM if indicator.denominator is None else Programme.RATIO
