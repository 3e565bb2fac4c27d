"""The financial report of an agreement as a spreadsheet: the three sheets of the form, amounts that can be copied."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import xlsxwriter

from core.domain import french
from core.exports.legal_report import (
    CERTIFIED,
    FICTITIOUS,
    NO_EXPERIMENT,
    TO_COMPLETE,
    QualitativeSheet,
    facts,
    title,
)
from core.exports.typesetting import height_of
from core.money.financial_report import GAP_TO_EXPLAIN, FinancialReport, Row, refuse_unbalanced

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

QUALITATIVE, NUMBERS, ANNEX = (34, 44, 26, 26), (70, 16, 16, 10), (52, 32, 16, 16)
"""The widths of the columns of the three sheets, in characters."""


def workbook(report: FinancialReport, action: QualitativeSheet, *, made: datetime, fictitious: bool = False) -> bytes:
    """The three sheets; ``made`` is written in the file's properties. Raises Refused for an unbalanced budget."""
    refuse_unbalanced(report)
    stream = io.BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(stream, plain) as book:
        book.set_properties({"title": title(report), "created": made.replace(tzinfo=None)})
        styles = _styles(book)
        _qualitative(_sheet(book, "1 Bilan qualitatif", QUALITATIVE), report, action, styles, fictitious)
        _numbers(_sheet(book, "2 Tableau", NUMBERS), report, styles, fictitious)
        _annex(_sheet(book, "3 Annexe", ANNEX), report, styles, fictitious)
    return stream.getvalue()


def _sheet(book: Workbook, name: str, widths: Iterable[int]) -> Worksheet:
    sheet = book.add_worksheet(name)
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    return sheet


def _styles(book: Workbook) -> dict[str, Format]:
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


def _begin(sheet: Worksheet, said: str, styles: Mapping[str, Format], fictitious: bool) -> int:
    """The title, and that the data are fictitious when they are; the next free row."""
    sheet.write_string(0, 0, said, styles["title"])
    if not fictitious:
        return 2
    sheet.write_string(1, 0, FICTITIOUS, styles["warning"])
    return 3


def _pairs(
    sheet: Worksheet, row: int, pairs: Iterable[tuple[str, str]], styles: Mapping[str, Format], widths: Sequence[int]
) -> int:
    """A name, and beside it its text over all the other columns."""
    for name, value in pairs:
        sheet.set_row(row, height_of([name, value], [widths[0], sum(widths[1:])]))
        sheet.write_string(row, 0, name, styles["strong"])
        sheet.merge_range(row, 1, row, len(widths) - 1, "", styles["text"])
        sheet.write_string(row, 1, value, styles["text"])
        row += 1
    return row + 1


def _financial_sheets_lines(
    sheet: Worksheet,
    row: int,
    headings: tuple[str, ...],
    lines: Iterable[tuple[str, ...]],
    styles: Mapping[str, Format],
    widths: Sequence[int],
) -> int:
    for place, heading in enumerate(headings):
        sheet.write_string(row, place, heading, styles["head"])
    for line in lines:
        row += 1
        sheet.set_row(row, height_of(line, widths))
        for place, text in enumerate(line):
            sheet.write_string(row, place, text, styles["text"])
    return row + 2


def _qualitative(
    sheet: Worksheet, report: FinancialReport, action: QualitativeSheet, styles: Mapping[str, Format], fictitious: bool
) -> None:
    row = _begin(sheet, "1 – Bilan qualitatif de l’action réalisée", styles, fictitious)
    where = [("Résultats arrêtés au", french.day(action.until))]
    where += [("Mise en œuvre", french.listing(action.experiments) or NO_EXPERIMENT)]
    where += [("Lieux", french.listing(dict.fromkeys(action.places)))] if action.places else []
    row = _pairs(sheet, row, [*facts(report), *where], styles, QUALITATIVE)
    publics = [(french.typeset(who), count) for who, count in action.publics]
    row = _pairs(sheet, row, publics or [("Bénéficiaires", TO_COMPLETE)], styles, QUALITATIVE)
    headings = ("Expérimentation", "Objectif", "Attendu", "Obtenu")
    shown = [(one.experiment, one.label, one.expected, one.obtained) for one in action.objectives]
    row = _financial_sheets_lines(sheet, row, headings, shown, styles, QUALITATIVE)
    told = [(f"Récit – {one.experiment}", one.text) for one in action.told] or [("Récit", TO_COMPLETE)]
    _pairs(sheet, row, told, styles, QUALITATIVE)


def _numbers(sheet: Worksheet, report: FinancialReport, styles: Mapping[str, Format], fictitious: bool) -> None:
    row = _begin(sheet, f"2 – Tableau de synthèse, exercice {report.year}", styles, fictitious)
    for place, heading in enumerate(("", "Prévision", "Réalisation", "%")):
        sheet.write_string(row, place, heading, styles["head"])
    sheet.freeze_panes(row + 1, 1)
    for one in report.rows:
        row += 1
        _number_row(sheet, row, one, styles)
    for said in (report.closing, report.outcome):
        row += 2
        sheet.set_row(row, height_of([said], NUMBERS))
        sheet.write_string(row, 0, french.typeset(said), styles["strong"])


def _number_row(sheet: Worksheet, row: int, one: Row, styles: Mapping[str, Format]) -> None:
    bold = one.level != "detail"
    sheet.set_row(row, height_of([one.label], NUMBERS))
    sheet.write_string(row, 0, one.label, styles["strong" if bold else "detail"])
    for place, cents in ((1, one.amounts.forecast), (2, one.amounts.actual)):
        if cents is not None:
            sheet.write_number(row, place, cents / 100, styles["strong_money" if one.level == "total" else "money"])
    if one.amounts.percent is not None:
        sheet.write_number(row, 3, one.amounts.percent, styles["strong_share" if one.level == "total" else "share"])


def _annex(sheet: Worksheet, report: FinancialReport, styles: Mapping[str, Format], fictitious: bool) -> None:
    row = _begin(sheet, "3 – Annexe explicative", styles, fictitious)
    sheet.write_string(row, 0, f"Écarts de plus de {GAP_TO_EXPLAIN} % à expliquer", styles["strong"])
    shown = [
        (
            one.label,
            french.euros(one.amounts.forecast or 0),
            french.euros(one.amounts.actual or 0),
            french.euros(one.amounts.gap or 0),
        )
        for one in report.to_explain
    ]
    row = _financial_sheets_lines(sheet, row + 1, ("Compte", "Prévision", "Réalisation", "Écart"), shown, styles, ANNEX)
    asked = (
        "Règles de répartition des charges indirectes",
        "Explication des écarts",
        "Contributions volontaires en nature",
        "Observations",
    )
    row = _pairs(sheet, row, [(name, TO_COMPLETE) for name in asked], styles, ANNEX)
    sheet.merge_range(row, 0, row, len(ANNEX) - 1, "", styles["text"])
    sheet.set_row(row, height_of([CERTIFIED], [sum(ANNEX)]))
    sheet.write_string(row, 0, CERTIFIED, styles["text"])
    sheet.write_string(row + 2, 0, "Fait à ……………………, le ……………………", styles["text"])
    sheet.write_string(row + 3, 0, "Signature du président ou de la présidente :", styles["text"])
