"""The level that the check found a plugin to reach, kept beside its manifest with a digest of its files.

Written by « fabrique plugin check NAME --stamp », read by the page of plugins: a check takes too long for a page.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from importlib.metadata import EntryPoint, PackageNotFoundError, distribution
from pathlib import Path

from core.contract.failures import Plugin
from core.contract.hookspecs import GROUP

NAME = "niveau.toml"
LEVELS = ("bronze", "argent", "or")


@dataclass(frozen=True, slots=True)
class StampedLevel:
    """The level written beside a plugin; ``current`` when its files are those that were checked."""

    level: str
    current: bool


def read_stamp(package: Path) -> StampedLevel | None:
    """What is written beside the plugin of that folder; None when nothing is, or nothing that can be read."""
    try:
        found = tomllib.loads((package / NAME).read_text(encoding="utf-8"))
        level = found["niveau"]
        return StampedLevel(level, found["empreinte"] == digest(package)) if level in LEVELS else None
    except (OSError, KeyError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return None


def write_stamp(package: Path, level: str | None) -> None:
    """Write the level beside the plugin; a plugin that reached none has no stamp."""
    if level is None:
        (package / NAME).unlink(missing_ok=True)
        return
    text = f'# Écrit par « fabrique plugin check ».\nniveau = "{level}"\nempreinte = "{digest(package)}"\n'
    (package / NAME).write_text(text, encoding="utf-8")


def digest(package: Path) -> str:
    """The digest of the files that make the plugin: its code, its manifest, what it reads."""
    seal = sha256()
    for path in sorted(one for one in package.rglob("*") if one.is_file()):
        if path.name != NAME and path.suffix != ".pyc":
            content = sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()
            seal.update(f"{path.relative_to(package).as_posix()}\n{content}\n".encode())
    return seal.hexdigest()


# --- Where the files of a plugin are ------------------------------------------------------------------


def module_of(plugin: Plugin) -> str:
    """The module that its entry point names; the plugin's own name when its distribution is not found."""
    try:
        entries = distribution(plugin.distribution).entry_points
    except PackageNotFoundError:
        return plugin.name
    found: list[EntryPoint] = [one for one in entries if one.group == GROUP and one.name == plugin.name]
    return found[0].module if found else plugin.name


def package_of(module: str) -> Path:
    """The folder of a plugin that was imported."""
    return Path(import_module(module).__file__ or ".").resolve().parent
