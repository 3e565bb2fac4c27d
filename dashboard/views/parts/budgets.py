"""The budget of each action against what was done, account by account of the Cerfa 15059."""

from __future__ import annotations

from typing import Any

from core.deliberation import LINES
from core.domain import french
from core.errors import Refused
from core.services.financial_report import Amounts, FinancialReport, financial_report
from dashboard.components import callout, fold, link, note, section, table, tag
from dashboard.context import Context
from dashboard.navigation import address
from dashboard.views.parts.moment import Moment


def budgets(context: Context, moment: Moment) -> Any:
    """One fold for each line whose accounts were handed in; where none was, how to."""
    found = [report for code in LINES if (report := _report(context, code, moment)) is not None]
    title = "Budget et réalisé"
    if not found:
        said = "Aucun compte n’est encore déposé (jeu « Comptes de l’action » des associations)."
        return section(title, tag("p", said))
    intro = "Ce que chaque association a prévu et dépensé pour son action, compte par compte."
    return section(title, [_fold(report) for report in found], _where(), intro=intro)


def _report(context: Context, code: str, moment: Moment) -> FinancialReport | None:
    try:
        return financial_report(context.store, code, revision=moment.revision)
    except Refused:  # no account was handed in for this line
        return None


def _fold(report: FinancialReport) -> Any:
    (line,) = report.lines
    name = french.sentence(line.purpose).rstrip(".")
    budget = french.euros(report.charges.forecast) if report.charges.forecast is not None else "non renseigné"
    return fold(
        f"{name}, exercice {report.year} : budget de {budget}",
        callout(f"Il manque {report.imbalance}.", tone="attention", title="Budget non équilibré")
        if report.imbalance
        else None,
        _table(report, name),
        tag("p", report.closing),
        tag("p", report.outcome),
    )


def _table(report: FinancialReport, name: str) -> Any:
    rows = [
        [tag("strong", row.label) if row.level == "total" else row.label, *_amounts(row.amounts)]
        for row in report.rows
        if row.amounts != Amounts()
    ]
    headings = ["Compte", "Prévision", "Réalisation", "Réalisé"]
    return table(f"Budget et réalisé : {name}", headings, rows, numeric=(1, 2, 3), hide_caption=True)


def _amounts(found: Amounts) -> list[str]:
    written = ["○" if cents is None else french.euros(cents) for cents in (found.forecast, found.actual)]
    return [*written, "" if found.percent is None else french.percent(found.percent)]


def _where() -> Any:
    return note(
        "○ : non renseigné. Le compte rendu financier complet se télécharge dans ",
        link("Documents", address("documents")), ".",
    )  # fmt: skip
