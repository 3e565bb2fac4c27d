"""What belongs to every axis: needs, communication, milestones, money spent, accounts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import polars as pl
import sqlalchemy as sa

from core.catalogue.accompagner import DATASETS as ACCOMPAGNER
from core.catalogue.accompagner import REQUIRED as NATIONAL
from core.catalogue.columns import Schema, annee, compte, entier, jour, lieu, ligne, liste, mois, montant, texte
from core.catalogue.connecter import DATASETS as CONNECTER
from core.catalogue.deriving import blank, hidden, more_than, stop, warn
from core.catalogue.equiper import DATASETS as EQUIPER
from core.catalogue.equiper import FAMILY, OTHER_ASSOCIATION, SCREEN
from core.deliberation import LINES
from core.domain.calendar import day_in_france
from core.domain.column_type import Choice
from core.domain.dataset import Dataset, Hand, Rule
from core.domain.indicator import Derived, col
from core.domain.observation import Cell, Freshness, Progress

CHANNELS = ("affichage", "porte-à-porte", "réunion", "presse", "en ligne", "autre")
STATUSES = (
    Choice("En cours", "En cours", "Commencé, et dans les temps."),
    Choice("En retard", "En retard", "La date prévue est passée, ou ne sera pas tenue."),
    Choice("En pause", "En pause", "Arrêté pour un temps, par choix."),
    Choice("Bloqué", "Bloqué", "Arrêté par une cause extérieure ; la cause est écrite."),
    Choice("Abandonné", "Abandonné", "Ne sera pas fait ; la cause est écrite."),
    Choice("Terminé", "Terminé", "Fait, à la date réelle."),
)


class Diagnostics(Schema):
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


class Communication(Schema):
    """One action to make the programme known to residents."""

    code_action: pl.String = texte("Code de l’action", max_length=60)
    date: pl.Date = jour("Date")
    lieu: pl.String = lieu("Lieu")
    canal: pl.String = liste("Canal", CHANNELS)
    personnes_touchees: pl.Int64 = entier("Personnes touchées", optional=True, help="Une estimation suffit.")


class Jalons(Schema):
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


class DepensesADate(Schema):
    """What was spent on one subsidy line, from the start to one day."""

    ligne_subvention: pl.String = ligne("Ligne de subvention")
    date: pl.Date = jour("Date", help="Le jour auquel le montant est arrêté.")
    montant: pl.Int64 = montant("Montant dépensé", help="Dépensé sur la subvention depuis le début, jusqu’à ce jour.")


class Comptes(Schema):
    """One account of the financial report of one line, for one accounting year."""

    ligne_subvention: pl.String = ligne("Ligne de subvention")
    exercice: pl.Int64 = annee("Exercice", help="L’année où l’exercice se termine.")
    compte: pl.String = compte("Compte", help="Le code d’une ligne de détail du Cerfa 15059 ; ni titre ni total.")
    prevision: pl.Int64 = montant("Prévision", optional=True)
    realisation: pl.Int64 = montant("Réalisation", optional=True)


# --- What is judged on one row that belongs to every axis ------------------------------------------


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


DIAGNOSTICS_RULES = (
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

JALONS_RULES = (
    warn(
        "jalon_termine_sans_date",
        ("date_reelle", "statut"),
        (pl.col("statut") == "Terminé") & blank("date_reelle"),
        "la date à laquelle le jalon a été atteint",
        "Ajoutez la date réelle.",
        Hand.ASSOCIATION,
    ),
    warn(
        "jalon_sans_cause",
        ("cause", "statut"),
        _stopped & blank("cause"),
        "la cause, quand un jalon est en retard, bloqué ou abandonné",
        "Écrivez la cause en une phrase, et la prochaine action.",
        Hand.ASSOCIATION,
    ),
)

DEPENSES = (
    warn(
        "depense_superieure_au_vote",
        ("montant", "ligne_subvention"),
        pl.col("montant") > _voted,
        "au plus le montant voté pour la ligne",
        "N’inscrivez que ce qui est dépensé sur la subvention de la Métropole.",
        Hand.COMMITTEE,
    ),
)

COMPTES_RULES = (
    warn(
        "compte_vide",
        ("prevision", "realisation"),
        blank("prevision") & blank("realisation"),
        "une prévision, une réalisation, ou les deux",
        "Complétez la ligne, ou retirez-la.",
        Hand.ASSOCIATION,
    ),
)


# --- What every association hands in, whatever its axes --------------------------------------------


DIAGNOSTICS = Dataset(
    code="diagnostics",
    title="Diagnostics des besoins",
    schema=Diagnostics,
    key=("lieu", "mois", "structure"),
    description="Une ligne par lieu, mois et structure : combien de diagnostics, combien de besoins de chaque sorte. "
    "Anonymal, chargée de centraliser les diagnostics, les lit tous.",
    date="mois",
    rules=DIAGNOSTICS_RULES,
)

COMMUNICATION = Dataset(
    code="communication",
    title="Communication",
    schema=Communication,
    key=("code_action",),
    description="Une ligne par action de communication auprès des habitants.",
    date="date",
)

JALONS = Dataset(
    code="jalons",
    title="Jalons",
    schema=Jalons,
    key=("code_jalon",),
    description="Une ligne par étape prévue. Le lieu, facultatif, dit à quelle expérimentation elle appartient "
    "quand l’association en mène plusieurs ; l’axe, facultatif, dit lequel est concerné.",
    date="date_reelle",
    events=("date_reelle",),
    rules=JALONS_RULES,
    optional=True,
)

DEPENSES_A_DATE = Dataset(
    code="depenses_a_date",
    title="Dépenses à date",
    schema=DepensesADate,
    key=("ligne_subvention", "date"),
    description="Une ligne par ligne de subvention et par date : ce qui est dépensé depuis le début.",
    place=None,
    date="date",
    programme_wide=True,
    rules=DEPENSES,
)

COMPTES = Dataset(
    code="comptes",
    title="Comptes de l’action",
    schema=Comptes,
    key=("ligne_subvention", "exercice", "compte"),
    description="Une ligne par compte et par exercice, aux lignes du compte rendu financier (Cerfa 15059). "
    "Le budget prévu est équilibré ; le réalisé peut laisser un reliquat, qui est alors nommé.",
    place=None,
    programme_wide=True,
    rules=COMPTES_RULES,
    cadence="exercice",
)

DATASETS = (DIAGNOSTICS, COMMUNICATION, JALONS, DEPENSES_A_DATE, COMPTES)


# --- TR5a: which cells each dataset expects, and how many are filled -------------------------------
# A cell is expected when its column is required, or when the row's own status implies it: a
# refurbished computer implies a proof of erasure, a diagnosed building its eligibility.


_status = col("statut")
_computer = col("type") != SCREEN
_here = sa.func.coalesce(col("provenance"), "") != OTHER_ASSOCIATION
_ready = _status.in_(("reconditionné", "transféré", "remis"))
_tested = sa.or_(_ready, _status.in_(("testé", "recyclé")))
_handed_over = _status == "remis"

IMPLIED: Mapping[str, Mapping[str, sa.ColumnElement[bool]]] = {
    "materiel": {
        "provenance": _status != "cédé",
        "date_reception": _status != "cédé",
        "date_test": sa.and_(_tested, _here),
        "resultat_test": sa.and_(_tested, _here),
        "preuve_effacement": sa.and_(_ready, _computer),
        "date_reconditionnement": sa.and_(_ready, _here),
        "transfere_a": _status == "transféré",
        "date_transfert": _status == "transféré",
        "date_remise": _handed_over,
        "lieu": _handed_over,
        "type_beneficiaire": _handed_over,
        "en_qpv": sa.and_(_handed_over, col("type_beneficiaire") == FAMILY),
    },
    "immeubles": {
        "eligible_cable": col("date_diagnostic").is_not(None),
        "date_diagnostic": col("eligible_cable").is_not(None),
        "fai": col("date_convention").is_not(None),
    },
    "acteurs": {name: sa.true() for name in NATIONAL if name != "id"},
    "jalons": {
        "date_reelle": _status == "Terminé",
        "cause": _status.in_(("En retard", "Bloqué", "Abandonné")),
        "prochaine_action": _status.in_(("En retard", "Bloqué")),
    },
}
"""The optional columns that a row's own state makes expected, by dataset."""


def _counts(dataset: Dataset, table: sa.FromClause) -> sa.Select[object]:
    """Each row with the number of cells that it should fill, and of those that it fills."""
    required = sum(column.required for column in dataset.columns)
    implied = {name: _bound(condition, table) for name, condition in IMPLIED.get(dataset.code, {}).items()}
    wanted = (sa.case((condition, 1), else_=0) for condition in implied.values())
    given = (
        sa.case((sa.and_(condition, table.c[name].is_not(None)), 1), else_=0) for name, condition in implied.items()
    )
    return sa.select(
        *hidden(table),
        sa.literal(dataset.title, sa.Text).label("jeu"),
        _added(required, wanted).label("attendus"),
        _added(required, given).label("remplis"),
    )


def _added(start: int, terms: Iterable[sa.ColumnElement[int]]) -> sa.ColumnElement[int]:
    total: sa.ColumnElement[int] = sa.literal(start, sa.Integer)
    for term in terms:
        total = total + term
    return total


def _bound(condition: sa.ColumnElement[bool], table: sa.FromClause) -> sa.ColumnElement[bool]:
    def own(element: Any, **_options: Any) -> object:
        loose = isinstance(element, sa.ColumnClause) and not element.is_literal and element.table is None
        return table.c[element.name] if loose else None

    return sa.sql.visitors.replacement_traverse(condition, {}, own)


_COUNTED = tuple(dataset for dataset in (*EQUIPER, *CONNECTER, *ACCOMPAGNER, *DATASETS) if not dataset.programme_wide)


def _cells(tables: Mapping[str, sa.FromClause]) -> sa.CompoundSelect[*tuple[object, ...]]:
    return sa.union_all(*(_counts(dataset, tables[dataset.code]) for dataset in _COUNTED))


CELLS = Derived("champs_attendus", "Champs attendus", tuple(dataset.code for dataset in _COUNTED), _cells, by_row=True)


# --- The two figures that are made from other figures: TR4 and TR5b --------------------------------


_FINE = frozenset({Progress.AHEAD, Progress.ON_TIME})

Parts = tuple[float | None, float | None]
"""Numerator and denominator; a denominator of None for a plain number."""


def on_time(cells: Mapping[str, Cell], _freshness: Freshness, _until: date) -> Parts:
    """How many figures are on time or ahead, among those that have a target."""
    judged = [cell.standing for cell in cells.values() if cell.standing.target is not None]
    fine = [standing for standing in judged if standing.progress in _FINE]
    return float(len(fine)), float(len(judged))


def days_since_deposit(_cells: Mapping[str, Cell], freshness: Freshness, today: date) -> Parts:
    """Days from the last deposit to the day from which it is looked at; None when nothing was ever deposited."""
    if freshness.deposited is None:
        return None, None
    return float(max(0, (today - day_in_france(freshness.deposited)).days)), None


# --- The accounts of each line and accounting year, beside the subsidy that pays for a part of them ----


def _with_accounts(tables: Mapping[str, sa.FromClause]) -> sa.Select[object]:
    """One row per line (per part, when a key divides it) and accounting year whose products are known.

    Products are accounts 70 to 78 and the association's own resources; voluntary
    contributions (87) are told apart and never added.
    """
    accounts, voted = tables["comptes"], tables["lignes"]
    is_product = sa.or_(accounts.c.compte.like("7%"), accounts.c.compte == "prop")
    products = (
        sa.select(
            accounts.c.ligne_subvention,
            accounts.c.exercice,
            sa.cast(sa.func.sum(accounts.c.realisation), sa.BigInteger).label("produits"),
        )
        .where(is_product, accounts.c.realisation.is_not(None))
        .group_by(accounts.c.ligne_subvention, accounts.c.exercice)
        .subquery("produits")
    )
    whole = sa.func.sum(voted.c.montant).over(partition_by=voted.c.ligne)
    parts = sa.select(voted, sa.cast(whole, sa.BigInteger).label("vote")).subquery("parts")
    return sa.select(
        (parts.c["_key"] + "|" + sa.cast(products.c.exercice, sa.Text)).label("_key"),
        parts.c["_association"].label("_association"),
        parts.c["_experiment"].label("_experiment"),
        parts.c["_place"].label("_place"),
        parts.c.ligne.label("ligne"),
        products.c.exercice.label("exercice"),
        parts.c.montant.label("montant"),
        (products.c.produits * parts.c.montant // parts.c.vote).label("realisation"),
    ).join_from(parts, products, products.c.ligne_subvention == parts.c.ligne)


ACCOUNTS = Derived("subvention_et_produits", "Subvention et produits", ("comptes", "lignes"), _with_accounts)
