"""« Documents »: the figures chosen in the address, a button for each document, a refusal in French."""

from __future__ import annotations

import pytest

from tests.dashboard.views.opening import html, opened, plain, said

BUTTONS = [
    "Télécharger le dossier (PDF)",
    "Télécharger le diaporama (PowerPoint)",
    "Télécharger les indicateurs (Excel)",
    "Télécharger le relevé de décisions (Word)",
]


@pytest.mark.usefixtures("full")
def test_frozen_figures_are_offered_and_chosen_by_the_address() -> None:
    page = opened("documents", arrete="2")
    assert "Données arrêtées au 31 décembre 2021 (n° 2) : chaque document reprend exactement" in said(page)
    assert 'href="/documents?arrete=3"' in html(page) and 'aria-current="true"' in html(page)
    labels = [plain(one.proto.label) for one in page.get("download_button")]
    assert [one for one in labels if one in BUTTONS] == BUTTONS
    assert [plain(one.label) for one in page.text_area] == ["Présents au comité n° 2"]


@pytest.mark.usefixtures("full")
def test_frozen_figures_that_do_not_exist_are_refused() -> None:
    assert "Les données arrêtées n° 12 ne se lisent pas" in said(opened("documents", arrete="12"))


@pytest.mark.usefixtures("empty")
def test_minutes_are_not_offered_without_a_committee() -> None:
    page = opened("documents")
    assert "Aucun comité n’est encore préparé" in said(page)
    labels = [plain(one.proto.label) for one in page.get("download_button")]
    assert BUTTONS[0] in labels and BUTTONS[3] not in labels
