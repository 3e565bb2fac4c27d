"""What is judged on one actor or one session.

What the national standard requires only warns here: refused rows could not be counted, and
the quality of the mapping is itself a figure (AC2).
"""

from __future__ import annotations

import polars as pl

from core.axes import places
from core.axes.accompagner.mednum import LISTS, PATTERNS, REQUIRED, SUMMARY_MAX
from core.axes.judging import blank, more_than, not_matching, outside, stop, warn
from core.domain.dataset import Rule
from core.domain.words import fold

_WORDS = {
    "pivot": ("le SIRET (14 chiffres) ou le RNA de la structure", "Recopiez le numéro, sans espaces."),
    "code_postal": ("un code postal de 5 chiffres", "Recopiez le code postal, zéro de tête compris."),
    "code_insee": ("un code INSEE de 5 caractères", "Recopiez le code de la commune, ou laissez vide."),
    "telephone": ("un numéro au format international, par exemple +33442000000", "Réécrivez le numéro, sans espaces."),
}
# « jeanne.martin@ » names somebody; « accueil.mairie@ » speaks for a place.
_OF_A_PERSON = r"(?i)\b[a-zà-ÿ]+[._-][a-zà-ÿ]+@"
_OF_A_PLACE = (
    r"(?i)\b(?:contact|accueil|infos?|secretariat|direction|bonjour|mairie|ccas|mediatheque|bibliotheque"
    r"|asso|association)[._-][a-zà-ÿ0-9._-]+@\S+?(?:\||$)"
)


def _missing(column: str) -> Rule:
    return warn(
        f"{column}_manquant",
        (column,),
        blank(column),
        "une valeur : le standard national la demande",
        "Complétez la fiche ; elle ne compte pas parmi les fiches complètes d’ici là.",
    )


def _shape(column: str) -> Rule:
    expected, remedy = _WORDS[column]
    return warn(f"{column}_forme", (column,), not_matching(column, PATTERNS[column]), expected, remedy)


def _listed(column: str) -> Rule:
    return warn(
        f"{column}_hors_liste",
        (column,),
        outside(column, LISTS[column]),
        "des valeurs de la liste nationale, séparées par « | »",
        "Choisissez dans la liste du dictionnaire des données.",
    )


def _outside_the_92() -> pl.Expr:
    """By the INSEE code when there is one (those of Marseille's arrondissements included), else by the name."""
    codes = [*places.communes(), *(str(code) for code in range(13201, 13217))]
    by_code = ~pl.col("code_insee").is_in(codes)
    by_name = pl.col("commune").map_batches(_unknown_commune, return_dtype=pl.Boolean)
    return pl.when(pl.col("code_insee").is_not_null()).then(by_code).otherwise(by_name)


def _unknown_commune(names: pl.Series) -> pl.Series:
    distinct = names.drop_nulls().unique().to_list()
    unknown = {name: not fold(name).startswith("marseille") and places.commune_of(name) is None for name in distinct}
    return names.replace_strict(unknown, default=None, return_dtype=pl.Boolean)


ACTEURS = (
    *(_missing(column) for column in REQUIRED if column != "id"),
    *(_shape(column) for column in PATTERNS),
    *(_listed(column) for column in LISTS),
    warn(
        "commune_hors_metropole",
        ("commune", "code_insee"),
        _outside_the_92(),
        "une des 92 communes de la Métropole",
        "Vérifiez la commune et son code INSEE ; un lieu d’ailleurs est gardé, mais ne figure sur aucune commune.",
    ),
    warn(
        "presentation_resume_longue",
        ("presentation_resume",),
        pl.col("presentation_resume").str.len_chars() > SUMMARY_MAX,
        f"{SUMMARY_MAX} caractères au plus",
        "Raccourcissez le résumé ; la présentation détaillée n’a pas cette limite.",
    ),
    warn(
        "courriel_de_personne",
        ("courriels",),
        pl.col("courriels").str.replace_all(_OF_A_PLACE, "").str.contains(_OF_A_PERSON),
        "l’adresse publique du lieu, par exemple contact@exemple.fr",
        "Cette adresse ressemble à celle d’une personne : remplacez-la par celle du lieu, ou effacez-la.",
    ),
    warn(
        "relais_sans_type",
        ("type_acteur", "relais"),
        pl.col("relais").is_in(["oui", "possible"]) & blank("type_acteur"),
        "le type d’un acteur relais : association, travail social, service public ou autre",
        "Complétez le type d’acteur.",
    ),
)


def _finished(people: str, words: str) -> Rule:
    return stop(
        f"termine_{people}_trop_nombreux",
        (f"termine_{people}", f"inscrits_{people}"),
        more_than(f"termine_{people}", f"inscrits_{people}"),
        f"au plus le nombre de {words} inscrits",
        "Vérifiez la feuille de présence : on ne peut pas terminer sans être inscrit.",
    )


FORMATIONS = (_finished("professionnels", "professionnels"), _finished("benevoles", "bénévoles"))
