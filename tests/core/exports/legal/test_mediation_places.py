"""Mediation places: valid for the national schema, out and in again, the incomplete ones named."""

from __future__ import annotations

import csv as reading
import io
from datetime import date

import pytest

from core.catalogue import accompagner
from core.errors import Refused
from core.exports import mediation_places
from tests.core.exports.legal.conftest import SCHEMAS, faults

SCHEMA = "lieux-mediation-numerique-1.0.2.schema.json"
NAMES = {"arsenic": "ARSENIC", "ifac": "IFAC"}
PLACE = {
    "id": "relais-1",
    "pivot": "11111111100014",
    "nom": "Médiathèque « Les Œillets »",
    "commune": "Aubagne",
    "code_postal": "13400",
    "code_insee": "13005",
    "adresse": "1 rue de l’Étoile",
    "latitude": 43.29,
    "longitude": -5.57,
    "telephone": "+33442000000",
    "courriels": "contact@exemple.fr",
    "date_maj": date(2022, 3, 1),
    "services": "Aide aux démarches administratives|Accès internet et matériel informatique",
    "itinerance": "Fixe",
}


def found(desk, *associations: str) -> mediation_places.Places:
    return mediation_places.places(desk.store, associations or ("arsenic",), NAMES)


def test_the_columns_are_the_national_ones_in_order() -> None:
    example = (SCHEMAS / "lieux-mediation-numerique-exemple-valide.csv").read_text(encoding="utf-8")
    assert next(reading.reader(io.StringIO(example))) == list(accompagner.COLUMNS)


def test_the_file_is_valid_for_the_national_schema(signed) -> None:
    signed.save("arsenic", "acteurs", PLACE, {**PLACE, "id": "relais-2", "telephone": None, "latitude": None})
    assert faults(mediation_places.csv(found(signed)), SCHEMA) == []


def test_the_demonstration_s_complete_rows_are_valid(demonstration) -> None:
    known = mediation_places.places(demonstration.store, ("arsenic",), NAMES)
    assert len(known.rows) + len(known.left) == 164
    content = mediation_places.csv(mediation_places.Places(known.rows, known.left, "11111111100014", ()))
    assert faults(content, SCHEMA) == []


def test_a_row_comes_back_as_it_left(signed) -> None:
    signed.save("arsenic", "acteurs", PLACE)
    content = mediation_places.csv(found(signed))
    from core.depositing import submit

    again = submit.submit(signed.scope("arsenic"), content, "lieux.csv", "arsenic", "acteurs")
    assert (again.added, again.changed, again.unchanged, again.rejected) == (0, 0, 1, 0)
    assert mediation_places.csv(found(signed)) == content


def test_the_official_example_comes_in_and_goes_out(signed) -> None:
    from core.depositing import submit

    given = (SCHEMAS / "lieux-mediation-numerique-exemple-valide.csv").read_bytes()
    taken = submit.submit(signed.scope("arsenic"), given, "lieux.csv", "arsenic", "acteurs")
    assert taken.added == 1
    before, after = (
        next(reading.DictReader(io.StringIO(text)))
        for text in (given.decode(), mediation_places.csv(found(signed)).decode())
    )
    assert after == before


def test_incomplete_rows_are_left_out_and_named(signed) -> None:
    signed.save(
        "arsenic", "acteurs", PLACE, {**PLACE, "id": "r-2", "nom": "Mairie", "adresse": None, "services": "Café"}
    )
    known = found(signed)
    assert len(known.rows) == 1
    assert known.left[0].reasons == ("adresse manquante", "services hors de la liste nationale")
    assert "Mairie (r-2)" in known.left[0].said


def test_all_incomplete_is_refused(signed) -> None:
    signed.save("arsenic", "acteurs", {**PLACE, "pivot": None})
    with pytest.raises(Refused, match="aucune fiche n’est complète"):
        mediation_places.csv(found(signed))


def test_no_actor_at_all_is_a_correct_empty_file(signed) -> None:
    assert mediation_places.csv(found(signed)).decode().strip().split(",") == list(accompagner.COLUMNS)


def test_the_same_identifier_from_two_associations_is_published_once(signed) -> None:
    for one in ("arsenic", "ifac"):
        signed.save(one, "acteurs", PLACE)
    known = found(signed, "arsenic", "ifac")
    assert len(known.rows) == 1
    assert known.left[0].association == "ifac"


def test_the_file_s_name_follows_the_national_rule(signed) -> None:
    day = date(2022, 7, 5)
    end = "lieux-de-mediation-numerique_metropole-aix-marseille-provence.csv"
    assert found(signed).name(day) == f"2022-07-05_22222222200028_{end}"
    assert found(signed, "arsenic", "ifac").name(day) == f"2022-07-05_12345678200010_{end}"


def test_without_a_number_it_is_refused_and_says_where_to_write_it(desk) -> None:
    desk.save("arsenic", "acteurs", PLACE)
    with pytest.raises(Refused, match="Conventions signées"):
        mediation_places.csv(found(desk))
