"""A building changes its code in one act: its past and its threshold follow, and it is never counted twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from core import alerts
from core.contract import schema_setup
from core.contract.scope import Scope
from core.demonstration import TODAY, people
from core.depositing import reference_tables, submit
from core.depositing.reference_tables import rename_building
from core.domain.access import Actor, Role
from core.domain.calendar import Period
from core.errors import Forbidden, Refused, UnknownName
from core.figures import Monitor
from core.storage import Store
from tests.support.filled import NOW, copied, demonstration_url, registry

AT = datetime(2022, 7, 5, 10, tzinfo=UTC)
CODES = ("CO2", "CO3", "CO4", "CO5")


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Store]:
    copied(demonstration_url(), tmp_path / "fabrique.sqlite3")
    with Store.open(f"sqlite:///{tmp_path / 'fabrique.sqlite3'}") as store:
        schema_setup.prepare(registry(), store, at=NOW)
        yield store


def figures(store: Store) -> list[tuple[object, ...]]:
    """Every figure of axis 2, everywhere, now and on each past quarter's last day."""
    monitor = Monitor(registry(), store, today=TODAY)
    days = [TODAY, *(Period.parse(code).end for code in ("2021-T4", "2022-T1", "2022-T2"))]
    found = [one for day in days for one in monitor.observe(CODES, until=day)]
    return [(one.indicator, one.experiment, one.numerator, one.denominator, one.missing_because) for one in found]


def rename(store: Store, old: str, new: str, actor: Actor = people.LEAD) -> int:
    return rename_building(Scope(registry(), store, actor, AT), "ifac", old, new)


def test_a_building_keeps_its_past_and_its_threshold_under_its_new_code(told: Store) -> None:
    before = figures(told)
    rows = told.rows("ifac", "raccordements")
    assert rename(told, "FV-01", "FV-01bis") > 2  # accepted quarters do not stand in the way
    assert figures(told) == before
    assert "FV-01" not in told.rows("ifac", "immeubles")["code_immeuble"].to_list()
    assert told.rows("ifac", "raccordements").height == rows.height
    assert reference_tables.orphan_thresholds(registry(), told) == ()
    kept = next(row for row in told.rows("metropole", "seuils").to_dicts() if row["code_immeuble"] == "FV-01bis")
    assert (kept["part"], kept["decide_le"]) == (50, date(2021, 10, 14))


def test_what_cannot_be_renamed_says_so_and_changes_nothing(told: Store) -> None:
    before = told.latest()
    with pytest.raises(UnknownName, match="FV-99"):
        rename(told, "FV-99", "FV-98")
    with pytest.raises(Refused, match="déjà le code"):
        rename(told, "FV-01", "FV-02")
    with pytest.raises(Refused, match="nouveau code"):
        rename(told, "FV-01", "  ")
    with pytest.raises(Forbidden):
        rename(told, "FV-01", "FV-77", Actor("Claire", Role.ASSOCIATION, "ifac"))
    assert told.latest() == before


def test_a_threshold_without_a_building_is_a_point(told: Store) -> None:
    row = {"association": "ifac", "code_immeuble": "FV-77", "part": 50.0, "decision": "Comité"}
    submit.save_rows(Scope(registry(), told, people.LEAD, AT), "metropole", "seuils", [row])
    found = alerts.find(registry(), told, Monitor(registry(), told, today=TODAY), today=TODAY)
    [point] = [one for one in found if "seuil_sans_immeuble" in one.code]
    assert point.subjects == ("FV-77",) and "seuil sans immeuble" in point.title
    said = {one.code: one.missing for one in reference_tables.registers(registry(), told, today=TODAY)}
    assert "1 seuil sans immeuble" in said["seuils"]
