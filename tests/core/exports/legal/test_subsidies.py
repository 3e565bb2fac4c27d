"""The essential data of the conventions: valid for the official schema, or refused with what is missing."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from core.catalogue.texts import valid_siret
from core.errors import Refused
from core.exports import subsidies
from tests.core.exports.legal.conftest import SCHEMAS, agreement, faults, schema


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_the_file_is_valid_for_the_official_schema(signed) -> None:
    assert faults(subsidies.scdl(signed.store), "scdl-subventions-2.1.1.schema.json") == []


def test_fictitious_data_say_so_in_each_row_and_stay_valid(signed) -> None:
    content = subsidies.scdl(signed.store, fictitious=True)
    assert faults(content, "scdl-subventions-2.1.1.schema.json") == []
    for found in (content, subsidies.scdl(signed.store)):
        marked = [row["objet"].startswith("[Données fictives] ") for row in rows(found)]
        assert all(marked) if found is content else not any(marked)


def test_the_columns_are_those_of_the_two_formats_in_order() -> None:
    official = [field["name"] for field in schema("scdl-subventions-2.1.1.schema.json")["fields"]]
    assert list(subsidies.COLUMNS) == official
    regulatory = (SCHEMAS / "etalab-format-subventions-reglementaire.csv").read_text(encoding="utf-8")
    assert list(subsidies.REGULATORY) == regulatory.strip().split(",")


def test_one_row_for_each_beneficiary_with_the_sums_of_the_vote(signed) -> None:
    found = rows(subsidies.scdl(signed.store))
    assert [(one["nomBeneficiaire"], one["montant"]) for one in found] == [
        ("Anonymal", "46000.00"),
        ("ARSENIC", "43000.00"),
        ("IFAC", "20000.00"),
        ("Point Formation", "6000.00"),
    ]
    assert {one["referenceDecision"] for one in found} == {"CHL 009-10024/21/BM"}
    assert {one["pourcentageSubvention"] for one in found} == {"1.00"}


def test_only_anonymal_also_receives_goods(signed) -> None:
    natures = {one["nomBeneficiaire"]: one["nature"] for one in rows(subsidies.scdl(signed.store))}
    assert natures.pop("Anonymal") == "aide en numéraire;aide en nature"
    assert set(natures.values()) == {"aide en numéraire"}


def test_dates_and_conditions_come_from_the_payments(signed) -> None:
    found = {one["nomBeneficiaire"]: one for one in rows(subsidies.scdl(signed.store))}
    assert found["ARSENIC"]["datesPeriodeVersement"] == "2021-11-29/2022-03-01"
    assert found["ARSENIC"]["conditionsVersement"] == "échelonné"
    assert found["Point Formation"]["datesPeriodeVersement"] == "2021-11-18"
    assert found["Point Formation"]["conditionsVersement"] == "unique"


def test_every_beneficiary_has_a_number_that_checks(signed) -> None:
    for one in rows(subsidies.scdl(signed.store)):
        assert valid_siret(one["idAttribuant"])
        assert valid_siret(one["idBeneficiaire"]) or one["rnaBeneficiaire"].startswith("W")


def test_the_regulatory_variant_joins_dates_with_a_line_and_wants_each_siret(signed) -> None:
    with pytest.raises(Refused, match="Point Formation\u00a0: le SIRET de l’association"):
        subsidies.regulatory(signed.store)
    signed.save("metropole", "conventions", agreement("point-formation", siret="44444444400046"))
    found = {one["nomBeneficiaire"]: one for one in rows(subsidies.regulatory(signed.store))}
    assert found["ARSENIC"]["datesPeriodeVersement"] == "2021-11-29_2022-03-01"
    assert list(found["IFAC"]) == list(subsidies.REGULATORY)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"siret": None}, "IFAC : le SIRET ou le RNA de l’association"),
        ({"siret_attribuant": None}, "IFAC : le SIRET de la Métropole"),
        ({"notification_ue": None}, "IFAC : si l’aide est notifiée"),
    ],
)
def test_what_is_missing_is_said_with_where_to_write_it(signed, changes, said) -> None:
    signed.save("metropole", "conventions", agreement("ifac", **changes))
    with pytest.raises(Refused) as refused:
        subsidies.scdl(signed.store)
    text = str(refused.value).replace("\u00a0", " ")
    assert said in text and "Conventions signées" in text
    assert "ARSENIC" not in text


def test_nothing_recorded_is_refused_and_says_so_four_times(desk) -> None:
    found = subsidies.gaps(subsidies.subsidies(desk.store))
    assert {gap.about for gap in found} == {"Anonymal", "ARSENIC", "IFAC", "Point Formation"}
    assert len(found) == 4 * 6


def test_a_purpose_that_looks_like_a_formula_stays_a_text(signed) -> None:
    signed.save("metropole", "conventions", agreement("ifac", objet="=1+1", date_signature=date(2021, 7, 20)))
    assert rows(subsidies.scdl(signed.store))[2]["objet"] == "'=1+1"
