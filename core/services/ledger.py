"""The money, line by line: voted, paid, spent, still to pay; and what no key divides yet.

Only what is recorded counts: the sums voted come from the deliberation, the payments and
the allocation keys from the project lead, the spending from the associations.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Protocol

import polars as pl

from core.deliberation import LINES
from core.domain.programme import SubsidyLine

LEAD = "metropole"


class Reader(Protocol):
    """What the ledger needs of the store: the rows of one dataset as of a revision."""

    def rows(self, association: str, code: str, revision: int | None = None) -> pl.DataFrame: ...


@dataclass(frozen=True, slots=True)
class LineState:
    """One subsidy line on a day; amounts in cents, None where nothing was recorded.

    ``shares`` gives the part of each experiment when the line covers exactly one or when a
    key divides the whole of it; empty means « non ventilé ». ``key_decision`` cites the
    decision of the key.
    """

    line: SubsidyLine
    paid: int | None
    spent: int | None
    spent_on: date | None
    shares: Mapping[str, Fraction]
    key_decision: str = ""

    @property
    def voted(self) -> int:
        """What the deliberation grants."""
        return self.line.cents

    @property
    def to_pay(self) -> int:
        """What remains to be paid of the sum voted."""
        return self.line.cents - (self.paid or 0)

    @property
    def allocated(self) -> bool:
        """Whether the line is wholly attached to experiments."""
        return bool(self.shares)

    def part(self, cents: int | None, experiment: str) -> int | None:
        """The part of ``cents`` that falls to ``experiment``; None while nothing says so."""
        if cents is None or experiment not in self.shares:
            return None
        return split(cents, self.shares)[experiment]


@dataclass(frozen=True, slots=True)
class Ledger:
    """The six lines, in the order of the deliberation, and their sums."""

    lines: tuple[LineState, ...]

    @property
    def voted(self) -> int:
        """The whole of the subsidies voted."""
        return sum(state.voted for state in self.lines)

    @property
    def paid(self) -> int | None:
        """What was paid, None while no payment is recorded at all."""
        return total(state.paid for state in self.lines)

    @property
    def spent(self) -> int | None:
        """What the associations declared as spent, None while none did."""
        return total(state.spent for state in self.lines)

    @property
    def unallocated(self) -> tuple[LineState, ...]:
        """The lines that nothing divides between experiments yet."""
        return tuple(state for state in self.lines if not state.allocated)

    def of_association(self, code: str) -> tuple[LineState, ...]:
        """The lines of one association."""
        return tuple(state for state in self.lines if state.line.association == code)

    def of_experiment(self, code: str) -> tuple[LineState, ...]:
        """The lines that pay for an experiment, wholly or in part, by the text or by a key."""
        return tuple(state for state in self.lines if code in state.line.experiments or code in state.shares)


def read_ledger(store: Reader, *, until: date, revision: int | None = None) -> Ledger:
    """The state of each line at the end of ``until``, as known at ``revision``."""
    payments = store.rows(LEAD, "versements", revision)
    keys = store.rows(LEAD, "cles", revision)
    return Ledger(tuple(_state(store, line, payments, keys, until, revision) for line in LINES.values()))


def split(cents: int, shares: Mapping[str, Fraction]) -> dict[str, int]:
    """Divide ``cents`` by ``shares`` to the last cent: the largest remainders get what is left over."""
    exact = {code: cents * share for code, share in shares.items()}
    parts = {code: int(amount) for code, amount in exact.items()}
    left = cents - sum(parts.values())
    for code in sorted(exact, key=lambda code: (parts[code] - exact[code], code))[:left]:
        parts[code] += 1
    return parts


def total(amounts: Iterable[int | None]) -> int | None:
    """The sum of the known amounts; None when none is known."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known else None


def _state(
    store: Reader, line: SubsidyLine, payments: pl.DataFrame, keys: pl.DataFrame, until: date, revision: int | None
) -> LineState:
    spent, spent_on = _spending(store.rows(line.association, "depenses_a_date", revision), line.code, until)
    shares, decision = _shares(line, keys)
    return LineState(line, _paid(payments, line.code, until), spent, spent_on, shares, decision)


def _paid(payments: pl.DataFrame, line: str, until: date) -> int | None:
    if payments.is_empty():
        return None
    return int(payments.filter(pl.col("ligne") == line, pl.col("date") <= until)["montant"].sum())


def _spending(rows: pl.DataFrame, line: str, until: date) -> tuple[int | None, date | None]:
    known = rows.filter(pl.col("ligne_subvention") == line, pl.col("date") <= until).sort("date")
    if known.is_empty():
        return None, None
    last = known.row(-1, named=True)
    return last["montant"], last["date"]


def _shares(line: SubsidyLine, keys: pl.DataFrame) -> tuple[dict[str, Fraction], str]:
    if len(line.experiments) == 1:
        return {line.experiments[0]: Fraction(1)}, ""
    found: list[dict[str, Any]] = keys.filter(pl.col("ligne") == line.code).to_dicts()
    shares = {row["experience"]: Fraction(str(row["part"])) / 100 for row in found}
    if sum(shares.values()) != 1:
        return {}, ""
    return shares, str(found[0]["decision"] or "")
