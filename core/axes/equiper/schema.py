"""The computers and screens, one by one, from the Métropole to a student or a family."""

from __future__ import annotations

import polars as pl

from core.axes.columns import Choice, Table, experience, jour, lieu, liste, montant, oui_non, texte

COMPUTERS = ("ordinateur fixe", "ordinateur portable")
SCREEN = "écran"
METROPOLE, OTHER_ASSOCIATION = "Métropole", "autre association"
STUDENT, FAMILY = "étudiant", "famille"

TYPES = (
    Choice("ordinateur fixe", "ordinateur fixe", "Unité centrale de bureau, avec ou sans écran."),
    Choice("ordinateur portable", "ordinateur portable", "Ordinateur qui se transporte, écran compris."),
    Choice("écran", "écran", "Écran seul ; il ne contient pas de données."),
)
PROVENANCES = (
    Choice(METROPOLE, "Métropole", "Cédé par la Métropole au titre de la délibération."),
    Choice(OTHER_ASSOCIATION, "autre association", "Transféré par une autre association du programme."),
)
TEST_RESULTS = (
    Choice("fonctionnel", "fonctionnel", "Marche sans réparation."),
    Choice("réparable", "réparable", "Marchera après réparation."),
    Choice("hors service", "hors service", "Ne se répare pas."),
)
STATUSES = (
    Choice("cédé", "cédé", "Sorti de l’inventaire de la Métropole, acte de cession à l’appui."),
    Choice("reçu", "reçu", "Arrivé dans les locaux de l’association."),
    Choice("testé", "testé", "Essayé ; le résultat est noté."),
    Choice("reconditionné", "reconditionné", "Effacé, remis en état, prêt à partir."),
    Choice("transféré", "transféré", "Confié à une autre association ou à un acteur relais, qui en accuse réception."),
    Choice("remis", "remis", "Donné à un étudiant ou à une famille."),
    Choice("recyclé", "recyclé", "Démonté pour pièces ou confié à la filière des déchets électroniques."),
)
BENEFICIARIES = (
    Choice(STUDENT, "étudiant", "Étudiant qui manque d’ordinateur."),
    Choice(FAMILY, "famille", "Famille qui manque d’ordinateur, dans un quartier prioritaire."),
)


class Materiel(Table):
    """One computer or screen; its number never changes, its status advances."""

    numero_inventaire: pl.String = texte(
        "Numéro d’inventaire",
        help="Le numéro collé sur la machine ; il reste le même d’une association à l’autre.",
        max_length=60,
    )
    type: pl.String = liste("Type", TYPES)
    provenance: pl.String = liste("Provenance", PROVENANCES, optional=True, help="D’où vient la machine.")
    numero_serie: pl.String = texte("Numéro de série", optional=True, max_length=60)
    valeur_unitaire: pl.Int64 = montant(
        "Valeur unitaire", optional=True, help="Valeur nette à la cession ; la loi la limite à 300 €."
    )
    lot: pl.String = texte("Lot", optional=True, help="La livraison à laquelle la machine appartient.", max_length=60)
    affectation: pl.String = experience(
        "Affectation",
        optional=True,
        help="L’expérimentation prévue tant que la machine n’a pas de lieu ; ensuite le lieu décide.",
    )
    date_reception: pl.Date = jour("Date de réception", optional=True)
    date_test: pl.Date = jour("Date de test", optional=True)
    resultat_test: pl.String = liste("Résultat du test", TEST_RESULTS, optional=True)
    date_effacement: pl.Date = jour("Date d’effacement", optional=True)
    preuve_effacement: pl.String = texte(
        "Preuve d’effacement", optional=True, help="Le numéro du certificat, par machine ou par lot.", max_length=120
    )
    date_reconditionnement: pl.Date = jour("Date de reconditionnement", optional=True)
    statut: pl.String = liste("Statut", STATUSES)
    transfere_a: pl.String = texte(
        "Transféré à", optional=True, help="L’association, ou le nom de la structure relais.", max_length=120
    )
    date_transfert: pl.Date = jour("Date de transfert", optional=True)
    date_remise: pl.Date = jour("Date de remise", optional=True)
    lieu: pl.String = lieu("Lieu", optional=True, help="Où la machine est remise ; vide tant qu’elle ne l’est pas.")
    type_beneficiaire: pl.String = liste("Type de bénéficiaire", BENEFICIARIES, optional=True)
    en_qpv: pl.Boolean = oui_non(
        "En QPV", optional=True, help="Le bénéficiaire habite-t-il un quartier prioritaire, au jour de la remise ?"
    )
    prix_cession: pl.Int64 = montant(
        "Prix de cession", optional=True, help="Toujours 0 : la délibération exclut toute revente."
    )
