"""« Points à traiter »: the list, one point, who treats it, and what others may not do."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.contract import schema_setup
from core.demonstration import TODAY
from core.domain.access import Actor, Role
from core.storage import Store
from dashboard import context
from dashboard.context import Context
from tests.dashboard.views.opening import opened, said
from tests.support.filled import LEAD, NOW, copied, demonstration_url, registry

POINT = "regle/famille_hors_qpv/materiel/ct2-pays-d-aix/anonymal"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """The demonstration, to write in."""
    path = copied(demonstration_url(), tmp_path / "fabrique.sqlite3")
    opened_store = Store.open(f"sqlite:///{path}")
    schema_setup.prepare(registry(), opened_store, at=NOW)
    return opened_store


def seen_by(store: Store, visitor: Actor) -> None:
    context.install(Context(registry(), store, lambda: TODAY, demonstration=True, visitors=lambda: visitor))


def test_list_is_read_kind_by_kind_and_narrowed(store: Store) -> None:
    seen_by(store, LEAD)
    page = said(opened("points"))
    # Three: by its own clock, Pays de Martigues is on time for its diagnostics (30 % for 39 % expected).
    assert (
        "En retard sur l’objectif (3)" in page
        and "Pays d’Aix : remises à une famille hors quartier prioritaire" in page
    )
    only = said(opened("points", experience="ct1-plan-d-aou"))
    assert "Plan d’Aou : ordinateurs remis en retard" in only and "hors quartier prioritaire" not in only
    assert "Pays d’Aix : machines d’une valeur de plus de 300 €" in said(opened("points", etat="clos"))
    assert "Aucun point ne correspond" in said(opened("points", etat="clos", experience="ct1-plan-d-aou"))


def test_lead_takes_a_point_and_closes_it(store: Store) -> None:
    seen_by(store, LEAD)
    page = opened("points", point=POINT)
    assert "MET-PC-0129" in said(page)
    page.text_input[0].set_value("Karim")
    page.text_area[0].set_value("À porter au comité n° 4")
    page.button[0].click().run()
    assert "Le suivi est enregistré" in said(page) and "Karim" in said(page)
    page.checkbox[0].check()
    page.button[0].click().run()
    assert "Pays d’Aix : remises à une famille hors quartier prioritaire" in said(opened("points", etat="clos"))
    assert "hors quartier prioritaire" not in said(opened("points", etat="ouverts"))


def test_an_end_without_a_word_is_refused_in_french(store: Store) -> None:
    seen_by(store, LEAD)
    page = opened("points", point="retard/ct1-plan-d-aou/EQ5a")
    page.checkbox[0].check()
    page.button[0].click().run()
    assert "écrivez en une phrase ce qui a été fait" in said(page)


def test_committee_reads_and_has_no_form(store: Store) -> None:
    seen_by(store, Actor("Élue", Role.COMMITTEE))
    page = opened("points", point=POINT)
    assert "Que faire" in said(page) and not page.button
    assert "Accès refusé" in said(opened("points", point="nouveau"))


def test_risk_is_written_then_found_in_the_list(store: Store) -> None:
    seen_by(store, LEAD)
    page = opened("points", point="nouveau")
    page.text_input[0].set_value("Départ de l’animatrice")
    page.button[0].click().run()
    assert "Le risque est écrit" in said(page)
    assert "Départ de l’animatrice" in said(opened("points"))


def test_point_that_was_mended_says_so(store: Store) -> None:
    seen_by(store, LEAD)
    assert "Ce point n’existe plus" in said(opened("points", point="regle/plus/rien"))


def test_which_rows_are_concerned_is_read_by_their_own_people(store: Store) -> None:
    for body, told in (("anonymal", True), ("ifac", False)):
        seen_by(store, Actor("Claire", Role.ASSOCIATION, body))
        assert ("MET-PC-0129" in said(opened("points"))) is told
        assert ("MET-PC-0129" in said(opened("points", point=POINT))) is told
