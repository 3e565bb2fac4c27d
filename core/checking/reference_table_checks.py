"""What the project lead's reference tables refuse beyond one row, and what they leave to look at.

A slip of typing is refused: a code that nothing bears, a target for what is not tried, two periods over the
same days, a fact dated in the future. A fact that happened is recorded and stays a point to treat: money paid
before the signature, a balance before its report, money given back beyond what was paid, voted sums exceeded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

import polars as pl

from core.catalogue.lead import BALANCE, FINANCIAL_REPORT
from core.checking import cross_checks, naming
from core.checking.cross_checks import Finding
from core.contract import Registry
from core.deliberation import ASSOCIATIONS, AXES, LINES
from core.domain import french
from core.domain.calendar import Period, period_name
from core.domain.dataset import Column, Dataset, Hand, Problem, Row, RowDict
from core.domain.french import nearest
from core.domain.indicator import Indicator
from core.domain.programme import METROPOLE
from core.errors import UnknownName
from core.reading.problems import ProblemBatch

_RANK = 850  # after what is said of the cells themselves and of their place
_SIGNED_FIRST = (
    "la convention est signée avant tout versement (délibération, articles 2 à 6 ; loi du 12 avril 2000, article 10)"
)
_REPORT_LAW = "loi du 12 avril 2000, article 10"

Rows = Callable[[str, str], pl.DataFrame]
Held = Callable[[str], pl.DataFrame]
"""The rows of a reference table by its code, as they hold, or as they would hold."""


@dataclass(frozen=True, slots=True)
class _Fault:
    """What is wrong with one row, and at which column."""

    column: str
    found: str
    expected: str
    remedy: str
    code: str


_HAPPENED = {
    "versements": ("date", "un versement s’inscrit le jour où il est fait, ou après"),
    "pieces": ("recue_le", "une pièce est reçue aujourd’hui ou avant"),
    "conventions": ("date_signature", "une convention est signée aujourd’hui ou avant"),
    "cles": ("date", "une décision est prise aujourd’hui ou avant"),
    "objectifs": ("decide_le", "une décision est prise aujourd’hui ou avant"),
    "seuils": ("decide_le", "une décision est prise aujourd’hui ou avant"),
    "lots_cession": ("date", "un acte de cession est signé aujourd’hui ou avant"),
}
"""The day of something done, table by table: it is not after the day of the deposit."""


def refused(
    registry: Registry, dataset: Dataset, rows: pl.DataFrame, held: Rows, *, today: date
) -> list[ProblemBatch[Problem]]:
    """The rows (with ``_line`` and ``_key``) that may not be recorded; ``held`` gives what holds now."""
    found: list[tuple[int, _Fault]] = []
    others = _other_periods(dataset, rows, held)
    for row in rows.iter_rows(named=True):
        found += [(row["_line"], one) for one in _faults(registry, dataset, row, others, today)]
    if not found:
        return []
    return [ProblemBatch(pl.Series("_line", [line for line, _ in found], dtype=pl.Int64), _RANK, _problem_of(found))]


def findings(held: Held) -> Iterator[Finding]:
    """What the reference tables leave to look at, as they hold."""
    yield from cross_checks.keys(held("cles"))
    payments, agreements = held("versements"), held("conventions")
    yield from _before_signature(payments, _signatures(agreements))
    yield from _before_report(payments, agreements, held("pieces"))
    yield from _beyond_paid(payments)


def warnings(held: Held, dataset: str) -> Iterator[Finding]:
    """What is told of one of them when rows of it are handed in; sums beyond the vote are an alert of their own."""
    for one in findings(held):
        if one.dataset == dataset:
            yield one
        elif dataset == "conventions" and one.code == "versement_avant_signature":
            yield _of_convention(one, held("versements"))
    if dataset == "versements":
        yield from _beyond_vote(held("versements"))


# --- refused -----------------------------------------------------------------------------------


def _faults(registry: Registry, dataset: Dataset, row: Row, periods: Sequence[Row], today: date) -> Iterator[_Fault]:
    for column in dataset.columns:
        if (fault := _unknown(registry, column, row.get(column.name))) is not None:
            yield fault
            return
    if "indicateur" in dataset.by_name and row.get("experience"):
        yield from _not_tried(registry, row)
    if dataset.code in _HAPPENED:
        yield from _not_yet(dataset, row, today)
    yield from _overlaps(dataset, row, periods)


def _unknown(registry: Registry, column: Column, value: str | None) -> _Fault | None:
    """A code that nothing bears; the nearest right one is offered."""
    names = getattr(column.kind, "names", "")
    if not names or value is None:
        return None
    known = _KNOWN[names](registry, value)
    if value in known:
        return None
    near = nearest(value, known, 0.4)
    offer = f"Vouliez-vous dire « {near} » ?" if near else f"Choisissez parmi : {', '.join(sorted(known))}."
    return _Fault(column.name, value, f"Aucun {_WORDS[names]} ne porte ce code.", offer, "code_inconnu")


def _periods(_registry: Registry, value: str) -> Sequence[str]:
    try:
        return (value,) if Period.parse(value) else ()
    except UnknownName:
        return ("2021-T3", "2021-09")


_KNOWN: Mapping[str, Callable[[Registry, str], Iterable[str]]] = {
    "association": lambda registry, _: [one.code for one in registry.associations],
    "dataset": lambda registry, _: naming.titles(registry),
    "indicator": lambda registry, _: registry.catalogue,
    "period": _periods,
}
_WORDS = {"association": "organisme", "dataset": "tableau", "indicator": "indicateur", "period": "trimestre ni mois"}


def _not_tried(registry: Registry, row: Row) -> Iterator[_Fault]:
    """A number to reach where the axis of its figure is not tried, or where nobody follows it."""
    indicator = registry.catalogue[row["indicateur"]]
    experiment = next((one for one in registry.experiments if one.code == row["experience"]), None)
    if experiment is None or _followed(registry, indicator, row["experience"]):
        return
    tried = french.listing(AXES[axis].name for axis in experiment.axes if axis in AXES)
    axes = french.listing((f"{axis} ({AXES[axis].name})" for axis in indicator.axes), "ni")
    expected = (
        f"{experiment.short_title} n’essaie pas l’axe {axes} : ce chiffre y est sans objet."
        if indicator.axes and not any(experiment.tries(axis) for axis in indicator.axes)
        else f"{experiment.short_title} ne suit pas ce chiffre."
    )
    remedy = f"Choisissez un chiffre de ce qu’elle essaie ({tried}), ou une autre expérimentation."
    yield _Fault("indicateur", indicator.label, expected, remedy, "axe_non_essaye")


def _followed(registry: Registry, indicator: Indicator, experiment: str) -> bool:
    where = registry.experiment(experiment)
    tried = not indicator.axes or any(where.tries(axis) for axis in indicator.axes)
    offered = {one.code for one in registry.indicators(experiment)}
    return tried and (indicator.code in offered or not offered)


def _not_yet(dataset: Dataset, row: Row, today: date) -> Iterator[_Fault]:
    name, words = _HAPPENED[dataset.code]
    day = row.get(name)
    if day is not None and day > today:
        remedy = f"Corrigez la date : nous sommes le {french.day(today)}."
        yield _Fault(name, french.short_day(day), words, remedy, "date_a_venir")


def _other_periods(dataset: Dataset, rows: pl.DataFrame, held: Rows) -> list[Mapping[str, object]]:
    """The periods as they would hold, those of ``rows`` before the others."""
    if dataset.code != "periodes":
        return []
    kept = held(METROPOLE, dataset.code)
    return [*rows.to_dicts(), *kept.filter(~pl.col("_key").is_in(rows["_key"].implode())).to_dicts()]


def _overlaps(dataset: Dataset, row: Row, others: Sequence[Row]) -> Iterator[_Fault]:
    """Two periods over one day would have the same rows awaited twice."""
    if dataset.code != "periodes" or row["debut"] is None or row["fin"] is None:
        return
    for other in others:
        apart = other["debut"] is None or other["fin"] is None or other["code"] == row["code"]
        if apart or other["fin"] < row["debut"] or row["fin"] < other["debut"]:
            continue
        words = f"{period_name(row['code'])}, du {french.short_day(row['debut'])} au {french.short_day(row['fin'])}"
        shared = (
            f"{period_name(other['code'])} va du {french.short_day(other['debut'])} au {french.short_day(other['fin'])}"
        )
        yield _Fault(
            "debut",
            words,
            f"des jours qu’aucune autre période ne couvre ; {shared}",
            "Corrigez les dates, ou retirez l’autre période.",
            "periodes_superposees",
        )
        return


def _problem_of(found: Sequence[tuple[int, _Fault]]) -> Callable[[int], Problem]:
    def make(place: int) -> Problem:
        line, one = found[place]
        said, expected, remedy = (french.typeset(part) for part in (one.found, one.expected, one.remedy))
        return Problem(line, one.column, said, expected, remedy, code=one.code)

    return make


# --- left to look at ---------------------------------------------------------------------------


def _signatures(conventions: pl.DataFrame) -> dict[str, date]:
    return {row["association"]: row["date_signature"] for row in conventions.iter_rows(named=True)}


def _before_signature(payments: pl.DataFrame, signed: Mapping[str, date]) -> Iterator[Finding]:
    for row in payments.sort("date", "reference").iter_rows(named=True):
        body = LINES[row["ligne"]].association
        if row["montant"] <= 0 or body not in signed or row["date"] >= signed[body]:
            continue
        found = (
            f"{row['reference']} : {french.euros(row['montant'])} versés à {ASSOCIATIONS[body].name} le "
            f"{french.day(row['date'])}, convention signée le {french.day(signed[body])}"
        )
        yield _finding(
            "versement_avant_signature",
            found,
            _SIGNED_FIRST,
            "Vérifiez les deux dates ; si elles sont exactes, prévenez la direction des finances.",
            row["reference"],
            Hand.LEAD,
        )


def _before_report(payments: pl.DataFrame, agreements: pl.DataFrame, documents: pl.DataFrame) -> Iterator[Finding]:
    """A balance paid although no financial report of its line was received by then."""
    asked = {row["association"]: row["conditions"] for row in agreements.iter_rows(named=True)}
    reports = documents.filter(pl.col("type") == FINANCIAL_REPORT, pl.col("recue_le").is_not_null()).to_dicts()
    for row in payments.filter(pl.col("nature") == BALANCE).sort("date", "reference").iter_rows(named=True):
        body, line = LINES[row["ligne"]].association, row["ligne"]
        known = (one for one in reports if one["association"] == body and one["ligne"] in (None, line))
        if row["montant"] <= 0 or any(one["recue_le"] <= row["date"] for one in known):
            continue
        found = (
            f"{row['reference']} : {french.euros(row['montant'])} de solde versés à {ASSOCIATIONS[body].name} le "
            f"{french.day(row['date'])}, compte rendu financier non reçu à ce jour-là"
        )
        terms = f"convention : « {conditions.rstrip('.')} » ; " if (conditions := asked.get(body)) else ""
        yield _finding(
            "solde_sans_compte_rendu",
            found,
            f"le solde se verse au vu du compte rendu financier ({terms}compte rendu dû : {_REPORT_LAW})",
            "Inscrivez le jour où le compte rendu est arrivé ; s’il manque, prévenez la direction des finances.",
            row["reference"],
            Hand.LEAD,
        )


def _of_convention(one: Finding, payments: pl.DataFrame) -> Finding:
    """The same, told of the agreement that is being recorded."""
    line = payments.filter(pl.col("reference") == one.subject)["ligne"][0]
    return replace(one, dataset="conventions", column="association", subject=LINES[line].association)


def _beyond_paid(payments: pl.DataFrame) -> Iterator[Finding]:
    """More given back than was paid."""
    for code, rows in _by_line(payments):
        if (left := sum(row["montant"] for row in rows)) < 0:
            back = next(row for row in reversed(rows) if row["montant"] < 0)
            yield _finding(
                "reversement_au_dela_du_verse",
                f"{_line(code)} : {french.euros(-left)} rendus de plus que ce qui est versé",
                "Une association ne rend pas plus que ce qu’elle a reçu.",
                "Vérifiez le reversement, ou inscrivez le versement qui manque.",
                back["reference"],
                Hand.COMMITTEE,
            )


def _beyond_vote(payments: pl.DataFrame) -> Iterator[Finding]:
    for code, rows in _by_line(payments):
        over = sum(row["montant"] for row in rows) - LINES[code].cents
        if over > 0:
            yield _finding(
                "versements_au_dela_du_vote",
                f"{_line(code)} : {french.euros(over)} de trop",
                f"{french.euros(LINES[code].cents)} au plus : la délibération n’accorde pas davantage.",
                "Vérifiez les versements inscrits sur cette ligne.",
                rows[-1]["reference"],
                Hand.COMMITTEE,
            )


def _by_line(payments: pl.DataFrame) -> Iterator[tuple[str, list[RowDict]]]:
    ordered = payments.sort("date", "reference").to_dicts()
    for code in LINES:
        if rows := [row for row in ordered if row["ligne"] == code]:
            yield code, rows


def _finding(code: str, found: str, expected: str, remedy: str, reference: str, hand: Hand) -> Finding:
    said, wanted, advice = (french.typeset(part) for part in (found, expected, remedy))
    return Finding(code, "versements", said, wanted, advice, "reference", reference, METROPOLE, hand=hand)


@cache
def _line(code: str) -> str:
    line = LINES[code]
    return f"{ASSOCIATIONS[line.association].name} ({line.purpose})"
