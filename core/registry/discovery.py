"""Which plugins are installed, and in which order they are asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points

from core.hookspecs import GROUP

OWN_DISTRIBUTION = "fabrique-inclusive"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry point not yet loaded: its name, where it comes from, how to load it."""

    name: str
    distribution: str
    version: str
    entry_point: EntryPoint


def installed() -> tuple[Candidate, ...]:
    """Every entry point of the group ``fabrique.experiments`` in this environment."""
    return candidates(entry_points(group=GROUP))


def candidates(found: Iterable[EntryPoint]) -> tuple[Candidate, ...]:
    """The entry points in the order in which they are asked.

    The product's own come first, then the others by name: of two plugins that claim one
    code, a stranger never takes the place of what is voted.
    """
    made = {_key(entry): _candidate(entry) for entry in found}
    return tuple(sorted(made.values(), key=lambda c: (c.distribution != OWN_DISTRIBUTION, c.name, c.distribution)))


def _key(entry: EntryPoint) -> tuple[str, str, str]:
    # One distribution is listed twice when two folders of sys.path show it.
    return entry.name, entry.value, entry.dist.name if entry.dist else ""


def _candidate(entry: EntryPoint) -> Candidate:
    if entry.dist is None:
        return Candidate(entry.name, "inconnue", "", entry)
    return Candidate(entry.name, entry.dist.name, entry.dist.version, entry)
