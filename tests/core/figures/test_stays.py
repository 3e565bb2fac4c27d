"""What stands on a day is found from stays read once for all days, and is what the rows of that day say."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from core.figures import Monitor
from core.figures.cache import Cache
from tests.core.figures.rig import AIX, TODAY, Rig, computer, handed_over
from tests.core.figures.test_observe import building, connection, threshold

FIRST, EARLY = date(2021, 10, 1), date(2022, 2, 2)
STANDING = ("EQ11", "EQ11b", "EQ16a", "EQ17a", "EQ18a", "EQ19a")


def some_life(rng: random.Random, number: str) -> dict:
    """A machine with some of the days on which one changes its state."""
    days = sorted(FIRST + timedelta(rng.randrange(250)) for _ in range(6))
    days[1] = rng.choice(days[:2])  # received and tested on one day, for some
    place = rng.choice(("aix", "gardanne"))
    made = computer(number, date_reception=days[0], date_test=days[1], statut="testé", affectation=AIX)
    match rng.randrange(5):
        case 0:
            return {**made, "date_test": None, "statut": "reçu"}
        case 1:
            whom = rng.choice(("IFAC", "Une structure relais"))
            ready = rng.choice((days[2], None))
            sent = {"date_reconditionnement": ready, "date_transfert": days[3], "transfere_a": whom}
            return {**made, **sent, "statut": "transféré"}
        case 2:
            given = handed_over(number, place, days[3])
            again = rng.choice((days[5], None))
            return {**given, "date_reception": days[0], "date_retour": days[4], "date_nouvelle_remise": again}
        case 3:
            return {**handed_over(number, place, days[3]), "date_reception": days[0], "statut": "recyclé"}
    return made


def filled(rig: Rig) -> Rig:
    """Forty machines, some of which another association received."""
    rng = random.Random(7)
    rig.put("anonymal", "materiel", [some_life(rng, f"MET-PC-{rank:04}") for rank in range(40)])
    came = [
        computer(
            f"MET-PC-{rank:04}",
            provenance="autre association",
            date_reception=FIRST + timedelta(rng.randrange(120, 270)),
        )
        for rank in range(0, 40, 3)
    ]
    rig.put("ifac", "materiel", came)
    return rig


@pytest.fixture
def lived(quick: Rig) -> Rig:
    return filled(quick)


def test_on_any_day_it_is_as_many_as_the_rows_of_that_day(rig: Rig) -> None:
    filled(rig)
    monitor = Monitor(rig.registry, rig.store, today=TODAY, cache=Cache())
    seen = set()
    for day in (FIRST + timedelta(n) for n in range(0, 280, 20)):
        for one in monitor.observe(STANDING, [AIX, None], until=day):
            rows = monitor.rows_behind(one.indicator, one.experiment, until=day)
            assert (one.numerator or 0) == rows.count, (day, one.indicator, one.experiment)
            seen.add((one.indicator, rows.count > 0))
    assert {code for code, some in seen if some} >= set(STANDING) - {"EQ11b"}, "each state is met"


def test_another_day_reads_no_machine(lived: Rig) -> None:
    monitor = Monitor(lived.registry, lived.store, today=TODAY, cache=Cache())
    monitor.compare(until=date(2022, 6, 30))
    read: list[str] = []
    sa.event.listen(lived.store._engine, "before_cursor_execute", lambda *told: read.append(told[2]))
    monitor.compare(until=date(2022, 4, 17))
    assert not [one for one in read if "_materiel" in one and "json_each" not in one]


def test_a_median_that_stops_within_a_month_reads_no_machine_again(lived: Rig) -> None:
    monitor = Monitor(lived.registry, lived.store, today=TODAY, cache=Cache())
    monitor.observe(["EQ9"], [AIX], until=date(2022, 6, 30))
    read: list[str] = []
    sa.event.listen(lived.store._engine, "before_cursor_execute", lambda *told: read.append(told[2]))
    monitor.observe(["EQ9"], [AIX], until=date(2022, 3, 14))
    assert not [one for one in read if "_materiel" in one]


def test_thresholds_and_months_are_read_again_only_where_one_comes(quick: Rig) -> None:
    """Between two months told and two decisions, a building is where it was: the answer is that of the first day."""
    quick.put("ifac", "immeubles", [building(f"FV-{n:02}", "frais-vallon") for n in (1, 2)], on=EARLY)
    months = [date(2022, 2, 1), date(2022, 4, 1)]
    agreed = [connection("FV-01", 30, 5, months[0]), connection("FV-02", 20, 0, months[0])]
    quick.put("ifac", "raccordements", [*agreed, connection("FV-02", 15, 0, months[1])], on=EARLY)
    decided = {"FV-01": date(2022, 3, 10), "FV-02": None}
    for number, (code, day) in enumerate(decided.items()):
        row = {**threshold(code), "decide_le": day}
        quick.put("metropole", "seuils", [row], on=date(2022, 3, 10 + 10 * number))
    kept = Monitor(quick.registry, quick.store, today=TODAY, cache=Cache())
    read: list[str] = []
    sa.event.listen(quick.store._engine, "before_cursor_execute", lambda *told: read.append(told[2]))
    found, asked = {}, {}
    for day in (date(2022, 3, n) for n in (1, 9, 10, 15, 20, 25)):
        read.clear()
        (found[day],) = kept.observe(["CO4"], ["ct1-frais-vallon"], until=day)
        asked[day.day] = sum("immeubles_au_seuil" in one for one in read)
        alone = Monitor(quick.registry, quick.store, today=TODAY, cache=Cache())
        assert [found[day]] == list(alone.observe(["CO4"], ["ct1-frais-vallon"], until=day))
    assert [(one.numerator, one.denominator) for one in found.values()] == [
        (0, 0),
        (0, 0),
        (1, 1),
        (1, 1),
        (1, 2),
        (1, 2),
    ]
    assert [day for day, number in asked.items() if number] == [1, 10, 20]
