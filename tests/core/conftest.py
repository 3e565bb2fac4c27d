"""The command in an empty folder, a store made ready once, and a desk with the real plugins."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.cli import main
from core.cli.edge import workshop
from core.contract import Registry, schema_setup
from core.settings import Settings, sqlite_url
from core.storage import Store
from tests.core.desk import AT, Desk

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with every table and no row, made once."""
    path = tmp_path_factory.mktemp("prepared") / "fabrique.sqlite3"
    with workshop(Settings(database_url=sqlite_url(path))):
        return path


@pytest.fixture
def ready(prepared: Path, tmp_path: Path) -> None:
    """The folder's store is there already: what a person finds from the second command on."""
    (tmp_path / "data").mkdir()
    shutil.copy(prepared, tmp_path / "data")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """``run("plugins")`` in an empty folder, with no setting: status, standard output, standard error."""
    for name in os.environ:
        if name.startswith("FABRIQUE_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, str, str]:
        status = main(arguments)
        told = capsys.readouterr()
        return status, told.out, told.err

    return call


# --- a desk with the real plugins and an empty base ---


@pytest.fixture(scope="session")
def installed_registry() -> Registry:
    return Registry.load(strict=True)


@pytest.fixture(scope="session")
def prepared_base(installed_registry: Registry, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base with every table and no row, made once."""
    path = tmp_path_factory.mktemp("prepared") / "fabrique.sqlite3"
    with Store.open(f"sqlite:///{path}") as opened:
        schema_setup.prepare(installed_registry, opened, at=AT)
    return path


@pytest.fixture
def desk_store(installed_registry: Registry, prepared_base: Path, tmp_path: Path) -> Iterator[Store]:
    path = Path(shutil.copy(prepared_base, tmp_path))
    with Store.open(f"sqlite:///{path}") as opened:
        schema_setup.prepare(installed_registry, opened, at=AT)
        yield opened


@pytest.fixture
def desk(installed_registry: Registry, desk_store: Store) -> Desk:
    """A desk at which nothing was handed in yet."""
    return Desk(installed_registry, desk_store)
