"""« Et chez moi ? »: any commune, what is known there, what is without object."""

from __future__ import annotations

import re
from datetime import date

import pytest

from core.domain.figure_text import is_incomplete
from core.figures.observations import FigurePlace
from core.figures.window import Window
from dashboard.context import current
from tests.dashboard.views.opening import html, opened, plain, said

pytestmark = pytest.mark.usefixtures("full")


def test_elected_member_of_port_de_bouc_is_answered() -> None:
    page = said(opened("lieux", lieu="port-de-bouc"))
    assert "Et chez moi, à Port-de-Bouc ?" in page
    # The data of Point Formation stop there: « au 30 juin : 0 ordinateur » was false, seven are in the file that waits.
    # A sentence has one day: the diagnostics are those of two associations, one of which has told the quarter.
    assert "Au 31 mars 2022, à Port-de-Bouc (incomplet) : 0 ordinateur remis. " in page
    assert "Au 30 juin 2022 (incomplet) : 8 diagnostics réalisés" in page
    assert "Point Formation : attendu depuis le 4 juillet 2022 ; données au 31 mars 2022." in page


def test_the_list_and_the_map_say_the_day_of_a_figure() -> None:
    page = html(opened("lieux"))
    row = next(one for one in page.split("<tr>") if ">Port-de-Bouc</a>" in one and "cell__wait" in one)
    # The diagnostics there are those of two associations, one of which has told: they are « incomplet ».
    assert "au 31 mars 2022" in plain(row) and "incomplet" in plain(row)
    pin = next(one for one in page.split('class="pin"') if "Port-de-Bouc" in one and "pin__figure" in one)
    assert "0, incomplet, au 31 mars 2022" in plain(pin)


@pytest.mark.parametrize("until", [date(2022, 3, 31), date(2022, 6, 30), date(2022, 7, 5)])
def test_a_total_at_a_place_lacks_what_its_parts_lack(until: date) -> None:
    """Issue 9: beside « au 31 mars 2022 » the total is « incomplet », and it never is where no part lacks anything."""
    context = current()
    view, window = context.monitor.view(None, until), Window.of(until)
    seen = 0
    for place in (one for experiment in context.registry.experiments for one in experiment.places):
        for indicator in context.registry.catalogue.values():
            whom = [one.code for one in context.registry.experiments if one.place(place.code)]
            found = [view.observe(indicator, FigurePlace(one, window, place.code)) for one in (*whom, None)]
            *parts, total = [one for one in found if one.expected_here] or [found[-1]]
            if total.experiment is not None or not parts or not total.expected_here:
                continue
            seen += 1
            owing = any(one.freshness.expected_since or not one.freshness.complete for one in parts)
            assert is_incomplete(total) == owing, (place.code, indicator.code)
            assert total.freshness.covers_until == max((one.freshness.covers_until for one in parts), key=str)
    assert seen > 100


@pytest.mark.parametrize("written", ["Port de Bouc", "13077", "PORT-DE-BOUC"])
def test_place_is_understood_as_people_write_it(written: str) -> None:
    assert "Et chez moi, à Port-de-Bouc ?" in said(opened("lieux", lieu=written))


def test_axis_not_tried_there_is_without_object() -> None:
    page = said(opened("lieux", lieu="pertuis"))
    assert "17" in page and "Sans objet" in page
    assert "Équiper" in page


def test_commune_without_row_counts_zero_not_unknown() -> None:
    page = said(opened("lieux", lieu="allauch"))
    assert "Au 30 juin 2022, à Allauch : 3 acteurs recensés." in page, "who works there has told everything"
    assert "Diagnostics réalisés 0 ° non définitif 0 ° non définitif" in page


def test_quartier_names_its_commune() -> None:
    page = said(opened("lieux", lieu="frais-vallon"))
    assert "Commune Marseille" in page and "IFAC" in page


def test_every_commune_of_the_metropole_can_be_chosen() -> None:
    page = html(opened("lieux"))
    assert page.count("<option") == 92 - 6, "all communes but the six that have their own link"
    pressed = re.findall(r'<a href="/lieux\?lieu=([a-z0-9-]+)[^"]*"[^>]*class="commune tint--(\d)"', page)
    assert len({code for code, _ in pressed}) == 92
    assert {tint for _, tint in pressed} == set("01234")


def test_the_switch_of_the_map_tints_another_figure() -> None:
    page = html(opened("lieux", carte="ordinateurs"))
    tints = dict(re.findall(r'href="/lieux\?lieu=([a-z0-9-]+)[^"]*"[^>]*class="commune tint--(\d)"', page))
    assert tints["salon"] == max(tints.values()) > tints["pertuis"] and tints["13117"] == "0"
    assert "37, incomplet, avec Frais Vallon et Plan d’Aou" in page, "the quartiers count in their commune"
    assert "Ordinateurs remis :" in said(opened("lieux", carte="ordinateurs"))


def test_a_commune_says_what_happens_waits_was_decided_and_comes() -> None:
    page = said(opened("lieux", lieu="port-de-bouc"))
    assert "Ce qui s’y passe" in page and "Point Formation : « " in page
    assert "Relevé du 2e trimestre 2022, attendu depuis le 4 juillet 2022" in page
    assert "Ce qui vient" in page and "Comité n° 4, le 7 juillet 2022" in page
    salon = said(opened("lieux", lieu="salon"))
    assert "Comité n° 3 du 21 avril 2022" in salon or "Aucune décision n’y a touché." in salon
    aou = said(opened("lieux", lieu="plan-d-aou"))
    assert "En suspens" in aou and "pass-connexion" in aou
    assert "Ce qui s’y passe" not in said(opened("lieux", lieu="allauch")), "nobody works there by itself"


def test_unknown_place_is_refused_with_the_nearest() -> None:
    assert "n’existe pas" in said(opened("lieux", lieu="avignon"))
