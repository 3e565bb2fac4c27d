"""What everybody who does something works with: the plugins, the store, who acts, the instant, the settings."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime

from core.contract.registry import Registry
from core.domain.access import Actor
from core.domain.calendar import day_in_france
from core.settings import Settings
from core.storage import Store
from core.storage.writing import Writing


@dataclass(frozen=True, slots=True)
class Scope:
    """By whom, when and in which house something is done; a room asks for it where it changes something.

    It is put together at the edge: by the context of the screens, by the command, by the fictitious year.
    ``now`` is an aware instant, on the day of the store. ``settings`` is None where nobody read any (tests).
    """

    registry: Registry
    store: Store
    actor: Actor
    now: datetime
    settings: Settings | None = None

    @property
    def today(self) -> date:
        """The day in France of ``now``."""
        return day_in_france(self.now)

    @property
    def below(self) -> int:
        """The first number of people that may be shown where small ones are hidden."""
        return 5 if self.settings is None else self.settings.mask_below

    def writing(self) -> AbstractContextManager[Writing]:
        """One transaction of changes by the actor, now. Raises what ``Store.writing`` raises."""
        return self.store.writing(self.actor, self.now)
