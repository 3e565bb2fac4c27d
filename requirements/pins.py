"""The packages that the compiled requirements pin, each with its hashes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
RUNTIME, DEV = HERE / "runtime.txt", HERE / "dev.txt"
_LINE = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(?:\[[^]]*\])?==(?P<version>[^\s;]+)\s*(?:;\s*(?P<marker>.+?))?\s*$")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Pin:
    """A package at one version; ``marker`` says on which systems, ``hashes`` which files may be installed."""

    name: str
    version: str
    marker: str | None
    hashes: tuple[str, ...]


def pins(source: Path) -> list[Pin]:
    """Every package that a compiled file pins, in its order. Raises ValueError for a line that pins nothing."""
    return list(_pins(source.read_text(encoding="utf-8")))


def normal(name: str) -> str:
    """A package's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).casefold()


def _pins(text: str) -> Iterator[Pin]:
    told = re.sub(r"\\\n", " ", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE))
    for line in filter(None, (one.strip() for one in told.splitlines())):
        found = _LINE.match(line.partition("--hash")[0].strip())
        if found is None:
            raise ValueError(f"not a pinned package: {line[:80]}")
        yield Pin(normal(found["name"]), found["version"], found["marker"], tuple(_HASH.findall(line)))
