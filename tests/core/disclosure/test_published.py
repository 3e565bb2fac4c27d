"""What leaves the restricted screens: one table masked as a whole, whatever is asked of it."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from core.committee import take
from core.contract import Registry
from core.contract.scope import Scope
from core.depositing import submit
from core.disclosure import conceal, concealed, counts_people, published
from core.disclosure.figures import elsewhere_of
from core.disclosure.reader import DiscreetMonitor
from core.errors import Forbidden
from core.figures import Monitor
from core.storage import Store
from tests.core.desk import AT, who
from tests.support.filled import NOW, TODAY, demonstration_context

pytestmark = pytest.mark.filled

DIAGNOSTICS = {"besoin_equipement": 0, "besoin_connexion": 0, "besoin_accompagnement": 0}


def _diagnostics(registry: Registry, store: Store, association: str, place: str, count: int) -> None:
    row = {"lieu": place, "mois": date(2022, 1, 1), "diagnostics": count, **DIAGNOSTICS}
    submit.save_rows(Scope(registry, store, who(association), AT), association, "diagnostics", [row])


def test_the_totals_of_the_demonstration_stay_to_be_read() -> None:
    context = demonstration_context()
    found = published.live(context.registry, context.store, context.monitor, until=TODAY, below=5)
    totals = {
        (one.observation.indicator, one.observation.experiment): one.observation.value
        for one in found
        if one.observation.place is None and one.observation.period is None
    }
    assert totals["AC6", None] == 888
    shown = [
        getattr(one.observation, part)
        for one in found
        for part in counts_people(context.registry.catalogue[one.observation.indicator])
    ]
    assert not [number for number in shown if number and number < 5]


def test_a_page_hides_as_if_every_figure_and_the_whole_of_a_freeze_had_been_looked_at() -> None:
    """It looks at the figures that count people alone: the others, and the rest of a freeze, give nothing away."""
    context, day = demonstration_context(), date(2022, 6, 30)
    registry, store, monitor = context.registry, context.store, context.monitor
    seen = [*monitor.observe(until=day), *monitor.observe(until=day, by="place")]
    for period in published.quarters(store, day):
        seen += monitor.observe(until=day, period=period)
    known = elsewhere_of(take(registry, store, until=day, at=AT, today=TODAY), 5)
    whole = {
        (one.indicator, one.experiment, one.place, one.period): kept.observation
        for one, kept in zip(seen, conceal(seen, registry.catalogue, 5, known), strict=True)
        if one.people
    }
    people = [one.code for one in registry.catalogue.values() if one.people]
    discreet = DiscreetMonitor(registry, store, today=TODAY, below=5)
    shown = [*discreet.observe(people, until=day), *discreet.observe(people, until=day, by="place")]
    assert [one for one in shown if one.hidden]
    for one in shown:
        assert one == whole[one.indicator, one.experiment, one.place, one.period]


def test_a_comparison_is_masked_once_and_again_when_something_is_deposited(desk_store, installed_registry) -> None:
    """A member’s page asks the base which state it is in, not once for each of its cells."""
    discreet = DiscreetMonitor(installed_registry, desk_store, today=TODAY, below=5)
    _diagnostics(installed_registry, desk_store, "ifac", "frais-vallon", 3)
    before = discreet.compare(until=TODAY)
    asked: list[str] = []
    sa.event.listen(desk_store._engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    assert discreet.compare(until=TODAY) is before
    # The state, for the whole and for the masks, and what a new connection asks of its file; there are some 440 cells.
    assert len(asked) < len(before.cells) / 10, asked
    _diagnostics(installed_registry, desk_store, "ifac", "plan-d-aou", 40)
    after = discreet.compare(until=TODAY)
    was, now = (found.cells["AC6", None].observation for found in (before, after))
    assert after is not before and was.hidden and now != was


def test_a_freeze_hides_the_same_small_numbers(installed_registry, desk_store) -> None:
    for association, place, count in (("ifac", "frais-vallon", 3), ("ifac", "plan-d-aou", 40), ("anonymal", "aix", 50)):
        _diagnostics(installed_registry, desk_store, association, place, count)
    snapshot = take(installed_registry, desk_store, until=date(2022, 6, 30), at=NOW)
    monitor = Monitor(installed_registry, desk_store, today=TODAY)
    for found in (
        concealed(snapshot, 5),
        published.live(installed_registry, desk_store, monitor, until=TODAY, below=5),
    ):
        said = {
            one.observation.experiment: one.said
            for one in found
            if one.observation.indicator == "AC6" and one.observation.place is None and one.observation.period is None
        }
        assert said["ct1-frais-vallon"] == "moins de 5"
        assert sorted(said.values()).count("non montré") == 1
        assert said[None] == ""


def test_rows_shown_without_their_counts_of_people_still_say_which_columns_prove_the_figure() -> None:
    """The places of the columns move when others are taken out: their names do not."""
    context = demonstration_context()
    whole = context.monitor
    discreet = DiscreetMonitor(context.registry, context.store, today=TODAY, below=5)
    moved = 0
    for code in context.registry.catalogue:
        try:
            shown = discreet.rows_behind(code, until=TODAY)
        except Forbidden:
            continue
        found = whole.rows_behind(code, until=TODAY)
        gone = {*found.columns} - {*shown.columns}
        proving = {found.columns[at] for at in found.proving} - gone
        assert {shown.columns[at] for at in shown.proving} == proving
        moved += found.proving != shown.proving
    assert moved
