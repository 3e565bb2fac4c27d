"""Which plugins are installed, and in which order they are asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, EntryPoint, distributions

from core.errors import PluginProblem
from core.hookspecs import GROUP
from core.registry.failures import Stage, wall

OWN_DISTRIBUTION = "fabrique-inclusive"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry point not yet loaded: its name, where it comes from, how to load it.

    ``entry_point`` is None, and ``problem`` says why, when the distribution's own list of
    entry points cannot be read.
    """

    name: str
    distribution: str
    version: str
    entry_point: EntryPoint | None
    problem: PluginProblem | None = None


def installed() -> tuple[Candidate, ...]:
    """Every entry point of the group ``fabrique.experiments`` in this environment.

    Distributions are asked one by one: one whose metadata are broken, even a stranger to
    this product, would otherwise hide all the others.
    """
    found: dict[str, Distribution] = {}
    for distribution in distributions():
        found.setdefault((distribution.name or "").lower().replace("_", "-"), distribution)
    return _in_order(one for distribution in found.values() for one in _of(distribution))


def candidates(found: Iterable[EntryPoint]) -> tuple[Candidate, ...]:
    """Given entry points, in the order in which they are asked."""
    return _in_order(_candidate(entry) for entry in found)


def _in_order(found: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """The product's own first, then the others by name.

    Of two plugins that claim one code, a stranger so never takes the place of what is voted.
    """
    return tuple(sorted(found, key=lambda c: (c.distribution != OWN_DISTRIBUTION, c.name, c.distribution)))


def _of(distribution: Distribution) -> Iterator[Candidate]:
    text = distribution.read_text("entry_points.txt") or ""
    if GROUP not in text:
        return
    try:
        listed = wall(Stage.LOAD, "entry_points.txt", lambda: tuple(distribution.entry_points.select(group=GROUP)))
    except PluginProblem as problem:
        name = distribution.name or "inconnue"
        yield Candidate(name, name, distribution.version or "", None, problem)
        return
    yield from (_candidate(entry) for entry in listed)


def _candidate(entry: EntryPoint) -> Candidate:
    if entry.dist is None:
        return Candidate(entry.name, "inconnue", "", entry)
    return Candidate(entry.name, entry.dist.name, entry.dist.version or "", entry)
