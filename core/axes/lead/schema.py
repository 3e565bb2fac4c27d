"""What the project lead records: targets, periods, thresholds, keys, payments, documents, agreements."""

from __future__ import annotations

import polars as pl

from core.axes.columns import (
    Choice,
    Table,
    decimal,
    entier,
    experience,
    jour,
    lieu,
    ligne,
    liste,
    montant,
    oui_non,
    texte,
)
from core.axes.columns import (
    siret as numero_siret,
)
from core.deliberation import ASSOCIATIONS

BODIES = tuple(Choice(code, body.name) for code, body in ASSOCIATIONS.items())
PAYMENTS = (
    Choice("avance", "avance", "Versée avant les dépenses."),
    Choice("acompte", "acompte", "Versé en cours d’action."),
    Choice("solde", "solde", "Versé au vu du compte rendu financier."),
    Choice("versement unique", "versement unique", "La totalité en une fois."),
)
DOCUMENTS = ("compte rendu financier", "rapport d’activité", "comptes approuvés")
DIRECTIONS = (
    Choice("hausse", "hausse", "Plus le nombre est grand, mieux c’est."),
    Choice("baisse", "baisse", "Le nombre ne doit pas être dépassé."),
)
LEFTOVERS = (
    Choice("conservé", "conservé", "L’association garde ce qui n’est pas dépensé."),
    Choice("à reverser", "à reverser", "L’association rend ce qui n’est pas dépensé."),
)
_DECISION = "La décision qui le fixe, par exemple « Comité du 14 octobre 2021 »."
_CODE = r"[a-z0-9]+(?:-[a-z0-9]+)*"


class Objectifs(Table):
    """A number to reach on a day, for one experiment or for the whole programme."""

    experience: pl.String = experience("Expérimentation", optional=True, help="Vide : tout le programme.")
    indicateur: pl.String = texte("Indicateur", help="Le code, par exemple EQ5a.", max_length=20)
    valeur: pl.Float64 = decimal("Valeur à atteindre")
    echeance: pl.Date = jour("Échéance")
    sens: pl.String = liste("Sens", DIRECTIONS, optional=True, help="Vide : le sens de l’indicateur.")
    decision: pl.String = texte("Décision", help=_DECISION)


class ValeursDepart(Table):
    """Where a figure stood before the start."""

    experience: pl.String = experience("Expérimentation", optional=True, help="Vide : tout le programme.")
    indicateur: pl.String = texte("Indicateur", help="Le code, par exemple EQ5a.", max_length=20)
    valeur: pl.Float64 = decimal("Valeur de départ")
    date: pl.Date = jour("Date", help="Le jour auquel la valeur a été relevée.")
    source: pl.String = texte("Source", optional=True)


class Periodes(Table):
    """A period for which figures are due, and the day by which they are expected."""

    code: pl.String = texte("Code", pattern=r"\d{4}-(?:T[1-4]|\d{2})", help="2021-T3 ou 2021-09.", max_length=10)
    debut: pl.Date = jour("Début")
    fin: pl.Date = jour("Fin")
    echeance: pl.Date = jour("Échéance", help="Le relevé est attendu au plus tard ce jour-là.")


class DatesExperimentations(Table):
    """When an experiment starts and ends."""

    experience: pl.String = experience("Expérimentation")
    debut: pl.Date = jour("Début")
    fin: pl.Date = jour("Fin")


class Seuils(Table):
    """The least agreement that one building must reach, by share or by number of dwellings."""

    association: pl.String = texte("Association", pattern=_CODE, help="L’association qui suit l’immeuble.")
    code_immeuble: pl.String = texte("Code de l’immeuble", help="Le mot de l’association.", max_length=60)
    part: pl.Float64 = decimal(
        "Part des logements", optional=True, at_least=0, at_most=100, help="En pourcentage ; ou bien un nombre."
    )
    nombre: pl.Int64 = entier("Nombre de logements", optional=True, help="Ou bien une part.")
    decision: pl.String = texte("Décision", help=_DECISION)


class Cles(Table):
    """The part of a subsidy line that falls to one experiment."""

    ligne: pl.String = ligne("Ligne de subvention")
    experience: pl.String = experience("Expérimentation")
    part: pl.Float64 = decimal("Part", at_least=0, at_most=100, help="En pourcentage ; les parts font 100.")
    decision: pl.String = texte("Décision", help=_DECISION)
    date: pl.Date = jour("Date de la décision")


class Conventions(Table):
    """The agreement signed with one association, and the numbers that identify it."""

    association: pl.String = liste("Association", BODIES)
    date_signature: pl.Date = jour("Date de signature")
    objet: pl.String = texte("Objet", optional=True, max_length=256)
    fin_exercice: pl.Date = jour(
        "Fin de l’exercice", optional=True, help="Le compte rendu financier est dû six mois après."
    )
    conditions: pl.String = texte("Conditions de versement", optional=True, max_length=256)
    reliquat: pl.String = liste("Part non dépensée", LEFTOVERS, optional=True)
    siret: pl.String = numero_siret("SIRET", optional=True)
    rna: pl.String = texte("RNA", optional=True, pattern=r"W\d{9}", max_length=10)
    siret_attribuant: pl.String = numero_siret("SIRET de la Métropole", optional=True)
    notification_ue: pl.Boolean = oui_non(
        "Aide notifiée à l’Union européenne",
        optional=True,
        help="Aide de minimis notifiée à la Commission (règlement 1407/2013) : la publication légale le demande.",
    )


class Versements(Table):
    """One payment of the Métropole on one line."""

    reference: pl.String = texte("Référence", help="Le numéro du mandat.", max_length=60)
    ligne: pl.String = ligne("Ligne de subvention")
    date: pl.Date = jour("Date")
    montant: pl.Int64 = montant("Montant")
    nature: pl.String = liste("Nature", PAYMENTS)


class Pieces(Table):
    """One document that an association owes for an accounting year, and when it came."""

    association: pl.String = liste("Association", BODIES)
    ligne: pl.String = ligne("Ligne de subvention", optional=True, help="Vide : toutes celles de l’association.")
    type: pl.String = liste("Type", DOCUMENTS)
    exercice: pl.Int64 = entier("Exercice", at_least=2000, at_most=2100, help="L’année où l’exercice se termine.")
    echeance: pl.Date = jour("Échéance")
    recue_le: pl.Date = jour("Reçue le", optional=True)


class Autorisations(Table):
    """One dataset that an association may hand in at a place where it runs no experiment."""

    association: pl.String = texte("Association", pattern=_CODE)
    dataset: pl.String = texte("Jeu de données", pattern=r"[a-z0-9_]+", help="Par exemple « immeubles ».")
    lieu: pl.String = lieu("Lieu")


class AnnexeMateriel(Table):
    """One machine of the annex to the deliberation: the Métropole's own description of it."""

    numero_inventaire: pl.String = texte("Numéro d’inventaire", max_length=60)
    type: pl.String = liste("Type", ("ordinateur fixe", "ordinateur portable", "écran"))
    numero_serie: pl.String = texte("Numéro de série", optional=True, max_length=60)
    valeur_unitaire: pl.Int64 = montant("Valeur unitaire", optional=True)
    lot: pl.String = texte("Lot", optional=True, max_length=60)


class LotsCession(Table):
    """One batch that left the Métropole's inventory, with its deed."""

    lot: pl.String = texte("Lot", max_length=60)
    date: pl.Date = jour("Date")
    ordinateurs: pl.Int64 = entier("Ordinateurs")
    ecrans: pl.Int64 = entier("Écrans")
    reference: pl.String = texte("Référence de l’acte", optional=True)


class Conservation(Table):
    """How long the past of one dataset is kept, decided with the data protection officer."""

    dataset: pl.String = texte("Jeu de données", pattern=r"[a-z0-9_]+", help="Par exemple « materiel ».")
    duree_mois: pl.Int64 = entier(
        "Durée en mois", at_least=1, help="Au-delà, les versions remplacées et les fichiers déposés sont supprimés."
    )
    decision: pl.String = texte("Décision", help=_DECISION)
