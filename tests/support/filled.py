"""The demonstration's store, filled once for the very same code: pages are tried on a copy, read only."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from core.contract import Registry, schema_setup
from core.demonstration import TODAY, people
from core.demonstration.filling import fill
from core.domain.access import Actor
from core.figures.keeping import code_of
from core.settings import sqlite_url
from core.storage import Store
from dashboard.context import Context

LEAD = people.LEAD
"""Who looks at the pages, unless a test says otherwise."""
NOW = datetime(2022, 7, 5, 9, tzinfo=UTC)
_CACHE = Path(__file__).parents[2] / ".pytest_cache" / "fabrique"


@cache
def registry() -> Registry:
    """The five plugins of the house; none may fail."""
    return Registry.load(strict=True)


@cache
def demonstration_url() -> str:
    """The address of a store that tells the fictitious year, and keeps what a service that ran a while had answered."""
    copy = Path(_folder().name) / "demonstration.sqlite3"
    return sqlite_url(copied(sqlite_url(prepared_demonstration()), copy))


@cache
def served_url() -> str:
    """The address of another copy, that a browser is served from: who signs in there is known nowhere else."""
    return sqlite_url(copied(sqlite_url(prepared_demonstration()), Path(_folder().name) / "served.sqlite3"))


def prepared_demonstration() -> Path:
    """The file of the filled demonstration: the one of the very same code, found in pytest's cache, else made there."""
    code = code_of(registry())
    kept = _CACHE / f"demonstration-{code}.sqlite3"
    if code and kept.exists():
        return kept
    _CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=_CACHE) as folder:
        made = Path(folder) / "filled.sqlite3"
        with Store.open(sqlite_url(made)) as store:
            fill(registry(), store)
            context = Context(registry(), store, lambda: TODAY, demonstration=True)
            context.warm(context.days_shown)
        for old in _CACHE.glob("demonstration-*.sqlite3"):
            old.unlink(missing_ok=True)
        copied(sqlite_url(made), Path(folder) / "whole.sqlite3").replace(kept)
    return kept


@cache
def empty_url() -> str:
    """The address of a store with every table and no row."""
    return _made("vide", lambda store: schema_setup.prepare(registry(), store, at=NOW))


def empty_copy(folder: Path) -> str:
    """The address of a store of one's own, in ``folder``, with every table and no row."""
    return sqlite_url(copied(empty_url(), folder / "vide.sqlite3"))


@cache
def served_empty_url() -> str:
    """The address of another one, that a browser is served from."""
    return _made("vide-servie", lambda store: schema_setup.prepare(registry(), store, at=NOW))


def copied(url: str, copy: Path) -> Path:
    """A store of one's own, to write in, at ``copy``.

    Made by SQLite: a file that this process reads and closes by itself loses the locks that its open
    connections have on it, and another process then takes their journal away.
    """
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as source, closing(sqlite3.connect(copy)) as target:
        target.execute("PRAGMA synchronous = OFF")  # nothing here has to survive a power cut
        source.backup(target)
    return copy


def _made(name: str, make: Callable[[Store], None]) -> str:
    url = sqlite_url(Path(_folder().name) / f"{name}.sqlite3")
    with Store.open(url) as store:
        make(store)
    return url


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    """Removed when the process ends."""
    return tempfile.TemporaryDirectory(prefix="fabrique-tests-")


@cache
def _store(url: str) -> Store:
    store = Store.open(url)
    schema_setup.prepare(registry(), store, at=NOW)
    return store


def demonstration_context(plugins: Registry | None = None, visitor: Actor | None = LEAD) -> Context:
    """What the pages of the demonstration ask, on 5 July 2022; ``plugins`` replaces the five."""
    known = plugins or registry()
    return Context(known, _store(demonstration_url()), lambda: TODAY, demonstration=True, visitors=lambda: visitor)


def empty_context(visitor: Actor | None = LEAD) -> Context:
    """What the pages ask before anybody has deposited anything."""
    return Context(registry(), _store(empty_url()), lambda: TODAY, visitors=lambda: visitor)
