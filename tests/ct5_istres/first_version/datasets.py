"""The first version of the sessions, before the upgrade: hours, visitors, and opening hours in one column."""

from __future__ import annotations

import polars as pl

from core import DATASETS, Dataset, Schema, decimal, entier, jour, lieu, liste, montant, texte


class Permanences(Schema):
    """A session as it was first written down."""

    code_permanence: pl.String = texte("Code", pattern=r"P\d{3}", example="P001", help="Un par permanence.")
    lieu: pl.String = lieu("Lieu", help="La commune où elle se tient.")
    demandee_le: pl.Date = jour("Demandée le", help="Le jour où la commune l’a demandée.")
    tenue_le: pl.Date = jour("Tenue le", optional=True, help="Vide tant qu’elle n’a pas eu lieu.")
    horaires: pl.String = texte("Horaires", example="09 h 00 - 12 h 00", help="De l’ouverture à la fermeture.")
    duree: pl.Float64 = decimal("Durée", at_least=0.25, at_most=10, example="3", help="En heures.")
    themes: pl.String = liste("Thèmes", ("démarches", "emploi", "santé"), multiple=True, help="Un ou plusieurs.")
    visiteurs: pl.Int64 = entier("Visiteurs", help="Combien de personnes sont venues.")
    autonomes: pl.Int64 = entier("Repartis autonomes", optional=True, help="Combien savent refaire seuls.")
    cout: pl.Int64 = montant("Coût", optional=True, help="En euros.")
    remarque: pl.String = texte("Remarque", optional=True, help="Sans nommer personne.")


PERMANENCES = Dataset(
    code="permanences",
    title="Permanences",
    schema=Permanences,
    key=("code_permanence",),
    description="Une ligne par permanence demandée, tenue ou non.",
    date="tenue_le",
)

HANDED_IN = (PERMANENCES, DATASETS["diagnostics"], DATASETS["jalons"])
