"""The money, line by line: voted, paid, spent, still to pay, what no key divides yet; each agreement to its end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Protocol

import polars as pl

from core.catalogue.kinds import charges
from core.catalogue.lead import FINANCIAL_REPORT
from core.deliberation import ASSOCIATIONS, CONVENTIONS, EXPERIMENTS, LINES
from core.domain import calendar, french
from core.domain.dataset import Row, RowDict
from core.domain.figure_text import INCOMPLETE
from core.domain.programme import SubsidyLine

LEAD = "metropole"


class RowSource(Protocol):
    """What the ledger needs of the store: the rows of one dataset as of a revision."""

    def rows(self, association: str, code: str, revision: int | None = None) -> pl.DataFrame: ...


@dataclass(frozen=True, slots=True)
class LineState:
    """One subsidy line on a day; amounts in cents, None where nothing was recorded.

    ``shares`` gives the part of each experiment when the line covers exactly one or when a
    key divides the whole of it; empty means « non ventilé ». ``key_decision`` cites the
    decision of the key. ``until`` is the day that was asked for, None for lines frozen before it was kept.
    """

    line: SubsidyLine
    paid: int | None
    spent: int | None
    spent_on: date | None
    shares: Mapping[str, Fraction]
    key_decision: str = ""
    until: date | None = None

    @property
    def spent_older(self) -> date | None:
        """The day of the last spending told, when it is before the day asked for: the sum is of that day."""
        return self.spent_on if self.spent_on and self.until and self.spent_on < self.until else None

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


def read_ledger(store: RowSource, *, until: date, revision: int | None = None) -> Ledger:
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
    store: RowSource, line: SubsidyLine, payments: pl.DataFrame, keys: pl.DataFrame, until: date, revision: int | None
) -> LineState:
    spent, spent_on = _spending(store.rows(line.association, "depenses_a_date", revision), line.code, until)
    shares, decision = _shares(line, keys)
    return LineState(line, _paid(payments, line.code, until), spent, spent_on, shares, decision, until)


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
    found: list[RowDict] = keys.filter(pl.col("ligne") == line.code).to_dicts()
    shares = {row["experience"]: Fraction(str(row["part"])) / 100 for row in found}
    if sum(shares.values()) != 1:
        return {}, ""
    return shares, str(found[0]["decision"] or "")


# --- The money of each line and agreement to its end: voted, agreed, paid, spent, justified, and what is left ----
# Sums voted come from the deliberation; signatures, payments and documents from the project lead;
# what was spent and the accounts from the associations. Nothing else is supposed.


@dataclass(frozen=True, slots=True)
class Settled:
    """One line, or the lines of one agreement together; amounts in cents, None where nothing was recorded.

    ``agreed`` is what a signed agreement carries; ``justified`` the charges written in the
    financial report, up to the sum voted; ``leftover`` says what the agreement does of an
    unspent part (« conservé », « à reverser »), None while it does not say. ``unspent`` was paid and is not spent,
    ``advanced`` was spent by the association and is not paid: of a line one of them is 0, both are None while one of
    the two sums is not known; of several lines, each is the sum of theirs.
    """

    code: str
    association: str
    voted: int
    agreed: int | None
    paid: int | None
    spent: int | None
    justified: int | None
    leftover: str | None = None
    unspent: int | None = None
    advanced: int | None = None

    @property
    def to_pay(self) -> int | None:
        """What remains to be paid of what was voted; None while no payment is recorded."""
        return None if self.paid is None else self.voted - self.paid


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


def settle_lines(store: RowSource, ledger: Ledger, *, until: date, revision: int | None = None) -> tuple[Settled, ...]:
    """Each line, in the order of the deliberation."""
    held = _held(store, until, revision)
    return tuple(_line(store, state, held.get(state.line.association, {}), revision) for state in ledger.lines)


def settle(
    store: RowSource, lines: Sequence[Settled], *, until: date, revision: int | None = None
) -> tuple[Agreement, ...]:
    """Each agreement, its ``lines`` (see ``settle_lines``) together."""
    held = _held(store, until, revision)
    paid = store.rows(LEAD, "versements", revision).filter(pl.col("date") <= until)
    documents = store.rows(LEAD, "pieces", revision).filter(pl.col("type") == FINANCIAL_REPORT).to_dicts()
    return tuple(
        _agreement(
            code, lines, held.get(code, {}), paid, [one for one in documents if one["association"] == code], until
        )
        for code in CONVENTIONS
    )


def _agreement(
    code: str,
    lines: Sequence[Settled],
    row: Row,
    paid: pl.DataFrame,
    documents: Sequence[Row],
    until: date,
) -> Agreement:
    mine = [one for one in lines if one.association == code]
    ours = pl.col("ligne").is_in([one.code for one in mine])
    first = paid.filter(ours, pl.col("montant") > 0)["date"].min()
    assert first is None or isinstance(first, date)
    due = min(documents, key=lambda one: one["echeance"], default={})
    end = row.get("fin_exercice")
    received = due.get("recue_le")
    return Agreement(
        together(code, mine),
        row.get("date_signature"),
        first,
        end,
        due.get("echeance") or (calendar.report_due(end) if end else None),
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
        total(one.unspent for one in lines),
        total(one.advanced for one in lines),
    )


def _line(store: RowSource, state: LineState, row: Row, revision: int | None) -> Settled:
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
        _over(state.paid, state.spent),
        _over(state.spent, state.paid),
    )


def _over(more: int | None, less: int | None) -> int | None:
    """By how much one sum exceeds the other, 0 when it does not; None while one is not known."""
    return None if more is None or less is None else max(0, more - less)


def _justified(accounts: pl.DataFrame, line: str, voted: int) -> int | None:
    """The charges really made that the accounts of the line tell, up to the sum voted."""
    told = accounts.filter(
        pl.col("ligne_subvention") == line,
        pl.col("compte").is_in(list(charges())),
        pl.col("realisation").is_not_null(),
    )
    return None if told.is_empty() else min(voted, int(told["realisation"].sum()))


def _held(store: RowSource, until: date, revision: int | None) -> dict[str, RowDict]:
    """The agreements signed by then, by association."""
    signed: Iterable[RowDict] = store.rows(LEAD, "conventions", revision).to_dicts()
    return {row["association"]: row for row in signed if row["date_signature"] <= until}


# --- The money in words: what was paid and spent of what was voted, what no key divides, what cannot be compared ----


WHOLE = "toute la Métropole"


def purpose(state: LineState) -> str:
    """The object voted, with a capital."""
    return french.sentence(state.line.purpose).rstrip(".")


def serves(state: LineState) -> str:
    """For which experiments a line pays, by the text or by a key."""
    if state.key_decision:
        parts = [f"{_name(code)} {french.percent(float(100 * share))}" for code, share in state.shares.items()]
        return french.listing(parts)
    codes = state.line.experiments
    return french.listing(map(_name, codes)) if codes else WHOLE


def money_sentence(ledger: Ledger) -> str:
    """« 82 300 € versés sur 115 000 € votés (72 %) ; 89 000 € dépensés (77 %), dont 1 900 € au 31 mars 2022. »."""
    voted = f"{french.euros(ledger.voted)} votés"
    if ledger.paid is None and ledger.spent is None:
        return f"{voted} ; aucun versement et aucune dépense ne sont encore renseignés."
    paid = "aucun versement renseigné" if ledger.paid is None else f"{french.euros(ledger.paid)} versés"
    share = "" if ledger.paid is None else f" ({french.percent(100 * ledger.paid / ledger.voted)})"
    spent = "dépenses non renseignées"
    if ledger.spent is not None:
        spent = f"{french.euros(ledger.spent)} dépensés ({french.percent(100 * ledger.spent / ledger.voted)})"
    told = ", ".join(filter(None, (spent, spending_aside(ledger.lines))))
    return french.sentence(f"{paid} sur {voted}{share}\u202f; {told}")


def advance_sentence(ledger: Ledger) -> str:
    """« Les associations ont avancé 12 200 € : Anonymal 6 400 €, ARSENIC 4 000 € et IFAC 1 800 €. ».

    What they spent of a line and was not paid yet, line by line. Empty while they advanced nothing that is known.
    """
    by_whom: dict[str, int] = {}
    for one in ledger.lines:
        over = _over(one.spent, one.paid) or 0
        by_whom[one.line.association] = by_whom.get(one.line.association, 0) + over
    told = [f"{ASSOCIATIONS[code].name} {french.euros(cents)}" for code, cents in by_whom.items() if cents]
    if not told:
        return ""
    whose = "Les associations ont" if len(told) > 1 else "Une association a"
    return french.sentence(f"{whose} avancé {french.euros(sum(by_whom.values()))} : {french.listing(told)}")


def spending_aside(lines: Sequence[LineState]) -> str:
    """What a sum of spendings never leaves out: its day when it is older than the one asked for, and what it lacks.

    « connus au 30 juin 2022, dont 1 900 € au 31 mars 2022 ; incomplet : rien de connu sur 6 000 € votés ». Empty
    when every line is known up to the day asked for, or none is known at all.
    """
    known = [one for one in lines if one.spent is not None]
    last = max((one.spent_on for one in known if one.spent_on), default=None)
    older = {one.spent_on for one in known if one.spent_on and last and one.spent_on < last}
    behind = [_spent_on(known, day) for day in sorted(older, reverse=True)]
    dated = f"connus au {french.day(last)}" if last and any(one.spent_older == last for one in known) else ""
    parts = f"dont {french.listing(behind)}" if behind else ""
    missing = sum(one.voted for one in lines if one.spent is None) if known else 0
    told = ", ".join(filter(None, (dated, parts)))
    lacking = f"{INCOMPLETE} : rien de connu sur {french.euros(missing)} votés" if missing else ""
    return french.typeset(" ; ".join(filter(None, (told, lacking))))


def _spent_on(lines: Iterable[LineState], day: date) -> str:
    return f"{french.euros(sum(one.spent or 0 for one in lines if one.spent_on == day))} au {french.day(day)}"


def part_sentence(state: LineState, experiment: str) -> str:
    """What falls to an experiment of a line that a key divides: « 12 000 € votés, 8 400 € versés et … »."""
    parts = []
    for cents, word in ((state.voted, "votés"), (state.paid, "versés"), (state.spent, "dépensés")):
        part = state.part(cents, experiment)
        parts += [f"{french.euros(part)} {word}"] if part is not None else []
    aside = spending_aside([state])
    return french.listing(parts) + (f", {aside}" if aside else "")


def _name(code: str) -> str:
    found = EXPERIMENTS.get(code)
    return found.short_title if found else code
