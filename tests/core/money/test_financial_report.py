"""The financial report: rows that add up, a budget that must balance, what is left named, gaps listed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalogue.kinds import accounts, cerfa
from core.errors import Refused, UnknownName
from core.money.financial_report import CHARGE, Amounts, FinancialReport, financial_report, refuse_unbalanced, scope_of
from tests.support.filled import demonstration_context

SMALL = {
    "60.1": (100_00, 150_00),
    "74.4": (80_00, 80_00),
    "prop": (20_00, 40_00),
    "864": (10_00, 10_00),
    "870": (10_00, 10_00),
}


class Held:
    """A store that holds accounts only."""

    def __init__(self, *rows: tuple[str, int, str, int | None, int | None], leftover: str | None = None) -> None:
        self.accounts, self.leftover = rows, leftover

    def rows(self, association: str, code: str, revision: int | None = None):
        import polars as pl

        if code == "conventions":
            row = {"association": "anonymal", "reliquat": self.leftover, "siret": None, "rna": None}
            return pl.DataFrame([row])
        names = ("ligne_subvention", "exercice", "compte", "prevision", "realisation")
        schema = dict(zip(names, (pl.String, pl.Int64, pl.String, pl.Int64, pl.Int64), strict=True))
        return pl.DataFrame([dict(zip(names, row, strict=True)) for row in self.accounts], schema=schema)


def made(amounts: dict[str, tuple[int | None, int | None]], **more) -> FinancialReport:
    held = Held(*(("anonymal-ct2", 2022, code, *pair) for code, pair in amounts.items()), **more)
    return financial_report(held, "anonymal-ct2")


def row(report: FinancialReport, label: str) -> Amounts:
    return next(one.amounts for one in report.rows if one.label == label)


def test_the_two_budgets_of_the_demonstration_balance() -> None:
    store = demonstration_context().store
    for code, cents in (("anonymal-ct2", 31_000_00), ("point-formation", 7_400_00)):
        found = financial_report(store, code)
        assert (found.charges.forecast, found.products.forecast, found.imbalance) == (cents, cents, "")
        refuse_unbalanced(found)
    found = financial_report(store, "anonymal-ct2")
    assert row(found, "64 - Charges de personnel").forecast == 19_700_00
    assert row(found, "TOTAL (charges + 86)").forecast == 35_200_00 == row(found, "TOTAL (produits + 87)").forecast
    assert found.closing.replace("\u202f", " ").replace("\u00a0", " ") == (
        "La subvention de 24 500 € représente 79 % du total des produits prévus."
    )
    assert not found.done and found.result is None and found.to_explain == ()


def test_every_row_of_the_form_is_there_in_order() -> None:
    assert [one.label for one in made(SMALL).rows] == [one.label for one in cerfa()]


@given(
    st.dictionaries(
        st.sampled_from(sorted(accounts())), st.tuples(*[st.one_of(st.none(), st.integers(0, 10**7))] * 2), min_size=1
    )
)
def test_totals_are_the_sum_of_what_was_handed_in(amounts) -> None:
    found = made(amounts)
    for place in (0, 1):
        name = ("forecast", "actual")[place]
        whole = sum(pair[place] or 0 for pair in amounts.values())
        ends = [getattr(one.amounts, name) or 0 for one in found.rows if one.level == "total" and "+" in one.label]
        assert sum(ends) == whole
        details = [getattr(one.amounts, name) or 0 for one in found.rows if one.code in accounts()]
        assert sum(details) == whole
    money = {one.side: one.amounts for one in found.rows if one.level == "total" and "+" not in one.label}
    assert money[CHARGE] == found.charges


def test_an_unbalanced_budget_is_refused_with_what_is_missing() -> None:
    short = made({"60.1": (100_00, None), "74.4": (70_00, None), "870": (5_00, None)})
    with pytest.raises(Refused) as refused:
        refuse_unbalanced(short)
    text = str(refused.value).replace("\u00a0", " ")
    assert "il manque 30 € de produits et 5 € d’emplois des contributions volontaires (compte 86)" in text
    assert "charges" in made({"60.1": (10_00, None), "74.4": (70_00, None)}).imbalance


def test_an_unbalanced_outcome_is_not_refused_and_has_a_name() -> None:
    found = made(SMALL)
    refuse_unbalanced(found)
    assert found.result == -30_00
    assert found.outcome.startswith("Insuffisance")
    left = made({**SMALL, "60.1": (100_00, 90_00)}, leftover="à reverser")
    assert left.outcome.replace("\u00a0", " ") == "Reliquat : 30 € (à reverser)."
    assert "ne dit pas encore" in made({**SMALL, "60.1": (100_00, 90_00)}).outcome


def test_gaps_of_more_than_ten_percent_are_listed_and_no_other() -> None:
    found = made({"60.1": (100_00, 110_00), "60.2": (100_00, 111_00), "65": (None, 5_00), "66": (50_00, 40_00)})
    assert [one.code for one in found.to_explain] == ["60.2", "65", "66"]


def test_the_share_is_of_what_was_done_once_it_is_known() -> None:
    found = made({**SMALL, "74.4": (80_00, 24_500_00), "prop": (20_00, 24_500_00)})
    assert "50\u202f% du total des produits." in found.closing


def test_a_convention_adds_its_lines_up() -> None:
    held = Held(("anonymal-ct2", 2022, "60.1", 1_00, None), ("anonymal-ct3", 2022, "60.1", 2_00, None))
    assert financial_report(held, "anonymal").charges.forecast == 3_00
    assert financial_report(held, "anonymal").subsidy == 46_000_00
    assert financial_report(held, "anonymal-ct3").charges.forecast == 2_00


def test_without_accounts_or_of_another_year_it_is_refused() -> None:
    with pytest.raises(Refused, match="pas encore déposé de comptes"):
        financial_report(Held(), "ifac")
    with pytest.raises(Refused, match="il y en a pour 2022"):
        financial_report(Held(("anonymal-ct2", 2022, "65", 1, 1)), "anonymal-ct2", 2021)
    with pytest.raises(UnknownName, match="arsenic-accompagner"):
        scope_of("ct2")
