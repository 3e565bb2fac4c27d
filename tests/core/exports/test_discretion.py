"""Small counts of people do not leave in documents: PDF, deck, workbook, minutes, each says that some are hidden."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pptx
import pytest
from docx import Document

from core.committee.meetings import meetings
from core.exports.documents import Order
from core.exports.dossier_sheets import fiches_of
from core.exports.workbook import FIGURES
from core.settings import Settings
from tests.core.exports.documents import MAKE, book_of, order, pdf_of, words

HIDDEN = "« moins de 20 »"
MARTIGUES = "ct6-pays-de-martigues"


@pytest.fixture(scope="module")
def asked() -> Order:
    return replace(order(), settings=Settings(mask_below=20))


def test_the_dossier_hides_them_and_says_so_at_its_foot(asked: Order) -> None:
    text = words(" ".join(page.extract_text() for page in pdf_of(MAKE["pdf"](asked)).pages))
    assert HIDDEN in text and "diagnostics réalisés : moins de 20" in text
    assert re.search(r"(?<!\d)8 diagnostics", text) is None


def test_the_deck_hides_them_in_words_tables_charts_and_notes(asked: Order) -> None:
    made = pptx.Presentation(io.BytesIO(MAKE["pptx"](asked)))
    said = []
    for slide in made.slides:
        said.append(slide.notes_slide.notes_text_frame.text if slide.has_notes_slide else "")
        for shape in slide.shapes:
            said.append(shape._element.xpath(".//p:cNvPr")[0].get("descr") or "")
            said.append(shape.text_frame.text if shape.has_text_frame else "")
            if shape.has_chart:
                plot = shape.chart.plots[0]
                said += [str(one) for one in plot.categories]
                for series in plot.series:
                    assert "diagnostics" not in series.name.lower() or all(
                        one is None or one == 0 or one >= 20 for one in series.values
                    )
    text = words(" ".join(said))
    assert HIDDEN in text and re.search(r"Pays de Martigues(, au [^(]*)? \(moins de 20\)", text)
    assert re.search(r"(?<!\d)8 diagnostics", text) is None


def test_the_workbook_writes_the_words_in_the_cell(asked: Order) -> None:
    rows = list(book_of(MAKE["xlsx"](asked))["Chiffres"].iter_rows(min_row=2, values_only=True))
    there = next(
        row for row in rows if row[1] == "AC6" and row[2] == "Pays de Martigues" and row[3] == "Tous les lieux"
    )
    assert (there[4], there[6]) == ("moins de 20", None)
    assert "reconnaître" in there[[name for name, _ in FIGURES].index("S’il manque, pourquoi")]
    about = {row[0]: row[1] for row in book_of(MAKE["xlsx"](asked))["À propos"].iter_rows(values_only=True)}
    assert words(about["Les nombres de personnes"]).startswith(HIDDEN)
    assert about["Empreinte SHA-256"] == order().material.sha256, "the print is that of the figures as frozen"


def test_what_is_shown_is_what_the_screen_shows(asked: Order) -> None:
    whole = asked.material.whole
    assert whole is not None
    for fiche in fiches_of(asked.material):
        for figure in fiche.figures:
            shown = asked.material.snapshot.cells[figure.code, fiche.code].observation
            if shown.hidden:
                assert figure.main == shown.hidden and figure.standing is None and figure.done is None
            else:
                assert shown == whole.cells[figure.code, fiche.code].observation


def test_the_minutes_do_not_repeat_a_small_figure_seen() -> None:
    store = order().store
    cited = [(one.number, d) for one in meetings(store) for d in one.decisions if d.seen]
    assert cited, "the demonstration has decisions taken on figures"
    number = cited[0][0]
    kept = Document(io.BytesIO(MAKE["minutes"](replace(order(), committee=number, settings=None))))
    assert words(cited[0][1].seen) in words(" ".join(one.text for one in kept.paragraphs))


def test_a_figure_seen_that_is_small_is_repeated_in_words() -> None:
    from core.exports.documents import discreet, discreet_words

    known = meetings(order().store)
    told = discreet_words(order().store, known, 20)
    small = next(text for text in told if words(text).startswith("Diagnostics réalisés, Pays de Martigues"))
    assert ": moins de 20" in words(told[small])
    decision = next(one for meeting in known for one in meeting.decisions)
    (said,) = discreet([replace(decision, seen=small)], told)
    assert said.seen == told[small]
