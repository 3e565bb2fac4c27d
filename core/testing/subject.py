"""The plugin under check: what it brings, what is its own in it, where its files are."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from urllib.parse import unquote, urlparse

from core.catalogue import CATALOGUE
from core.catalogue import DATASETS as SHARED
from core.contract import Plugin, Registry
from core.contract.manifest import Manifest, read_manifest
from core.domain.dataset import Column, Dataset
from core.domain.indicator import Indicator
from core.domain.programme import Experiment


@dataclass(frozen=True)
class Subject:
    """A plugin that stands in a registry. ``sources`` is the folder of its project, None when it is not known."""

    registry: Registry
    plugin: Plugin
    module: str
    sources: Path | None = None

    @property
    def association(self) -> str:
        """The code of its association."""
        return self.plugin.association or ""

    @cached_property
    def experiments(self) -> tuple[Experiment, ...]:
        """Its experiments."""
        return tuple(map(self.registry.experiment, self.plugin.experiments))

    @cached_property
    def datasets(self) -> tuple[Dataset, ...]:
        """What it has handed in, those that others name first."""
        return in_order(self.registry.dataset(self.association, code) for code in self.plugin.datasets)

    def own_columns(self, dataset: Dataset) -> tuple[Column, ...]:
        """The columns of a dataset that the shared one of that name does not have."""
        shared = SHARED[dataset.code].by_name if dataset.code in SHARED else {}
        return tuple(column for column in dataset.columns if column.name not in shared)

    @cached_property
    def own_indicators(self) -> tuple[Indicator, ...]:
        """The figures that it alone brings."""
        found = {one.code: one for each in self.plugin.experiments for one in self.registry.indicators(each)}
        return tuple(one for code, one in found.items() if code not in CATALOGUE)

    @cached_property
    def manifest(self) -> Manifest:
        """What it says of itself."""
        return read_manifest(self.module)


def in_order(datasets: Iterable[Dataset]) -> tuple[Dataset, ...]:
    """Datasets so that each comes after those that it names."""
    left = list(datasets)
    codes = {one.code for one in left}
    done: list[Dataset] = []
    while left:
        ready = [one for one in left if not _named(one) & codes - {other.code for other in done} - {one.code}]
        step = ready or left  # two that name each other: as they come
        done += step
        left = [one for one in left if one not in step]
    return tuple(done)


def _named(dataset: Dataset) -> set[str]:
    through = {dataset.place_through.dataset} if dataset.place_through else set()
    return {one.dataset for one in dataset.references} | through


def sources_of(plugin: Plugin, package: Path) -> Path | None:
    """The folder of the project that a plugin comes from: around its package, or where it was installed from."""
    places = [*list(package.parents)[:3], *_installed_from(plugin)]
    return next((place for place in places if (place / "pyproject.toml").is_file()), None)


def _installed_from(plugin: Plugin) -> list[Path]:
    try:
        text = distribution(plugin.distribution).read_text("direct_url.json")
    except PackageNotFoundError:
        return []
    url = urlparse(json.loads(text).get("url", "")) if text else None
    return [Path(unquote(url.path))] if url is not None and url.scheme == "file" else []
