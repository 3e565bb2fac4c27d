"""What the process counts: pages and answers, plugins and the store as they are now, and it is all documented."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from core.contract.failures import Failure, FailureStage
from core.storage.copies import CopyState
from dashboard.metrics import Metrics

GUIDE = Path(__file__).parents[2] / "docs" / "operating.md"


def silent() -> int:
    raise RuntimeError("the base sleeps")


def watching(latest: Any = lambda: 12, *failures: Failure) -> Metrics:
    metrics = Metrics()
    copy = SimpleNamespace(glance=lambda: CopyState.LATE, served=5, left=2)
    store = SimpleNamespace(latest=latest, copy=copy)
    metrics.watch(SimpleNamespace(experiments=range(6), failures=failures), store)
    return metrics


def samples(metrics: Metrics) -> dict[str, list[tuple[dict[str, str], float]]]:
    found: dict[str, list[tuple[dict[str, str], float]]] = {}
    for family in text_string_to_metric_families(metrics.text().decode()):
        for one in family.samples:
            found.setdefault(one.name, []).append((one.labels, one.value))
    return found


def test_a_store_and_its_plugins_are_told() -> None:
    found = samples(watching())
    assert found["fabrique_store_up"] == [({}, 1)]
    assert found["fabrique_store_revision"] == [({}, 12)]
    assert found["fabrique_experiments"] == [({}, 6)]
    assert "fabrique_plugin_broken" not in found


def test_a_broken_plugin_is_one_sample_however_often_it_breaks() -> None:
    broken = [Failure("ct1_ifac", "d", "1", FailureStage.RUN, "r", "r", experiment) for experiment in ("a", "b")]
    found = samples(watching(lambda: 0, *broken))
    assert found["fabrique_plugin_broken"] == [({"plugin": "ct1_ifac", "stage": "run"}, 1)]


def test_a_silent_base_is_down_and_the_rest_is_told() -> None:
    found = samples(watching(silent))
    assert found["fabrique_store_up"] == [({}, 0)]
    assert "fabrique_store_revision" not in found
    assert found["fabrique_experiments"] == [({}, 6)]


def test_a_late_copy_is_told_with_what_it_left_to_the_base() -> None:
    found = samples(watching())
    assert found["fabrique_copy_up"] == [({}, 0)]
    assert found["fabrique_copy_readings_total"] == [({"by": "copy"}, 5), ({"by": "base"}, 2)]


def test_a_page_that_breaks_is_timed_too() -> None:
    metrics = watching()
    with pytest.raises(ZeroDivisionError), metrics.drawing("comparer"):
        _ = 1 / 0
    assert ({"page": "comparer"}, 1) in samples(metrics)["fabrique_page_seconds_count"]


def test_every_metric_of_ours_is_in_the_operating_guide() -> None:
    text = watching(lambda: 1, Failure("p", "d", "1", FailureStage.LOAD, "r", "r")).text().decode()
    ours = set(re.findall(r"^# TYPE (fabrique_\w+)", text, re.MULTILINE))
    told = set(re.findall(r"^\| `(fabrique_\w+)`", GUIDE.read_text(encoding="utf-8"), re.MULTILINE))
    assert ours == told
