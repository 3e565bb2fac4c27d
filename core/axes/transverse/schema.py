"""What belongs to every axis: needs, communication, milestones, money spent, accounts."""

from __future__ import annotations

import polars as pl

from core.axes.columns import Choice, Table, compte, entier, jour, lieu, ligne, liste, mois, montant, texte

CHANNELS = ("affichage", "porte-à-porte", "réunion", "presse", "en ligne", "autre")
STATUSES = (
    Choice("En cours", "En cours", "Commencé, et dans les temps."),
    Choice("En retard", "En retard", "La date prévue est passée, ou ne sera pas tenue."),
    Choice("En pause", "En pause", "Arrêté pour un temps, par choix."),
    Choice("Bloqué", "Bloqué", "Arrêté par une cause extérieure ; la cause est écrite."),
    Choice("Abandonné", "Abandonné", "Ne sera pas fait ; la cause est écrite."),
    Choice("Terminé", "Terminé", "Fait, à la date réelle."),
)


class Diagnostics(Table):
    """How many needs were diagnosed at one place during one month; no person has a row."""

    lieu: pl.String = lieu("Lieu")
    mois: pl.Date = mois("Mois")
    structure: pl.String = texte("Structure", optional=True, help="Qui a mené les échanges.", max_length=120)
    diagnostics: pl.Int64 = entier("Diagnostics", help="Nombre d’échanges avec des habitants ; aucun nom.")
    besoin_equipement: pl.Int64 = entier("Besoin d’équipement", help="Parmi ces diagnostics.")
    besoin_connexion: pl.Int64 = entier("Besoin de connexion", help="Parmi ces diagnostics.")
    besoin_accompagnement: pl.Int64 = entier("Besoin d’accompagnement", help="Parmi ces diagnostics.")
    niveau_faible: pl.Int64 = entier(
        "Niveau faible", optional=True, help="Niveau d’acculturation, parmi ces diagnostics."
    )
    niveau_moyen: pl.Int64 = entier("Niveau moyen", optional=True)
    niveau_autonome: pl.Int64 = entier("Niveau autonome", optional=True)


class Communication(Table):
    """One action to make the programme known to residents."""

    code_action: pl.String = texte("Code de l’action", max_length=60)
    date: pl.Date = jour("Date")
    lieu: pl.String = lieu("Lieu")
    canal: pl.String = liste("Canal", CHANNELS)
    personnes_touchees: pl.Int64 = entier("Personnes touchées", optional=True, help="Une estimation suffit.")


class Jalons(Table):
    """One milestone of an experiment."""

    code_jalon: pl.String = texte("Code du jalon", max_length=60)
    libelle: pl.String = texte("Libellé", max_length=200)
    date_prevue: pl.Date = jour("Date prévue")
    date_reelle: pl.Date = jour("Date réelle", optional=True)
    statut: pl.String = liste("Statut", STATUSES)
    cause: pl.String = texte("Cause", optional=True, help="Pourquoi le jalon est en retard, bloqué ou abandonné.")
    prochaine_action: pl.String = texte("Prochaine action", optional=True)
    lieu: pl.String = lieu(
        "Lieu",
        optional=True,
        help="Dit à quelle expérimentation appartient le jalon, quand l’association en mène plusieurs.",
    )
    axe: pl.Int64 = entier("Axe", optional=True, at_least=1, at_most=3, help="L’axe concerné, s’il n’y en a qu’un.")


class DepensesADate(Table):
    """What was spent on one subsidy line, from the start to one day."""

    ligne_subvention: pl.String = ligne("Ligne de subvention")
    date: pl.Date = jour("Date", help="Le jour auquel le montant est arrêté.")
    montant: pl.Int64 = montant("Montant dépensé", help="Dépensé sur la subvention depuis le début, jusqu’à ce jour.")


class Comptes(Table):
    """One account of the financial report of one line, for one accounting year."""

    ligne_subvention: pl.String = ligne("Ligne de subvention")
    exercice: pl.Int64 = entier(
        "Exercice", at_least=2000, at_most=2100, help="L’année où l’exercice se termine, par exemple 2021."
    )
    compte: pl.String = compte("Compte", help="Le code d’une ligne de détail du Cerfa 15059 ; ni titre ni total.")
    prevision: pl.Int64 = montant("Prévision", optional=True)
    realisation: pl.Int64 = montant("Réalisation", optional=True)
