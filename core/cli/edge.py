"""Where the command touches the world: the clock, the account, the settings, the plugins, the store."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import sqlalchemy as sa

from core.cli.terminal import complain, keep_output_to_ourselves
from core.contract import Registry, schema_setup
from core.contract.scope import Scope
from core.contract.walls import PluginLimits
from core.domain.access import Actor, Role
from core.domain.calendar import FRANCE, day_in_france
from core.settings import Settings
from core.storage import Store


@dataclass(frozen=True, slots=True)
class Workshop:
    """What a command works with: the settings, the plugins, the store made ready, and the instant.

    ``now`` is of the day of the store: the one that FABRIQUE_TODAY fixes, that of the demonstration where the data
    are its own, else the real one. ``instant`` is the real one, that of accounts and keys.
    """

    settings: Settings
    registry: Registry
    store: Store
    now: datetime
    instant: datetime

    @property
    def today(self) -> date:
        """The day in France of ``now``."""
        return day_in_france(self.now)

    def scope(self, association: str | None = None) -> Scope:
        """What a command that changes something works with, in the stead of ``association`` if one is named."""
        return Scope(self.registry, self.store, self.actor(association), self.now, self.settings)

    def actor(self, association: str | None = None) -> Actor:
        """Who types: the account of the system, in the stead of ``association`` if one is named.

        Whoever holds the server's command line acts for the project lead.
        """
        return Actor(self.settings.actor or account(), Role.LEAD, on_behalf_of=association)


@contextmanager
def workshop(settings: Settings | None = None) -> Iterator[Workshop]:
    """Everything ready to work with; the store is closed afterwards."""
    found = settings or Settings.read()
    registry = plugins(found)
    instant = datetime.now(UTC)
    with Store.open(found.database_url, found.database_read_url) as store:
        before = store.latest()
        schema_setup.prepare(registry, store, at=instant)
        if before and store.latest() > before:
            complain(f"Les tableaux ont été mis à niveau (n° {store.latest()}) : « fabrique history » dit lesquels.")
        yield Workshop(found, registry, store, _on_its_day(found, store, instant), instant)


def _on_its_day(settings: Settings, store: Store, instant: datetime) -> datetime:
    """The instant on the day of the store; the hour stays the real one, so that deeds keep their order."""
    day = settings.today or (_demonstration_day() if schema_setup.is_fictitious(store) else None)
    return datetime.combine(day, instant.astimezone(FRANCE).time(), FRANCE) if day else instant


def _demonstration_day() -> date:
    from core.demonstration import TODAY

    return TODAY


def plugins(settings: Settings) -> Registry:
    """The installed plugins; what they print no longer reaches standard output."""
    keep_output_to_ourselves()
    return Registry.load(strict=settings.strict_plugins, limits=PluginLimits(settings.plugin_seconds))


def database_file(settings: Settings) -> Path | None:
    """The file of an SQLite base; None when it is a server's, or an address that nobody can read."""
    try:
        url = sa.make_url(settings.database_url)
    except sa.exc.ArgumentError:
        return None
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def account() -> str:
    """The name of the account that runs the command; a container may have none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "ligne de commande"


def address_of(settings: Settings, secret: str) -> str:
    """The address to open a link at: the public one, else that of this machine."""
    base = settings.public_url or f"http://{settings.host}:{settings.port}"
    return f"{base}/invitation/{secret}"
