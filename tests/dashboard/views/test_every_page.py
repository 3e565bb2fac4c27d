"""Every page: its title, what it says of the demonstration, what it says before any deposit."""

from __future__ import annotations

import re

import pytest

from core.deliberation import EXPERIMENTS
from dashboard.addresses import VIEWS, experiment_path
from tests.dashboard.views.opening import html, opened, said

FULL = {
    "": "179 ordinateurs remis (objectif 250, incomplet)",
    "comparer": "« Ordinateurs remis » progresse le plus pour « Pays d’Aix » : 34 ordinateurs remis de plus",
    "avant-le-comite": "Avant le comité n° 4, le 7 juillet 2022, 18 choses restent à faire.",
    "besoins": "888 diagnostics réalisés (incomplet) : 434 besoins d’équipement, 286 besoins de connexion",
    "pourquoi": "20 immeubles et 936 logements, chez",
    "chercher": "Une page, une commune, une expérimentation, un indicateur.",
    "lieux": "8 lieux d’expérimentation, et des chiffres dans 35 autres communes",
    "materiel": "409 ordinateurs reçus sur 455 votés, 262 reconditionnés et 179 remis",
    "subventions": "82 300 € versés sur 115 000 € votés (72 %) ; 89 000 € dépensés (77 %)",
    "engagements": "32 des 44 engagements attendus sont montrés par des lignes",
    "echeances": "Pour le 2e trimestre 2022, 4 relevés sont transmis sur 6",
    "releve": "Choisissez d’abord un relevé",
    "points": "points demandent une action ; 2 ont un responsable",
    "comites": "Le comité n° 4 se réunit le 7 juillet 2022 : trois points à l’ordre du jour ; deux décisions attendent",
    "projection": "Ouvrez un comité, puis « Projeter »",
    "telecommande": "La salle ne projette pas encore ce comité.",
    "definitions": "4 écartés avec leur raison",
    "guide": "Vous tenez le cadre : dates, objectifs, seuils, versements, comptes",
    "dictionnaire": "tableaux remplis par les associations",
    "chiffre": "Choisissez d’abord un chiffre",
    "mes-donnees": "Pour le 2e trimestre 2022, tous les tableaux attendus sont reçus ; 1 relevé reste à transmettre",
    "deposer": "Déposez votre fichier tel qu’il est.",
    "lignes": "Choisissez d’abord le tableau à corriger.",
    "historique": "Choisissez d’abord le tableau dont vous voulez l’histoire.",
    "etat-des-plugins": "5 plugins installés ; tous fonctionnent.",
    "registres": "8 registres attendent encore quelque chose sur 13",  # the keys too: a line is not divided
    "transferts": "14 ordinateurs et 9 écrans attendent leur accusé de réception",
    "journal": "rien n’y est modifié ni effacé",
    "documents": "Données au 30 juin 2022, qui peuvent encore changer",
    "donnees-personnelles": "les personnes se comptent",
    "accessibilite": "non conforme au référentiel général",
    "comptes": "Aucun compte n’est ouvert",
    "jetons": "Aucun programme ne lit encore ces données",
    "mon-compte": "Vous êtes ici en tant que Chefferie de projet (fictive), chefferie de projet",
}
EMPTY = {
    "": "aucune association n’a encore déposé de données",
    "comparer": "choisissez deux dates différentes",
    "avant-le-comite": "Avant le prochain comité, 12 choses restent à faire.",
    "besoins": "Au 5 juillet 2022, aucun diagnostic n’est encore connu.",
    "pourquoi": "Aucun immeuble n’est encore renseigné.",
    "chercher": "Une page, une commune, une expérimentation, un indicateur.",
    "lieux": "8 lieux d’expérimentation : choisissez un nom",
    "materiel": "aucune association n’a encore dit ce qu’elle a reçu",
    "subventions": "aucun versement et aucune dépense ne sont encore renseignés",
    "engagements": "0 des 44 engagements attendus est montré par des lignes",
    "echeances": "Aucun relevé n’est attendu",
    "releve": "Choisissez d’abord un relevé",
    # Nobody wrote when an experiment starts and nothing was handed in: nothing can be asked yet.
    "points": "aucun point ne demande d’action",
    "comites": "Aucun comité n’est encore préparé.",
    "projection": "Ouvrez un comité, puis « Projeter »",
    "telecommande": "Aucun comité n’est encore à projeter",
    "definitions": "4 écartés avec leur raison",
    "guide": "Vous tenez le cadre : dates, objectifs, seuils, versements, comptes",
    "dictionnaire": "tableaux remplis par les associations",
    "chiffre": "Choisissez d’abord un chiffre",
    "mes-donnees": "Pour le 2e trimestre 2022, 0 tableau sur 9 est reçu ; 9 restent à déposer",
    "deposer": "Déposez votre fichier tel qu’il est.",
    "lignes": "Choisissez d’abord le tableau à corriger.",
    "historique": "Choisissez d’abord le tableau dont vous voulez l’histoire.",
    "etat-des-plugins": "5 plugins installés ; tous fonctionnent.",
    "registres": "11 registres attendent encore quelque chose sur 13",
    "transferts": "Toutes les machines transférées ont été reçues",
    "journal": "rien n’y est modifié ni effacé",
    "documents": "Données au 5 juillet 2022, qui peuvent encore changer",
    "donnees-personnelles": "les personnes se comptent",
    "accessibilite": "non conforme au référentiel général",
    "comptes": "Aucun compte n’est ouvert",
    "jetons": "Aucun programme ne lit encore ces données",
    "mon-compte": "Vous êtes ici en tant que Chefferie de projet (fictive), chefferie de projet",
}
TITLES = {view.path: view.title for view in VIEWS}


def test_every_page_is_expected() -> None:
    assert set(FULL) == set(EMPTY) == set(TITLES)


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize("path", FULL)
def test_page_tells_the_demonstration(path: str) -> None:
    page = opened(path)
    assert FULL[path] in said(page)
    assert "Données fictives" in said(page)


@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize("path", EMPTY)
def test_page_stands_before_any_deposit(path: str) -> None:
    page = opened(path)
    assert EMPTY[path] in said(page)
    assert "Données fictives" not in said(page)


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize("path", [*FULL, *map(experiment_path, EXPERIMENTS)])
def test_page_has_one_title_of_level_one(path: str) -> None:
    titles = re.findall(r"<h1[^>]*>(.*?)</h1>", html(opened(path)))
    assert len(titles) == 1
    if path in TITLES:
        assert titles == [TITLES[path]]


@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize("code", EXPERIMENTS)
def test_experiment_stands_before_any_deposit(code: str) -> None:
    page = said(opened(experiment_path(code)))
    assert EXPERIMENTS[code].title in page
    assert "l’association n’a rien déposé" in page
    assert "0 sur" in page


@pytest.mark.usefixtures("full")
def test_unknown_period_is_refused_with_what_to_write() -> None:
    page = said(opened("engagements", periode="printemps"))
    assert "Écrivez un trimestre (2021-T3) ou un mois (2021-09)." in page
