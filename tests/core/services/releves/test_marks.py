"""A figure that counts data not accepted yet bears it, until the relevé is accepted."""

from __future__ import annotations

from datetime import UTC, date, datetime

from core.domain.figures import NOT_FINAL, freshness_text, wait_text
from core.domain.observation import Observation
from core.domain.period import Period
from core.services import releves, submissions
from core.services.monitoring import Monitor
from tests.core.services.desk import WHO, Desk, who

EXPERIMENT, QUARTER = "ct6-pays-de-martigues", Period.quarter(2021, 3)
OWNER = who("point-formation")
AT = datetime(2021, 10, 6, 9, tzinfo=UTC)


def figure(desk: Desk, period: Period | None = None, day: date = date(2021, 10, 7)) -> Observation:
    monitor = Monitor(desk.registry, desk.store, today=day)
    return monitor.observe(["AC6"], [EXPERIMENT], period=period)[0]


def test_a_figure_is_not_final_until_its_releve_is_accepted(desk: Desk) -> None:
    desk.save(
        "metropole",
        "periodes",
        {"code": QUARTER.code, "debut": QUARTER.start, "fin": QUARTER.end, "echeance": date(2021, 10, 7)},
    )
    assert figure(desk).freshness.provisional_since is None, "nothing was handed in"
    submissions.declare_nothing(
        desk.registry, desk.store, "point-formation", "diagnostics", QUARTER.code, actor=OWNER, at=AT
    )
    assert wait_text(figure(desk)) == NOT_FINAL
    assert figure(desk, QUARTER).freshness.provisional_since == QUARTER.start
    assert figure(desk, QUARTER.previous).freshness.provisional_since is None
    assert freshness_text(figure(desk).freshness).endswith(", pas encore acceptées")
    assert not figure(desk).freshness.late, "the day it is due is not over"
    overdue = figure(desk, day=date(2021, 10, 8)).freshness
    assert overdue.late and freshness_text(overdue).endswith(", relevé attendu depuis le 7\xa0octobre\xa02021")
    assert not figure(desk, QUARTER.previous, day=date(2021, 10, 8)).freshness.late
    releves.transmit(desk.registry, desk.store, EXPERIMENT, QUARTER.code, actor=OWNER, at=AT)
    assert wait_text(figure(desk)) == NOT_FINAL
    assert not figure(desk, day=date(2021, 10, 8)).freshness.late, "it was sent, and waits for an answer"
    releves.accept(desk.registry, desk.store, EXPERIMENT, QUARTER.code, actor=WHO, at=AT)
    assert wait_text(figure(desk)) == ""
    releves.reopen(desk.registry, desk.store, EXPERIMENT, QUARTER.code, "Une ligne oubliée", actor=WHO, at=AT)
    assert wait_text(figure(desk)) == NOT_FINAL
