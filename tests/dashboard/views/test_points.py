"""« Points à traiter »: the list, one point, who treats it, and what others may not do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from core.alerts import Alert, AlertType, Hand
from core.alerts.follow_up import history
from core.contract import schema_setup
from core.demonstration import TODAY
from core.demonstration.people import PEOPLE
from core.domain.access import Actor, Role
from core.storage import Store
from dashboard import context
from dashboard.context import Context
from tests.dashboard.views.opening import html, opened, said
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


def test_list_is_read_by_who_can_act_and_narrowed(store: Store) -> None:
    seen_by(store, LEAD)
    page = said(opened("points"))
    committee, _, others = page.partition("Ce que les associations peuvent faire")
    associations, _, lead = others.partition("Ce que la Métropole peut faire")
    # Three: by its own clock, Pays de Martigues is on time for its diagnostics (30 % for 39 % expected).
    assert committee.count("En retard sur l’objectif") == 3
    assert "Pays d’Aix : remises à une famille hors quartier prioritaire" in committee
    assert "adresse à compléter" in associations and "relevé du 2e trimestre 2022 attendu" in associations
    assert "données de la convention à publier" in lead
    order = [committee.index(f" {name} ") for name in ("Frais Vallon", "Plan d’Aou", "Pays d’Aix")]
    assert order == sorted(order)
    only = said(opened("points", experience="ct1-plan-d-aou"))
    assert "Plan d’Aou : ordinateurs remis en retard" in only and "hors quartier prioritaire" not in only
    assert "Pays d’Aix : machines d’une valeur de plus de 300 €" in said(opened("points", etat="clos"))
    assert "Aucun point ne correspond" in said(opened("points", etat="clos", experience="ct1-plan-d-aou"))


@pytest.mark.parametrize(
    ("visitor", "opened_first"),
    [(LEAD, "Ce que le comité doit voir"), (PEOPLE["ifac"], "Ce que les associations peuvent faire")],
    ids=str,
)
def test_what_the_visitor_came_for_is_open_on_a_phone(store: Store, visitor: Actor, opened_first: str) -> None:
    seen_by(store, visitor)
    titles = re.findall(r"<h2[^>]*>(Ce que [^<(]*) \(\d+\)</h2>(<button)?", html(opened("points")))
    assert len(titles) >= 2
    assert [title for title, folded in titles if not folded] == [opened_first]


def test_lead_takes_a_point_and_closes_it(store: Store) -> None:
    seen_by(store, LEAD)
    page = opened("points", point=POINT)
    assert "MET-PC-0129" in said(page)
    page.text_input[0].set_value("Karim")
    page.text_area[0].set_value("À porter au comité n° 4")
    page.button[0].click().run()
    assert "Le suivi est enregistré" in said(page) and "Karim" in said(page)
    page.checkbox[0].check()
    next(one for one in page.button if one.label == "Enregistrer le suivi").click().run()
    assert "Pays d’Aix : remises à une famille hors quartier prioritaire" in said(opened("points", etat="clos"))
    assert "hors quartier prioritaire" not in said(opened("points", etat="ouverts"))


def test_several_points_are_given_to_one_person_and_taken_back(store: Store) -> None:
    seen_by(store, LEAD)
    page = opened("points", point="plusieurs")
    page.button[0].click().run()
    assert "Écrivez à qui ces points sont confiés." in said(page)
    page.multiselect[0].select(POINT).select("retard/ct1-plan-d-aou/EQ5a")
    page.text_input[0].set_value("Karim")
    page.button[0].click().run()
    assert "2 points sont confiés à Karim." in said(page)
    assert {one.code: one.owner for one in _said(store)} == {POINT: "Karim", "retard/ct1-plan-d-aou/EQ5a": "Karim"}
    next(one for one in page.button if one.label == "Annuler").click().run()
    assert "C’est annulé" in said(page)
    assert not any(one.owner == "Karim" for one in _said(store))


def _said(store: Store) -> list[Owned]:
    """Who has each of the two points, of those of which something stands."""
    codes = (POINT, "retard/ct1-plan-d-aou/EQ5a")
    return [Owned(code, words[-1].owner) for code in codes if (words := history(store, code))]


class Owned(NamedTuple):
    """A point and its owner."""

    code: str
    owner: str


def test_what_was_said_before_stands_again_when_a_follow_up_is_taken_back(store: Store) -> None:
    seen_by(store, LEAD)
    before = history(store, POINT)
    page = opened("points", point=POINT)
    page.text_input[0].set_value("Karim")
    page.button[0].click().run()
    next(one for one in page.button if one.label == "Annuler").click().run()
    assert "Ce qui valait avant vaut de nouveau" in said(page)
    last = history(store, POINT)[-1]
    assert last.owner == (before[-1].owner if before else "")


@pytest.mark.parametrize(
    ("kind", "shown_to", "hand"),
    [
        (AlertType.RISK, None, Hand.COMMITTEE),
        (AlertType.BLOCKED, None, Hand.COMMITTEE),
        (AlertType.RULE, Hand.COMMITTEE, Hand.COMMITTEE),
        (AlertType.RULE, Hand.ASSOCIATION, Hand.ASSOCIATION),
        (AlertType.REPORT, None, Hand.ASSOCIATION),
        (AlertType.PLUGIN, None, Hand.LEAD),
    ],
)
def test_who_can_act_follows_the_rule_and_the_kind(kind: AlertType, shown_to: Hand | None, hand: Hand) -> None:
    assert Alert("code", kind, "Titre", "Pourquoi", association="ifac", shown_to=shown_to).hand is hand


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
