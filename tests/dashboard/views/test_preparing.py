"""« Avant le comité »: what the project lead still has to do, and what is done already."""

from __future__ import annotations

import pytest

from core.demonstration.people import COMMITTEE, PEOPLE
from core.domain.access import Actor
from dashboard import context
from tests.dashboard.views.opening import html, opened, said
from tests.support.filled import demonstration_context


@pytest.mark.usefixtures("full")
def test_the_list_says_what_is_left_and_where_it_is_done() -> None:
    page = said(opened("avant-le-comite"))
    assert "Avant le comité n° 4, le 7 juillet 2022, 18 choses restent à faire." in page
    assert "Obtenir le relevé de Pays de Martigues 2e trimestre 2022 : attendu depuis le 4 juillet 2022." in page
    assert "Relire et accepter le relevé de Frais Vallon" in page
    assert "Dire la suite de la décision n° 3.2" in page
    led = html(opened("avant-le-comite"))
    for where in ("/comites?comite=4&amp;etape=arreter", "/registres?registre=conventions", "/points"):
        assert f'href="{where}"' in led


@pytest.mark.usefixtures("full")
def test_what_is_done_is_folded_away() -> None:
    page = html(opened("avant-le-comite"))
    _, _, done = page.partition("<details")
    assert "Écrire l’ordre du jour" in done
    assert "Versements" in done


@pytest.mark.usefixtures("empty")
def test_a_new_programme_begins_with_a_committee_and_the_registers() -> None:
    page = said(opened("avant-le-comite"))
    assert "Fixer le jour du prochain comité" in page
    assert "Début et fin des expérimentations" in page


@pytest.mark.parametrize("visitor", [COMMITTEE, PEOPLE["ifac"]])
def test_it_is_the_page_of_the_project_lead(visitor: Actor) -> None:
    context.install(demonstration_context(visitor=visitor))
    assert "Accès refusé" in said(opened("avant-le-comite"))
