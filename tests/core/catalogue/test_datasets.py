from __future__ import annotations

import polars as pl
import pytest

from core.catalogue import DATASETS, lead
from core.catalogue.accompagner import COLUMNS, LISTS, REQUIRED
from core.domain.dataset import Dataset, Severity
from tests.core.catalogue.rows import EVERY, SOUND, frame, stops, warnings

HANDED_IN = {
    "materiel": "numero_inventaire type provenance? numero_serie? valeur_unitaire? lot? affectation? date_reception? "
    "date_test? resultat_test? date_effacement? preuve_effacement? date_reconditionnement? statut transfere_a? "
    "date_transfert? date_remise? lieu? type_beneficiaire? en_qpv? prix_cession? "
    "date_retour? date_nouvelle_remise? date_recyclage?",
    "immeubles": "code_immeuble lieu bailleur nb_logements residence? date_diagnostic? eligible_cable? "
    "logements_eligibles? mode? fai? date_convention? date_vote? prix_mensuel_avant? prix_mensuel_apres?",
    "raccordements": "code_immeuble mois foyers_contactes? accords mises_en_service dont_transferts?",
    "concertations": "code_reunion date lieu code_immeuble? participants",
    "formations": "code_session date duree_jours commune inscrits_professionnels inscrits_benevoles "
    "termine_professionnels termine_benevoles modules?",
    "accompagnements": "lieu mois structure? individuels participations_ateliers ateliers? beneficiaires_suivis? "
    "beneficiaires_anonymes? orientations?",
    "appuis": "code_appui date lieu axe action structure?",
    "diagnostics": "lieu mois structure? diagnostics besoin_equipement besoin_connexion besoin_accompagnement "
    "niveau_faible? niveau_moyen? niveau_autonome?",
    "communication": "code_action date lieu canal personnes_touchees?",
    "jalons": "code_jalon libelle date_prevue date_reelle? statut cause? prochaine_action? lieu? axe?",
    "depenses_a_date": "ligne_subvention date montant",
    "comptes": "ligne_subvention exercice compte prevision? realisation?",
}
LISTED = {
    ("materiel", "type"): "ordinateur fixe|ordinateur portable|écran",
    ("materiel", "provenance"): "Métropole|autre association",
    ("materiel", "resultat_test"): "fonctionnel|réparable|hors service",
    ("materiel", "statut"): "cédé|reçu|testé|reconditionné|transféré|remis|recyclé",
    ("materiel", "type_beneficiaire"): "étudiant|famille",
    ("immeubles", "mode"): "convention bailleur-FAI|pass-connexion",
    ("acteurs", "type_acteur"): "association|travail social|service public|autre",
    ("acteurs", "relais"): "oui|possible|non",
    ("appuis", "action"): "visite technique|dépôt relais|mise en relation|autre",
    ("communication", "canal"): "affichage|porte-à-porte|réunion|presse|en ligne|autre",
    ("jalons", "statut"): "En cours|En retard|En pause|Bloqué|Abandonné|Terminé",
}
every_dataset = pytest.mark.parametrize("dataset", EVERY.values(), ids=EVERY)


@pytest.mark.parametrize("code", HANDED_IN)
def test_columns_are_those_of_the_description(code: str) -> None:
    found = [column.name + ("" if column.required else "?") for column in DATASETS[code].columns]
    assert found == HANDED_IN[code].split()


def test_actors_have_the_national_columns_first() -> None:
    columns = [column.name for column in DATASETS["acteurs"].columns]
    assert tuple(columns[:32]) == COLUMNS
    assert columns[32:] == ["type_acteur", "relais"]


def test_only_the_identifier_of_an_actor_is_required() -> None:
    required = {column.name for column in DATASETS["acteurs"].columns if column.required}
    assert required == {"id"}


def test_only_public_contacts_of_places_escape_the_search_for_persons() -> None:
    exempt = {
        (dataset.code, column.name)
        for dataset in DATASETS.values()
        for column in dataset.columns
        if column.personal_exempt
    }
    assert exempt == {("acteurs", "telephone"), ("acteurs", "courriels")}


@pytest.mark.parametrize(("dataset", "column"), LISTED)
def test_lists_hold_the_values_of_the_description(dataset: str, column: str) -> None:
    choices = DATASETS[dataset].by_name[column].kind.choices
    assert "|".join(choice.value for choice in choices) == LISTED[dataset, column]


@every_dataset
def test_keys_places_and_dates_are_columns(dataset: Dataset) -> None:
    named = {*dataset.key, dataset.place, dataset.assigned, dataset.date} - {None}
    assert named <= set(dataset.by_name)
    assert dataset.key


@every_dataset
def test_references_point_to_the_key_of_a_dataset(dataset: Dataset) -> None:
    for reference in (*dataset.references, *filter(None, [dataset.place_through])):
        assert reference.column in dataset.by_name
        assert DATASETS[reference.dataset].key == (reference.column,)


@every_dataset
def test_rules_have_one_code_and_their_words(dataset: Dataset) -> None:
    codes = [rule.code for rule in dataset.rules]
    assert len(codes) == len(set(codes))
    for rule in dataset.rules:
        assert rule.expected and rule.remedy
        assert set(rule.columns) <= set(dataset.by_name)


@every_dataset
def test_rules_judge_an_empty_file_without_complaint(dataset: Dataset) -> None:
    empty = frame(dataset)
    for rule in dataset.rules:
        assert empty.filter(rule.broken).is_empty()


@every_dataset
def test_columns_say_what_they_are_in_french(dataset: Dataset) -> None:
    assert dataset.title
    for column in dataset.columns:
        assert column.title and column.title != column.name


@pytest.mark.parametrize("code", SOUND)
def test_a_sound_row_breaks_no_rule(code: str) -> None:
    assert stops(code) == set()
    assert warnings(code) == set()


def test_what_the_lead_holds_expects_no_releve() -> None:
    assert all(dataset.optional and dataset.programme_wide for dataset in lead.DATASETS)


def test_national_lists_are_those_of_listed_columns() -> None:
    assert set(LISTS) < set(COLUMNS)
    assert set(REQUIRED) < set(COLUMNS)
    assert all(values for values in LISTS.values())


def test_severities_of_materiel_are_as_described() -> None:
    materiel = DATASETS["materiel"]
    later = (
        "date_retour_trop_tot",
        "date_nouvelle_remise_trop_tot",
        "date_recyclage_trop_tot",
        "date_retour_sans_remise",
        "date_nouvelle_remise_sans_retour",
    )
    errors = [rule.code for rule in materiel.rules_of(Severity.ERROR)]
    assert len(errors) == 12 + len(later) and set(later) < set(errors), "a machine that came back has five of its own"
    assert {rule.code for rule in materiel.rules_of(Severity.WARNING)} >= {
        "valeur_superieure_a_300",
        "prix_non_nul",
        "famille_hors_qpv",
        "remise_sans_preuve_effacement",
    }


def test_typed_values_are_kept_by_the_schema() -> None:
    row = frame(DATASETS["diagnostics"], SOUND["diagnostics"])
    assert row.schema["mois"] == pl.Date
    assert row.schema["diagnostics"] == pl.Int64
