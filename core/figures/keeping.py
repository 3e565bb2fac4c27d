"""Answers kept in the base from one start to the next, for the very same code and plugins."""

from __future__ import annotations

import logging
import sys
from hashlib import sha256
from pathlib import Path

import sqlalchemy as sa

import core
from core.contract import Plugin, Registry
from core.contract.stamp import digest, module_of
from core.errors import BaseBusy, BaseDown
from core.figures.answers import Shelf, closed
from core.figures.cache import Cache
from core.storage import Store

logger = logging.getLogger(__name__)

_MANY = 100_000
"""Of fewer rows, figures are quickly found again."""


class _Code:
    """The print of the code that a registry runs, taken once; empty when its files are not all found."""

    def __init__(self, registry: Registry) -> None:
        seal = sha256(f"{sys.version}\n{sa.__version__}\n{digest(Path(core.__file__).parent)}\n".encode())
        prints = [_print_of(plugin) for plugin in registry.plugins if plugin.experiments]
        seal.update("\n".join(filter(None, prints)).encode())
        self.print = seal.hexdigest() if all(prints) else ""


def shelf_of(cache: Cache, registry: Registry, store: Store) -> Shelf:
    """The shelf of a registry in a store, filled with what the same code kept there."""
    code = code_of(registry)
    return cache.get(("shelf", code), lambda: Shelf(store.kept_answers(code) if code else ()))


def keep(registry: Registry, store: Store, cache: Cache, *, costly_only: bool = False) -> int:
    """Keep in the base what was answered since; how many answers. A base that does not let itself be written waits.

    ``costly_only``: nothing is written for answers that are quickly found again.
    """
    shelf, code = shelf_of(cache, registry, store), code_of(registry)
    if not code or (costly_only and is_small(store)):
        return 0
    taken = shelf.take()
    found = closed(taken)
    if found:
        try:
            store.keep_answers(code, found)
        except (BaseBusy, BaseDown):
            shelf.give_back(taken)
            logger.info("answers are not kept: the base does not let itself be written now")
            return 0
    return len(found)


def is_small(store: Store) -> bool:
    """Whether it holds so few rows that its figures are quickly found again."""
    return store.ever_added() < _MANY


def code_of(registry: Registry) -> str:
    """The print of the code that gave an answer: another version, of a plugin too, gives its own."""
    return registry.memory.of(_Code, lambda: _Code(registry)).print


def _print_of(plugin: Plugin) -> str:
    """The print of a plugin that stands; empty when it was made in memory."""
    file = getattr(sys.modules.get(module_of(plugin)), "__file__", None)
    if file is None:
        return ""
    return f"{plugin.name} {plugin.distribution} {plugin.version} {digest(Path(file).resolve().parent)}"
