"""A figure that counts data not accepted yet bears it, until the relevé is accepted."""

from __future__ import annotations

from datetime import UTC, date, datetime

from core import reporting
from core.contract.scope import Scope
from core.depositing import submit
from core.domain import french
from core.domain.calendar import Period
from core.domain.figure_text import NOT_FINAL, freshness_text, wait_text
from core.domain.observation import Observation
from core.figures import Monitor
from tests.core.desk import WHO, Desk, who

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
    submit.declare_nothing(Scope(desk.registry, desk.store, OWNER, AT), "point-formation", "diagnostics", QUARTER.code)
    # On 7 October its data stop at the end of the quarter: an older day is said rather than « non définitif ».
    assert wait_text(figure(desk)) == f"au {french.day(QUARTER.end)}"
    assert wait_text(figure(desk, QUARTER)) == NOT_FINAL
    assert figure(desk, QUARTER).freshness.provisional_since == QUARTER.start
    assert figure(desk, QUARTER.previous).freshness.provisional_since is None
    assert freshness_text(figure(desk).freshness).endswith(", pas encore acceptées")
    assert not figure(desk).freshness.late, "the day it is due is not over"
    # « Rien à déclarer » tells the period for its table (figures.md, « What is known »): it was late until sent.
    overdue = figure(desk, day=date(2021, 10, 8)).freshness
    assert not overdue.late and overdue.complete and not overdue.accepted
    other = Monitor(desk.registry, desk.store, today=date(2021, 10, 8)).observe(["EQ5a"], [EXPERIMENT])[0].freshness
    assert other.late and not other.complete, "nobody said anything of the machines"
    assert not figure(desk, QUARTER.previous, day=date(2021, 10, 8)).freshness.late
    reporting.transmit(Scope(desk.registry, desk.store, OWNER, AT), EXPERIMENT, QUARTER.code)
    assert wait_text(figure(desk, QUARTER)) == NOT_FINAL
    assert not figure(desk, day=date(2021, 10, 8)).freshness.late, "it was sent, and waits for an answer"
    reporting.accept(Scope(desk.registry, desk.store, WHO, AT), EXPERIMENT, QUARTER.code)
    assert wait_text(figure(desk, QUARTER)) == ""
    reporting.reopen(Scope(desk.registry, desk.store, WHO, AT), EXPERIMENT, QUARTER.code, "Une ligne oubliée")
    assert wait_text(figure(desk, QUARTER)) == NOT_FINAL
