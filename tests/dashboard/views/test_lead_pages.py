"""The project lead's other pages, and what the others see of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.contract import schema_setup
from core.demonstration import TODAY, people
from core.domain.access import Actor, Role
from core.storage import Store
from dashboard import context as contexts
from dashboard.context import Context
from tests.dashboard.views.opening import opened, said
from tests.support.filled import LEAD, NOW, copied, demonstration_context, demonstration_url, registry

ELECTED = Actor("Élue", Role.COMMITTEE)


@pytest.fixture
def writable(tmp_path: Path) -> Iterator[Store]:
    """A copy of the demonstration that a test may change."""
    copy = copied(demonstration_url(), tmp_path / "demonstration.sqlite3")
    with Store.open(f"sqlite:///{copy}") as store:
        schema_setup.prepare(registry(), store, at=NOW)
        yield store


def visit(store: Store, visitor: Actor) -> None:
    contexts.install(Context(registry(), store, lambda: TODAY, demonstration=True, visitors=lambda: visitor))


def test_the_receiver_acknowledges_its_machines(writable: Store) -> None:
    visit(writable, people.PEOPLE["point-formation"])
    page = opened("transferts")
    assert "14 ordinateurs et 9 écrans attendent leur accusé de réception" in said(page)
    page.text_input[0].set_value("24/05/2022")
    page.run()
    [button] = [one for one in page.button if "Accuser réception" in one.label]
    assert button.label == "Accuser réception de 23 machines"
    button.click()
    page.run()
    assert "23 machines sont reçues par Point Formation" in said(page)
    assert "Aucun transfert n’attend" in said(page)
    rows = writable.rows("point-formation", "materiel").to_dicts()
    assert sum(str(row["date_reception"]) == "2022-05-24" for row in rows) == 23


def test_a_wrong_day_is_said_and_nothing_is_stored(writable: Store) -> None:
    visit(writable, people.PEOPLE["point-formation"])
    before = writable.latest()
    for typed, told in (("31/06/2022", "Ce jour n’existe pas"), ("18/05/2022", "il n’a pas pu arriver")):
        page = opened("transferts")
        page.text_input[0].set_value(typed)
        page.run()
        next(one for one in page.button if "Accuser" in one.label).click()
        page.run()
        assert told in said(page)
    assert writable.latest() == before


@pytest.mark.parametrize("visitor", [people.PEOPLE["anonymal"], people.PEOPLE["ifac"], ELECTED])
def test_nobody_else_may_acknowledge(visitor: Actor) -> None:
    contexts.install(demonstration_context(visitor=visitor))
    page = opened("transferts")
    assert not page.button
    assert ("14 ordinateurs" in said(page)) == (visitor.association != "ifac")


@pytest.mark.usefixtures("full")
def test_the_journal_is_searched_and_verified() -> None:
    page = opened("journal", q="seuils", association="metropole")
    assert "Métropole, Seuils d’accord" in said(page)
    assert "5 lignes du journal correspondent" in said(page)
    page.button[0].click()
    page.run()
    assert "Le journal est intact" in said(page)


@pytest.mark.usefixtures("full")
def test_a_search_without_answer_and_a_day_that_is_none_are_told() -> None:
    assert "Aucune ligne ne correspond" in said(opened("journal", q="introuvable", du="n’importe quoi", page="-1"))


@pytest.mark.parametrize("path", ["journal", "etat-des-plugins"])
@pytest.mark.parametrize("visitor", [people.PEOPLE["anonymal"], ELECTED])
def test_the_machinery_is_the_leads(path: str, visitor: Actor) -> None:
    contexts.install(demonstration_context(visitor=visitor))
    assert "Accès refusé" in said(opened(path))


@pytest.mark.usefixtures("full")
def test_plugins_tell_what_they_hold_and_what_they_take() -> None:
    opened("experimentation-ct1-frais-vallon")
    page = said(opened("etat-des-plugins"))
    assert "build_report" in page
    assert "register_datasets" in page
    ifac = demonstration_context().store.counts("ifac")
    assert f"immeubles 1 {ifac['immeubles']}" in page


@pytest.mark.parametrize("visitor", [people.PEOPLE["ifac"], ELECTED, LEAD])
def test_everybody_reads_what_is_kept_about_people(visitor: Actor) -> None:
    contexts.install(demonstration_context(visitor=visitor))
    page = said(opened("donnees-personnelles"))
    assert "Aucun habitant n’est nommé ici" in page
    assert "non fixée : gardé tant que la Métropole n’a pas décidé" in page
    assert "Ce service est non conforme" in said(opened("accessibilite"))
    assert "Accessibilité : non conforme" in said(opened(""))


def test_my_data_thanks_only_once_the_releves_are_sent() -> None:
    """Every table of the IFAC came, but Plan d’Aou's relevé is a draft."""
    for who, told in (
        ("ifac", "tous les tableaux attendus sont reçus ; 1 relevé reste à transmettre"),
        ("anonymal", "tout ce qui était attendu est reçu"),
    ):
        contexts.install(demonstration_context(visitor=people.PEOPLE[who]))
        assert f"Pour le 2e trimestre 2022, {told}" in said(opened("mes-donnees"))


def test_my_data_leads_the_receiver_to_what_is_on_its_way() -> None:
    for who, told in (("point-formation", True), ("anonymal", False)):
        contexts.install(demonstration_context(visitor=people.PEOPLE[who]))
        page = said(opened("mes-donnees"))
        assert ("14 ordinateurs et 9 écrans vous ont été transférés" in page) is told
