"""Where the command touches the world: the clock, the account, the settings, the store."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime

from core.domain.actor import Actor, Role
from core.domain.local_time import FRANCE
from core.registry import Registry
from core.services import opening
from core.settings import Settings
from core.storage import Store


@dataclass(frozen=True, slots=True)
class Workshop:
    """What a command works with: the settings, the plugins, the store made ready, and the instant."""

    settings: Settings
    registry: Registry
    store: Store
    now: datetime

    @property
    def today(self) -> date:
        """The day in France, or the one that FABRIQUE_TODAY fixes."""
        return self.settings.today or self.now.astimezone(FRANCE).date()

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
    now = datetime.now(UTC)
    with Store.open(found.database_url) as store:
        opening.prepare(registry, store, at=now)
        yield Workshop(found, registry, store, now)


def plugins(settings: Settings) -> Registry:
    """The installed plugins."""
    return Registry.load(strict=settings.strict_plugins)


def account() -> str:
    """The name of the account that runs the command; a container may have none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "ligne de commande"
