"""The same year gives the same figures, pages and documents, to the last digit, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from core.catalogue import DATASETS, lead
from core.catalogue.accompagner import LISTED
from core.catalogue.connecter import BUILDINGS
from core.catalogue.equiper import GONE, STOCK, WAITED
from core.catalogue.transverse import CELLS
from core.contract import Registry
from core.contract.scope import Scope
from core.demonstration import TODAY
from core.demonstration.filling import fill
from core.demonstration.people import LEAD
from core.demonstration.story import EXPERIMENTS
from core.domain.observation import Observation
from core.exports import workbook
from core.exports.dossier import live
from core.exports.dossier_sheets import fiches_of, matrix_of
from core.figures import Monitor
from core.storage import Store
from tests.core.demonstration.conftest import Demo
from tests.core.demonstration.live_deposit import NOW
from tests.support.databases import postgres_database

DERIVED = (BUILDINGS, LISTED, STOCK, WAITED, GONE, CELLS)
SOURCES = [*DATASETS, *(one.code for one in lead.DATASETS), "lignes", "versements_ventiles", "depenses_ventilees"]


@pytest.fixture(scope="module")
def postgresql(registry: Registry, postgres_url: str) -> Iterator[Store]:
    """The demonstration filled into a real PostgreSQL."""
    with postgres_database(postgres_url) as url, Store.open(url) as store:
        fill(registry, store)
        yield store


@pytest.fixture(scope="module")
def on_postgresql(registry: Registry, postgresql: Store) -> Monitor:
    return Monitor(registry, postgresql, today=TODAY)


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


@pytest.mark.slow
@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_what_a_plugin_receives_has_the_same_types_on_both_databases(
    before: Demo, on_postgresql: Monitor, experiment: str
) -> None:
    """PostgreSQL makes a numeric of a sum: handed on as a Decimal, it broke both pages of IFAC."""
    here, there = before.monitor.report(experiment), on_postgresql.report(experiment)
    for source in (*SOURCES, *DERIVED):
        assert _typed(there.rows(source)) == _typed(here.rows(source)), source


@pytest.mark.slow
@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_pages_are_alike_on_both_databases(before: Demo, on_postgresql: Monitor, experiment: str) -> None:
    pages = [
        before.registry.build_report(experiment, one.report(experiment)) for one in (before.monitor, on_postgresql)
    ]
    assert pages[0]
    assert pages[1] == pages[0]


@pytest.mark.slow
def test_documents_say_the_same_on_both_databases(before: Demo, postgresql: Store) -> None:
    """The committee’s sheets and matrix, and the workbook’s rows: what the PDF, the slides and the spreadsheet hold."""
    both = (Scope(before.registry, store, LEAD, NOW) for store in (before.store, postgresql))
    here, there = (live(scope, fictitious=True) for scope in both)
    assert not any(one.problem for one in fiches_of(here))
    assert fiches_of(there) == fiches_of(here)
    assert matrix_of(there.snapshot) == matrix_of(here.snapshot)
    assert list(workbook.figures(there.snapshot)) == list(workbook.figures(here.snapshot))
    assert list(workbook.definitions(there.snapshot)) == list(workbook.definitions(here.snapshot))


def _typed(rows: list[dict[str, Any]]) -> list[list[tuple[str, str, Any]]]:
    """Each cell with the name of its Python type, in an order that no database decides."""
    told = [sorted((name, type(value).__name__, value) for name, value in row.items()) for row in rows]
    return sorted(told, key=repr)


def _told(one: Observation) -> tuple[object, ...]:
    """A figure, and every digit of it."""
    subject = (one.indicator, one.experiment, one.place, one.month, one.period and one.period.code)
    return (*subject, one.numerator, one.denominator, one.value, one.missing_because, one.reason, one.apart, one.own)
