"""A dataset’s declaration as plain data, kept with its rows, and read again when nothing declares it any more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, is_dataclass
from typing import Any

import pandera.polars as pa
import polars as pl

from core.catalogue.choices import CodeCommune, Compte, Experience, Lieu, Ligne, Liste, OuiNon
from core.catalogue.columns import Schema
from core.catalogue.dates import Jour, Mois
from core.catalogue.numbers import Annee, Decimal, Entier, Montant
from core.catalogue.texts import CodePostal, Siret, Texte
from core.domain.column_type import Choice, ColumnType
from core.domain.dataset import Column, Dataset

_TYPES: tuple[type[ColumnType], ...] = (
    Texte,
    Siret,
    CodePostal,
    Entier,
    Annee,
    Montant,
    Decimal,
    Jour,
    Mois,
    OuiNon,
    Liste,
    Lieu,
    CodeCommune,
    Experience,
    Ligne,
    Compte,
)
_BY_NAME: Mapping[str, type[ColumnType]] = {one.__name__: one for one in _TYPES}
_PLAIN: Mapping[str, type[ColumnType]] = {
    "String": Texte,
    "Int64": Entier,
    "Float64": Decimal,
    "Date": Jour,
    "Boolean": OuiNon,
}
"""How the values of a column are read when only their type is known."""
_CODE = "code"


def plain(dataset: Dataset) -> dict[str, object]:
    """What must be kept of a declaration for its rows to be read, shown and exported: no rule, no upgrade."""
    return {
        _CODE: dataset.code,
        "title": dataset.title,
        "description": dataset.description,
        "key": list(dataset.key),
        "axis": dataset.axis,
        "place": dataset.place,
        "version": dataset.version,
        "columns": [_column(one) for one in dataset.columns],
    }


def rebuilt(kept: Mapping[str, Any]) -> Dataset:
    """The dataset that ``plain`` wrote; without its rules, references and upgrades."""
    return Dataset(
        code=kept[_CODE],
        title=kept["title"],
        schema=_schema(kept[_CODE], kept["columns"]),
        key=tuple(kept["key"]),
        description=kept["description"],
        axis=kept["axis"],
        place=kept["place"],
        version=kept["version"],
    )


def unnamed(code: str, version: int, key: Sequence[str], types: Mapping[str, str]) -> Dataset:
    """A dataset of which only the names and the types of the columns (« Int64 ») are known."""
    columns = [
        {"name": name, "title": name, "description": "", "nullable": name not in key, "required": name in key}
        | {"personal_exempt": False, "type": _PLAIN[dtype].__name__, "given": {}}
        for name, dtype in types.items()
    ]
    told = {_CODE: code, "title": code, "description": "", "key": list(key), "axis": None, "place": None}
    return rebuilt({**told, "version": version, "columns": columns})


def _column(one: Column) -> dict[str, object]:
    known = type(one.kind) in _TYPES
    given: list[str] = [each.name for each in fields(one.kind)] if known and is_dataclass(one.kind) else []
    return {
        "name": one.name,
        "title": one.title,
        "description": one.description,
        "nullable": one.nullable,
        "required": one.required,
        "personal_exempt": one.personal_exempt,
        "type": type(one.kind).__name__ if known else _PLAIN[str(one.kind.dtype)].__name__,
        "given": {name: _given(getattr(one.kind, name)) for name in given},
    }


def _given(value: object) -> object:
    """An argument of a column’s kind, as JSON writes it."""
    if isinstance(value, tuple):
        return [asdict(one) if isinstance(one, Choice) else one for one in value]
    return value


def _kind(told: Mapping[str, Any]) -> ColumnType:
    sort = _BY_NAME[told["type"]]
    known = {one.name for one in fields(sort) if one.init}  # type: ignore[arg-type]  # every kind is a dataclass
    given = {name: _taken(value) for name, value in told["given"].items() if name in known}
    return sort(**given)


def _taken(value: object) -> object:
    if isinstance(value, list):
        return tuple(Choice(**one) if isinstance(one, dict) else one for one in value)
    return value


def _schema(code: str, columns: Sequence[Mapping[str, Any]]) -> type[Schema]:
    kinds = {one["name"]: _kind(one) for one in columns}
    declared = {
        one["name"]: pa.Field(
            nullable=one["nullable"],
            required=one["required"],
            title=one["title"],
            description=one["description"],
            metadata={"kind": kinds[one["name"]], "personal_exempt": one["personal_exempt"]},
        )
        for one in columns
    }
    annotations: dict[str, type[pl.DataType]] = {name: kind.dtype for name, kind in kinds.items()}
    return type(f"Kept_{code}", (Schema,), {"__annotations__": annotations, **declared})
