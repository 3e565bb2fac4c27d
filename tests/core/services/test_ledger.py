"""Money is never divided without a key, and never loses a cent with one."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.services.ledger import read_ledger, split

COLUMNS = {
    "versements": {"ligne": pl.String, "date": pl.Date, "montant": pl.Int64},
    "cles": {"ligne": pl.String, "experience": pl.String, "part": pl.Float64, "decision": pl.String},
    "depenses_a_date": {"ligne_subvention": pl.String, "date": pl.Date, "montant": pl.Int64},
}


class Shelf:
    """A store that holds the rows it was given."""

    def __init__(self, **tables: list[tuple]) -> None:
        self.tables = tables

    def rows(self, association: str, code: str, revision: int | None = None) -> pl.DataFrame:
        return pl.DataFrame(self.tables.get(code, []), schema=COLUMNS[code], orient="row")


def key(*parts: float) -> list[tuple]:
    codes = ("ct1-frais-vallon", "ct1-plan-d-aou")
    return [("ifac", code, part, "Comité n° 2") for code, part in zip(codes, parts, strict=True)]


def line(code: str, **tables: list[tuple]):
    ledger = read_ledger(Shelf(**tables), until=date(2022, 6, 30))
    return next(state for state in ledger.lines if state.line.code == code)


def test_an_empty_store_says_nothing_about_payments() -> None:
    ledger = read_ledger(Shelf(), until=date(2022, 6, 30))
    assert (ledger.voted, ledger.paid, ledger.spent) == (115_000_00, None, None)


def test_two_lines_stay_unallocated_without_a_key() -> None:
    ledger = read_ledger(Shelf(), until=date(2022, 6, 30))
    assert [state.line.code for state in ledger.unallocated] == ["arsenic-equiper-connecter", "ifac"]


def test_a_recorded_key_divides_the_line() -> None:
    state = line("ifac", cles=key(60.0, 40.0))
    assert state.part(state.voted, "ct1-frais-vallon") == 12_000_00
    assert state.part(state.voted, "ct1-plan-d-aou") == 8_000_00
    assert state.key_decision == "Comité n° 2"


@pytest.mark.parametrize("parts", [(60.0, 30.0), (60.0, 50.0)])
def test_a_key_that_misses_the_whole_divides_nothing(parts: tuple[float, float]) -> None:
    assert not line("ifac", cles=key(*parts)).allocated


def test_only_payments_made_by_the_day_count() -> None:
    payments = [("ifac", date(2021, 9, 22), 14_000_00), ("ifac", date(2022, 7, 1), 6_000_00)]
    assert line("ifac", versements=payments).paid == 14_000_00
    assert line("ifac", versements=payments).to_pay == 6_000_00
    assert line("anonymal-ct2", versements=payments).paid == 0


def test_the_last_spending_known_by_the_day_counts() -> None:
    spending = [("ifac", date(2022, 3, 31), 11_900_00), ("ifac", date(2021, 9, 30), 2_600_00)]
    state = line("ifac", depenses_a_date=spending)
    assert (state.spent, state.spent_on) == (11_900_00, date(2022, 3, 31))


@given(st.integers(0, 10**9), st.lists(st.integers(1, 1000), min_size=1, max_size=6))
def test_a_division_gives_back_every_cent(cents: int, weights: list[int]) -> None:
    shares = {f"e{i}": Fraction(weight, sum(weights)) for i, weight in enumerate(weights)}
    parts = split(cents, shares)
    assert sum(parts.values()) == cents
    assert all(abs(parts[code] - cents * share) < 1 for code, share in shares.items())
