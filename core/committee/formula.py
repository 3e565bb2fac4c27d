"""An indicator as it was when figures were frozen: its definition, version and formula, as plain text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from functools import cache
from types import NoneType, UnionType
from typing import Any, NoReturn, Union, get_args, get_origin, get_type_hints

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
    Programme,
    Sum,
    au,
)
from core.domain.plugin_phrases import Phrase, Value
from core.domain.report import Block
from core.figures import definitions

_WRITING = sqlite.dialect()
_KINDS = {kind.__name__: kind for kind in (Count, CountDistinct, Sum, Median)}


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenMeasure:
    """A numerator or a denominator in text: the kind of measure and what it read."""

    kind: str
    source: str = ""
    title: str = ""
    date: str | None = None
    where: str | None = None
    expression: str | None = None
    people: bool = False
    part_of: str = ""
    value: float | None = None
    citation: str = ""
    programme_only: bool = False
    codes: tuple[str, ...] = ()
    slice: tuple[str, str | None] | None = None

    @classmethod
    def of(cls, measure: AnyMeasure | Computed) -> FrozenMeasure:
        """What ``measure`` says."""
        name = type(measure).__name__
        if isinstance(measure, Computed):
            return cls(kind=name, codes=tuple(measure.codes))
        if isinstance(measure, Constant):
            value, only = measure.value, measure.programme_only
            return cls(kind=name, value=value, citation=measure.citation, programme_only=only)
        source = measure.source
        code, title = (source.code, source.title) if isinstance(source, Derived) else (source, "")
        where, expression = _text(measure.where), _text(getattr(measure, "expression", None))
        return cls(
            kind=name,
            source=code,
            title=title,
            date=measure.date,
            where=where,
            expression=expression,
            people=measure.people,
            part_of=measure.part_of,
            slice=measure.slice,
        )

    def measure(self) -> AnyMeasure | Computed:
        """A measure that says the same and cannot be computed."""
        if self.kind == Computed.__name__:
            return Computed(codes=self.codes, function=_frozen)
        if self.kind == Constant.__name__:
            assert self.value is not None
            return Constant(value=self.value, citation=self.citation, programme_only=self.programme_only)
        source = Derived(self.source, self.title, (), _frozen) if self.title else self.source
        told: dict[str, Any] = {"source": source, "date": self.date, "people": self.people}
        told |= {"part_of": self.part_of, "slice": self.slice}
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
    numerator: FrozenMeasure
    related: str = ""
    denominator: FrozenMeasure | None = None
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
    programme: Programme | None = None
    apart: str = ""
    programme_only: bool = False

    @classmethod
    def of(cls, indicator: Indicator) -> Formula:
        """The card of ``indicator`` as it stands."""
        bottom = indicator.denominator
        return cls(
            counted=definitions.counted_rows(indicator),
            related=definitions.related(indicator),
            numerator=FrozenMeasure.of(indicator.numerator),
            denominator=None if bottom is None else FrozenMeasure.of(bottom),
            **{name: getattr(indicator, name) for name in _SAME},
        )

    def indicator(self) -> Indicator:
        """The indicator, to be presented; its measures compute nothing."""
        bottom = self.denominator.measure() if self.denominator else None
        assert not isinstance(bottom, Computed)  # no denominator is made of other figures: plugins are told so
        return Indicator(
            numerator=self.numerator.measure(),
            denominator=bottom,
            **{name: getattr(self, name) for name in _SAME},
        )


_SAME = (
    "code",
    "label",
    "definition",
    "version",
    "unit",
    "headline",
    "stands",
    "axes",
    "direction",
    "cumulative",
    "source",
    "shortlist",
    "declared",
    "rank",
    "note",
    "programme",
    "apart",
    "programme_only",
)


def _text(expression: Any) -> str | None:
    """The expression as the embedded database would be asked, its constants in it where they have a writing."""
    if expression is None:
        return None
    named = visitors.replacement_traverse(expression, {}, _day_by_its_name)
    return str(named.compile(dialect=_WRITING, compile_kwargs={"literal_binds": True}))


def _day_by_its_name(element: object, **_: object) -> object:
    """The day of the figure is only known when it is computed: it keeps its name in the writing."""
    return sa.literal_column(":au") if isinstance(element, sa.BindParameter) and element.key == au.key else None


def _frozen(*_: object, **__: object) -> NoReturn:
    raise RuntimeError("a frozen figure is not computed again")


# --- Frozen values as plain JSON and back, exactly: what is read again is equal to what was written ----
# The fields of a dataclass that hold their default are left out; the type of a block and of a value in it,
# which their fields do not tell, is written beside them. A name that this version no longer knows is left aside,
# so that what was frozen stays readable.


KIND = "bloc"
_NAMED = {kind.__name__: kind for kind in (*get_args(Block), *get_args(Value), Phrase)}


def plain(value: object) -> object:
    """``value`` in the words of JSON: days in ISO, shares as « 3/5 », dataclasses as objects.

    Raises TypeError for what JSON would not give back.
    """
    if value is None or isinstance(value, bool | int | float | str):
        return str(value) if isinstance(value, StrEnum) else value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    if isinstance(value, Mapping):
        return {_name(key): plain(one) for key, one in value.items()}
    if is_dataclass(value):
        return _told(value)
    raise TypeError(f"{type(value).__name__} cannot be frozen")


def rebuilt(kind: Any, data: Any) -> Any:
    """The value of type ``kind`` that ``plain`` wrote as ``data``."""
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return _one_of(get_args(kind), data)
    if origin is tuple:
        return _several(get_args(kind), data)
    if origin is not None:
        return {name: rebuilt(get_args(kind)[1], one) for name, one in data.items()}
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{name: rebuilt(hints[name], one) for name, one in data.items() if name in hints})
    if kind in (date, datetime):
        return kind.fromisoformat(data)
    if kind is Fraction or (isinstance(kind, type) and issubclass(kind, StrEnum)):
        return kind(data)
    return data


def _told(value: Any) -> dict[str, Any]:
    found = {one.name: plain(held) for one in fields(value) if (held := getattr(value, one.name)) != _default(one)}
    name = type(value).__name__
    return {KIND: name, **found} if name in _NAMED else found


def _default(one: Field[object]) -> object:
    if one.default is not MISSING:
        return one.default
    return one.default_factory() if one.default_factory is not MISSING else MISSING


def _one_of(kinds: tuple[object, ...], data: object) -> object:
    if data is None:
        return None
    left = [kind for kind in kinds if kind is not NoneType]
    if len(left) == 1:
        return rebuilt(left[0], data)
    return rebuilt(_NAMED[data[KIND]], data) if isinstance(data, Mapping) else data


def _several(kinds: tuple[Any, ...], data: Any) -> tuple[object, ...]:
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return tuple(rebuilt(kinds[0], one) for one in data)
    return tuple(rebuilt(kind, one) for kind, one in zip(kinds, data, strict=True))


def _name(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError(f"{key!r}: a name is text")
    return str(key)


@cache
def _hints(kind: object) -> dict[str, object]:
    return get_type_hints(kind)
