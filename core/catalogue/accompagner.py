"""Axis 3: places and people of digital mediation, training sessions, support, visits."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from importlib import resources
from types import MappingProxyType

import polars as pl
import sqlalchemy as sa

from core.catalogue import places
from core.catalogue.columns import Schema, code_commune, decimal, entier, jour, lieu, liste, mois, texte
from core.catalogue.deriving import blank, hidden, more_than, not_matching, outside, shown, stop, warn
from core.domain.column_type import Choice
from core.domain.dataset import Dataset, Hand, Rule
from core.domain.french import fold
from core.domain.indicator import Derived, au

ACTOR_TYPES = (
    Choice("association", "association", "Structure associative."),
    Choice("travail social", "travail social", "Service ou centre social."),
    Choice("service public", "service public", "Mairie, caisse, agence, bibliothèque…"),
    Choice("autre", "autre", "Aucun des trois."),
)
RELAYS = (
    Choice("oui", "oui", "Reçoit du matériel ou accompagne les habitants."),
    Choice("possible", "possible", "Pourrait devenir acteur relais."),
    Choice("non", "non", "N’est pas acteur relais."),
)
ACTIONS = (
    Choice("visite technique", "visite technique", "Visite d’un immeuble ou d’un atelier."),
    Choice("dépôt relais", "dépôt relais", "Matériel déposé chez un acteur relais."),
    Choice("mise en relation", "mise en relation", "Deux structures mises en contact."),
    Choice("autre", "autre", "Aucune des trois."),
)
_SEVERAL = "Plusieurs valeurs se séparent par « | » ; la liste est celle du standard national."


class Acteurs(Schema):
    """One place or body of digital mediation, in the columns of the national standard."""

    id: pl.String = texte("Identifiant", help="Identifiant du lieu dans votre fichier ; il ne change pas.")
    pivot: pl.String = texte("SIRET ou RNA", optional=True, help="Le numéro de la structure : SIRET, RNA ou RIDET.")
    nom: pl.String = texte("Nom de la structure", optional=True, help="Le nom du lieu ou de la structure.")
    commune: pl.String = texte("Commune", optional=True)
    code_postal: pl.String = texte("Code postal", optional=True)
    code_insee: pl.String = code_commune("Code INSEE", optional=True)
    adresse: pl.String = texte("Adresse", optional=True, help="L’adresse publique du lieu.")
    complement_adresse: pl.String = texte("Complément d’adresse", optional=True)
    latitude: pl.Float64 = decimal("Latitude", optional=True)
    longitude: pl.Float64 = decimal("Longitude", optional=True)
    typologie: pl.String = texte("Typologie", optional=True, help="Codes du standard (ASSO, CCAS…), séparés par « | ».")
    telephone: pl.String = texte(
        "Téléphone public",
        optional=True,
        help="Le téléphone public du lieu, pas celui d’une personne.",
        personal_exempt=True,
    )
    courriels: pl.String = texte(
        "Courriels publics",
        optional=True,
        help="L’adresse publique du lieu (« contact@… »), pas celle d’une personne.",
        personal_exempt=True,
    )
    site_web: pl.String = texte("Site web", optional=True, max_length=1000)
    horaires: pl.String = texte("Horaires", optional=True, help="Au format OpenStreetMap.", max_length=1000)
    presentation_resume: pl.String = texte("Présentation résumée", optional=True, max_length=2000)
    presentation_detail: pl.String = texte("Présentation détaillée", optional=True, max_length=10_000)
    source: pl.String = texte("Source", optional=True, help="La structure qui a recueilli la fiche.")
    itinerance: pl.String = texte("Itinérance", optional=True, help=_SEVERAL)
    structure_parente: pl.String = texte("Structure parente", optional=True)
    date_maj: pl.Date = jour("Date de mise à jour", optional=True, help="Le jour où la fiche a été vérifiée.")
    services: pl.String = texte("Services", optional=True, help=_SEVERAL, max_length=2000)
    publics_specifiquement_adresses: pl.String = texte(
        "Publics spécifiquement adressés", optional=True, help=_SEVERAL, max_length=1000
    )
    prise_en_charge_specifique: pl.String = texte(
        "Prise en charge spécifique", optional=True, help=_SEVERAL, max_length=1000
    )
    frais_a_charge: pl.String = texte("Frais à charge", optional=True, help=_SEVERAL)
    dispositif_programmes_nationaux: pl.String = texte(
        "Dispositifs et programmes nationaux", optional=True, help=_SEVERAL, max_length=1000
    )
    formations_labels: pl.String = texte("Formations et labels", optional=True, help=_SEVERAL, max_length=1000)
    autres_formations_labels: pl.String = texte("Autres formations et labels", optional=True, max_length=1000)
    modalites_acces: pl.String = texte("Modalités d’accès", optional=True, help=_SEVERAL, max_length=1000)
    modalites_accompagnement: pl.String = texte(
        "Modalités d’accompagnement", optional=True, help=_SEVERAL, max_length=1000
    )
    fiche_acces_libre: pl.String = texte("Fiche Accès libre", optional=True, max_length=1000)
    prise_rdv: pl.String = texte("Prise de rendez-vous", optional=True, max_length=1000)
    type_acteur: pl.String = liste("Type d’acteur", ACTOR_TYPES, optional=True)
    relais: pl.String = liste("Acteur relais", RELAYS, optional=True)


class Formations(Schema):
    """One training session and how many people finished it; nobody is named."""

    code_session: pl.String = texte("Code de la session", max_length=60)
    date: pl.Date = jour("Date", help="Le premier jour de la session.")
    duree_jours: pl.Int64 = entier("Durée en jours", at_least=1, at_most=3, help="1, 2 ou 3 jours.")
    commune: pl.String = lieu("Commune ou quartier")
    inscrits_professionnels: pl.Int64 = entier("Professionnels inscrits")
    inscrits_benevoles: pl.Int64 = entier("Bénévoles inscrits")
    termine_professionnels: pl.Int64 = entier("Professionnels ayant terminé")
    termine_benevoles: pl.Int64 = entier("Bénévoles ayant terminé")
    modules: pl.String = texte("Modules", optional=True, help="Plusieurs modules se séparent par « | ».")


class Accompagnements(Schema):
    """What one structure did at one place during one month, in counts only."""

    lieu: pl.String = lieu("Lieu")
    mois: pl.Date = mois("Mois")
    structure: pl.String = texte("Structure", optional=True, max_length=120)
    individuels: pl.Int64 = entier("Accompagnements individuels")
    participations_ateliers: pl.Int64 = entier(
        "Participations aux ateliers", help="Un atelier de 10 personnes compte pour 10."
    )
    ateliers: pl.Int64 = entier("Ateliers", optional=True)
    beneficiaires_suivis: pl.Int64 = entier("Bénéficiaires suivis", optional=True)
    beneficiaires_anonymes: pl.Int64 = entier(
        "Bénéficiaires anonymes", optional=True, help="Un accompagnement anonyme compte pour un bénéficiaire."
    )
    orientations: pl.Int64 = entier("Orientations", optional=True, help="Vers une autre structure.")


class Appuis(Schema):
    """One action of support to an experiment of another association."""

    code_appui: pl.String = texte("Code de l’appui", max_length=60)
    date: pl.Date = jour("Date")
    lieu: pl.String = lieu("Lieu")
    axe: pl.Int64 = entier("Axe", at_least=1, at_most=2, help="1 (équiper) ou 2 (connecter).")
    action: pl.String = liste("Action", ACTIONS)
    structure: pl.String = texte("Structure", optional=True, max_length=120)


# --- The national standard of mediation places, as data: its columns, what it requires, its value lists ----
# Source: La MedNum, « lieux de médiation numérique » 1.0.2, Licence Ouverte 2.0.


_DOCUMENT = json.loads(resources.files(__package__).joinpath("mednum.json").read_text(encoding="utf-8"))

COLUMNS: tuple[str, ...] = tuple(_DOCUMENT["champs"])
"""The 32 columns, in the official order."""

REQUIRED: tuple[str, ...] = tuple(_DOCUMENT["obligatoires"])
"""The columns that the standard wants filled."""

LISTS = MappingProxyType({name: tuple(values) for name, values in _DOCUMENT["listes"].items()})
"""The values that the standard allows, for each column that has a list."""

PATTERNS = MappingProxyType(
    {
        "pivot": r"[a-zA-Z0-9]{9,14}",
        "code_postal": r"\d{5}",
        "code_insee": r"(?:[013-9]\d|2[AB1-9])\d{3}",
        "telephone": r"\+(?:33|590|594|262|596|269|687|689|508|681)\d{6,9}",
    }
)
"""The forms that the standard imposes on a text, without the anchors."""

SUMMARY_MAX = 280
"""The length of ``presentation_resume``, in characters."""


# --- What is judged on one actor or one session ----------------------------------------------------
# What the national standard requires only warns here: refused rows could not be counted, and
# the quality of the mapping is itself a figure (AC2).


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
        Hand.ASSOCIATION,
    )


def _shape(column: str) -> Rule:
    expected, remedy = _WORDS[column]
    return warn(
        f"{column}_forme", (column,), not_matching(column, PATTERNS[column]), expected, remedy, Hand.ASSOCIATION
    )


def _listed(column: str) -> Rule:
    return warn(
        f"{column}_hors_liste",
        (column,),
        outside(column, LISTS[column]),
        "des valeurs de la liste nationale, séparées par « | »",
        "Choisissez dans la liste du dictionnaire des données.",
        Hand.ASSOCIATION,
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


def _disagreeing(column: str, is_own: Callable[[places.KnownPlace, str], bool]) -> pl.Expr:
    """True where the code of ``column`` is not one of the commune that the row names."""

    def strange(pairs: pl.Series) -> pl.Series:
        found = {}
        for one in pairs.unique().to_list():
            place = _commune_named(one["name"]) if one["name"] and one["code"] else None
            found[one["name"], one["code"]] = place is not None and not is_own(place, one["code"])
        return pl.Series([found[one["name"], one["code"]] for one in pairs.to_list()], dtype=pl.Boolean)

    pair = pl.struct(pl.col("commune").alias("name"), pl.col(column).alias("code"))
    return pair.map_batches(strange, return_dtype=pl.Boolean)


def _commune_named(text: str) -> places.KnownPlace | None:
    insee = places.commune_of(text)
    return places.communes().get(insee) if insee else None


def _is_its_insee(commune: places.KnownPlace, code: str) -> bool:
    """Its own code; for Marseille, those of its arrondissements too."""
    return code == commune.insee or (commune.insee == "13055" and code.startswith("132"))


def _is_its_postal(commune: places.KnownPlace, code: str) -> bool:
    return code in commune.postal_codes


ACTEURS_RULES = (
    *(_missing(column) for column in REQUIRED if column != "id"),
    *(_shape(column) for column in PATTERNS),
    *(_listed(column) for column in LISTS),
    warn(
        "commune_hors_metropole",
        ("commune", "code_insee"),
        _outside_the_92(),
        "une des 92 communes de la Métropole",
        "Vérifiez la commune et son code INSEE ; un lieu d’ailleurs est gardé, mais ne figure sur aucune commune.",
        Hand.ASSOCIATION,
    ),
    *(
        warn(
            f"commune_et_{column}",
            (column, "commune"),
            _disagreeing(column, is_own),
            f"le {word} de la commune nommée",
            "Le nom et le code ne disent pas la même commune : corrigez celui qui est faux.",
            Hand.ASSOCIATION,
        )
        for column, word, is_own in (
            ("code_insee", "code INSEE", _is_its_insee),
            ("code_postal", "code postal", _is_its_postal),
        )
    ),
    warn(
        "presentation_resume_longue",
        ("presentation_resume",),
        pl.col("presentation_resume").str.len_chars() > SUMMARY_MAX,
        f"{SUMMARY_MAX} caractères au plus",
        "Raccourcissez le résumé ; la présentation détaillée n’a pas cette limite.",
        Hand.ASSOCIATION,
    ),
    warn(
        "courriel_de_personne",
        ("courriels",),
        pl.col("courriels").str.replace_all(_OF_A_PLACE, "").str.contains(_OF_A_PERSON),
        "l’adresse publique du lieu, par exemple contact@exemple.fr",
        "Cette adresse ressemble à celle d’une personne : remplacez-la par celle du lieu, ou effacez-la.",
        Hand.ASSOCIATION,
    ),
    warn(
        "relais_sans_type",
        ("type_acteur", "relais"),
        pl.col("relais").is_in(["oui", "possible"]) & blank("type_acteur"),
        "le type d’un acteur relais : association, travail social, service public ou autre",
        "Complétez le type d’acteur.",
        Hand.ASSOCIATION,
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


FORMATIONS_RULES = (_finished("professionnels", "professionnels"), _finished("benevoles", "bénévoles"))


# --- Axis 3, « Accompagner »: who helps, who learns to help, and how many people were helped -------
# The commitments « cartographie des acteurs » and « formation » bind every association, so
# these datasets belong to every axis: an association hands them in wherever it has a place.


ACTEURS = Dataset(
    code="acteurs",
    title="Acteurs",
    schema=Acteurs,
    key=("id",),
    description="Une ligne par lieu ou structure de médiation numérique, aux colonnes du standard national. "
    "Ce que le standard exige est ici un avertissement, jamais un refus.",
    place="code_insee",
    date="date_maj",
    refreshed="date_maj",
    rules=ACTEURS_RULES,
)

FORMATIONS = Dataset(
    code="formations",
    title="Formations",
    schema=Formations,
    key=("code_session",),
    description="Une ligne par session : durée, inscrits, personnes ayant terminé.",
    place="commune",
    date="date",
    rules=FORMATIONS_RULES,
)

ACCOMPAGNEMENTS = Dataset(
    code="accompagnements",
    title="Accompagnements",
    schema=Accompagnements,
    key=("lieu", "mois", "structure"),
    description="Une ligne par lieu, mois et structure. Un atelier de 10 personnes compte pour "
    "10 accompagnements ; les bénéficiaires de deux associations peuvent être les mêmes personnes.",
    date="mois",
    optional=True,
)

APPUIS = Dataset(
    code="appuis",
    title="Appuis",
    schema=Appuis,
    key=("code_appui",),
    description="Une ligne par action d’appui aux expérimentations des autres associations.",
    date="date",
    programme_wide=True,
)

DATASETS = (ACTEURS, FORMATIONS, ACCOMPAGNEMENTS, APPUIS)


# --- The actors with the day on which each is known to have been listed ----------------------------


def _dated(tables: Mapping[str, sa.FromClause]) -> sa.Select[object]:
    """An actor is dated by its last update; one without a date counts on the day of the figure."""
    actor = tables["acteurs"]
    listed = sa.func.coalesce(actor.c.date_maj, au)
    columns = shown(actor, *REQUIRED, "code_insee", "type_acteur", "relais")
    return sa.select(*hidden(actor), *columns, sa.type_coerce(listed, sa.Date).label("date_recensement"))


LISTED = Derived("acteurs_recenses", "Acteurs recensés", ("acteurs",), _dated, by_row=True)
