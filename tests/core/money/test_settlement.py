"""The money to its end, on the fictitious year and on rows made for the occasion."""

from __future__ import annotations

from datetime import date

from core.catalogue.kinds import charges
from core.deliberation import CONVENTIONS, LINES
from core.money.ledger import advance_sentence, read_ledger, settle, settle_lines
from tests.core.desk import Desk
from tests.dashboard.views.opening import plain
from tests.support.filled import demonstration_context, empty_context

DAY = date(2022, 7, 5)


def of(context, code: str):
    ledger = read_ledger(context.store, until=DAY)
    lines = settle_lines(context.store, ledger, until=DAY)
    return {one.money.code: one for one in settle(context.store, lines, until=DAY)}[code]


def test_first_payments_and_their_delays_are_those_of_the_story() -> None:
    waits = {code: of(demonstration_context(), code).wait for code in CONVENTIONS}
    assert (waits["ifac"], waits["arsenic"]) == (64, 84)
    assert of(demonstration_context(), "anonymal").money.to_pay == 13_800_00
    assert of(demonstration_context(), "point-formation").money.to_pay == 0


def test_report_of_arsenic_came_and_that_of_ifac_did_not() -> None:
    context = demonstration_context()
    assert of(context, "arsenic").report_received == date(2022, 6, 20)
    assert (of(context, "ifac").report_due, of(context, "ifac").report_received) == (date(2022, 6, 30), None)


def test_what_is_paid_and_not_spent_is_named() -> None:
    money = of(demonstration_context(), "point-formation").money
    assert (money.paid, money.spent, money.unspent, money.leftover) == (6_000_00, 1_900_00, 4_100_00, None)
    assert money.advanced == 0


def test_a_total_is_the_sum_of_its_parts_and_what_an_association_advanced_has_its_name() -> None:
    """ARSENIC read 0 € for its convention and 1 400 € for one of its two lines; Aix advanced 4 750 €."""
    context = demonstration_context()
    lines = {one.code: one for one in settle_lines(context.store, read_ledger(context.store, until=DAY), until=DAY)}
    for code in CONVENTIONS:
        money, parts = of(context, code).money, [one for one in lines.values() if one.association == code]
        assert money.unspent == sum(one.unspent or 0 for one in parts)
        assert money.advanced == sum(one.advanced or 0 for one in parts)
    assert of(context, "arsenic").money.unspent == lines["arsenic-equiper-connecter"].unspent == 1_400_00
    assert lines["anonymal-ct2"].advanced == 4_750_00


def test_what_the_associations_advanced_is_one_sentence() -> None:
    said = advance_sentence(read_ledger(demonstration_context().store, until=DAY))
    assert plain(said) == "Les associations ont avancé 12 200 € : Anonymal 6 400 €, ARSENIC 4 000 € et IFAC 1 800 €."
    assert advance_sentence(read_ledger(empty_context().store, until=DAY)) == ""


def test_nothing_is_supposed_before_any_entry() -> None:
    context = empty_context()
    ledger = read_ledger(context.store, until=DAY)
    for one in settle_lines(context.store, ledger, until=DAY):
        assert (one.agreed, one.paid, one.spent, one.justified, one.to_pay, one.unspent, one.advanced) == (None,) * 7
        assert one.voted == LINES[one.code].cents


def test_justified_is_what_the_accounts_tell_up_to_the_vote(desk: Desk) -> None:
    row = {"ligne_subvention": "ifac", "exercice": 2021}
    told = {"60.1": 3_000_00, "64.1": 900_00, "860": 50_000_00, "74.4": 20_000_00}
    desk.save("ifac", "comptes", *({**row, "compte": code, "realisation": cents} for code, cents in told.items()))
    ledger = read_ledger(desk.store, until=DAY)
    justified = {one.code: one.justified for one in settle_lines(desk.store, ledger, until=DAY)}
    assert justified["ifac"] == 3_900_00
    desk.save("ifac", "comptes", {**row, "compte": "64.2", "realisation": 90_000_00})
    assert settle_lines(desk.store, ledger, until=DAY)[-1].justified == 20_000_00


def test_an_agreement_counts_once_signed(desk: Desk) -> None:
    desk.save(
        "metropole",
        "conventions",
        {"association": "ifac", "date_signature": date(2021, 7, 20), "reliquat": "à reverser"},
    )
    ledger = read_ledger(desk.store, until=DAY)
    (line,) = [one for one in settle_lines(desk.store, ledger, until=DAY) if one.code == "ifac"]
    assert (line.agreed, line.leftover) == (20_000_00, "à reverser")
    (before,) = [one for one in settle_lines(desk.store, ledger, until=date(2021, 7, 19)) if one.code == "ifac"]
    assert before.agreed is None


def test_expenses_are_those_of_the_form_without_contributions_in_kind() -> None:
    assert {"60.1", "64.1", "65", "ind.1"} <= charges()
    assert not {"60", "860", "74.4", "87"} & charges()
