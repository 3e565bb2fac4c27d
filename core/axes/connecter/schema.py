"""Buildings, the agreement of their residents month by month, and the meetings held there."""

from __future__ import annotations

import polars as pl

from core.axes.columns import Choice, Table, entier, jour, lieu, liste, mois, montant, oui_non, texte

CONVENTION, PASS = "convention bailleur-FAI", "pass-connexion"

MODES = (
    Choice(CONVENTION, "convention bailleur-FAI", "Accord entre le bailleur et le fournisseur d’accès à internet."),
    Choice(PASS, "pass-connexion", "Expérimentation de pass-connexion impulsée par le bailleur."),
)


class Immeubles(Table):
    """One building, under the association's own word for it."""

    code_immeuble: pl.String = texte(
        "Code de l’immeuble", help="Votre mot pour cet immeuble, par exemple « tour B ».", max_length=60
    )
    lieu: pl.String = lieu("Lieu")
    bailleur: pl.String = texte("Bailleur", max_length=120)
    nb_logements: pl.Int64 = entier("Nombre de logements", at_least=1)
    residence: pl.String = texte("Résidence", optional=True, max_length=120)
    date_diagnostic: pl.Date = jour(
        "Date du diagnostic", optional=True, help="Le jour où le câblage a été vérifié ; vide tant qu’il ne l’est pas."
    )
    eligible_cable: pl.Boolean = oui_non(
        "Éligible au câble",
        optional=True,
        help="L’immeuble peut-il recevoir l’offre Numérisun ? Vide tant que vous ne le savez pas.",
    )
    logements_eligibles: pl.Int64 = entier(
        "Logements éligibles", optional=True, help="Vide : tous les logements si l’immeuble est éligible, aucun sinon."
    )
    mode: pl.String = liste("Mode", MODES, optional=True)
    fai: pl.String = texte("Fournisseur d’accès", optional=True, max_length=120)
    date_convention: pl.Date = jour("Date de la convention", optional=True)
    date_vote: pl.Date = jour("Date du vote", optional=True, help="Le jour où les habitants se sont prononcés.")
    prix_mensuel_avant: pl.Int64 = montant(
        "Prix mensuel avant", optional=True, help="Prix médian déclaré par ceux qui payaient une connexion."
    )
    prix_mensuel_apres: pl.Int64 = montant("Prix mensuel après", optional=True, help="Ce que paie un foyer ensuite.")


class Raccordements(Table):
    """What happened in one building during one month: new agreements, new connections."""

    code_immeuble: pl.String = texte("Code de l’immeuble", help="Un code du jeu « immeubles ».", max_length=60)
    mois: pl.Date = mois("Mois")
    foyers_contactes: pl.Int64 = entier("Foyers contactés", optional=True)
    accords: pl.Int64 = entier("Accords", help="Foyers qui ont donné leur accord pendant le mois.")
    mises_en_service: pl.Int64 = entier(
        "Mises en service", help="Foyers connectés pendant le mois, transferts compris."
    )
    dont_transferts: pl.Int64 = entier(
        "Dont transferts", optional=True, help="Parmi les mises en service, celles qui remplacent un abonnement."
    )


class Concertations(Table):
    """One meeting of residents."""

    code_reunion: pl.String = texte("Code de la réunion", max_length=60)
    date: pl.Date = jour("Date")
    lieu: pl.String = lieu("Lieu")
    code_immeuble: pl.String = texte(
        "Code de l’immeuble", optional=True, help="Vide si la réunion concerne plusieurs immeubles.", max_length=60
    )
    participants: pl.Int64 = entier("Participants", help="Le nombre de personnes présentes, sans les nommer.")
