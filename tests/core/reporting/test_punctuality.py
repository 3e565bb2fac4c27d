"""« 3 relevés à temps sur 4 », and what a relevé holds, on the fictitious year."""

from __future__ import annotations

import pytest

from core import reporting
from core.domain.releve import Releve
from core.reporting import ReportTable
from tests.support.filled import demonstration_context

CT6 = "ct6-pays-de-martigues"


def releve(experiment: str, period: str) -> Releve:
    context = demonstration_context()
    return reporting.state_of(context.registry, context.store, experiment, period, context.today)


def parts(experiment: str, period: str) -> dict[str, ReportTable]:
    context = demonstration_context()
    found = reporting.contents(context.registry, context.store, releve(experiment, period))
    return {one.dataset.code: one for one in found}


@pytest.mark.parametrize(
    ("association", "due", "on_time", "sent", "late"),
    [
        ("anonymal", 8, 8, 8, ()),
        ("ifac", 8, 5, 7, (11, 11, 1)),
        ("arsenic", 4, 4, 4, ()),
        ("point-formation", 3, 1, 2, (12, 1)),
    ],
)
def test_releves_on_time(association: str, due: int, on_time: int, sent: int, late: tuple[int, ...]) -> None:
    context = demonstration_context()
    found = {one.association: one for one in reporting.punctuality(context.registry, context.store, context.today)}
    one = found[association]
    assert (one.due, one.on_time, one.sent) == (due, on_time, sent)
    assert sorted(one.days_late) == sorted(late)
    assert 0 < one.handed <= one.asked


def test_every_table_was_handed_in_for_what_was_sent() -> None:
    context = demonstration_context()
    found = {one.association: one for one in reporting.punctuality(context.registry, context.store, context.today)}
    assert found["anonymal"].handed == found["anonymal"].asked
    assert found["point-formation"].handed < found["point-formation"].asked


def test_what_a_releve_holds_is_told_table_by_table() -> None:
    sent = parts("ct3-pays-salonais", "2022-T2")
    assert sent["diagnostics"].rows and sent["diagnostics"].last and not sent["diagnostics"].missing
    assert sent["formations"].nothing and not sent["formations"].missing
    assert sent["accompagnements"].optional and not sent["accompagnements"].missing


def test_what_is_awaited_is_missing() -> None:
    awaited = parts(CT6, "2022-T2")
    assert awaited["diagnostics"].missing and awaited["diagnostics"].last is None
    assert not awaited["jalons"].missing, "nobody waits for it"
