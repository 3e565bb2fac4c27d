"""The financial report of an agreement (Cerfa 15059) on paper, with what the action did; the payment statement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import polars as pl

from core.contract import Registry
from core.deliberation import ACT, ASSOCIATIONS, CONVENTIONS, LINES
from core.disclosure import conceal, hidden_among, words
from core.domain import french
from core.domain.figure_text import marked, shown, target_number
from core.domain.french import typeset
from core.domain.indicator import Indicator
from core.domain.observation import Cell, Observation
from core.domain.programme import Experiment, SubsidyLine
from core.exports.typesetting import pdf
from core.figures import Monitor
from core.money.financial_report import GAP_TO_EXPLAIN, FinancialReport, Row, refuse_unbalanced
from core.money.ledger import LEAD, Agreement, Ledger, read_ledger, settle, settle_lines
from core.reporting.decide import last_narratives
from core.storage import Store

if TYPE_CHECKING:
    pass

TRAINED = {"termine_professionnels": "professionnels", "termine_benevoles": "bénévoles"}


@dataclass(frozen=True, slots=True)
class Objective:
    """One number of one experiment: what was to be reached (« » while the committee set none) and what was."""

    experiment: str
    label: str
    expected: str
    obtained: str


@dataclass(frozen=True, slots=True)
class ActionNarrative:
    """What an association says of an experiment."""

    experiment: str
    text: str


@dataclass(frozen=True, slots=True)
class QualitativeSheet:
    """The qualitative sheet of the form; ``publics`` are who benefited, in words, with how many.

    ``until`` is the last day that it tells: the accounting year's end, or the day itself before it.
    """

    experiments: tuple[str, ...]
    places: tuple[str, ...]
    publics: tuple[tuple[str, str], ...]
    objectives: tuple[Objective, ...]
    told: tuple[ActionNarrative, ...]
    until: date


def action_of(
    registry: Registry, store: Store, monitor: Monitor, lines: Sequence[SubsidyLine], *, until: date, below: int = 5
) -> QualitativeSheet:
    """What the experiments that these lines name have done up to ``until``.

    A line that names none has no objective of its own. ``below`` is the first number of people that is written.
    """
    named = dict.fromkeys(code for line in lines for code in line.experiments)
    experiments = [one for one in registry.experiments if one.code in named]
    if not experiments:
        return QualitativeSheet((), (), (), (), (), until)
    compared = monitor.compare(until=until)
    # Masked over all the experiments, as in every other document of these figures.
    kept = conceal([cell.observation for cell in compared.cells.values()], registry.catalogue, below)
    seen = {key: one.observation for key, one in zip(compared.cells, kept, strict=True)}
    objectives = [
        made
        for one in experiments
        for indicator in compared.indicators
        if (key := (indicator.code, one.code)) in compared.cells
        if (made := _objective(indicator, compared.cells[key], seen[key], one.short_title)) is not None
    ]
    over = {row["code"] for row in store.rows(LEAD, "periodes").to_dicts() if row["fin"] <= until}
    told = last_narratives(store, periods=over)
    return QualitativeSheet(
        tuple(one.title for one in experiments),
        tuple(place.name for one in experiments for place in one.places),
        tuple(_publics(registry, store, lines[0].association, experiments, until=until, below=below)),
        tuple(objectives),
        tuple(ActionNarrative(one.short_title, told[one.code][1].text) for one in experiments if one.code in told),
        until,
    )


def _objective(indicator: Indicator, cell: Cell, seen: Observation, experiment: str) -> Objective | None:
    """The numbers with a target; ``seen`` is the figure as it may leave."""
    target = cell.standing.target
    if target is None:
        return None
    goal = target_number(cell, headline=indicator.headline)
    what = shown(seen, headline=indicator.headline)
    obtained = what.main if what.missing is None else what.main.lower()
    return Objective(experiment, indicator.label, f"{goal} au {french.day(target.until)}", marked(obtained, seen))


def _publics(
    registry: Registry, store: Store, association: str, experiments: Sequence[Experiment], *, until: date, below: int
) -> Iterator[tuple[str, str]]:
    """How many of each kind of public up to ``until``; nobody is named, a small number and what tells it are hidden."""
    held = {one.code for one in registry.datasets(association)}
    kept = pl.col("_experiment").is_in([one.code for one in experiments])
    if "materiel" in held:
        given = store.rows(association, "materiel").filter(
            kept, pl.col("statut") == "remis", pl.col("date_remise") <= until
        )
        counted = given.drop_nulls("type_beneficiaire").group_by("type_beneficiaire").len().sort("type_beneficiaire")
        yield from _discreet({f"Matériel remis : {kind}": int(count) for kind, count in counted.iter_rows()}, below)
    if "formations" in held:
        trained = store.rows(association, "formations").filter(kept, pl.col("date") <= until)
        finished = {f"Modules terminés : {who}": int(trained[column].sum()) for column, who in TRAINED.items()}
        yield from _discreet({who: number for who, number in finished.items() if number}, below)


def _discreet(counts: dict[str, int], below: int) -> Iterator[tuple[str, str]]:
    """Their sum is known from elsewhere: machines handed over, people trained."""
    hidden = hidden_among(counts.values(), below)
    for who, number in counts.items():
        yield who, words(hidden[number], below) if number in hidden else french.number(number)


# --- The financial report and the payment statement as papers to sign or to send -------------------


FICTITIOUS = "Données fictives"
CERTIFIED = (
    "Je soussigné(e), (nom et prénom) ……………………………………, représentant(e) légal(e) de l’association ou personne "
    "mandatée, certifie exactes les informations du présent compte rendu."
)
NO_EXPERIMENT = (
    "Cette ligne couvre l’ensemble de la Métropole, sans expérimentation propre : aucun objectif ne lui est rattaché."
)
TO_COMPLETE = "À compléter par l’association."


def title(report: FinancialReport) -> str:
    """« Compte rendu financier – Anonymal – exercice 2022 »."""
    return f"Compte rendu financier – {ASSOCIATIONS[report.association].name} – exercice {report.year}"


def facts(report: FinancialReport) -> list[tuple[str, str]]:
    """The head of the form, in pairs."""
    return [
        ("Association", ASSOCIATIONS[report.association].name),
        ("SIRET", report.siret or "à renseigner"),
        ("RNA", report.rna or "à renseigner"),
        ("Décision", f"{ACT.number} du {french.day(ACT.session)}"),
        ("Objet", " ; ".join(line.purpose for line in report.lines)),
        ("Subvention votée", french.euros(report.subsidy)),
        ("Exercice", str(report.year)),
    ]


def report_pdf(report: FinancialReport, action: QualitativeSheet, *, at: datetime, fictitious: bool = False) -> bytes:
    """The form on A4, tagged. Raises Refused for an unbalanced budget."""
    refuse_unbalanced(report)
    return pdf("financial_report", _report(report, action, fictitious), at=at, title=title(report))


def statement_pdf(store: Store, association: str, *, today: date, at: datetime, fictitious: bool = False) -> bytes:
    """« État de versement » of one convention: voted, paid, balance due, and what the balance waits for."""
    return pdf(
        "payment_statement",
        statement(store, association, today, fictitious),
        at=at,
        title=f"État de versement – {ASSOCIATIONS[association].name}",
    )


def _report(report: FinancialReport, action: QualitativeSheet, fictitious: bool) -> dict[str, object]:
    return {
        "fictitious": fictitious,
        "facts": [[name, typeset(value)] for name, value in facts(report)],
        "until": french.day(action.until),
        "implementation": french.listing(action.experiments) or NO_EXPERIMENT,
        "places": french.listing(dict.fromkeys(action.places)),
        "publics": [[french.typeset(who), count] for who, count in action.publics],
        "objectives": [[one.experiment, one.label, one.expected, one.obtained] for one in action.objectives],
        "told": [[one.experiment, typeset(one.text)] for one in action.told],
        "to_complete": TO_COMPLETE,
        "rows": [_row(one) for one in report.rows],
        "closing": typeset(report.closing),
        "outcome": typeset(report.outcome),
        "over": GAP_TO_EXPLAIN,
        "gaps": [[one.label, *_amounts(one), french.euros(one.amounts.gap or 0)] for one in report.to_explain],
        "done": report.done,
        "certified": CERTIFIED,
    }


def _row(one: Row) -> dict[str, object]:
    share = one.amounts.percent
    said = "" if share is None else french.percent(share, 1)
    return {"level": one.level, "cells": [typeset(one.label), *_amounts(one), said]}


def _amounts(one: Row) -> list[str]:
    return ["" if cents is None else french.euros(cents) for cents in (one.amounts.forecast, one.amounts.actual)]


def statement(store: Store, association: str, today: date, fictitious: bool = False) -> dict[str, object]:
    """What the letter says, in words."""
    ledger = read_ledger(store, until=today)
    settled = settle_lines(store, ledger, until=today)
    agreement = next(one for one in settle(store, settled, until=today) if one.money.association == association)
    lines = [line for line in LINES.values() if line.association == association]
    paid = [
        row
        for row in store.rows(LEAD, "versements").sort("date").to_dicts()
        if row["ligne"] in {line.code for line in lines} and row["date"] <= today
    ]
    money = agreement.money
    return {
        "fictitious": fictitious,
        "name": ASSOCIATIONS[association].name,
        "decision": f"{ACT.number} du {french.day(ACT.session)}, article {CONVENTIONS[association].article}",
        "signed": french.day(agreement.signed) if agreement.signed else "à renseigner",
        "day": french.day(today),
        "sentence": typeset(_sentence(money.voted, money.paid, money.to_pay)),
        "lines": _lines(ledger, association),
        "payments": [_payment(row) for row in paid],
        "beyond": typeset(_beyond(money.unspent, money.advanced)),
        "waits": [typeset(one) for one in _waits(store, association, agreement, today)],
    }


def _sentence(voted: int, paid: int | None, due: int | None) -> str:
    if paid is None or due is None:
        return f"Sur {french.euros(voted)} votés, aucun versement n’est encore enregistré."
    if due <= 0:
        return f"Les {french.euros(voted)} votés sont entièrement versés."
    return f"Sur {french.euros(voted)} votés, {french.euros(paid)} sont versés ; il reste {french.euros(due)} à verser."


def _beyond(unspent: int | None, advanced: int | None) -> str:
    """What was paid and is not spent, and what the association spent before it was paid; nothing when both are 0."""
    said = [f"{french.euros(unspent)} versés ne sont pas encore dépensés"] if unspent else []
    said += [f"l’association a avancé {french.euros(advanced)}"] if advanced else []
    return french.sentence(french.listing(said))


def _lines(ledger: Ledger, association: str) -> list[list[str]]:
    states = ledger.of_association(association)
    rows: list[tuple[str, int, int | None, int]]
    rows = [(typeset(one.line.purpose), one.voted, one.paid, one.to_pay) for one in states]
    if len(rows) > 1:
        paid = [one.paid for one in states if one.paid is not None]
        whole = sum(paid) if paid else None
        rows.append(("Ensemble de la convention", sum(o.voted for o in states), whole, sum(o.to_pay for o in states)))
    return [[name, *(("non renseigné" if one is None else french.euros(one)) for one in sums)] for name, *sums in rows]


def _payment(row: Mapping[str, Any]) -> list[str]:
    return [
        french.day(row["date"]),
        row["reference"],
        typeset(LINES[row["ligne"]].purpose),
        row["nature"],
        french.euros(row["montant"]),
    ]


def _waits(store: Store, association: str, agreement: Agreement, today: date) -> Sequence[str]:
    """What the balance waits for: the terms written in the agreement, and the documents."""
    none: Mapping[str, object] = {}
    row = next((one for one in store.rows(LEAD, "conventions").to_dicts() if one["association"] == association), none)
    found = [f"Conditions de versement : {row['conditions']}"] if row.get("conditions") else []
    for piece in store.rows(LEAD, "pieces").filter().to_dicts():
        if piece["association"] == association:
            found.append(_piece(piece, today))
    if not found:
        found.append("Aucune condition ni aucune pièce attendue n’est enregistrée.")
    return found


def _piece(piece: Mapping[str, Any], today: date) -> str:
    name = f"{piece['type'].capitalize()}, exercice {piece['exercice']}"
    if piece["recue_le"] and piece["recue_le"] <= today:
        return f"{name} : reçu le {french.day(piece['recue_le'])}."
    late = "attendu depuis le" if piece["echeance"] < today else "attendu pour le"
    return f"{name} : {late} {french.day(piece['echeance'])}."
