"""Plugins written on the fly: a package, its manifest, and the metadata of an installed distribution."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, EntryPoint
from pathlib import Path
from textwrap import dedent

import pytest

from core.contract.hookspecs import GROUP

MIRAMAS = """
from core import Association, Experiment, Place, hookimpl

def here(code="essai-miramas", association="entraide", places=(Place("13063", "Miramas", (1, 2, 3), "13063"),)):
    return Experiment(code, "Essai de Miramas", "Miramas", Association(association, association.title()), places)

@hookimpl
def register_experiments():
    return [here()]
"""
MANIFEST = 'title = "Essai"\ncontract = "1"\n'


class Plugins:
    """A folder of importable plugins; ``write`` adds one and gives its entry point."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(
        self,
        source: str = "",
        *,
        name: str = "essai",
        base: str = MIRAMAS,
        manifest: str | None = MANIFEST,
        version: str = "1.2",
        distribution: str | None = None,
    ) -> EntryPoint:
        package = self.folder / name
        package.mkdir()
        (package / "__init__.py").write_text(base + dedent(source), encoding="utf-8")
        if manifest is not None:
            (package / "fabrique.toml").write_text(manifest, encoding="utf-8")
        importlib.invalidate_caches()
        return self.installed(name, distribution or f"dist-{name}", version)

    def installed(self, name: str, distribution: str, version: str) -> EntryPoint:
        """The entry point of a package that is in the folder, as its installation would leave it."""
        info = self.folder / f"{distribution.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        metadata = f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n"
        (info / "METADATA").write_text(metadata, encoding="utf-8")
        (info / "entry_points.txt").write_text(f"[{GROUP}]\n{name} = {name}\n", encoding="utf-8")
        return next(iter(Distribution.at(info).entry_points))


def plugins_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plugins]:
    """A folder on the import path for one test; what it imported is forgotten afterwards."""
    monkeypatch.syspath_prepend(str(folder))
    before = set(sys.modules)
    yield Plugins(folder)
    for name in set(sys.modules) - before:
        if getattr(sys.modules[name], "__file__", None) and str(folder) in str(sys.modules[name].__file__):
            del sys.modules[name]
