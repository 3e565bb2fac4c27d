"""What this process counts about itself, for the tool that watches the server: never who did what.

Names and units follow the habits of Prometheus (seconds, ``_total``). Every label has few values, all ours:
a page, a kind of address, a plugin. Nothing here names a person, an association's row or a searched word.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import Condition

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, PlatformCollector, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from core.contract import Registry
from core.contract.hookspecs import CONTRACT
from core.contract.product import installed_version
from core.storage import Store
from core.storage.copies import CopyState
from dashboard.others import Others

KIND = CONTENT_TYPE_PLAIN_0_0_4
PATIENCE = 5.0
"""Seconds that what is prepared for later gives way to pages."""
_SECONDS = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The counters of one process, apart from those of any other application of the same Python."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "fabrique_http_requests", "Answers sent.", ["address", "method", "status"], registry=self.registry
        )
        self.request_seconds = Histogram(
            "fabrique_http_request_seconds", "Time of an answer.", ["address"], buckets=_SECONDS, registry=self.registry
        )
        self.page_seconds = Histogram(
            "fabrique_page_seconds", "Time to draw a page.", ["page"], buckets=_SECONDS, registry=self.registry
        )
        self._drawn, self._quiet = 0, Condition()
        self.open_pages = Gauge("fabrique_open_pages", "Pages open in a browser now.", registry=self.registry)
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)

    def watch(self, registry: Registry, store: Store, others: Others | None = None) -> None:
        """Tell of these plugins, this store and the other processes too, as they are when asked."""
        self.registry.register(_House(registry, store, others or Others()))

    @contextmanager
    def drawing(self, page: str) -> Iterator[None]:
        """Time a page, whether it ends, breaks, or is stopped by a click."""
        begun = time.perf_counter()
        with self._quiet:
            self._drawn += 1
        try:
            yield
        finally:
            self.page_seconds.labels(page).observe(time.perf_counter() - begun)
            with self._quiet:
                self._drawn -= 1
                self._quiet.notify_all()

    def give_way(self) -> None:
        """Wait until no page is being drawn, and no longer than ``PATIENCE``: who looks comes before who prepares."""
        with self._quiet:
            self._quiet.wait_for(lambda: not self._drawn, PATIENCE)

    def text(self) -> bytes:
        """Everything counted, in the text format that Prometheus reads."""
        return generate_latest(self.registry)


class _House(Collector):
    """The plugins and the store, read when somebody asks."""

    def __init__(self, registry: Registry, store: Store, others: Others) -> None:
        self.plugins, self.store, self.others = registry, store, others

    def describe(self) -> Iterable[Metric]:
        """Nothing is read before somebody asks: the store may not be open yet."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """One family for each thing that may go wrong."""
        yield _one(
            "fabrique_version_info", "Versions, as labels.", 1, version=installed_version(), contract=str(CONTRACT)
        )
        yield _one("fabrique_experiments", "Experiments loaded.", len(self.plugins.experiments))
        yield _one("fabrique_processes_wanted", "Processes that should serve.", self.others.wanted)
        yield _one("fabrique_processes_ready", "Processes that serve.", self.others.ready)
        broken = GaugeMetricFamily("fabrique_plugin_broken", "1: broke, at this stage.", labels=["plugin", "stage"])
        for plugin, stage in sorted({(one.plugin, str(one.stage)) for one in self.plugins.failures}):
            broken.add_metric([plugin, stage], 1)
        yield broken
        revision = _asked(self.store.latest)
        yield _one("fabrique_store_up", "1: the base answers.", int(revision is not None))
        if revision is not None:
            yield _one("fabrique_store_revision", "Number of the last revision.", revision)
        yield from _of_copy(self.store)


def _of_copy(store: Store) -> Iterator[Metric]:
    """The copy to read from, where the base has one."""
    copy = store.copy
    if copy is None:
        return
    following = int(copy.glance() is CopyState.FOLLOWING)
    yield _one("fabrique_copy_up", "1: the copy to read from held all that was seen of the base.", following)
    readings = CounterMetricFamily("fabrique_copy_readings", "Large readings, by who answered.", labels=["by"])
    readings.add_metric(["copy"], copy.served)
    readings.add_metric(["base"], copy.left)
    yield readings


def _one(name: str, told: str, value: float, **labels: str) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, told, labels=list(labels))
    family.add_metric(list(labels.values()), value)
    return family


def _asked(question: Callable[[], int]) -> int | None:
    try:
        return int(question())
    except Exception:  # noqa: BLE001 - a base that does not answer is what is told
        return None
