"""« Et chez moi ? »: any commune, what is known there, what is without object."""

from __future__ import annotations

import pytest

from tests.dashboard.views.opening import html, opened, said

pytestmark = pytest.mark.usefixtures("full")


def test_elected_member_of_port_de_bouc_is_answered() -> None:
    page = said(opened("lieux", lieu="port-de-bouc"))
    assert "Et chez moi, à Port-de-Bouc ?" in page
    assert "Au 30 juin 2022, à Port-de-Bouc : 0 ordinateur remis, 8 diagnostics réalisés" in page
    assert "Point Formation : attendu depuis le 4 juillet 2022 ; données au 31 mars 2022." in page


@pytest.mark.parametrize("written", ["Port de Bouc", "13077", "PORT-DE-BOUC"])
def test_place_is_understood_as_people_write_it(written: str) -> None:
    assert "Et chez moi, à Port-de-Bouc ?" in said(opened("lieux", lieu=written))


def test_axis_not_tried_there_is_without_object() -> None:
    page = said(opened("lieux", lieu="pertuis"))
    assert "17" in page and "Sans objet" in page
    assert "Équiper" in page


def test_commune_without_row_counts_zero_not_unknown() -> None:
    page = said(opened("lieux", lieu="allauch"))
    assert "Au 30 juin 2022, à Allauch : 3 acteurs recensés." in page
    assert "Diagnostics réalisés 0 0" in page


def test_quartier_names_its_commune() -> None:
    page = said(opened("lieux", lieu="frais-vallon"))
    assert "Commune Marseille" in page and "IFAC" in page


def test_every_commune_of_the_metropole_can_be_chosen() -> None:
    page = html(opened("lieux"))
    assert page.count("<option") == 1 + 92 - 6 + 0, "all communes but the six that have their own link"


def test_unknown_place_is_refused_with_the_nearest() -> None:
    assert "n’existe pas" in said(opened("lieux", lieu="avignon"))
