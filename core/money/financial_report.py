"""The financial report of a subsidy line or of a convention, in the rows of the Cerfa 15059*02.

Accounts come from what the association handed in (« comptes »), the subsidy from the deliberation,
what becomes of an unspent part from the agreement. Amounts are cents, None where nothing was
recorded; volunteering (86 and 87) is told apart and never mixed with money.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from core.catalogue.kinds import CerfaRow, cerfa
from core.deliberation import ASSOCIATIONS, CONVENTIONS, LINES
from core.domain import french
from core.domain.programme import SubsidyLine
from core.errors import Refused, UnknownName
from core.money.ledger import LEAD, RowSource, total

GAP_TO_EXPLAIN = 10
"""Gaps over this many percent of the forecast are listed for comment: a working value, not the law's."""
CHARGE, PRODUCT, IN_KIND = "charge", "produit", ("86", "87")


@dataclass(frozen=True, slots=True)
class Amounts:
    """What was foreseen and what was done; None where nothing was recorded."""

    forecast: int | None = None
    actual: int | None = None

    @property
    def percent(self) -> float | None:
        """What was done, in percent of what was foreseen; None when one of them is missing or nothing was foreseen."""
        return 100 * self.actual / self.forecast if self.actual is not None and self.forecast else None

    @property
    def gap(self) -> int | None:
        """What was done less what was foreseen, an amount not recorded being none; None before anything was done."""
        return None if self.actual is None else self.actual - (self.forecast or 0)

    @property
    def to_explain(self) -> bool:
        """Whether the gap is over the share that asks for a comment."""
        return bool(self.gap) and abs(self.gap or 0) * 100 > GAP_TO_EXPLAIN * (self.forecast or 0)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the form: a title, an account, a detail or a total."""

    code: str
    level: str
    side: str
    label: str
    amounts: Amounts = field(default_factory=Amounts)


@dataclass(frozen=True, slots=True)
class FinancialReport:
    """The form filled for one accounting year.

    ``rows`` are those of the form, in order. ``leftover`` is what the agreement says of an
    unspent part, None while it does not say. ``years`` are the accounting years handed in; ``year_end`` is the last
    day of this one, at which results stop: the day and month that the agreement tells, else 31 December.
    """

    association: str
    lines: tuple[SubsidyLine, ...]
    year: int
    year_end: date
    years: tuple[int, ...]
    rows: tuple[Row, ...]
    charges: Amounts
    products: Amounts
    charges_in_kind: Amounts
    products_in_kind: Amounts
    siret: str
    rna: str
    leftover: str | None = None

    @property
    def subsidy(self) -> int:
        """What the deliberation grants, in cents."""
        return sum(line.cents for line in self.lines)

    @property
    def done(self) -> bool:
        """Whether anything done was recorded."""
        return self.charges.actual is not None or self.products.actual is not None

    @property
    def result(self) -> int | None:
        """Products less charges, volunteering apart: over zero a surplus, under zero a shortfall."""
        if self.charges.actual is None or self.products.actual is None:
            return None
        return self.products.actual - self.charges.actual

    @property
    def to_explain(self) -> tuple[Row, ...]:
        """The rows with an amount of their own whose gap asks for a comment."""
        bare = [row for row in self.rows if row.code and row.level in ("compte", "detail")]
        summed = {row.code.partition(".")[0] for row in bare if "." in row.code} | set(IN_KIND)
        return tuple(row for row in bare if row.code not in summed and row.amounts.to_explain)

    @property
    def closing(self) -> str:
        """« La subvention de 24 500 € représente 79 % du total des produits. », as the form ends."""
        whole = self.products.actual if self.products.actual else self.products.forecast
        share = french.percent(100 * self.subsidy / whole) if whole else "…\u202f%"
        which = "" if self.products.actual else " prévus"
        return f"La subvention de {french.euros(self.subsidy)} représente {share} du total des produits{which}."

    @property
    def outcome(self) -> str:
        """What is left or lacking once all is done, and what the agreement does of it."""
        if self.result is None:
            return "La réalisation n’est pas encore renseignée : ni reliquat ni insuffisance ne se calculent."
        if self.result == 0:
            return "Les produits réalisés égalent les charges : il n’y a pas de reliquat."
        if self.result < 0:
            return f"Insuffisance : il manque {french.euros(-self.result)} de produits pour couvrir les charges."
        fate = self.leftover or "la convention ne dit pas encore ce qu’il devient"
        return f"Reliquat : {french.euros(self.result)} ({fate})."

    @property
    def imbalance(self) -> str:
        """What the budget lacks to be balanced, "" when it is: money first, then volunteering."""
        lacking = [
            _lacking(self.charges.forecast, self.products.forecast, "produits", "charges"),
            _lacking(
                self.charges_in_kind.forecast,
                self.products_in_kind.forecast,
                "contributions volontaires (compte 87)",
                "emplois des contributions volontaires (compte 86)",
            ),
        ]
        return french.listing(one for one in lacking if one)


def scope_of(code: str) -> tuple[str, tuple[SubsidyLine, ...]]:
    """The association and the lines that ``code`` names: a subsidy line, or the convention of an association.

    Raises UnknownName when it names neither.
    """
    if code in LINES:
        return LINES[code].association, (LINES[code],)
    if code in CONVENTIONS:
        return code, tuple(line for line in LINES.values() if line.association == code)
    named = ", ".join([*LINES, *(code for code in CONVENTIONS if code not in LINES)])
    raise UnknownName(f"« {code} » n’est ni une ligne de subvention ni une convention. Choisissez parmi : {named}.")


def financial_report(
    store: RowSource, code: str, year: int | None = None, revision: int | None = None
) -> FinancialReport:
    """The report of a line or of a convention for one accounting year (None: the last one handed in).

    Raises UnknownName for another code, Refused when no account was handed in, or none of that
    year. An unbalanced budget is not refused here: see ``refuse_unbalanced``.
    """
    association, lines = scope_of(code)
    held = store.rows(association, "comptes", revision)
    held = held.filter(pl.col("ligne_subvention").is_in([line.code for line in lines]))
    years = tuple(sorted(held["exercice"].unique().to_list()))
    chosen = _chosen(years, year, ASSOCIATIONS[association].name)
    amounts = _by_account(held.filter(pl.col("exercice") == chosen).to_dicts())
    agreement = next(
        (row for row in store.rows(LEAD, "conventions", revision).to_dicts() if row["association"] == association), {}
    )
    sums = {(side, kind): _side(amounts, side, kind) for side in (CHARGE, PRODUCT) for kind in (False, True)}
    return FinancialReport(
        association=association,
        lines=lines,
        year=chosen,
        year_end=_year_end(chosen, agreement.get("fin_exercice")),
        years=years,
        rows=tuple(_filled(row, amounts, sums) for row in cerfa()),
        charges=sums[CHARGE, False],
        products=sums[PRODUCT, False],
        charges_in_kind=sums[CHARGE, True],
        products_in_kind=sums[PRODUCT, True],
        siret=agreement.get("siret") or "",
        rna=agreement.get("rna") or "",
        leftover=agreement.get("reliquat"),
    )


def refuse_unbalanced(found: FinancialReport) -> None:
    """Raise Refused, with the amount that is missing, when the budget is not balanced."""
    if found.imbalance:
        raise Refused(
            f"Le budget prévu de l’exercice {found.year} n’est pas équilibré : il manque {found.imbalance}. "
            "Corrigez les prévisions dans « Mes données », tableau « Comptes de l’action », puis redemandez "
            "le document."
        )


def _chosen(years: Sequence[int], year: int | None, name: str) -> int:
    if not years:
        raise Refused(
            f"{name} n’a pas encore déposé de comptes pour cette subvention : il n’y a pas de compte rendu "
            "financier à établir. Ils se déposent dans « Mes données », tableau « Comptes de l’action »."
        )
    if year is None:
        return years[-1]
    if year not in years:
        listed = french.listing(str(one) for one in years)
        raise Refused(f"{name} n’a pas de comptes pour l’exercice {year} ; il y en a pour {listed}.")
    return year


def _year_end(year: int, told: date | None) -> date:
    """The last day of the accounting year ``year``, which bears the year in which it ends."""
    if told is None:
        return date(year, 12, 31)
    return date(year, told.month, min(told.day, monthrange(year, told.month)[1]))


def _by_account(rows: Iterable[Mapping[str, object]]) -> dict[str, Amounts]:
    """The amounts of each account, added up over the lines."""
    found: dict[str, list[Mapping[str, object]]] = {}
    for row in rows:
        found.setdefault(str(row["compte"]), []).append(row)
    return {
        account: Amounts(total(one["prevision"] for one in group), total(one["realisation"] for one in group))  # type: ignore[misc]
        for account, group in found.items()
    }


def _side(amounts: Mapping[str, Amounts], side: str, in_kind: bool) -> Amounts:
    codes = {row.code for row in cerfa() if row.code and row.side == side and _is_in_kind(row.code) is in_kind}
    return _sum(amounts[code] for code in amounts if code in codes)


def _is_in_kind(code: str) -> bool:
    return code.startswith(IN_KIND)


def _sum(every: Iterable[Amounts]) -> Amounts:
    known = list(every)
    return Amounts(total(one.forecast for one in known), total(one.actual for one in known))


def _filled(row: CerfaRow, amounts: Mapping[str, Amounts], sums: Mapping[tuple[str, bool], Amounts]) -> Row:
    """One row of the form: its own amounts, those of its details, or a total."""
    if row.level == "total":
        money, kind = sums[row.side, False], sums[row.side, True]
        found = _sum((money, kind)) if row.with_kind else money
    elif row.level == "titre":
        found = Amounts()
    elif row.level == "compte":
        found = _sum(one for code, one in amounts.items() if _under(code, row.code))
    else:
        found = amounts.get(row.code, Amounts())
    return Row(row.code, row.level, row.side, row.label, found)


def _under(code: str, account: str) -> bool:
    """Whether ``code`` is the account itself or one of its details (« 60.1 », « 864 » under « 86 »)."""
    return code == account or code.startswith(f"{account}.") or (account in IN_KIND and code.startswith(account))


def _lacking(charges: int | None, products: int | None, more: str, other: str) -> str:
    difference = (charges or 0) - (products or 0)
    if not difference:
        return ""
    return f"{french.euros(abs(difference))} {french.of(more if difference > 0 else other)}"
