"""A store with what the project lead must record before anything is published; every number is fictitious."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import frictionless
import pytest

from core.contract import Registry, schema_setup
from core.storage import Store
from tests.core.desk import AT, Desk

SCHEMAS = Path(__file__).parent / "schemas"
# Valid check digits, made up for these tests: they identify nobody.
LEAD_SIRET, SIRETS = (
    "12345678200010",
    {
        "anonymal": "11111111100014",
        "arsenic": "22222222200028",
        "ifac": "33333333300032",
        "point-formation": "",
    },
)


def agreement(association: str, **changes: Any) -> dict[str, Any]:
    """A convention with all that the publication asks for."""
    return {
        "association": association,
        "date_signature": date(2021, 7, 12),
        "siret": SIRETS[association] or None,
        "rna": None if SIRETS[association] else "W131234567",
        "siret_attribuant": LEAD_SIRET,
        "notification_ue": False,
        **changes,
    }


def payment(line: str, day: date, nature: str = "avance") -> dict[str, Any]:
    return {"reference": f"M-{line}-{day}", "ligne": line, "date": day, "montant": 100_000, "nature": nature}


def schema(name: str) -> dict[str, Any]:
    return json.loads((SCHEMAS / name).read_text(encoding="utf-8"))


def faults(content: bytes, schema_name: str) -> list[Any]:
    """What the official schema has against a file; its custom checks are ours to make."""
    declared = schema(schema_name)
    declared.pop("custom_checks", None)
    resource = frictionless.Resource(
        data=content, format="csv", encoding="utf-8", schema=frictionless.Schema.from_descriptor(declared)
    )
    return [
        (one.row_number, one.field_name, one.note) if hasattr(one, "row_number") else one.message
        for one in resource.validate().task.errors
    ]


@pytest.fixture(scope="session")
def registry() -> Registry:
    return Registry.load(strict=True)


@pytest.fixture(scope="session")
def empty_base(registry: Registry, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base with every table and no row, made once."""
    path = tmp_path_factory.mktemp("legal") / "vide.sqlite3"
    with Store.open(f"sqlite:///{path}") as store:
        schema_setup.prepare(registry, store, at=AT)
    return path


@pytest.fixture(scope="session")
def signed_base(registry: Registry, empty_base: Path) -> Path:
    """The same, with the four conventions signed and a payment on each line."""
    path = Path(shutil.copy(empty_base, empty_base.with_name("signe.sqlite3")))
    with Store.open(f"sqlite:///{path}") as store:
        schema_setup.prepare(registry, store, at=AT)
        sign(Desk(registry, store))
    return path


@pytest.fixture
def desk(registry: Registry, empty_base: Path, tmp_path: Path) -> Iterator[Desk]:
    """A desk at which nothing was recorded yet."""
    yield from _at(registry, empty_base, tmp_path)


@pytest.fixture
def signed(registry: Registry, signed_base: Path, tmp_path: Path) -> Iterator[Desk]:
    """A desk at which all that publication asks for was recorded."""
    yield from _at(registry, signed_base, tmp_path)


def _at(registry: Registry, base: Path, folder: Path) -> Iterator[Desk]:
    with Store.open(f"sqlite:///{shutil.copy(base, folder)}") as store:
        schema_setup.prepare(registry, store, at=AT)
        yield Desk(registry, store)


def sign(desk: Desk) -> None:
    """Record the four conventions and a payment on each line."""
    desk.save("metropole", "conventions", *(agreement(one) for one in SIRETS))
    desk.save(
        "metropole",
        "versements",
        payment("anonymal-ct2", date(2021, 8, 30)),
        payment("anonymal-ct3", date(2021, 8, 30)),
        payment("arsenic-accompagner", date(2021, 11, 29)),
        payment("arsenic-equiper-connecter", date(2022, 3, 1), "acompte"),
        payment("ifac", date(2021, 9, 22)),
        payment("point-formation", date(2021, 11, 18), "versement unique"),
    )


@pytest.fixture(scope="session")
def demonstration():
    """The fictitious year, read only."""
    from tests.support.filled import demonstration_context

    return demonstration_context()
