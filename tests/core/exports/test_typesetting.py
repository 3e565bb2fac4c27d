"""The papers: tagged, archivable, in French, the same bytes for the same data, and no character lost without a word."""

from __future__ import annotations

import io
import subprocess
import sys
from datetime import UTC, datetime

import pypdf
import pytest

from core.domain.french import typeset
from core.errors import FabriqueError
from core.exports import typesetting
from core.exports.typesetting import pdf

AT = datetime(2022, 7, 5, 9, tzinfo=UTC)


def page(text: str, **data: object) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf("page", {"text": text, **data}, at=AT, title="Accusé de réception")))


def test_is_tagged_french_titled_and_archivable() -> None:
    made = page("Bonjour")
    root = made.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "fr-FR"
    assert made.metadata is not None and made.metadata.title == "Accusé de réception"
    described = root["/Metadata"].get_object().get_data().decode()
    assert "pdfuaid:part>1<" in described and "pdfaid:part>2<" in described and "pdfaid:conformance>A<" in described


def test_embeds_our_font_and_no_other_for_french() -> None:
    fonts = page("L’été à Aix : 24 500 € ▲ ● ▼ ■ ○ —").pages[0]["/Resources"]["/Font"].values()
    names = [font["/BaseFont"] for font in fonts]
    assert all("FabriqueLisible" in name or "Libertinus" in name for name in names) and names
    assert all(font["/DescendantFonts"][0]["/FontDescriptor"].keys() & {"/FontFile2", "/FontFile3"} for font in fonts)


def test_the_same_data_give_the_same_bytes() -> None:
    once, again = (pdf("page", {"text": "x"}, at=AT, title="t") for _ in range(2))
    assert once == again


@pytest.mark.parametrize(
    "name", ["Éléonore Œillet", "Şebnem Łódź", "L’Haÿ-les-Roses", "Ζωή", "Живко", 'guillemets " et \\', "#[*_$@<x>"]
)
def test_names_come_out_as_they_are_written(name: str) -> None:
    assert name in page(name).pages[0].extract_text()


@pytest.mark.parametrize("word", ["שלום", "مرحبا"])
def test_writings_from_right_to_left_keep_each_letter(word: str) -> None:
    text = page(f"Centre {word}").pages[0].extract_text()
    assert set(word) <= set(text)


@pytest.mark.parametrize("character", ["漢", "😀", "\ue000", "\x07", "\ufffe"])
def test_a_character_without_drawing_is_said(character: str) -> None:
    text = page(f"avant {character} après").pages[0].extract_text()
    assert "avant □ après" in text
    assert "□ : caractère que nos polices ne savent pas écrire" in text


def test_each_page_says_that_data_are_fictitious_and_which_figures_it_shows() -> None:
    text = page("Bonjour", fictitious=True, mark="Données arrêtées (n° 2)").pages[0].extract_text()
    assert "Données fictives" in text and "Données arrêtées (n° 2)" in text and "Page 1 sur 1" in text


def test_a_document_that_does_not_exist_is_told_in_french() -> None:
    with pytest.raises(FabriqueError, match=typeset("« affiche » n’existe pas")):
        pdf("affiche", {}, at=AT, title="t")


def test_a_source_that_breaks_is_told_in_french(tmp_path, monkeypatch) -> None:
    (tmp_path / "broken.typ").write_text("#nobody-knows")
    monkeypatch.setattr(typesetting, "SOURCES", tmp_path)
    with pytest.raises(FabriqueError, match="n’a pas pu être fabriqué"):
        pdf("broken", {}, at=AT, title="t")


def test_typst_is_loaded_only_when_a_document_is_asked_for() -> None:
    code = "import sys, core.exports.typesetting; sys.exit('typst' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0
