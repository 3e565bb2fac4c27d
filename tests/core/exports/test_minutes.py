"""The minutes: every point with its decision, who and when, in a document that assistive technology can read."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from core.committee.meetings import meeting
from core.domain.meeting import AgendaPoint, Meeting
from core.errors import Refused
from core.exports.docx import minutes
from tests.core.exports.documents import MAKE, order, words

AT = datetime(2022, 7, 5, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def third() -> Any:
    return docx.Document(io.BytesIO(MAKE["minutes"](order(committee=3))))


def text_of(document: Any) -> str:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return words(" ".join([*(one.text for one in document.paragraphs), *cells]))


def test_each_point_has_its_proposal_and_its_decision(third: Any) -> None:
    found, text = meeting(order().store, 3), text_of(third)
    for point in found.points:
        assert words(point.title) in text and words(point.question) in text
        assert all(words(option) in text for option in point.options) and words(point.status_quo) in text
    for decision in found.decisions:
        assert words(decision.text) in text and f"(n° {decision.number})" in text
    assert "Chiffres vus : Données arrêtées au 31 mars 2022 (n° 3)" in text


def test_headings_are_headings_and_tables_have_a_head(third: Any) -> None:
    styles = [one.style.name for one in third.paragraphs]
    assert styles.count("Title") == 1 and "Heading 1" in styles and "Heading 2" in styles
    for table in third.tables:
        assert table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None
    assert third.core_properties.language == "fr-FR" and third.core_properties.title.startswith("Relevé de décisions")


def test_who_was_there_is_written_as_typed() -> None:
    document = docx.Document(io.BytesIO(minutes(_meeting(), at=AT, present="Éléonore Œillet, Şebnem, שלום")))
    assert "Présents : Éléonore Œillet, Şebnem, שלום" in text_of(document)


def test_a_meeting_without_figures_says_so() -> None:
    document = docx.Document(io.BytesIO(minutes(_meeting(), at=AT)))
    assert "Chiffres vus : Aucune donnée arrêtée" in text_of(document)
    assert "Pas encore de décision" in text_of(document)


def test_a_meeting_without_agenda_nor_decision_is_refused() -> None:
    with pytest.raises(Refused, match="n’a ni ordre du jour ni décision"):
        minutes(Meeting(7, date(2022, 7, 7)), at=AT)


def _meeting() -> Meeting:
    point = AgendaPoint("p1", "Un point", "Que faire ?", options=("Ceci",), status_quo="Rien ne change.")
    return Meeting(7, date(2022, 7, 7), (point,))
