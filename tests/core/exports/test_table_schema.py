"""The JSON Table Schema of every dataset keeps the rules of the standard, and says what the reading accepts."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

import polars as pl
import pytest

from core.catalogue.numbers import Entier, Montant
from core.exports.description import DatasetDescription
from core.exports.table_schema import as_bytes, example, table_schema
from tests.core.exports.test_template import ALL, registry

TYPES = {"string", "number", "integer", "boolean", "date"}
# Which constraint each type may bear (Table Schema, « Constraints »).
CONSTRAINTS = {
    "string": {"required", "unique", "enum", "pattern", "minLength", "maxLength"},
    "number": {"required", "unique", "enum", "minimum", "maximum"},
    "integer": {"required", "unique", "enum", "minimum", "maximum"},
    "boolean": {"required", "enum"},
    "date": {"required", "unique", "enum", "minimum", "maximum"},
}
PROPERTIES = {
    *("name", "title", "description", "type", "format", "example", "constraints"),
    *("decimalChar", "trueValues", "falseValues"),
}


def schema_of(association: str, dataset: str) -> tuple[DatasetDescription, dict[str, Any]]:
    about = DatasetDescription.of(registry(), association, dataset)
    return about, table_schema(about)


@pytest.mark.parametrize(("association", "dataset"), ALL)
def test_every_field_is_one_that_the_standard_knows(association: str, dataset: str) -> None:
    about, schema = schema_of(association, dataset)
    assert [field["name"] for field in schema["fields"]] == list(about.dataset.by_name)
    for field in schema["fields"]:
        assert set(field) <= PROPERTIES, field["name"]
        assert field["type"] in TYPES and field["title"] and field["description"]
        assert set(field["constraints"]) <= CONSTRAINTS[field["type"]]
        assert field["constraints"]["required"] is about.dataset.by_name[field["name"]].required
        re.compile(field["constraints"].get("pattern", ""))


@pytest.mark.parametrize(("association", "dataset"), ALL)
def test_an_example_is_one_of_the_codes_of_its_list(association: str, dataset: str) -> None:
    for field in schema_of(association, dataset)[1]["fields"]:
        listed = field["constraints"].get("enum")
        assert not listed or field.get("example", listed[0]) in listed, field


@pytest.mark.parametrize(("association", "dataset"), ALL)
def test_keys_name_fields_that_exist(association: str, dataset: str) -> None:
    about, schema = schema_of(association, dataset)
    names = {field["name"]: field for field in schema["fields"]}
    assert ("primaryKey" in schema) != ("uniqueKeys" in schema)
    assert all(names[key]["constraints"]["required"] for key in schema.get("primaryKey", ()))
    assert (schema.get("primaryKey") or schema["uniqueKeys"][0]) == list(about.dataset.key)
    for foreign in schema.get("foreignKeys", ()):
        assert set(foreign["fields"]) <= set(names)
        other = registry().dataset(association, foreign["reference"]["resource"])
        assert foreign["reference"]["fields"] == list(other.key)
    assert schema["missingValues"] == [""]


@pytest.mark.parametrize(("association", "dataset"), ALL)
def test_the_example_row_is_valid_under_its_schema(association: str, dataset: str) -> None:
    about, schema = schema_of(association, dataset)
    row = example(about)
    written = {name: text for name in about.dataset.by_name if (text := canonical(about, name, row[name]))}
    assert {one["name"] for one in schema["fields"] if one["constraints"]["required"]} <= set(written)
    for field in schema["fields"]:
        if field["name"] in written:
            check(field, written[field["name"]])


def canonical(about: DatasetDescription, name: str, text: str) -> str:
    """The cell as the product itself writes it once read."""
    kind = about.dataset.by_name[name].kind
    value = kind.read(pl.Series([text or None], dtype=pl.String)).values[0]
    return "" if value is None else kind.write(value)


def check(field: dict[str, Any], text: str) -> None:
    limits = field["constraints"]
    match field["type"]:
        case "date":
            assert datetime.strptime(text, field["format"])
        case "boolean":
            assert text in field["trueValues"] + field["falseValues"]
        case "integer" | "number":
            value = float(text.replace(field.get("decimalChar", "."), "."))
            assert limits.get("minimum", value) <= value <= limits.get("maximum", value)
        case _:
            assert re.fullmatch(limits.get("pattern", ".*"), text)
            assert len(text) <= limits.get("maxLength", len(text))
            assert text in limits.get("enum", [text])


def test_a_key_that_may_be_blank_is_no_primary_key() -> None:
    _, schema = schema_of("anonymal", "accompagnements")
    assert schema["uniqueKeys"] == [["lieu", "mois", "structure"]]
    assert schema_of("anonymal", "raccordements")[1]["foreignKeys"] == [
        {"fields": ["code_immeuble"], "reference": {"resource": "immeubles", "fields": ["code_immeuble"]}}
    ]


def test_bounds_are_in_the_unit_that_people_type() -> None:
    about, schema = schema_of("anonymal", "materiel")
    price = next(field for field in schema["fields"] if field["name"] == "valeur_unitaire")
    assert isinstance(about.dataset.by_name["valeur_unitaire"].kind, Montant)
    assert (price["type"], price["decimalChar"], price["constraints"]["minimum"]) == ("number", ",", 0)
    days = next(f for f in schema_of("anonymal", "formations")[1]["fields"] if f["name"] == "duree_jours")
    assert days["constraints"] == {"required": True, "minimum": 1, "maximum": 3}


def test_the_file_is_readable_json_with_accents() -> None:
    about = DatasetDescription.of(registry(), "ifac", "concertations")
    assert json.loads(as_bytes(about)) == table_schema(about)
    assert "Code de la réunion" in as_bytes(about).decode()
    assert isinstance(about.dataset.by_name["participants"].kind, Entier)
