"""Whatever the rows: parts add up, the past does not move, and a distinct thing counts once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.figures.queries import middle
from tests.core.figures.rig import Rig, begun_again, handed_over

FIRST = date(2021, 9, 30)
PLACES = {"anonymal": ("aix", "pertuis", "gardanne", "salon"), "ifac": ("frais-vallon", "plan-d-aou")}
COUNTS, RATES = ("EQ5a", "EQ8", "EQ1a"), ("EQ7", "EQ3")

machines = st.tuples(
    st.integers(0, 12), st.sampled_from([0, 1, 2, 3]), st.integers(0, 250), st.booleans(), st.integers(0, 2)
)
deposits = st.lists(
    st.tuples(st.sampled_from(sorted(PLACES)), st.lists(machines, min_size=1, max_size=8)), min_size=1, max_size=4
)
few = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@contextmanager
def told(found: list[Any]) -> Iterator[tuple[Rig, list[int]]]:
    """A programme in which these deposits were made, and the revision after each."""
    with begun_again() as rig:
        revisions = [rig.put(association, "materiel", rows(association, listed)) for association, listed in found]
        yield rig, revisions


def rows(association: str, listed: list[Any]) -> list[dict[str, Any]]:
    made = {}
    for number, place, day, family, price in listed:
        made[number] = handed_over(
            f"N{number}",
            PLACES[association][place % len(PLACES[association])],
            FIRST + timedelta(days=day),
            type_beneficiaire="famille" if family else "étudiant",
            en_qpv=bool(number % 2),
            prix_cession=price,
        )
    return list(made.values())


def number(rig: Rig, code: str, experiment: str | None, **asked: Any):
    (found,) = rig.monitor().observe([code], [experiment], **asked)
    return found


@few
@given(deposits)
def test_parts_by_place_and_by_month_add_up(found: list[Any]) -> None:
    with told(found) as (rig, _):
        for code in COUNTS:
            for one in rig.registry.experiments:
                whole = number(rig, code, one.code).numerator
                for by in ("place", "month"):
                    parts = rig.monitor().observe([code], [one.code], by=by)
                    if code == "EQ8" or by == "place":
                        assert sum(part.numerator or 0 for part in parts) == (whole or 0), (code, by)


@few
@given(deposits)
def test_a_ratio_at_the_last_month_is_the_figure(found: list[Any]) -> None:
    with told(found) as (rig, _):
        day = date(2022, 6, 30)
        for code in RATES:
            whole = number(rig, code, None, until=day)
            parts = rig.monitor().observe([code], [None], until=day, by="month")
            assert (parts[-1].numerator, parts[-1].denominator) == (whole.numerator, whole.denominator)


@few
@given(deposits)
def test_the_programme_counts_each_number_once(found: list[Any]) -> None:
    with told(found) as (rig, _):
        numbers = {
            row["numero_inventaire"]
            for association in PLACES
            for row in rig.store.rows(association, "materiel").to_dicts()
            if row["type"] != "écran" and row["date_remise"] <= date(2022, 3, 15)
        }
        assert (number(rig, "EQ5a", None, until=date(2022, 3, 15)).numerator or 0) == len(numbers)


@few
@given(deposits)
def test_the_past_reads_as_it_was_read_then(found: list[Any]) -> None:
    with told(found[:1]) as (rig, (first, *_)):
        then = rig.monitor().observe(["EQ5a", "EQ7", "EQ9"], revision=first)
        for association, listed in found[1:]:
            rig.put(association, "materiel", rows(association, listed))
        again = rig.monitor().observe(["EQ5a", "EQ7", "EQ9"], revision=first)
        told_then = [(one.numerator, one.denominator, one.value, one.missing_because) for one in then]
        assert told_then == [(one.numerator, one.denominator, one.value, one.missing_because) for one in again]


@few
@given(deposits)
def test_rows_behind_are_as_many_as_the_number(found: list[Any]) -> None:
    with told(found) as (rig, _):
        for code in ("EQ5a", "EQ7"):
            for experiment in (None, "ct2-pays-d-aix"):
                seen = number(rig, code, experiment)
                assert rig.monitor().rows_behind(code, experiment).count == (seen.numerator or 0)


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=30))
def test_a_histogram_gives_the_median_of_its_values(values: list[int]) -> None:
    from collections import Counter
    from statistics import median

    assert middle(Counter(values)) == median(values)
