"""Money is never divided without a key, and never loses a cent with one."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.exports.dossier_sheets import money_row, spent_words
from core.money.ledger import Ledger, money_sentence, part_sentence, read_ledger, spending_aside, split
from dashboard.views.money import money_of

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


def spent_by(**days: date) -> list[tuple]:
    """1 000 € spent on each line, by its day."""
    return [(code.replace("_", "-"), day, 1_000_00) for code, day in days.items()]


JUNE, MARCH = date(2022, 6, 30), date(2022, 3, 31)
EVERY = ("anonymal_ct2", "anonymal_ct3", "arsenic_equiper_connecter", "arsenic_accompagner", "point_formation", "ifac")


@pytest.mark.parametrize(
    ("spending", "until", "said"),
    [
        (dict.fromkeys(EVERY, JUNE), JUNE, ""),
        ({**dict.fromkeys(EVERY, JUNE), "ifac": MARCH}, JUNE, "dont 1 000 € au 31 mars 2022"),
        (dict.fromkeys(EVERY, JUNE), date(2022, 11, 15), "connus au 30 juin 2022"),
        (
            {**dict.fromkeys(EVERY, JUNE), "ifac": MARCH},
            date(2022, 11, 15),
            "connus au 30 juin 2022, dont 1 000 € au 31 mars 2022",
        ),
        ({"ifac": JUNE}, JUNE, "incomplet : rien de connu sur 95 000 € votés"),
        ({}, JUNE, ""),
    ],
)
def test_a_sum_spent_carries_its_day_and_what_it_lacks(spending: dict[str, date], until: date, said: str) -> None:
    ledger = read_ledger(Shelf(depenses_a_date=spent_by(**spending)), until=until)
    assert plain(spending_aside(ledger.lines)) == said
    assert said in plain(money_sentence(ledger))


def test_every_table_of_the_money_carries_the_same() -> None:
    ledger = read_ledger(
        Shelf(depenses_a_date=spent_by(**{**dict.fromkeys(EVERY, JUNE), "ifac": MARCH})), until=date(2022, 11, 15)
    )
    whole = "connus au 30 juin 2022, dont 1 000 € au 31 mars 2022"
    assert whole in plain(spent_words(ledger.lines))
    assert whole in plain(str(money_of(ledger, "Argent")))
    (ifac,) = (state for state in ledger.lines if state.line.code == "ifac")
    assert "connus au 31 mars 2022" in plain(" ".join(money_row(ifac).words))
    assert "au 31 mars 2022" in plain(str(money_of(Ledger((ifac,)), "Argent")))


def test_a_part_of_a_line_carries_its_day() -> None:
    state = line("ifac", cles=key(60.0, 40.0), depenses_a_date=spent_by(ifac=MARCH))
    assert plain(part_sentence(state, "ct1-plan-d-aou")) == "8 000 € votés et 400 € dépensés, connus au 31 mars 2022"


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")
