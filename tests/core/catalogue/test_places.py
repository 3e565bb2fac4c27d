"""The gazetteer understands places as people write them, and never guesses between two."""

from __future__ import annotations

import pytest

from core.catalogue import places
from core.catalogue.choices import Lieu
from core.domain.programme import METROPOLE
from core.errors import UnknownName

WRITINGS = [
    ("Aix", "aix"),
    ("AIX EN PROVENCE", "aix"),
    ("aix-en-provence", "aix"),
    ("13100 Aix-en-Provence", "aix"),
    ("Ville d’Aix-en-Provence", "aix"),
    ("13041", "gardanne"),
    ("13041.0", "gardanne"),
    ("84089", "pertuis"),
    ("Port de Bouc", "port-de-bouc"),
    ("PORT-DE-BOUC ", "port-de-bouc"),
    ("Salon", "salon"),
    ("Salon de Provence", "salon"),
    ("13e Frais Vallon", "frais-vallon"),
    ("Marseille 13 – Frais-Vallon", "frais-vallon"),
    ("cité Frais Vallon", "frais-vallon"),
    ("Plan d'Aou", "plan-d-aou"),
    ("plan daou", "plan-d-aou"),
    ("Plan d’Aou (15e)", "plan-d-aou"),
    ("St Cannat", "13091"),
    ("La Ciotat", "13028"),
    ("Ciotat", "13028"),
    ("Marseille", "13055"),
    ("13055", "13055"),
    ("13500", "martigues"),
    ("Métropole", METROPOLE),
    ("AMP", METROPOLE),
    ("Métropole Aix-Marseille-Provence", METROPOLE),
]


@pytest.mark.parametrize(("text", "code"), WRITINGS)
def test_a_place_is_understood_as_written(text: str, code: str) -> None:
    assert places.resolve(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "Bouc",
        "Châteauneuf",
        "Saint",
        "Nice",
        "",
        "13100",
        "13213",
        "Provence",
        "Port",
        # INSEE codes of Aix, Trets and Belcodène, and postal codes of other communes
        "13001",
        "13001.0",
        "13110",
        "13013",
        "13500 Aix",
    ],
)
def test_a_doubtful_place_is_left_unknown(text: str) -> None:
    assert places.resolve(text) is None


def test_there_are_92_communes_and_8_named_places() -> None:
    assert len(places.communes()) == 92
    quartiers = [place for place in places.every().values() if place.kind == places.QUARTIER]
    assert [place.code for place in quartiers] == ["frais-vallon", "plan-d-aou"]
    assert len(places.every()) == 92 + 2 + 1


def test_every_place_is_found_by_code_and_name() -> None:
    for code, place in places.every().items():
        # A number that is also a postal code of another commune is asked: 13110 is Trets, and Port-de-Bouc.
        assert places.resolve(code) == (None if code in places.two_communes() else code)
        assert places.resolve(Lieu().write(code)) == code
        assert places.resolve(place.name) == code
        assert places.resolve(place.name.upper()) == code


def test_commune_of_a_quartier_is_not_guessed() -> None:
    assert places.commune_of("Aix") == "13001"
    assert places.commune_of("Frais Vallon") is None


def test_an_unknown_code_names_the_nearest() -> None:
    with pytest.raises(UnknownName, match="port-de-bouc"):
        places.find("port-de-boucq")


def test_a_named_place_has_its_point() -> None:
    aix = places.find("aix")
    assert (aix.insee, aix.ct) == ("13001", "CT2")
    assert aix.lat == pytest.approx(43.53, abs=0.01)
    assert places.name("aix") == "Aix-en-Provence"


@pytest.mark.parametrize(
    ("insee", "code"), [("13001", "aix"), ("84089", "pertuis"), ("13055", "13055"), ("13004", None), ("13213", None)]
)
def test_an_insee_code_is_never_a_postal_one(insee: str, code: str | None) -> None:
    assert places.of_insee(insee) == code
