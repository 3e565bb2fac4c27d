"""A chart of the slides is the one that the library would build, and opens with its numbers."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from lxml import etree

from core.domain.report import Chart, Series
from core.exports.slides_deck import write_notes
from core.exports.slides_kit import Area, empty_deck
from core.exports.slides_pictures import chart, drawing
from tests.core.exports.library_chart import built

VALUES = (Series("Remis & montés", (1, None, 2500.5)), Series("Objectif", (30.0, 25.0, None), "muted"))


def block(kind: Any, *, series: tuple[Series, ...] = VALUES, unit: str = "ordinateurs") -> Chart:
    reference = ("Objectif du comité", 70.0) if kind in ("line", "steps") else None
    return Chart(kind, ("Pays d’Aix", "<Salon>", "Plan d’Aou"), series, "Conclusion", "Tout", unit, reference=reference)


def slide() -> Any:
    made = empty_deck()
    return made.slides.add_slide(made.slide_layouts[0])


def drawn(one: Chart) -> Any:
    on = slide()
    chart(on, Area(1, 1, 4, 3), one)
    return on.shapes[-1].chart_part


def written(part: Any) -> bytes:
    """Without the language of an empty paragraph, which the library writes as American English."""
    text = etree.tostring(etree.fromstring(part.blob), method="c14n")
    return text.replace(b'lang="en-US"', b'lang="fr-FR"')


def cells(part: Any) -> list[list[tuple[Any, str]]]:
    """Each value of the workbook, and the format of its numbers."""
    book = part.rels["rId1"].target_part.blob
    rows = openpyxl.load_workbook(io.BytesIO(book)).worksheets[0].iter_rows()
    return [
        [(one.value, one.number_format if isinstance(one.value, int | float) else "") for one in row] for row in rows
    ]


@pytest.mark.parametrize("kind", ["bars", "columns", "stacked", "line", "steps"])
@pytest.mark.parametrize("unit", ["%", "€", "jours", "ordinateurs"])
def test_is_the_chart_of_the_library(kind: str, unit: str) -> None:
    ours, theirs = drawn(block(kind, unit=unit)), built(slide(), drawing(block(kind, unit=unit), 12)).part
    assert written(ours) == written(theirs)
    assert cells(ours) == cells(theirs)


@pytest.mark.parametrize("kind", ["bars", "line"])
def test_a_series_alone_and_one_without_values_are_those_of_the_library(kind: str) -> None:
    for series in (VALUES[:1], (Series("Rien", (None, None, None)),)):
        one = block(kind, series=series)
        assert written(drawn(one)) == written(built(slide(), drawing(one, 12)).part)


def test_what_xml_cannot_write_is_left_out() -> None:
    part = drawn(block("bars", series=(Series("Re\x0bmis", (1, 2, 3)),)))
    assert cells(part)[0][1] == ("Remis", "")


def test_notes_are_those_of_the_library() -> None:
    ours, theirs = slide(), slide()
    write_notes(ours, "Une & deux\nTrois")
    theirs.notes_slide.notes_text_frame.text = "Une & deux\nTrois"
    found, wanted = (one.part.part_related_by(_NOTES) for one in (ours, theirs))
    assert _shape(found.blob) == _shape(wanted.blob)


_NOTES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/notesSlide"


def _shape(blob: bytes) -> list[tuple[str, dict[str, str], str | None]]:
    return [(one.tag, dict(one.attrib), one.text) for one in etree.fromstring(blob).iter()]
