"""The demonstration's store, filled once: as it opens, and once the live file is in."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.contract import Registry, schema_setup
from core.demonstration import TODAY
from core.demonstration.live import write_live_file
from core.figures import Monitor
from core.storage import Store
from tests.core.demonstration.live_deposit import NOW, deposit_all
from tests.support.filled import copied, demonstration_url


def _url(folder: Path) -> str:
    return f"sqlite:///{folder / 'demonstration.sqlite3'}"


@dataclass(frozen=True)
class Demo:
    """A filled store, with what reads it."""

    registry: Registry
    store: Store
    monitor: Monitor
    live_file: Path


def _demo(registry: Registry, folder: Path, live_file: Path) -> Demo:
    store = Store.open(_url(folder))
    schema_setup.prepare(registry, store, at=NOW)
    return Demo(registry, store, Monitor(registry, store, today=TODAY), live_file)


@pytest.fixture(scope="session")
def registry() -> Registry:
    """The five plugins of the house; none may fail."""
    return Registry.load(strict=True)


@pytest.fixture(scope="session")
def _filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demonstration")
    copied(demonstration_url(), folder / "demonstration.sqlite3")
    write_live_file(folder)
    return folder


def _copy(filled: Path, folder: Path) -> Path:
    """The folder of a filled store, once more: a test that writes spoils nobody's store."""
    return Path(shutil.copytree(filled, folder / "demo"))


@pytest.fixture(scope="session")
def before(registry: Registry, _filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demonstration as it opens, to read only."""
    folder = _copy(_filled, tmp_path_factory.mktemp("before"))
    demo = _demo(registry, folder, next(folder.glob("*.xlsx")))
    yield demo
    demo.store.close()


@pytest.fixture(scope="session")
def after(registry: Registry, _filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demonstration once the live file was corrected and deposited, to read only."""
    folder = _copy(_filled, tmp_path_factory.mktemp("after"))
    demo = _demo(registry, folder, next(folder.glob("*.xlsx")))
    assert not any(outcome.refused for outcome in deposit_all(registry, demo.store, demo.live_file))
    yield demo
    demo.store.close()


@pytest.fixture
def fresh(registry: Registry, _filled: Path, tmp_path: Path) -> Iterator[Demo]:
    """The demonstration as it opens, to write into."""
    folder = _copy(_filled, tmp_path)
    demo = _demo(registry, folder, next(folder.glob("*.xlsx")))
    yield demo
    demo.store.close()
