"""What is judged on one row that belongs to every axis."""

from __future__ import annotations

import polars as pl

from core.axes.judging import blank, more_than, stop, warn
from core.deliberation import LINES
from core.domain.dataset import Rule

_LEVELS = ("niveau_faible", "niveau_moyen", "niveau_autonome")
_known_levels = pl.sum_horizontal(*_LEVELS)
_voted = pl.col("ligne_subvention").replace_strict(
    {code: line.cents for code, line in LINES.items()}, default=None, return_dtype=pl.Int64
)


def _need(need: str, words: str) -> Rule:
    return stop(
        f"besoin_{need}_trop_grand",
        (f"besoin_{need}", "diagnostics"),
        more_than(f"besoin_{need}", "diagnostics"),
        "au plus le nombre de diagnostics de la ligne",
        f"Comptez une fois chaque diagnostic qui révèle un besoin {words}.",
    )


DIAGNOSTICS = (
    _need("equipement", "d’équipement"),
    _need("connexion", "de connexion"),
    _need("accompagnement", "d’accompagnement"),
    stop(
        "niveaux_trop_nombreux",
        (*_LEVELS, "diagnostics"),
        _known_levels > pl.col("diagnostics"),
        "trois niveaux dont la somme ne dépasse pas le nombre de diagnostics",
        "Chaque diagnostic a un seul niveau : corrigez les trois nombres, ou laissez-les vides.",
    ),
)

_stopped = pl.col("statut").is_in(["En retard", "Bloqué", "Abandonné"])

JALONS = (
    warn(
        "jalon_termine_sans_date",
        ("date_reelle", "statut"),
        (pl.col("statut") == "Terminé") & blank("date_reelle"),
        "la date à laquelle le jalon a été atteint",
        "Ajoutez la date réelle.",
    ),
    warn(
        "jalon_sans_cause",
        ("cause", "statut"),
        _stopped & blank("cause"),
        "la cause, quand un jalon est en retard, bloqué ou abandonné",
        "Écrivez la cause en une phrase, et la prochaine action.",
    ),
)

DEPENSES = (
    warn(
        "depense_superieure_au_vote",
        ("montant", "ligne_subvention"),
        pl.col("montant") > _voted,
        "au plus le montant voté pour la ligne",
        "N’inscrivez que ce qui est dépensé sur la subvention de la Métropole.",
    ),
)

COMPTES = (
    warn(
        "compte_vide",
        ("prevision", "realisation"),
        blank("prevision") & blank("realisation"),
        "une prévision, une réalisation, ou les deux",
        "Complétez la ligne, ou retirez-la.",
    ),
)
