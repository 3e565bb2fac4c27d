"""The same year gives the same figures, to the last digit, on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.demonstration import TODAY, fill
from core.domain.observation import Observation
from core.registry import Registry
from core.services.monitoring import Monitor
from core.storage import Store
from tests.core.demonstration.conftest import Demo
from tests.support.databases import postgres_database


@pytest.fixture(scope="module")
def on_postgresql(registry: Registry, postgres_url: str) -> Iterator[Monitor]:
    """The demonstration filled into a real PostgreSQL."""
    with postgres_database(postgres_url) as url, Store.open(url) as store:
        fill(registry, store)
        yield Monitor(registry, store, today=TODAY)


@pytest.mark.slow
@pytest.mark.parametrize("by", [None, "place", "month"])
def test_figures_are_alike_on_both_databases(before: Demo, on_postgresql: Monitor, by: str | None) -> None:
    here, there = before.monitor.observe(by=by), on_postgresql.observe(by=by)
    assert len(here) > 100
    assert [_told(one) for one in there] == [_told(one) for one in here]


@pytest.mark.slow
def test_statuses_are_alike_on_both_databases(before: Demo, on_postgresql: Monitor) -> None:
    here, there = before.monitor.compare().cells, on_postgresql.compare().cells
    assert {where: cell.standing for where, cell in there.items()} == {
        where: cell.standing for where, cell in here.items()
    }


def _told(one: Observation) -> tuple[object, ...]:
    """A figure, and every digit of it."""
    subject = (one.indicator, one.experiment, one.place, one.month, one.period and one.period.code)
    return (*subject, one.numerator, one.denominator, one.value, one.missing_because, one.reason)
