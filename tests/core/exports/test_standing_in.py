"""A plugin that is broken on the day: its sheet says so, with its last frozen figures, marked as such."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from pptx import Presentation

from core.committee import FrozenPage
from core.domain.access import Actor, Role
from core.errors import Forbidden, Refused, UnknownName
from core.exports import dossier_layout
from core.exports.documents import KINDS
from core.exports.dossier import Material
from core.exports.dossier_paper import data_of, dossier_pdf
from core.exports.dossier_sheets import fiches_of
from core.exports.slides_deck import deck
from tests.core.exports.documents import MAKE, material, order, pdf_of, tight, words

CODE = "ct2-pays-d-aix"
BROKEN = "La page de cette expérimentation ne s’affiche pas aujourd’hui."
FROZEN = "Ce qui suit reprend ses derniers chiffres arrêtés, au 31 décembre 2021 (n° 2)."


def broken_page() -> Material:
    third = material()
    pages = {**third.snapshot.pages, CODE: FrozenPage(problem="panne")}
    return replace(third, snapshot=replace(third.snapshot, pages=pages))


def absent() -> Material:
    """The plugin did not load: its experiment is nowhere in the snapshot."""
    third = material()
    kept = tuple(one for one in third.snapshot.experiments if one.code != CODE)
    return replace(third, snapshot=replace(third.snapshot, experiments=kept))


def test_a_broken_page_shows_what_was_last_frozen_and_says_so() -> None:
    sheet = next(one for one in fiches_of(broken_page()) if one.code == CODE)
    earlier = material().earlier
    assert earlier is not None and sheet.blocks == earlier.pages[CODE].blocks != ()
    text = tight(pdf_of(dossier_pdf(broken_page())).pages[3].extract_text())
    assert tight(BROKEN) in text and tight(FROZEN) in text
    assert tight("50") in text  # the head keeps the figures of the day


def test_a_broken_page_without_anything_frozen_says_what_stands() -> None:
    sheet = next(one for one in fiches_of(replace(broken_page(), earlier=None)) if one.code == CODE)
    assert sheet.blocks == () and words(sheet.problem).endswith("Le haut de la page et ses chiffres restent justes.")


def test_a_plugin_that_did_not_load_keeps_its_page_from_the_frozen_figures() -> None:
    found = pdf_of(dossier_pdf(absent()))
    text = tight(found.pages[6].extract_text())
    assert tight("Pays d’Aix") in text and tight(BROKEN) in text and tight(FROZEN) in text
    assert tight(material().earlier.sentences[CODE]) in text  # type: ignore[union-attr]
    assert len(found.pages[0].extract_text()) > 0


def test_a_deck_says_it_too() -> None:
    made_of = Presentation(io.BytesIO(deck(broken_page())))
    slide = next(one for one in made_of.slides if one.shapes.title.text == "Pays d’Aix")
    said = words(" ".join(one.text_frame.text for one in slide.shapes if one.has_text_frame))
    assert BROKEN in said and FROZEN in said


def test_a_sheet_that_overflows_is_set_smaller_then_names_what_it_leaves_out() -> None:
    data = data_of(material())
    sheet = data["fiches"][0]
    extra = [[{"kind": "prose", "text": f"Paragraphe {rank} " + "mot " * 60}] for rank in range(60)]
    sheet["units"] = [*sheet["units"], *extra]
    found = pdf_of(dossier_layout.fitted(data, at=material().at, title="Essai"))
    text = words(found.pages[1].extract_text())
    assert "Aussi à l’écran" in text and "de plus" in text
    assert tight(data["fiches"][1]["title"]) in tight(found.pages[2].extract_text())


def test_names_with_every_accent_and_from_right_to_left_come_out_right() -> None:
    third = material()
    first, *others = third.snapshot.experiments
    named = replace(first, title="L’Œuvre d’Éléonore Şăłđ – שלום مرحبا 漢字")
    snapshot = replace(third.snapshot, experiments=(named, *others))
    text = pdf_of(dossier_pdf(replace(third, snapshot=snapshot))).pages[1].extract_text()
    assert tight("L’Œuvre d’Éléonore Şăłđ") in tight(text)
    assert set("שלום") <= set(text) and set("مرحبا") <= set(text)
    assert "□" in text and "caractère que nos polices ne savent pas écrire" in words(text)


def test_frozen_figures_that_do_not_exist_are_refused_with_those_that_do() -> None:
    with pytest.raises(UnknownName, match="1, 2 et 3"):
        MAKE["pdf"](replace(order(), freeze=9))


def test_nobody_without_the_right_takes_a_document_away() -> None:
    for make in MAKE.values():
        with pytest.raises(Forbidden):
            make(replace(order(), actor=Actor("Passant", Role.PUBLIC)))


def test_an_association_reads_the_committees_that_are_closed_alone() -> None:
    theirs = replace(order(), actor=Actor("IFAC", Role.ASSOCIATION, association="ifac"))
    assert theirs.material.snapshot.number == 3
    live = replace(theirs, freeze=None).material
    assert live.meeting is None
    with pytest.raises(Refused, match="Aucun comité"):
        _ = replace(theirs, committee=4).meeting


def test_a_file_is_named_after_its_figures() -> None:
    asked = replace(order(), committee=3)
    names = {one.code: one.file_name(asked) for one in KINDS}
    assert names["pdf"] == "dossier-du-comite-donnees-3.pdf"
    assert names["minutes"] == "releve-de-decisions-comite-3.docx"
