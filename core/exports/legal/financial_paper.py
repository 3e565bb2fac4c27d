"""The financial report and the payment statement as papers to sign or to send."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from core.deliberation import ACT, ASSOCIATIONS, CONVENTIONS, LINES
from core.domain import french
from core.domain.french import typeset
from core.exports.legal.action import Action
from core.exports.legal.financial_sheets import CERTIFIED, NO_EXPERIMENT, TO_COMPLETE, facts, title
from core.exports.typesetting import pdf
from core.services.financial_report import GAP_TO_EXPLAIN, FinancialReport, Row, refuse_unbalanced
from core.services.ledger import LEAD, read_ledger
from core.services.settlement import settle, settle_lines


def report_pdf(report: FinancialReport, action: Action, *, at: datetime, fictitious: bool = False) -> bytes:
    """The form on A4, tagged. Raises Refused for an unbalanced budget."""
    refuse_unbalanced(report)
    return pdf("financial_report", _report(report, action, fictitious), at=at, title=title(report))


def statement_pdf(store: Any, association: str, *, today: date, at: datetime, fictitious: bool = False) -> bytes:
    """« État de versement » of one convention: voted, paid, balance due, and what the balance waits for."""
    return pdf(
        "payment_statement", statement(store, association, today, fictitious), at=at,
        title=f"État de versement – {ASSOCIATIONS[association].name}",
    )  # fmt: skip


def _report(report: FinancialReport, action: Action, fictitious: bool) -> dict[str, Any]:
    return {
        "fictitious": fictitious,
        "facts": [[name, typeset(value)] for name, value in facts(report)],
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


def _row(one: Row) -> dict[str, Any]:
    share = one.amounts.percent
    said = "" if share is None else french.percent(share, 1)
    return {"level": one.level, "cells": [typeset(one.label), *_amounts(one), said]}


def _amounts(one: Row) -> list[str]:
    return ["" if cents is None else french.euros(cents) for cents in (one.amounts.forecast, one.amounts.actual)]


def statement(store: Any, association: str, today: date, fictitious: bool = False) -> dict[str, Any]:
    """What the letter says, in words."""
    ledger = read_ledger(store, until=today)
    settled = settle_lines(store, ledger, until=today)
    agreement = next(one for one in settle(store, settled, until=today) if one.money.association == association)
    lines = [line for line in LINES.values() if line.association == association]
    paid = [row for row in store.rows(LEAD, "versements").sort("date").to_dicts()
            if row["ligne"] in {line.code for line in lines} and row["date"] <= today]  # fmt: skip
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
        "waits": [typeset(one) for one in _waits(store, association, agreement, today)],
    }


def _sentence(voted: int, paid: int | None, due: int | None) -> str:
    if paid is None or due is None:
        return f"Sur {french.euros(voted)} votés, aucun versement n’est encore enregistré."
    if due <= 0:
        return f"Les {french.euros(voted)} votés sont entièrement versés."
    return f"Sur {french.euros(voted)} votés, {french.euros(paid)} sont versés ; il reste {french.euros(due)} à verser."


def _lines(ledger: Any, association: str) -> list[list[str]]:
    states = ledger.of_association(association)
    rows = [[typeset(one.line.purpose), one.voted, one.paid, one.to_pay] for one in states]
    if len(rows) > 1:
        paid = [one.paid for one in states if one.paid is not None]
        whole = sum(paid) if paid else None
        rows.append(["Ensemble de la convention", sum(o.voted for o in states), whole, sum(o.to_pay for o in states)])
    return [[name, *(("non renseigné" if one is None else french.euros(one)) for one in sums)] for name, *sums in rows]


def _payment(row: Mapping[str, Any]) -> list[str]:
    return [french.day(row["date"]), row["reference"], typeset(LINES[row["ligne"]].purpose), row["nature"],
            french.euros(row["montant"])]  # fmt: skip


def _waits(store: Any, association: str, agreement: Any, today: date) -> Sequence[str]:
    """What the balance waits for: the terms written in the agreement, and the documents."""
    row = next((one for one in store.rows(LEAD, "conventions").to_dicts() if one["association"] == association), {})
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
