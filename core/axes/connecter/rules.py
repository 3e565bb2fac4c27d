"""What is judged on one building or one month; cumulated agreements are judged over all months, elsewhere."""

from __future__ import annotations

import polars as pl

from core.axes.connecter.schema import PASS
from core.axes.judging import blank, more_than, warn

IMMEUBLES = (
    warn(
        "logements_eligibles_trop_nombreux",
        ("logements_eligibles", "nb_logements"),
        more_than("logements_eligibles", "nb_logements"),
        "au plus le nombre de logements de l’immeuble",
        "Vérifiez les deux nombres.",
    ),
    warn(
        "eligibilite_contradictoire",
        ("logements_eligibles", "eligible_cable"),
        ~pl.col("eligible_cable") & (pl.col("logements_eligibles") > 0),
        "0, ou rien, quand l’immeuble n’est pas éligible",
        "Corrigez l’éligibilité ou le nombre de logements éligibles.",
    ),
    warn(
        "eligibilite_sans_diagnostic",
        ("date_diagnostic", "eligible_cable"),
        pl.col("eligible_cable").is_not_null() & blank("date_diagnostic"),
        "la date du diagnostic, puisque l’éligibilité est connue",
        "Ajoutez la date : sans elle, l’immeuble ne compte pas parmi les immeubles diagnostiqués.",
    ),
    warn(
        "convention_sans_fournisseur",
        ("fai", "date_convention"),
        pl.col("date_convention").is_not_null() & blank("fai") & pl.col("mode").ne_missing(PASS),
        "le fournisseur d’accès, puisqu’une convention est signée avec lui",
        "Ajoutez-le : sans son nom, la convention n’est pas comptée.",
    ),
    warn(
        "prix_en_hausse",
        ("prix_mensuel_apres", "prix_mensuel_avant"),
        more_than("prix_mensuel_apres", "prix_mensuel_avant"),
        "un prix inférieur à celui d’avant",
        "Vérifiez les deux prix ; s’ils sont exacts, expliquez-le dans le relevé.",
    ),
)

RACCORDEMENTS = (
    warn(
        "transferts_trop_nombreux",
        ("dont_transferts", "mises_en_service"),
        more_than("dont_transferts", "mises_en_service"),
        "au plus le nombre de mises en service",
        "Les transferts sont comptés parmi les mises en service : corrigez l’un des deux nombres.",
    ),
)
