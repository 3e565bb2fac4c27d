"""Texts of the permitted length stay on their slide and on their page: set smaller, then cut, which is told."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pytest
from pptx import Presentation
from pypdf import PdfReader

from core.committee import FrozenMilestone
from core.committee.meetings import LONGEST, MOST_OPTIONS
from core.domain.french import typeset
from core.domain.meeting import AgendaPoint, Meeting
from core.errors import Refused
from core.exports.dossier import Material, frozen
from core.exports.dossier_paper import dossier_pdf
from core.exports.slides_deck import deck
from core.exports.slides_kit import CUT, TextRun, fitted, height_of
from tests.support import filled

EMU = 914_400
WORD = "Z" * 100
CAUSE = ("Le bailleur a suspendu les discussions pendant ses travaux. " * 20)[:500]


def longest(most: int) -> str:
    return ("Que faire des ordinateurs prêts qui attendent ? " * 200)[:most]


@pytest.fixture(scope="module")
def material() -> Material:
    """The dossier of committee 3, with everything that people may type as long as it may be."""
    context = filled.demonstration_context()
    found = frozen(context.store, 3, actor=filled.LEAD).masked(5)
    code = found.snapshot.experiments[1].code
    stopped = FrozenMilestone("J", longest(200), "Bloqué", date(2022, 3, 1), CAUSE, CAUSE)
    point = AgendaPoint(
        "p1",
        f"{WORD}{longest(LONGEST['title'] - 100)}",
        longest(LONGEST["question"]),
        longest(LONGEST["context"]),
        tuple(longest(LONGEST["options"]) for _ in range(MOST_OPTIONS)),
        longest(LONGEST["status_quo"]),
    )
    snapshot = replace(found.snapshot, milestones={**found.snapshot.milestones, code: (stopped,)})
    return replace(found, snapshot=snapshot, meeting=Meeting(3, date(2022, 4, 7), (point, point, point)))


def test_no_text_runs_off_its_slide(material: Material) -> None:
    """Each box of text is no shorter than what it holds, and stands on the slide."""
    made = Presentation(io.BytesIO(deck(material)))
    for slide in made.slides:
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.left + shape.width <= made.slide_width
            assert shape.top >= 0 and shape.top + shape.height <= made.slide_height, shape.name
            if shape.has_text_frame and shape.text_frame.text and shape != slide.shapes.title:
                lines = [
                    [TextRun(run.text, run.font.size.pt, bool(run.font.bold)) for run in paragraph.runs]
                    for paragraph in shape.text_frame.paragraphs
                ]
                assert height_of(lines, shape.width / EMU, 2) <= shape.height / EMU + 0.15, shape.name


def test_what_was_cut_is_told_and_stands_whole_in_the_notes(material: Material) -> None:
    made = Presentation(io.BytesIO(deck(material)))
    cut = [
        slide
        for slide in made.slides
        if any(CUT in shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
    ]
    assert cut
    for slide in cut:
        assert slide.has_notes_slide
    question = typeset(longest(LONGEST["question"]))[:200]
    assert any(question in slide.notes_slide.notes_text_frame.text for slide in cut)


def test_a_long_word_stays_on_its_page(material: Material) -> None:
    """It is parted: no line of the page is wider than the page."""
    pages = PdfReader(io.BytesIO(dossier_pdf(material))).pages
    widths: list[float] = []

    def see(text: str, _cm: object, matrix: list[float], _font: object, _size: float) -> None:
        if "ZZZ" in text:
            widths.append(matrix[4])

    for page in pages:
        page.extract_text(visitor_text=see)
    assert widths and max(widths) < float(pages[0].mediabox.width) - 20


def test_a_text_that_fits_is_left_as_it_is() -> None:
    lines = [[TextRun("Court", 16)]]
    assert fitted(lines, 5, 1) == [[TextRun("Court", 16)]]
    (short,) = fitted([[TextRun("x" * 5000, 16)]], 5, 0.5)
    assert short[0].text.endswith(CUT) and short[0].size < 16


@pytest.mark.parametrize("name", ["title", "question", "context", "status_quo"])
def test_a_longer_text_is_refused_where_it_is_typed(name: str) -> None:
    from core.committee.meetings import _checked

    kept = AgendaPoint("p", "Titre", "Question ?", "", ("Oui",), "Rien")
    with pytest.raises(Refused, match="caractères au plus"):
        _checked(None, replace(kept, **{name: "x" * (LONGEST[name] + 1)}))
    assert _checked(None, replace(kept, **{name: "x" * LONGEST[name]}))
