"""The financial report as a spreadsheet: the three sheets of the form, every amount a number that can be copied."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import xlsxwriter

from core.deliberation import ACT, ASSOCIATIONS
from core.domain import french
from core.exports.legal.action import Action
from core.services.financial_report import GAP_TO_EXPLAIN, FinancialReport, Row, refuse_unbalanced

FICTITIOUS = "Données fictives"
CERTIFIED = (
    "Je soussigné(e), (nom et prénom) ……………………………………, représentant(e) légal(e) de l’association ou personne "
    "mandatée, certifie exactes les informations du présent compte rendu."
)
NO_EXPERIMENT = (
    "Cette ligne couvre l’ensemble de la Métropole, sans expérimentation propre : aucun objectif ne lui est rattaché."
)
TO_COMPLETE = "À compléter par l’association."


def workbook(report: FinancialReport, action: Action, *, made: datetime, fictitious: bool = False) -> bytes:
    """The three sheets; ``made`` is written in the file's properties. Raises Refused for an unbalanced budget."""
    refuse_unbalanced(report)
    stream = io.BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(stream, plain) as book:
        book.set_properties({"title": title(report), "created": made.replace(tzinfo=None)})
        styles = _styles(book)
        _qualitative(_sheet(book, "1 Bilan qualitatif", (34, 44, 26, 26)), report, action, styles, fictitious)
        _numbers(_sheet(book, "2 Tableau", (70, 16, 16, 10)), report, styles, fictitious)
        _annex(_sheet(book, "3 Annexe", (52, 32, 16, 16)), report, styles, fictitious)
    return stream.getvalue()


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


def _sheet(book: Any, name: str, widths: Iterable[int]) -> Any:
    sheet = book.add_worksheet(name)
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    return sheet


def _styles(book: Any) -> dict[str, Any]:
    money = {"num_format": '# ##0.00 "€"'}
    made = {
        "title": {"bold": True, "font_size": 14},
        "head": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"},
        "strong": {"bold": True, "text_wrap": True},
        "text": {"text_wrap": True, "valign": "top"},
        "detail": {"indent": 1, "text_wrap": True},
        "money": money,
        "strong_money": {**money, "bold": True, "top": 1},
        "share": {"num_format": '0.0 "%"'},
        "strong_share": {"num_format": '0.0 "%"', "bold": True, "top": 1},
        "warning": {"bold": True, "font_color": "#8A2D1B"},
    }
    return {name: book.add_format(one) for name, one in made.items()}


def _begin(sheet: Any, said: str, styles: dict[str, Any], fictitious: bool) -> int:
    """The title, and that the data are fictitious when they are; the next free row."""
    sheet.write_string(0, 0, said, styles["title"])
    if not fictitious:
        return 2
    sheet.write_string(1, 0, FICTITIOUS, styles["warning"])
    return 3


def _pairs(sheet: Any, row: int, pairs: Iterable[tuple[str, str]], styles: dict[str, Any]) -> int:
    for name, value in pairs:
        sheet.write_string(row, 0, name, styles["strong"])
        sheet.write_string(row, 1, value, styles["text"])
        row += 1
    return row + 1


def _lines(sheet: Any, row: int, headings: tuple[str, ...], lines: Iterable[tuple[str, ...]], styles: Any) -> int:
    for place, heading in enumerate(headings):
        sheet.write_string(row, place, heading, styles["head"])
    for line in lines:
        row += 1
        for place, text in enumerate(line):
            sheet.write_string(row, place, text, styles["text"])
    return row + 2


def _qualitative(sheet: Any, report: FinancialReport, action: Action, styles: Any, fictitious: bool) -> None:
    row = _begin(sheet, "1 – Bilan qualitatif de l’action réalisée", styles, fictitious)
    where = [("Mise en œuvre", french.listing(action.experiments) or NO_EXPERIMENT)]
    where += [("Lieux", french.listing(dict.fromkeys(action.places)))] if action.places else []
    row = _pairs(sheet, row, [*facts(report), *where], styles)
    publics = [(french.typeset(who), count) for who, count in action.publics]
    row = _pairs(sheet, row, publics or [("Bénéficiaires", TO_COMPLETE)], styles)
    headings = ("Expérimentation", "Objectif", "Attendu", "Obtenu")
    shown = [(one.experiment, one.label, one.expected, one.obtained) for one in action.objectives]
    row = _lines(sheet, row, headings, shown, styles)
    _pairs(
        sheet, row, [(f"Récit – {one.experiment}", one.text) for one in action.told] or [("Récit", TO_COMPLETE)], styles
    )


def _numbers(sheet: Any, report: FinancialReport, styles: Any, fictitious: bool) -> None:
    row = _begin(sheet, f"2 – Tableau de synthèse, exercice {report.year}", styles, fictitious)
    for place, heading in enumerate(("", "Prévision", "Réalisation", "%")):
        sheet.write_string(row, place, heading, styles["head"])
    sheet.freeze_panes(row + 1, 1)
    for one in report.rows:
        row += 1
        _number_row(sheet, row, one, styles)
    for said in (report.closing, report.outcome):
        row += 2
        sheet.write_string(row, 0, french.typeset(said), styles["strong"])


def _number_row(sheet: Any, row: int, one: Row, styles: Any) -> None:
    bold = one.level != "detail"
    sheet.write_string(row, 0, one.label, styles["strong" if bold else "detail"])
    for place, cents in ((1, one.amounts.forecast), (2, one.amounts.actual)):
        if cents is not None:
            sheet.write_number(row, place, cents / 100, styles["strong_money" if one.level == "total" else "money"])
    if one.amounts.percent is not None:
        sheet.write_number(row, 3, one.amounts.percent, styles["strong_share" if one.level == "total" else "share"])


def _annex(sheet: Any, report: FinancialReport, styles: Any, fictitious: bool) -> None:
    row = _begin(sheet, "3 – Annexe explicative", styles, fictitious)
    sheet.write_string(row, 0, f"Écarts de plus de {GAP_TO_EXPLAIN} % à expliquer", styles["strong"])
    shown = [
        (one.label, french.euros(one.amounts.forecast or 0), french.euros(one.amounts.actual or 0),
         french.euros(one.amounts.gap or 0))
        for one in report.to_explain
    ]  # fmt: skip
    row = _lines(sheet, row + 1, ("Compte", "Prévision", "Réalisation", "Écart"), shown, styles)
    asked = ("Règles de répartition des charges indirectes", "Explication des écarts",
             "Contributions volontaires en nature", "Observations")  # fmt: skip
    row = _pairs(sheet, row, [(name, TO_COMPLETE) for name in asked], styles)
    sheet.write_string(row, 0, CERTIFIED, styles["text"])
    sheet.write_string(row + 2, 0, "Fait à ……………………, le ……………………", styles["text"])
    sheet.write_string(row + 3, 0, "Signature du président ou de la présidente :", styles["text"])
