"""The plugins tried, one by one: their tables in the base, their figures on its rows, their pages without data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypedDict

from core.catalogue import CATALOGUE
from core.cli.edge import database_file
from core.contract import Plugin, Registry, schema_setup
from core.domain.calendar import day_in_france
from core.errors import FabriqueError
from core.figures import Monitor
from core.settings import Settings, sqlite_url
from core.storage import Store
from core.testing import page_failures


class KeptTable(TypedDict):
    """A table that no plugin declares any more, and how many rows it holds."""

    association: str
    dataset: str
    rows: int


@dataclass(frozen=True, slots=True)
class Looked:
    """What the base said: whether there is one, its rows by association and dataset, the tables not yet as declared."""

    base: bool
    rows: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    pending: frozenset[tuple[str, str]] = frozenset()
    kept: Sequence[KeptTable] = ()

    def pending_of(self, plugin: Plugin) -> list[str]:
        """The datasets of a plugin whose table the next command will bring up to date."""
        return [code for code in plugin.datasets if (plugin.association, code) in self.pending]


def look_at(registry: Registry, settings: Settings, *, at: datetime) -> Looked:
    """Try every plugin; what fails is in the registry afterwards.

    Nothing that is kept is changed, and no base is made: without one, figures are tried on an empty one,
    thrown away. Raises Misconfigured when the base cannot be opened.
    """
    file = database_file(settings)
    missing = file is not None and not file.exists()
    folder: AbstractContextManager[str] = TemporaryDirectory() if missing else nullcontext("")
    with folder as name:
        url = sqlite_url(Path(name) / "essai.sqlite3") if missing else settings.database_url
        with Store.open(url) as store:
            if missing:
                schema_setup.prepare(registry, store, at=at)
            looked = Looked(not missing, *_looked(registry, store, at))
            if not looked.pending:
                _try_figures(registry, store, settings, at)
    page_failures(registry)
    return looked


def _looked(
    registry: Registry, store: Store, at: datetime
) -> tuple[dict[str, dict[str, int]], frozenset[tuple[str, str]], list[KeptTable]]:
    tried = schema_setup.look(registry, store, at=at)
    living = {one.code: {each.code for each in registry.datasets(one.code)} for one in registry.associations}
    counts = {
        code: {each: number for each, number in store.counts(code).items() if each in datasets}
        for code, datasets in living.items()
    }
    for one in tried:  # a table that waits for its upgrade is not open yet: it holds what it held
        if one.dataset in living.get(one.association, ()):
            counts[one.association][one.dataset] = one.before.height
    kept: list[KeptTable] = [
        {"association": body.code, "dataset": one.code, "rows": store.count(body.code, one.code)}
        for body in (*registry.associations, *registry.kept_associations)
        for one in registry.kept(body.code)
    ]
    return counts, frozenset((one.association, one.dataset) for one in tried if one.refusal is None), kept


def _try_figures(registry: Registry, store: Store, settings: Settings, at: datetime) -> None:
    """Compute each plugin's own figures once: what cannot be computed becomes its failure."""
    monitor = Monitor(registry, store, today=settings.today or day_in_france(at))
    for plugin in registry.plugins:
        own = [code for code in plugin.indicators if code not in CATALOGUE]
        if own and plugin.experiments:
            try:
                monitor.observe(own, plugin.experiments)
            except FabriqueError as error:
                registry.indicator_failed(own[0], plugin.experiments[0], str(error))
