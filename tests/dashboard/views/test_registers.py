"""The project lead's registers: each screen stands empty and filled, and stores what is typed."""

from __future__ import annotations

import pytest

from core.demonstration import people
from core.domain.actor import Actor, Role
from dashboard import context as contexts
from dashboard.views.registers import SCREENS
from tests.dashboard.views.opening import html, opened, said
from tests.support.filled import demonstration_context

FULL = {
    "objectifs": "au 31 décembre 2022 Comité n° 2 du 20 janvier 2022",
    "valeurs_depart": "Aucune valeur de départ n’est inscrite",
    "periodes": "3e trimestre 2021",
    "dates_experimentations": "67 %",
    "seuils": "50 % des logements, soit 30",
    "cles": "Non ventilé : aucune clé n’est décidée",
    "conventions": "compte rendu financier dû le 30 juin 2022",
    "versements": "82 300 €",
    "pieces": "attendu depuis le 30 juin 2022",
    "autorisations": "Aucune autorisation n’est donnée",
    "annexe_materiel": "657 machines, page 1 sur 14",
    "lots_cession": "409 sur 455",
    "conservation": "Combien de temps le passé est gardé",
}


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize("code", SCREENS)
def test_each_register_tells_the_demonstration(code: str) -> None:
    assert FULL[code] in said(opened("registres", registre=code))


@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize("code", SCREENS)
def test_each_register_stands_empty(code: str) -> None:
    page = said(opened("registres", registre=code))
    assert "Dernier changement : jamais" in page
    assert "Cette page ne s’affiche pas" not in page


@pytest.mark.usefixtures("full")
def test_every_register_is_listed_with_what_it_lacks() -> None:
    page = said(opened("registres"))
    assert "2 seuils à fixer sur 14 immeubles éligibles." in page
    assert "14 ordinateurs et 9 écrans d’Anonymal à Point Formation, partis le 19 mai 2022." in page
    assert "aucune clé" not in page


@pytest.mark.parametrize(
    "visitor",
    [*people.PEOPLE.values(), Actor("Élue", Role.COMMITTEE), None],
    ids=lambda one: one.name if one else "nobody",
)
def test_nobody_else_sees_the_registers(visitor: Actor | None) -> None:
    contexts.install(demonstration_context(visitor=visitor))
    for choices in ({}, {"registre": "seuils"}):
        page = said(opened("registres", **choices))
        assert "Accès refusé" in page or visitor is None
        assert "Seuils" not in page


@pytest.mark.usefixtures("full")
def test_an_unknown_register_is_told() -> None:
    assert "Vouliez-vous dire « seuils » ?" in said(opened("registres", registre="seuil"))


@pytest.mark.usefixtures("full")
def test_a_row_of_the_address_stands_in_the_form() -> None:
    page = opened("registres", registre="versements", ligne="MANDAT-FICTIF-ifac")
    assert "Modifier : MANDAT-FICTIF-ifac" in said(page)
    assert [one.value for one in page.text_input if one.label.startswith("Montant")] == ["14000,00"]
    assert "MANDAT-FICTIF-ifac" in html(page)
