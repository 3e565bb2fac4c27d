"""A dataset as a JSON Table Schema, for who checks or publishes its files with other tools.

Source: « Table Schema », Data Package 2.0. Values are those of a CSV typed in French: dates
jj/mm/aaaa, decimal comma, « oui » and « non ».
"""

from __future__ import annotations

import json
from typing import Any

from core.domain.dataset import Column
from core.exports.description import Described
from core.exports.examples import cell_example, example

PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"


def table_schema(about: Described) -> dict[str, Any]:
    """The schema of one dataset as one association hands it in.

    A key of which a column may stay blank is a unique key, not a primary one: a primary key
    would forbid the blank.
    """
    dataset = about.dataset
    row = example(about)
    key = list(dataset.key)
    filled = all(dataset.by_name[name].required for name in key)
    return {
        "$schema": PROFILE,
        "name": dataset.code,
        "title": dataset.title,
        "description": dataset.description,
        "version": dataset.version,
        "fields": [_field(column, cell_example(about, column, row)) for column in dataset.columns],
        **({"primaryKey": key} if filled else {"uniqueKeys": [key]}),
        **_foreign_keys(about),
        "missingValues": [""],
    }


def as_bytes(about: Described) -> bytes:
    """The same, as a file."""
    return (json.dumps(table_schema(about), ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def _field(column: Column, sample: str) -> dict[str, Any]:
    declared = dict(column.kind.json_schema())
    limits = {name: _plain(value) for name, value in declared.pop("constraints", {}).items()}
    constraints = {"required": column.required, **limits}
    field = {"name": column.name, "title": column.title, "description": column.description or column.kind.expected}
    more = {"decimalChar": ","} if declared["type"] == "number" else {}
    return {**field, **declared, **more, **({"example": sample} if sample else {}), "constraints": constraints}


def _plain(value: Any) -> Any:
    """A whole bound without its « .0 »; a pattern in the dialect that the standard asks for (XML Schema)."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value.replace("(?:", "(") if isinstance(value, str) else value


def _foreign_keys(about: Described) -> dict[str, Any]:
    found = [
        {"fields": [one.column], "reference": {"resource": one.dataset, "fields": list(about.others[one.dataset].key)}}
        for one in about.dataset.references
    ]
    return {"foreignKeys": found} if found else {}
