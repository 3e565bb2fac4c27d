"""What the project lead records: targets, periods, thresholds, keys, payments, documents, agreements."""

from __future__ import annotations

from typing import Any

import polars as pl

from core.catalogue.columns import (
    Schema,
    annee,
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
from core.catalogue.columns import siret as numero_siret
from core.catalogue.deriving import blank, stop, warn
from core.catalogue.equiper import CEILING_RULE
from core.deliberation import ACT, ASSOCIATIONS, EQUIPMENT, LINES
from core.domain import french
from core.domain.column_type import Choice
from core.domain.dataset import Dataset, Hand, Rule

BODIES = tuple(Choice(code, body.name) for code, body in ASSOCIATIONS.items())
REPAYMENT = "reversement"
"""What an association gives back: a payment of the other sense, whose amount is negative."""
BALANCE, FINANCIAL_REPORT = "solde", "compte rendu financier"
PAYMENTS = (
    Choice("avance", "avance", "Versée avant les dépenses."),
    Choice("acompte", "acompte", "Versé en cours d’action."),
    Choice(BALANCE, BALANCE, "Versé au vu du compte rendu financier."),
    Choice("versement unique", "versement unique", "La totalité en une fois."),
    Choice(REPAYMENT, REPAYMENT, "Rendu par l’association à la Métropole : le montant s’écrit avec le signe moins."),
)
DOCUMENTS = (FINANCIAL_REPORT, "rapport d’activité", "comptes approuvés")
DIRECTIONS = (
    Choice("hausse", "hausse", "Plus le nombre est grand, mieux c’est."),
    Choice("baisse", "baisse", "Le nombre ne doit pas être dépassé."),
)
LEFTOVERS = (
    Choice("conservé", "conservé", "L’association garde ce qui n’est pas dépensé."),
    Choice("à reverser", "à reverser", "L’association rend ce qui n’est pas dépensé."),
)
_DECISION = "La décision qui le fixe, par exemple « Comité du 14 octobre 2021 »."
_DECIDED = "Le jour de la décision ; vide : le jour où la ligne a été saisie. Avant ce jour, rien n’est jugé par elle."
_CODE = r"[a-z0-9]+(?:-[a-z0-9]+)*"


class Objectifs(Schema):
    """A number to reach on a day, for one experiment or for the whole programme."""

    experience: pl.String = experience("Expérimentation", optional=True, help="Vide : tout le programme.")
    indicateur: pl.String = texte("Indicateur", help="Le code, par exemple EQ5a.", max_length=20, names="indicator")
    valeur: pl.Float64 = decimal("Valeur à atteindre", at_least=0, example="30")
    echeance: pl.Date = jour("Échéance")
    sens: pl.String = liste("Sens", DIRECTIONS, optional=True, help="Vide : le sens de l’indicateur.")
    decision: pl.String = texte("Décision", help=_DECISION)
    decide_le: pl.Date = jour("Décidé le", optional=True, help=_DECIDED)


class ValeursDepart(Schema):
    """Where a figure stood before the start."""

    experience: pl.String = experience("Expérimentation", optional=True, help="Vide : tout le programme.")
    indicateur: pl.String = texte("Indicateur", help="Le code, par exemple EQ5a.", max_length=20, names="indicator")
    valeur: pl.Float64 = decimal("Valeur de départ", at_least=0, example="12")
    date: pl.Date = jour("Date", help="Le jour auquel la valeur a été relevée.")
    source: pl.String = texte("Source", optional=True)


class Periodes(Schema):
    """A period for which figures are due, and the day by which they are expected."""

    code: pl.String = texte(
        "Code", pattern=r"\d{4}-(?:T[1-4]|\d{2})", help="2021-T3 ou 2021-09.", max_length=10, names="period"
    )
    debut: pl.Date = jour("Début")
    fin: pl.Date = jour("Fin")
    echeance: pl.Date = jour("Échéance", help="Le relevé est attendu au plus tard ce jour-là.")


class DatesExperimentations(Schema):
    """When an experiment starts and ends."""

    experience: pl.String = experience("Expérimentation")
    debut: pl.Date = jour("Début")
    fin: pl.Date = jour("Fin")


class Seuils(Schema):
    """The least agreement that one building must reach, by share or by number of dwellings."""

    association: pl.String = texte(
        "Association", pattern=_CODE, help="L’association qui suit l’immeuble.", names="association"
    )
    code_immeuble: pl.String = texte("Code de l’immeuble", help="Le mot de l’association.", max_length=60)
    part: pl.Float64 = decimal(
        "Part des logements",
        optional=True,
        at_least=0,
        at_most=100,
        example="50",
        help="En pourcentage ; ou bien un nombre.",
    )
    nombre: pl.Int64 = entier("Nombre de logements", optional=True, help="Ou bien une part.")
    decision: pl.String = texte("Décision", help=_DECISION)
    decide_le: pl.Date = jour("Décidé le", optional=True, help=_DECIDED)


class Cles(Schema):
    """The part of a subsidy line that falls to one experiment."""

    ligne: pl.String = ligne("Ligne de subvention")
    experience: pl.String = experience("Expérimentation")
    part: pl.Float64 = decimal(
        "Part", at_least=0, at_most=100, example="50", help="En pourcentage ; les parts font 100."
    )
    decision: pl.String = texte("Décision", help=_DECISION)
    date: pl.Date = jour("Date de la décision")


class Conventions(Schema):
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


class Versements(Schema):
    """One payment of the Métropole on one line."""

    reference: pl.String = texte("Référence", help="Le numéro du mandat.", max_length=60)
    ligne: pl.String = ligne("Ligne de subvention")
    date: pl.Date = jour("Date")
    montant: pl.Int64 = montant("Montant", at_least=None, help="Un reversement s’écrit avec le signe moins.")
    nature: pl.String = liste("Nature", PAYMENTS)


class Pieces(Schema):
    """One document that an association owes for an accounting year, and when it came."""

    association: pl.String = liste("Association", BODIES)
    ligne: pl.String = ligne("Ligne de subvention", optional=True, help="Vide : toutes celles de l’association.")
    type: pl.String = liste("Type", DOCUMENTS)
    exercice: pl.Int64 = annee("Exercice", help="L’année où l’exercice se termine.")
    echeance: pl.Date = jour("Échéance")
    recue_le: pl.Date = jour("Reçue le", optional=True)


class Autorisations(Schema):
    """One dataset that an association may hand in at a place where it runs no experiment."""

    association: pl.String = texte("Association", pattern=_CODE, names="association")
    dataset: pl.String = texte(
        "Jeu de données", pattern=r"[a-z0-9_]+", help="Par exemple « immeubles ».", names="dataset"
    )
    lieu: pl.String = lieu("Lieu")


class AnnexeMateriel(Schema):
    """One machine of the annex to the deliberation: the Métropole's own description of it."""

    numero_inventaire: pl.String = texte("Numéro d’inventaire", max_length=60)
    type: pl.String = liste("Type", ("ordinateur fixe", "ordinateur portable", "écran"))
    numero_serie: pl.String = texte("Numéro de série", optional=True, max_length=60)
    valeur_unitaire: pl.Int64 = montant("Valeur unitaire", optional=True)
    lot: pl.String = texte("Lot", optional=True, max_length=60)


class LotsCession(Schema):
    """One batch that left the Métropole's inventory, with its deed."""

    lot: pl.String = texte("Lot", max_length=60)
    date: pl.Date = jour("Date")
    ordinateurs: pl.Int64 = entier("Ordinateurs")
    ecrans: pl.Int64 = entier("Écrans")
    reference: pl.String = texte("Référence de l’acte", optional=True)


class Conservation(Schema):
    """How long the past of one dataset is kept, decided with the data protection officer."""

    dataset: pl.String = texte(
        "Jeu de données", pattern=r"[a-z0-9_]+", help="Par exemple « materiel ».", names="dataset"
    )
    duree_mois: pl.Int64 = entier(
        "Durée en mois", at_least=1, help="Au-delà, les versions remplacées et les fichiers déposés sont supprimés."
    )
    decision: pl.String = texte("Décision", help=_DECISION)


# --- The datasets of the project lead, with what is judged on their rows ---------------------------


_ONE_ROW = {
    "objectifs": "Une ligne par nombre à atteindre, à une date, pour une expérimentation ou pour tout le programme.",
    "valeurs_depart": "Une ligne par chiffre relevé avant le début, pour mesurer le chemin parcouru.",
    "periodes": "Une ligne par trimestre ou par mois à déclarer, avec le jour où les chiffres sont attendus.",
    "dates_experimentations": "Une ligne par expérimentation : son premier et son dernier jour.",
    "seuils": "Une ligne par immeuble : le minimum de foyers favorables, en part ou en nombre.",
    "cles": "Une ligne par part d’une ligne de subvention confiée à une expérimentation, avec sa décision.",
    "conventions": "Une ligne par association : la convention signée, et les numéros qui identifient l’association.",
    "versements": "Une ligne par somme versée sur une ligne de subvention.",
    "pieces": "Une ligne par document dû par une association pour un exercice, avec le jour où il est arrivé.",
    "autorisations": "Une ligne par tableau qu’une association peut remplir là où elle ne mène pas d’expérimentation.",
    "annexe_materiel": "Une ligne par machine de l’annexe à la délibération, telle que la Métropole la décrit.",
    "lots_cession": "Une ligne par lot sorti de l’inventaire de la Métropole, avec son acte.",
    "conservation": "Une ligne par tableau : combien de temps son passé est gardé, avec la décision.",
}


def _held(
    code: str, title: str, model: Any, *key: str, rules: tuple[Rule, ...] = (), date: str | None = None
) -> Dataset:
    return Dataset(
        code=code,
        title=title,
        schema=model,
        key=key,
        description=_ONE_ROW[code],
        place=None,
        programme_wide=True,
        date=date,
        rules=rules,
        optional=True,
    )


_ENDS_AFTER = stop(
    "fin_avant_debut",
    ("fin", "debut"),
    pl.col("fin") < pl.col("debut"),
    "une fin le même jour que le début, ou après",
    "Corrigez l’une des deux dates.",
)


def _outside_its_code() -> pl.Expr:
    """True where the days go beyond the quarter or the month that the code names."""
    year = pl.col("code").str.slice(0, 4).cast(pl.Int32, strict=False)
    quarter = pl.col("code").str.extract(r"-T([1-4])$").cast(pl.Int32, strict=False)
    month = pl.col("code").str.extract(r"-(\d{2})$").cast(pl.Int32, strict=False)
    first = pl.coalesce(quarter * 3 - 2, month)
    last = pl.coalesce(quarter * 3, month)
    start, end = pl.col("debut"), pl.col("fin")
    return (start.dt.year() != year) | (end.dt.year() != year) | (start.dt.month() < first) | (end.dt.month() > last)


_PAYMENT = (
    stop(
        "montant_nul",
        ("montant", "reference"),
        pl.col("montant") == 0,
        "une somme",
        "Écrivez la somme versée ; si rien n’est versé, retirez la ligne.",
    ),
    stop(
        "signe_du_montant",
        ("montant", "nature"),
        ((pl.col("nature") == REPAYMENT) & (pl.col("montant") > 0))
        | ((pl.col("nature") != REPAYMENT) & (pl.col("montant") < 0)),
        "le signe moins pour un reversement, et pour lui seul",
        "Un reversement est rendu à la Métropole : écrivez-le par exemple −500 €. Un versement s’écrit sans signe.",
    ),
    stop(
        "versement_avant_le_vote",
        ("date", "reference"),
        pl.col("date") < ACT.session,
        f"le {french.day(ACT.session)} ou après : la délibération qui accorde la somme est de ce jour",
        "Corrigez la date du mandat.",
    ),
)
_ANNEX = (
    warn(
        "valeur_superieure_a_300",
        ("valeur_unitaire",),
        pl.col("valeur_unitaire") > EQUIPMENT.unit_value_ceiling_cents,
        CEILING_RULE,
        "Vérifiez la valeur ; si elle est exacte, retirez la machine de la cession.",
        Hand.COMMITTEE,
    ),
)
_SHARE = warn(
    "part_sous_un",
    ("part",),
    (pl.col("part") > 0) & (pl.col("part") < 1),
    "une part sur cent : 60 pour 60 %",
    "S’il s’agit de 60 %, écrivez 60 et non 0,6.",
    Hand.LEAD,
)
_THRESHOLD = (
    _SHARE,
    stop(
        "seuil_sans_valeur",
        ("part", "nombre"),
        blank("part") & blank("nombre"),
        "une part des logements, ou un nombre de logements",
        "Remplissez l’une des deux colonnes.",
    ),
    stop(
        "seuil_double",
        ("nombre", "part"),
        pl.col("part").is_not_null() & pl.col("nombre").is_not_null(),
        "une seule des deux colonnes",
        "Gardez la part ou le nombre, selon la décision.",
    ),
)
# A line that names its experiments is divided among them only; one that names a single one is not divided.
_NAMING = {code: line.experiments for code, line in LINES.items() if line.experiments}
_DIVIDED = [f"{code} {one}" for code, named in _NAMING.items() if len(named) > 1 for one in named]
_KEY = (
    _SHARE,
    stop(
        "cle_hors_ligne",
        ("experience", "ligne"),
        pl.col("ligne").is_in(list(_NAMING)) & ~pl.concat_str("ligne", "experience", separator=" ").is_in(_DIVIDED),
        "une expérimentation que la ligne couvre avec d’autres",
        "Corrigez l’expérimentation ou la ligne : une ligne votée pour une seule expérimentation ne se répartit pas.",
    ),
)
_PERIOD = (
    _ENDS_AFTER,
    stop(
        "dates_hors_periode",
        ("code", "debut", "fin"),
        _outside_its_code(),
        "des dates qui tombent dans le trimestre ou le mois que dit le code",
        "Corrigez le code, ou les dates : 2021-T3 va du 1er juillet au 30 septembre 2021.",
    ),
    warn(
        "echeance_avant_la_fin",
        ("echeance", "fin"),
        pl.col("echeance") < pl.col("fin"),
        "une échéance après la fin de la période",
        "Vérifiez l’échéance : un relevé ne peut être complet avant la fin de sa période.",
        Hand.LEAD,
    ),
)

OBJECTIFS = _held("objectifs", "Objectifs", Objectifs, "experience", "indicateur", "echeance")
VALEURS_DEPART = _held("valeurs_depart", "Valeurs de départ", ValeursDepart, "experience", "indicateur")
PERIODES = _held("periodes", "Périodes et échéances", Periodes, "code", rules=_PERIOD)
DATES_EXPERIMENTATIONS = _held(
    "dates_experimentations",
    "Début et fin des expérimentations",
    DatesExperimentations,
    "experience",
    rules=(_ENDS_AFTER,),
)
SEUILS = _held("seuils", "Seuils d’accord", Seuils, "association", "code_immeuble", rules=_THRESHOLD)
CLES = _held("cles", "Clés de répartition", Cles, "ligne", "experience", rules=_KEY)
CONVENTIONS = _held("conventions", "Conventions signées", Conventions, "association")
VERSEMENTS = _held("versements", "Versements", Versements, "reference", rules=_PAYMENT, date="date")
PIECES = _held("pieces", "Pièces attendues et reçues", Pieces, "association", "ligne", "type", "exercice")
AUTORISATIONS = _held("autorisations", "Autorisations", Autorisations, "association", "dataset", "lieu")
ANNEXE_MATERIEL = _held("annexe_materiel", "Annexe du matériel", AnnexeMateriel, "numero_inventaire", rules=_ANNEX)
LOTS_CESSION = _held("lots_cession", "Lots de cession", LotsCession, "lot", date="date")
CONSERVATION = _held("conservation", "Durées de conservation", Conservation, "dataset")

DATASETS = (
    OBJECTIFS,
    VALEURS_DEPART,
    PERIODES,
    DATES_EXPERIMENTATIONS,
    SEUILS,
    CLES,
    CONVENTIONS,
    VERSEMENTS,
    PIECES,
    AUTORISATIONS,
    ANNEXE_MATERIEL,
    LOTS_CESSION,
    CONSERVATION,
)
