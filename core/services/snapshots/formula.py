"""An indicator as it was when figures were frozen: its definition, its version and its formula, as text.

It gives back an indicator that every screen and document can present, and that computes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NoReturn

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql import visitors

from core.domain.indicator import (
    AnyMeasure,
    Computed,
    Constant,
    Count,
    CountDistinct,
    Derived,
    Direction,
    Indicator,
    Median,
    Sum,
    Whose,
    au,
)
from core.services import formulas
from core.storage import expressions as expressions  # how each database writes what we added

_WRITING = sqlite.dialect()
_KINDS = {kind.__name__: kind for kind in (Count, CountDistinct, Sum, Median)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A numerator or a denominator in text: the kind of measure and what it read."""

    kind: str
    source: str = ""
    title: str = ""
    date: str | None = None
    where: str | None = None
    expression: str | None = None
    people: bool = False
    value: float | None = None
    citation: str = ""
    programme_only: bool = False
    codes: tuple[str, ...] = ()
    experiments: tuple[str, ...] = ()
    associations: tuple[str, ...] = ()

    @classmethod
    def of(cls, measure: AnyMeasure | Computed) -> Part:
        """What ``measure`` says."""
        name = type(measure).__name__
        if isinstance(measure, Computed):
            return cls(kind=name, codes=tuple(measure.codes))
        if isinstance(measure, Constant):
            told = {"value": measure.value, "citation": measure.citation, "programme_only": measure.programme_only}
            return cls(kind=name, **told)
        source = measure.source
        code, title = (source.code, source.title) if isinstance(source, Derived) else (source, "")
        where, expression = _text(measure.where), _text(getattr(measure, "expression", None))
        whose = measure.whose or Whose((), ())
        return cls(
            kind=name, source=code, title=title, date=measure.date, where=where, expression=expression,
            people=measure.people, experiments=whose.experiments, associations=whose.associations,
        )  # fmt: skip

    def measure(self) -> Any:
        """A measure that says the same and cannot be computed."""
        if self.kind == Computed.__name__:
            return Computed(codes=self.codes, function=_frozen)
        if self.kind == Constant.__name__:
            return Constant(value=self.value, citation=self.citation, programme_only=self.programme_only)
        source = Derived(self.source, self.title, (), _frozen) if self.title else self.source
        told: dict[str, Any] = {"source": source, "date": self.date, "people": self.people}
        told["whose"] = Whose(tuple(self.experiments), tuple(self.associations)) if self.experiments else None
        told["where"] = None if self.where is None else sa.literal_column(self.where)
        if self.expression is not None:
            told["expression"] = sa.literal_column(self.expression)
        return _KINDS[self.kind](**told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """The card of an indicator at one version; ``counted`` and ``related`` are its formula in words."""

    code: str
    label: str
    definition: str
    version: int
    counted: str
    numerator: Part
    related: str = ""
    denominator: Part | None = None
    unit: str = ""
    headline: str = "value"
    stands: bool = False
    axes: tuple[int, ...] = ()
    direction: Direction = Direction.UP
    cumulative: bool = True
    source: str = ""
    shortlist: str = "socle"
    declared: bool = False
    rank: int | None = None
    note: str = ""

    @classmethod
    def of(cls, indicator: Indicator) -> Formula:
        """The card of ``indicator`` as it stands."""
        bottom = indicator.denominator
        return cls(
            counted=formulas.counted(indicator),
            related=formulas.related(indicator),
            numerator=Part.of(indicator.numerator),
            denominator=None if bottom is None else Part.of(bottom),
            **{name: getattr(indicator, name) for name in _SAME},
        )

    def indicator(self) -> Indicator:
        """The indicator, to be presented; its measures compute nothing."""
        bottom = self.denominator
        return Indicator(
            numerator=self.numerator.measure(),
            denominator=None if bottom is None else bottom.measure(),
            **{name: getattr(self, name) for name in _SAME},
        )


_SAME = (
    "code", "label", "definition", "version", "unit", "headline", "stands", "axes", "direction",
    "cumulative", "source", "shortlist", "declared", "rank", "note",
)  # fmt: skip


def _text(expression: Any) -> str | None:
    """The expression as the embedded database would be asked, its constants in it where they have a writing."""
    if expression is None:
        return None
    named = visitors.replacement_traverse(expression, {}, _day_by_its_name)
    return str(named.compile(dialect=_WRITING, compile_kwargs={"literal_binds": True}))


def _day_by_its_name(element: Any, **_: Any) -> Any:
    """The day of the figure is only known when it is computed: it keeps its name in the writing."""
    return sa.literal_column(":au") if isinstance(element, sa.BindParameter) and element.key == au.key else None


def _frozen(*_: Any, **__: Any) -> NoReturn:
    raise RuntimeError("a frozen figure is not computed again")
