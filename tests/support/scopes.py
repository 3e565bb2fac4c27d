"""Somebody who acts on a store, where no plugin has a part in what is done."""

from __future__ import annotations

from datetime import datetime

from core.contract import Registry
from core.contract.scope import Scope
from core.domain.access import Actor
from core.storage import Store


def acting(store: Store, actor: Actor, now: datetime) -> Scope:
    """``actor``, now, with no plugin at all."""
    return Scope(Registry.load(()), store, actor, now)
