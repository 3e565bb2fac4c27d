"""Personal data are refused before anything is kept, and ordinary figures are not."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from core.catalogue import places
from core.errors import FileRefused
from core.reading.names import names_somebody
from core.reading.personal import heading_kind, is_person_mailbox
from tests.core.reading.factories import HEADINGS, LIEUX, ROW, csv_text, reading, xlsx

PERSONAL_HEADINGS = [
    "Nom",
    "NOM",
    "Prénom",
    "Noms et prénoms",
    "Nom du bénéficiaire",
    "nom de l’élève",
    "Tél.",
    "Tel",
    "Téléphone",
    "Tél. maman",
    "Portable",
    "N° de portable",
    "numéro de téléphone",
    "Mobile",
    "GSM",
    "Mail",
    "e-mail",
    "Courriel",
    "Adresse e-mail",
    "adresse mail du parent",
    "Date de naissance",
    "Né le",
    "Née le",
    "NIR",
    "N° de sécurité sociale",
    "n° SS",
    "Maman",
    "Contact",
    "Civilité",
    "Adresse du bénéficiaire",
]

PLAIN_HEADINGS = [
    "Nom de la structure",
    "Nom de la résidence",
    "Nom du lieu",
    "Type de bénéficiaire",
    "Nombre de bénéficiaires",
    "Nb bénéficiaires suivis",
    "Nb portables remis",
    "Ordinateur portable",
    "Date de remise",
    "Montant",
    "Quartier",
    "Bidule",
    "Commentaire",
    "Nombre d’étudiants",
    "Année",
    "N° de lot",
    "Bailleur",
    "Portable en stock",
    "Adresse",
]


@pytest.mark.parametrize("heading", PERSONAL_HEADINGS)
def test_a_personal_heading_is_refused_by_name(heading: str) -> None:
    assert heading_kind(heading)
    with pytest.raises(FileRefused) as refused:
        reading(csv_text((*HEADINGS, heading), (*ROW, "")))
    said = str(refused.value).replace("\u00a0", " ")
    assert f"« {heading} »" in said
    assert "Il n’a pas été conservé" in said


@pytest.mark.parametrize("heading", PLAIN_HEADINGS)
def test_a_plain_heading_is_not_taken_for_a_person(heading: str) -> None:
    assert heading_kind(heading) is None
    assert reading(csv_text((*HEADINGS, heading), (*ROW, "3"))).total_rows == 1


# Before, « Bénéficiaire » was refused whatever it held, « famille » and the blank column included.
@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("Bénéficiaire", ("famille", "étudiante")),
        ("Bénéficiaire", ("Famille", "Étudiant")),
        ("Bénéficiaire", ("", "")),
        ("Famille", ("monoparentale", "couple")),
        ("Référent", ("CCAS", "Mission locale")),
        ("Animateur", ("oui", "non")),
        ("Étudiant", ("1", "0")),
        ("Bâtiment", ("Iris", "Jasmin")),
        ("Résidence", ("Jean Moulin", "Paul Martin")),
    ],
)
def test_a_kind_of_people_names_nobody(heading: str, cells: tuple[str, ...]) -> None:
    rows = [(f"A{n}", *ROW[1:], cell) for n, cell in enumerate(cells)]
    assert reading(csv_text((*HEADINGS, heading), *rows)).total_rows == 2


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("Famille", ("DURAND Marie", "MARTIN Paul", "BEN ALI Nadia")),
        ("Bénéficiaire", ("famille", "Benali")),
        ("Personne vue", ("Nadia", "")),
        ("Référente", ("Sophie", "Karim")),
        ("Divers", ("Sophie", "Karim", "Nadia")),
        ("Suivi", ("vu deux fois", "Rappeler Fatima Benali (bât B, appt 12)")),
        ("remarque", ("", "La présidente, Mme Durand, est malade")),
        ("remarque", ("", "Remplacée par Karim Benali")),
    ],
)
def test_names_without_a_civility_are_refused(heading: str, cells: tuple[str, ...]) -> None:
    rows = [(f"A{n}", *ROW[1:], cell) for n, cell in enumerate(cells)]
    with pytest.raises(FileRefused) as refused:
        reading(csv_text((*HEADINGS, heading), *rows))
    assert not any(word in str(refused.value) for word in ("Benali", "Durand", "DURAND", "Sophie"))
    assert refused.value.problems[0].line and refused.value.problems[0].column, "the problem says where"


@pytest.mark.parametrize("code", ["Mme Durand Sophie", "DURAND Marie", "Karim Benali"])
def test_a_code_that_is_a_name_is_refused(code: str) -> None:
    with pytest.raises(FileRefused, match="nom d’une personne"):
        reading(csv_text(HEADINGS, (code, *ROW[1:])))


def test_names_are_recognised_as_docs_sources_says() -> None:
    """747 texts: 400 name somebody (drawn from INSEE's lists, rare names included), 347 do not."""
    text = Path(__file__).with_name("noms_etiquetes.csv").read_text(encoding="utf-8")
    told = list(csv.DictReader(text.splitlines(), delimiter=";"))
    people = [one["texte"] for one in told if one["personne"] == "oui"]
    others = [one["texte"] for one in told if one["personne"] == "non"]
    assert (len(people), len(others)) == (400, 347)
    assert sum(map(names_somebody, people)) == 380
    assert [one for one in others if names_somebody(one)] == ["Boulangerie Marie Blachère", "Mac Mini"]
    assert not any(names_somebody(commune.name) for commune in places.communes().values())


HARD = """
Durand S.
S. Durand
Mme D.
Mme B
M Durand
Mr. Paul Martin
madame durand
MME DURAND
mme durand sophie
M. et Mme Ben Ali
Docteur Martin
Dr Leroy
Me Dupont
DURAND M.
Martin, Paul
Martin Paul (fils)
DUPONT-LEROY Anne-Sophie
BEN ALI Nadia
Nadia B.
Karim et Samia
Karim Benzema
le fils de Fatima Zahra
Thi Nguyen Lan
Oumar Diallo
Diallo O.
Famille Bensaïd
Famille Durand
chez Mme Lopez
Contact : Julie 06
Julie (médiatrice)
JULIE
Jean-Marc
Abdel Kader Hamdi
Référente : Sonia Haddad
sonia haddad
SONIA HADDAD
Mlle Garcia
Soeur Marie-Thérèse
Tonton Robert
Lucas M., 12 ans
"""
"""Forty more texts that name somebody as people write in a hurry: initials, small letters, a family, a job."""
MISSED = ["Mme B", "Martin, Paul", "Karim et Samia", "Contact : Julie 06", "Julie (médiatrice)", "JULIE", "Jean-Marc"]
NOBODY = """
Vérifié par le bailleur
Jean Jaurès
École Jules Ferry
rue Paul Cézanne
Centre social Fatima
Les Rosiers
Saint-Pierre
Mme la présidente
M. le maire
Résidence Marie Curie
Bâtiment Martin
La Rose
Val Plan
Aix Nord
Mai Juin
Orange SFR
Office Public
Grand Luminy
Clair Logis
Bel Air
Notre Dame
Le Corbusier
Félix Pyat
Campagne Lévêque
La Castellane
Plan d’Aou
Saint Antoine
Air Bel
Saint Marcel
Pablo Picasso
Allée des Pins
Association Lire et Écrire
Réunion d’Avril
Noël Solidaire
Rentrée Septembre
Carte Pastel
Lundi Mardi
Atelier Windows Excel
Dell Latitude
Pôle Emploi
Mission Locale
Victor Hugo
Parc Borély
Tablette Samsung Galaxy
Ordinateur Lenovo
Porte d’Aix
Sainte Victoire
Docteur Ayoun (allée)
Saint Mitre
Les Amandiers
"""
"""Fifty more that name nobody: places of Marseille, roles, things."""


def test_names_in_a_hurry_are_recognised_as_docs_sources_says() -> None:
    hard, nobody = HARD.strip().splitlines(), NOBODY.strip().splitlines()
    assert (len(hard), len(nobody)) == (40, 50)
    assert [one for one in hard if not names_somebody(one)] == MISSED
    assert [one for one in nobody if names_somebody(one)] == []


def test_the_sentence_is_that_of_the_glossary() -> None:
    with pytest.raises(FileRefused) as refused:
        reading(csv_text((*HEADINGS, "Tél. maman"), (*ROW, "")))
    assert str(refused.value).replace("\u00a0", " ") == (
        "Votre fichier contient une colonne qui ressemble à des téléphones (« Tél. maman »). "
        "Il n’a pas été conservé. Supprimez cette colonne et déposez-le de nouveau."
    )


def test_all_personal_columns_are_named_at_once() -> None:
    with pytest.raises(FileRefused, match=r"Prénom.*Tél"):
        reading(csv_text((*HEADINGS, "Prénom", "Tél"), (*ROW, "", "")))


PERSONAL_CELLS = [
    "marie.dupont@exemple.fr",
    "06 12 34 56 78",
    "0612345678",
    "06.12.34.56.78",
    "+33 6 12 34 56 78",
    "+33612345678",
    "2 85 05 78 006 084 41",
    "285057800608441",
    "Mme Dupont",
    "M. Martin",
    "née le 12/03/1985",
    "joindre le 06-12-34-56-78",
]


@pytest.mark.parametrize("cell", PERSONAL_CELLS)
@pytest.mark.parametrize("heading", ["remarque", "Divers", ""])
def test_a_personal_cell_is_refused_and_not_repeated(heading: str, cell: str) -> None:
    rows = [ROW, ("A2", *ROW[1:])]
    with pytest.raises(FileRefused) as refused:
        reading(csv_text((*HEADINGS, heading), (*rows[0], "rien"), (*rows[1], cell)))
    assert cell not in str(refused.value)
    assert "conservé" in str(refused.value)


def test_a_personal_cell_of_a_workbook_is_refused() -> None:
    with pytest.raises(FileRefused, match="adresses électroniques"):
        reading(xlsx((*HEADINGS, "Divers"), (*ROW, "a.b@c.fr")), "f.xlsx")


def test_a_personal_cell_of_a_declared_column_gives_its_line() -> None:
    with pytest.raises(FileRefused, match=r"Ligne 3, colonne.*Remarque"):
        reading(csv_text((*HEADINGS, "remarque"), (*ROW, ""), ("A2", *ROW[1:], "06 12 34 56 78")))


@pytest.mark.parametrize(
    "column", [("612345678", "698765432", "787654321"), ("12/03/1985", "01/07/1999", "30/11/2004")]
)
def test_an_unknown_column_mostly_personal_is_refused(column: tuple[str, ...]) -> None:
    rows = [(f"A{n}", *ROW[1:], cell) for n, cell in enumerate(column)]
    with pytest.raises(FileRefused, match="Divers"):
        reading(csv_text((*HEADINGS, "Divers"), *rows))


@pytest.mark.parametrize(
    ("heading", "cell"),
    [
        ("Ancien n° d’inventaire", "0612345678"),
        ("N° de série", "0412345678"),
        ("Date d’achat", "12/03/2004"),
        ("SIRET", "22040001600040"),
        ("SIRET", "18000001200014"),
        ("Prix", "1 234,50 €"),
        ("Référence", "AMP-0612345678-B"),
        ("Divers", "21/09/2021"),
        ("Divers", "2021-09-14 10:12"),
        ("Divers", "12 34 56 78"),
        ("Divers", "salle @ 1er étage"),
        ("Divers", "madame la maire a visité l’atelier"),
        ("Divers", "285057800608492"),
        ("remarque", "9 h-12 h, 14 h-18 h 30"),
        ("remarque", "10-12 rue Monsieur Vincent"),
    ],
)
def test_ordinary_cells_are_left_in_peace(heading: str, cell: str) -> None:
    assert reading(csv_text((*HEADINGS, heading), (*ROW, cell))).total_rows == 1


@pytest.mark.parametrize("column", ["lieu", "valeur_unitaire", "date_reception", "type"])
def test_a_person_typed_in_any_other_column_is_refused(column: str) -> None:
    row = dict(zip(HEADINGS, ROW, strict=True)) | {column: "marie.dupont@exemple.fr"}
    with pytest.raises(FileRefused, match="Ligne 2") as refused:
        reading(csv_text(HEADINGS, tuple(row.values())))
    assert "dupont" not in str(refused.value)


def test_inventory_numbers_may_look_like_phones() -> None:
    assert reading(csv_text(HEADINGS, ("0612345678", *ROW[1:]))).total_rows == 1


@pytest.mark.parametrize("junk", ["Saisi par marie.dupont@exemple.fr", "Contact : 06 12 34 56 78"])
def test_coordinates_above_the_headings_are_refused(junk: str) -> None:
    with pytest.raises(FileRefused, match="Ligne 1"):
        reading(junk + "\n" + csv_text(HEADINGS, ROW))


def test_the_office_of_the_association_may_stand_above() -> None:
    assert reading("Association – 04 42 00 00 00 – contact@exemple.fr\n" + csv_text(HEADINGS, ROW)).total_rows == 1


def test_exempt_columns_are_not_searched() -> None:
    text = csv_text(("id", "nom", "telephone", "courriels"), ("1", "Espace", "06 12 34 56 78", "contact@lieu.fr"))
    found = reading(text, dataset=LIEUX)
    assert found.total_rows == 1 and not found.warnings


def test_a_person_s_mailbox_in_an_exempt_column_is_a_warning() -> None:
    found = reading(csv_text(("id", "courriels"), ("1", "contact@lieu.fr|marie.dupont@lieu.fr")), dataset=LIEUX)
    assert [(p.line, p.column, p.code) for p in found.warnings] == [(2, "courriels", "courriel_nominatif")]
    assert "dupont" not in found.warnings[0].found


def test_another_column_of_the_same_dataset_is_searched() -> None:
    with pytest.raises(FileRefused, match="Présentation"):
        reading(csv_text(("id", "presentation"), ("1", "écrire à marie.dupont@lieu.fr")), dataset=LIEUX)


@pytest.mark.parametrize(
    ("address", "person"),
    [
        ("marie.dupont@lieu.fr", True),
        ("jean-marc@lieu.fr", True),
        ("m.dupont@lieu.fr", False),
        ("contact@lieu.fr", False),
        ("centre.social@lieu.fr", False),
        ("accueil-nord@lieu.fr", False),
        ("mediatheque.aix@lieu.fr", False),
    ],
)
def test_a_mailbox_is_told_from_an_office(address: str, person: bool) -> None:
    assert is_person_mailbox(address) is person
