"""« Dictionnaire des données »: every table in plain French, at an address of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.contract import Registry
from core.domain.programme import METROPOLE
from tests.dashboard.views.opening import html, opened, said

pytestmark = pytest.mark.usefixtures("empty")
REGISTRY = Registry.load(strict=True)


def every() -> Iterator[tuple[str, str]]:
    seen = set()
    for association in (METROPOLE, *(one.code for one in REGISTRY.associations)):
        for dataset in REGISTRY.datasets(association):
            if id(dataset) not in seen:
                seen.add(id(dataset))
                yield association, dataset.code


@pytest.mark.parametrize(("association", "dataset"), list(every()))
def test_each_table_tells_all_of_its_columns(association: str, dataset: str) -> None:
    page = opened("dictionnaire", jeu=dataset, association=association)
    words = said(page)
    found = REGISTRY.dataset(association, dataset)
    for column in found.columns:
        assert column.title in words and f">{column.name}</code>" in html(page)
    for heading in ("Les colonnes", "Comment une ligne se reconnaît", "Ce qui est refusé"):
        assert heading in words
    assert len(page.get("download_button")) == 2


def test_the_list_leads_to_each_table() -> None:
    page = html(opened("dictionnaire"))
    for _association, code in every():
        assert f'href="/dictionnaire?jeu={code}"' in page


def test_values_are_told_with_their_meaning() -> None:
    words = said(opened("dictionnaire", jeu="materiel"))
    assert "cédé : sorti de l’inventaire de la Métropole" in words
    assert "Une date, puisque le statut est « testé »." in words
    assert "300 € au plus (article D3212-3" in words


def test_lists_of_the_national_standard_are_shown() -> None:
    words = said(opened("dictionnaire", jeu="acteurs"))
    assert "Gratuit sous condition" in words
    assert "Une ou plusieurs valeurs de la liste" in words


def test_what_one_association_adds_is_shown_for_it_alone() -> None:
    assert "Voisins relais" in said(opened("dictionnaire", jeu="concertations", association="ifac"))
    assert "Voisins relais" not in said(opened("dictionnaire", jeu="concertations", association="anonymal"))


def test_a_link_with_another_table_is_said() -> None:
    words = said(opened("dictionnaire", jeu="raccordements"))
    assert "« Code de l’immeuble » doit exister dans « Immeubles »" in words


def test_an_unknown_table_is_refused_with_the_nearest() -> None:
    assert "Vouliez-vous dire « materiel »" in said(opened("dictionnaire", jeu="materie"))


def test_definitions_lead_to_the_dictionary() -> None:
    assert 'href="/dictionnaire"' in html(opened("definitions"))
