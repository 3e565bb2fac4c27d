"""The same report as a spreadsheet and as a paper, and the letter of a convention's payments."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pypdf
import pytest

from core.errors import Refused
from core.exports import financial_workbook, legal_report
from core.exports.documents import Order
from core.exports.legal_documents import LEGAL
from core.exports.legal_report import QualitativeSheet, action_of
from core.money.financial_report import financial_report
from tests.core.desk import AT
from tests.support.filled import LEAD, NOW, TODAY

NOTHING = QualitativeSheet((), (), (), (), (), TODAY)


def text_of(content: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return " ".join(page.extract_text() for page in pages).replace("\u202f", " ").replace("\u00a0", " ")


def told_of(demonstration, report, **asked) -> QualitativeSheet:
    context = demonstration
    return action_of(context.registry, context.store, context.monitor, report.lines, until=TODAY, **asked)


@pytest.fixture(scope="module")
def told(demonstration):
    report = financial_report(demonstration.store, "anonymal-ct2")
    return report, action_of(
        demonstration.registry, demonstration.store, demonstration.monitor, report.lines, until=TODAY
    )


@pytest.fixture(scope="module")
def demonstration():
    from tests.support.filled import demonstration_context

    return demonstration_context()


def test_the_spreadsheet_holds_every_amount_as_a_number(told) -> None:
    report, action = told
    book = openpyxl.load_workbook(io.BytesIO(financial_workbook.workbook(report, action, made=NOW, fictitious=True)))
    assert book.sheetnames == ["1 Bilan qualitatif", "2 Tableau", "3 Annexe"]
    held = {row[0].value: row[1].value for row in book["2 Tableau"].iter_rows() if row[0].value}
    for one in report.rows:
        if one.amounts.forecast is not None:
            assert held[one.label] == one.amounts.forecast / 100
    assert all(sheet["A2"].value == "Données fictives" for sheet in book)
    assert all(len(one.label) <= book["2 Tableau"].column_dimensions["A"].width for one in report.rows)
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_the_objectives_are_those_of_the_committee(told) -> None:
    _, action = told
    found = {one.label: (one.expected.replace("\u00a0", " "), one.obtained) for one in action.objectives}
    assert found["Ordinateurs remis"] == ("100 au 31 décembre 2022", "84, au 30\u00a0juin\u00a02022")


def test_the_paper_says_the_same_amounts_and_leaves_room_to_sign(told) -> None:
    report, action = told
    found = text_of(legal_report.report_pdf(report, action, at=NOW, fictitious=True))
    assert "31 000 €" in found and "35 200 €" in found and "24 500 €" in found
    assert "La subvention de 24 500 € représente 79 % du total des produits prévus." in found
    assert "certifie exactes les informations" in found and "Signature du président" in found
    assert "Données fictives" in found


def test_the_results_stop_with_the_accounting_year(demonstration) -> None:
    """The report of 2021 carried the totals of July 2022: 121 people trained, for those of December."""
    report = financial_report(demonstration.store, "arsenic", 2021)
    assert report.year_end == date(2021, 12, 31)
    context = demonstration
    action = action_of(context.registry, context.store, context.monitor, report.lines, until=report.year_end)
    then = context.monitor.observe(["AC3a"], ["recherche-action"], until=report.year_end)[0]
    trained = next(one.obtained for one in action.objectives if one.label == then.label)
    assert trained == f"{then.numerator or then.value:g}" and trained != "121"
    made = LEGAL["compte-rendu"].make(
        Order(context.registry, context.store, LEAD, NOW, subject="arsenic", year=2021, extension="pdf")
    )
    assert "Résultats arrêtés au 31 décembre 2021" in text_of(made).replace("\n", " ")


def test_an_unbalanced_budget_makes_no_document(desk) -> None:
    desk.save("ifac", "comptes", {"ligne_subvention": "ifac", "exercice": 2021, "compte": "60.1", "prevision": 100})
    report = financial_report(desk.store, "ifac")
    for make in (
        lambda: financial_workbook.workbook(report, NOTHING, made=AT),
        lambda: legal_report.report_pdf(report, NOTHING, at=AT),
    ):
        with pytest.raises(Refused, match="1\u00a0€ de produits"):
            make()


def test_the_payment_statement_says_voted_paid_and_due(demonstration) -> None:
    found = text_of(legal_report.statement_pdf(demonstration.store, "anonymal", today=TODAY, at=NOW))
    assert "Sur 46 000 € votés, 32 200 € sont versés ; il reste 13 800 € à verser." in found
    assert "MANDAT-FICTIF-anonymal-ct2" in found and "attendu pour le 31 décembre 2022" in found


def test_a_convention_without_a_payment_says_so(desk) -> None:
    found = legal_report.statement(desk.store, "ifac", TODAY)
    assert "aucun versement" in found["sentence"]
    assert found["payments"] == [] and found["signed"] == "à renseigner"


def test_the_report_of_a_convention_tells_who_was_trained_and_what_is_left(demonstration) -> None:
    """ARSENIC hands over no machine: its public are the people whom it trains; most of its 2021 money is left."""
    report = financial_report(demonstration.store, "arsenic")
    action = told_of(demonstration, report)
    assert action.publics == (("Modules terminés : professionnels", "84"), ("Modules terminés : bénévoles", "37"))
    assert told_of(demonstration, report, below=50).publics[1] == ("Modules terminés : bénévoles", "moins de 50")
    found = text_of(legal_report.report_pdf(report, action, at=NOW))
    assert "11 800 €" in found and "44 100 €" in found
    assert "Reliquat : 32 300 €" in found and "la convention ne dit pas encore ce qu’il devient" in found
    assert "Rémunération des personnels 24 600 € 5 990 € −18 610 €" in " ".join(found.split())
