"""Fixtures that every test may ask for, and the rule that nothing is skipped under CI."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Generator, Iterator
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import expect
from streamlit.components.v2 import manifest_scanner
from streamlit.config import set_option

from core.storage import engine
from tests.support.databases import BACKENDS, postgres_database, postgres_server, sqlite_url
from tests.support.office import Convert, converter
from tests.support.skips import refuse_skip
from tests.support.tools import find_chromium, find_soffice

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",  # root, in a container
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
PATIENCE = 90_000
"""How long a page may take to say something, in milliseconds: a busy machine is slow, not wrong."""


collect_ignore = ["ct5_istres"]
"""A distribution of its own, with tests that run once it is installed."""

# --- nothing is skipped under CI ----------------------------------------------------------


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    refuse_skip(report)
    return report


# --- what a test asks for is marked; the browser comes last ---------------------------------


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What asks for a browser or a PostgreSQL bears the mark, even where its author forgot it.

    Before the others, since ``-m`` looks at the marks. What asks for a browser comes last, as far as workers that
    take each other's tests let it.
    """
    for item in items:
        asked = getattr(item, "fixturenames", ())
        if "browser" in asked and item.get_closest_marker("browser") is None:
            item.add_marker("browser")
        if "postgres_url" in asked or "postgresql" in _backends(item):
            item.add_marker("postgresql")
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


def _backends(item: pytest.Item) -> list[object]:
    """The kinds of database that a test is given as a parameter, by itself or by a fixture."""
    call = getattr(item, "callspec", None)
    return [value for value in call.params.values() if isinstance(value, str)] if call else []


@pytest.fixture(autouse=True)
def _no_loop_but_its_own(request: pytest.FixtureRequest) -> Iterator[None]:
    """Playwright keeps its event loop in the thread until the session ends: put aside while others are tried."""
    loop = asyncio._get_running_loop()
    if loop is None or request.node.get_closest_marker("browser"):
        yield
        return
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(loop)


# --- databases ----------------------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def _no_wait_for_the_disk() -> None:
    """SQLite does not wait for the disk in this process; servers and commands that tests start do, as products."""
    engine._PRAGMAS = tuple(one.replace("synchronous=FULL", "synchronous=OFF") for one in engine._PRAGMAS)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """URL of a real PostgreSQL server, started for this session: make databases on it."""
    with postgres_server() as url:
        yield url


@pytest.fixture(params=BACKENDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a new empty database: the test runs once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path)
        return
    with postgres_database(request.getfixturevalue("postgres_url")) as url:
        yield url


@pytest.fixture
def sqlite_database_url(tmp_path: Path) -> str:
    """URL of a new empty SQLite file, for what is the same on every database."""
    return sqlite_url(tmp_path)


@pytest.fixture
def postgresql_database_url(postgres_url: str) -> Iterator[str]:
    """URL of a new empty PostgreSQL database, for what only a server does."""
    with postgres_database(postgres_url) as url:
        yield url


# --- memory -------------------------------------------------------------------------------


def pytest_collection_finish() -> None:
    """Look for garbage rarely, and never among the modules loaded: a third of the time of the tests went there."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 1_000, 1_000)


# --- pages without a browser ----------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def _collect_as_the_server_does() -> None:
    """After each page the framework looks for garbage in the whole process; our server asks it not to."""
    set_option("runner.postScriptGC", False)


@pytest.fixture(scope="session", autouse=True)
def _packages_are_looked_through_once() -> None:
    """The framework looks for components in every package installed: once as a server, and here for each page opened.

    Measured: half of the time of every page that a test opens without a browser.
    """
    manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)


# --- browser ------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """Of pytest-playwright: this machine's own Chromium, usable by root and in a container."""
    chromium = find_chromium()
    if chromium is None:
        pytest.skip("no Chromium on this machine: « make test » says how to install one")
    expect.set_options(timeout=PATIENCE)
    return {"executable_path": chromium, "args": CHROMIUM_ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, object]) -> dict[str, object]:
    """Of pytest-playwright: a browser in French, on Marseille's time."""
    return {**browser_context_args, "locale": "fr-FR", "timezone_id": "Europe/Paris"}


# --- office suite -------------------------------------------------------------------------


@pytest.fixture(scope="session")
def soffice(tmp_path_factory: pytest.TempPathFactory) -> Convert:
    """`soffice(source, "xlsx") -> Path`: the file as LibreOffice saves it (tests/support/office.py)."""
    program = find_soffice()
    if program is None:
        pytest.skip("no LibreOffice on this machine: « make test » says how to install it")
    return converter(program, tmp_path_factory.mktemp("soffice"))
