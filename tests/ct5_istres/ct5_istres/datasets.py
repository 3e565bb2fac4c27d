"""Drop-in sessions: thirteen columns, and the way from their first version to this one."""

from __future__ import annotations

import polars as pl

from core import (
    DATASETS,
    Dataset,
    Rule,
    Schema,
    Severity,
    Upgrade,
    entier,
    jour,
    lieu,
    liste,
    montant,
    oui_non,
    texte,
)

_HOUR = r"[0-2]\d h [0-5]\d"
_THEMES = ("démarches", "emploi", "santé", "parentalité")


class Permanences(Schema):
    """A session open to all, asked for by a commune and held on a day."""

    code_permanence: pl.String = texte("Code", pattern=r"P\d{3}", example="P001", help="Un par permanence.")
    lieu: pl.String = lieu("Lieu", help="La commune où elle se tient.")
    demandee_le: pl.Date = jour("Demandée le", help="Le jour où la commune l’a demandée.")
    tenue_le: pl.Date = jour("Tenue le", optional=True, help="Vide tant qu’elle n’a pas eu lieu.", example="28/09/2021")
    ouverture: pl.String = texte("Ouverture", pattern=_HOUR, example="09 h 00", help="L’heure d’ouverture.")
    fermeture: pl.String = texte("Fermeture", pattern=_HOUR, example="12 h 00", help="L’heure de fermeture.")
    duree_minutes: pl.Int64 = entier("Durée (minutes)", at_least=15, at_most=600, example="180", help="En minutes.")
    themes: pl.String = liste("Thèmes", _THEMES, multiple=True, help="Un ou plusieurs.")
    passages: pl.Int64 = entier("Passages", help="Combien de personnes sont venues.")
    autonomes: pl.Int64 = entier("Repartis autonomes", optional=True, help="Combien savent refaire seuls.", example="8")
    cout: pl.Int64 = montant("Coût", optional=True, help="En euros.", example="150")
    accessible: pl.Boolean = oui_non("Salle accessible", help="Accessible en fauteuil.")
    remarque: pl.String = texte("Remarque", optional=True, help="Sans nommer personne.", max_length=200)


def _second(rows: pl.DataFrame) -> pl.DataFrame:
    """Version 2: hours became minutes, « visiteurs » is « passages », the opening hours are two columns."""
    hours = pl.col("horaires").str.split_exact(" - ", 1)
    return rows.with_columns(
        hours.struct.field("field_0").alias("ouverture"),
        hours.struct.field("field_1").alias("fermeture"),
        (pl.col("duree") * 60).round().cast(pl.Int64).alias("duree_minutes"),
        pl.col("visiteurs").alias("passages"),
        pl.lit(False).alias("accessible"),
    )


PERMANENCES = Dataset(
    code="permanences",
    title="Permanences",
    schema=Permanences,
    key=("code_permanence",),
    description="Une ligne par permanence demandée, tenue ou non.",
    date="tenue_le",
    rules=(
        Rule(
            "permanence_ferme_avant",
            Severity.ERROR,
            ("fermeture", "ouverture"),
            pl.col("fermeture") <= pl.col("ouverture"),
            "La fermeture vient après l’ouverture.",
            "Corrigez l’une des deux heures.",
        ),
        Rule(
            "permanence_autonomes",
            Severity.ERROR,
            ("autonomes", "passages"),
            pl.col("autonomes") > pl.col("passages"),
            "Il n’y a pas plus de repartis autonomes que de passages.",
            "Corrigez l’un des deux nombres.",
            people=True,
        ),
        Rule(
            "permanence_avant_demande",
            Severity.WARNING,
            ("tenue_le", "demandee_le"),
            pl.col("tenue_le") < pl.col("demandee_le"),
            "Une permanence se tient après avoir été demandée.",
            "Vérifiez les deux jours.",
        ),
    ),
    version=2,
    upgrades=(Upgrade(2, "des heures aux minutes", _second),),
)

HANDED_IN = (PERMANENCES, DATASETS["diagnostics"], DATASETS["jalons"])
