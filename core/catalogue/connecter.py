"""Axis 2: buildings, the agreement of their residents month by month, the meetings held there."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import sqlalchemy as sa

from core.catalogue.columns import Schema, entier, jour, lieu, liste, mois, montant, oui_non, texte
from core.catalogue.deriving import Columns, blank, hidden, more_than, shown, warn
from core.domain.column_type import Choice
from core.domain.dataset import Dataset, Hand, Reference
from core.domain.indicator import Derived, au

CONVENTION, PASS = "convention bailleur-FAI", "pass-connexion"

MODES = (
    Choice(CONVENTION, "convention bailleur-FAI", "Accord entre le bailleur et le fournisseur d’accès à internet."),
    Choice(PASS, "pass-connexion", "Expérimentation de pass-connexion impulsée par le bailleur."),
)


class Immeubles(Schema):
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


class Raccordements(Schema):
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


class Concertations(Schema):
    """One meeting of residents."""

    code_reunion: pl.String = texte("Code de la réunion", max_length=60)
    date: pl.Date = jour("Date")
    lieu: pl.String = lieu("Lieu")
    code_immeuble: pl.String = texte(
        "Code de l’immeuble", optional=True, help="Vide si la réunion concerne plusieurs immeubles.", max_length=60
    )
    participants: pl.Int64 = entier("Participants", help="Le nombre de personnes présentes, sans les nommer.")


# --- What is judged on one building or one month; cumulated agreements are judged over all months, elsewhere ----


IMMEUBLES_RULES = (
    warn(
        "logements_eligibles_trop_nombreux",
        ("logements_eligibles", "nb_logements"),
        more_than("logements_eligibles", "nb_logements"),
        "au plus le nombre de logements de l’immeuble",
        "Vérifiez les deux nombres.",
        Hand.ASSOCIATION,
    ),
    warn(
        "eligibilite_contradictoire",
        ("logements_eligibles", "eligible_cable"),
        ~pl.col("eligible_cable") & (pl.col("logements_eligibles") > 0),
        "0, ou rien, quand l’immeuble n’est pas éligible",
        "Corrigez l’éligibilité ou le nombre de logements éligibles.",
        Hand.ASSOCIATION,
    ),
    warn(
        "eligibilite_sans_diagnostic",
        ("date_diagnostic", "eligible_cable"),
        pl.col("eligible_cable").is_not_null() & blank("date_diagnostic"),
        "la date du diagnostic, puisque l’éligibilité est connue",
        "Ajoutez la date : sans elle, l’immeuble ne compte pas parmi les immeubles diagnostiqués.",
        Hand.ASSOCIATION,
    ),
    warn(
        "convention_sans_fournisseur",
        ("fai", "date_convention"),
        pl.col("date_convention").is_not_null() & blank("fai") & pl.col("mode").ne_missing(PASS),
        "le fournisseur d’accès, puisqu’une convention est signée avec lui",
        "Ajoutez-le : sans son nom, la convention n’est pas comptée.",
        Hand.ASSOCIATION,
    ),
    warn(
        "prix_en_hausse",
        ("prix_mensuel_apres", "prix_mensuel_avant"),
        more_than("prix_mensuel_apres", "prix_mensuel_avant"),
        "un prix inférieur à celui d’avant",
        "Vérifiez les deux prix ; s’ils sont exacts, expliquez-le dans le relevé.",
        Hand.ASSOCIATION,
    ),
)

RACCORDEMENTS_RULES = (
    warn(
        "transferts_trop_nombreux",
        ("dont_transferts", "mises_en_service"),
        more_than("dont_transferts", "mises_en_service"),
        "au plus le nombre de mises en service",
        "Les transferts sont comptés parmi les mises en service : corrigez l’un des deux nombres.",
        Hand.ASSOCIATION,
    ),
)


# --- Axis 2, « Connecter »: cable offer, landlords, residents' agreement building by building ------


IMMEUBLES = Dataset(
    code="immeubles",
    title="Immeubles",
    schema=Immeubles,
    key=("code_immeuble",),
    description="Une ligne par immeuble : logements, câblage, bailleur, convention, prix. "
    "Le seuil d’accord est fixé par la Métropole, immeuble par immeuble.",
    axis=2,
    date="date_diagnostic",
    events=("date_diagnostic", "date_convention", "date_vote"),
    undated=("bailleur", "residence", "mode", "fai", "prix_mensuel_apres"),
    rules=IMMEUBLES_RULES,
)

RACCORDEMENTS = Dataset(
    code="raccordements",
    title="Raccordements",
    schema=Raccordements,
    key=("code_immeuble", "mois"),
    description="Une ligne par immeuble et par mois : nouveaux accords et nouvelles mises en service de ce mois.",
    axis=2,
    place=None,
    place_through=Reference("code_immeuble", "immeubles"),
    date="mois",
    rules=RACCORDEMENTS_RULES,
    references=(Reference("code_immeuble", "immeubles"),),
)

CONCERTATIONS = Dataset(
    code="concertations",
    title="Concertations",
    schema=Concertations,
    key=("code_reunion",),
    description="Une ligne par réunion d’habitants.",
    axis=2,
    date="date",
    references=(Reference("code_immeuble", "immeubles"),),
)

DATASETS = (IMMEUBLES, RACCORDEMENTS, CONCERTATIONS)


# --- Each building with its cumulated agreements against its threshold, on the day of the figure ----


ROUNDING = 1e-6
"""What a threshold may lack: 8.8 % of 375 dwellings, 33 of them, is a little more than 33 for a computer."""


def eligible_dwellings(building: Columns) -> sa.ColumnElement[object]:
    """The dwellings that can receive the cable offer: as declared, else all of an eligible building, else none.

    ``building`` gives its columns by name: a table's ``.c``, or ``col``'s answers.
    """
    return sa.case(
        (building["eligible_cable"].is_(False), 0),
        (building["logements_eligibles"].is_not(None), building["logements_eligibles"]),
        (building["eligible_cable"].is_(True), building["nb_logements"]),
        else_=0,
    )


def _same_building(one: sa.FromClause, other: sa.FromClause) -> sa.ColumnElement[bool]:
    return sa.and_(one.c["_association"] == other.c["_association"], one.c.code_immeuble == other.c.code_immeuble)


def _totals(months: sa.FromClause) -> sa.Subquery:
    """Agreements and connections of each building, up to the day of the figure."""
    building = (months.c["_association"], months.c.code_immeuble)
    return (
        sa.select(
            *building,
            sa.func.sum(months.c.accords).label("accords"),
            sa.func.sum(months.c.mises_en_service).label("mises_en_service"),
            sa.func.max(months.c.mois).label("dernier_mois"),
        )
        .where(months.c.mois <= au)
        .group_by(*building)
        .subquery("totaux")
    )


def _reached(buildings: sa.FromClause, months: sa.FromClause) -> sa.Subquery:
    """The month in which the cumulated agreements of each building first met its threshold."""
    building = (months.c["_association"], months.c.code_immeuble)
    so_far = sa.func.sum(months.c.accords).over(partition_by=building, order_by=months.c.mois)
    growing = sa.select(*building, months.c.mois, so_far.label("cumul")).subquery("cumuls")
    return (
        sa.select(growing.c["_association"], growing.c.code_immeuble, sa.func.min(growing.c.mois).label("mois"))
        .join_from(growing, buildings, _same_building(growing, buildings))
        .where(growing.c.cumul >= buildings.c.seuil - ROUNDING, growing.c.mois <= au)
        .group_by(growing.c["_association"], growing.c.code_immeuble)
        .subquery("atteints")
    )


def _with_threshold(buildings: sa.FromClause, thresholds: sa.FromClause) -> sa.Subquery:
    """The buildings with the number of agreements that each needs; null where nothing was decided."""
    share = thresholds.c.part * buildings.c.nb_logements / 100.0
    needed = sa.func.coalesce(sa.cast(thresholds.c.nombre, sa.Double), share)
    same = sa.and_(
        thresholds.c.association == buildings.c["_association"],
        thresholds.c.code_immeuble == buildings.c.code_immeuble,
    )
    columns = shown(
        buildings, "code_immeuble", "lieu", "bailleur", "nb_logements", "eligible_cable", "date_diagnostic", "mode"
    )
    return (
        sa.select(
            *hidden(buildings),
            *columns,
            eligible_dwellings(buildings.c).label("logements_eligibles"),
            needed.label("seuil"),
        )
        .select_from(buildings.outerjoin(thresholds, same))
        .subquery("immeubles_et_seuils")
    )


def _against_threshold(tables: Mapping[str, sa.FromClause]) -> sa.Select[object]:
    buildings = _with_threshold(tables["immeubles"], tables["seuils"])
    months = tables["raccordements"]
    totals, reached = _totals(months), _reached(buildings, months)
    joined = buildings.outerjoin(totals, _same_building(totals, buildings)).outerjoin(
        reached, _same_building(reached, buildings)
    )
    return sa.select(
        *(column.label(column.key) for column in buildings.c),
        sa.func.coalesce(totals.c.accords, 0).label("accords"),
        sa.func.coalesce(totals.c.mises_en_service, 0).label("mises_en_service"),
        totals.c.dernier_mois.label("dernier_mois"),
        reached.c.mois.label("seuil_atteint"),
    ).select_from(joined)


BUILDINGS = Derived(
    "immeubles_au_seuil",
    "Immeubles, accords et seuils",
    ("immeubles", "raccordements", "seuils"),
    _against_threshold,
    compared={"raccordements": "mois"},
)
"""``seuil``: agreements needed (null: not fixed); ``seuil_atteint``: the month it was met (null: not yet);
``dernier_mois``: the last month reported for the building (null: none)."""
