from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.catalogue.accompagner import LISTS, REQUIRED
from tests.core.catalogue.rows import stops, warnings


@pytest.mark.parametrize("need", ["equipement", "connexion", "accompagnement"])
@pytest.mark.parametrize(("number", "refused"), [(0, False), (10, False), (11, True)])
def test_a_need_never_exceeds_the_diagnostics(need: str, number: int, refused: bool) -> None:
    found = stops("diagnostics", **{f"besoin_{need}": number})
    assert found == ({f"besoin_{need}_trop_grand"} if refused else set())


@pytest.mark.parametrize(
    ("levels", "refused"),
    [
        ((3, 3, 4), False),
        ((3, 3, 5), True),
        ((11, None, None), True),
        ((None, None, None), False),
        ((2, None, 3), False),
    ],
)
def test_levels_add_up_to_the_diagnostics_at_most(levels: tuple[int | None, ...], refused: bool) -> None:
    named = dict(zip(("niveau_faible", "niveau_moyen", "niveau_autonome"), levels, strict=True))
    assert stops("diagnostics", **named) == ({"niveaux_trop_nombreux"} if refused else set())


@pytest.mark.parametrize("people", ["professionnels", "benevoles"])
def test_nobody_finishes_without_enrolling(people: str) -> None:
    assert stops("formations", **{f"termine_{people}": 9}) == {f"termine_{people}_trop_nombreux"}
    assert stops("formations", **{f"termine_{people}": 0}) == set()


@pytest.mark.parametrize("column", [name for name in REQUIRED if name != "id"])
def test_what_the_standard_requires_only_warns(column: str) -> None:
    assert f"{column}_manquant" in warnings("acteurs", **{column: None})
    assert stops("acteurs", **{column: None}) == set()


@pytest.mark.parametrize("column", LISTS)
def test_a_value_outside_the_national_list_warns(column: str) -> None:
    good = LISTS[column][0]
    assert warnings("acteurs", **{column: good}) == set()
    assert warnings("acteurs", **{column: f"{good}|{LISTS[column][-1]}"}) == set()
    assert warnings("acteurs", **{column: f"{good}|inventé"}) == {f"{column}_hors_liste"}


@pytest.mark.parametrize(
    ("changes", "outside"),
    [
        ({"commune": "Reims", "code_insee": "51454"}, True),
        ({"commune": "Reims", "code_insee": None}, True),
        ({"commune": "PERTUIS", "code_insee": None}, False),
        ({"commune": "Pertuis", "code_insee": "84089"}, False),
        ({"commune": "Marseille 13e Arrondissement", "code_insee": None}, False),
        ({"commune": "Marseille", "code_insee": "13213"}, False),
        ({"commune": "Saint-Zacharie", "code_insee": "83120"}, False),
        ({"commune": None, "code_insee": None}, False),
    ],
)
def test_a_commune_outside_the_92_warns(changes: dict[str, Any], outside: bool) -> None:
    assert ("commune_hors_metropole" in warnings("acteurs", **changes)) is outside


@pytest.mark.parametrize(
    ("address", "warned"),
    [
        ("contact@exemple.fr", False),
        ("accueil.mairie@exemple.fr", False),
        ("jeanne.martin@exemple.fr", True),
        ("contact@exemple.fr|jeanne.martin@exemple.fr", True),
        ("mediatheque-salon@exemple.fr", False),
        ("accueil.mairie@exemple.fr|jeanne.martin@exemple.fr", True),
        (None, False),
    ],
)
def test_an_address_that_names_a_person_warns(address: str | None, warned: bool) -> None:
    assert ("courriel_de_personne" in warnings("acteurs", courriels=address)) is warned


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("pivot", "12345678"),
        ("pivot", "434 933 123"),
        ("code_postal", "1312"),
        ("code_insee", "9804"),
        ("telephone", "0442000000"),
    ],
)
def test_a_number_in_another_form_warns(column: str, value: str) -> None:
    assert f"{column}_forme" in warnings("acteurs", **{column: value})


def test_a_long_summary_warns() -> None:
    assert warnings("acteurs", presentation_resume="é" * 280) == set()
    assert warnings("acteurs", presentation_resume="é" * 281) == {"presentation_resume_longue"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"logements_eligibles": 50}, set()),
        ({"logements_eligibles": 51}, {"logements_eligibles_trop_nombreux"}),
        (
            {"eligible_cable": False, "logements_eligibles": 3, "date_diagnostic": date(2021, 9, 1)},
            {"eligibilite_contradictoire"},
        ),
        ({"eligible_cable": False, "date_diagnostic": date(2021, 9, 1)}, set()),
        ({"eligible_cable": True}, {"eligibilite_sans_diagnostic"}),
        ({"prix_mensuel_avant": 20_00, "prix_mensuel_apres": 20_01}, {"prix_en_hausse"}),
        ({"prix_mensuel_avant": 20_00, "prix_mensuel_apres": 20_00}, set()),
    ],
)
def test_odd_buildings_warn(changes: dict[str, Any], expected: set[str]) -> None:
    assert warnings("immeubles", **changes) == expected


@pytest.mark.parametrize(("transfers", "warned"), [(5, False), (6, True), (None, False)])
def test_transfers_are_among_the_connections(transfers: int | None, warned: bool) -> None:
    found = warnings("raccordements", dont_transferts=transfers)
    assert found == ({"transferts_trop_nombreux"} if warned else set())


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"statut": "Terminé"}, {"jalon_termine_sans_date"}),
        ({"statut": "Bloqué"}, {"jalon_sans_cause"}),
        ({"statut": "En retard", "cause": "Pénurie de disques"}, set()),
        ({"statut": "En pause"}, set()),
    ],
)
def test_a_stopped_milestone_says_why(changes: dict[str, Any], expected: set[str]) -> None:
    assert warnings("jalons", **changes) == expected


def test_spending_beyond_the_vote_warns() -> None:
    assert warnings("depenses_a_date", montant=6_000_01) == {"depense_superieure_au_vote"}


def test_an_account_without_amount_warns() -> None:
    assert warnings("comptes", prevision=None) == {"compte_vide"}
    assert warnings("comptes", prevision=None, realisation=0) == set()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"part": None}, {"seuil_sans_valeur"}),
        ({"part": None, "nombre": 20}, set()),
        ({"nombre": 20}, {"seuil_double"}),
    ],
)
def test_a_threshold_is_a_share_or_a_number(changes: dict[str, Any], expected: set[str]) -> None:
    assert stops("seuils", **changes) == expected


@pytest.mark.parametrize("code", ["periodes", "dates_experimentations"])
def test_an_end_never_comes_before_its_start(code: str) -> None:
    assert stops(code, fin=date(2021, 6, 30)) == {"fin_avant_debut"}


def test_a_due_date_inside_its_period_warns() -> None:
    assert warnings("periodes", echeance=date(2021, 9, 29)) == {"echeance_avant_la_fin"}


@pytest.mark.parametrize(
    ("provider", "mode", "warned"),
    [
        ("opérateur X", None, False),
        (None, None, True),
        (None, "convention bailleur-FAI", True),
        (None, "pass-connexion", False),
    ],
)
def test_a_convention_without_its_provider_is_not_counted(provider: str | None, mode: str | None, warned: bool) -> None:
    found = warnings("immeubles", fai=provider, mode=mode, date_convention=date(2022, 2, 17))
    assert ("convention_sans_fournisseur" in found) is warned
