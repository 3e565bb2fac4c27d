"""A desk with the real plugins and an empty base, for the tests of services."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.registry import Registry
from core.services import opening
from core.storage import Store
from tests.core.services.desk import AT, Desk


@pytest.fixture(scope="session")
def installed_registry() -> Registry:
    return Registry.load(strict=True)


@pytest.fixture(scope="session")
def prepared_base(installed_registry: Registry, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base with every table and no row, made once."""
    path = tmp_path_factory.mktemp("prepared") / "fabrique.sqlite3"
    with Store.open(f"sqlite:///{path}") as opened:
        opening.prepare(installed_registry, opened, at=AT)
    return path


@pytest.fixture
def desk_store(installed_registry: Registry, prepared_base: Path, tmp_path: Path) -> Iterator[Store]:
    path = Path(shutil.copy(prepared_base, tmp_path))
    with Store.open(f"sqlite:///{path}") as opened:
        opening.prepare(installed_registry, opened, at=AT)
        yield opened


@pytest.fixture
def desk(installed_registry: Registry, desk_store: Store) -> Desk:
    """A desk at which nothing was handed in yet."""
    return Desk(installed_registry, desk_store)
