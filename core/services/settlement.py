"""The money of each line and agreement to its end: voted, agreed, paid, spent, justified, and what is left.

Sums voted come from the deliberation; signatures, payments and documents from the project lead;
what was spent and the accounts from the associations. Nothing else is supposed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from core.axes.columns.catalogue import charges
from core.deliberation import CONVENTIONS
from core.services.ledger import LEAD, Ledger, LineState, Reader, total


@dataclass(frozen=True, slots=True)
class Settled:
    """One line, or the lines of one agreement together; amounts in cents, None where nothing was recorded.

    ``agreed`` is what a signed agreement carries; ``justified`` the charges written in the
    financial report, up to the sum voted; ``leftover`` says what the agreement does of an
    unspent part (« conservé », « à reverser »), None while it does not say.
    """

    code: str
    association: str
    voted: int
    agreed: int | None
    paid: int | None
    spent: int | None
    justified: int | None
    leftover: str | None = None

    @property
    def to_pay(self) -> int | None:
        """What remains to be paid of what was voted; None while no payment is recorded."""
        return None if self.paid is None else self.voted - self.paid

    @property
    def unspent(self) -> int | None:
        """What was paid and is not spent yet; None while one of the two is not known."""
        return None if self.paid is None or self.spent is None else max(0, self.paid - self.spent)


@dataclass(frozen=True, slots=True)
class Agreement:
    """One agreement: its money and its days. ``wait`` counts the days from the signature to the first payment."""

    money: Settled
    signed: date | None = None
    first_paid: date | None = None
    year_end: date | None = None
    report_due: date | None = None
    report_received: date | None = None

    @property
    def wait(self) -> int | None:
        """Days between the signature and the first payment; None while one of them is missing."""
        return (self.first_paid - self.signed).days if self.signed and self.first_paid else None


def settle_lines(store: Reader, ledger: Ledger, *, until: date, revision: int | None = None) -> tuple[Settled, ...]:
    """Each line, in the order of the deliberation."""
    held = _held(store, until, revision)
    return tuple(_line(store, state, held.get(state.line.association, {}), revision) for state in ledger.lines)


def settle(
    store: Reader, lines: Sequence[Settled], *, until: date, revision: int | None = None
) -> tuple[Agreement, ...]:
    """Each agreement, its ``lines`` (see ``settle_lines``) together."""
    held = _held(store, until, revision)
    paid = store.rows(LEAD, "versements", revision).filter(pl.col("date") <= until)
    documents = store.rows(LEAD, "pieces", revision).filter(pl.col("type") == "compte rendu financier").to_dicts()
    return tuple(
        _agreement(
            code, lines, held.get(code, {}), paid, [one for one in documents if one["association"] == code], until
        )
        for code in CONVENTIONS
    )


def _agreement(
    code: str,
    lines: Sequence[Settled],
    row: Mapping[str, Any],
    paid: pl.DataFrame,
    documents: Sequence[Mapping[str, Any]],
    until: date,
) -> Agreement:
    mine = [one for one in lines if one.association == code]
    first = paid.filter(pl.col("ligne").is_in([one.code for one in mine]))["date"].min()
    due = min(documents, key=lambda one: one["echeance"], default={})
    received = due.get("recue_le")
    return Agreement(
        together(code, mine),
        row.get("date_signature"),
        first,
        row.get("fin_exercice"),
        due.get("echeance"),
        received if received and received <= until else None,
    )


def together(code: str, lines: Sequence[Settled]) -> Settled:
    """The sums of several lines; a sum is known as soon as one of its parts is."""
    return Settled(
        code,
        lines[0].association if lines else code,
        sum(one.voted for one in lines),
        total(one.agreed for one in lines),
        total(one.paid for one in lines),
        total(one.spent for one in lines),
        total(one.justified for one in lines),
        next(iter({one.leftover for one in lines}), None),
    )


def _line(store: Reader, state: LineState, row: Mapping[str, Any], revision: int | None) -> Settled:
    line = state.line
    return Settled(
        line.code,
        line.association,
        line.cents,
        line.cents if row else None,
        state.paid,
        state.spent,
        _justified(store.rows(line.association, "comptes", revision), line.code, line.cents),
        row.get("reliquat"),
    )


def _justified(accounts: pl.DataFrame, line: str, voted: int) -> int | None:
    """The charges really made that the accounts of the line tell, up to the sum voted."""
    told = accounts.filter(
        pl.col("ligne_subvention") == line,
        pl.col("compte").is_in(list(charges())),
        pl.col("realisation").is_not_null(),
    )
    return None if told.is_empty() else min(voted, int(told["realisation"].sum()))


def _held(store: Reader, until: date, revision: int | None) -> dict[str, dict[str, Any]]:
    """The agreements signed by then, by association."""
    signed: Iterable[dict[str, Any]] = store.rows(LEAD, "conventions", revision).to_dicts()
    return {row["association"]: row for row in signed if row["date_signature"] <= until}
