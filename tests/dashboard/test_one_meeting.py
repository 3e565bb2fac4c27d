"""One frozen meeting, in every medium: the same digits, the same dates, the same marks, read from what came."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from docx import Document
from pptx import Presentation

from core.committee import deciding, meetings
from core.committee.snapshot import Snapshot
from core.contract import schema_setup
from core.demonstration import TODAY
from core.domain.change import change
from core.domain.figure_text import lacking_text, shown
from core.domain.indicator import Indicator
from core.domain.meeting import Verdict
from core.domain.observation import Cell, Missing
from core.exports.documents import KINDS, Order
from core.figures.sentences import asked_by_the_vote, by_axis, first_screen, parts_of
from core.storage import Store
from dashboard import context as contexts
from dashboard.context import Context
from dashboard.web.api.answers import Ask, frozen_indicators
from tests.core.exports.documents import book_of, pdf_of, words
from tests.dashboard.views.opening import html, opened, plain
from tests.support.filled import LEAD, copied, demonstration_url, registry

AT = datetime(2022, 7, 5, 9, tzinfo=UTC)
NUMBER, MARTIGUES = 4, "ct6-pays-de-martigues"
BELOW = 1  # no count is hidden: what is compared is what everybody's numbers say


@dataclass(frozen=True)
class Held:
    """Committee 4 of the demonstration, its figures frozen and one decision taken."""

    order: Order
    context: Context

    @cached_property
    def snapshot(self) -> Snapshot:
        """What was frozen, read once: every document reads it again from the store."""
        return self.order.material.snapshot

    @cached_property
    def cells(self) -> dict[tuple[str, str | None], Cell]:
        """Each figure that a committee reads, in each column: the first screen, then what the vote asks beside it."""
        return self.of([*self.first, *self.asked])

    @property
    def first(self) -> list[Indicator]:
        """Those of the first screen."""
        return first_screen(self.snapshot.indicators)

    @property
    def asked(self) -> list[Indicator]:
        """Those that the vote asks beside it."""
        return asked_by_the_vote(self.snapshot.indicators)

    def of(self, wanted: Iterable[Indicator]) -> dict[tuple[str, str | None], Cell]:
        """The cells of these figures, axis by axis as a table shows them."""
        whom = [*(one.code for one in self.snapshot.experiments), None]
        rows = [one for _, _, found in by_axis(list(wanted)) for one in found]
        return {(one.code, w): self.snapshot.cells[one.code, w] for one in rows for w in whom}

    def main(self, code: str, whom: str | None) -> str:
        """The digits that are written large; nothing for a figure that is not there."""
        indicator = self.snapshot.indicator[code]
        what = shown(self.cells[code, whom].observation, headline=indicator.headline, parts=parts_of(indicator))
        return "" if what.missing else plain(what.main)

    def lacking(self, code: str, whom: str | None) -> str:
        """Its older day, or that it is incomplete."""
        return plain(lacking_text(self.cells[code, whom].observation))

    def file(self, code: str) -> bytes:
        """One document of the meeting."""
        return next(one for one in KINDS if one.code == code).make(self.order)


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Held]:
    path = copied(demonstration_url(), Path(tmp_path_factory.mktemp("seance")) / "fabrique.sqlite3")
    with Store.open(f"sqlite:///{path}") as store:
        schema_setup.prepare(registry(), store, at=AT)
        meetings.freeze(registry(), store, NUMBER, date(2022, 6, 30), actor=LEAD, at=AT, fictitious=True)
        seen = deciding.Proposal(
            Verdict.ACCEPTED, "On attend le relevé.", owner="La Métropole", experiment=MARTIGUES, indicator="EQ5a"
        )
        deciding.decide(store, NUMBER, seen, actor=LEAD, at=AT)
        order = Order(registry(), store, LEAD, AT, TODAY, freeze=NUMBER, committee=NUMBER, fictitious=True, below=BELOW)
        settings: Any = SimpleNamespace(mask_below=BELOW)
        yield Held(
            order,
            Context(registry(), store, lambda: TODAY, demonstration=True, settings=settings, visitors=lambda: LEAD),
        )


@pytest.fixture
def body(held: Held) -> str:
    contexts.install(held.context)
    return html(opened("comites", comite=str(NUMBER)))


def matrix_of(body: str) -> list[list[str]]:
    """The cells of the first matrix of a page, row by row."""
    table = re.search(r'<table class="matrix__table">(.*?)</table>', body, re.S)
    assert table is not None
    rows = re.findall(r"<tr>(.*?)</tr>", re.sub(r"<thead>.*?</thead>", "", table.group(1), flags=re.S), re.S)
    return [re.findall(r"<td[^>]*>(.*?)</td>", row, re.S) for row in rows]


def within(name: str, cell: str) -> str:
    """The text of the element of that class."""
    found = re.search(rf'class="{name}"[^>]*>([^<]*)', cell)
    return plain(found.group(1)) if found else ""


def test_the_page_says_each_figure_and_its_day(held: Held, body: str) -> None:
    rows = [row for row in matrix_of(body) if row]
    every = list(held.cells)
    assert len(rows) * 7 == len(every)
    for (code, whom), cell in zip(every, [one for row in rows for one in row], strict=True):
        assert within("cell__main", cell) == held.main(code, whom), (code, whom)
        if held.cells[code, whom].observation.missing_because in (None, Missing.NOT_REPORTED):
            assert within("cell__wait", cell) == held.lacking(code, whom), (code, whom)


def test_the_deck_says_the_same(held: Held) -> None:
    """Every figure of the first screen, then every one that the vote asks, on as many slides as the table takes."""
    made = Presentation(io.BytesIO(held.file("pptx")))
    said = {
        wanted: [text for title, row in rows_of(made) if title.startswith(wanted) for text in row] for wanted in SIX
    }
    for wanted, figures in zip(SIX, (held.of(held.first), held.of(held.asked)), strict=True):
        for (code, whom), text in zip(figures, said[wanted], strict=True):
            assert held.main(code, whom) in text and text.endswith(held.lacking(code, whom)), (code, whom, text)


SIX = ("Les six, indicateur par indicateur", "Ce que la délibération demande aussi")


def rows_of(deck: Any) -> Iterator[tuple[str, list[str]]]:
    """The rows of each table of a deck, its heads left out, with the title of the slide that holds them."""
    for slide in deck.slides:
        for table in (shape.table for shape in slide.shapes if shape.has_table):
            for row in list(table.rows)[1:]:
                yield plain(slide.shapes.title.text), [plain(cell.text) for cell in row.cells][1:]


def test_the_workbook_says_the_same_numbers(held: Held) -> None:
    sheet = book_of(held.file("xlsx"))["Chiffres"]
    heads = [cell.value for cell in sheet[1]]
    rows = [dict(zip(heads, row, strict=True)) for row in sheet.iter_rows(min_row=2, values_only=True)]
    names = {one.code: one.short_title for one in held.snapshot.experiments}
    by_key = {(row["Code"], row["Expérimentation"]): row for row in rows if row["Lieu"] == "Tous les lieux"}
    for (code, whom), cell in held.cells.items():
        row, seen = by_key[code, names.get(whom or "", "Programme")], cell.observation
        known = [row[name] for name in ("Nombre", "Taux (%)", "Montant (€)", "Durée (jours)") if row[name] is not None]
        expected = [one for one in (seen.numerator, seen.value) if one is not None]
        assert all(any(number == pytest.approx(one) for one in expected) for number in known), (code, whom)
        assert bool(known) == bool(held.main(code, whom)), (code, whom)
        assert held.lacking(code, whom) in plain(row["Ce qui manque encore"] or "")
        if seen.freshness.covers_until:
            assert row["Données au"].date() == seen.freshness.covers_until


def test_the_dossier_says_the_same_on_its_first_page(held: Held) -> None:
    pages = pdf_of(held.file("pdf")).pages
    text = words(pages[0].extract_text())
    after = next(one for page in pages if "délibération demande aussi" in (one := words(page.extract_text())))
    for said, wanted in ((text, held.first), (after, held.asked)):
        cells = held.of(wanted)
        marks = [held.lacking(*key) for key in cells]
        for mark in {mark for mark in marks if mark}:
            assert said.count(mark) >= marks.count(mark), mark
        for key in cells:
            assert held.main(*key) in said, key
    assert (
        sum("Où en sont" in one.extract_text() or "Indicateur par indicateur" in one.extract_text() for one in pages)
        == 1
    )


def test_the_answer_for_programs_says_the_same(held: Held) -> None:
    caller = SimpleNamespace(masked=False, associations=(), public=False, sees=lambda _: True)
    given = {"number": NUMBER, "limit": 10_000, "offset": 0, "experiment": None, "indicator": None}
    answer = json.loads(json.dumps(frozen_indicators(Ask(held.context, caller, given))))  # type: ignore[arg-type]
    by_key = {(one["indicator"], one["experiment"]): one for one in answer["observations"] if one["place"] is None}
    for key, cell in held.cells.items():
        found, seen = by_key[key], cell.observation
        assert found["value"] == (pytest.approx(seen.value) if seen.value is not None else None)
        assert found["numerator"] == (pytest.approx(seen.numerator) if seen.numerator is not None else None)
        covered = seen.freshness.covers_until
        assert found["covers_until"] == (covered.isoformat() if covered else None)
        assert plain(found["mark"] or "").startswith(held.lacking(*key))
        assert found["accepted"] is seen.freshness.accepted
    assert {one["accepted"] for one in by_key.values()} == {True, False}


def test_the_room_sees_the_same(held: Held) -> None:
    contexts.install(held.context)
    slides = [html(opened("projection", comite=str(NUMBER), diapo=str(rank))) for rank in range(1, 19)]
    (compared,) = [one for one in slides if "slide--compared" in one]
    rows = re.findall(r"<tr>(.*?)</tr>", compared, re.S)[1:]
    for row in rows:
        assert all("slide__wait" in cell or "—" in cell for cell in re.findall(r"<td>(.*?)</td>", row, re.S)[4:5])
    (martigues,) = [one for one in slides if ">Pays de Martigues</h1>" in one]
    assert plain(martigues).count("au 31 mars 2022") >= 3
    (changed,) = [one for one in slides if "slide--changes" in one]
    assert "Ce qui a changé depuis le comité n° 3" in plain(changed)


def test_one_change_has_one_number_everywhere(held: Held, body: str) -> None:
    """« + 91 depuis le comité n° 3, dont 6 arrivés en retard », and never the change since 31 March."""
    cell = held.snapshot.cells["EQ5a", None]
    assert change(cell, headline="numerator") == 91
    said = "dont 6 arrivés en retard pour le 1er trimestre 2022 ou avant"
    row = next(row for row in matrix_of(body) if row and within("cell__main", row[-1]) == held.main("EQ5a", None))
    assert within("cell__change", row[-1]) == "+91"
    assert f"depuis le comité n° 3, {said}" in plain(row[-1])
    deck = Presentation(io.BytesIO(held.file("pptx")))
    told = plain(" ".join(s.text_frame.text for slide in deck.slides for s in slide.shapes if s.has_text_frame))
    paper = words(" ".join(one.extract_text() for one in pdf_of(held.file("pdf")).pages))
    for text in (plain(body), told, paper):
        assert "+ 91 ordinateurs remis dans tout le programme" in text and said in text
        assert "+85" not in text and "+ 85" not in text
    sheet = book_of(held.file("xlsx"))["Chiffres"]
    heads = [one.value for one in sheet[1]]
    found = next(
        row
        for row in sheet.iter_rows(min_row=2, values_only=True)
        if row[1:4] == ("EQ5a", "Programme", "Tous les lieux")
    )
    assert found[heads.index("Écart")] == 91 and said in found[heads.index("Écart compté")]


def test_any_earlier_committee_may_be_counted_from(held: Held) -> None:
    contexts.install(held.context)
    body = html(opened("comites", comite=str(NUMBER), depuis="1"))
    assert "Ce qui a changé depuis le comité n° 1" in plain(body)
    first = meetings.snapshot_of(held.order.store, meetings.meetings(held.order.store)[0].freeze)  # type: ignore[arg-type]
    before = first.cells["EQ5a", None].observation.numerator or 0
    row = next(row for row in matrix_of(body) if row and within("cell__main", row[-1]) == held.main("EQ5a", None))
    assert within("cell__change", row[-1]) == f"+{179 - before:g}"


def test_the_minutes_say_the_day_of_the_figure_seen(held: Held) -> None:
    document = Document(io.BytesIO(held.file("minutes")))
    text = plain(" ".join(paragraph.text for paragraph in document.paragraphs))
    assert f"Chiffre vu : Ordinateurs remis, Pays de Martigues : {held.main('EQ5a', MARTIGUES)} sur" in text
    assert held.lacking("EQ5a", MARTIGUES) in text and held.lacking("EQ5a", MARTIGUES) == "au 31 mars 2022"


def test_what_is_compared_is_not_empty(held: Held) -> None:
    marks = {held.lacking(*key) for key in held.cells}
    assert {"au 31 mars 2022", "incomplet"} <= marks
    assert replace(held.order, freeze=3).material.snapshot.number == 3
