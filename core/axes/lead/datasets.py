"""The datasets of the project lead, with what is judged on their rows."""

from __future__ import annotations

from typing import Any

import polars as pl

from core.axes.judging import blank, stop, warn
from core.axes.lead import schema
from core.deliberation import LINES
from core.domain.dataset import Dataset, Rule

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


def _ends_after(start: str, end: str) -> Rule:
    return stop(
        "fin_avant_debut",
        (end, start),
        pl.col(end) < pl.col(start),
        "une fin le même jour que le début, ou après",
        "Corrigez l’une des deux dates.",
    )


_THRESHOLD = (
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
    stop(
        "cle_hors_ligne",
        ("experience", "ligne"),
        pl.col("ligne").is_in(list(_NAMING)) & ~pl.concat_str("ligne", "experience", separator=" ").is_in(_DIVIDED),
        "une expérimentation que la ligne couvre avec d’autres",
        "Corrigez l’expérimentation ou la ligne : une ligne votée pour une seule expérimentation ne se répartit pas.",
    ),
)
_PERIOD = (
    _ends_after("debut", "fin"),
    warn(
        "echeance_avant_la_fin",
        ("echeance", "fin"),
        pl.col("echeance") < pl.col("fin"),
        "une échéance après la fin de la période",
        "Vérifiez l’échéance : un relevé ne peut être complet avant la fin de sa période.",
    ),
)

OBJECTIFS = _held("objectifs", "Objectifs", schema.Objectifs, "experience", "indicateur", "echeance")
VALEURS_DEPART = _held("valeurs_depart", "Valeurs de départ", schema.ValeursDepart, "experience", "indicateur")
PERIODES = _held("periodes", "Périodes et échéances", schema.Periodes, "code", rules=_PERIOD)
DATES_EXPERIMENTATIONS = _held(
    "dates_experimentations",
    "Début et fin des expérimentations",
    schema.DatesExperimentations,
    "experience",
    rules=(_ends_after("debut", "fin"),),
)
SEUILS = _held("seuils", "Seuils d’accord", schema.Seuils, "association", "code_immeuble", rules=_THRESHOLD)
CLES = _held("cles", "Clés de répartition", schema.Cles, "ligne", "experience", rules=_KEY)
CONVENTIONS = _held("conventions", "Conventions signées", schema.Conventions, "association")
VERSEMENTS = _held("versements", "Versements", schema.Versements, "reference", date="date")
PIECES = _held("pieces", "Pièces attendues et reçues", schema.Pieces, "association", "ligne", "type", "exercice")
AUTORISATIONS = _held("autorisations", "Autorisations", schema.Autorisations, "association", "dataset", "lieu")
ANNEXE_MATERIEL = _held("annexe_materiel", "Annexe du matériel", schema.AnnexeMateriel, "numero_inventaire")
LOTS_CESSION = _held("lots_cession", "Lots de cession", schema.LotsCession, "lot", date="date")
CONSERVATION = _held("conservation", "Durées de conservation", schema.Conservation, "dataset")

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
