"""The deck: charts that stay editable and hold the numbers of the figures, a text for each shape, our own dress."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation

from core.domain.figure_text import DRAFT_NOTE, DRAFT_SIGN, is_draft
from core.domain.palette import FONT, LIGHT
from core.domain.report import Chart
from core.exports.dossier_sheets import asked_of, card_figures, fiches_of, key_figures, matrix_of, money_row
from core.exports.slides_deck import ROWS, cell_text, comparison
from core.exports.slides_kit import LAYOUT
from core.figures.sentences import asked_by_the_vote
from tests.core.exports.documents import MAKE, made, material, order, pdf_of, tight, words
from tests.support.office import Convert
from tests.support.tools import find_impress


@pytest.fixture(scope="module")
def deck() -> Any:
    return opened()


def opened(**which: Any) -> Any:
    return Presentation(io.BytesIO(made("pptx", **which)))


def test_is_wide_and_has_our_layout_alone(deck: Any) -> None:
    assert round(deck.slide_width / deck.slide_height, 3) == round(16 / 9, 3)
    assert [one.name for one in deck.slide_layouts] == [LAYOUT]
    theme = next(one.target_part for one in deck.slide_master.part.rels.values() if one.reltype.endswith("/theme"))
    text = theme.blob.decode()
    assert f'<a:latin typeface="{FONT}"' in text and "Calibri" not in text
    assert LIGHT.axis1.removeprefix("#") in text and "4F81BD" not in text


def test_each_experiment_has_one_slide(deck: Any) -> None:
    titles = [one.shapes.title.text for one in deck.slides]
    for one in material().snapshot.experiments:
        assert titles.count(one.title) == 1
    assert words(titles[0]) == words(material().snapshot.sentence)
    assert "Ce qui a été décidé, ce qui est demandé" in titles


def test_first_slides_have_every_figure_of_the_first_screen(deck: Any) -> None:
    snapshot = material().snapshot
    first = _said(deck.slides[0])
    for one in snapshot.experiments:
        for figure in card_figures(snapshot, one):
            assert words(figure.main) in first and words(figure.rest) in first
    slides = [one for one in deck.slides if "indicateur par indicateur" in one.shapes.title.text]
    tables = [one.table for slide in slides for one in slide.shapes if one.has_table]
    assert len(tables) == len(slides) and all(len(table.rows) - 1 <= ROWS for table in tables)
    written = [[cell.text for cell in row.cells] for table in tables for row in list(table.rows)[1:]]
    expected = [
        [row.label, *(cell_text(cell) for cell in row.cells)] for _, _, rows in matrix_of(snapshot) for row in rows
    ]
    assert written == expected


def test_what_the_vote_asks_beside_has_its_slides_and_stays_on_them(deck: Any) -> None:
    snapshot = material().snapshot
    slides = [one for one in deck.slides if one.shapes.title.text.startswith("Ce que la délibération demande aussi")]
    tables = [one.table for slide in slides for one in slide.shapes if one.has_table]
    assert len(tables) == len(slides)
    written = [[cell.text for cell in row.cells] for table in tables for row in list(table.rows)[1:]]
    assert written == [
        [row.label, *(cell_text(cell) for cell in row.cells)] for _, _, rows in asked_of(snapshot) for row in rows
    ]
    assert len(written) == len(asked_by_the_vote(snapshot.indicators)) == 9


def test_no_table_is_set_below_twelve_points_nor_breaks_a_date(deck: Any) -> None:
    """The widest column of a table is as wide as the longest of its words that stay together."""
    tables = [one for slide in deck.slides for one in slide.shapes if one.has_table]
    assert tables
    for frame in tables:
        for row in frame.table.rows:
            for column, cell in zip(frame.table.columns, row.cells, strict=True):
                sizes = {run.font.size.pt for part in cell.text_frame.paragraphs for run in part.runs}
                assert min(sizes, default=12) >= 12
                longest = max(map(len, re.split("[ -]", cell.text)))
                assert longest * 12 * 0.56 <= column.width.pt - 7, cell.text


@pytest.mark.parametrize("rank", range(6))
def test_a_slide_has_the_key_figures_and_the_charts_of_its_page(deck: Any, rank: int) -> None:
    snapshot, fiche = material().snapshot, fiches_of(material())[rank]
    slide = next(one for one in deck.slides if one.shapes.title.text == fiche.title)
    for figure in key_figures(snapshot, snapshot.experiments[rank]):
        assert words(figure.main) in _said(slide) and words(figure.rest) in _said(slide)
    wanted = [one for one in fiche.blocks if isinstance(one, Chart)][:2]
    drawn = [one.chart for one in slide.shapes if one.has_chart]
    assert len(drawn) == len(wanted)
    for chart, block in zip(drawn, wanted, strict=True):
        plot = chart.plots[0]
        values = block.series[0].values
        # A bar whose count of people is hidden says so beside its name.
        assert [words(one) for one in plot.categories] == [
            words(name) if value is not None else f"{words(name)} (non montré)"
            for name, value in zip(block.categories, values, strict=True)
        ]
        told = list(plot.series)[: len(block.series)]
        assert [tuple(one.values) for one in told] == [one.values for one in block.series]


def test_comparisons_and_money_are_native_charts_with_their_numbers(deck: Any) -> None:
    snapshot = material().snapshot
    block = comparison(material(), snapshot.indicator["EQ5a"])
    assert block is not None
    slide = next(one for one in deck.slides if one.shapes.title.text == block.conclusion)
    values = [tuple(one.values) for one in _chart(slide).plots[0].series]
    assert values == [one.values for one in block.series]
    known = {one.short_title: snapshot.cells["EQ5a", one.code].observation.numerator for one in snapshot.experiments}
    # A name carries the day of its data when that is older: « Pays de Martigues, au 31 décembre 2021 ».
    pairs = zip(block.categories, block.series[0].values, strict=True)
    assert all(known[name.partition(",")[0]] == value for name, value in pairs)
    money = next(one for one in deck.slides if any(shape.name == "Subventions" for shape in one.shapes))
    rows = [money_row(state) for state in snapshot.ledger.lines]
    assert tuple(_chart(money).plots[0].series[0].values) == tuple(one.voted / 100 for one in rows)


def test_who_handed_nothing_over_is_in_the_comparison() -> None:
    block = comparison(material(), material().snapshot.indicator["EQ5a"])
    assert block is not None
    names = (name.partition(",")[0] for name in block.categories)
    shown = dict(zip(names, block.series[0].values, strict=True))
    assert shown["Plan d’Aou"] == 0 and shown["Pays de Martigues"] == 0 and "Recherche-action" not in shown
    # Those who are equal are named together, with the older day of the last.
    equals = "Plan d’Aou et Pays de Martigues, au 31 décembre 2021"
    assert words(block.conclusion) == f"Ordinateurs remis : de 0 ({equals}) à 50 (Pays d’Aix)"


def test_each_shape_has_a_text_and_each_experiment_its_definitions(deck: Any) -> None:
    for slide in deck.slides:
        for shape in _drawn(slide):
            assert shape._element.xpath(".//p:cNvPr")[0].get("descr"), (slide.shapes.title.text, shape.name)
    slide = next(one for one in deck.slides if one.shapes.title.text == "Pays d’Aix")
    notes = slide.notes_slide.notes_text_frame.text
    assert material().snapshot.indicator["EQ5a"].definition.split(" ")[0] in notes
    assert "Ordinateurs remis : " in words(notes)


def test_each_slide_says_which_figures_it_shows(deck: Any) -> None:
    for slide in deck.slides:
        assert "Données arrêtées au 31 mars 2022 (n° 3)" in _said(slide)
        assert "Données fictives" in _said(slide)


def test_nothing_leaves_the_slide(deck: Any) -> None:
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.left + shape.width <= deck.slide_width + 10
            assert shape.top >= 0 and shape.top + shape.height <= deck.slide_height + 10


def test_a_programme_without_data_gives_a_correct_deck() -> None:
    deck = opened(empty=True)
    assert "aucune association n’a encore déposé de données" in words(deck.slides[0].shapes.title.text)
    assert len([one for one in deck.slides if "Subventions" in [shape.name for shape in one.shapes]]) == 1


def test_opens_in_another_office_suite(soffice: Convert, tmp_path: Path) -> None:
    if find_impress() is None:
        pytest.skip("this LibreOffice does not open slides: « make test » says how to install what does")
    file = tmp_path / "diaporama.pptx"
    file.write_bytes(made("pptx"))
    printed = pdf_of(soffice(file, "pdf", outdir=tmp_path).read_bytes())
    titles = [one.shapes.title.text for one in opened().slides]
    assert len(printed.pages) == len(titles)
    for title, page in zip(titles, printed.pages, strict=True):
        assert tight(title) in tight(page.extract_text())


def _said(slide: Any) -> str:
    return words(" ".join(one.text_frame.text for one in slide.shapes if one.has_text_frame))


def _chart(slide: Any) -> Any:
    return next(one.chart for one in slide.shapes if one.has_chart)


def _drawn(slide: Any) -> Iterator[Any]:
    return (one for one in slide.shapes if not one.is_placeholder)


def test_a_figure_that_is_not_final_bears_its_sign_and_the_foot_says_what_it_is(deck: Any) -> None:
    """At the end of the second quarter none of its relevés is accepted yet; those of the third committee all are."""
    asked, whom = replace(order(freeze=None), until=date(2022, 6, 30)), "ct2-pays-d-aix"
    today, snapshot = Presentation(io.BytesIO(MAKE["pptx"](asked))), asked.material.snapshot
    drafts = [one.label for one in snapshot.indicators if is_draft(snapshot.cells[one.code, whom].observation)]
    table = next(one.table for one in today.slides[1].shapes if one.has_table)
    head, *rows = [[cell.text for cell in row.cells] for row in table.rows]
    signed = [row for row in rows if row[0] in drafts]
    assert signed and all(DRAFT_SIGN in row[head.index("Pays d’Aix")] for row in signed)
    assert all(words(DRAFT_NOTE) in _said(slide) for slide in today.slides)
    assert not any(words(DRAFT_NOTE) in _said(slide) for slide in deck.slides)
