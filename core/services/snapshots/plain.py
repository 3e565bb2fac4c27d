"""Frozen values as plain JSON and back, exactly: what is read again is equal to what was written.

The fields of a dataclass that hold their default are left out; the type of a block, which its
fields do not tell, is written beside them. A name that this version no longer knows is left aside,
so that what was frozen stays readable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from core.domain.report import Block

KIND = "bloc"
_BLOCKS = {kind.__name__: kind for kind in get_args(Block)}


def plain(value: Any) -> Any:
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
    if is_dataclass(kind):
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
    return {KIND: name, **found} if name in _BLOCKS else found


def _default(one: Field[Any]) -> Any:
    if one.default is not MISSING:
        return one.default
    return one.default_factory() if one.default_factory is not MISSING else MISSING


def _one_of(kinds: tuple[Any, ...], data: Any) -> Any:
    if data is None:
        return None
    left = [kind for kind in kinds if kind is not NoneType]
    return rebuilt(_BLOCKS[data[KIND]] if len(left) > 1 else left[0], data)


def _several(kinds: tuple[Any, ...], data: Any) -> tuple[Any, ...]:
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return tuple(rebuilt(kinds[0], one) for one in data)
    return tuple(rebuilt(kind, one) for kind, one in zip(kinds, data, strict=True))


def _name(key: Any) -> str:
    if not isinstance(key, str):
        raise TypeError(f"{key!r}: a name is text")
    return str(key)


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
